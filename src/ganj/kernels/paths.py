"""Cutting histories into paths: a few steps one after another."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

NOTHING, SKIPPED = -1, -3
"""No step; steps left out between the two halves of a long path."""


@kernel
def sessions(offsets: Array, time: Array, gap: int) -> Array:
    """Find where sessions begin: with each customer, and after ``gap`` µs or more of silence.

    Returns
    -------
    int64[sessions + 1]
        Events ``starts[k]:starts[k + 1]`` are session ``k``.
    """
    starts = np.empty(len(time) + 1, np.int64)
    size = 0
    for customer in range(len(offsets) - 1):
        for j in range(offsets[customer], offsets[customer + 1]):
            if j == offsets[customer] or time[j] - time[j - 1] >= gap:
                starts[size] = j
                size += 1
    starts[size] = len(time)
    return starts[: size + 1]


@njit(nogil=True, cache=True)
def runs(starts: Array, step: Array, collapse: bool) -> tuple[Array, Array]:
    """Keep of equal steps in a row only the last.

    Parameters
    ----------
    starts : int64[sessions + 1]
    step : int32[events]

    Returns
    -------
    at : int64[kept], positions of the events that stay
    ends : int64[sessions + 1], ``at[ends[k]:ends[k + 1]]`` are of session ``k``
    """
    at = np.empty(len(step), np.int64)
    ends = np.zeros(len(starts), np.int64)
    size = 0
    for k in range(len(starts) - 1):
        for j in range(starts[k], starts[k + 1]):
            last = j + 1 == starts[k + 1]
            if last or not collapse or step[j + 1] != step[j]:
                at[size] = j
                size += 1
        ends[k + 1] = size
    return at[:size], ends


@njit(nogil=True, cache=True)
def _put(
    row: int, column: int, j: int, before: int, step: Array, time: Array, path: Array, wait: Array
) -> None:
    """Write one step of a path and how long it took to come."""
    path[row, column] = step[j]
    wait[row, column] = time[j] - time[before] if before >= 0 else 0


@kernel
def cut(
    at: Array, ends: Array, time: Array, step: Array, start: int, end: int, steps: int
) -> tuple[Array, Array, Array, Array]:
    """Cut each session from where it starts to where it ends, a few steps long.

    Parameters
    ----------
    at, ends : as `runs` gives them
    start, end : codes of the step a path begins or ends with; `NOTHING` for any
    steps : most steps of a path

    Returns
    -------
    session : int64[paths], sessions without the asked steps have no path
    path : int32[paths, steps], `NOTHING` after the end; a long path from ``start`` to ``end`` keeps both
        halves, and `SKIPPED` between them where ``steps`` is odd
    wait : int64[paths, steps], µs since the step before
    whole : bool[paths], whether the path goes to the end of its session, or to ``end``
    """
    n = len(ends) - 1
    session, whole = np.empty(n, np.int64), np.zeros(n, np.bool_)
    path, wait = np.full((n, steps), NOTHING, np.int32), np.zeros((n, steps), np.int64)
    row = 0
    for k in range(n):
        lo, hi = ends[k], ends[k + 1]
        if start != NOTHING:
            while lo < hi and step[at[lo]] != start:
                lo += 1
        if end != NOTHING:
            last = lo
            while last < hi and step[at[last]] != end:
                last += 1
            hi = last + 1 if last < hi else lo
        if lo >= hi:
            continue
        head, tail = min(hi - lo, steps), 0
        if hi - lo > steps and end != NOTHING:
            head, tail = (0, steps) if start == NOTHING else (steps // 2, steps // 2)
        for i in range(head):
            _put(row, i, at[lo + i], at[lo + i - 1] if i else -1, step, time, path, wait)
        first = steps - tail
        if 0 < head < first and tail:
            path[row, head] = SKIPPED
        for i in range(tail):
            j = hi - tail + i
            before = at[j - 1] if i else (at[lo + head - 1] if head and head == first else -1)
            _put(row, first + i, at[j], before, step, time, path, wait)
        session[row], whole[row] = k, tail > 0 or head == hi - lo
        row += 1
    return session[:row], path[:row], wait[:row], whole[:row]


@kernel
def around(
    at: Array,
    ends: Array,
    time: Array,
    step: Array,
    anchor: int,
    before: int,
    after: int,
    window: int,
    every: bool,
) -> tuple[Array, Array, Array, Array]:
    """Take the steps before and after an anchor.

    Parameters
    ----------
    at, ends : as `runs` gives them, whole histories as sessions
    window : µs from the anchor within which steps count, the last moment included
    every : every anchor begins a flow, or only the first of each history

    Returns
    -------
    As `cut`, [before + 1 + after] wide, the anchor in column ``before``; ``whole`` whether nothing followed.
    """
    width = before + 1 + after
    most = len(at) if every else len(ends) - 1
    session, whole = np.empty(most, np.int64), np.zeros(most, np.bool_)
    path, wait = np.full((most, width), NOTHING, np.int32), np.zeros((most, width), np.int64)
    row = 0
    for k in range(len(ends) - 1):
        for i in range(ends[k], ends[k + 1]):
            if step[at[i]] != anchor:
                continue
            t, lo, hi = time[at[i]], i, i
            while lo > ends[k] and i - lo < before and t - time[at[lo - 1]] <= window:
                lo -= 1
            while hi + 1 < ends[k + 1] and hi - i < after and time[at[hi + 1]] - t <= window:
                hi += 1
            for m in range(lo, hi + 1):
                _put(row, before + m - i, at[m], at[m - 1] if m > lo else -1, step, time, path, wait)
            more = hi + 1 < ends[k + 1] and time[at[hi + 1]] - t <= window
            session[row], whole[row] = k, not more
            row += 1
            if not every:
                break
    return session[:row], path[:row], wait[:row], whole[:row]


@njit(nogil=True, cache=True)
def returns(starts: Array, at: Array, ends: Array, step: Array) -> tuple[Array, Array, Array]:
    """List the loops: a step taken again at once, or again with one other step between.

    Returns
    -------
    session : int64[loops]
    step : int32[loops], what is taken again
    by : int32[loops], the step between; `NOTHING` where it is taken again at once
    """
    most = 2 * len(step)
    session, again, by = np.empty(most, np.int64), np.empty(most, np.int32), np.empty(most, np.int32)
    size = 0
    for k in range(len(starts) - 1):
        for j in range(starts[k] + 1, starts[k + 1]):
            if step[j] == step[j - 1]:
                session[size], again[size], by[size] = k, step[j], NOTHING
                size += 1
        for i in range(ends[k] + 2, ends[k + 1]):
            if step[at[i]] == step[at[i - 2]] and step[at[i - 1]] != step[at[i]]:
                session[size], again[size], by[size] = k, step[at[i]], step[at[i - 1]]
                size += 1
    return session[:size], again[:size], by[:size]
