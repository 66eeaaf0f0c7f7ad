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
def _joined(
    tree: Array, size: int, root: tuple[int, int, int], held: Array, limits: tuple[int, int, int]
) -> tuple[Array, int, bool]:
    """Write a set with every choice of items that all of its baskets hold, none of which changes its count.

    Returns the tree, its size, and whether the limit of sets was not reached.
    """
    sets, levels, many = np.empty(1, np.int64), np.empty(1, np.int64), 1
    sets[0], levels[0] = root[0], root[1]
    for item in held:
        sets, levels = grown(sets, 2 * many), grown(levels, 2 * many)
        tree = grown(tree, size + many)
        for k in range(many):
            if levels[k] < limits[1]:
                if size >= limits[2]:
                    return tree, size, False
                tree[size, 0], tree[size, 1], tree[size, 2] = sets[k], item, root[2]
                sets[many], levels[many] = size, levels[k] + 1
                size, many = size + 1, many + 1
    return tree, size, True


@njit(nogil=True, cache=True)
def grow_dense(
    rows: Array,
    count: Array,
    items: Array,
    root: tuple[int, int, int],
    tree: Array,
    size: int,
    limits: tuple[int, int, int],
) -> tuple[Array, int, bool]:
    """Grow all that follows from one set.

    A row's siblings lie before it and its children behind it, so the last one may write over what lies behind.
    A child in all baskets of its parent is no branch: it joins every set below it (perfect extension, Borgelt).

    Parameters
    ----------
    rows : uint64[items, words], the baskets of each extension
    count, items : int64[items], how many those are, and the extensions
    root : the set's place in the tree, its items, its baskets
    limits : least baskets, most items of a set, most sets

    Returns
    -------
    tree, its size, and whether the limit of sets was not reached
    """
    least, deep, most = limits
    names, many = items.copy(), count.copy()
    held = np.empty(len(items), np.int64)
    width, kept = _apart(rows, names, many, held, root[2])
    stack, top = np.empty((width + 16, 5), np.int64), 0  # node, row, first sibling, depth, items held
    tree, size, whole = _joined(tree, size, root, held[:kept], limits)
    if not whole or size + width > most:
        return tree, size, False
    tree = grown(tree, size + width)
    for k in range(width):
        _push(tree, size, (root[0], names[k], many[k]), stack, top, (k, 0, root[1] + 1, kept))
        size, top = size + 1, top + 1
    while top:
        top -= 1
        node, row, first, level, kept = stack[top]
        if level >= deep:
            continue
        need = 2 * row + 2 - first
        rows, names, many = grown(rows, need), grown(names, need), grown(many, need)
        into, kept = _children(rows, names, many, held, (row, first, kept), least)
        tree, size, whole = _joined(tree, size, (node, level, many[row]), held[:kept], limits)
        if not whole or size + into - row > most:
            return tree, size, False
        tree, stack = grown(tree, size + into - row), grown(stack, top + into - row)
        for child in range(row + 1, into):
            is_ = (node, names[child], many[child])
            _push(tree, size, is_, stack, top, (child, row + 1, level + 1, kept))
            size, top = size + 1, top + 1
    return tree, size, True


@njit(nogil=True, cache=True)
def _apart(rows: Array, names: Array, many: Array, held: Array, baskets: int) -> tuple[int, int]:
    """Take the items of all baskets out of the rows; return how many rows are left, and how many items are held."""
    width, kept = 0, 0
    for k in range(len(names)):
        if many[k] == baskets:
            held[kept] = names[k]
            kept += 1
        else:
            rows[width], names[width], many[width] = rows[k], names[k], many[k]
            width += 1
    return width, kept


@njit(nogil=True, cache=True)
def _children(
    rows: Array, names: Array, many: Array, held: Array, branch: tuple[int, int, int], least: int
) -> tuple[int, int]:
    """Write the frequent children of a row behind it; return where they end, and how many items are held."""
    row, first, kept = branch
    into = row + 1
    for sibling in range(first, row):
        together = _met(rows, row, sibling, into)
        if together == many[row]:
            held[kept] = names[sibling]
            kept += 1
        elif together >= least:
            names[into], many[into] = names[sibling], together
            into += 1
    return into, kept


@njit(nogil=True, cache=True)
def _push(
    tree: Array,
    size: int,
    found: tuple[int, int, int],
    stack: Array,
    top: int,
    branch: tuple[int, int, int, int],
) -> None:
    """Write a set, and the branch that waits for it: row, first sibling, depth, items held."""
    tree[size, 0], tree[size, 1], tree[size, 2] = found
    stack[top, 0] = size
    for k in range(4):
        stack[top, k + 1] = branch[k]
