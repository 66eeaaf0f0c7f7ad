"""The derived database: one DuckDB file, many readers on threads, one writer at a time.

A reader takes a cursor of its own (a cursor with an open result refuses other statements).  When the
whole file is exchanged after a rebuild, readers are waited for and new ones wait.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ganj.errors import DiskFull
from ganj.store.folder import room
from ganj.store.sql import query
from ganj.store.waiting import Waiting

SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # a table is never a variable of the program
    "arrow_lossless_conversion": True,  # 128-bit numbers stay 16 bytes
    "checkpoint_threshold": "256MB",  # a safeguard: the store does it itself when no fresh rows have to be packed
}

PATIENCE, MENDING = 60.0, 5.0
"""Seconds that closing waits for those who are reading, and opening anew after an error."""


class Database:
    """A DuckDB file and who is reading it.

    Parameters
    ----------
    path : the file; made with its tables if there is none
    scratch : where large work spills to
    memory : how much work in progress may hold, as DuckDB writes sizes
    threads : threads of one query
    """

    def __init__(self, path: Path, scratch: Path, memory: str, threads: int) -> None:
        self.path = path
        self._config: dict[str, Any] = {
            **SETTINGS,
            "temp_directory": str(scratch),
            "memory_limit": memory,
            "threads": threads,
        }
        self.generation = 0
        """How often another file was put in this one's place: numbers of one are not those of another."""
        self._readers = 0
        self._held = threading.local()
        self._turn = threading.Condition()
        self.waiting = Waiting(self._changing)
        self._open()

    def _open(self) -> None:
        self._con = duckdb.connect(self.path, config=self._config)
        try:
            self._con.execute(query("schema"))
            self.waiting.loads = int(self._con.execute(query("loads_waiting")).fetchall()[0][0])
        except BaseException:
            self._con.close()
            raise

    def close(self) -> None:
        """Close the file, when no one is reading; what was committed is in it."""
        with suppress(duckdb.Error):  # what cannot be told to the tables now waits for another time
            self.waiting.settle()
        with self._turn:
            self._turn.wait_for(lambda: self._readers == 0, PATIENCE)
            self._con.close()

    def checkpoint(self) -> None:
        """Bring everything committed into the one file, leaving no side file."""
        with self.cursor() as cursor:
            cursor.execute("checkpoint")

    def settle(self) -> None:
        """Bring everything committed into the one file if nobody is in its way; otherwise another time will do."""
        with suppress(duckdb.TransactionException):
            self.checkpoint()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor of one's own, which sees everything that loads brought."""
        self._settle()
        with self._lent() as cursor:
            yield cursor

    def _settle(self) -> None:
        """Have the tables told what waits to be told to them.

        Raises
        ------
        DiskFull
            It keeps waiting.
        """
        if self.waiting.loads:
            try:
                with room(self.path.parent):
                    self.waiting.settle()
            except DiskFull:
                self._mend()
                raise

    def _mend(self) -> None:
        """Open the file again if it refuses all work, unless somebody keeps reading it: another time will do then."""
        try:
            self.alive()
        except duckdb.Error:
            with self._turn:
                if self._turn.wait_for(lambda: self._readers == 0, MENDING):
                    self._con.close()
                    self._open()

    @contextmanager
    def _lent(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._turn:
            cursor = self._con.cursor()
            self._readers += 1
        try:
            try:
                yield cursor
            finally:
                cursor.close()
        finally:
            with self._turn:
                self._readers -= 1
                self._turn.notify_all()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Let everything that this thread reads within be as of one moment, whatever is changed beside it.

        What waits to be told to the tables keeps waiting.
        """
        with self._lent() as cursor:
            cursor.execute("begin transaction")
            self._held.cursor = cursor
            try:
                yield
            finally:
                self._held.cursor = None
                cursor.execute("commit")

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        held = getattr(self._held, "cursor", None)
        if held is not None:
            yield held
            return
        with self.cursor() as cursor:
            yield cursor

    @contextmanager
    def change(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor in one transaction: everything done with it is there afterwards, or nothing."""
        self._settle()
        with self._changing() as cursor:
            yield cursor

    @contextmanager
    def _changing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._lent() as cursor:
            cursor.execute("begin transaction")
            try:
                yield cursor
                cursor.execute("commit")
            except BaseException:
                _roll_back(cursor)
                raise

    def reopen(self) -> None:
        """Open the file again after an error that made DuckDB refuse all work, such as a full disk."""
        self.replace(None)

    def replace(self, other: Path | None) -> None:
        """Put another file in this one's place, when no one is reading."""
        with self._turn:
            self._turn.wait_for(lambda: self._readers == 0)
            self._con.close()
            if other is not None:
                other.replace(self.path)
                self.generation += 1
            self._open()

    def alive(self) -> None:
        """Ask for nothing, so that an error that lasts shows itself."""
        with self._lent() as cursor:
            cursor.execute(query("alive"))

    def rows(self, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
        """Answer a query as tuples."""
        with self._reading() as cursor:
            found: list[tuple[Any, ...]] = cursor.execute(query(name), given).fetchall()
            return found

    def table(self, name: str, /, **given: Any) -> pa.Table:
        """Answer a query as Arrow."""
        with self._reading() as cursor:
            return cursor.sql(query(name), params=given).to_arrow_table()


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("rollback")
    except duckdb.Error:  # nothing to roll back: the failure ended the transaction
        return
