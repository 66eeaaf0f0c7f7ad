"""What models of buying read of customers: how often, until when, observed how long, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

BLOCK = 1 << 14
"""Rows computed at once: what is in between stays in the processor's cache."""
FEW = 20_000
"""Rows that need no coarser ones to begin with."""
BINS = 32
"""Steps of time of coarser rows."""
CELLS = 1 << 22
"""The most cells that are looked through for coarser rows."""


@dataclass(frozen=True, slots=True)
class Purchases:
    """Different rows of repeat buying and how many customers have each.

    Attributes
    ----------
    again
        Purchases after the first one: float64[n].
    last
        Time from the first purchase to the last one: float64[n]; 0 where there is no other.
    seen
        Time from the first purchase to the end of observation: float64[n], the same unit.
    count
        Customers: float64[n].
    """

    again: Array
    last: Array
    seen: Array
    count: Array

    @property
    def size(self) -> float:
        """How many customers there are."""
        return float(self.count.sum())

    def blocks(self) -> Iterator[Purchases]:
        """Return the rows, some at a time."""
        columns = self.again, self.last, self.seen, self.count
        for begin in range(0, len(self.again), BLOCK):
            yield Purchases(*(column[begin : begin + BLOCK] for column in columns))

    def coarser(self) -> Purchases | None:
        """Return few rows that say nearly the same, each the mean of its customers; None of rows that are few.

        A search that begins at the maximum of these needs few steps over all rows.
        """
        cells = (int(self.again.max(initial=0)) + 1) * BINS**2
        if len(self.again) <= FEW or cells > CELLS:
            return None
        step = float(self.seen.max()) / BINS * (1 + 1e-9) or 1.0
        until, end = ((column / step).astype(np.int64) for column in (self.last, self.seen))
        cell = (self.again.astype(np.int64) * BINS + until) * BINS + end
        count = np.bincount(cell, self.count, cells)
        at = np.flatnonzero(count)
        last, seen = (np.bincount(cell, self.count * of)[at] / count[at] for of in (self.last, self.seen))
        return Purchases((at // BINS**2).astype(np.float64), last, seen, count[at])


def of_days(again: Array, last: Array, seen: Array, unit: float = 1.0) -> Purchases:
    """Return the different rows of customers, int64[customers] whole days each, in a unit of so many days."""
    width, height = int(last.max(initial=0)) + 1, int(seen.max(initial=0)) + 1
    line = np.sort((again * width + last) * height + seen)
    begins = np.flatnonzero(np.diff(line, prepend=-1))
    rest, end = np.divmod(line[begins], height)
    x, until = np.divmod(rest, width)
    count = np.diff(begins, append=len(line)).astype(np.float64)
    return Purchases(x.astype(np.float64), until / unit, end / unit, count)


def counted(again: Array, last: Array, seen: Array) -> tuple[Purchases, Array]:
    """Return the different rows of customers, and the row of each customer: int64[customers].

    Rows are not rounded: days counted as weeks move the parameters (the process is continuous).
    """
    columns = [np.asarray(column, np.float64) for column in (again, last, seen)]
    order = np.lexsort(columns[::-1])
    ordered = np.stack(columns)[:, order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    of = np.empty(len(order), np.int64)
    of[order] = np.cumsum(begins) - 1
    x, until, end = ordered[:, begins]
    return Purchases(x, until, end, np.bincount(of).astype(np.float64)), of


def one(again: float, last: float, seen: float) -> Purchases:
    """Return a single customer as rows."""
    return Purchases(*(np.array([value], np.float64) for value in (again, last, seen, 1)))


NEW = one(0, 0, 0)
"""A customer who has just bought for the first time."""
