"""What each customer bought: how often, when first and last, for how much."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.kernels import kernel

BOUGHT, RETURNED = 1, 2
"""Roles of an event; 0 is any other."""
EVER = np.iinfo(np.int64).min
NEVER_ENDS = np.iinfo(np.int64).max


def roles(names: int, bought: Array, returned: Array) -> Array:
    """Return the role of each event code: int8[names + 1].

    Parameters
    ----------
    names : how many event names there are
    bought, returned : int32 codes; -1 for names that never occurred
    """
    role = np.zeros(names + 1, np.int8)
    role[returned[returned >= 0]] = RETURNED
    role[bought[bought >= 0]] = BOUGHT
    return role


@kernel
def totals(
    offsets: Array, time: Array, event: Array, amount: Array, role: Array, since: int, until: int
) -> Array:
    """Fold each customer's orders and returns.

    Parameters
    ----------
    offsets, time, event, amount : as in `Histories`; an amount that is nan counts as nothing
    role : int8[names + 1], see `roles`
    since, until : µs UTC; what is before ``since`` only tells the first order ever

    Returns
    -------
    float64[customers, 7]
        Orders, their sum, time of the first ever and of the last (nan where there is none), returns,
        their sum as a positive number, events of any kind.  Times are whole µs, exact in float64 until
        the year 2255.
    """
    out = np.zeros((len(offsets) - 1, 7))
    for customer in range(len(offsets) - 1):
        first = last = np.nan
        for j in range(offsets[customer], offsets[customer + 1]):
            kind = role[event[j]]
            if time[j] >= until:
                break
            if kind == BOUGHT and np.isnan(first):
                first = time[j]
            if time[j] < since:
                continue
            out[customer, 6] += 1
            if kind == 0:
                continue
            value = 0.0 if np.isnan(amount[j]) else amount[j]
            if kind == BOUGHT:
                last = time[j]
                out[customer, 0] += 1
                out[customer, 1] += value
            else:
                out[customer, 4] += 1
                out[customer, 5] += abs(value)
        out[customer, 2], out[customer, 3] = first, last
    return out


@kernel
def by_period(
    offsets: Array,
    time: Array,
    period: Array,
    event: Array,
    amount: Array,
    role: Array,
    base: int,
    since: int,
) -> Array:
    """Add up orders and count distinct customers by period.

    Parameters
    ----------
    offsets, time, event, amount, role : as in `totals`
    period : int64[events], ordinals, ascending within a customer
    base : the first period
    since : µs UTC; what is before only tells who is new

    Returns
    -------
    float64[periods, 6]
        Orders, their sum, the sum of returns, customers with any event, buyers, buyers whose first order
        ever lies in the same period.
    """
    periods = (period.max() - base + 1) if len(period) else 0
    out = np.zeros((periods, 6))
    for customer in range(len(offsets) - 1):
        active = bought = -1
        begun = periods  # the period of the first order ever; none yet
        for j in range(offsets[customer], offsets[customer + 1]):
            at, kind = period[j] - base, role[event[j]]
            value = 0.0 if np.isnan(amount[j]) else amount[j]
            if time[j] >= since:
                if at != active:
                    active = at
                    out[at, 3] += 1
                if kind == BOUGHT:
                    out[at, 0] += 1
                    out[at, 1] += value
                    if at != bought:
                        bought = at
                        out[at, 4] += 1
                        out[at, 5] += 1 if begun >= at else 0
                elif kind == RETURNED:
                    out[at, 2] += abs(value)
            if kind == BOUGHT:
                begun = min(begun, at)
    return out
