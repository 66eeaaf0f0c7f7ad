"""How far each customer gets through ordered steps, in time."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel
from ganj.kernels.funnel_few import LONGEST, slots, walked

NONE = np.iinfo(np.int64).min
"""No attempt stands at this step."""


@njit(nogil=True, cache=True)
def _reach(step: int, j: int, t: int, begun: Array, at: Array, used: Array, within: int) -> bool:
    """Let event ``j`` at ``t`` take a step of the attempt that stands before it; tell whether it did."""
    start = t if step == 1 else begun[step - 1]
    if start == NONE or t - start > within or begun[step] == start:
        return False
    for k in range(step - 1):
        if used[step - 1, k] == j:
            return False
    begun[step] = start
    for k in range(step - 1):
        at[step, k] = at[step - 1, k]
        used[step, k] = used[step - 1, k]
    at[step, step - 1] = t
    used[step, step - 1] = j
    return True


@njit(nogil=True, cache=True)
def _one(j: int, t: int, bits: int, best: int, begun: Array, at: Array, used: Array, within: int) -> int:
    """Offer one event every step it matches, the last step first, so that it serves only one."""
    for step in range(at.shape[1], 0, -1):
        if (bits >> (step - 1)) & 1 and _reach(step, j, t, begun, at, used, within) and step > best:
            best = step
            at[0, :step] = at[step, :step]
    return best


@njit(nogil=True, cache=True)
def _instant(
    lo: int, hi: int, t: int, bits: Array, best: int, begun: Array, at: Array, used: Array, within: int
) -> int:
    """Process the events ``lo:hi`` of one instant, whose order nobody knows.

    Where they differ they are taken in the order of the steps, so A and B of the same instant convert
    whichever was written first.
    """
    alike, first = True, 0
    for j in range(lo, hi):
        if bits[j - lo]:
            first = first or bits[j - lo]
            alike = alike and bits[j - lo] == first
    if alike:
        for j in range(lo, hi):
            best = _one(j, t, bits[j - lo], best, begun, at, used, within)
        return best
    for step in range(1, at.shape[1] + 1):
        for j in range(lo, hi):
            one_step = bits[j - lo] & (1 << (step - 1))
            best = _one(j, t, one_step, best, begun, at, used, within)
    return best


@njit(nogil=True, cache=True)
def _careful(
    lo: int,
    hi: int,
    time: Array,
    event: Array,
    mask: Array,
    begun: Array,
    at: Array,
    used: Array,
    within: int,
) -> int:
    """Return the deepest step of one customer, whose moments may hold different steps; times go to ``at[0]``."""
    begun[:] = NONE
    best, j = 0, lo
    while j < hi and best < at.shape[1]:
        bits = mask[event[j]]
        if bits == 0:
            j += 1
            continue
        end = j + 1
        while end < hi and time[end] == time[j]:
            end += 1
        if end == j + 1:
            best = _one(j, time[j], bits, best, begun, at, used, within)
        else:
            best = _instant(j, end, time[j], mask[event[j:end]], best, begun, at, used, within)
        j = end
    return best


@njit(nogil=True, cache=True, inline="always")
def _near(lo: int, hi: int, event: Array, only: Array, near: Array) -> int:
    """List the events of a customer that may be a step, without a branch that would be guessed wrong; return how many."""
    n = 0
    for j in range(lo, hi):
        near[n] = j
        n += only[event[j]] != 0
    return n


@njit(nogil=True, cache=True, inline="always")
def _quick(
    near: Array, size: int, time: Array, event: Array, mask: Array, only: Array, stand: Array, within: int
) -> tuple[int, int]:
    """Return the deepest step and the first event of that attempt; -1 where a moment holds different steps.

    ``near[:size]`` are the events that may be steps.  ``stand[s]`` is the first event of the latest attempt at
    step ``s``.  It never goes back to an older one, so the first attempt is all that must be kept: its steps
    are the next event of each step, one after another.
    """
    stand[:] = -1
    steps = len(stand) - 1
    best, winner, before, then = 0, -1, 0, NONE
    for n in range(size):
        j = near[n]
        step, t = only[event[j]], time[j]
        if best == steps and t != then:
            break
        bits = mask[event[j]]
        if t == then and bits != before:
            return -1, -1
        before, then = bits, t
        if best == steps:
            continue
        for s in range(step if step > 0 else steps, (step if step > 0 else 1) - 1, -1):
            if not (bits >> (s - 1)) & 1:
                continue
            first = j if s == 1 else stand[s - 1]
            if first < 0 or t - time[first] > within:
                continue
            if stand[s] >= 0 and time[stand[s]] == time[first]:
                continue
            stand[s] = first
            if s > best:
                best, winner = s, first
    return best, winner


@kernel
def deepest(
    offsets: Array, time: Array, event: Array, mask: Array, steps: int, within: int
) -> tuple[Array, Array]:
    """Find the deepest step each customer reaches, and when the steps of that attempt were taken.

    An attempt begins with every event of step 1.  At each step only the *latest* attempt is kept: it
    leaves the most time for the rest, so one attempt a step is enough.  An attempt may wait at step 3
    while a later one stands at step 1.

    Parameters
    ----------
    offsets, time, event : as in `Histories`
    mask : int64[names + 1], by event code: bit ``s`` is set where the event is step ``s + 1``
    steps : how many steps
    within : longest time from the first step to the last, µs, the last moment included

    Returns
    -------
    depth : int32[customers]
        0 … steps.
    times : int64[customers, steps]
        µs UTC of the steps of the first attempt that got so far; `NONE` for steps it did not reach.

    Notes
    -----
    O(events × matching steps).  Source: PostHog, funnel-udf/src/steps.rs, 2026, whose answers to its own
    cases these are; events of one instant as there.
    """
    depth = np.full(len(offsets) - 1, -1, np.int32)
    times = np.full((len(offsets) - 1, steps), NONE)
    slot = slots(mask, steps)
    if len(slot):
        walked(offsets, time, event, slot, min(within, LONGEST), depth, times)
    stand = np.empty(steps + 1, np.int64)
    begun = np.empty(steps + 1, np.int64)
    at = np.zeros((steps + 1, steps), np.int64)
    used = np.zeros((steps + 1, steps), np.int64)
    only = single(mask)
    near = np.empty(np.diff(offsets).max() + 1 if len(offsets) > 1 else 1, np.int64)
    for customer in np.flatnonzero(depth < 0):
        lo, hi = offsets[customer], offsets[customer + 1]
        best, j = _quick(near, _near(lo, hi, event, only, near), time, event, mask, only, stand, within)
        if best < 0:
            best = _careful(lo, hi, time, event, mask, begun, at, used, within)
            times[customer, :best] = at[0, :best]
        elif best > 0:
            times[customer, 0] = time[j]
            for number in range(1, best):
                j += 1
                while not (mask[event[j]] >> number) & 1:
                    j += 1
                times[customer, number] = time[j]
        depth[customer] = best
    return depth, times


@njit(nogil=True, cache=True)
def single(mask: Array) -> Array:
    """Return by event code the only step it is, 0 for none, -1 for several: int64[names + 1]."""
    only = np.zeros(len(mask), np.int64)
    for code in range(len(mask)):
        for step in range(1, 64):
            if (mask[code] >> (step - 1)) & 1:
                only[code] = step if only[code] == 0 else -1
    return only


@kernel
def happened(event: Array, codes: int) -> Array:
    """Count the events of each code, int32[events] from -1 on: int64[codes]; those of no code count for the last."""
    width, one = np.uint64(codes + 1), np.uint64(1)
    count = np.zeros(4 * (codes + 1), np.int64)  # four, so that no addition waits for the one before it
    for j in range(np.uint64(len(event))):
        count[(j & np.uint64(3)) * width + np.uint64(event[j] + 1)] += 1
    each = count.reshape((4, codes + 1)).sum(axis=0)
    each[codes] += each[0]
    whole: Array = each[one:]
    return whole


@kernel
def waited(times: Array) -> tuple[Array, Array, Array]:
    """Measure how long each step took from the step taken before.

    Parameters
    ----------
    times : int64[rows, steps], µs; `NONE` for a step not taken

    Returns
    -------
    taken : int64[steps], rows that took each step
    sizes : int64[steps], how many of them took one before
    waits : int64[steps, rows], µs; of each step the first ``sizes`` are filled
    """
    rows, steps = times.shape
    taken, sizes = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
    waits = np.empty((steps, rows), np.int64)
    for row in range(rows):
        before = times[row, 0]
        taken[0] += before != NONE
        for k in range(1, steps):
            if times[row, k] != NONE:
                taken[k] += 1
                waits[k, sizes[k]] = times[row, k] - before
                sizes[k] += 1
                before = times[row, k]
    return taken, sizes, waits
