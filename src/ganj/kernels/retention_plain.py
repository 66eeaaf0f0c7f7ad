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


@njit(nogil=True, cache=True)
def _one(
    lo: int, hi: int, time: Array, edges: Array, code: Array, roles: Array, amount: Array, bins: Array,
    size: np.uint64, cells: Array, flow: Array,
) -> tuple[np.int64, np.int64]:  # fmt: skip
    """Count one customer; return the cohort, -1 for none, and the bin of the last return.

    ``cells`` has a bin more of each cohort, which nobody looks at, and ``cells`` and ``flow`` lie flat: places are
    numbers without a sign, which need no check.  All is said in one function, because handing the arrays to another
    one for each period costs more than the sums do.
    """
    one, k, end = np.uint64(1), np.uint64(lo), np.uint64(hi)
    various, priced, alone = len(code) > 0, len(amount) > 0, roles[0]
    while k < end and not (roles[code[k]] if various else alone) & START:
        k += one
    if k == end:
        return np.int64(-1), np.int64(0)
    at = np.uint64(np.searchsorted(edges, time[k], side="right"))
    first, after, place = at - one, np.uint64(len(edges)), np.uint64(0)
    row = first * (size + one)
    while k < end:
        while time[k] >= edges[at]:
            at += one
        over, bits, worth = edges[at], np.int64(0), 0.0
        while k < end and time[k] < over:
            role = roles[code[k]] if various else alone
            bits |= role
            if priced and role & RETURN:
                worth += amount[k] if amount[k] == amount[k] else 0.0
            k += one
        period = at - one
        if bits:
            flow[period * np.uint64(6)] += 1.0
            flow[period * np.uint64(6) + np.uint64(KEPT)] += 1.0 if after == period else 0.0
            after = at
        if bits & RETURN:
            flow[period * np.uint64(6) + np.uint64(MONEY)] += worth
            age = period - first
            now = np.uint64(bins[age]) if age < np.uint64(len(bins)) else size
            cells[(row + now) * np.uint64(3)] += 1.0 if now != place else 0.0
            cells[(row + now) * np.uint64(3) + np.uint64(2)] += worth
            place = now
    return np.int64(first), np.int64(place)


@kernel
def plainly(
    offsets: Array, time: Array, edges: Array, code: Array, roles: Array, amount: Array, bins: Array
) -> tuple[Array, Array]:  # fmt: skip
    """Count customers by the cohort of their first start and bin of ages, and by period.

    Parameters and returned arrays as `ganj.kernels.retention_fold.folded`.
    """
    periods, size = len(edges) - 1, bins[-1] + 1
    wide, flow = np.zeros((periods, size + 1, 3)), np.zeros((periods + 1, 6))
    flat, across = wide.reshape(-1), flow.reshape(-1)
    reach = np.zeros((periods, size + 1))  # by the bin of the last return; one more: after the last bin
    for customer in range(len(offsets) - 1):
        lo, hi = offsets[customer], offsets[customer + 1]
        cohort, place = _one(
            lo, hi, time, edges, code, roles, amount, bins, np.uint64(size), flat, across
        )  # fmt: skip
        if cohort >= 0:
            reach[cohort, place] += 1
            flow[cohort, NEW] += 1
    cells = wide[:, :size].copy()
    for first in range(periods):
        later = reach[first, size]
        for number in range(size - 1, -1, -1):
            later += reach[first, number]
            cells[first, number, 1] = later
        cells[first, 0, 0] = later
        flow[first, RETURNED] = flow[first, ACTIVE] - flow[first, NEW] - flow[first, KEPT]
        flow[first + 1, LEFT] = flow[first, ACTIVE] - flow[first + 1, KEPT]
    return cells, flow
