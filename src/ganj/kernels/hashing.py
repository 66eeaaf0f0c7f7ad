"""Keyed hashes of spans of bytes, eight bytes at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array

_MIXED = (np.uint64(0xA0761D6478BD642F), np.uint64(0xE7037ED1A0B428DB))
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_1, _2, _3, _4, _5, _6, _7 = (np.uint64(number) for number in range(1, 8))
_8, _16, _24, _40, _48, _56 = (np.uint64(number) for number in (8, 16, 24, 40, 48, 56))


@njit(cache=True, nogil=True)
def word_at(data: Array, i: int) -> Any:
    """Return eight bytes as a number; indices without a sign are not looked at for whether they count from the end."""
    u = np.uint64(i)
    return (
        np.uint64(data[u])
        | (np.uint64(data[u + _1]) << _8)
        | (np.uint64(data[u + _2]) << _16)
        | (np.uint64(data[u + _3]) << _24)
        | (np.uint64(data[u + _4]) << _HALF)
        | (np.uint64(data[u + _5]) << _40)
        | (np.uint64(data[u + _6]) << _48)
        | (np.uint64(data[u + _7]) << _56)
    )


@njit(cache=True, nogil=True)
def _folded(one: Any, other: Any) -> Any:
    """Return both halves of a product of 128 bits, one laid over the other."""
    a, b = one & _LOW, one >> _HALF
    c, d = other & _LOW, other >> _HALF
    across = b * c + ((a * c) >> _HALF)
    more = a * d + (across & _LOW)
    return (b * d + (across >> _HALF) + (more >> _HALF)) ^ (one * other)


@njit(cache=True, nogil=True)
def hashed(data: Array, begin: int, end: int, key: int) -> Any:
    """Return a keyed 64-bit hash of some bytes.

    Notes
    -----
    Eight bytes at a time, each time folding a product of 128 bits (Wang Yi, wyhash, 2019): what a word does to the sum
    depends on the key, which nobody outside knows.
    """
    h = np.uint64(key)
    i = begin
    while i + 8 <= end:
        h = _folded(h ^ word_at(data, i), _MIXED[0])
        i += 8
    word = np.uint64(end - begin)
    while i < end:
        word = (word << _8) | np.uint64(data[np.uint64(i)])
        i += 1
    return _folded(_folded(h ^ word, _MIXED[1]) ^ np.uint64(key), _MIXED[0])


@njit(cache=True, nogil=True)
def hashes(data: Array, begin: Array, end: Array, key: int) -> Array:
    """Return the hash of each span: uint64[n]; of an empty one too."""
    out = np.empty(len(begin), np.uint64)
    for i in range(len(begin)):
        out[i] = hashed(data, begin[i], end[i], key)
    return out
