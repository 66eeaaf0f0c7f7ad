"""MD5 of many short texts: a message's 128-bit identity.

Not a secret and not a signature: it only names a message, and the same everywhere (`hashlib.md5`, DuckDB's
``md5``), so that it can be looked up from any side.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address, copy, put, put_number, word

_SINES = np.array([int(abs(math.sin(i + 1)) * 2**32) & 0xFFFFFFFF for i in range(64)], np.uint32)
_SHIFTS = np.array(
    [7, 12, 17, 22] * 4 + [5, 9, 14, 20] * 4 + [4, 11, 16, 23] * 4 + [6, 10, 15, 21] * 4, np.uint32
)

_BEGUN = tuple(np.uint32(state) for state in (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476))
_HALF = np.uint64(0xFFFFFFFF)


@njit(cache=True, nogil=True)
def _step(f: Any, a: Any, b: Any, word: Any, i: int) -> Any:
    """Return what one of the 64 steps makes of ``b``."""
    x, s = np.uint32(np.uint32(a + f) + np.uint32(_SINES[i] + word)), _SHIFTS[i]
    return np.uint32(b + np.uint32((x << s) | (x >> np.uint32(np.uint32(32) - s))))


@njit(cache=True, nogil=True)
def _word(at: int, k: int) -> Any:
    return np.uint32(word(at + 4 * k) & _HALF)


@njit(cache=True, nogil=True)
def _block(at: int, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Mix the 16 words at an address into the state (RFC 1321 §3.4); four loops, each laid out step by step."""
    state = a, b, c, d
    for i in range(16):
        a, b, c, d = d, _step((b & c) | (~b & d), a, b, _word(at, i), i), b, c
    for i in range(16):
        a, b, c, d = d, _step((d & b) | (~d & c), a, b, _word(at, (5 * i + 1) & 15), i + 16), b, c
    for i in range(16):
        a, b, c, d = d, _step(b ^ c ^ d, a, b, _word(at, (3 * i + 5) & 15), i + 32), b, c
    for i in range(16):
        a, b, c, d = d, _step(c ^ (b | ~d), a, b, _word(at, (7 * i) & 15), i + 48), b, c
    return np.uint32(a + state[0]), np.uint32(b + state[1]), np.uint32(c + state[2]), np.uint32(d + state[3])


@njit(cache=True, nogil=True)
def identities(data: Array, begin: Array, end: Array) -> Array:
    """Return the MD5 of each span as bytes: uint8[n, 16]."""
    out, room, nothing = np.empty((len(begin), 2), np.int64), np.zeros(192, np.uint8), np.zeros(128, np.uint8)
    base, last, zeros = address(data), address(room), address(nothing)
    for n in range(len(begin)):
        i, size = base + begin[n], max(end[n] - begin[n], 0)
        a, b, c, d = _BEGUN
        left = size
        while left >= 64:
            a, b, c, d = _block(i, a, b, c, d)
            i, left = i + 64, left - 64
        copy(last, zeros, 128)
        copy(last, i, left)
        put(last + left, 128)
        more = 64 if left > 55 else 0
        put_number(last + more + 56, size * 8)
        if more:
            a, b, c, d = _block(last, a, b, c, d)
        a, b, c, d = _block(last + more, a, b, c, d)
        out[n, 0], out[n, 1] = np.int64(a) | np.int64(b) << 32, np.int64(c) | np.int64(d) << 32
    return out.view(np.uint8)
