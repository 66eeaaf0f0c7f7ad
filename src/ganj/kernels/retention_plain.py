"""Cohorts of the first start ever and their returns, in one pass, with nothing kept of any customer.

What `ganj.kernels.retention_fold` says of any rule, for the one that is nearly always asked: a customer joins the
cohort of the first start only, and one return in a period is enough.  Then each period of a customer is counted
the moment it is over.  What left and what returned follows from what was there and what stayed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel
from ganj.kernels.retention import RETURN, START

ACTIVE, NEW, KEPT, RETURNED, LEFT, MONEY = range(6)
"""Columns of the flow by period."""


@njit(nogil=True, cache=True, inline="always")
def _role(j: int, code: Array, roles: Array) -> int:
    """Return the role of an event."""
    role: int = roles[code[j]] if len(code) else roles[0]
    return role


@njit(nogil=True, cache=True, inline="always")
def _count(
    period: int, before: int, first: int, place: int, back: bool, worth: float, bins: Array, cells: Array, flow: Array
) -> int:  # fmt: skip
    """Count one period of a customer, ``before`` being the one counted before it; return the bin of the last return."""
    flow[period, ACTIVE] += 1
    flow[period, KEPT] += before + 1 == period
    flow[period, MONEY] += worth
    if not back:
        return place
    age = period - first
    if age >= len(bins):
        return int(cells.shape[1])
    now: int = bins[age]
    cells[first, now, 0] += now != place
    cells[first, now, 2] += worth
    return now


@njit(nogil=True, cache=True, inline="always")
def _one(
    lo: int, hi: int, time: Array, edges: Array, code: Array, roles: Array, amount: Array, bins: Array,
    cells: Array, flow: Array,
) -> tuple[int, int]:  # fmt: skip
    """Count one customer; return the cohort, -1 for none, and the bin of the last return."""
    j = lo
    while j < hi and not _role(j, code, roles) & START:
        j += 1
    if j == hi:
        return -1, 0
    at = np.searchsorted(edges, time[j], side="right")
    first, before, place = at - 1, -2, 0
    over, back, worth = edges[at], False, 0.0
    for k in range(j, hi):
        bits = _role(k, code, roles)
        if bits == 0:
            continue
        if time[k] >= over:
            place = _count(at - 1, before, first, place, back, worth, bins, cells, flow)
            before = at - 1
            while time[k] >= edges[at]:
                at += 1
            over, back, worth = edges[at], False, 0.0
        if bits & RETURN:
            back = True
            if len(amount) and amount[k] == amount[k]:
                worth += amount[k]
    return first, _count(at - 1, before, first, place, back, worth, bins, cells, flow)


@kernel
def plainly(
    offsets: Array, time: Array, edges: Array, code: Array, roles: Array, amount: Array, bins: Array
) -> tuple[Array, Array]:  # fmt: skip
    """Count customers by the cohort of their first start and bin of ages, and by period.

    Parameters and returned arrays as `ganj.kernels.retention_fold.folded`.
    """
    periods, size = len(edges) - 1, bins[-1] + 1
    cells, flow = np.zeros((periods, size, 3)), np.zeros((periods + 1, 6))
    reach = np.zeros(
        (periods, size + 1)
    )  # customers by the bin of their last return; one more: after the last
    for customer in range(len(offsets) - 1):
        lo, hi = offsets[customer], offsets[customer + 1]
        cohort, place = _one(lo, hi, time, edges, code, roles, amount, bins, cells, flow)
        if cohort >= 0:
            reach[cohort, place] += 1
            flow[cohort, NEW] += 1
    for cohort in range(periods):
        later = reach[cohort, size]
        for place in range(size - 1, -1, -1):
            later += reach[cohort, place]
            cells[cohort, place, 1] = later
        cells[cohort, 0, 0] = later
        flow[cohort, RETURNED] = flow[cohort, ACTIVE] - flow[cohort, NEW] - flow[cohort, KEPT]
        flow[cohort + 1, LEFT] = flow[cohort, ACTIVE] - flow[cohort + 1, KEPT]
    return cells, flow
