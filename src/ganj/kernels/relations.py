"""Which of a customer's events lie before, after or between others."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

EVER, BEFORE, AFTER, BETWEEN = 0, 1, 2, 3


@kernel
def related(offsets: Array, time: Array, rows: Array, others: Array, relation: int) -> tuple[Array, Array]:
    """Find for each row which of some other events of its customer stand in a relation to it.

    Parameters
    ----------
    offsets, time : as in `Histories`
    rows : int64[rows], positions of events, ascending
    others : int64[others], positions of events, ascending
    relation : `EVER`; `BEFORE`, strictly earlier; `AFTER`, strictly later; `BETWEEN`, strictly later than the row
        and strictly earlier than the customer's next row

    Returns
    -------
    lo, hi : int64[rows]
        ``others[lo:hi]``; empty where ``lo == hi``.

    Notes
    -----
    One pass, O(events + rows): all borders only move on.
    """
    lo, hi = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    row, first = 0, 0
    for customer in range(len(offsets) - 1):
        stop = offsets[customer + 1]
        last = first
        while last < len(others) and others[last] < stop:
            last += 1
        below, above = first, first  # others earlier than the row; others no later than it
        while row < len(rows) and rows[row] < stop:
            t = time[rows[row]]
            while below < last and time[others[below]] < t:
                below += 1
            above = max(above, below)
            while above < last and time[others[above]] <= t:
                above += 1
            lo[row], hi[row] = first, last
            if relation == BEFORE:
                hi[row] = below
            elif relation == AFTER:
                lo[row] = above
            elif relation == BETWEEN:
                lo[row] = above
                more = row + 1 < len(rows) and rows[row + 1] < stop
                end = above
                while end < last and (not more or time[others[end]] < time[rows[row + 1]]):
                    end += 1
                hi[row] = end
            row += 1
        first = last
    return lo, hi


@njit(nogil=True, cache=True)
def sums(values: Array, lo: Array, hi: Array, relation: int) -> tuple[Array, Array]:
    """Add up the numbers of the ranges that `related` found: float64[rows], and int64[rows] how many are numbers.

    Ranges of one customer begin at one place (before, ever) or end at one place (after), so each sum goes on
    from its neighbour's; O(values + rows).
    """
    total, size = np.zeros(len(lo)), np.zeros(len(lo), np.int64)
    for k in range(len(lo)):
        row = len(lo) - 1 - k if relation == AFTER else k
        near = row + 1 if relation == AFTER else row - 1
        start, stop = lo[row], hi[row]
        if k and relation == AFTER and hi[near] == stop and start <= lo[near]:
            total[row], size[row], stop = total[near], size[near], lo[near]
        elif k and relation != AFTER and lo[near] == start and hi[near] <= stop:
            total[row], size[row], start = total[near], size[near], hi[near]
        for j in range(start, stop):
            if not np.isnan(values[j]):
                total[row] += values[j]
                size[row] += 1
    return total, size
