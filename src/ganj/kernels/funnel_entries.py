"""How far a customer gets where one entry is followed at a time, as Mixpanel does."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import SECOND, Array
from ganj.kernels import kernel
from ganj.kernels.funnel_steps import NONE, VALUE_OF_ALL, chosen

GRACE = 2 * SECOND
"""Steps so close together may have been written down in either order."""


@njit(nogil=True, cache=True)
def _earlier(
    step: int, j: int, lo: int, time: Array, bits: Array, used: Array, value: Array, want: int, rules: Array
) -> int:
    """Return an unused event of ``step`` (from 0) within the grace before event ``j``, the latest; -1 if none."""
    k = j - 1
    while k >= lo and time[j] - time[k] <= GRACE:
        found = chosen(k, bits[k], k + 1, value, want, rules)
        if found > 0 and (found >> step) & 1:
            free = True
            for s in range(step):
                free = free and used[s] != k
            if free:
                return k
        k -= 1
    return -1


@njit(nogil=True, cache=True)
def _follow(
    j: int, level: int, lo: int, time: Array, bits: Array, used: Array, at: Array, value: Array, want: int,
    rules: Array,
) -> int:  # fmt: skip
    """Let event ``j`` be the next step, and then what lies within the grace before it the steps after that."""
    used[level], at[level] = j, time[j]
    level += 1
    while level < len(at):
        k = _earlier(level, j, lo, time, bits, used, value, want, rules)
        if k < 0:
            return level
        used[level], at[level] = k, time[j]
        level += 1
    return level


@kernel
def entered(
    starts: Array, ends: Array, stops: Array, want: Array,
    time: Array, bits: Array, bars: Array, value: Array, deadline: Array, rules: Array, steps: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Find the deepest step of any entry of each walk, and when its steps were taken.

    An entry begins with a step 1 and is followed until it has come through, its time is over, or an
    exclusion ends it; until then later steps 1 are ignored.  What it reached before an exclusion counts.

    Parameters and returned arrays as `ganj.kernels.funnel_steps.stepped`, without strict and optional steps.

    Notes
    -----
    O(events + events within the grace).  Source: docs.mixpanel.com/docs/reports/funnels, 2026.
    """
    depth = np.zeros(len(starts), np.int32)
    times = np.full((len(starts), steps), NONE, np.int64)
    used, at = np.empty(steps, np.int64), np.empty(steps, np.int64)
    for walk in range(len(starts)):
        level, best, end, lo = 0, 0, NONE, starts[walk]
        for j in range(starts[walk], ends[walk]):
            found = chosen(j, bits[j], stops[walk], value, want[walk], rules)
            unseen = rules[2] == VALUE_OF_ALL and value[j] != want[walk]
            if unseen or best == steps:
                continue
            if level and (time[j] > end or (bars[j] >> level) & 1):
                level, lo = 0, j
            if not (found >> level) & 1:
                continue
            if level == 0:
                end = deadline[j]
            level = _follow(j, level, lo, time, bits, used, at, value, want[walk], rules)
            if level > best:
                best = level
                times[walk, :level] = at[:level]
        depth[walk] = best
    return depth, times
