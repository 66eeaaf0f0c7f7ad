"""Reads fresh events: whose each is now, and in which order they lie.

What is small is read together, as one pile; a large file is a pile of its own, worked out once for as long as nobody
else stands for anybody in it.  A sheet is in order already, unless somebody does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import pairwise
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import Array
from ganj.store.fresh import COLLECTED, LARGE, FreshFile, in_one
from ganj.store.runs import halves, schema
from ganj.store.standing import standing

Columns = Callable[[str], Any]
"""Gives a column of some events, as an array."""


class Events:
    """Fresh events as they lie in memory or in a file, and whose they are.

    Parameters
    ----------
    table : as `ganj.store.fresh.COLLECTED`
    now : who stands for each origin, as in `ganj.store.standing.Standing`
    """

    def __init__(self, table: pa.Table, now: Array) -> None:
        self._table, self.now = table, now

    @cached_property
    def origin(self) -> Array:
        """The customer under whose number each event came: int32[events]."""
        found: Array = self._table["origin"].to_numpy()
        return found

    @cached_property
    def customer(self) -> Array:
        """Who stands for that customer now: int32[events]."""
        return standing(self.now, self.origin).astype(np.int32, copy=False)

    def times(self) -> Array:
        """Return when events of known customers were: int64[n], µs."""
        found: Array = self._table["time"].to_numpy()[self.origin >= 0]
        return found


class Pile(Events):
    """Events of small files as they came, shaped as in runs.

    Parameters
    ----------
    tables : as `ganj.store.fresh.COLLECTED`
    buckets : parts of the workspace
    now : who stands for each origin, as in `ganj.store.standing.Standing`
    """

    def __init__(self, tables: Sequence[pa.Table], buckets: int, now: Array) -> None:
        super().__init__(pa.concat_tables([table.replace_schema_metadata(None) for table in tables]), now)
        self._buckets = buckets
        self._columns: dict[str, Any] = {}

    def column(self, name: str) -> Any:
        """Return a column as it lies, in one piece."""
        if name not in self._columns:
            self._columns[name] = in_one(self._table[name])
        return self._columns[name]

    @cached_property
    def laid(self) -> tuple[Array, Array]:
        """The events in order, int64[events], and where each bucket begins, int64[buckets + 2]."""
        bucket = np.where(self.customer < 0, self._buckets, self.customer % self._buckets)
        time = self._table["time"].to_numpy()
        order = in_order(bucket, self.customer, time, lambda: self.column("message_id"))
        return order, np.searchsorted(bucket[order], np.arange(self._buckets + 2))

    def again(self, before: Pile) -> Self:
        """Use what was worked out before, if it is still so."""
        if np.array_equal(before.customer, self.customer):
            self.laid, self._columns = before.laid, before._columns
        return self

    def holds(self) -> Array:
        """Tell which buckets have events: bool[buckets + 1]."""
        found: Array = np.diff(self.laid[1]) > 0
        return found

    def columns(self, bucket: int, customer: int | None) -> list[tuple[int, Columns]]:
        """Return how many events a bucket has, or one customer, and how to get their columns."""
        order, begins = self.laid
        rows = order[begins[bucket] : begins[bucket + 1]]
        if customer is not None:
            rows = rows[self.customer[rows] == customer]
        return [(len(rows), partial(self._taken, rows))]

    def by_bucket(self, between: Callable[[], None]) -> Iterator[pa.Table]:
        """Yield all events in order, as in files, a table a bucket.

        Parameters
        ----------
        between : is called again and again
        """
        order, begins = self.laid
        columns = []
        for name in COLLECTED.names:
            between()
            columns.append(self._taken(order, name))
            self._columns.pop(name, None)  # a copy of all texts is much
        whole = pa.table(columns, schema=COLLECTED)
        for begin, end in pairwise(begins.tolist()):
            yield whole.slice(begin, end - begin)

    def _taken(self, rows: Array, name: str) -> Any:
        if name == "customer":
            return pa.array(self.customer[rows])
        return self.column(name).take(pa.array(rows))


class Sheet(Events):
    """Events of a file that lie in the order of when it was made; those that belong to others now lie aside."""

    def __init__(self, table: pa.Table, begins: Array, now: Array) -> None:
        super().__init__(table, now)
        self._begins = begins
        self._lies: Array = table["customer"].to_numpy()
        self._buckets = len(begins) - 2

    def again(self, before: Sheet) -> Self:
        """Use what was worked out before, if it is still so."""
        if np.array_equal(before.customer, self.customer):
            self._moved = before._moved
        return self

    @cached_property
    def _moved(self) -> tuple[Array, Pile | None]:
        """Which events belong to others now, int64[n] ascending, and they as a pile of their own."""
        rows = np.flatnonzero(self.customer != self._lies)
        if not len(rows):
            return rows, None
        cuts = np.searchsorted(rows, self._begins)
        parts = [
            self._table.slice(begin, end - begin).take(pa.array(rows[first:last] - begin))
            for begin, end, first, last in zip(
                *(self._begins[:-1], self._begins[1:], cuts[:-1], cuts[1:]), strict=True
            )
            if last > first
        ]
        return rows, Pile(parts, self._buckets, self.now)

    def holds(self) -> Array:
        """Tell which buckets have events: bool[buckets + 1]."""
        rows, moved = self._moved
        stay = np.diff(self._begins) > np.diff(np.searchsorted(rows, self._begins))
        found: Array = stay if moved is None else stay | moved.holds()
        return found

    def columns(self, bucket: int, customer: int | None) -> list[tuple[int, Columns]]:
        """Return how many events a bucket has, or one customer, and how to get their columns."""
        begin, end = self._begins[bucket : bucket + 2].tolist()
        if customer is not None:
            first, last = np.searchsorted(self._lies[begin:end], [customer, customer + 1]).tolist()
            begin, end = begin + first, begin + last
        rows, moved = self._moved
        gone = rows[slice(*np.searchsorted(rows, [begin, end]))] - begin
        stay = pa.array(np.delete(np.arange(end - begin), gone)) if len(gone) else None
        here = self._table.slice(begin, end - begin)
        found: list[tuple[int, Columns]] = [(end - begin - len(gone), partial(_kept, here, stay))]
        return found if moved is None else found + moved.columns(bucket, customer)


def _kept(here: pa.Table, stay: pa.Array | None, name: str) -> Any:
    column = in_one(here[name])
    return column if stay is None else column.take(stay)


def laid(file: FreshFile, buckets: int, now: Array) -> Pile | Sheet:
    """Return a file's events as they are to be read, as before while the same people stand for those in it."""
    before: Pile | Sheet | None = file.laid
    if before is not None and before.now is now:
        return before
    begins = file.begins
    if begins is None:
        found: Pile | Sheet = Pile([file.table], buckets, now)
    else:
        found = Sheet(file.table, begins, now)
    if isinstance(found, Pile) and isinstance(before, Pile):
        found.again(before)
    if isinstance(found, Sheet) and isinstance(before, Sheet):
        found.again(before)
    file.laid = found
    return found


