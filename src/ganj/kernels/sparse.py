"""Products of sparse rows with few columns of weights."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array


@njit(cache=True, nogil=True)
def times(offsets: Array, feature: Array, value: Array, weights: Array) -> Array:
    """Multiply sparse rows with weights.

    Parameters
    ----------
    offsets : int64[rows + 1]
    feature : int32[n], rows of ``weights``
    value : float64[n]
    weights : float64[features, k]

    Returns
    -------
    product : float64[rows, k]
    """
    rows, wide = len(offsets) - 1, weights.shape[1]
    out = np.zeros((rows, wide))
    for row in range(rows):
        for at in range(offsets[row], offsets[row + 1]):
            for k in range(wide):
                out[row, k] += value[at] * weights[feature[at], k]
    return out


@njit(cache=True, nogil=True)
def back(offsets: Array, feature: Array, value: Array, pushed: Array, features: int) -> Array:
    """Multiply the rows, turned over, with float64[rows, k]: float64[features, k]."""
    wide = pushed.shape[1]
    out = np.zeros((features, wide))
    for row in range(len(offsets) - 1):
        for at in range(offsets[row], offsets[row + 1]):
            for k in range(wide):
                out[feature[at], k] += value[at] * pushed[row, k]
    return out
