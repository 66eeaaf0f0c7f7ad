"""The cells of the triangle in which each customer is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from ganj.breakdown import of_customers, spread
from ganj.histories import Array, Histories
from ganj.kernels import retention_fold as fold
from ganj.kernels.retention import EVENTS, KIND, PERIOD, Rule, reached, spells, triangle
from ganj.kernels.retention_plain import plainly
from ganj.sketches import Tally
from ganj.views.retention_spans import Spans

MANY = 1 << 14
"""Periods up to which a table of all of them is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What `spells` finds of each customer, or of each customer and value of a breakdown.

    Attributes
    ----------
    ends, rows, money : from `spells`
    """

    ends: Array
    rows: Array
    money: Array

    @property
    def owner(self) -> Array:
        """int64[rows]: whose each is."""
        return np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))

    def part(self, first: int, stop: int) -> Rows:
        """Return some customers' rows."""
        lo, hi = int(self.ends[first]), int(self.ends[stop])
        return Rows(self.ends[first : stop + 1] - lo, self.rows[lo:hi], self.money[lo:hi])

    def by_period(self) -> Rows:
        """Join the rows of a customer that lie in one period."""
        if not len(self.rows):
            return self
        owner = self.owner
        fresh = np.ones(len(owner), bool)
        fresh[1:] = (owner[1:] != owner[:-1]) | (self.rows[1:, PERIOD] != self.rows[:-1, PERIOD])
        at = np.flatnonzero(fresh)
        rows = self.rows[at]
        rows[:, KIND] = np.bitwise_or.reduceat(self.rows[:, KIND], at)
        rows[:, EVENTS] = np.add.reduceat(self.rows[:, EVENTS], at)
        ends = np.concatenate(([0], np.cumsum(fresh)))[self.ends]
        return Rows(ends, rows, np.add.reduceat(self.money, at))


def neighbours(ends: Array, when: Array) -> tuple[Array, Array, Array]:
    """Return of each row: is it a customer's first; periods since the row before; until the row after (0: none)."""
    fresh = np.zeros(len(when), bool)
    fresh[ends[:-1][np.diff(ends) > 0]] = True
    gap = np.diff(when, prepend=0)
    gap[fresh] = 0
    after = np.append(gap[1:], 0)[: len(when)]
    return fresh, gap, after


