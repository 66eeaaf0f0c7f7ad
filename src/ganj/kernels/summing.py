"""Adding up rows of equal keys that lie side by side."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

SEEN_AT_ONCE = 1 << 12
"""Keys that are compared before one asks whether there are too many."""


@kernel
def added(keys: Array, values: Array) -> tuple[Array, Array]:
    """Join neighbours of one key.

    Parameters
    ----------
    keys : int64[n, d], in order
    values : float64[n, v]

    Returns
    -------
    keys : int64[k, d], distinct
    values : float64[k, v], sums
    """
    out_keys, out = np.empty_like(keys), np.empty_like(values)
    k = -1
    for row in range(len(keys)):
        fresh = row == 0
        for d in range(keys.shape[1]):
            fresh |= keys[row, d] != keys[row - 1, d]
        if fresh:
            k += 1
            for d in range(keys.shape[1]):
                out_keys[k, d] = keys[row, d]
            for v in range(values.shape[1]):
                out[k, v] = values[row, v]
        else:
            for v in range(values.shape[1]):
                out[k, v] += values[row, v]
    return out_keys[: k + 1].copy(), out[: k + 1].copy()


@njit(nogil=True, cache=True)
def _before(keys: Array, i: int, others: Array, j: int) -> int:
    """Return -1, 0 or 1 as one key comes before another, is equal, comes after."""
    for d in range(keys.shape[1]):
        if keys[i, d] != others[j, d]:
            return -1 if keys[i, d] < others[j, d] else 1
    return 0


@kernel
def joined(keys: Array, values: Array, more: Array, others: Array) -> tuple[Array, Array]:
    """Merge two sums by key, each in order, as `added` would after sorting.

    Parameters
    ----------
    keys, values : int64[n, d] distinct and in order, float64[n, v]
    more, others : int64[m, d] distinct and in order, float64[m, v]

    Returns
    -------
    keys, values : int64[k, d], float64[k, v]
    """
    n, m = len(keys), len(more)
    out_keys, out = np.empty((n + m, keys.shape[1]), np.int64), np.zeros((n + m, values.shape[1]))
    i = j = k = 0
    while i < n or j < m:
        order = 1 if i == n else -1 if j == m else _before(keys, i, more, j)
        for d in range(keys.shape[1]):
            out_keys[k, d] = keys[i, d] if order <= 0 else more[j, d]
        for v in range(values.shape[1]):
            first = values[i, v] if order <= 0 else 0.0
            out[k, v] = first + others[j, v] if order >= 0 else first
        i, j, k = i + (order <= 0), j + (order >= 0), k + 1
    return out_keys[:k].copy(), out[:k].copy()


@kernel
def ordered_bits(values: Array) -> Array:
    """Turn numbers into integers of the same order, see `ganj.sketches.ordered_bits`: int64[n] of int64[n] bits."""
    out = np.empty(len(values), np.int64)
    for n in range(len(values)):
        size = values[n] & 0x7FFFFFFFFFFFFFFF
        out[n] = -size if values[n] < 0 else size
    return out


@njit(nogil=True, cache=True)
def _cut(key: int, drop: int) -> int:
    """Cut the last bits off, toward zero."""
    return (key >> drop) << drop if key >= 0 else -((-key >> drop) << drop)


@njit(nogil=True, cache=True)
def _changes(keys: Array, drop: int) -> int:
    """Count the keys that differ from the one before, cut off toward zero; without a branch."""
    differ = 0
    for n in range(1, len(keys)):
        before, sign = keys[n - 1] >> 63, keys[n] >> 63
        old, new = ((keys[n - 1] ^ before) - before) >> drop, ((keys[n] ^ sign) - sign) >> drop
        differ += (old ^ before) - before != (new ^ sign) - sign
    return differ


@kernel
def finest(keys: Array, drops: Array, limit: int) -> int:
    """Return the first level at which no more than ``limit`` keys differ, else the last.

    Parameters
    ----------
    keys : int64[n], ascending
    drops : int64[levels], bits that are cut off at each level
    """
    for level in range(len(drops) - 1):
        differ, begin = min(len(keys), 1), 1
        while begin < len(keys) and differ <= limit:
            end = min(begin + SEEN_AT_ONCE, len(keys))
            differ += _changes(keys[begin - 1 : end], drops[level])
            begin = end
        if differ <= limit:
            return level
    return len(drops) - 1


@kernel
def counted(keys: Array, values: Array, drop: int) -> tuple[Array, Array]:
    """Count numbers in order by key, the last bits of which are cut off, and add them up.

    Parameters
    ----------
    keys, values : int64[n] and float64[n], ascending
    drop : bits that are cut off

    Returns
    -------
    keys : int64[k], distinct
    sums : float64[k, 2], how many, and their sum; equal numbers are multiplied, not added one by one
    """
    k, n = 0, 0
    for row in range(len(keys)):
        k += row == 0 or _cut(keys[row], drop) != _cut(keys[row - 1], drop)
    out_keys, out = np.empty(k, np.int64), np.zeros((k, 2))
    k = -1
    while n < len(keys):
        end = n + 1
        while end < len(keys) and keys[end] == keys[n]:
            end += 1
        key = _cut(keys[n], drop)
        if k < 0 or out_keys[k] != key:
            k += 1
            out_keys[k] = key
        out[k, 0] += end - n
        out[k, 1] += (end - n) * values[n]
        n = end
    return out_keys, out


@kernel
def merged(keys: Array, values: Array, other: Array, more: Array, drop: int) -> tuple[Array, Array]:
    """Lay two lists of keys in order into one, their last bits cut off, and add up what has one key.

    Parameters
    ----------
    keys, other : int64[n], int64[m], ascending
    values, more : float64[n, v], float64[m, v]
    drop : bits that are cut off

    Returns
    -------
    keys, values : distinct keys and sums
    """
    most = len(keys) + len(other)
    out_keys, out = np.empty(most, np.int64), np.zeros((most, values.shape[1]))
    i, j, k = 0, 0, -1
    while i < len(keys) or j < len(other):
        first = j == len(other) or (i < len(keys) and _cut(keys[i], drop) <= _cut(other[j], drop))
        key = _cut(keys[i] if first else other[j], drop)
        if k < 0 or out_keys[k] != key:
            k += 1
            out_keys[k] = key
        for v in range(values.shape[1]):
            out[k, v] += values[i, v] if first else more[j, v]
        i, j = i + first, j + (not first)
    return out_keys[: k + 1].copy(), out[: k + 1].copy()
