"""How far a customer gets through two to four ordered steps, where no two events share a moment.

Nearly all funnels and customers are such.  What stands at each step is then a number in a register, and nothing
is a branch that depends on the event, so nothing is guessed wrong: a few instructions an event.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array

FEW = 4
SECOND, THIRD, LAST, NO_STEP = 2, 3, 8, 9
FAR = -(1 << 62)
"""µs; no attempt has come so far."""
LONGEST = 1 << 61
"""µs; no moment is so near to `FAR`."""


@njit(nogil=True, cache=True)
def slots(mask: Array, steps: int) -> Array:
    """Return by event code the step it is, `LAST` for the last: int64[names + 1]; empty where this walk cannot say."""
    slot = np.full(len(mask), NO_STEP, np.int64)
    if not 1 < steps <= FEW:
        return slot[:0]
    for code in range(len(mask)):
        for step in range(1, steps + 1):
            if (mask[code] >> (step - 1)) & 1:
                if slot[code] != NO_STEP:
                    return slot[:0]
                slot[code] = LAST if step == steps else step
    return slot


@njit(nogil=True, cache=True, inline="always")
def few(lo: int, hi: int, time: Array, event: Array, slot: Array, steps: int, within: int) -> tuple[int, int]:
    """Return the deepest step and, of the last, when its attempt began; -1 where two events share a moment.

    ``a1 … a3`` are the beginnings of the latest attempts at each step.
    """
    a1, a2, a3, before = FAR, FAR, FAR, FAR
    tied, best, last = False, 0, FAR
    j, end = (
        np.uint64(lo),
        np.uint64(hi),
    )  # a number without a sign is no place from the end: nothing to check
    while j < end:
        step, t = slot[event[j]], time[j]
        tied |= t == before
        before = t
        last = a3 if steps == FEW else (a2 if steps == THIRD else a1)
        second = (step == SECOND) & (t - a1 <= within)
        third = (step == THIRD) & (t - a2 <= within)
        comes = (step == LAST) & (t - last <= within)
        a3 = a2 if third else a3
        a2 = a1 if second else a2
        a1 = t if step == 1 else a1
        best = SECOND if second & (best < SECOND) else best
        best = THIRD if third else best
        if comes:
            break
        j += np.uint64(1)
    after = j + np.uint64(1)
    if tied or (after < end and time[after] == time[j]):
        return -1, FAR
    return (steps, last) if j < end else (best if best > 0 else int(a1 > FAR), FAR)


@njit(nogil=True, cache=True, inline="always")
def first_at(best: int, lo: int, time: Array, event: Array, slot: Array, within: int) -> int:
    """Return when the first attempt that came to a step, not the last, began."""
    a1, a2, j = FAR, FAR, np.uint64(lo)
    while True:
        step, t = slot[event[j]], time[j]
        if step == 1:
            a1 = t
        elif step == SECOND and t - a1 <= within:
            a2 = a1
        if step == best:
            begun = t if best == 1 else (a1 if best == SECOND else a2)
            if t - begun <= within:
                return begun
        j += np.uint64(1)


@njit(nogil=True, cache=True, inline="always")
def retrace(
    customer: int, best: int, begun: int, lo: int, time: Array, event: Array, slot: Array, times: Array
) -> None:
    """Write when the steps of an attempt were taken: the next event of each step, one after another."""
    j = np.uint64(lo)
    while time[j] < begun:
        j += np.uint64(1)
    for number in range(best):
        code = LAST if number + 1 == times.shape[1] else number + 1
        while slot[event[j]] != code:
            j += np.uint64(1)
        times[customer, number] = time[j]
