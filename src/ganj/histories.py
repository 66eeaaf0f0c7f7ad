"""Customers' histories as flat arrays.

Customer ``i`` owns the events ``offsets[i]:offsets[i + 1]`` of every event column, in order of
time; event ``j`` owns the order lines ``lines.offsets[j]:lines.offsets[j + 1]``.  That is the
compressed sparse row layout of matrices: one ordered pass over contiguous memory answers any
question about the order of things, and a part of the customers is a slice.

Every part holds whole customers, in ascending number; nothing here is ever changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
"""Any NumPy array; the docstring beside it says dtype[shape]."""

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
"""Microseconds."""

NOBODY = -1
"""The customer number of events that no customer is known for."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Order lines of every event.

    Attributes
    ----------
    offsets : int64[events + 1]
    product : int32[lines], code into ``names["product"]``; -1 unknown
    quantity : float64[lines]
    price : float64[lines], of one unit, workspace currency
    """

    offsets: Array
    product: Array
    quantity: Array
    price: Array

    def of_events(self, keep: Array) -> Lines:
        """Return the lines of some events, ``keep`` being int64 positions in order."""
        sizes = np.diff(self.offsets)[keep]
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)))
        at = np.repeat(self.offsets[:-1][keep] - offsets[:-1], sizes) + np.arange(offsets[-1])
        return Lines(offsets, self.product[at], self.quantity[at], self.price[at])


@dataclass(frozen=True, slots=True, eq=False)
class Category:
    """Values of few kinds, as codes.

    Attributes
    ----------
    codes : int32[customers or events]; -1 where there is no value
    labels : the values, by code
    """

    codes: Array
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Some customers' histories.

    Attributes
    ----------
    customer : int32[customers], ascending; `NOBODY` stands for sales without a known customer
    offsets : int64[customers + 1]
    columns : event columns by name, each [events]; ``time`` int64 µs UTC, ``event`` int32 code,
        ``amount`` float64 (nan where there is none), ``product``, ``order``, ``channel``,
        ``source``, ``session`` int32/int64 codes; a property as ``property:NAME`` int32, or as a number
        ``number:NAME`` float64
    lines : order lines, where asked for
    traits : `Category` or float64[customers] by trait name, where asked for
    names : the dictionaries behind the codes: ``event``, ``product``, ``channel``, ``source``,
        ``property:NAME`` … → tuple of names by code
    lot : uint64[customers], what draws go by, where asked for; see `lots`
    """

    customer: Array
    offsets: Array
    columns: Mapping[str, Array]
    lines: Lines | None = None
    traits: Mapping[str, Category | Array] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lot: Array | None = None

    def __len__(self) -> int:
        """Count the customers."""
        return len(self.customer)

    @property
    def time(self) -> Array:
        """int64[events], µs UTC."""
        return self.columns["time"]

    @property
    def event(self) -> Array:
        """int32[events], codes of event names."""
        return self.columns["event"]

    @property
    def amount(self) -> Array:
        """float64[events], workspace currency; nan where an event has none."""
        return self.columns["amount"]

    @property
    def lots(self) -> Array:
        """uint64[customers]: what a customer's draws go by, all different.

        It follows from the message that a customer began with, so who is drawn does not depend on how many others
        there are: two customers who were merged are drawn as the one they are.  Histories that no store numbered
        go by the number.
        """
        return self.customer.astype(np.int64).view(np.uint64) if self.lot is None else self.lot

    @property
    def owner(self) -> Array:
        """int64[events]: the position (not the number) of each event's customer."""
        return np.repeat(np.arange(len(self.customer)), np.diff(self.offsets))

    @property
    def span(self) -> tuple[int, int] | None:
        """µs UTC of the first and the last event; None where there is none."""
        some = np.flatnonzero(np.diff(self.offsets))
        if not len(some):
            return None
        return int(self.time[self.offsets[some]].min()), int(self.time[self.offsets[some + 1] - 1].max())

    def codes(self, events: Iterable[str]) -> Array:
        """Translate event names to int32 codes; -1 for a name this store has never seen."""
        known = {name: code for code, name in enumerate(self.names.get("event", ()))}
        return np.array([known.get(name, -1) for name in events], np.int32)

    def category(self, name: str) -> Category | None:
        """Return a promoted property of the events as a category, or None."""
        key = f"property:{name}"
        if key not in self.columns:
            return None
        return Category(self.columns[key], tuple(self.names.get(key, ())))

    def part(self, start: int, stop: int) -> Histories:
        """Return the customers at positions ``start:stop``; arrays are shared, not copied."""
        offsets = self.offsets[start : stop + 1]
        first, last = (int(offsets[0]), int(offsets[-1])) if len(offsets) else (0, 0)
        lines = self.lines and _slice_lines(self.lines, first, last)
        return replace(
            self,
            customer=self.customer[start:stop],
            offsets=offsets - first if len(offsets) else np.zeros(1, np.int64),
            columns={name: column[first:last] for name, column in self.columns.items()},
            lines=lines,
            traits={name: _rows(trait, slice(start, stop)) for name, trait in self.traits.items()},
            lot=None if self.lot is None else self.lot[start:stop],
        )

    def keep(self, events: Array) -> Histories:
        """Return the same customers with only some events: ``bool[events]``."""
        kept = np.concatenate((np.zeros(1, np.int64), np.cumsum(events, dtype=np.int64)))
        at = np.flatnonzero(events)
        return replace(
            self,
            offsets=kept[self.offsets],
            columns={name: column[at] for name, column in self.columns.items()},
            lines=self.lines and self.lines.of_events(at),
        )

    def choose(self, customers: Array) -> Histories:
        """Return some of the customers whole: ``bool[customers]``."""
        return self.pick(np.flatnonzero(customers))

    def pick(self, at: Array) -> Histories:
        """Return the customers at some positions, int64[n], whole and in that order."""
        sizes = np.diff(self.offsets)[at]
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)))
        events = np.repeat(self.offsets[:-1][at] - offsets[:-1], sizes) + np.arange(offsets[-1])
        return replace(
            self,
            customer=self.customer[at],
            offsets=offsets,
            columns={name: column[events] for name, column in self.columns.items()},
            lines=self.lines and self.lines.of_events(events),
            traits={name: _rows(trait, at) for name, trait in self.traits.items()},
            lot=None if self.lot is None else self.lot[at],
        )


def _rows(trait: Category | Array, at: Any) -> Category | Array:
    if isinstance(trait, Category):
        return Category(trait.codes[at], trait.labels)
    picked: Array = trait[at]
    return picked


def _slice_lines(lines: Lines, first: int, last: int) -> Lines:
    offsets = lines.offsets[first : last + 1]
    a, b = int(offsets[0]), int(offsets[-1])
    return Lines(offsets - a, lines.product[a:b], lines.quantity[a:b], lines.price[a:b])
