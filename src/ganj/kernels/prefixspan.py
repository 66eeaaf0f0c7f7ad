"""Frequent sequences: what comes after what, in so many histories at least (PrefixSpan by pseudo-projection).

A pattern keeps, per history, the events it may end at and the latest moment it may have begun for each; nothing is
copied. Without gap and window only the earliest end matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.prefixspan_bits import bits_after, grow_bits
from ganj.kernels.trees import grown, holders, put_in_order, unrolled

Kind = Literal["all", "closed", "maximal"]
NEVER = np.iinfo(np.int64).min
ANY = np.iinfo(np.int64).max
DENSE = 0.1
"""Share of histories that hold a step, on average, from which a branch is faster as bits."""


@dataclass(frozen=True)
class Limits:
    """What a sequence must be like.

    Attributes
    ----------
    apart : least time between two steps, in units of ``time``; with 1 what happens at one moment is in no order
    gap : most time between two steps; 0 for any
    window : most time from the first step to the last; 0 for any
    shortest, longest : steps; ``longest`` 0 for any
    contains : items that must all occur
    top : keep the most frequent only, those as frequent as the last one too; 0 for all
    most : sequences to stop at
    """

    apart: int = 0
    gap: int = 0
    window: int = 0
    shortest: int = 1
    longest: int = 0
    contains: tuple[int, ...] = ()
    top: int = 0
    most: int = 5_000_000


@dataclass(frozen=True)
class Sequences:
    """Steps that follow each other, other events between them or not.

    Attributes
    ----------
    offsets : int64[sequences + 1]
    items : int32[...], the steps of sequence ``k`` are ``items[offsets[k]:offsets[k + 1]]``, in order
    count : int64[sequences], in how many histories
    histories : how many there are in all
    complete : whether the limit on the number of sequences was not reached
    """

    offsets: Array
    items: Array
    count: Array
    histories: int
    complete: bool

    def __len__(self) -> int:
        """Count the sequences."""
        return len(self.count)

    def chosen(self, at: Array) -> Sequences:
        """Keep the sequences at some places: int64[kept]."""
        size = np.diff(self.offsets)[at]
        offsets = np.concatenate(([0], np.cumsum(size)))
        items = self.items[np.repeat(self.offsets[at] - offsets[:-1], size) + np.arange(offsets[-1])]
        return Sequences(offsets, items, self.count[at], self.histories, self.complete)


def frequent_sequences(
    offsets: Array, items: Array, least: int, time: Array | None = None, limits: Limits | None = None
) -> Sequences:
    """Find the sequences that occur in at least ``least`` histories, the most frequent ones first.

    Parameters
    ----------
    offsets : int64[histories + 1]
    items : int32[events], codes from 0, in order within each history
    time : int64[events] in µs, not falling within a history; None counts steps instead
    """
    asked, least = limits or Limits(), max(int(least), 1)
    offsets, items = np.asarray(offsets, np.int64), np.asarray(items)
    when = np.arange(len(items), dtype=np.int64) if time is None else np.asarray(time, np.int64)
    begins, kept = _worth(offsets, items, least, asked.contains)
    wide = int(items.max()) + 1 if len(items) else 0
    reach = np.array([asked.gap or ANY, asked.window or ANY, asked.longest or ANY, asked.apart], np.int64)
    tree, complete = _mined(begins, items[kept], when[kept], wide, least, reach, asked.most)
    at, steps = unrolled(tree)
    found = Sequences(at, steps.astype(np.int32), tree[:, 2].copy(), len(offsets) - 1, bool(complete))
    return _asked(found, asked)


def _worth(offsets: Array, items: Array, least: int, contains: tuple[int, ...]) -> tuple[Array, Array]:
    """Leave out histories without a step that must occur, and then events too rare to be a step.

    Returns
    -------
    offsets : int64[histories + 1], of what stays
    kept : bool[events]
    """
    kept = np.ones(len(items), bool)
    if contains:
        owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        for item in contains:
            kept &= (np.bincount(owner[items == item], minlength=len(offsets) - 1) > 0)[owner]
    left = items[kept]
    count = holders(_left(offsets, kept), left, int(left.max(initial=-1)) + 1)
    kept[kept] = count[left] >= least
    return _left(offsets, kept), kept


def _left(offsets: Array, kept: Array) -> Array:
    """Return the offsets of what stays: int64[histories + 1]."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(kept)))[offsets]


def _asked(found: Sequences, asked: Limits) -> Sequences:
    """Keep what is long enough, has what it must have, and is among the most frequent."""
    size = np.diff(found.offsets)
    kept = size >= asked.shortest
    owner = np.repeat(np.arange(len(found)), size)
    for item in asked.contains:
        kept &= np.bincount(owner[found.items == item], minlength=len(found)) > 0
    at = np.flatnonzero(kept)
    at = at[np.argsort(-found.count[at], kind="stable")]
    if asked.top and len(at) > asked.top:
        at = at[found.count[at] >= found.count[at[asked.top - 1]]]
    return found.chosen(at)


@njit(nogil=True, cache=True)
def _put(rows: Array, k: int, first: int, second: int, third: int) -> None:
    """Write the first three columns of a row."""
    rows[k, 0], rows[k, 1], rows[k, 2] = first, second, third


@njit(nogil=True, cache=True)
def _noted(seen: Array, item: int, met: int, new: bool) -> int:
    """Count an event of an item, and its history when that is new; return 1 when the item is met for the first time."""
    first = seen[item, 1] == 0
    if first:
        seen[met, 3] = item
    seen[item, 1] += new
    seen[item, 2] += 1
    return 1 if first else 0


