"""Frequent sequences where most histories hold most of the steps that are left: one bit an event (SPAM).

Of each history only the earliest end of a pattern matters when neither gap nor window is asked for, so a pattern is a
mask: the bits of what comes later. A step more costs four operations a word, whatever happened between.
Source: Ayres, Gehrke, Yiu & Flannick, KDD 2002.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.trees import grown

WORD = 64


@njit(nogil=True, cache=True)
def _places(
    entry: Array, offsets: Array, items: Array, when: Array, apart: int, slot: Array, place: Array
) -> Array:
    """Give numbers to the events after each entry that are steps, those of one moment alike if ``apart`` is 1.

    Parameters
    ----------
    entry : int64[n, 3], history and event it ends at
    slot : int64[items], -1 for what is no step
    place : int64[events], written: the number of each event that follows some entry, -1 where it is no step

    Returns
    -------
    int64[n], how many numbers each entry has
    """
    size = np.zeros(len(entry), np.int64)
    for k in range(len(entry)):
        ends, number, last = entry[k, 1], -1, -1
        known = ends >= offsets[entry[k, 0]]
        for q in range(ends + 1, offsets[entry[k, 0] + 1]):
            late = not known or not apart or when[q] > when[ends]
            place[q] = -1
            if slot[items[q]] >= 0 and late:
                if last < 0 or not apart or when[q] > when[last]:
                    number += 1
                place[q], last = number, q
        size[k] = number + 1
    return size


@njit(nogil=True, cache=True)
def bits_after(
    entry: Array, histories: tuple[Array, Array, Array], apart: int, steps: Array, slot: Array, place: Array
) -> tuple[Array, Array]:
    """Write what follows each entry as bits, the histories with most words first.

    Parameters
    ----------
    histories : offsets int64[histories + 1], items int32[events], when int64[events]
    steps : int64[rows], the items that get a row
    slot : int64[items], -1; used and left as it was
    place : int64[events], to write to

    Returns
    -------
    rows : uint64[rows, words], first the first word of each history, then the second of those that have one …
    ends : int64[n], where the words of that number end
    """
    offsets, items, when = histories
    for k in range(len(steps)):
        slot[steps[k]] = k
    size = _places(entry, offsets, items, when, apart, slot, place)
    order = np.argsort(-size)
    longest = (size.max() + WORD - 1) // WORD
    ends = np.zeros(longest, np.int64)
    for k in range(len(entry)):
        for word in range((size[k] + WORD - 1) // WORD):
            ends[word] += 1
    ends = np.cumsum(ends)
    rows = np.zeros((len(steps), ends[-1]), np.uint64)
    for k in range(len(order)):
        history = entry[order[k], 0]
        for q in range(entry[order[k], 1] + 1, offsets[history + 1]):
            if place[q] >= 0:
                word = place[q] // WORD
                at = k + (ends[word - 1] if word else 0)
                rows[slot[items[q]], at] |= np.uint64(1) << np.uint64(place[q] % WORD)
    slot[steps] = -1
    return rows, ends


@njit(nogil=True, cache=True)
def _later(row: Array, mask: Array, into: Array, ends: Array, hit: Array) -> int:
    """Write the mask of what comes after the first event of a row within a mask; return in how many histories."""
    one, found = np.uint64(1), 0
    for k in range(ends[0]):
        w = row[k] & mask[k]
        into[k] = ~(w ^ (w - one))
        hit[k] = w != 0
        found += w != 0
    for word in range(1, len(ends)):
        begin = ends[word - 1]
        for k in range(ends[word] - begin):
            w = row[begin + k] & mask[begin + k]
            into[begin + k] = ~np.uint64(0) if hit[k] else ~(w ^ (w - one))
            if w != 0 and not hit[k]:
                hit[k] = True
                found += 1
    return found


@njit(nogil=True, cache=True)
def grow_bits(
    rows: Array,
    ends: Array,
    steps: Array,
    root: tuple[int, int],
    tree: Array,
    size: int,
    limits: tuple[int, int, int],
) -> tuple[Array, int, bool]:
    """Grow all sequences that begin with one.

    A branch's mask lies before those of its children, and its steps before theirs, so the last one may write over
    what lies behind.

    Parameters
    ----------
    rows, ends : see `bits_after`
    steps : int64[rows], what may follow
    root : the sequence's place in the tree, and its steps
    limits : least histories, most steps of a sequence, most sequences

    Returns
    -------
    tree, its size, and whether the limit of sequences was not reached
    """
    least, deep, most = limits
    masks, hit = np.empty((16, rows.shape[1]), np.uint64), np.zeros(ends[0], np.bool_)
    masks[0] = ~np.uint64(0)
    lists, stack, top = np.arange(4 * len(steps)), np.empty((64, 5), np.int64), 1
    stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3], stack[0, 4] = root[0], 0, 0, len(steps), root[1]
    while top:
        top -= 1
        node, mask, lo, hi, depth = stack[top]
        if depth >= deep:
            continue
        into, end = mask + 1, hi
        lists, masks = grown(lists, 2 * hi - lo), grown(masks, mask + 2 + hi - lo)
        tree, stack = grown(tree, size + hi - lo), grown(stack, top + hi - lo)
        for at in range(lo, hi):
            many = _later(rows[lists[at]], masks[mask], masks[into], ends, hit)
            if many < least:
                continue
            if size == most:
                return tree, size, False
            tree[size, 0], tree[size, 1], tree[size, 2] = node, steps[lists[at]], many
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 4] = size, into, hi, depth + 1
            lists[end] = lists[at]
            size, top, into, end = size + 1, top + 1, into + 1, end + 1
        for child in range(top - (into - mask - 1), top):
            stack[child, 3] = end
    return tree, size, True
