"""Cohorts, returns and flows of all customers in one pass, with nothing kept of any customer.

What `ganj.kernels.retention.spells` lists for everyone is here made for one customer at a time, in a few rows
that stay in a core's cache, counted, and written over.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel
from ganj.kernels.retention import CLOCK, EVENTS, KIND, PERIOD, RETURN, START, Rule, followed

ACTIVE, NEW, KEPT, RETURNED, LEFT, MONEY = range(6)
"""Columns of the flow by period."""


@njit(nogil=True, cache=True)
def _role(j: int, code: Array, roles: Array) -> int:
    """Return the role of an event."""
    role: int = roles[code[j]] if len(code) else roles[0]
    return role


@njit(nogil=True, cache=True)
def _write(rows: Array, money: Array, n: int, period: int, kind: int, events: int, worth: float) -> None:
    rows[n, PERIOD] = rows[n, CLOCK] = period
    rows[n, KIND], rows[n, EVENTS], money[n] = kind, events, worth


@njit(nogil=True, cache=True)
def _spell(
    lo: int, hi: int, time: Array, edges: Array, code: Array, roles: Array, amount: Array,
    rows: Array, money: Array,
) -> int:  # fmt: skip
    """Write one customer's rows, one for each period in which something counted happened; return how many."""
    first = lo
    while first < hi and not _role(first, code, roles) & START:
        first += 1
    if first == hi:
        return 0
    n, at = 0, np.searchsorted(edges, time[first], side="right")
    before, kind, events, worth = edges[at], 0, 0, 0.0
    for j in range(first, hi):
        bits = _role(j, code, roles)
        if bits == 0:
            continue
        if time[j] >= before:
            _write(rows, money, n, at - 1, kind, events, worth)
            n += 1
            while time[j] >= edges[at]:
                at += 1
            before, kind, events, worth = edges[at], 0, 0, 0.0
        kind |= bits
        if bits & RETURN:
            events += 1
            if len(amount) and amount[j] == amount[j]:
                worth += amount[j]
    _write(rows, money, n, at - 1, kind, events, worth)
    return n + 1


@njit(nogil=True, cache=True)
def _flow(n: int, rows: Array, money: Array, flow: Array) -> None:
    """Count one customer as active, new, kept, returned and gone."""
    for k in range(n):
        period = rows[k, PERIOD]
        gap = period - rows[k - 1, PERIOD] if k else 0
        flow[period, ACTIVE] += 1
        flow[period, MONEY] += money[k]
        flow[period, NEW if k == 0 else KEPT if gap == 1 else RETURNED] += 1
        if k == n - 1 or rows[k + 1, PERIOD] != period + 1:
            flow[period + 1, LEFT] += 1


@kernel
def folded(
    offsets: Array, time: Array, edges: Array, code: Array, roles: Array, amount: Array, bins: Array, rule: Rule
) -> tuple[Array, Array]:  # fmt: skip
    """Count customers by cohort and bin of ages, and by period.

    Parameters
    ----------
    offsets, time : as in `Histories`
    edges : int64[periods + 1], µs; where periods begin, and where the last ends
    code : int32[events], into ``roles``; of no length where every event has the first role
    roles : int64[codes], bits `START` and `RETURN`
    amount : float64[events], or of no length
    bins, rule : as in `ganj.kernels.retention.triangle`

    Returns
    -------
    cells : float64[periods, bins, 3], as `ganj.kernels.retention.triangle`
    flow : float64[periods + 1, 6], customers active, new, kept, returned, gone; money
    """
    periods = len(edges) - 1
    size = bins[-1] + 1
    cells, flow = np.zeros((periods, size, 3)), np.zeros((periods + 1, 6))
    scratch = (np.zeros(size + 1, np.bool_), np.zeros(size), np.zeros(size, np.int64))
    rows, money = np.zeros((periods, 4), np.int64), np.zeros(periods)
    for customer in range(len(offsets) - 1):
        n = _spell(offsets[customer], offsets[customer + 1], time, edges, code, roles, amount, rows, money)
        followed(0, n, rows, money, bins, 0, rule, scratch, cells)
        _flow(n, rows, money, flow)
    return cells, flow