def up_to_the_last(cells: Array, top: int) -> Array:
    """Fill in, for each customer and cohort, the cells before the last: int64[cells, 3], none above ``top``."""
    if not len(cells):
        return cells
    ends = np.append(np.any(cells[1:, :2] != cells[:-1, :2], axis=1), True)
    last = cells[ends]
    sizes = np.minimum(last[:, 2], top) + 1
    out = np.repeat(last, sizes, axis=0)
    out[:, 2] = np.arange(len(out)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """Rows of each customer and value of a breakdown, ordered by value and then customer.

    Attributes
    ----------
    rows : what `spells` finds within one value
    whose : int64[pairs], the position of the customer
    code : int64[pairs], the value; -1 for none
    labels : the values, by code
    """

    rows: Rows
    whose: Array
    code: Array
    labels: tuple[str, ...]

    @classmethod
    def of(cls, histories: Histories, by: str, roles: Array, spans: Spans) -> Parted:
        """Part histories by a trait of the customers, or by a property of the events."""
        values, owner, at = of_customers(histories, by), histories.owner, np.flatnonzero(roles)
        if values is not None:
            code, labels, money = (
                values.codes[owner[at]].astype(np.int64),
                values.labels,
                histories.amount[at],
            )
        else:
            told = spread(histories, by, at)
            at, code, labels = told.event, told.codes.astype(np.int64), told.labels
            money = histories.amount[at] * told.share
        order = np.lexsort((owner[at], code))  # stable: time stays in order
        at, code, money = at[order], code[order], money[order]
        whose, time = owner[at], histories.time[at]
        fresh = np.ones(len(at), bool)
        fresh[1:] = (whose[1:] != whose[:-1]) | (code[1:] != code[:-1])
        first = np.flatnonzero(fresh)
        numbers = spans.numbers(time)
        offsets = np.append(first, len(at)).astype(np.int64)
        rows = spells(offsets, numbers, spans.clock(time, numbers), roles[at], money)
        return cls(Rows(*rows), whose[first], code[first], labels)

    def each(self) -> list[tuple[str, Rows]]:
        """List the values with their rows."""
        each, first = np.unique(self.code, return_index=True)
        names, stops = ("", *self.labels), np.append(first, len(self.code))[1:]
        return [
            (names[code + 1], self.rows.part(int(a), int(b)))
            for code, a, b in zip(each, first, stops, strict=True)
        ]

    def told(self, cells: Array, size: int, has: Array) -> pa.ListArray:
        """Write of each customer's cells the bin and the value: ``2:Tehran``; each once."""
        at = cells[:, 0]
        pairs = np.unique(np.column_stack((self.whose[at], (self.code[at] + 1) * size + cells[:, 2])), axis=0)
        names = ("", *self.labels)
        told = [f"{cell % size}:{names[cell // size]}" for cell in pairs[:, 1].tolist()]
        return lists(np.array(told, object), pairs[:, 0], has)


def tallied(found: Rows, bins: Array, rule: Rule) -> Tally:
    """Count customers by cohort and bin, see `triangle`."""
    base = int(found.rows[:, PERIOD].min()) if len(found.rows) else 0
    table = triangle(found.ends, found.rows, found.money, bins, base, rule)
    cohort, place = np.nonzero(table.any(axis=2))
    return Tally(np.column_stack((cohort + base, place)).astype(np.int64), table[cohort, place])


def folded(
    histories: Histories, roles: tuple[Array, Array], spans: Spans, bins: Array, rule: Rule
) -> tuple[Tally, Tally] | None:
    """Count customers by cohort and bin and by period at once, as `tallied` and `flowing` do.

    Parameters
    ----------
    roles : from `ganj.filters.coded`, bits `START` and `RETURN`

    Returns
    -------
    cells, flow : or None where ages are not periods of the calendar, or a date is far from all others
    """
    span = histories.span
    if span is None or spans.windows != "calendar" or spans.period == "hour":
        return None
    base, begins = spans.between(*span)
    if len(begins) > MANY:
        return None
    given = (histories.offsets, histories.time, begins, *roles, histories.amount, bins)
    plain = rule.least == 1 and not rule.every
    cells, flow = plainly(*given) if plain else fold.folded(*given, rule)
    cohort, place = np.nonzero(cells.any(axis=2))
    there = np.flatnonzero(flow.any(axis=1))
    keys = np.column_stack((cohort + base, place)).astype(np.int64)
    return Tally(keys, cells[cohort, place]), Tally((base + there)[:, None], flow[there])


def slowly(found: Rows, spans: Spans, bins: Array, rule: Rule) -> tuple[Tally, Tally]:
    """Count as `folded` does, where ages are told by a clock of each customer's own."""
    return tallied(found, bins, rule), flowing(found if spans.windows == "calendar" else found.by_period())


def flowing(found: Rows) -> Tally:
    """Count by period the customers active, new, kept, returned and gone, and their money."""
    if not len(found.rows):
        return Tally.empty(1, 6)
    when = found.rows[:, PERIOD]
    fresh, before, after = neighbours(found.ends, when)
    base, size = int(when.min()), int(when.max() - when.min()) + 2
    at = when - base
    parts: list[tuple[Array, Array | None]] = [
        (at, None),
        (at[fresh], None),
        (at[before == 1], None),
        (at[before > 1], None),
    ]
    parts += [(at[after != 1] + 1, None), (at, found.money)]
    table = np.column_stack([np.bincount(place, weights, size) for place, weights in parts])
    there = np.flatnonzero(table.any(axis=1))
    return Tally((base + there)[:, None], table[there])


def laid_out(cells: Tally, bins: Array, first: int, rows: int) -> Array:
    """float64[cohorts, bins, 3]: sums of some cohorts."""
    out, keys = np.zeros((rows, int(bins[-1]) + 1, 3)), cells.keys
    inside = (keys[:, 0] >= first) & (keys[:, 0] < first + rows)
    out[keys[inside, 0] - first, keys[inside, 1]] = cells.values[inside]
    return out


def grid(spans: Spans, bins: Array, cohorts: tuple[int, int], horizon: int) -> tuple[Array, Array]:
    """Return bool[cohorts, bins] each: has a cell begun before the horizon (µs UTC), is it over by then."""
    first, last = cohorts
    rows, each = max(last - first + 1, 0), np.arange(int(bins[-1]) + 1)
    low, high = np.searchsorted(bins, each), np.searchsorted(bins, each, side="right") - 1
    begins, _ = spans.edges(first, rows, low)
    _, ends = spans.edges(first, rows, high)
    return begins < horizon, ends <= horizon


def counted(found: Rows, bins: Array, rule: Rule, *, or_after: bool) -> Array:
    """int64[cells, 3]: customer, cohort and bin of the cells in which each is counted."""
    cells = reached(found.ends, found.rows, found.money, bins, rule)
    if or_after:
        return up_to_the_last(cells, int(bins[-1]))
    within: Array = cells[cells[:, 2] <= bins[-1]]
    return within


def first_cells(found: Rows, bins: Array, rule: Rule, has: Array) -> dict[str, Any]:
    """Return the ages of the first cohort in which each customer came back, and the last of them."""
    cells = reached(found.ends, found.rows, found.money, bins, rule._replace(every=False))
    last = np.zeros(len(has), np.int64)
    np.maximum.at(last, np.searchsorted(has, cells[:, 0]), cells[:, 2])
    cells = cells[cells[:, 2] <= bins[-1]]
    return {"active": lists(cells[:, 2], cells[:, 0], has), "last_age": last}


def nothing(has: Array) -> pa.ListArray:
    """Return an empty list for each customer."""
    return lists(np.zeros(0, np.int64), np.zeros(0, np.int64), has)


def lists(values: Array, owner: Array, has: Array) -> pa.ListArray:
    """Gather values, ordered by their owner, into one list for each customer."""
    sizes = np.bincount(owner, minlength=int(has.max()) + 1 if len(has) else 0)
    ends = np.concatenate(([0], np.cumsum(sizes[has] if len(has) else [])))
    kind = pa.string() if values.dtype == object else pa.int64()
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(values, kind))