def shaped(count: int, column: Columns, names: Sequence[str], properties: int) -> pa.Table:
    """Return some columns of some events as of a run."""
    target = schema(properties)
    codes = _promoted(count, column, [int(name[1:]) for name in names if is_code(name)])
    arrays = [codes[int(name[1:])] if is_code(name) else column(name) for name in names]
    return pa.table(arrays, schema=pa.schema([target.field(name) for name in names]))


def _promoted(count: int, column: Columns, wanted: list[int]) -> dict[int, Any]:
    """Return the code that each event has of each promoted property: int32[rows] each, -1 none."""
    if not wanted:
        return {}
    facts = column("facts")
    owner = np.repeat(np.arange(count), pc.list_value_length(facts).to_numpy())
    told = facts.flatten().to_numpy()
    codes = np.full((max(wanted) + 1, count), -1, np.int32)
    known = told >> 10 <= max(wanted)
    if not known.all():
        owner, told = owner[known], told[known]
    codes[told >> 10, owner] = told & 1023
    return {number: pa.array(codes[number]) for number in wanted}


def is_code(name: str) -> bool:
    """Tell whether a column of runs is a property's codes."""
    return name[0] == "p" and name[1:].isdecimal()


class Fresh:
    """All that was collected and is in no run, shaped as in runs.

    Parameters
    ----------
    files : in the order they were loaded
    buckets : parts of the workspace
    now : who stands for each origin, as in `ganj.store.standing.Standing`
    properties : how many properties were ever promoted
    """

    def __init__(self, files: Sequence[FreshFile], buckets: int, now: Array, properties: int) -> None:
        self.files, self._buckets, self._now, self._properties = tuple(files), buckets, now, properties
        self.rows = sum(file.rows for file in files)

    @cached_property
    def piles(self) -> list[Pile | Sheet]:
        """What is read together."""
        large = [laid(file, self._buckets, self._now) for file in self.files if file.rows >= LARGE]
        small = [file.table for file in self.files if 0 < file.rows < LARGE]
        return [*large, Pile(small, self._buckets, self._now)] if small else large

    @property
    def placed(self) -> tuple[Array, Array]:
        """Return each origin that another stands for, and who: int32[n] both, each pair once."""
        told = []
        for pile in self.piles:
            rows = np.flatnonzero(pile.origin != pile.customer)
            told.append((pile.origin[rows].astype(np.int64) << 32) | pile.customer[rows])
        keys = np.unique(np.concatenate([*told, np.zeros(0, np.int64)]))
        return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)

    def buckets(self) -> list[int]:
        """List the buckets that have any."""
        there = np.zeros(self._buckets + 1, bool)
        for pile in self.piles:
            there |= pile.holds()
        found: list[int] = np.flatnonzero(there).tolist()
        return found

    def tables(
        self, bucket: int, columns: Sequence[str] | None = None, customer: int | None = None
    ) -> list[pa.Table]:
        """Return a bucket's events, or one customer's of it: tables that are each in order.

        Parameters
        ----------
        columns : those wanted; all of a run if None
        """
        there = schema(self._properties).names
        names = there if columns is None else [name for name in columns if name in there]
        parts = [part for pile in self.piles for part in pile.columns(bucket, customer)]
        return [shaped(count, column, names, self._properties) for count, column in parts if count]


def in_order(bucket: Array, customer: Array, time: Array, identity: Callable[[], Any]) -> Array:
    """Return the order of (bucket, customer, time, message_id): int64[events].

    Notes
    -----
    Events come nearly in order of time, which a stable sort takes little time for; identities are looked at only of
    the few that share a customer and a moment.
    """
    order = np.argsort(time, kind="stable")
    key = (bucket.astype(np.int64) << 32) | (customer.astype(np.int64) + 1)
    order = order[np.argsort(key[order], kind="stable")]
    same = (key[order[1:]] == key[order[:-1]]) & (time[order[1:]] == time[order[:-1]])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(tied):
        rows = order[tied]
        high, low = halves(pa.chunked_array([identity().take(pa.array(rows))]))
        order[tied] = rows[np.lexsort((low, high, time[rows], key[rows]))]
    return order
