"""Finds groups of the log by their trailers, from the last one back: each says how long its group is."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address, byte, word

_SIX, _MARK = np.uint64((1 << 48) - 1), np.uint64(int.from_bytes(b'{"g":[', "little"))
_SHORT = 12
"""Bytes of the shortest trailer, its line feed too."""


@njit(cache=True, nogil=True)
def _line(i: int, stop: int) -> int:
    """Return where the line begins that ends before an address."""
    while i > stop and byte(i - 1) != 10:
        i -= 1
    return i


@njit(cache=True, nogil=True)
def _number(i: int, last: int) -> tuple[int, int]:
    """Read a number of twelve digits at most that ends with a letter; return it and the place after, -1 if there is none."""
    total, begin = 0, i
    while 48 <= byte(i) <= 57 and i - begin < 12:
        total = total * 10 + byte(i) - 48
        i += 1
    return total, (i + 1 if i > begin and byte(i) == last else -1)


@njit(cache=True, nogil=True)
def _trailer(i: int, end: int) -> tuple[int, int]:
    """Read the trailer that is the line between two addresses: the length and the checksum it tells; -1 if it is none."""
    if end - i < _SHORT or word(i) & _SIX != _MARK:
        return -1, -1
    length, i = _number(i + 6, 44)
    if i < 0:
        return -1, -1
    checksum, i = _number(i, 93)
    return (length, checksum) if i == end - 2 and byte(i) == 125 and byte(i + 1) == 10 else (-1, -1)


@njit(cache=True, nogil=True)
def chained(data: Array) -> Array:
    """Find groups that follow each other without a gap from the first byte on.

    Parameters
    ----------
    data : uint8[bytes]; after the last trailer may be a part of a group

    Returns
    -------
    int64[groups, 3], where the lines of each end, the checksum its trailer tells, and where the trailer ends; none at
    all where one is missing or says another length than there is
    """
    base, n = address(data), 0
    end = _line(base + len(data), base)
    begin = end
    while end > base:  # back to the last trailer
        begin = _line(end - 1, base)
        if _trailer(begin, end)[0] >= 0:
            break
        end = begin
    out = np.empty((64, 3), np.int64)
    while end > base:
        length, checksum = _trailer(begin, end)
        if length < 0 or begin - length < base:
            return out[:0]
        if n == len(out):
            out = np.concatenate((out, np.empty((n, 3), np.int64)))
        out[n, 0], out[n, 1], out[n, 2] = begin - base, checksum, end - base
        n += 1
        end = begin - length
        begin = _line(end - 1, max(end - 64, base)) if end > base else base
    return out[:n][::-1].copy()
