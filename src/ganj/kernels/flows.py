"""Moves, steps, whole paths and loops of all sessions, counted in one pass, with no session kept."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

TIMES, CUSTOMERS, WAIT, STAMP = range(4)
"""Columns of the sums: how often, by how many customers, µs, and the last customer."""
FREE = -1
Open = tuple[Array, Array]
"""Sums by key: int64[slots] keys, `FREE` where there is none, and float64[slots, 4]; slots are a power of two."""


@njit(nogil=True, cache=True, inline="always")
def _once(sums: Array, row: int, customer: int, wait: int) -> None:
    """Count one more of a key."""
    sums[row, TIMES] += 1
    sums[row, CUSTOMERS] += sums[row, STAMP] != customer
    sums[row, STAMP] = customer
    sums[row, WAIT] += wait


@njit(nogil=True, cache=True, inline="always")
def _slot(keys: Array, key: int) -> int:
    """Return where a key is, or where it can be put."""
    last = len(keys) - 1
    at = ((key ^ (key >> 15)) * 0x9E3779B1) & last
    while keys[at] != FREE and keys[at] != key:
        at = (at + 1) & last
    return at


@njit(nogil=True, cache=True)
def _roomier(keys: Array, sums: Array) -> tuple[Array, Array]:
    """Return sums by key with twice the room."""
    more, out = np.full(2 * len(keys), FREE, np.int64), np.zeros((2 * len(keys), 4))
    for at in range(len(keys)):
        if keys[at] != FREE:
            slot = _slot(more, keys[at])
            more[slot] = keys[at]
            out[slot] = sums[at]
    return more, out


@njit(nogil=True, cache=True, inline="always")
def _session(
    lo: int, hi: int, time: Array, step: Array, collapse: bool, customer: int, labels: int, powers: Array,
    nodes: Array, edges: Array, drops: Array, loops: Array,
) -> int:  # fmt: skip
    """Count one session, events ``lo:hi`` of ``time`` and ``step``; return the key of its path."""
    n, key, before, then, own, two = 0, 0, 0, 0, -1, -1
    for j in range(lo, hi):
        now = step[j]
        if now == own:
            _once(loops, now * (labels + 1), customer, 0)
        else:
            if now == two:
                _once(loops, now * (labels + 1) + own + 1, customer, 0)
            own, two = now, own
        if collapse and j + 1 < hi and step[j + 1] == now:
            continue
        if n < len(powers):
            _once(nodes, n * labels + now, customer, 0)
            key += (now + 1) * powers[n]
            if n:
                _once(edges, ((n - 1) * labels + before) * labels + now, customer, time[j] - then)
        n, before, then = n + 1, now, time[j]
    if n < len(powers):
        _once(drops, (n - 1) * labels + before, customer, 0)
    return 2 * key + (n <= len(powers))


@njit(nogil=True, cache=True)
def _table(rows: int) -> Array:
    sums = np.zeros((rows, 4))
    sums[:, STAMP] = -1
    return sums


@kernel
def flowed(
    offsets: Array, time: Array, code: Array, steps: Array, gap: int, powers: Array, labels: int, collapse: bool
) -> tuple[Array, Array, Array, Array, Array, Array, int, int]:  # fmt: skip
    """Cut histories into sessions and count their steps, moves, ends, loops and whole paths.

    Parameters
    ----------
    offsets, time : as in `Histories`
    code : int32[events]
    steps : int32[codes], the step that each code is, below ``labels``; negative for none
    gap : µs of silence after which a session begins
    powers : int64[places], powers of ``labels + 1``: by which the steps of a path become its key
    collapse : equal steps in a row are one

    Returns
    -------
    nodes, drops : float64[places * labels, 4], see `TIMES`
    edges : float64[(places - 1) * labels * labels, 4]
    loops : float64[labels * (labels + 1), 4], by what is taken again, and the step between (from 1; 0: at once)
    keys, sums : int64[paths], float64[paths, 4]; a key is twice the steps' numbers (from 1) times their powers,
        and one more for a path that is whole
    sessions, customers : how many there are
    """
    places = len(powers)
    nodes, drops = _table(places * labels), _table(places * labels)
    edges, loops = _table((places - 1) * labels * labels), _table(labels * (labels + 1))
    keys, sums = np.full(1 << 10, FREE, np.int64), np.zeros((1 << 10, 4))
    known, sessions, customers = 0, 0, 0
    most = np.diff(offsets).max() if len(offsets) > 1 else 0
    when, step = np.empty(most + 1, np.int64), np.empty(most + 1, np.int64)
    for customer in range(len(offsets) - 1):
        n, first = 0, 0
        for j in range(offsets[customer], offsets[customer + 1]):
            when[n], step[n] = time[j], steps[code[j]]
            n += step[n] >= 0
        customers += n > 0
        for j in range(1, n + 1):
            if j < n and when[j] - when[j - 1] < gap:
                continue
            key = _session(
                first, j, when, step, collapse, customer, labels, powers, nodes, edges, drops, loops
            )
            slot = _slot(keys, key)
            if keys[slot] == FREE:
                known += 1
                keys[slot], sums[slot, STAMP] = key, -1
            _once(sums, slot, customer, 0)
            if 2 * known > len(keys):
                keys, sums = _roomier(keys, sums)
            sessions, first = sessions + 1, j
    return nodes, drops, edges, loops, keys, sums, sessions, customers
