"""Frequent itemsets where baskets are full: one bit a basket, 64 at a time (Eclat).

The bits of a subtree count only the baskets of its root, so rows are as short as they can be from the start.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.trees import grown

ONES, PAIRS, NIBBLES, SUM = (
    np.uint64(0x5555555555555555),
    np.uint64(0x3333333333333333),
    np.uint64(0x0F0F0F0F0F0F0F0F),
    np.uint64(0x0101010101010101),
)


@njit(nogil=True, cache=True)
def _met(rows: Array, one: int, other: int, into: int) -> int:
    """Write the baskets two rows share into a third; return how many they are."""
    many = np.uint64(0)
    for w in range(rows.shape[1]):
        x = rows[one, w] & rows[other, w]
        rows[into, w] = x
        x -= (x >> np.uint64(1)) & ONES
        x = (x & PAIRS) + ((x >> np.uint64(2)) & PAIRS)
        x = (x + (x >> np.uint64(4))) & NIBBLES
        many += (x * SUM) >> np.uint64(56)
    return int(np.int64(many))


@njit(nogil=True, cache=True)
def bits_of(where: Array, codes: Array, items: Array, place: Array) -> Array:
    """Write the baskets of each item as bits.

    Parameters
    ----------
    where : int64[baskets], the place in ``codes`` before which the rest of a basket lies, down to a -1
    items : int64[rows], the items that get a row
    place : int64[all items], -1; used and left as it was

    Returns
    -------
    uint64[rows, words]
    """
    rows = np.zeros((len(items), (len(where) + 63) // 64), np.uint64)
    for k in range(len(items)):
        place[items[k]] = k
    for basket in range(len(where)):
        bit = np.uint64(1) << np.uint64(basket & 63)
        q = where[basket] - 1
        while codes[q] >= 0:
            row = place[codes[q]]
            if row >= 0:
                rows[row, basket >> 6] |= bit
            q -= 1
    place[items] = -1
    return rows


@njit(nogil=True, cache=True)
def grow_dense(
    rows: Array,
    count: Array,
    items: Array,
    root: int,
    depth: int,
    tree: Array,
    size: int,
    least: int,
    deep: int,
    most: int,
) -> tuple[Array, int, bool]:
    """Grow all that follows from one set; ``rows`` and ``count`` tell the baskets of each of its extensions.

    A row's siblings lie before it and its children behind it, so the last one may write over what lies behind.

    Returns
    -------
    tree, its size, and whether the limit ``most`` was not reached
    """
    if size + len(items) > most:
        return tree, size, False
    tree, top = grown(tree, size + len(items)), 0
    stack = np.empty((len(items) + 16, 4), np.int64)  # node, row, first sibling, depth
    for k in range(len(items)):
        tree[size, 0], tree[size, 1], tree[size, 2] = root, items[k], count[items[k]]
        stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = size, k, 0, depth + 1
        size, top = size + 1, top + 1
    names = items.copy()
    while top:
        top -= 1
        node, row, first, level = stack[top]
        if level >= deep:
            continue
        if size + row - first > most:
            return tree, size, False
        rows, names = grown(rows, 2 * row + 2 - first), grown(names, 2 * row + 2 - first)
        tree, stack = grown(tree, size + row - first), grown(stack, top + row - first)
        into = row + 1
        for sibling in range(first, row):
            together = _met(rows, row, sibling, into)
            if together >= least:
                names[into] = names[sibling]
                tree[size, 0], tree[size, 1], tree[size, 2] = node, names[sibling], together
                stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = size, into, row + 1, level + 1
                size, top, into = size + 1, top + 1, into + 1
    return tree, size, True
