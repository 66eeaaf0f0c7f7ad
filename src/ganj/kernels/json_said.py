"""Lays plain members of many objects end to end, with values that stand beside the objects."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.hashing import hashed
from ganj.kernels.json_lines import ESCAPED, NONE, STRING

_HELD = 4096
"""Hashes that are kept at hand."""


@njit(cache=True, nogil=True)
def plain_members(
    data: Array,
    line: Array,
    places: Array,
    kinds: Array,
    names: Array,
    values: Array,
    plain: Array,
    beside: Array,
    beside_kinds: Array,
    beside_names: Array,
    key: int,
) -> tuple[Array, Array, Array, Array, Array]:
    """Return the members of plain kinds, then the values beside, one name after the other.

    Parameters
    ----------
    line, places, kinds, names, values : as `ganj.kernels.json_lines.members` returns them
    plain : bool[kinds]
    beside, beside_kinds : int32[names, lines, 2], uint8[names, lines]; ``NONE`` where there is none
    beside_names : uint64[names], hashes
    key : of the hashes

    Returns
    -------
    line, names, values, spans, kinds
        int32[n], uint64[n], uint64[n], int32[n, 2], uint8[n]; of escaped texts beside, the hash of what is written
    """
    own = 0
    for n in range(len(line)):
        own += plain[kinds[n]]
    size = own + np.count_nonzero(beside_kinds)
    out_line, out_kinds = np.empty(size, np.int32), np.empty(size, np.uint8)
    out_names, out_values = np.empty(size, np.uint64), np.empty(size, np.uint64)
    spans = np.empty((size, 2), np.int32)
    at = 0
    for n in range(len(line)):
        if plain[kinds[n]]:
            out_line[at], out_kinds[at] = line[n], kinds[n]
            out_names[at], out_values[at] = names[n], values[n]
            spans[at, 0], spans[at, 1] = places[n, 2], places[n, 3]
            at += 1
    hashed_at, hashes = np.full(_HELD, -1, np.int32), np.zeros(_HELD, np.uint64)  # values are often shared
    for k in range(len(beside_kinds)):
        for row in range(beside_kinds.shape[1]):
            if beside_kinds[k, row] != NONE:
                out_line[at], out_kinds[at], out_names[at] = row, beside_kinds[k, row], beside_names[k]
                spans[at, 0], spans[at, 1] = beside[k, row, 0], beside[k, row, 1]
                held = beside[k, row, 0] & (_HELD - 1)
                if hashed_at[held] != beside[k, row, 0]:
                    hashed_at[held] = beside[k, row, 0]
                    hashes[held] = _hash(data, beside[k, row], beside_kinds[k, row], key)
                out_values[at] = hashes[held]
                at += 1
    return out_line, out_names, out_values, spans, out_kinds


@njit(cache=True, nogil=True)
def _hash(data: Array, span: Array, kind: int, key: int) -> Any:
    quote = 1 if kind in (STRING, ESCAPED) else 0
    return hashed(data, span[0] + quote, span[1] - quote, key)
