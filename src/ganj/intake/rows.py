"""Reading a plan: a stream of rows for the store, in bounded memory."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.events import FREE, ORDER, ROWS
from ganj.intake import ready
from ganj.intake.kinds import kind_named
from ganj.intake.limits import LIMITS, Limits
from ganj.intake.lookups import beside
from ganj.intake.plan import Plan, Source, Table
from ganj.intake.reading import cells
from ganj.intake.rejects import Rejects
from ganj.intake.typed import Typed

MOST = 1 << 16  # rows worked on at a time
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "400MB",
    "enable_external_access": False,
}

Progress = Callable[[float], None]


def rows(
    plan: Plan, files: Sequence[Path], *, progress: Progress, rejects: Rejects, limits: Limits = LIMITS
) -> Iterator[pa.RecordBatch]:
    """Read the files of a plan into `ganj.events.ROWS`.

    Parameters
    ----------
    files
        The plan's files, in its order, wherever they lie now.
    progress
        Called with the share of the bytes gone through.
    rejects
        Takes the rows that are set aside, with their reasons.

    Raises
    ------
    BadFile
        A file turns out to be damaged or crafted further on.
    """
    reading = _Reading(plan, files, rejects, progress, limits)
    try:
        for table in plan.tables:
            yield from reading.ready(table) if table.kind == ready.KIND else reading.table(table)
    finally:
        rejects.close()
    progress(1.0)


class _Reading:
    """How far a plan is read: rows so far, and bytes gone through of all there are."""

    def __init__(
        self, plan: Plan, files: Sequence[Path], rejects: Rejects, progress: Progress, limits: Limits
    ) -> None:
        self.files, self.rejects, self.progress, self.limits = files, rejects, progress, limits
        self.total = sum(source.found.size for table in plan.tables for source in table.sources) or 1
        self.first = self.done = 0

    def ready(self, table: Table) -> Iterator[pa.RecordBatch]:
        """Yield rows that need no reading."""
        for source in table.sources:
            for batch in ready.batches(self.files[source.found.file], source, self.first, self.limits):
                yield batch
                self.first += len(batch)
            self._past(source)

    def table(self, table: Table) -> Iterator[pa.RecordBatch]:
        """Yield the rows of one table."""
        self.rejects.begin(table.columns)
        with contextlib.closing(_Asked(Typed(table))) as asked:
            for source in table.sources:
                for batch in self._batches(table, source):
                    yield from asked.rows(batch, self.first, self.rejects)
                    self.first += len(batch)
                self._past(source)
            yield from asked.rest()

    def _batches(self, table: Table, source: Source) -> Iterator[pa.RecordBatch]:
        join = beside(table, self.files, self.limits)
        read = cells(self.files[source.found.file], source, self.rejects.ragged, self._told, self.limits)
        with contextlib.closing(read) as batches:
            for batch in batches:
                for start in range(0, len(batch), MOST):
                    yield join(batch.slice(start, MOST))

    def _told(self, count: int) -> None:
        self.progress(min((self.done + count) / self.total, 1.0))

    def _past(self, source: Source) -> None:
        self.done += source.found.size
        self._told(0)


class _Asked:
    """One table's query over batch after batch, and the free lines whose order is not yet known to be paid."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.query = kind_named(typed.table.kind).query
        self.orders = typed.table.kind == "orders"
        self.connection = duckdb.connect(config=SETTINGS)
        self.paid: list[np.ndarray] = []
        self.free: list[pa.RecordBatch] = []

    def rows(self, batch: pa.RecordBatch, first: int, rejects: Rejects) -> Iterator[pa.RecordBatch]:
        """Yield the rows of one batch of cells."""
        columns, reasons = self.typed.of(batch, first)
        rejects.take(batch, reasons, self.typed.table.mapping)
        good = columns if reasons.null_count == len(reasons) else columns.filter(pc.is_null(reasons))
        if len(good) == 0:
            return
        self.connection.register("t", good)
        found = self.connection.sql(self.query).to_arrow_table()
        self.connection.unregister("t")
        for part in as_rows(found).to_batches():
            yield from self._settled(part) if self.orders else [part]

    def _settled(self, part: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Hold back free lines: one paid line anywhere in the file makes theirs a paid order."""
        free = pc.equal(part["event"], FREE)
        paid = part.filter(pc.equal(part["event"], ORDER))
        self.paid.append(np.unique(hashes(paid["order"])))
        if pc.any(free).as_py():
            self.free.append(part.filter(free))
            part = part.filter(pc.invert(free))
        if len(part):
            yield part

    def rest(self) -> Iterator[pa.RecordBatch]:
        """Yield the lines held back."""
        if self.free:
            paid = np.unique(np.concatenate(self.paid))
            for part in self.free:
                sold = pa.array(np.isin(hashes(part["order"]), paid))
                known = pc.and_(sold, pc.is_valid(part["order"]))
                event = pc.if_else(known, ORDER, FREE)
                yield part.set_column(2, ROWS.field("event"), event)

    def close(self) -> None:
        """Let the query's connection go."""
        self.connection.close()


def hashes(orders: pa.Array) -> np.ndarray:
    """Return a number for each different order; uint64[n]: eight bytes, whatever orders are called."""
    coded = orders.dictionary_encode()
    known = np.fromiter(
        (hash(text) for text in coded.dictionary.to_pylist()), np.int64, len(coded.dictionary)
    )
    return (
        known[np.asarray(pc.fill_null(coded.indices, 0))] if len(known) else np.zeros(len(orders), np.int64)
    )


def as_rows(found: pa.Table) -> pa.Table:
    """Return a query's answer under the schema of rows."""
    columns = [found[field.name].cast(field.type) for field in ROWS]
    return pa.Table.from_arrays(columns, schema=ROWS)


def first_rows(plan: Plan, files: Sequence[Path], count: int) -> pa.Table:
    """Return the first rows of a plan, for showing."""
    batches = rows(plan, files, progress=lambda _: None, rejects=Rejects(None))
    return pa.Table.from_batches(list(islice(batches, 1)), ROWS).slice(0, count)
