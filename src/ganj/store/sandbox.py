"""Answers one read-only query in a process of its own: ``python -m ganj.store.sandbox``.

The question comes as JSON on the standard input, the answer goes as an Arrow stream to the standard
output.  The engine here may open no file at all: what it reads is handed to it as Arrow datasets that
Python opens.  The process may hold only so much memory and write to nothing; the asker watches its time.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import msgspec
import pyarrow as pa

from ganj.store.pandasless import without_pandas
from ganj.store.sql import query

BAD, HEAVY = 2, 3
"""Exit codes: the query is wrong; the query is too big."""

SETTINGS: dict[str, Any] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "allow_community_extensions": False,
    "threads": 2,
    "temp_directory": "",
}


class Question(msgspec.Struct):
    """A query and what it may see and take.

    ``tables`` are exported dictionaries by name, ``moved`` and ``replaced`` among them where events do not
    belong where they lie; ``events`` the files of events, the fresh ones last; ``megabytes`` what the process
    may hold beyond what it takes to start.
    """

    query: str
    limit: int
    megabytes: int
    tables: dict[str, str]
    events: list[str]


def main() -> None:
    """Read the question, answer it."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Question)
    con = opened(asked)
    _confine(asked.megabytes)
    try:
        answer(con, asked)
    except (MemoryError, pa.ArrowMemoryError, duckdb.OutOfMemoryException) as why:
        _end(HEAVY, str(why))
    except (duckdb.Error, pa.ArrowException) as why:
        heavy = "bad_alloc" in str(why) or "allocate" in str(why)
        _end(HEAVY if heavy else BAD, str(why))
    con.close()


def opened(asked: Question) -> duckdb.DuckDBPyConnection:
    """Return an engine that knows the views and can open nothing else."""
    import pyarrow.dataset as ds  # it looks for pandas as it is imported

    con = duckdb.connect(":memory:", config={**SETTINGS, "memory_limit": f"{asked.megabytes * 3 // 4}MB"})
    for name, path in asked.tables.items():
        con.register(f"stored_{name}", ds.dataset(path))
    con.register("stored_events", ds.dataset(asked.events))
    if "moved" in asked.tables:
        con.register("stored_runs", ds.dataset(asked.events[:-1], schema=ds.dataset(asked.events).schema))
        con.register("stored_fresh", ds.dataset(asked.events[-1]))
    con.execute(query("events_now" if "moved" in asked.tables else "events_as_stored"))
    con.execute(query("views"))
    con.execute("set lock_configuration = true")
    return con


def _confine(megabytes: int) -> None:
    """Take away from this process what a query has no need of."""
    gc.collect()
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    most = held + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(con: duckdb.DuckDBPyConnection, asked: Question) -> None:
    """Write the first rows of the answer to the standard output."""
    statements = con.extract_statements(asked.query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        _end(BAD, "only one SELECT can be asked")
    relation = con.sql(asked.query)
    rows = relation.limit(asked.limit).to_arrow_table()
    with pa.ipc.new_stream(sys.stdout.buffer, rows.schema) as out:
        out.write_table(rows)
    sys.stdout.buffer.flush()


def _end(code: int, why: str) -> NoReturn:
    sys.stderr.write(why)
    sys.stderr.flush()
    os._exit(code)  # nothing of a process out of memory can be trusted to shut down


if __name__ == "__main__":  # who asks imports the shape of a question from here, and may want pandas
    with without_pandas():
        main()
