"""Keyed hashes of spans of bytes, eight bytes at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address, byte, word
from ganj.kernels.blocks import folded

_ONE, _OTHER = np.uint64(0xA0761D6478BD642F), np.uint64(0xE7037ED1A0B428DB)
_8 = np.uint64(8)
_LONG = 96
"""Bytes from which on a text is hashed in four lanes."""


@njit(cache=True, nogil=True)
def hash_at(begin: int, end: int, key: int) -> Any:
    """Return a keyed 64-bit hash of the bytes between two addresses.

    Notes
    -----
    Eight bytes at a time, each time folding a product of 128 bits (Wang Yi, wyhash, 2019): what a word does to the sum
    depends on the key, which nobody outside knows.  The last eight bytes are read whole, whatever of them was read before.
    """
    h, size = np.uint64(key), end - begin
    i = begin
    if size > _LONG:  # four words at a time, none of which waits for the one before
        one, two, three = h ^ _ONE, h ^ _OTHER, ~h
        while i + 32 < end:
            h = folded(h ^ word(i), _ONE)
            one = folded(one ^ word(i + 8), _OTHER)
            two = folded(two ^ word(i + 16), _ONE)
            three = folded(three ^ word(i + 24), _OTHER)
            i += 32
        h = folded(folded(h ^ one, _ONE) ^ folded(two ^ three, _OTHER) ^ np.uint64(key), _ONE)
    while i + 8 < end:
        h = folded(h ^ word(i), _ONE)
        i += 8
    if size >= 8:
        last = word(end - 8)
    else:
        last = np.uint64(0)
        while i < end:
            last = (last << _8) | np.uint64(byte(i))
            i += 1
    return folded(folded(h ^ last, _OTHER ^ np.uint64(size)) ^ np.uint64(key), _ONE)


@njit(cache=True, nogil=True)
def hashed(data: Array, begin: int, end: int, key: int) -> Any:
    """Return a keyed 64-bit hash of some bytes."""
    base = address(data)
    return hash_at(base + begin, base + end, key)


@njit(cache=True, nogil=True)
def hashes(data: Array, begin: Array, end: Array, key: int) -> Array:
    """Return the hash of each span: uint64[n]; of an empty one too."""
    base = address(data)
    out = np.empty(len(begin), np.uint64)
    for i in range(len(begin)):
        out[i] = hash_at(base + begin[i], base + max(end[i], begin[i]), key)
    return out


def of_words(words: Any, key: Any) -> Array:
    """Return the hash of each word of a pyarrow array of strings: uint64[n]."""
    if not len(words):
        return np.zeros(0, np.uint64)
    _, ends, data = words.buffers()
    offsets = np.frombuffer(ends, np.int32)[words.offset : words.offset + len(words) + 1].astype(np.int64)
    text = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    found: Array = hashes(text, offsets[:-1], offsets[1:], key)
    return found
