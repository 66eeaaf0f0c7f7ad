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
    larger[: len(rows)] = rows
    return larger


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
        if parent >= 0:
            items[offsets[k] : offsets[k + 1] - 1] = items[offsets[parent] : offsets[parent + 1]]
        items[offsets[k + 1] - 1] = tree[k, 1]
    return offsets, items
