"""What models of buying read of customers: how often, until when, observed how long, counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array


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
