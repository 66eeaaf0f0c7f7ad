"""A sieve that lets new identities through: Bloom's filter in blocks of one word of memory; and merging sorted ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array

BITS = 12
"""Bits of the sieve for each identity, at least: one new identity in a few hundred is taken for an old one (in a
thousand, where the sieve is half full)."""
_SIX = np.uint64(63)
_6, _12, _18, _24 = (np.uint64(number) for number in (6, 12, 18, 24))


@njit(cache=True, nogil=True)
def noted(sieve: Array, high: Array, low: Array) -> None:
    """Note identities: five bits of the word each leads to.

    Parameters
    ----------
    sieve : uint64[words]
    high, low : uint64[n] each, halves of identities, which are spread evenly

    Notes
    -----
    All bits of an identity lie in one word, so that it costs one touch of memory (Putze, Sanders, Singler, Cache-, hash-
    and space-efficient Bloom filters, 2007).
    """
    words = np.uint64(len(sieve))
    for n in range(len(high)):
        sieve[high[n] % words] |= _mask(low[n])


@njit(cache=True, nogil=True)
def _mask(low: Any) -> Any:
    one = np.uint64(1)
    return (
        (one << (low & _SIX))
        | (one << ((low >> _6) & _SIX))
        | (one << ((low >> _12) & _SIX))
        | (one << ((low >> _18) & _SIX))
        | (one << ((low >> _24) & _SIX))
    )


@njit(cache=True, nogil=True)
def passed(sieve: Array, high: Array, low: Array) -> Array:
    """Tell which identities may have been noted: bool[n]; the others were not."""
    out = np.zeros(len(high), np.bool_)
    words = np.uint64(len(sieve))
    if words > 0:
        for n in range(len(high)):
            mask = _mask(low[n])
            out[n] = (sieve[high[n] % words] & mask) == mask
    return out


@njit(cache=True, nogil=True)
def merged(high: Array, low: Array, other_high: Array, other_low: Array) -> tuple[Array, Array]:
    """Merge two runs of identities, each ascending by its high halves."""
    size = len(high) + len(other_high)
    out_high, out_low = np.empty(size, np.uint64), np.empty(size, np.uint64)
    i, j = 0, 0
    for n in range(size):
        if j >= len(other_high) or (i < len(high) and high[i] <= other_high[j]):
            out_high[n], out_low[n] = high[i], low[i]
            i += 1
        else:
            out_high[n], out_low[n] = other_high[j], other_low[j]
            j += 1
    return out_high, out_low
