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
from ganj.kernels.trees import grown, put_in_order, unrolled

Kind = Literal["all", "closed", "maximal"]
NEVER = np.iinfo(np.int64).min
ANY = np.iinfo(np.int64).max


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
    histories = len(offsets) - 1
    owner = np.repeat(np.arange(histories), np.diff(offsets))
    holding = np.ones(histories, bool)
    for item in contains:
        holding &= np.bincount(owner[items == item], minlength=histories) > 0
    kept: Array = holding[owner]
    if len(items):
        wide = int(items.max()) + 1
        count = np.bincount(np.unique(owner[kept] * wide + items[kept]) % wide, minlength=wide)
        kept &= count[items] >= least
    size = np.bincount(owner[kept], minlength=histories)
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(size))), kept


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
def _put(entry: Array, k: int, history: int, ends: int, began: int) -> None:
    """Write an entry."""
    entry[k, 0], entry[k, 1], entry[k, 2] = history, ends, began


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
    stack, top = np.empty((wide + 16, 4), np.int64), 1  # node, first and last entry, depth
    stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3] = -1, 0, len(offsets) - 1, 0
    for h in range(len(offsets) - 1):
        entry[h, 0], entry[h, 1], entry[h, 2] = h, offsets[h] - 1, NEVER
    while top:
        top -= 1
        node, lo, hi, depth = stack[top]
        if depth >= reach[2]:
            continue
        met = _followed(entry, lo, hi, offsets, items, when, reach, seen, into, False)
        found = seen[:met, 3].copy()
        put_in_order(found, 0, met)
        at = hi
        for item in found:
            many, events = seen[item, 1], seen[item, 2]
            seen[item, 0], seen[item, 1], seen[item, 2] = -1, 0, 0
            if many < least:
                continue
            if size == most:
                return tree[:size], False
            tree, stack = grown(tree, size + 1), grown(stack, top + 1)
            tree[size, 0], tree[size, 1], tree[size, 2] = node, item, many
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = size, at, at + events, depth + 1
            into[item], at, size, top = at, at + events, size + 1, top + 1
        if at > hi:
            entry = grown(entry, at)
            _followed(entry, lo, hi, offsets, items, when, reach, seen, into, True)
        seen[found, 0], into[found] = -1, -1
    return tree[:size], True


def inner(counts: Mapping[tuple[int, ...], int], kind: Kind) -> set[tuple[int, ...]]:
    """Return the sequences that a longer one makes needless: of the same count (closed), or of any (maximal)."""
    found = set()
    for one, count in counts.items() if kind != "all" else ():
        for k in range(len(one)):
            left = one[:k] + one[k + 1 :]
            if left in counts and (kind == "maximal" or counts[left] == count):
                found.add(left)
    return found