@njit(nogil=True, cache=True)
def _followed(
    entry: Array,
    lo: int,
    hi: int,
    offsets: Array,
    items: Array,
    when: Array,
    reach: Array,
    seen: Array,
    into: Array,
    write: bool,
) -> int:
    """Look at every event that may follow the entries ``lo:hi``: count them, or write them as entries.

    An entry is a history, the event it ends at and when it began. Of one history they lie in order, and whoever ends
    later began no earlier; so of all entries before an event the last one is the nearest and the youngest, and the
    only one to ask. ``seen`` int64[items, 4] holds per item the last stamp, histories, events, and place in the list
    of items met; returns how many those are.
    """
    free, met, k = reach[0] == ANY and reach[1] == ANY, 0, lo
    while k < hi:
        history, stop = entry[k, 0], k + 1
        while stop < hi and entry[stop, 0] == history:
            stop += 1
        at = k
        for q in range(entry[k, 1] + 1, offsets[history + 1]):
            while at + 1 < stop and entry[at + 1, 1] < q and when[q] - when[entry[at + 1, 1]] >= reach[3]:
                at += 1
            item, start = items[q], entry[at, 2]
            new = seen[item, 0] != history
            if start == NEVER:
                start = when[q]
            elif when[q] - start > reach[1] or not reach[3] <= when[q] - when[entry[at, 1]] <= reach[0]:
                continue
            if free and not new:
                continue
            seen[item, 0] = history
            if write and into[item] >= 0:
                _put(entry, into[item], history, q, start)
                into[item] += 1
            elif not write:
                met += _noted(seen, item, met, new)
        k = stop
    return met


@njit(nogil=True, cache=True)
def _dense(found: Array, seen: Array, least: int, histories: int) -> Array:
    """Return the frequent steps where histories are full of them, no steps where they are not: int64[n]."""
    steps, cells = found.copy(), 0
    size = 0
    for item in found:
        if seen[item, 1] >= least:
            steps[size] = item
            size, cells = size + 1, cells + seen[item, 1]
    return steps[:size] if size > 1 and cells >= DENSE * size * histories else steps[:0]


@njit(nogil=True, cache=True)
def _branched(
    found: Array,
    seen: Array,
    into: Array,
    least: int,
    branch: tuple[int, int, int],
    tree: Array,
    stack: Array,
    size: int,
    top: int,
) -> tuple[Array, Array, int, int, int]:
    """Write the frequent steps among those found after a branch, and where their entries will lie.

    Parameters
    ----------
    branch : its place in the tree, where its entries end, its steps

    Returns
    -------
    tree, stack, their sizes, and where the last entries end
    """
    node, at, depth = branch
    for item in found:
        many, events = seen[item, 1], seen[item, 2]
        _put(seen, item, -1, 0, 0)
        if many >= least:
            tree, stack = grown(tree, size + 1), grown(stack, top + 1)
            _put(tree, size, node, item, many)
            _put(stack, top, size, at, at + events)
            stack[top, 3], into[item] = depth + 1, at
            at, size, top = at + events, size + 1, top + 1
    return tree, stack, size, top, at


@njit(nogil=True, cache=True)
def _mined(
    offsets: Array, items: Array, when: Array, wide: int, least: int, reach: Array, most: int
) -> tuple[Array, bool]:
    """Grow the tree of frequent sequences: int64[sequences, 3] of parent, item, count; and whether it is whole.

    Entries of a branch lie behind those of the branches that wait, so nothing need be freed.
    """
    tree, size = np.empty((1024, 3), np.int64), 0
    entry = np.empty((2 * len(items) + len(offsets), 3), np.int64)
    seen, into = np.zeros((wide, 4), np.int64), np.full(wide, -1, np.int64)
    seen[:, 0] = -1
    plain = reach[0] == reach[1] == ANY and reach[3] <= 1
    place = np.empty(len(items) if plain else 0, np.int64)
    stack, top = np.empty((wide + 16, 4), np.int64), 1  # node, first and last entry, depth
    whole, stack[0, 3] = True, 0
    _put(stack, 0, -1, 0, len(offsets) - 1)
    for h in range(len(offsets) - 1):
        _put(entry, h, h, offsets[h] - 1, NEVER)
    while top and whole:
        top -= 1
        node, lo, hi, depth = stack[top]
        if depth >= reach[2]:
            continue
        met = _followed(entry, lo, hi, offsets, items, when, reach, seen, into, False)
        found = seen[:met, 3].copy()
        put_in_order(found, 0, met)
        steps = _dense(found, seen, least, hi - lo) if plain else found[:0]
        if len(steps):
            for item in found:
                _put(seen, item, -1, 0, 0)
            rows, ends = bits_after(entry[lo:hi], (offsets, items, when), reach[3], steps, into, place)
            limits = (least, reach[2], most)
            tree, size, whole = grow_bits(rows, ends, steps, (node, depth), tree, size, limits)
            continue
        first = size
        tree, stack, size, top, at = _branched(
            found, seen, into, least, (node, hi, depth), tree, stack, size, top
        )
        whole = size <= most
        if size > first:
            entry = grown(entry, at)
            _followed(entry, lo, hi, offsets, items, when, reach, seen, into, True)
        seen[found, 0], into[found] = -1, -1
    return tree[: min(size, most)], whole


def inner(counts: Mapping[tuple[int, ...], int], kind: Kind) -> set[tuple[int, ...]]:
    """Return the sequences that a longer one makes needless: of the same count (closed), or of any (maximal)."""
    found = set()
    for one, count in counts.items() if kind != "all" else ():
        for k in range(len(one)):
            left = one[:k] + one[k + 1 :]
            if left in counts and (kind == "maximal" or counts[left] == count):
                found.add(left)
    return found
