"""Patterns as a tree: each is its parent and one item more."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array


@njit(nogil=True, cache=True)
def grown(rows: Array, need: int) -> Array:
    """Return the array itself when it has ``need`` rows, otherwise a copy of at least twice the size."""
    if need <= len(rows):
        return rows
    larger = np.empty((max(need, 2 * len(rows)), *rows.shape[1:]), rows.dtype)
    into, what = larger.reshape(-1), rows.reshape(-1)  # a loop compiles ten times as fast as a slice
    for k in range(len(what)):
        into[k] = what[k]
    return larger


@njit(nogil=True, cache=True)
def put_in_order(values: Array, lo: int, hi: int) -> None:
    """Sort ``values[lo:hi]`` in place (Shell, 1959); as fast as the library's on short lists, and compiled at once."""
    gap = 1
    while 3 * gap + 1 < hi - lo:
        gap = 3 * gap + 1
    while gap:
        for k in range(lo + gap, hi):
            value, at = values[k], k
            while at - gap >= lo and values[at - gap] > value:
                values[at] = values[at - gap]
                at -= gap
            values[at] = value
        gap //= 3


@njit(nogil=True, cache=True)
def unrolled(tree: Array) -> tuple[Array, Array]:
    """Write out each pattern from its root.

    Parameters
    ----------
    tree : int64[patterns, 3], parent (-1 for none), item, count; parents come before their children

    Returns
    -------
    offsets : int64[patterns + 1]
    items : int64[...], in the order in which they were joined
    """
    offsets = np.zeros(len(tree) + 1, np.int64)
    depth = np.empty(len(tree), np.int64)
    for k in range(len(tree)):
        depth[k] = 1 if tree[k, 0] < 0 else depth[tree[k, 0]] + 1
        offsets[k + 1] = offsets[k] + depth[k]
    items = np.empty(offsets[-1], np.int64)
    for k in range(len(tree)):
        parent = tree[k, 0]
        for at in range(depth[k] - 1):
            items[offsets[k] + at] = items[offsets[parent] + at]
        items[offsets[k + 1] - 1] = tree[k, 1]
    return offsets, items
