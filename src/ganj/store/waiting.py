"""What loads say to tables, told to them when somebody asks.

A load says a little to a dozen tables, and each saying costs a millisecond however little it is.  So a load says all of
it in one row of the table ``waiting``, in the transaction that notes how far the log was read; whoever reads the
tables next, or changes them, first has what waits put where it belongs, of many loads at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import duckdb
import msgspec
import pyarrow as pa

from ganj.store.sql import query

MOST = 4 << 20
"""Bytes of what waits, from which a load tells the tables itself."""
Said = tuple[str, pa.Table]
"""Rows, and what is done with them: a name of `DOING`."""

DOING = {
    "names": ("new_collected_names",),
    "products": ("new_collected_products",),
    "orders": ("new_collected_orders",),
    "properties": ("new_collected_properties",),
    "demoted": ("demoted_collected",),
    "linked": ("new_linked", "seen_linked"),
    "founded": ("new_founded",),
    "merges": ("new_merges",),
    "undone": ("undone_merges",),
    "moved": ("no_more_moved", "new_moved"),
    "displaced": ("no_more_displaced", "new_displaced"),
    "schema": ("new_schema",),
    "seen": ("seen_schema",),
    "tallies": ("new_tallies",),
    "positions": ("read_log_files", "new_log_files"),
    "whole": ("whole_log_files",),
    "files": ("new_fresh_files",),
    "gone": ("gone_fresh_files",),
}
"""The queries by which rows are put into tables, in the order in which it is done."""


class Waiting:
    """The rows of loads that tables do not have yet.

    Parameters
    ----------
    change : lends a cursor in a transaction
    """

    def __init__(self, change: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]) -> None:
        self._change = change
        self._turn = threading.RLock()
        self._loading = False
        self.loads = 0
        """How many wait, or more."""
        self.times = 0
        """How often the tables were told everything."""
        self._size = 0

    @contextmanager
    def loading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor in a transaction, for the length of which others do not put what waits into tables."""
        with self._turn:
            self._loading = True
            try:
                with self._change() as cursor:
                    yield cursor
            finally:
                self._loading = False

    def say(self, cursor: duckdb.DuckDBPyConnection, said: list[Said]) -> None:
        """Let what a load says wait; within its transaction."""
        self.loads += 1
        packed = _packed(said)
        self._size += len(packed)
        cursor.execute(query("new_waiting"), {"load": self.loads, "said": packed})

    @property
    def much(self) -> bool:
        """Tell whether so much waits that who asks for it would hold up a load for long."""
        return self._size >= MOST

    def put(self, cursor: duckdb.DuckDBPyConnection, said: list[Said]) -> None:
        """Put everything that waits, and what is said further, into the tables; within a transaction."""
        rows = cursor.execute(query("waiting")).fetchall()
        _put(cursor, [*(one for (packed,) in rows for one in _unpacked(packed)), *said])
        if rows:
            cursor.execute(query("nothing_waiting"))
        self.times += 1
        self._size = 0

    def settle(self) -> None:
        """Put everything that waits into the tables; a load that is under way is waited for."""
        if not self.loads:
            return
        with self._turn:
            if self._loading:  # the load itself asks: it knows what it has said
                return
            before = self.times
            try:
                with self._change() as cursor:
                    self.put(cursor, [])
            except BaseException:
                self.times = before
                raise
            self.loads = 0


def _put(cursor: duckdb.DuckDBPyConnection, said: list[Said]) -> None:
    tables: dict[str, list[pa.Table]] = {}
    for name, table in said:
        tables.setdefault(name, []).append(table)
    for name, queries in DOING.items():
        if name in tables:
            cursor.register("told", pa.concat_tables(tables[name], promote_options="permissive"))
            for one in queries:
                cursor.execute(query(one))


def _packed(said: list[Said]) -> bytes:
    return msgspec.msgpack.encode([(name, _stream(table)) for name, table in said])


_PLAINLY = pa.ipc.IpcWriteOptions()
"""As it is anyway; said once, it need not be looked for in the environment with each table."""


def _stream(table: pa.Table) -> memoryview:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_PLAINLY) as writer:
        writer.write_table(table)
    return memoryview(sink.getvalue())


_decode = msgspec.msgpack.Decoder(list[tuple[str, bytes]]).decode


def _unpacked(packed: bytes) -> list[Said]:
    return [(name, pa.ipc.open_stream(stream).read_all()) for name, stream in _decode(packed)]
