"""Moves fresh events into sealed runs, and makes one run of many.

Inside one transaction: files are written and synced first, then the manifest names them and the fresh
rows go.  A crash before the commit leaves files that nothing names, which the next open removes.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ganj.store.database import query
from ganj.store.folder import sync
from ganj.store.runs import Sealed, seal, together
from ganj.store.shaping import shaped

MOST_RUNS = 4
"""A bucket with more runs than these is made one run."""


class Sealing:
    """Everything unsealed of a workspace becoming runs, with a cursor that is inside a transaction.

    Attributes
    ----------
    written : files that are there whether or not the transaction is committed
    merged : names of the runs that the manifest names no more
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, runs: Path) -> None:
        self._cursor, self._folder = cursor, runs
        self.written: list[Path] = []
        self.merged: list[str] = []

    def run(self) -> None:
        """Seal every bucket that has something unsealed; ``arriving`` counts as fresh."""
        properties = self._number_of_properties()
        manifest = self._manifest()
        for (bucket,) in self._rows("unsealed_buckets"):
            self._seal(bucket, manifest.get(bucket, []), properties)
        sync(self._folder)
        for name in ("no_fresh", "no_fresh_lines", "no_replaced"):
            self._cursor.execute(query(name))

    def discard(self) -> None:
        """Remove what was written: the transaction failed."""
        for path in self.written:
            path.unlink(missing_ok=True)

    def _rows(self, name: str, **given: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._cursor.execute(query(name), given).fetchall()
        return found

    def _number_of_properties(self) -> int:
        return int(self._rows("next_property")[0][0])

    def _manifest(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for file, bucket in self._rows("run_buckets"):
            found.setdefault(bucket, []).append(file)
        return found

    def _seal(self, bucket: int, files: list[str], properties: int) -> None:
        replaced = self._table("replaced_ids", bucket=bucket)["message_id"]
        fresh = self._table("bucket_rows", bucket=bucket)
        lines = self._table("bucket_lines", bucket=bucket)
        parts = [shaped(fresh, lines, properties)] if len(fresh) else []
        if len(files) >= MOST_RUNS or len(replaced):
            parts += [without(whole(self._folder / file), replaced) for file in files]
            self._forget(files)
        parts = [part for part in parts if len(part)]
        if parts:
            self.add(bucket, together(parts, properties))

    def add(self, bucket: int, events: pa.Table) -> None:
        """Seal one bucket's events, in order, as a run of the manifest."""
        self._name(seal(self._folder, bucket, events, self.written))

    def _table(self, name: str, **given: Any) -> pa.Table:
        return self._cursor.sql(query(name), params=given).to_arrow_table()

    def _name(self, sealed: Sealed) -> None:
        self._cursor.execute(query("new_run"), dataclasses.asdict(sealed))

    def _forget(self, files: list[str]) -> None:
        self.merged += files
        self._cursor.execute(query("forgotten_runs"), {"files": files})


def whole(path: Path) -> pa.Table:
    """Read all of a run."""
    return pq.read_table(path, use_threads=False)


def without(events: pa.Table, replaced: pa.ChunkedArray) -> pa.Table:
    """Leave out the events whose orders have grown since."""
    if not len(replaced) or not len(events):
        return events
    gone = pc.is_in(plain(events["message_id"]), value_set=plain(replaced).combine_chunks())
    return events.filter(pc.invert(gone))


def plain(identities: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 128-bit identities as the 16 bytes they are stored in."""
    kind = pa.binary(16)
    return pa.chunked_array(
        [chunk.cast(kind) if chunk.type == kind else chunk.storage for chunk in identities.chunks], kind
    )
