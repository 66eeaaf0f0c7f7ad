"""In which periods each customer began, came back, stayed away."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.kernels import kernel

START, RETURN = 1, 2
"""Bits of an event's role; an event may be both."""


@kernel
def spells(
    offsets: Array, period: Array, event: Array, amount: Array, role: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Fold each customer's events into one row for each period in which something counted happened.

    What happened before a customer's first start is left out: there was nothing to come back to.

    Parameters
    ----------
    offsets, event, amount : as in `Histories`
    period : int64[events], ordinals, ascending within a customer
    role : int8[names + 1], by event code, bits `START` and `RETURN`

    Returns
    -------
    ends : int64[customers + 1]
        Rows ``ends[i]:ends[i + 1]`` are customer ``i``'s, in order of time.
    when : int64[rows]
        The period.
    kind : int8[rows]
        Bits `START` and `RETURN`: what happened in it.
    money : float64[rows]
        Sum of the amounts of return events.
    events : int64[rows]
        Return events.
    """
    ends = np.zeros(len(offsets), np.int64)
    when = np.empty(len(period), np.int64)
    kind = np.zeros(len(period), np.int8)
    money = np.zeros(len(period))
    events = np.zeros(len(period), np.int64)
    row = -1
    for customer in range(len(offsets) - 1):
        first_row, begun = row + 1, False
        for j in range(offsets[customer], offsets[customer + 1]):
            bits = role[event[j]]
            begun = begun or (bits & START) != 0
            if bits == 0 or not begun:
                continue
            if row < first_row or when[row] != period[j]:
                row += 1
                when[row] = period[j]
            kind[row] |= bits
            if bits & RETURN:
                events[row] += 1
                money[row] += 0.0 if np.isnan(amount[j]) else amount[j]
        ends[customer + 1] = row + 1
    return ends, when[: row + 1], kind[: row + 1], money[: row + 1], events[: row + 1]


@kernel
def triangle(
    ends: Array, when: Array, kind: Array, money: Array, base: int, ages: int, *, every: bool
) -> Array:
    """Count customers by cohort and age.

    Parameters
    ----------
    ends, when, kind, money : from `spells`
    base : the first period
    ages : the greatest age counted
    every : a customer joins a cohort in every period with a start, not only in the first

    Returns
    -------
    float64[periods, ages + 1, 3]
        Customers who came back just then; who came back then or at any time later; money.  Age 0 counts
        the whole cohort.
    """
    periods = (when.max() - base + 1) if len(when) else 0
    out = np.zeros((periods, ages + 1, 3))
    for customer in range(len(ends) - 1):
        lo, hi = ends[customer], ends[customer + 1]
        last = hi - 1
        while last >= lo and not kind[last] & RETURN:
            last -= 1
        for i in range(lo, hi if every else min(lo + 1, hi)):
            if not kind[i] & START:
                continue
            cohort = when[i] - base
            out[cohort, 0, 0] += 1
            out[cohort, 0, 2] += money[i]
            for j in range(i + 1, hi):
                if kind[j] & RETURN and when[j] - when[i] <= ages:
                    out[cohort, when[j] - when[i], 0] += 1
                    out[cohort, when[j] - when[i], 2] += money[j]
            reach = when[last] - when[i] if last > i else 0
            for age in range(min(reach, ages) + 1):
                out[cohort, age, 1] += 1
    return out
