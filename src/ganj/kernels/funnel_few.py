"""How far a customer gets through two to four ordered steps, where no two events share a moment.

Nearly all funnels and customers are such.  Events that are no step are sifted out first; what stands at each step is
then a number in a register, and nothing is a branch that depends on the event, so nothing is guessed wrong.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array

FEW = 4
LAST, BITS = 8, 4
"""The bit of the last step; a row is an event's place, moved up by so many bits, and the bit of its step."""
FAR = -(1 << 62)
"""µs; no attempt has come so far."""
TOGETHER = 1024
"""Customers walked at a time."""
LONGEST = 1 << 61
"""µs; no moment is so near to `FAR`."""
_1, _ROW = np.uint64(1), np.uint64(BITS)


@njit(nogil=True, cache=True)
def slots(mask: Array, steps: int) -> Array:
    """Return by event code + 1 the bit of its step, `LAST` for the last: uint64[names + 1]; empty where this walk cannot say."""
    slot = np.zeros(len(mask), np.uint64)
    if not 1 < steps <= FEW:
        return slot[:0]
    for code in range(len(mask)):
        for step in range(steps):
            if (mask[code] >> step) & 1:
                if slot[(code + 1) % len(mask)]:
                    return slot[:0]
                slot[(code + 1) % len(mask)] = LAST if step + 1 == steps else 1 << step
    return slot


@njit(nogil=True, cache=True)
def listed(offsets: Array, event: Array, slot: Array, rows: Array) -> Array:
    """List some customers' events that are a step; each place is written always and kept where it counts.

    Parameters
    ----------
    rows : uint64[events + 1], is filled: places and bits; one more, so that the next can always be looked at

    Returns
    -------
    int64[customers + 1], rows ``ends[i]:ends[i + 1]`` are customer ``i``'s
    """
    ends, n = np.zeros(len(offsets), np.int64), np.uint64(0)
    for customer in range(len(offsets) - 1):
        for j in range(np.uint64(offsets[customer]), np.uint64(offsets[customer + 1])):
            bit = slot[np.uint64(event[j] + 1)]
            rows[n] = (j << _ROW) | bit
            n += (bit + np.uint64(LAST - 1)) >> np.uint64(3)
        ends[customer + 1] = n
    rows[n] = 0
    return ends


@njit(nogil=True, cache=True)
def few(ends: Array, rows: Array, time: Array, steps: int, within: int, depth: Array) -> Array:
    """Find the deepest step of each customer: ``depth``, -1 where two steps share a moment.

    ``a1 … a3`` are the beginnings of the latest attempts at each step.  A condition is a number whose bits are all
    ones or all zeros: of comparisons the compiler would make branches.

    Returns
    -------
    int64[customers], µs UTC, when the first attempt that came so far began
    """
    begun = np.zeros(len(depth), np.int64)
    for customer in range(len(depth)):
        k, end = np.uint64(ends[customer]), np.uint64(ends[customer + 1])
        a1, a2, a3, before, tied, best, won = FAR, FAR, FAR, FAR, False, 0, FAR
        while k < end:
            bits, t = np.int64(rows[k]), time[rows[k] >> _ROW]
            tied |= before == t
            before = t
            last = a2 if steps == FEW - 1 else a1
            first, second, third = -(bits & 1), -((bits >> 1) & 1), 0
            second &= ~((within - t + a1) >> 63)
            if steps == FEW:
                third = -((bits >> 2) & 1) & ~((within - t + a2) >> 63)
                last = a3
                a3 ^= (a3 ^ a2) & third
            a2 ^= (a2 ^ a1) & second
            a1 ^= (a1 ^ t) & first
            reached = (first & 1) | (second & 2) | (third & 3)
            better = (best - reached) >> 63
            won ^= (won ^ ((a1 & first) | (a2 & second) | (a3 & third))) & better
            best ^= (best ^ reached) & better
            if (bits >> 3) & 1 & ~((within - t + last) >> 63):
                best, won = steps, last
                tied |= k + _1 < end and time[rows[k + _1] >> _ROW] == t
                break
            k += _1
        depth[customer], begun[customer] = -1 if tied else best, won
    return begun


@njit(nogil=True, cache=True)
def retrace(ends: Array, rows: Array, time: Array, depth: Array, begun: Array, times: Array) -> None:
    """Write when the steps of the attempts were taken: the next event of each step, one after another."""
    steps = times.shape[1]
    for customer in range(len(depth)):
        k = np.uint64(ends[customer])
        if depth[customer] > 0:
            while time[rows[k] >> _ROW] < begun[customer]:
                k += _1
        for number in range(depth[customer]):
            bit = np.uint64(LAST if number + 1 == steps else 1 << number)
            while not rows[k] & bit:
                k += _1
            times[customer, number] = time[rows[k] >> _ROW]


@njit(nogil=True, cache=True)
def walked(
    offsets: Array, time: Array, event: Array, slot: Array, within: int, depth: Array, times: Array
) -> None:  # fmt: skip
    """Fill ``depth`` and ``times``, some customers at a time: what is listed of them stays near the processor."""
    most, size = 0, len(depth)
    for lo in range(0, size, TOGETHER):
        most = max(most, offsets[min(lo + TOGETHER, size)] - offsets[lo])
    rows = np.empty(most + 1, np.uint64)
    for lo in range(0, size, TOGETHER):
        hi = min(lo + TOGETHER, size)
        ends = listed(offsets[lo : hi + 1], event, slot, rows)
        begun = few(ends, rows, time, times.shape[1], within, depth[lo:hi])
        retrace(ends, rows, time, depth[lo:hi], begun, times[lo:hi])
