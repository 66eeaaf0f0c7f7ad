"""Frequent itemsets of baskets: what is bought together at least so often.

Items are renumbered by how often they occur. Sets grow from rare items to frequent ones; a set hands each of its
baskets to all its extensions at once (occurrence deliver, LCM). A subtree whose baskets are full of the items that are
left goes on as bits (`ganj.kernels.itemsets_dense`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.itemsets_dense import bits_of, grow_dense
from ganj.kernels.trees import grown, holders, put_in_order, sets_of

Kind = Literal["all", "closed", "maximal"]

DENSE, FEW, MANY = 0.05, 4, 64
"""Share of filled cells, items and baskets from which a subtree is faster as bits."""


@dataclass(frozen=True)
class Itemsets:
    """Sets of items that occur together.

    Attributes
    ----------
    offsets : int64[sets + 1]
    items : int32[...], the items of set ``k`` are ``items[offsets[k]:offsets[k + 1]]``, ascending
    count : int64[sets], in how many baskets
    baskets : how many there are in all
    complete : whether the limit on the number of sets was not reached
    """

    offsets: Array
    items: Array
    count: Array
    baskets: int
    complete: bool

    def __len__(self) -> int:
        """Count the sets."""
        return len(self.count)

    @property
    def size(self) -> Array:
        """How many items each set has: int64[sets]."""
        return np.diff(self.offsets)

    def chosen(self, which: Array) -> Itemsets:
        """Keep some sets; ``which`` bool[sets] or the places of those that stay, int64[kept]."""
        at = np.flatnonzero(which) if which.dtype == bool else which
        size = self.size[at]
        offsets = np.concatenate(([0], np.cumsum(size)))
        items = self.items[np.repeat(self.offsets[at] - offsets[:-1], size) + np.arange(offsets[-1])]
        return Itemsets(offsets, items, self.count[at], self.baskets, self.complete)


def frequent(
    offsets: Array, items: Array, least: int, *, kind: Kind = "all", longest: int = 0, most: int = 5_000_000
) -> Itemsets:
    """Find the sets of items that at least ``least`` baskets contain.

    Parameters
    ----------
    offsets : int64[baskets + 1]
    items : int32[...], codes from 0, in any order; an item counts once a basket
    least : baskets, from 1
    kind : all of them, those no larger set matches in count, or those no larger frequent set contains
    longest : most items of a set; 0 for any
    most : sets to stop at; ``complete`` is then false, and of closed and maximal sets only those of what was found
    """
    least = max(int(least), 1)
    starts, codes, names = _recoded(np.asarray(offsets, np.int64), np.asarray(items), least)
    deep = longest + (kind != "all") if longest else len(names)
    tree, complete = _mined(starts, codes, len(names), least, deep, most)
    found = Itemsets(*sets_of(tree, names), tree[:, 2].copy(), len(offsets) - 1, bool(complete))
    if kind != "all":
        found = found.chosen(_outermost(found, kind))
    return found.chosen(found.size <= longest) if longest else found


def _recoded(offsets: Array, items: Array, least: int) -> tuple[Array, Array, Array]:
    """Renumber frequent items from the most frequent one; each basket ascending behind a -1."""
    count = holders(offsets, items, int(items.max()) + 1 if len(items) else 0)
    names = np.argsort(-count, kind="stable")[: int((count >= least).sum())].astype(np.int32)
    rank = np.full(len(count), -1, np.int32)
    rank[names] = np.arange(len(names))
    starts, codes = _renamed(offsets, items, rank, count[names])
    return starts, codes, names


@njit(nogil=True, cache=True)
def _renamed(offsets: Array, items: Array, rank: Array, count: Array) -> tuple[Array, Array]:
    """Write baskets in ranks, ascending, each behind a -1; those with nothing frequent are left out.

    Baskets are gathered by rank first and handed out again from the first rank on, which sorts each of them.
    There is room for as many codes again behind the last.
    """
    size, last = np.zeros(len(offsets) - 1, np.int32), np.full(len(count), -1, np.int32)
    into = np.cumsum(count) - count
    of_rank = np.empty(count.sum(), np.int32)
    for basket in range(len(size)):
        for k in range(offsets[basket], offsets[basket + 1]):
            of = rank[items[k]]
            if of >= 0 and last[of] != basket:
                last[of] = basket
                of_rank[into[of]] = basket
                into[of] += 1
                size[basket] += 1
    codes, at = np.empty(2 * (len(of_rank) + len(size)), np.int32), np.empty(len(size), np.int64)
    starts, used, filled = np.empty(len(size) + 1, np.int64), 0, 0
    for basket in range(len(size)):
        if size[basket]:
            starts[used], codes[filled], at[basket] = filled, -1, filled + 1
            used, filled = used + 1, filled + size[basket] + 1
    starts[used] = filled
    first = 0
    for of in range(len(count)):
        for k in range(first, into[of]):
            codes[at[of_rank[k]]] = of
            at[of_rank[k]] += 1
        first = into[of]
    return starts[: used + 1], codes


@njit(nogil=True, cache=True)
def _counted(where: Array, lo: int, hi: int, codes: Array, count: Array, seen: Array) -> int:
    """Count what stands before the places ``where[lo:hi]`` in their baskets; return how many items that is."""
    touched = 0
    for k in range(lo, hi):
        q = where[k] - 1
        while codes[q] >= 0:
            item = codes[q]
            if count[item] == 0:
                seen[touched] = item
                touched += 1
            count[item] += 1
            q -= 1
    return touched


@njit(nogil=True, cache=True)
def _gathered(where: Array, lo: int, hi: int, codes: Array, count: Array, begin: int) -> None:
    """Copy what is frequent of the baskets ``where[lo:hi]`` to ``begin``, one behind the other, and point there.

    All below this branch then reads a few thousand codes side by side instead of all baskets.
    """
    for k in range(lo, hi):
        q, first = where[k] - 1, begin + 1
        while codes[q] >= 0:
            q -= 1
        codes[begin], begin = -1, first
        for at in range(q + 1, where[k]):
            if count[codes[at]]:
                codes[begin] = codes[at]
                begin += 1
        where[k] = begin


@njit(nogil=True, cache=True)
def _extensions(touched: int, count: Array, seen: Array, least: int) -> int:
    """Keep the frequent ones in ``seen``, ascending, and clear the counts of the others."""
    kept = 0
    for k in range(touched):
        if count[seen[k]] >= least:
            seen[kept] = seen[k]
            kept += 1
        else:
            count[seen[k]] = 0
    put_in_order(seen, 0, kept)
    return kept


@njit(nogil=True, cache=True)
def _delivered(where: Array, lo: int, hi: int, codes: Array, into: Array) -> None:
    """Write each place before ``where[lo:hi]`` into the bucket of its item; ``into`` is -1 where there is none."""
    for k in range(lo, hi):
        q = where[k] - 1
        while codes[q] >= 0:
            item = codes[q]
            if into[item] >= 0:
                where[into[item]] = q
                into[item] += 1
            q -= 1


@njit(nogil=True, cache=True)
def _mined(starts: Array, codes: Array, wide: int, least: int, deep: int, most: int) -> tuple[Array, bool]:
    """Grow the tree of frequent sets: int64[sets, 3] of parent, item and count; and whether it is whole.

    A branch keeps its baskets behind those of the branches that wait, so the last branch may write over whatever
    lies behind it and nothing need be freed.
    """
    tree, size = np.empty((1024, 3), np.int64), 0
    where = np.empty(len(codes) + 16, np.int64)
    count, seen, into = np.zeros(wide, np.int64), np.empty(wide, np.int64), np.full(wide, -1, np.int64)
    stack = np.empty((wide + 16, 4), np.int64)  # node, first and last basket, depth
    where[: len(starts) - 1] = starts[1:]
    stack[0], top = np.array([-1, 0, len(starts) - 1, 0]), min(wide, 1)
    while top:
        top -= 1
        node, lo, hi, depth = stack[top]
        if depth >= deep:
            continue
        kept = _extensions(_counted(where, lo, hi, codes, count, seen), count, seen, least)
        need = count[seen[:kept]].sum()
        if kept >= FEW and hi - lo >= MANY and need >= DENSE * kept * (hi - lo):
            rows = bits_of(where[lo:hi], codes, seen[:kept], into)
            tree, size, whole = grow_dense(
                rows, count[seen[:kept]], seen[:kept], (node, depth, hi - lo), tree, size, (least, deep, most)
            )
            count[seen[:kept]] = 0
            if not whole:
                return tree[:size], False
            continue
        if size + kept > most:
            return tree[:size], False
        tree, stack, where = grown(tree, size + kept), grown(stack, top + kept), grown(where, hi + need)
        if depth == 1 and kept:
            _gathered(where, lo, hi, codes, count, starts[-1])
        at = hi
        for k in range(kept):
            item = seen[k]
            tree[size, 0], tree[size, 1], tree[size, 2] = node, item, count[item]
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = size, at, at + count[item], depth + 1
            into[item], at, count[item] = at, at + count[item], 0
            size, top = size + 1, top + 1
        _delivered(where, lo, hi, codes, into)
        into[seen[:kept]] = -1
    return tree[:size], True


def without_one(found: Itemsets) -> tuple[Array, Array]:
    """Say which set is left when an item of a set is taken out.

    Sets are told by the sum (xor) of a random number of each item; the numbers are drawn anew until all sets differ,
    so a match is no guess.

    Returns
    -------
    owner : int64[n], the set, for each of the n items of all sets
    left : int64[n], the set without that item; -1 where nothing is left or it was not found
    """
    owner = np.repeat(np.arange(len(found)), found.size)
    if not len(found):
        return owner, owner
    seed, told = 0, np.zeros(0, np.uint64)
    while len(np.unique(told)) < len(found):
        draw = np.random.default_rng(seed)
        key = draw.integers(0, 2**64, int(found.items.max()) + 1, dtype=np.uint64)[found.items]
        told = np.bitwise_xor.reduceat(key, found.offsets[:-1])
        seed += 1
    order = np.argsort(told)
    sought = told[owner] ^ key
    at = order[np.minimum(np.searchsorted(told, sought, sorter=order), len(told) - 1)]
    known = (told[at] == sought) & (found.size[owner] > 1)
    return owner, np.where(known, at, -1)


def _outermost(found: Itemsets, kind: Kind) -> Array:
    """Tell which sets are closed or maximal: bool[sets]."""
    owner, left = without_one(found)
    inner = left >= 0
    if kind == "closed":
        inner &= found.count[left] == found.count[owner]
    stays = np.ones(len(found), bool)
    stays[left[inner]] = False
    return stays
