"""Asks the sandbox: exports what a query may see, starts the process, watches it."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ganj.store.derived import Derived
from ganj.store.errors import BadQuery, QueryTooHeavy
from ganj.store.folder import Folder, room
from ganj.store.reading import Snapshot
from ganj.store.runs import schema
from ganj.store.sandbox import BAD, HEAVY, Question
from ganj.text import same

SECONDS, MEGABYTES = 30, 1_024
"""What a query may take."""

MOST_COLUMNS = 200
"""Traits that become columns of ``customers``; beyond, the names that come first."""


class Asking:
    """Queries over one workspace.  What they see is exported once for each state of the data."""

    def __init__(self, folder: Folder, derived: Derived) -> None:
        self._folder, self._derived = folder, derived
        self._exported: tuple[Snapshot, dict[str, str]] | None = None
        self._lock = threading.Lock()

    def ask(self, text: str, limit: int, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> pa.Table:
        """Return the first rows of an answer.

        Raises
        ------
        BadQuery
            It is no query that can be answered.
        QueryTooHeavy
            It took too long or too much memory.
        """
        snapshot, tables = self._export()
        events = [str(run.path) for run in snapshot.runs] + [tables["fresh"]]
        asked = Question(text, limit, megabytes, {k: v for k, v in tables.items() if k != "fresh"}, events)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "ganj.store.sandbox"],
                input=msgspec.json.encode(asked),
                capture_output=True,
                timeout=seconds,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as why:
            raise QueryTooHeavy(seconds=seconds, megabytes=megabytes) from why
        if done.returncode == BAD:
            raise BadQuery(why=same(said(done.stderr)))
        if done.returncode == HEAVY or done.returncode < 0 or b"alloc" in done.stderr:
            raise QueryTooHeavy(seconds=seconds, megabytes=megabytes)
        done.check_returncode()
        return pa.ipc.open_stream(done.stdout).read_all()

    def _export(self) -> tuple[Snapshot, dict[str, str]]:
        with self._lock:
            snapshot = self._derived.snapshot
            if self._exported is None or self._exported[0] is not snapshot:
                self._exported = (snapshot, self._written(snapshot))
            return self._exported

    def _written(self, snapshot: Snapshot) -> dict[str, str]:
        folder = self._folder.scratch / "views"
        folder.mkdir(exist_ok=True)
        read = self._derived.database.table
        tables = {
            "names": read("stored_names"),
            "products": read("stored_products"),
            "orders": read("stored_orders"),
            "customers": customers(read("stored_customers"), snapshot),
            "fresh": pa.concat_tables([schema(snapshot.promoted).empty_table(), *snapshot.fresh.values()]),
        }
        moved, replaced = read("moved"), read("replaced").select(["message_id"])
        if len(moved) or len(replaced):
            tables |= {"moved": moved, "replaced": replaced}
        paths = {}
        with room(self._folder.scratch):
            for name, table in tables.items():
                paths[name] = str(folder / f"{name}.parquet")
                pq.write_table(table, paths[name])
        return paths


def said(stderr: bytes) -> str:
    """Return the engine's finding without the name of its kind."""
    return stderr.decode(errors="replace").partition(" Error: ")[2] or stderr.decode(errors="replace")


def customers(known: pa.Table, snapshot: Snapshot) -> pa.Table:
    """Lay identifiers and traits out as columns, one row a customer."""
    columns: dict[str, Any] = {name: known[name] for name in known.column_names}
    for name in list(snapshot.traits())[:MOST_COLUMNS]:
        told = snapshot.trait(name)
        at = pc.index_in(known["customer"], value_set=told["customer"].combine_chunks())
        columns[name if name not in columns else f"{name} (trait)"] = pc.take(
            told["value"].combine_chunks(), at
        )
    return pa.table(columns)
