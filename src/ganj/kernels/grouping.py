"""Finds the different keys among many, without putting them in order."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def different(keys: Array) -> tuple[Array, Array]:
    """Return where each different key comes first, int64[different], in order, and which of them each is, int64[n].

    Parameters
    ----------
    keys : uint64[n]

    Notes
    -----
    An open table, half full at most, is looked at once or twice a key; sorting looks at each a dozen times.
    """
    size, bits = 16, 60
    while size < 2 * len(keys):
        size, bits = size * 2, bits - 1
    slots = np.full(size, -1, np.int32)
    first, place, n = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64), 0
    for row in range(len(keys)):
        at = np.int64((keys[row] * _SPREAD) >> np.uint64(bits))
        while slots[at] >= 0 and keys[first[slots[at]]] != keys[row]:
            at = (at + 1) & (size - 1)
        if slots[at] < 0:
            slots[at] = n
            first[n] = row
            n += 1
        place[row] = slots[at]
    return first[:n].copy(), place
