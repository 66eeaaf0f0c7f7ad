"""Patterns as a tree: each is its parent and one item more."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array

SHORT = 24
"""Items up to which one pass of insertions sorts fastest."""


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
def holders(offsets: Array, items: Array, wide: int) -> Array:
    """Count the baskets, or histories, of each item: int64[wide]."""
    count, last = np.zeros(wide, np.int64), np.full(wide, -1, np.int64)
    for basket in range(len(offsets) - 1):
        for k in range(offsets[basket], offsets[basket + 1]):
            if last[items[k]] != basket:
                last[items[k]] = basket
                count[items[k]] += 1
    return count


@njit(nogil=True, cache=True)
def put_in_order(values: Array, lo: int, hi: int) -> None:
    """Sort ``values[lo:hi]`` in place (Shell, 1959); faster than the library's on short lists, and compiled at once."""
    gap = 1
    while 3 * gap + 1 < hi - lo and hi - lo > SHORT:
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


@njit(nogil=True, cache=True)
def sets_of(tree: Array, names: Array) -> tuple[Array, Array]:
    """Write out each set of a tree, its items renamed and ascending.

    A set is its parent's with one item put in its place, so nothing need be sorted.

    Parameters
    ----------
    tree : int64[sets, 3], parent (-1 for none), item, count; parents come before their children
    names : int32[items]

    Returns
    -------
    offsets : int64[sets + 1]
    items : int32[...]
    """
    offsets = np.zeros(len(tree) + 1, np.int64)
    for k in range(len(tree)):
        parent = tree[k, 0]
        size = 1 if parent < 0 else offsets[parent + 1] - offsets[parent] + 1
        offsets[k + 1] = offsets[k] + size
    items = np.empty(offsets[-1], np.int32)
    for k in range(len(tree)):
        parent, item, at = tree[k, 0], names[tree[k, 1]], offsets[k + 1] - 1
        if parent >= 0:
            q = offsets[parent + 1] - 1
            while q >= offsets[parent] and items[q] > item:
                items[at] = items[q]
                at, q = at - 1, q - 1
            items[at] = item
            while q >= offsets[parent]:
                at -= 1
                items[at] = items[q]
                q -= 1
        else:
            items[at] = item
    return offsets, items
