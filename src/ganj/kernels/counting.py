"""Counting by key: how often, by how many customers, and sums."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array

WIDE = 1 << 31
"""Spread of a column beyond which ranks are packed."""
DENSE = 1 << 22
"""Keys up to which a table of all possible ones is kept."""


def packed(keys: Array) -> tuple[Array, int]:
    """Give equal rows one number below a bound.

    Parameters
    ----------
    keys : int64[n, d]

    Returns
    -------
    code : int64[n]
    size : all codes are below it
    """
    code, size = np.zeros(len(keys), np.int64), 1
    if not len(keys):
        return code, size
    lowest, highest = keys.min(axis=0), keys.max(axis=0)
    for column, low, high in zip(keys.T, lowest.tolist(), highest.tolist(), strict=True):
        if high - low > WIDE:
            kinds, column, low = *np.unique(column, return_inverse=True), 0  # noqa: PLW2901 - its rank stands for it
            high = len(kinds) - 1  # noqa: PLW2901 - the bounds are those of the ranks
        width = high - low + 1
        if size * width >= 1 << 62:
            kinds, code = np.unique(code, return_inverse=True)
            size = len(kinds)
        if width > 1:
            code, size = code * width + (column - low), size * width
    if size > DENSE:
        kinds, code = np.unique(code, return_inverse=True)
        size = len(kinds)
    return code, size


@njit(nogil=True, cache=True)
def tallied(code: Array, size: int, owner: Array, values: Array) -> tuple[Array, Array]:
    """Add up by code.

    Parameters
    ----------
    code : int64[n], below ``size``
    owner : int64[n], ascending, from 0
    values : float64[n, v]

    Returns
    -------
    first : int64[size], the first row of each code; -1 where there is none
    sums : float64[size, 2 + v], rows, different owners, sums of the values
    """
    first = np.full(size, -1, np.int64)
    stamp = np.full(size, -1, np.int64)
    sums = np.zeros((size, 2 + values.shape[1]))
    for row in range(len(code)):
        c = code[row]
        if first[c] < 0:
            first[c] = row
        sums[c, 0] += 1
        if stamp[c] != owner[row]:
            stamp[c] = owner[row]
            sums[c, 1] += 1
        for v in range(values.shape[1]):
            sums[c, 2 + v] += values[row, v]
    return first, sums


def counted(keys: Array, owner: Array, *values: Array) -> tuple[Array, Array]:
    """Count rows and different owners by key, and add up values.

    Parameters
    ----------
    keys : int64[n, d]
    owner : int64[n], ascending

    Returns
    -------
    keys : int64[k, d], distinct
    sums : float64[k, 2 + v]
    """
    keys = np.ascontiguousarray(keys, np.int64)
    code, size = packed(keys)
    table = np.column_stack(values).astype(np.float64) if values else np.zeros((len(keys), 0))
    first, sums = tallied(code, size, np.asarray(owner, np.int64), table)
    there = first >= 0
    return keys[first[there]], sums[there]
