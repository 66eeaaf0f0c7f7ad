"""How far a customer gets through ordered or strict steps, with exclusions and steps that may be left out.

The walk of `ganj.kernels.funnel` keeps the latest attempt at each step, and so does this one; it is the
slower of the two because an attempt here is a row that says everything of itself.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

NONE = np.iinfo(np.int64).min
"""No attempt stands here; a step that was not taken."""
BEGUN, END, SPOILT, AT = 0, 1, 2, 3
"""Columns of an attempt: when it began, the last moment it may use, whether an exclusion fell into it, and from
here on the time of each step, followed by the event of each step."""
STRICT, VALUE_OF_STEP, VALUE_OF_ALL = 1, 1, 2


@njit(nogil=True, cache=True)
def _has(attempt: Array, steps: int, j: int) -> bool:
    """Tell whether an attempt has used event ``j``."""
    for k in range(AT + steps, AT + 2 * steps):  # noqa: SIM110 - Numba compiles the loop, not the generator
        if attempt[k] == j:
            return True
    return False


@njit(nogil=True, cache=True)
def _before(step: int, j: int, t: int, held: Array, optional: int) -> int:
    """Return the row of the attempt that takes ``step`` next, passing over optional steps; -1 where none may."""
    steps = len(held) - 1
    for p in range(step - 1, 0, -1):
        stands = held[p, BEGUN] != NONE and t <= held[p, END]
        if stands and held[p, BEGUN] != held[step, BEGUN] and not _has(held[p], steps, j):
            return p
        if not (optional >> (p - 1)) & 1:
            return -1
    return -1


@njit(nogil=True, cache=True)
def _take(step: int, j: int, t: int, held: Array, deadline: int, optional: int) -> bool:
    """Let event ``j`` take a step; tell whether it did."""
    steps = len(held) - 1
    if step == 1:
        if held[1, BEGUN] == t:
            return False
        held[1, BEGUN], held[1, END], held[1, SPOILT] = t, deadline, 0
        held[1, AT : AT + steps] = NONE
        held[1, AT + steps :] = -1
    else:
        p = _before(step, j, t, held, optional)
        if p < 0:
            return False
        held[step] = held[p]
    held[step, AT + step - 1] = t
    held[step, AT + steps + step - 1] = j
    return True


@njit(nogil=True, cache=True)
def _spoil(step: int, t: int, best: int, held: Array) -> None:
    """Mark the attempt on its way to ``step``; where it is the best so far, that too."""
    p = step - 1
    if held[p, BEGUN] == NONE or t > held[p, END] or held[step, BEGUN] == held[p, BEGUN]:
        return
    held[p, SPOILT] = 1
    if best == p and t <= held[0, END]:
        held[0, SPOILT] = 1


@njit(nogil=True, cache=True)
def _offer(j: int, t: int, bits: int, bars: int, best: int, held: Array, deadline: int, optional: int) -> int:
    """Offer one event every step it matches, the last step first; return the deepest step."""
    for step in range(len(held) - 1, 0, -1):
        if step > 1 and (bars >> (step - 1)) & 1:
            _spoil(step, t, best, held)
        took = (bits >> (step - 1)) & 1 and _take(step, j, t, held, deadline, optional)
        if took and (step > best or (step == best and held[0, SPOILT])):
            best = step
            held[0] = held[step]
    return best


@njit(nogil=True, cache=True)
def _clear(bits: int, held: Array) -> None:
    """End every attempt that waits at a step which this event is not: nothing may come between strict steps."""
    for step in range(1, len(held)):
        if not (bits >> (step - 1)) & 1:
            held[step, BEGUN] = NONE


@njit(nogil=True, cache=True)
def chosen(j: int, bits: int, stop: int, value: Array, want: int, rules: Array) -> int:
    """Return the steps an event may serve: after ``stop`` it begins nothing; -1 where it is not seen at all."""
    if rules[2] == VALUE_OF_ALL and value[j] != want:
        return -1
    if rules[2] == VALUE_OF_STEP and value[j] != want:
        bits &= ~(1 << rules[3])
    return bits & ~1 if j >= stop else bits


@njit(nogil=True, cache=True)
def _instant(
    lo: int, hi: int, stop: int, time: Array, bits: Array, bars: Array, value: Array, want: int,
    deadline: Array, rules: Array, best: int, held: Array,
) -> int:  # fmt: skip
    """Process the events ``lo:hi`` of one moment; where they differ they are taken in the order of the steps."""
    first, first_bars, alike = NONE, NONE, True
    for j in range(lo, hi):
        found = chosen(j, bits[j], stop, value, want, rules)
        if found < 0:
            continue
        if first == NONE:
            first, first_bars = found, bars[j]
        alike = alike and found == first and bars[j] == first_bars
    if first == NONE:
        return best
    if alike:
        for j in range(lo, hi):
            found = chosen(j, bits[j], stop, value, want, rules)
            if found >= 0:
                best = _offer(j, time[j], found, bars[j], best, held, deadline[j], rules[0])
                if rules[1] == STRICT:
                    _clear(found, held)
        return best
    for step in range(len(held) - 1):
        for j in range(lo, hi):
            one = chosen(j, bits[j], stop, value, want, rules)
            if one > 0 and (one >> step) & 1:
                best = _offer(j, time[j], 1 << step, 0, best, held, deadline[j], rules[0])
    return best


@kernel
def stepped(
    starts: Array, ends: Array, stops: Array, want: Array,
    time: Array, bits: Array, bars: Array, value: Array, deadline: Array, rules: Array, steps: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Find the deepest step of each walk, and when the steps of that attempt were taken.

    Parameters
    ----------
    starts, ends : int64[walks]
        The events of each walk; walks may overlap.
    stops : int64[walks]
        Events at or after this place begin no attempt.
    want : int32[walks]
        The value that the walk is about, see ``rules``.
    time : int64[events], µs UTC
    bits : int64[events], bit ``s`` is set where the event may be step ``s + 1``
    bars : int64[events], bit ``s`` is set where the event excludes an attempt on its way to step ``s + 1``
    value : int32[events], values of the breakdown
    deadline : int64[events], last moment of an attempt begun by this event
    rules : int64[4]
        Bits of the optional steps; 1 for strict; 0 where values do not matter, 1 where events of another value
        cannot be step ``rules[3] + 1``, 2 where they are not seen at all.
    steps : how many steps

    Returns
    -------
    depth : int32[walks]
        0 … steps; 0 too where the deepest attempt fell to an exclusion.
    times : int64[walks, steps], µs UTC; `NONE` for a step not taken

    Notes
    -----
    O(events × matching steps × steps).  Source: PostHog, funnel-udf/src/steps.rs, 2026.
    """
    depth = np.zeros(len(starts), np.int32)
    times = np.full((len(starts), steps), NONE, np.int64)
    held = np.empty((steps + 1, AT + 2 * steps), np.int64)
    for walk in range(len(starts)):
        held[:, BEGUN], held[:, SPOILT] = NONE, 0
        best, j = 0, starts[walk]
        while j < ends[walk] and held[steps, BEGUN] == NONE:
            end = j + 1
            while end < ends[walk] and time[end] == time[j]:
                end += 1
            best = _instant(
                j, end, stops[walk], time, bits, bars, value, want[walk], deadline, rules, best, held
            )
            j = end
        if best and not held[0, SPOILT]:
            depth[walk] = best
            times[walk] = held[0, AT : AT + steps]
    return depth, times
