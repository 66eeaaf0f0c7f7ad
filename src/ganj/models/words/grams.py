"""Texts as rows of hashed n-grams, in one pass of arrays over all letters.

A text is brought to its match form, so that «عالي», «عالی» and «عالــی» are one; a letter written more than
twice in a row counts twice.  Its features are its words, its pairs of neighbouring words, and the runs
of three to five letters of each word with the word's edges: these carry endings, joined words and misspellings, which
Persian is full of.

Source: K. Weinberger et al., Feature hashing for large scale multitask learning, ICML 2009.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.kernels.sparse import times
from ganj.persian import match_forms

BITS = 20
"""Features are told apart by so many bits of their hash; the last one says word (0) or letters (1)."""
SHORTEST, LONGEST = 3, 5
"""Letters of a run, the edge of a word among them."""
PORTION = 1 << 20
"""Letters that are laid out at once."""
TIMES = np.uint64(0x9E3779B97F4A7C15)
EDGE = 1
"""What stands between words."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A sparse matrix, row after row.

    Attributes
    ----------
    offsets : int64[rows + 1]
    feature : int32[n], ascending within a row
    value : float64[n]
    """

    offsets: Array
    feature: Array
    value: Array

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.offsets) - 1

    @property
    def owner(self) -> Array:
        """int64[n]: the row of each value."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def some(self, at: Array) -> Rows:
        """Return some rows, int64[m] positions."""
        sizes = np.diff(self.offsets)[at]
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
        place = np.repeat(self.offsets[:-1][at] - offsets[:-1], sizes) + np.arange(offsets[-1])
        return Rows(offsets, self.feature[place], self.value[place])

    def times(self, weights: Array) -> Array:
        """Multiply with float64[features, k]: float64[rows, k]."""
        out: Array = times(self.offsets, self.feature, self.value, np.ascontiguousarray(weights, np.float64))
        return out


def counted(texts: Sequence[str]) -> Rows:
    """Count the n-grams of each text."""
    parts = [_portion(texts[a:b]) for a, b in _portions(texts)]
    sizes = [np.diff(part.offsets) for part in parts]
    return Rows(
        np.concatenate((np.zeros(1, np.int64), np.cumsum(np.concatenate([np.zeros(0, np.int64), *sizes])))),
        np.concatenate([np.zeros(0, np.int32), *(part.feature for part in parts)]),
        np.concatenate([np.zeros(0), *(part.value for part in parts)]),
    )


def _portions(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start, size = 0, 0
    for place, text in enumerate(texts):
        size += len(text)
        if size > PORTION:
            yield start, place + 1
            start, size = place + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _portion(texts: Sequence[str]) -> Rows:
    letters, begins, text = spelled(texts)
    ends = np.append(begins[1:], len(letters))
    word, of = _words(letters, begins, ends, text)
    run, whose = _runs(letters, begins, ends, text)
    key = np.concatenate((_packed(word, of, 0), _packed(run, whose, 1)))
    key, count = np.unique(key, return_counts=True)
    owner = (key >> np.uint64(BITS)).astype(np.int64)
    sizes = np.bincount(owner, minlength=len(texts))
    feature = (key & np.uint64((1 << BITS) - 1)).astype(np.int32)
    return Rows(np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))), feature, count.astype(np.float64))


def _packed(hashed: Array, owner: Array, kind: int) -> Array:
    """Return the number of a text and its feature as one: uint64[n]."""
    mixed = (hashed ^ (hashed >> np.uint64(29))) * TIMES >> np.uint64(64 - BITS + 1)
    packed: Array = owner.astype(np.uint64) << np.uint64(BITS) | mixed << np.uint64(1) | np.uint64(kind)
    return packed


def spelled(texts: Sequence[str]) -> tuple[Array, Array, Array]:
    """Lay out the words of texts in their match form, each after an `EDGE`.

    Returns
    -------
    letters : uint64[n], code points
    begins : int64[words], where each word's edge stands
    text : int64[words], the text of each word
    """
    folded = match_forms(pa.array(list(texts), pa.string())).to_pylist()
    flat = np.frombuffer("\n".join(folded).encode("utf-32-le", "surrogatepass"), np.uint32)
    kind = _kinds(flat)
    same = np.zeros(len(flat), bool)
    same[2:] = (flat[2:] == flat[1:-1]) & (flat[2:] == flat[:-2]) & (kind[2:] > 0)
    text = np.cumsum(flat == ord("\n"))
    flat, kind, text = flat[~same], kind[~same], text[~same]
    first = kind > 0
    first[1:] &= (kind[1:] != kind[:-1]) | (kind[1:] == 2)
    used = np.flatnonzero(kind > 0)
    started = np.flatnonzero(first)
    place = np.cumsum(first)[used] + np.arange(len(used))
    letters = np.full(len(used) + len(started), EDGE, np.uint64)
    letters[place] = flat[used]
    begins = place[first[used]] - 1
    return letters, begins, text[started]


def _kinds(flat: Array) -> Array:
    """Tell of each code point whether it parts words (0), is part of one (1), or is one by itself (2)."""
    found, at = np.unique(flat, return_inverse=True)
    kinds = np.array([_kind(int(code)) for code in found], np.int8)
    return kinds[at.reshape(-1)]


@cache
def _kind(code: int) -> int:
    letter = chr(code)
    if letter.isalnum() or letter in "'’_":
        return 1
    return 0 if letter.isspace() or not letter.isprintable() else 2


def _words(letters: Array, begins: Array, ends: Array, text: Array) -> tuple[Array, Array]:
    """Return hashes of words and of neighbours, and the text of each."""
    if not len(begins):
        return letters, text
    power = _powers(int((ends - begins).max()))
    place = np.arange(len(letters)) - np.repeat(begins, ends - begins)
    word = np.add.reduceat(letters * power[place], begins)
    near = np.flatnonzero(text[1:] == text[:-1])
    pair = (word[near] * np.uint64(31) + word[near + 1]) * TIMES
    return np.concatenate((word, pair)), np.concatenate((text, text[near]))


def _powers(size: int) -> Array:
    """Return uint64[size]: 1, t, t² … for hashing a word's letters by their place."""
    return np.cumprod(np.concatenate((np.ones(1, np.uint64), np.full(max(size - 1, 0), TIMES))))


def _runs(letters: Array, begins: Array, ends: Array, text: Array) -> tuple[Array, Array]:
    """Return hashes of the runs of letters within words and their edges, and the text of each."""
    owner, edge = np.repeat(text, ends - begins), np.append(ends, 0)
    closed = np.append(letters, np.uint64(EDGE))  # the last word's end
    until = np.repeat(edge[: len(begins)], ends - begins)  # the edge after each letter
    hashed, start = closed[:-1], np.arange(len(letters))
    found, whose = [], []
    for size in range(2, LONGEST + 1):
        fits = until >= start + size - 1
        start, hashed, until = start[fits], hashed[fits], until[fits]
        hashed = hashed * np.uint64(0x100000001B3) + closed[start + size - 1] + np.uint64(size)
        if size >= SHORTEST:
            found.append(hashed)
            whose.append(owner[start])
    return np.concatenate(found), np.concatenate(whose)
