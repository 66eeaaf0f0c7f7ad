"""Where sequences lie in histories, and how many would be there if the order of moments were drawn by lot."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.prefixspan import NEVER


@njit(nogil=True, cache=True)
def occurring(
    pairs: tuple[Array, Array],
    histories: tuple[Array, Array, Array],
    sequences: tuple[Array, Array],
    reach: Array,
    key: Array,
    shuffles: int,
) -> tuple[Array, Array]:
    """Look for sequences in the histories that hold all their items.

    Parameters
    ----------
    pairs : history and sequence, int64[pairs] each, by history
    histories : offsets int64[histories + 1], items int32[events], time int64[events], not falling within a history
    sequences : offsets int64[sequences + 1] and items int32[...]
    reach : int64[4], most time between two steps and from first to last, unused, least time between two steps
    key : uint64[histories], what the lot is drawn from
    shuffles : how often the order of moments is drawn; what happened at one moment stays together

    Returns
    -------
    span : int64[pairs, 3], when the first occurrence begins and ends, `NEVER` where there is none, and its last event
    drawn : int64[pairs], shuffled histories with the sequence, of ``shuffles``
    """
    history, sequence = pairs
    offsets, items, when = histories
    span = np.full((len(history), 3), NEVER)
    drawn = np.zeros(len(history), np.int64)
    begin = 0
    while begin < len(history):
        h, stop = history[begin], begin
        while stop < len(history) and history[stop] == h:
            stop += 1
        own, time = items[offsets[h] : offsets[h + 1]].copy(), when[offsets[h] : offsets[h + 1]].copy()
        moments = _moments(time)
        for k in range(begin, stop):
            _lies(own, time, sequences, sequence[k], reach, span[k])
            span[k, 2] += offsets[h]
        state, into = key[h], np.empty(3, np.int64)
        other, clock = own.copy(), time.copy()
        for _ in range(shuffles if len(moments) > 2 else 0):
            state = _shuffled(own, time, moments, other, clock, state)
            for k in range(begin, stop):
                drawn[k] += _lies(other, clock, sequences, sequence[k], reach, into)
        if len(moments) <= 2 and shuffles:  # a history of one moment has no order
            for k in range(begin, stop):
                drawn[k] = shuffles * (span[k, 1] != NEVER)
        begin = stop
    return span, drawn


@njit(nogil=True, cache=True)
def _moments(time: Array) -> Array:
    """Return where each moment begins, and the end: int64[moments + 1]."""
    starts, size = np.empty(len(time) + 1, np.int64), 0
    for k in range(len(time)):
        if k == 0 or time[k] != time[k - 1]:
            starts[size] = k
            size += 1
    starts[size] = len(time)
    return starts[: size + 1]


@njit(nogil=True, cache=True)
def _shuffled(
    own: Array, time: Array, moments: Array, other: Array, clock: Array, state: np.uint64
) -> np.uint64:
    """Give the contents of moments to the times of moments by lot (Fisher-Yates, splitmix64); return the new state."""
    order = np.arange(len(moments) - 1)
    for k in range(len(order) - 1, 0, -1):
        state += np.uint64(0x9E3779B97F4A7C15)
        mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        swap = np.int64(mixed % np.uint64(k + 1))
        order[k], order[swap] = order[swap], order[k]
    at = 0
    for place in range(len(order)):
        moment = order[place]
        for k in range(moments[moment], moments[moment + 1]):
            other[at], clock[at] = own[k], time[moments[place]]
            at += 1
    return state


@njit(nogil=True, cache=True)
def _lies(
    items: Array, when: Array, sequences: tuple[Array, Array], number: int, reach: Array, span: Array
) -> int:
    """Find the first end of a sequence in a history, and the latest begin it may have; return whether there is one."""
    first, size = sequences[0][number], sequences[0][number + 1] - sequences[0][number]
    best = np.full((len(items), size), NEVER)
    for q in range(len(items)):
        for j in range(size):
            if items[q] != sequences[1][first + j]:
                continue
            if j == 0:
                best[q, 0] = when[q]
            p = q - 1 if j else -1
            while p >= 0 and best[q, j] == NEVER and when[q] - when[p] <= reach[0]:
                if when[q] - when[p] >= reach[3]:
                    best[q, j] = best[p, j - 1]
                p -= 1
            if best[q, j] != NEVER and when[q] - best[q, j] > reach[1]:
                best[q, j] = NEVER
        if best[q, size - 1] != NEVER:
            span[0], span[1], span[2] = best[q, size - 1], when[q], q
            return 1
    return 0
