"""Runs a miner on this machine's cores, bucket by bucket.

A bucket holds whole customers, so no part depends on another.  Buckets are read and scanned side by
side on a few threads (readers and kernels let go of the interpreter lock) and their states are merged
in bucket order as they come, whatever the order in which threads finish: the same data and parameters
give the same bytes, and at most a few buckets are in memory at once.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from ganj.filters import Filter, widened
from ganj.histories import Array, Histories
from ganj.miner import Column, Miner, Reads, Report, Scores

Between = tuple[int | None, int | None]
T = TypeVar("T")


class Source(Protocol):
    """What a miner's histories are read from: a store, or a folder of sealed runs."""

    @property
    def buckets(self) -> int:
        """Count the parts; one more than the last bucket holds nobody's events."""

    def bucket(
        self, number: int, reads: Reads, between: Between, customers: Array | None
    ) -> Histories | None:
        """Read one part."""


class Run:
    """A miner on a source: the model and report of all customers, and scores of each.

    Parameters
    ----------
    miner : a resolved miner
    source : where histories are
    customers : int32[n] ascending, or None for everyone
    groups : int32[n] ascending by segment name, for the segments that the miner reads
    threads : how many buckets are read side by side; the number of cores if not given
    """

    def __init__(
        self,
        miner: Miner[Any, Any],
        source: Source,
        customers: Array | None = None,
        *,
        groups: Mapping[str, Array] | None = None,
        threads: int = 0,
    ) -> None:
        self.miner, self.source, self.customers = miner, source, customers
        self.groups = groups or {}
        self.threads = threads or os.cpu_count() or 1

    def model(self, progress: Callable[[float], None] = lambda _: None) -> Any:
        """Scan every part, merge what they found in order, learn once."""
        state = None
        for done, part in enumerate(self.each(self.miner.scan, self.miner.reads()), 1):
            state = part if state is None else self.miner.merge(state, part)
            progress(done / (self.source.buckets + 1))
        if state is None:
            state = self.miner.scan(nothing(self.miner.reads()))
        return self.miner.learn(state)

    def report(self, model: Any) -> Report:
        """Turn the model into what people see."""
        return self.miner.report(model)

    def scores(self, model: Any) -> pa.Table:
        """Score every customer; one row each, ascending, categories as their names."""
        parts = self.each(lambda h: self.miner.score(h, model), self.miner.reads())
        tables = [table(self.miner.scored, part) for part in parts if len(part.customer)]
        if not tables:
            return table(self.miner.scored, Scores(np.zeros(0, np.int32), {}))
        whole = pa.concat_tables(tables).unify_dictionaries()
        known = whole.filter(pa.compute.greater_equal(whole["customer"], 0))
        return known.sort_by("customer").combine_chunks()

    def rows(self, model: Any) -> Iterator[pa.Table]:
        """Yield what the miner says row by row, part by part in the order of the buckets."""
        for part in self.each(lambda h: self.miner.rows(h, model), self.miner.reads()):
            if part is not None and part.num_rows:
                yield part

    def each(self, work: Callable[[Histories], T], reads: Reads) -> Iterator[T]:
        """Do some work on every part, side by side; results come in the order of the buckets."""
        numbers = range(self.source.buckets + (1 if reads.nobody else 0))
        between, where = self.miner.window(), Filter.read(self.miner.where)
        whole = widened(reads, where.needs())

        def one(number: int) -> tuple[bool, T | None]:
            part = self.source.bucket(number, whole, between, self.customers)
            return (False, None) if part is None else (True, work(where.of(_grouped(part, self.groups))))

        for found, result in _in_order(one, numbers, self.threads):
            if found:
                yield result  # type: ignore[misc] # found says that it is a T


def _grouped(part: Histories, groups: Mapping[str, Array]) -> Histories:
    """Mark the members of some segments: trait ``segment:NAME``, float64[customers], 1 for members."""
    marks = {f"segment:{name}": np.isin(part.customer, of).astype(np.float64) for name, of in groups.items()}
    return replace(part, traits={**part.traits, **marks}) if marks else part


def _in_order(work: Callable[[int], T], numbers: range, threads: int) -> Iterator[T]:
    """Work on several numbers side by side and give the results in order, few at a time."""
    if threads == 1 or len(numbers) == 1:
        yield from map(work, numbers)
        return
    with ThreadPoolExecutor(threads, "bucket") as pool:
        waiting: deque[Future[T]] = deque()
        for number in numbers:
            waiting.append(pool.submit(work, number))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def nothing(reads: Reads) -> Histories:
    """Return histories of no customers, with the columns a miner reads."""
    kinds = {"time": np.int64, "amount": np.float64, "session": np.int64}
    columns = {name: np.zeros(0, kinds.get(name, np.int32)) for name in reads.columns}
    columns |= {f"property:{name}": np.zeros(0, np.int32) for name in reads.properties}
    columns |= {f"number:{name}": np.zeros(0) for name in reads.numbers}
    return Histories(np.zeros(0, np.int32), np.zeros(1, np.int64), columns)


def table(columns: tuple[Column, ...], scores: Scores) -> pa.Table:
    """Lay scores out as Arrow, a category as a dictionary of its names."""
    arrays: dict[str, Any] = {"customer": pa.array(np.asarray(scores.customer, np.int32))}
    for column in columns:
        values = scores.values.get(column.name)
        arrays[column.name] = _arrow(column, values, len(scores.customer))
    return pa.table(arrays)


def _arrow(column: Column, values: Any, rows: int) -> pa.Array:
    if values is None:
        values = (
            np.zeros(rows, np.int32) if column.unit != "list" else pa.array([[]] * rows, pa.list_(pa.int64()))
        )
    if isinstance(values, pa.Array):
        return values
    values = np.asarray(values)
    if column.choices and values.dtype.kind in "iu":
        names = pa.array([name for name, _ in column.choices], pa.string())
        codes = pa.array(values.astype(np.int32), mask=values < 0)
        return pa.DictionaryArray.from_arrays(codes, names)
    return pa.array(values, from_pandas=values.dtype.kind == "f")
