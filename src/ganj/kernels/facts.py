"""What events say, in codes: tables of hashes that are looked at once, and lists by event."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.json_bytes import ESCAPED

NEW, NOT_KEPT = -1, -2
_MIX = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def _at(keys: Array, codes: Array, key: Any) -> Any:
    """Return the place of a key in an open table, or the free one where it belongs."""
    mask = len(keys) - 1
    at: Any = np.int64(key & np.uint64(mask))
    while codes[at] >= 0 and keys[at] != key:
        at = (at + 1) & mask
    return at


@njit(cache=True, nogil=True)
def put(keys: Array, codes: Array, new: Array, given: Array) -> None:
    """Note hashes and their codes in an open table: uint64 and int32, a power of two of each, -1 where it is free."""
    for n in range(len(new)):
        at = _at(keys, codes, new[n])
        keys[at], codes[at] = new[n], given[n]


@njit(cache=True, nogil=True)
def found(keys: Array, codes: Array, wanted: Array) -> Array:
    """Return the code of each hash, int32[n]; -1 where it is not in the table."""
    out = np.empty(len(wanted), np.int32)
    for n in range(len(wanted)):
        out[n] = codes[_at(keys, codes, wanted[n])]
    return out


@njit(cache=True, nogil=True)
def pair(number: int, value: Any) -> Any:
    """Return one hash of a property and the hash of a value."""
    return value ^ (np.uint64(number + 1) * _MIX)


@njit(cache=True, nogil=True)
def coded(
    number: Array, values: Array, span: Array, kind: Array, promoted: Array, keys: Array, codes: Array
) -> Array:
    """Return the code of what each member says, int32[n].

    Parameters
    ----------
    number : int32[n], the property of each; -1 for one that is not kept
    values, span, kind : uint64[n], int32[n, 2], uint8[n]: hashes, places and kinds of the values
    promoted : bool[properties]
    keys, codes : a table of hashes made by `pair`

    Returns
    -------
    ``NEW`` where a value has no code yet, ``NOT_KEPT`` where it needs none: the property is no breakdown, or it says
    nothing.
    """
    out = np.full(len(number), NOT_KEPT, np.int32)
    for n in range(len(number)):
        one = number[n]
        if one >= 0 and promoted[one] and span[n, 1] - span[n, 0] > (2 if kind[n] <= ESCAPED else 0):
            out[n] = codes[_at(keys, codes, pair(one, values[n]))]
    return out


@njit(cache=True, nogil=True)
def laid(line: Array, number: Array, code: Array, rows: int) -> tuple[Array, Array]:
    """Lay codes out by event: ``property * 1024 + code``, int32[…], and where each event's begin, int32[rows + 1]."""
    offsets = np.zeros(rows + 1, np.int32)
    for n in range(len(line)):
        offsets[line[n] + 1] += code[n] >= 0
    for row in range(rows):
        offsets[row + 1] += offsets[row]
    out, at = np.empty(offsets[rows], np.int32), offsets[:-1].copy()
    for n in range(len(line)):
        if code[n] >= 0:
            out[at[line[n]]] = number[n] * 1024 + code[n]
            at[line[n]] += 1
    return out, offsets


@njit(cache=True, nogil=True)
def counted(
    place: Array, line: Array, number: Array, kind: Array, sizes: tuple[int, int]
) -> tuple[Array, Array]:
    """Count what is said: how often each (event, property, kind) comes and where first, int64[all of them] each.

    Parameters
    ----------
    place : int64[events], which of the different names each has
    line, number, kind : of each member the event, the property (-1: not counted) and the kind of value, under 16
    sizes : how many different names and properties there are
    """
    count = np.zeros(sizes[0] * sizes[1] * 16, np.int64)
    first = np.zeros(len(count), np.int64)
    for n in range(len(line)):
        if number[n] >= 0:
            key = (place[line[n]] * sizes[1] + number[n]) * 16 + kind[n]
            if count[key] == 0:
                first[key] = n
            count[key] += 1
    return count, first
