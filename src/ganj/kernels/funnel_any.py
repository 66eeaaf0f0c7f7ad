"""How many different steps of a funnel fall into one stretch of time, in any order."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel
from ganj.kernels.funnel_steps import NONE, chosen


@njit(nogil=True, cache=True)
def _place(j: int, time: Array, bits: Array, who: Array, came: Array) -> None:
    """Give event ``j`` a step, moving others where they fit elsewhere; where all are taken the oldest gives way.

    The events that stand are always the latest that can stand together (the greedy basis of a transversal
    matroid), so as many of them lie after any moment as could.
    """
    came[:] = -2
    oldest, free, fringe = -1, -1, bits[j]
    for s in range(len(who)):
        if (bits[j] >> s) & 1:
            came[s] = -1
    done = 0
    while fringe and free < 0:
        s = 0
        while not (fringe >> s) & 1:
            s += 1
        fringe &= ~(1 << s)
        done |= 1 << s
        if who[s] < 0:
            free = s
            break
        if oldest < 0 or time[who[s]] < time[who[oldest]]:
            oldest = s
        for other in range(len(who)):
            if (bits[who[s]] >> other) & 1 and came[other] == -2:
                came[other] = s
                fringe |= 1 << other
    s = free if free >= 0 else oldest
    while came[s] >= 0:
        who[s] = who[came[s]]
        s = came[s]
    who[s] = j


@njit(nogil=True, cache=True)
def _look(lo: int, hi: int, time: Array, seen: Array, bars: Array, deadline: Array, clean: Array) -> None:
    """Tell which events no exclusion follows in their time: only those may be the first of a set."""
    after, now = NONE, NONE  # the next exclusion, and one of the moment that is looked at
    for j in range(hi - 1, lo - 1, -1):
        if j + 1 < hi and time[j + 1] != time[j] and now != NONE:
            after, now = now, NONE
        clean[j] = seen[j] > 0 and (after == NONE or after > deadline[j])
        if seen[j] >= 0 and bars[j]:
            now = time[j]


@njit(nogil=True, cache=True)
def _moment(lo: int, hi: int, time: Array, seen: Array, bars: Array, who: Array, came: Array) -> bool:
    """Process the events of one moment; tell whether all steps stand.

    An exclusion ends what stood before it, unless that came through in the same moment.
    """
    for j in range(lo, hi):
        if seen[j] > 0:
            _place(j, time, seen, who, came)
    if who.min() >= 0:
        return True
    for j in range(lo, hi):
        if seen[j] >= 0 and bars[j]:
            who[:] = -1
    for j in range(lo, hi):
        if seen[j] > 0 and who.max() < 0:
            for k in range(j, hi):
                if seen[k] > 0:
                    _place(k, time, seen, who, came)
    return bool(who.min() >= 0)


@njit(nogil=True, cache=True)
def _beginner(last: int, lo: int, hi: int, stop: int, time: Array, seen: Array, deadline: Array) -> int:
    """Return the latest event before ``stop`` that a set which stands at the moment lo … hi may begin with; -1 if none.

    ``last`` is what it was before; an exclusion of an earlier moment has ended it.
    """
    if last >= 0 and deadline[last] < time[lo]:
        last = -1
    for j in range(lo, min(hi, stop)):
        last = j if seen[j] > 0 else last
    return last


@njit(nogil=True, cache=True)
def _outlasts(last: int, lo: int, hi: int, time: Array, seen: Array, bars: Array) -> int:
    """Return ``last`` unless an exclusion among the events lo … hi, of one moment, ends what began before it."""
    if last < 0 or time[last] == time[lo]:
        return last
    for j in range(lo, hi):
        if seen[j] >= 0 and bars[j]:
            return -1
    return last


@njit(nogil=True, cache=True)
def _begin_with(last: int, stop: int, seen: Array, who: Array) -> None:
    """Let a whole set begin before ``stop``: event ``last`` takes a step, where all others came later."""
    if who.min() < stop:
        return
    for s in range(len(who)):
        if (seen[last] >> s) & 1:
            who[s] = last
            return


@kernel
def unordered(
    starts: Array, ends: Array, stops: Array, want: Array,
    time: Array, bits: Array, bars: Array, value: Array, deadline: Array, rules: Array, steps: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Find the greatest number of different steps within one window, and when they were taken.

    Parameters and returned arrays as `ganj.kernels.funnel_steps.stepped`; ``deadline`` counts from any event, and
    an event serves one step.  A set begins before the event ``stops``.  It counts unless an exclusion falls into the time from its first event, before
    all steps are there.

    Notes
    -----
    O(events × steps²).  Source: PostHog, funnel-udf/src/unordered_steps.rs, 2026; Edmonds and Fulkerson,
    Transversals and matroid partition, 1965.
    """
    depth = np.zeros(len(starts), np.int32)
    times = np.full((len(starts), steps), NONE, np.int64)
    who, came = np.empty(steps, np.int64), np.empty(steps, np.int64)
    seen, clean = bits.copy(), np.ones(len(bits), np.bool_)
    for walk in range(len(starts)):
        lo, hi = starts[walk], ends[walk]
        for j in range(lo, hi):
            seen[j] = chosen(j, bits[j], hi, value, want[walk], rules)
        _look(lo, hi, time, seen, bars, deadline, clean)
        who[:] = -1
        best, j, first, last = 0, lo, lo, -1
        while j < hi and best < steps:
            end = j + 1
            while end < hi and time[end] == time[j]:
                end += 1
            for s in range(steps):
                if who[s] >= 0 and deadline[who[s]] < time[j]:
                    who[s] = -1
            last = _beginner(last, j, end, stops[walk], time, seen, deadline)
            whole = _moment(j, end, time, seen, bars, who, came) and last >= 0
            if whole:
                _begin_with(last, stops[walk], seen, who)
            last = _outlasts(last, j, end, time, seen, bars)
            while first < end and (not clean[first] or deadline[first] < time[j]):
                first += 1
            begun = whole or first < min(end, stops[walk])
            found = who[who >= (0 if whole else first)] if begun else who[:0]
            if len(found) > best:
                best = len(found)
                times[walk, :best] = np.sort(time[found])
            j = end
        depth[walk] = best
    return depth, times
