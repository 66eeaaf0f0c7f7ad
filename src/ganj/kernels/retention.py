"""In which periods each customer began, came back, stayed away."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

START, RETURN = 1, 2
"""Bits of an event's role; an event may be both."""
PERIOD, CLOCK, KIND, EVENTS = 0, 1, 2, 3
"""Columns of the rows that `spells` makes."""


Scratch = tuple[Array, Array, Array]
"""Of one customer and cohort, by bin: bool came back (one more: after the last), float64 money, int64 events."""


class Rule(NamedTuple):
    """How the age of a return is told.

    ``(clock of the return - clock of the start - shift) // length``; an age counts with at least ``least``
    return events in it; a customer joins a cohort in ``every`` period with a start, or only in the first.
    """

    length: int
    shift: int
    least: int
    every: bool


@kernel
def spells(offsets: Array, period: Array, clock: Array, role: Array, amount: Array) -> tuple[Array, ...]:
    """Fold each customer's events into one row for each reading of the clock at which something counted happened.

    What happened before a customer's first start is left out: there was nothing to come back to.

    Parameters
    ----------
    offsets, amount : as in `Histories`
    period : int64[events], ordinals, ascending within a customer
    clock : int64[events], ascending within a customer; equal readings lie in one period
    role : int8[events], bits `START` and `RETURN`

    Returns
    -------
    ends : int64[customers + 1]
        Rows ``ends[i]:ends[i + 1]`` are customer ``i``'s, in order of time.
    rows : int64[rows, 4]
        The period; the clock; bits `START` and `RETURN`: what happened; how many return events.
    money : float64[rows]
        Sum of the amounts of return events.
    """
    ends = np.zeros(len(offsets), np.int64)
    size = 0
    for j in range(len(role)):
        size += role[j] != 0
    rows, money = np.zeros((size, 4), np.int64), np.zeros(size)
    row = -1
    for customer in range(len(offsets) - 1):
        first_row, begun = row + 1, False
        for j in range(offsets[customer], offsets[customer + 1]):
            bits = role[j]
            begun = begun or (bits & START) != 0
            if bits == 0 or not begun:
                continue
            if row < first_row or rows[row, CLOCK] != clock[j]:
                row += 1
                rows[row, PERIOD], rows[row, CLOCK] = period[j], clock[j]
            rows[row, KIND] |= bits
            if bits & RETURN:
                rows[row, EVENTS] += 1
                money[row] += 0.0 if np.isnan(amount[j]) else amount[j]
        ends[customer + 1] = row + 1
    return ends, rows[: row + 1], money[: row + 1]


@njit(nogil=True, cache=True)
def _age(apart: int, rule: Rule) -> int:
    """Return the age of a return so far from the start; a division costs more than all the rest of the loop."""
    away = apart - rule.shift
    return max(away if rule.length == 1 else away // rule.length, 0)


@njit(nogil=True, cache=True)
def _from_one(
    k: int, hi: int, before: int, rows: Array, money: Array, bins: Array, rule: Rule, scratch: Scratch
) -> None:
    """Follow the returns after the start in row ``k``; ``before`` is an earlier start of the cohort, or -1."""
    hits, worth, counts = scratch
    counts[:] = 0
    old, same = -1, 0
    for j in range(k, hi):
        if not rows[j, KIND] & RETURN:
            continue
        age = _age(rows[j, CLOCK] - rows[k, CLOCK], rule)
        same = rows[j, EVENTS] + (same if age == old else 0)
        old = age
        if age >= len(bins):
            if same >= rule.least:
                hits[len(hits) - 1] = True  # later than the last age
                break
            continue
        place = bins[age]
        counts[place] += rows[j, EVENTS]
        if before >= 0:
            other = _age(rows[j, CLOCK] - rows[before, CLOCK], rule)
            if other < len(bins) and bins[other] == place:
                continue  # its money is in this cell already
        worth[place] += money[j]
    for place in range(1, len(counts)):
        hits[place] |= counts[place] >= rule.least


@njit(nogil=True, cache=True)
def _cohort(i: int, hi: int, rows: Array, money: Array, bins: Array, rule: Rule, scratch: Scratch) -> int:
    """Follow a customer from the cohort that row ``i`` opens; return the first row after that period."""
    hits, worth, _ = scratch
    hits[:] = False
    worth[:] = 0.0
    before, k = -1, i
    while k < hi and rows[k, PERIOD] == rows[i, PERIOD]:
        if rows[k, KIND] & START:
            _from_one(k, hi, before, rows, money, bins, rule, scratch)
            before = k
            if not rule.every:
                break
        k += 1
    return k


@njit(nogil=True, cache=True)
def followed(
    i: int, hi: int, rows: Array, money: Array, bins: Array, base: int, rule: Rule, scratch: Scratch, out: Array
) -> None:  # fmt: skip
    """Count one customer, rows ``i:hi``, in every cohort joined."""
    hits, worth, _ = scratch
    size = len(worth)
    while i < hi:
        if not rows[i, KIND] & START:
            i += 1
            continue
        cell = out[rows[i, PERIOD] - base]
        i = _cohort(i, hi, rows, money, bins, rule, scratch)
        cell[0, 0] += 1
        later = False
        for place in range(size, -1, -1):
            later = later or hits[place] or place == 0
            if place < size:
                cell[place, 0] += hits[place]
                cell[place, 1] += later
                cell[place, 2] += worth[place]
        if not rule.every:
            break


@kernel
def triangle(ends: Array, rows: Array, money: Array, bins: Array, base: int, rule: Rule) -> Array:
    """Count customers by cohort and bin of ages.

    Parameters
    ----------
    ends, rows, money : from `spells`
    bins : int64[ages + 1], the bin of each age, ascending; 0 is the cohort itself
    base : the first period

    Returns
    -------
    float64[periods, bins, 3]
        Customers who came back just then; who came back then or at any time later; money.  Bin 0 counts
        the whole cohort.
    """
    periods = (rows[:, PERIOD].max() - base + 1) if len(rows) else 0
    size = bins[-1] + 1
    out = np.zeros((periods, size, 3))
    scratch = (np.zeros(size + 1, np.bool_), np.zeros(size), np.zeros(size, np.int64))
    for customer in range(len(ends) - 1):
        followed(ends[customer], ends[customer + 1], rows, money, bins, base, rule, scratch, out)
    return out


@kernel
def reached(ends: Array, rows: Array, money: Array, bins: Array, rule: Rule) -> Array:
    """List the cells each customer is in.

    Parameters
    ----------
    ends, rows, money, bins, rule : as in `triangle`

    Returns
    -------
    int64[cells, 3]
        Customer, cohort, bin; in that order.  A bin of ``bins[-1] + 1`` says: came back after the last.
    """
    size = bins[-1] + 1
    scratch = (np.zeros(size + 1, np.bool_), np.zeros(size), np.zeros(size, np.int64))
    out, n = np.empty((max(len(rows), size + 1) + size + 1, 3), np.int64), 0
    for customer in range(len(ends) - 1):
        i, hi = ends[customer], ends[customer + 1]
        while i < hi:
            if not rows[i, KIND] & START:
                i += 1
                continue
            cohort = rows[i, PERIOD]
            i = _cohort(i, hi, rows, money, bins, rule, scratch)
            if n + size + 1 > len(out):
                grown = np.empty((2 * len(out), 3), np.int64)
                grown[:n] = out[:n]
                out = grown
            for place in range(size + 1):
                if place == 0 or scratch[0][place]:
                    out[n, 0], out[n, 1], out[n, 2] = customer, cohort, place
                    n += 1
            if not rule.every:
                break
    return out[:n]
