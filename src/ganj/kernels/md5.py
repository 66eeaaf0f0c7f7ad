"""MD5 of many short texts: a message's 128-bit identity.

Not a secret and not a signature: it only names a message, and the same everywhere (`hashlib.md5`, DuckDB's
``md5``), so that it can be looked up from any side.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ganj.histories import Array

_SINES = np.array([int(abs(math.sin(i + 1)) * 2**32) & 0xFFFFFFFF for i in range(64)], np.uint32)
_SHIFTS = np.array(
    [7, 12, 17, 22] * 4 + [5, 9, 14, 20] * 4 + [4, 11, 16, 23] * 4 + [6, 10, 15, 21] * 4, np.uint32
)


@njit(cache=True, nogil=True)
def _block(words: Array, state: Array) -> None:
    """Mix 16 words into the state (RFC 1321 §3.4)."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    for i in range(64):
        if i < 16:
            f, g = (b & c) | (~b & d), i
        elif i < 32:
            f, g = (d & b) | (~d & c), (5 * i + 1) % 16
        elif i < 48:
            f, g = b ^ c ^ d, (3 * i + 5) % 16
        else:
            f, g = c ^ (b | ~d), (7 * i) % 16
        x = np.uint32(a + f + _SINES[i] + words[g])
        s = _SHIFTS[i]
        turned = np.uint32((x << s) | (x >> np.uint32(np.uint32(32) - s)))
        a, d, c, b = d, c, b, np.uint32(b + turned)
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d


@njit(cache=True, nogil=True)
def identities(data: Array, begin: Array, end: Array) -> Array:
    """Return the MD5 of each span as bytes: uint8[n, 16]."""
    out = np.empty((len(begin), 16), np.uint8)
    state, words = np.empty(4, np.uint32), np.empty(16, np.uint32)
    for n in range(len(begin)):
        size = end[n] - begin[n]
        state[0], state[1], state[2], state[3] = 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476
        blocks = (size + 8) // 64 + 1
        for block in range(blocks):
            for w in range(16):
                word = np.uint32(0)
                for k in range(4):
                    at = block * 64 + w * 4 + k
                    byte = (
                        np.uint32(data[begin[n] + at]) if at < size else np.uint32(128 if at == size else 0)
                    )
                    word |= np.uint32(byte << np.uint32(8 * k))
                words[w] = word
            if block == blocks - 1:
                words[14], words[15] = np.uint32((size * 8) & 0xFFFFFFFF), np.uint32((size * 8) >> 32)
            _block(words, state)
        for k in range(16):
            out[n, k] = (state[k // 4] >> np.uint32(8 * (k % 4))) & np.uint32(255)
    return out
