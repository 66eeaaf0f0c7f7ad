"""Moves, steps, whole paths and loops of all sessions, counted in one pass, with no session kept."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

TIMES, CUSTOMERS, STAMP, WAIT = range(4)
"""Columns of the sums: how often, by how many customers, the last customer; of moves also µs."""
FREE = -1
"""No key is in this slot; slots are a power of two."""
PLAIN = 1 << 18
"""Keys of paths below which each has its own place, so that none is looked for."""


@njit(nogil=True, cache=True)
def _slot(keys: Array, key: int) -> int:
    """Return where a key is, or where it can be put."""
    last = np.uint64(len(keys) - 1)
    at = np.uint64((key ^ (key >> 15)) * 0x9E3779B1) & last
    while keys[at] != FREE and keys[at] != key:
        at = (at + np.uint64(1)) & last
    return int(np.int64(at))


@njit(nogil=True, cache=True)
def _sums(rows: int, columns: int) -> Array:
    """Return sums of nothing, by nobody; they lie flat."""
    sums = np.zeros((rows, columns), np.int64)
    sums[:, STAMP] = -1
    return sums.reshape(-1)


@njit(nogil=True, cache=True)
def _roomier(keys: Array, sums: Array) -> tuple[Array, Array]:
    """Return sums by key with twice the room."""
    more, out = np.full(2 * len(keys), FREE, np.int64), _sums(2 * len(keys), 3)
    for at in range(len(keys)):
        if keys[at] != FREE:
            slot = _slot(more, keys[at])
            more[slot] = keys[at]
            out[3 * slot : 3 * slot + 3] = sums[3 * at : 3 * at + 3]
    return more, out


@njit(nogil=True, cache=True)
def _gathered(
    lo: int, hi: int, time: Array, code: Array, steps: Array, gap: int, when: Array, step: Array
) -> int:
    """List one customer's steps and their times, with a time after the last that ends its session."""
    n = np.uint64(0)
    for j in range(np.uint64(lo), np.uint64(hi)):
        when[n], step[n] = time[j], steps[code[j]]
        n += np.uint64(step[n] >= 0)
    when[n] = when[n - np.uint64(1)] + gap if n > 0 else 0
    return int(np.int64(n))


