"""Reads fresh events: whose each is now, and in which order they lie.

What is small is read together, as one pile.  Larger files are put in order some at a time, as a stack, once for as long as
nobody else stands for anybody in it; what their events say is read from where it lies.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.kernels import taking
from ganj.store.fresh import COLLECTED, FACTS, LARGE, FreshFile, grouped
from ganj.store.runs import halves, schema
from ganj.store.standing import standing
from ganj.store.taking import Lying, Taken

TEXTS, NARROW = "properties", 1 << 17
"""The column that is many times as large as all others, and of how many events these are read at once."""
STACK = 1 << 16
"""Events of a stack, at least: few enough to be put in order quickly, so many that readers meet few stacks."""


class Order(NamedTuple):
    """Events in order of (bucket, customer, time, message_id).

    Attributes
    ----------
    where : where each lies, int64[events]; see `ganj.store.taking.Lying`
    stray : which do not lie with others of their customer: bool[events]
    origin, customer : under whose number each came, and who stands for that now: int32[events]
    begins : where each bucket begins, int64[buckets + 2]
    """

    where: Array
    stray: Array
    origin: Array
    customer: Array
    begins: Array


class Pile:
    """Events of some files as they came, shaped as in runs.

    Parameters
    ----------
    lies : the events
    buckets : parts of the workspace
    now : who stands for each origin, as in `ganj.store.standing.Standing`
    """

    def __init__(self, lies: Lying, buckets: int, now: Array) -> None:
        self._lies, self._buckets, self.now = lies, buckets, now

    def __len__(self) -> int:
        """Count the events."""
        return len(self._lies)

    @cached_property
    def order(self) -> Order:
        """The events in order."""
        lies, origin, time = self._lies.flat("customer", "origin", "time")
        customer = standing(self.now, origin).astype(np.int32, copy=False)
        order, begins = in_order(customer, time, self._identities, self._buckets)
        stray = (lies != customer)[order]
        return Order(self._lies.where(order), stray, origin[order], customer[order], begins)

    def _identities(self, rows: Array) -> tuple[Array, Array]:
        taken = Taken(self._lies, self._lies.where(rows), np.ones(len(rows), bool))
        found = taken.columns([COLLECTED.field("message_id")])
        return halves(pa.chunked_array([found["message_id"]]))

    def under(self, now: Array) -> Pile:
        """Return the same events when these stand for their origins; what was worked out stays if it is still so."""
        if now is self.now:
            return self
        found = Pile(self._lies, self._buckets, now)
        order = vars(self).get("order")
        if order is not None and np.array_equal(standing(now, order.origin), order.customer):
            found.order = order
        return found

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The first and last time of an event of a known customer, µs."""
        origin, time = self._lies.flat("origin", "time")
        time = time[origin >= 0]
        return (int(time.min()), int(time.max())) if len(time) else None

    def holds(self) -> Array:
        """Tell which buckets have events: bool[buckets + 1]."""
        found: Array = np.diff(self.order.begins) > 0
        return found

    def rows(self, bucket: int, customer: int | None = None) -> tuple[int, int]:
        """Return where the events of a bucket, or of one customer of it, begin and end in order."""
        begin, end = self.order.begins[bucket : bucket + 2].tolist()
        if customer is None:
            return begin, end
        first, last = np.searchsorted(self.order.customer[begin:end], [customer, customer + 1]).tolist()
        return begin + first, begin + last

    def table(self, rows: tuple[int, int], target: pa.Schema) -> pa.Table:
        """Return some columns of events between two places in order.

        Parameters
        ----------
        target : columns as of a run, or as in `ganj.store.fresh.COLLECTED`
        """
        mine = slice(*rows)
        taken = Taken(self._lies, self.order.where[mine], self.order.stray[mine])
        told = {"customer": self.order.customer[mine], "origin": self.order.origin[mine]}
        told |= codes_of(taken, [name for name in target.names if is_code(name)])
        lying = taken.columns([field for field in target if field.name not in told])
        return pa.table(
            [lying[name] if name in lying else pa.array(told[name]) for name in target.names], schema=target
        )

    def whole(self) -> pa.Table:
        """Return all events, in order, as in a file."""
        return self.table((0, len(self)), COLLECTED)


class Stack:
    """Files that are put in order together, for as long as all of them are there.

    Attributes
    ----------
    paths : of the files
    pile : their events, as they were last read
    """

    def __init__(self, files: Sequence[FreshFile]) -> None:
        self.paths = frozenset(file.path for file in files)
        self._files = [
            weakref.ref(file) for file in files
        ]  # a file that is retired goes once nobody reads it
        self.pile: Pile | None = None

    def files(self) -> list[FreshFile]:
        """Return the files; whoever asks holds them."""
        return [file for known in self._files if (file := known()) is not None]


def stacked(files: Sequence[FreshFile]) -> tuple[list[Stack], list[FreshFile]]:
    """Put files in stacks, those that were in one before in the same; return the files that are too few for one, too."""
    there = {file.path for file in files}
    stacks, new = dict[frozenset[Path], Stack](), list[FreshFile]()
    for file in files:
        stack = file.stack
        if stack is None or not (stack.paths in stacks or stack.paths <= there):
            new.append(file)
            if sum(one.rows for one in new) < STACK:
                continue
            stack = Stack(new)
            for one in new:
                one.stack = stack
            new = []
        stacks[stack.paths] = stack
    return list(stacks.values()), new


