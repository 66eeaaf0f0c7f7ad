"""What a customer's history says at a cut-off, and what came after it.

`features` never looks at an event at or after the cut-off and `outcomes` is asked of a window after it, so a
model that learns the second from the first has seen nothing of the time it is tried on.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

FIGURES = 24
"""Columns that do not depend on names of events; `ganj.models.learning.naming` says what each is."""
(SILENCE, RELATIVE, KNOWN, IDLE, DAYS, DAYS_1, DAYS_2, DAYS_3, GAP, UNEVEN, LAST_GAP, MONEY, MONEY_1, MONEY_2,
 MONEY_3, EACH, DAYS_TREND, MONEY_TREND, EVENTS_1, EVENTS_2, EVENTS_3, EVENTS, EVENTS_TREND, SPAN) = range(24)  # fmt: skip
DAY = 86_400_000_000  # µs
BEFORE, COUNT, SUM, SINCE = range(4)
"""Columns of `outcomes`."""


@njit(nogil=True, cache=True, inline="always")
def _counts(
    lo: int, hi: int, time: Array, money: Array, marks: Array, cut: int, windows: Array, row: Array
) -> None:
    """Count events, money and marks by how long before the cut-off they were."""
    width = (len(row) - FIGURES) // 2
    row[IDLE] = (cut - time[hi - 1]) / DAY
    row[EVENTS] = hi - lo
    for j in range(lo, hi):
        age = cut - time[j]
        row[MONEY] += money[j]
        for k in range(len(marks)):
            if marks[k, j] >= 0:
                row[FIGURES + width + marks[k, j]] += 1
        if age > windows[2]:
            continue
        row[EVENTS_3] += 1
        row[MONEY_3] += money[j]
        if age > windows[1]:
            if age <= 2 * windows[1]:
                row[EVENTS_TREND] += 1
                row[MONEY_TREND] += money[j]
            continue
        row[EVENTS_2] += 1
        row[MONEY_2] += money[j]
        for k in range(len(marks)):
            if marks[k, j] >= 0:
                row[FIGURES + marks[k, j]] += 1
        if age <= windows[0]:
            row[EVENTS_1] += 1
            row[MONEY_1] += money[j]


@njit(nogil=True, cache=True, inline="always")
def _days(
    lo: int, hi: int, time: Array, active: Array, cut: int, shift: int, windows: Array, row: Array
) -> None:
    """Measure the days on which a customer was active, and the gaps between them."""
    first, last, day, squares = -1, -1, np.int64(0), 0.0
    for j in range(lo, hi):
        if not active[j]:
            continue
        this = (time[j] + shift) // DAY
        if last < 0:
            first = j
        if last >= 0 and this == day:
            last = j
            continue
        age = cut - time[j]
        row[DAYS] += 1
        for w in range(3):
            row[DAYS_1 + w] += age <= windows[w]
        row[DAYS_TREND] += windows[1] < age <= 2 * windows[1]
        if last >= 0:
            row[LAST_GAP] = this - day
            squares += float(this - day) * float(this - day)
        last, day = j, this
    if last < 0:
        return
    row[SILENCE], row[KNOWN] = (cut - time[last]) / DAY, (cut - time[first]) / DAY
    row[SPAN] = day - (time[first] + shift) // DAY
    _gaps(squares, row)


@njit(nogil=True, cache=True, inline="always")
def _gaps(squares: float, row: Array) -> None:
    """Say how long the gaps are, how uneven, and how long the silence is beside them."""
    gaps = row[DAYS] - 1
    if gaps > 0:
        mean = row[SPAN] / gaps
        row[GAP], row[RELATIVE] = mean, row[SILENCE] / mean
        row[UNEVEN] = np.sqrt(max(squares / gaps - mean * mean, 0.0)) / mean
    else:
        row[LAST_GAP] = np.nan


@njit(nogil=True, cache=True, inline="always")
def _trends(row: Array) -> None:
    """Set what was of late beside the same time before it, as logarithms of ratios."""
    row[EVENTS_TREND] = np.log((row[EVENTS_2] + 1) / (row[EVENTS_TREND] + 1))
    row[DAYS_TREND] = np.log((row[DAYS_2] + 1) / (row[DAYS_TREND] + 1))
    each = max(row[MONEY] / row[DAYS], np.float32(0)) if row[DAYS] > 0 else np.float32(0)
    lately, before = max(row[MONEY_2], np.float32(0)), max(row[MONEY_TREND], np.float32(0))
    row[MONEY_TREND] = np.log((lately + each) / (before + each)) if each > 0 else 0.0
    row[EACH] = row[MONEY] / row[DAYS] if row[DAYS] > 0 else np.nan


@kernel
def features(
    offsets: Array,
    time: Array,
    active: Array,
    money: Array,
    marks: Array,
    width: int,
    cut: int,
    shift: int,
    windows: Array,
) -> Array:
    """Measure every customer's events before a cut-off.

    Parameters
    ----------
    offsets : int64[customers + 1]
    time : int64[events], µs UTC
    active : bool[events], what makes a customer a customer: orders, say
    money : float64[events], 0 where there is none
    marks : int32[kinds, events], the columns in which an event is counted, -1 none; below ``width``
    cut : µs UTC
    shift : µs added to a time for the local day it is in
    windows : int64[3], µs, ascending: how far back is just now, of late, and a year

    Returns
    -------
    float32[customers, FIGURES + 2 * width]
        Lengths of time in days; nan where there is nothing to measure.  Of each mark first the count within the
        second window, after all of these the count of all time.
    """
    found = np.zeros((len(offsets) - 1, FIGURES + 2 * width), np.float32)
    for i in range(len(offsets) - 1):
        row, lo, hi = found[i], offsets[i], offsets[i + 1]
        hi = lo + np.searchsorted(time[lo:hi], cut)
        for column in (SILENCE, RELATIVE, KNOWN, GAP, UNEVEN, LAST_GAP, IDLE):
            row[column] = np.nan
        if hi > lo:
            _counts(lo, hi, time, money, marks, cut, windows, row)
            _days(lo, hi, time, active, cut, shift, windows, row)
        _trends(row)
    return found


@kernel
def outcomes(
    offsets: Array, time: Array, counted: Array, figure: Array, cut: int, begin: int, end: int
) -> Array:
    """Measure what came after a cut-off.

    Parameters
    ----------
    counted : bool[events], what is looked for
    figure : float64[events], what is added up of it
    cut, begin, end : µs UTC; the window is from ``begin``, which is not before ``cut``, to before ``end``

    Returns
    -------
    float64[customers, 4]
        How many before ``cut``, how many in the window, their sum, and days from the last one before ``begin``
        to ``end`` (inf where there is none).
    """
    found = np.zeros((len(offsets) - 1, 4))
    found[:, SINCE] = np.inf
    for i in range(len(offsets) - 1):
        for j in range(offsets[i], offsets[i + 1]):
            if time[j] >= end:
                break
            if not counted[j]:
                continue
            if time[j] < begin:
                found[i, BEFORE] += time[j] < cut
                found[i, SINCE] = (end - time[j]) / DAY
            else:
                found[i, COUNT] += 1
                found[i, SUM] += figure[j]
    return found
