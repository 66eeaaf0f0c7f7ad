"""Columns of numbers from the pages of a Parquet file, as they lie unpacked: plain, or as codes into a dictionary.

Pages that need more than that (levels, compression, newer forms) are left to Arrow.  Places are addresses; sixteen bytes
can be read after the last.  Whatever a damaged file says, nothing outside of it is read: what does not fit is refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel
from ganj.kernels.addresses import byte, copy, put_half, word

ROOM = 16
"""Bytes that can be read after the last."""
KIND, SIZE, VALUES, CODING, FIELDS = range(5)
"""What is told of a page; from ``FIELDS`` on, the field at which each of the structures within it is."""
DATA, DICTIONARY = 0, 2
"""Kinds of pages."""
PLAIN, CODES = 0, (2, 8)
"""Encodings."""
OF_KIND, OF_SIZE, OF_DATA, OF_DICTIONARY, OF_VALUES, OF_CODING = 1, 3, 5, 7, 1, 2
"""Fields of a page's header, and of the structures in it that tell of its values."""
TRUTHS, SMALL, SHORT, LONG, DOUBLE, BYTES, STRUCTURE = (1, 2), 3, 4, 6, 7, 8, 12
"""Kinds of fields."""
DEEPEST = 4
"""Structures within one another."""
HALF = 4
"""Bytes of an int32."""
MORE, LONGEST = 128, 63
MANY, WIDEST = 1 << 32, 24
_7, _EIGHT = np.uint64(7), 8


@njit(nogil=True, cache=True)
def _varied(at: int) -> tuple[int, int]:
    """Return a number of as many bytes as it needs, nine at most, and the place after it."""
    found, shift, b = 0, 0, MORE
    while b >= MORE and shift < LONGEST:
        b = byte(at)
        found |= (b & (MORE - 1)) << shift
        shift += 7
        at += 1
    return found, at


@njit(nogil=True, cache=True)
def _told(depth: int, field: int, value: int, told: Array) -> None:
    """Note a number that a header says, if it is one of those that matter."""
    if depth == 0 and field == OF_KIND:
        told[KIND] = value
    elif depth == 0 and field == OF_SIZE:
        told[SIZE] = value
    elif depth == 1 and (told[FIELDS] == OF_DATA or told[FIELDS] == OF_DICTIONARY):
        if field == OF_VALUES:
            told[VALUES] = value
        elif field == OF_CODING:
            told[CODING] = value


@njit(nogil=True, cache=True)
def _header(at: int, end: int, told: Array) -> int:
    """Read what a page says of itself into ``told``; return the place after it, -1 where it is none.

    Notes
    -----
    Thrift's compact protocol: a field begins with how far its number is from the one before, and its kind.
    """
    told[:] = 0
    depth = 0
    while at < end:
        b = byte(at)
        at += 1
        if b == 0:
            depth -= 1
            if depth < 0:
                return at
            continue
        kind = b & 15
        told[FIELDS + depth] += b >> 4
        if kind == STRUCTURE and depth < DEEPEST - 1:
            depth += 1
            told[FIELDS + depth] = 0
        elif SHORT <= kind <= LONG:
            value, at = _varied(at)
            _told(depth, told[FIELDS + depth], value >> 1, told)
        elif kind == BYTES:
            value, at = _varied(at)
            at += min(value, end - at)
        elif kind == SMALL:
            at += 1
        elif kind == DOUBLE:
            at += _EIGHT
        elif kind not in TRUTHS:  # a truth is in the kind itself
            return -1
    return -1


@njit(nogil=True, cache=True)
def _packed(at: int, wide: int, count: int, words: int, known: int, out: int) -> Any:
    """Write what codes mean that lie bit by bit; return the greatest of them."""
    bits, mask, greatest = np.uint64(wide), (np.uint64(1) << np.uint64(wide)) - np.uint64(1), np.uint64(0)
    last, place = np.uint64(known - 1), np.uint64(0)
    for _ in range(count):
        begin: Any = np.int64(place >> np.uint64(3))
        code = (word(at + begin) >> (place & _7)) & mask
        greatest = max(greatest, code)
        meant: Any = np.int64(min(code, last))
        put_half(out, word(words + HALF * meant))
        out += HALF
        place += bits
    return greatest


@njit(nogil=True, cache=True)
def _codes(at: int, end: int, count: int, words: int, known: int, out: int) -> bool:
    """Write what a page of codes means; tell whether it is whole."""
    wide = byte(at)
    at += 1
    while count > 0 and at < end and wide <= WIDEST and known > 0:
        said, at = _varied(at)
        if said > MANY:
            return False
        if said & 1:
            size, many = (said >> 1) * wide, min((said >> 1) * _EIGHT, count)
            if size > end - at or _packed(at, wide, many, words, known, out) >= known:
                return False
        else:
            size, many = (wide + 7) // _EIGHT, min(said >> 1, count)
            code: Any = np.int64(word(at) & ((np.uint64(1) << np.uint64(wide)) - np.uint64(1)))
            if size > end - at or code >= known:
                return False
            meant = word(words + HALF * code)
            for k in range(many):
                put_half(out + HALF * k, meant)
        if many == 0:
            return False
        at += size
        count -= many
        out += HALF * many
    return count == 0


@kernel
def unpaged(at: int, size: int, to: int, room: int, wide: int) -> bool:
    """Write the values of a column in a group of rows; tell whether its pages are of the forms known here.

    Parameters
    ----------
    at, size : where its pages lie, and their bytes; `ROOM` bytes of anything follow
    to, room : where the values are written, and the bytes they take
    wide : bytes of a value
    """
    end, stop = at + size, to + room
    told, words, known = np.zeros(FIELDS + DEEPEST, np.int64), 0, 0
    while to < stop:
        at = _header(at, end, told)
        size, values = told[SIZE], told[VALUES]
        fits = at >= 0 and 0 <= size <= end - at and values >= 0
        coding = told[CODING]
        plain = coding == PLAIN and values * wide == size
        coded = coding in CODES and wide == HALF
        if fits and told[KIND] == DICTIONARY and (plain or coded) and wide == HALF:
            words, known = at, size // HALF
        elif fits and told[KIND] == DATA and 0 < values <= (stop - to) // wide:
            if plain:
                copy(to, at, size)
            elif not coded or not _codes(at, at + size, values, words, known, to):
                return False
            to += values * wide
        else:
            return False
        at += size
    return True