class Leafing:
    """Events of a pile as of a run, piece by piece from the first bucket to the last.

    What is narrow is read of many events at once, and texts of those of a piece.

    Parameters
    ----------
    properties : how many were ever promoted
    """

    def __init__(self, pile: Pile, properties: int) -> None:
        self._pile, self._target = pile, schema(properties)
        self._narrow = pa.schema([field for field in self._target if field.name != TEXTS])
        self._begin, self._read = 0, self._narrow.empty_table()

    def pieces(self, bucket: int, rows: int) -> Iterator[pa.Table]:
        """Yield a bucket's events, so many at a time."""
        begin, end = self._pile.rows(bucket)
        for at in range(begin, end, rows):
            yield self._piece(at, min(at + rows, end))

    def _piece(self, begin: int, end: int) -> pa.Table:
        if not self._begin <= begin <= end <= self._begin + len(self._read):
            last = min(max(end, begin + NARROW), len(self._pile))
            self._read = self._narrow.empty_table()  # not beside what comes next
            self._begin, self._read = begin, self._pile.table((begin, last), self._narrow)
        texts = self._pile.table((begin, end), pa.schema([self._target.field(TEXTS)]))
        narrow = self._read.slice(begin - self._begin, end - begin)
        return narrow.add_column(self._target.get_field_index(TEXTS), self._target.field(TEXTS), texts[TEXTS])


def codes_of(taken: Taken, names: list[str]) -> dict[str, Array]:
    """Return the code that each event has of promoted properties, by their columns' names: int32[n], -1 none."""
    if not names:
        return {}
    said = taken.facts(FACTS)
    numbers = [int(name[1:]) for name in names]
    codes = taking.codes(said.begins, np.frombuffer(said.values, np.int32), max(numbers) + 1)
    return {name: codes[number] for name, number in zip(names, numbers, strict=True)}


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
    def piles(self) -> list[Pile]:
        """What is read together."""
        small = [file for file in self.files if 0 < file.rows < LARGE]
        stacks, rest = stacked([file for file in self.files if file.rows >= LARGE])
        found = [self._of(stack) for stack in stacks]
        return [*found, self._pile(small + rest)] if small or rest else found

    def _of(self, stack: Stack) -> Pile:
        if stack.pile is None:
            stack.pile = self._pile(stack.files())
        stack.pile = found = stack.pile.under(self._now)
        return found

    def _pile(self, files: Sequence[FreshFile]) -> Pile:
        return Pile(Lying(files), self._buckets, self._now)

    @property
    def placed(self) -> tuple[Array, Array]:
        """Return each origin that another stands for, and who: int32[n] both, each pair once."""
        told = []
        for order in (one.order for one in self.piles):
            rows = np.flatnonzero(order.origin != order.customer)
            told.append((order.origin[rows].astype(np.int64) << 32) | order.customer[rows])
        keys = np.unique(np.concatenate([*told, np.zeros(0, np.int64)]))
        return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)

    def buckets(self) -> list[int]:
        """List the buckets that have any."""
        there = np.zeros(self._buckets + 1, bool)
        for one in self.piles:
            there |= one.holds()
        found: list[int] = np.flatnonzero(there).tolist()
        return found

    def spans(self) -> list[tuple[int, int]]:
        """Return the first and last time of events of known customers, µs, of each pile that has some."""
        return [one.span for one in self.piles if one.span]

    def tables(
        self, bucket: int, columns: Sequence[str] | None = None, customer: int | None = None
    ) -> list[pa.Table]:
        """Return a bucket's events, or one customer's of it: tables that are each in order.

        Parameters
        ----------
        columns : those wanted; all of a run if None
        """
        whole = schema(self._properties)
        target = (
            whole if columns is None else pa.schema([whole.field(n) for n in columns if n in whole.names])
        )
        parts = [(one, one.rows(bucket, customer)) for one in self.piles]
        return [one.table(rows, target) for one, rows in parts if rows[0] < rows[1]]

    def together(self) -> Pile:
        """Return all events as one pile, in one order."""
        return self._pile(self.files)


Identities = Callable[[Array], tuple[Array, Array]]


def in_order(customer: Array, time: Array, identities: Identities, buckets: int) -> tuple[Array, Array]:
    """Return the order of (bucket, customer, time, message_id), int64[events], and where each bucket begins.

    Parameters
    ----------
    customer, time : int32[events] and int64[events]
    identities : returns those of some rows, in halves; asked of the few that share a customer and a moment

    Notes
    -----
    Events come nearly in order of time, which a stable sort takes little time for.  The place in that order and the
    customer make one number: numbers are sorted several times as fast as places by what they stand for.
    """
    by_time = np.argsort(time, kind="stable")
    key, wide = grouped(customer, buckets)
    told = (key[by_time] << 32) | np.arange(len(key))
    told.sort()
    order, key = by_time[told & 0xFFFFFFFF], told >> 32
    same = (key[1:] == key[:-1]) & (time[order[1:]] == time[order[:-1]])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same)) if same.any() else order[:0]
    if len(tied):
        rows = order[tied]
        high, low = identities(rows)
        order[tied] = rows[np.lexsort((low, high, time[rows], key[tied]))]
    return order, np.searchsorted(key, np.arange(buckets + 2) * wide)
