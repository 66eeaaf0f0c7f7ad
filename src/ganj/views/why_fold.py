"""What is counted of two periods: the whole, each day, each product, and every combination of values.

Of every combination of up to three dimensions the sums are kept, not only of whole cells: customers of a
combination cannot be added up from its parts, for one customer is in several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa

from ganj.breakdown import PRODUCT, lined, of_each, parted
from ganj.breakdown import goods as goods_of
from ganj.calendar import local_day
from ganj.histories import Array, Histories
from ganj.kernels.counting import packed
from ganj.models.causes.scanning import DEEPEST
from ganj.sketches import Groups, Largest, Tally

EVENTS, AMOUNT, OVER, CUSTOMERS = 1, 3, 5, 7
"""Places in a combination's sums of what was before; what is now stands one behind.  At 0 stands its size."""
GONE = 9
"""Customers of before who have no event now."""
WIDTH = 10
KEPT, LOST, NEW, RETURNED = range(4)
MOST = 1 << 12
"""Combinations of the same dimensions that are told apart."""
Label = tuple[str, ...]
JOIN = "\x1f"
"""Stands between the values of a combination where it is a key."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Local days: before is ``[first, first + days)``, now is ``[begins, begins + days)``."""

    first: int
    begins: int
    days: int

    def of(self, day: Array) -> Array:
        """Return 0 before, 1 now, -1 in neither: int64[n]."""
        before = (day >= self.first) & (day < self.first + self.days)
        now = (day >= self.begins) & (day < self.begins + self.days)
        return np.where(now, 1, np.where(before, 0, -1))


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """What is known of two periods.

    Attributes
    ----------
    days : by local day, of all history: events, amount, events they are out of, customers
    sums : float64[2, 5], before and now: customers, events, amount, squared amounts, events they are out of
    people : int64[4], customers kept, lost, new and returned
    goods : by product: amount of both, quantity before and now, amount before and now
    cells : by dimensions (positions, written as digits): by values, float64[`WIDTH`]
    """

    days: Tally
    sums: Array
    people: Array
    goods: Largest
    cells: Groups

    def __add__(self, other: Moved) -> Moved:
        return Moved(
            self.days + other.days,
            self.sums + other.sums,
            self.people + other.people,
            self.goods + other.goods,
            self.cells + other.cells,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The events of a part that count, one row each, or each line where products are told apart.

    Attributes
    ----------
    owner : int64[n], position of the customer
    period : int64[n], 0 before, 1 now
    event, over : float64[n], how much of an event, of one it is out of
    amount : float64[n]
    codes : int64[n, dimensions], into ``labels``
    labels : of each dimension; the first is what has no value
    """

    owner: Array
    period: Array
    event: Array
    over: Array
    amount: Array
    codes: Array
    labels: tuple[tuple[str, ...], ...]

    def groups(self, dimensions: tuple[int, ...]) -> tuple[Array, list[Label]]:
        """Return which combination each row is of, and the combinations' values."""
        code, _ = packed(self.codes[:, dimensions])
        _, first, group = np.unique(code, return_index=True, return_inverse=True)
        rows = self.codes[first][:, dimensions]
        return group, [tuple(self.labels[d][v] for d, v in zip(dimensions, row, strict=True)) for row in rows]


def subsets(dimensions: int) -> Iterator[tuple[int, ...]]:
    """Yield the combinations of dimensions that are counted; the last has all of them."""
    sizes = {*range(1, min(dimensions, DEEPEST) + 1), dimensions} - {0}
    for size in sorted(sizes):
        yield from combinations(range(dimensions), size)


def name_of(dimensions: tuple[int, ...]) -> str:
    """Write the positions of dimensions as a key."""
    return "".join(map(str, dimensions))


def status(histories: Histories, meant: Array, period: Array, begins: int, zone: str) -> Array:
    """Tell of each customer `KEPT`, `LOST`, `NEW`, `RETURNED`, or -1 for neither period: int64[customers]."""
    size, owner = len(histories), histories.owner
    before, now = (np.bincount(owner[meant & (period == p)], minlength=size) > 0 for p in (0, 1))
    earlier = np.bincount(owner[meant & (local_day(histories.time, zone) < begins)], minlength=size) > 0
    return np.select([before & now, before, now & ~earlier, now], [KEPT, LOST, NEW, RETURNED], -1)


def first_of_day(owner: Array, day: Array, meant: Array) -> Array:
    """Tell which of the events that count are their customer's first of a day: bool[events]."""
    at = np.flatnonzero(meant)
    fresh = np.ones(len(at), bool)
    fresh[1:] = (owner[at][1:] != owner[at][:-1]) | (day[at][1:] != day[at][:-1])
    first = np.zeros(len(meant), bool)
    first[at[fresh]] = True
    return first


def counted(histories: Histories, by: tuple[str, ...], period: Array, meant: Array, over: Array) -> Counted:
    """Lay out the events that count: meant bool[events] those of the figure, over bool[events] what it is out of."""
    at = np.flatnonzero((meant | over) & (period >= 0))
    part = np.ones(len(at))
    product = np.zeros(len(at), np.int64)
    if any(parted(name)[0] == PRODUCT for name in by):
        at, part, product = lined(histories, at)
    columns, labels = [], []
    owner = histories.owner
    for name in by:
        kind, trait = parted(name)
        found = goods_of(histories, trait) if kind == PRODUCT else of_each(histories, name)
        columns.append(found.codes[product if kind == PRODUCT else at] + 1)
        labels.append(("", *found.labels))
    amount = np.nan_to_num(histories.amount[at]) if "amount" in histories.columns else np.zeros(len(at))
    codes = np.column_stack(columns) if columns else np.zeros((len(at), 0), np.int64)
    return Counted(
        owner[at],
        period[at],
        part * meant[at],
        part * over[at],
        part * amount * meant[at],
        codes.astype(np.int64),
        tuple(labels),
    )


def _goods(histories: Histories) -> tuple[str, ...]:
    return ("", *histories.names.get(PRODUCT, ()))


def cells(rows: Counted, gone: Array, dimensions: int, size: Callable[[Array], Array]) -> Groups:
    """Add up every combination; ``gone`` is bool[customers], ``size`` measures float64[k, `WIDTH`] sums."""
    found = {}
    for chosen in subsets(dimensions):
        group, labels = rows.groups(chosen)
        sums = np.zeros((len(labels), WIDTH))
        for period in (0, 1):
            there = rows.period == period
            for place, values in ((EVENTS, rows.event), (AMOUNT, rows.amount), (OVER, rows.over)):
                sums[:, place + period] = np.bincount(group[there], values[there], len(labels))
            who, of = _different(rows.owner, group, there & (rows.event > 0))
            sums[:, CUSTOMERS + period] = np.bincount(of, minlength=len(labels))
            if not period:
                sums[:, GONE] = np.bincount(of[gone[who]], minlength=len(labels))
        sums[:, 0] = size(sums)
        found[name_of(chosen)] = Largest.of(
            {JOIN.join(label): row for label, row in zip(labels, sums, strict=True)}, MOST
        )
    return Groups(found)


def _different(owner: Array, group: Array, there: Array) -> tuple[Array, Array]:
    """Return the different pairs of customer and combination."""
    pairs = np.unique(np.column_stack((owner[there], group[there])), axis=0)
    return pairs[:, 0], pairs[:, 1]


def goods(histories: Histories, meant: Array, period: Array) -> Largest:
    """Add up quantities and amounts by product; an event without lines is one piece of an unnamed product."""
    at = np.flatnonzero(meant & (period >= 0))
    amount = np.nan_to_num(histories.amount[at])
    line_of, product, pieces = np.arange(len(at)), np.zeros(len(at), np.int64), np.ones(len(at))
    if histories.lines is not None and len(at):
        event, share, product = lined(histories, at)
        product += 1
        line_of = np.searchsorted(at, event)
        amount = amount[line_of] * share
        pieces = _pieces(histories, at)
    code, _ = packed(np.column_stack((product,)))
    _, first, group = np.unique(code, return_index=True, return_inverse=True)
    when = period[at][line_of]
    sums = np.zeros((len(first), 5))
    for p in (0, 1):
        there = when == p
        sums[:, 1 + p] = np.bincount(group[there], pieces[there], len(first))
        sums[:, 3 + p] = np.bincount(group[there], amount[there], len(first))
    sums[:, 0] = np.abs(sums[:, 3:]).sum(axis=1)
    names = _goods(histories)
    return Largest.of({names[product[at_]]: row for at_, row in zip(first, sums, strict=True)})


def _pieces(histories: Histories, at: Array) -> Array:
    """Return how many pieces each line is, 1 for an event without lines, in the order of `lined`."""
    lines = histories.lines
    assert lines is not None  # noqa: S101 - the caller looked
    size = np.diff(lines.offsets)[at]
    times = np.maximum(size, 1)
    where = np.repeat(np.arange(len(at)), times)
    place = np.arange(len(where)) - np.repeat(np.cumsum(times) - times, times)
    line = np.minimum(lines.offsets[:-1][at][where] + place, max(len(lines.product) - 1, 0))
    told = np.nan_to_num(lines.quantity[line]) if len(lines.product) else np.ones(len(where))
    return np.where((size[where] > 0) & (told > 0), told, 1.0)


def in_words(key: str, label: Label) -> str:
    """Write a combination as a score says it."""
    return f"{key}:{' · '.join(label)}"


def told_of(rows: Counted, shown: dict[str, frozenset[Label]], period: int, customers: int) -> pa.ListArray:
    """Say of each customer which of the shown combinations they were in, in one period, in words."""
    there = (rows.period == period) & (rows.event > 0)
    words: list[str] = []
    pairs: list[Array] = []
    for key, wanted in shown.items():
        group, labels = rows.groups(tuple(map(int, key)))
        known = np.array([label in wanted for label in labels], bool)
        who, of = _different(rows.owner, group, there & known[group])
        pairs.append(np.column_stack((who, of + len(words))))
        words += [in_words(key, label) for label in labels]
    told = np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int64)
    told = told[np.lexsort((told[:, 1], told[:, 0]))]
    ends = np.concatenate(([0], np.cumsum(np.bincount(told[:, 0], minlength=customers))))
    every = pa.array(words, pa.string()).take(pa.array(told[:, 1], pa.int64()))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), every)
