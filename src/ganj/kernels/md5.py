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

_SINES = np.array([int(abs(math.sin(i + 1)) * 2**32) & 0xFFFFFFFF for i in range(64)], np.uint32)
_SHIFTS = np.array(
    [7, 12, 17, 22] * 4 + [5, 9, 14, 20] * 4 + [4, 11, 16, 23] * 4 + [6, 10, 15, 21] * 4, np.uint32
)


@njit(cache=True, nogil=True)
def _step(f: Any, a: Any, b: Any, word: Any, i: int) -> Any:
    """Return what one of the 64 steps makes of ``b``."""
    x, s = np.uint32(np.uint32(a + f) + np.uint32(_SINES[i] + word)), _SHIFTS[i]
    return np.uint32(b + np.uint32((x << s) | (x >> np.uint32(np.uint32(32) - s))))


@njit(cache=True, nogil=True)
def _block(words: Array, state: Array) -> None:
    """Mix 16 words into the state (RFC 1321 §3.4); four loops, each of which is laid out step by step."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    for i in range(16):
        a, b, c, d = d, _step((b & c) | (~b & d), a, b, words[i], i), b, c
    for i in range(16):
        a, b, c, d = d, _step((d & b) | (~d & c), a, b, words[(5 * i + 1) & 15], i + 16), b, c
    for i in range(16):
        a, b, c, d = d, _step(b ^ c ^ d, a, b, words[(3 * i + 5) & 15], i + 32), b, c
    for i in range(16):
        a, b, c, d = d, _step(c ^ (b | ~d), a, b, words[(7 * i) & 15], i + 48), b, c
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d


@njit(cache=True, nogil=True)
def identities(data: Array, begin: Array, end: Array) -> Array:
    """Return the MD5 of each span as bytes: uint8[n, 16]."""
    out = np.empty((len(begin), 16), np.uint8)
    state, words, block = np.empty(4, np.uint32), np.empty(16, np.uint32), np.empty(64, np.uint8)
    told = block.view(np.uint32)
    for n in range(len(begin)):
        size, done = np.int64(end[n]) - np.int64(begin[n]), np.int64(0)
        state[0], state[1], state[2], state[3] = 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476
        while done <= size + 8:
            left: Any = max(size - done, 0)
            block[:] = 0
            for k in range(min(left, 64)):
                block[k] = data[np.uint64(begin[n] + done + k)]
            if 0 <= size - done < 64:
                block[size - done] = 128
            words[:] = told
            if done + 64 > size + 8:
                words[14], words[15] = np.uint32((size * 8) & 0xFFFFFFFF), np.uint32((size * 8) >> 32)
            _block(words, state)
            done += 64
        for k in range(16):
            out[n, k] = (state[k // 4] >> np.uint32(8 * (k % 4))) & np.uint32(255)
    return out