@njit(nogil=True, cache=True)
def _worths(powers: Array, labels: int) -> Array:
    """Return what a step adds to the key of a path, by place and step; nothing beyond the last place."""
    worth = np.zeros((len(powers) + 1) * labels, np.int64)
    for spot in range(len(powers) * labels):
        worth[spot] = (spot % labels + 1) * powers[spot // labels]
    return worth


@njit(nogil=True, cache=True)
def _looked(
    size: int, when: Array, step: Array, gap: int, labels: int, apart: int, ends: Array, keeps: Array, again: Array
) -> int:  # fmt: skip
    """Mark where sessions end (1), and which steps stay (all bits); list the loops.

    Here and below what is listed is written always and counted only where it is so: nothing is guessed wrong.
    Places without a sign need no check.  Two short walks are faster than one that has to remember twice as much.
    """
    loops, own, two = np.uint64(0), -1, -1
    for j in range(np.uint64(size)):
        now, after = step[j], j + np.uint64(1)
        end = int(when[after] - when[j] >= gap)
        ends[j], keeps[j] = end, -(end | apart | int(step[after] != now))
        same = now == own
        again[loops] = now * (labels + 1) + (0 if same else own + 1)
        loops += np.uint64(same | (now == two))
        two = two if same else own
        own, two = now | -end, two | -end
    return int(np.int64(loops))


@njit(nogil=True, cache=True)
def _walked(
    size: int, when: Array, step: Array, labels: int, worth: Array, ends: Array, keeps: Array, nodes: Array,
    moves: Array, waits: Array, ended: Array, paths: Array,
) -> tuple[int, int]:  # fmt: skip
    """List the steps that stay and the moves to them, and of each session its last step and its path's key.

    The first move of a session and all steps beyond the last place are listed too, in rows that nobody reads.
    """
    steps, sessions, spot, key, before, then = np.uint64(0), np.uint64(0), 0, 0, 0, 0
    beyond = len(worth) - labels
    for j in range(np.uint64(size)):
        now, t, keep, stays = step[j], when[j], keeps[j], ends[j] - 1
        node = spot + now
        nodes[steps], moves[steps], waits[steps] = node, (spot + before) * labels + now, t - then
        steps -= np.uint64(keep)
        key += worth[np.uint64(node)] & keep
        ended[sessions], paths[sessions] = node, key
        sessions += np.uint64(ends[j])
        spot = (spot + (labels & keep & (spot - beyond >> 63))) & stays
        key &= stays
        before += (now - before) & keep
        then += (t - then) & keep
    return int(np.int64(steps)), int(np.int64(sessions))


@njit(nogil=True, cache=True)
def _add(customer: int, size: int, rows: Array, sums: Array) -> None:
    """Count once more what was listed of a customer."""
    for k in range(np.uint64(size)):
        at = np.uint64(rows[k]) * np.uint64(3)
        sums[at] += 1
        sums[at + np.uint64(CUSTOMERS)] += sums[at + np.uint64(STAMP)] != customer
        sums[at + np.uint64(STAMP)] = customer


@njit(nogil=True, cache=True)
def _add_moves(customer: int, size: int, rows: Array, waits: Array, sums: Array) -> None:
    """Count once more the moves of a customer, and add up how long they took."""
    for k in range(np.uint64(size)):
        at = np.uint64(rows[k]) * np.uint64(4)
        sums[at] += 1
        sums[at + np.uint64(CUSTOMERS)] += sums[at + np.uint64(STAMP)] != customer
        sums[at + np.uint64(STAMP)] = customer
        sums[at + np.uint64(WAIT)] += waits[k]


@njit(nogil=True, cache=True)
def _found(size: int, paths: Array, keys: Array) -> int:
    """Put where each path's key is in the place of it; return how many were new.  There is room for them."""
    fresh = 0
    for k in range(size):
        slot = _slot(keys, paths[k])
        fresh += keys[slot] == FREE
        keys[slot], paths[k] = paths[k], slot
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
    powers : int64[places], powers of ``labels + 1``, greatest first: by which the steps of a path become its key
    collapse : equal steps in a row are one

    Returns
    -------
    nodes : int64[places * labels, 3], see `TIMES`
    drops : int64[(places - 1) * labels, 3]: sessions that end before the last place
    edges : int64[(places - 1) * labels * labels, 4]
    loops : int64[labels * (labels + 1), 3], by what is taken again, and the step between (from 1; 0: at once)
    keys, sums : int64[paths], int64[paths, 3]; a key is the sum of the steps' numbers (from 1) times their powers,
        and of the power after the greatest for a path that is whole, so that keys are in the order of paths;
        no keys where row k of the sums is key k
    sessions, customers : how many there are
    """
    places, whole = len(powers), powers[0] * (labels + 1)
    beyond = places * labels
    worth, apart = _worths(powers, labels), int(not collapse)
    nodes, drops, loops = _sums(len(worth), 3), _sums(len(worth), 3), _sums(labels * (labels + 1), 3)
    edges = _sums(len(worth) * labels, 4)
    plain = 2 * whole <= min(PLAIN, 8 * len(time))
    keys = np.full(0 if plain else 1 << 10, FREE, np.int64)
    sums = _sums(2 * whole if plain else len(keys), 3)
    known, sessions, customers = 0, 0, 0
    most = np.diff(offsets).max() + 1 if len(offsets) > 1 else 1
    when, step, ends, keeps, again, spots, moves, waits, ended, paths = [
        np.empty(most, np.int64) for _ in range(10)
    ]
    for customer in range(len(offsets) - 1):
        size = _gathered(offsets[customer], offsets[customer + 1], time, code, steps, gap, when, step)
        customers += size > 0
        looped = _looked(size, when, step, gap, labels, apart, ends, keeps, again)
        kept, done = _walked(size, when, step, labels, worth, ends, keeps, spots, moves, waits, ended, paths)
        for k in range(done):
            paths[k] += whole if ended[k] < beyond else 0
        while not plain and 2 * (known + done) > len(keys):
            keys, sums = _roomier(keys, sums)
        if not plain:
            known += _found(done, paths, keys)
        _add(customer, kept, spots, nodes)
        _add_moves(customer, kept, moves, waits, edges)
        _add(customer, looped, again, loops)
        _add(customer, done, ended, drops)
        _add(customer, done, paths, sums)
        sessions += done
    square = labels * labels
    return (
        nodes.reshape(-1, 3)[:beyond], drops.reshape(-1, 3)[: beyond - labels],
        edges.reshape(-1, 4)[square : places * square], loops.reshape(-1, 3), keys, sums.reshape(-1, 3),
        sessions, customers,
    )  # fmt: skip
