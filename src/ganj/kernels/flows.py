"""Moves, steps, whole paths and loops of all sessions, counted in one pass, with no session kept."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

TIMES, CUSTOMERS, WAIT, STAMP = range(4)
"""Columns of the sums: how often, by how many customers, µs, and the last customer."""
FREE = -1
"""No key is in this slot; slots are a power of two."""


@njit(nogil=True, cache=True)
def _slot(keys: Array, key: int) -> int:
    """Return where a key is, or where it can be put."""
    last = np.uint64(len(keys) - 1)
    at = np.uint64((key ^ (key >> 15)) * 0x9E3779B1) & last
    while keys[at] != FREE and keys[at] != key:
        at = (at + np.uint64(1)) & last
    return int(np.int64(at))


@njit(nogil=True, cache=True)
def _roomier(keys: Array, sums: Array) -> tuple[Array, Array]:
    """Return sums by key with twice the room."""
    more, out = np.full(2 * len(keys), FREE, np.int64), np.zeros((2 * len(keys), 4), np.int64)
    for at in range(len(keys)):
        if keys[at] != FREE:
            slot = _slot(more, keys[at])
            more[slot] = keys[at]
            out[slot] = sums[at]
    return more, out


@njit(nogil=True, cache=True)
def _sessions(
    size: int, time: Array, step: Array, gap: int, labels: int, collapse: bool, powers: Array, tables: Array,
    rows: Array, waits: Array, paths: Array,
) -> tuple[int, int]:  # fmt: skip
    """List the sums that one customer adds to, in ``rows`` with µs in ``waits`` (all 0 before), and the keys of the paths.

    What is added to is written always and counted only where it is so: nothing is guessed wrong.  Places without
    a sign need no check.
    """
    drops, edges, loops = tables[1], tables[2], tables[3]
    one, m, paths_there = np.uint64(1), np.uint64(0), np.uint64(0)
    n, key, before, then, own, two = 0, 0, 0, 0, -1, -1
    for j in range(np.uint64(size)):
        now, t = step[j], time[j]
        ends = j + one == np.uint64(size) or time[j + one] - t >= gap
        rows[m] = loops + now * (labels + 1)
        m += np.uint64(now == own)
        rows[m] = loops + now * (labels + 1) + own + 1
        m += np.uint64((now != own) & (now == two))
        two, own = two if now == own else own, now
        if ends or not collapse or step[j + one] != now:
            place = np.uint64(min(n, len(powers) - 1))
            within = n < len(powers)
            rows[m] = n * labels + now
            m += np.uint64(within)
            key += (now + 1) * powers[place] if within else 0
            rows[m], waits[m] = edges + ((n - 1) * labels + before) * labels + now, t - then
            m += np.uint64(within & (n > 0))
            waits[m] = 0
            n, before, then = n + 1, now, t
        if ends:
            rows[m] = drops + (n - 1) * labels + before
            m += np.uint64(n < len(powers))
            paths[paths_there] = 2 * key + (n <= len(powers))
            paths_there += one
            n, key, own, two = 0, 0, -1, -1
    return int(np.int64(m)), int(np.int64(paths_there))


@njit(nogil=True, cache=True)
def _add(customer: int, size: int, rows: Array, waits: Array, sums: Array) -> None:
    """Count once more what was listed of a customer, and clear ``waits`` for the next; ``sums`` lies flat."""
    for k in range(np.uint64(size)):
        at = np.uint64(rows[k]) * np.uint64(4)
        sums[at] += 1
        sums[at + np.uint64(CUSTOMERS)] += sums[at + np.uint64(STAMP)] != customer
        sums[at + np.uint64(WAIT)] += waits[k]
        waits[k] = 0
        sums[at + np.uint64(STAMP)] = customer


@njit(nogil=True, cache=True)
def _take(customer: int, size: int, paths: Array, keys: Array, sums: Array) -> int:
    """Count the paths of one customer; return how many were new.  There is room for them."""
    fresh = 0
    for number in range(np.uint64(size)):
        slot = np.uint64(_slot(keys, paths[number]))
        if keys[slot] == FREE:
            fresh += 1
            keys[slot], sums[slot, STAMP] = paths[number], -1
        sums[slot, TIMES] += 1
        sums[slot, CUSTOMERS] += sums[slot, STAMP] != customer
        sums[slot, STAMP] = customer
    return fresh


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
    nodes, drops : int64[places * labels, 4], see `TIMES`
    edges : int64[(places - 1) * labels * labels, 4]
    loops : int64[labels * (labels + 1), 4], by what is taken again, and the step between (from 1; 0: at once)
    keys, sums : int64[paths], int64[paths, 4]; a key is twice the steps' numbers (from 1) times their powers,
        and one more for a path that is whole
    sessions, customers : how many there are
    """
    places = len(powers)
    square = labels * labels
    sizes = np.array([0, places * labels, places * labels, (places - 1) * square, labels * (labels + 1)])
    tables = np.cumsum(sizes)
    whole = np.zeros((tables[4], 4), np.int64)
    whole[:, STAMP] = -1
    keys, sums = np.full(1 << 10, FREE, np.int64), np.zeros((1 << 10, 4), np.int64)
    known, sessions, customers = 0, 0, 0
    most = np.diff(offsets).max() + 1 if len(offsets) > 1 else 1
    when, step, paths = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    rows, waits = np.empty(5 * most, np.int64), np.zeros(5 * most, np.int64)
    for customer in range(len(offsets) - 1):
        n = 0
        for j in range(offsets[customer], offsets[customer + 1]):
            when[n], step[n] = time[j], steps[code[j]]
            n += step[n] >= 0
        customers += n > 0
        added, ended = _sessions(n, when, step, gap, labels, collapse, powers, tables, rows, waits, paths)
        _add(customer, added, rows, waits, whole.reshape(-1))
        while 2 * (known + ended) > len(keys):
            keys, sums = _roomier(keys, sums)
        known += _take(customer, ended, paths, keys, sums)
        sessions += ended
    nodes, drops, edges, loops = [whole[tables[k] : tables[k + 1]] for k in range(4)]
    return nodes, drops, edges, loops, keys, sums, sessions, customers
