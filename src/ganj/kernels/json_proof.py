"""Walks over JSON as strangers send it and proves that it may be copied as it stands into a line of the log.

What passes is JSON in UTF-8, no object has a name twice, numbers are written as they would be written again, values
are not deep.  Spaces and letters written as numbers are let pass and noted: such values are rough, and are written
anew (`smooth`).  Whatever else is unusual is not judged here: ``-1`` sends it to the reader who takes his time.

Places are addresses.  Bytes are looked at by sixty-four, so a hundred and twenty-eight zeros end them: no loop passes
over one, so none looks for the end.  That all of them are UTF-8 was proved before (`ganj.kernels.utf8`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.kernels.addresses import byte, copy, number, put, put_number, word
from ganj.kernels.blocks import ends, zeros

DEPTH, NAMES = 7, 24
"""Levels of a value, and names of an object, that are walked over; with more it is read elsewhere."""
LEVEL = 8 * (NAMES + 1)
"""Bytes that note the names of one object: how many there are, the hash of each."""
SPACES = 1 << 32 | 1 << 13 | 1 << 10 | 1 << 9
"""The letters that are space between values."""
_MIXED, _BEGIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x5851F42D4C957F2D)
_HALF = np.uint64(32)
_FOUR = np.uint64(0xFFFFFFFF)
_NULL, _TRUE, _FALSE = (np.uint64(int.from_bytes(text, "little")) for text in (b"null", b"true", b"alse"))


@njit(cache=True, nogil=True)
def after_space(i: int) -> int:
    """Return the place of the next letter that is no space."""
    b = byte(i)
    while b <= 32 and SPACES >> b & 1:
        i += 1
        b = byte(i)
    return i


@njit(cache=True, nogil=True)
def _hexadecimal(i: int) -> int:
    """Return the number that four hexadecimal digits write, -1 if they are none."""
    found = 0
    for k in range(4):
        b = byte(i + k)
        if 48 <= b <= 57:
            digit = b - 48
        elif 97 <= (b | 32) <= 102:
            digit = (b | 32) - 87
        else:
            return -1
        found = found * 16 + digit
    return found


@njit(cache=True, nogil=True)
def _after_escape(i: int) -> tuple[int, bool]:
    """Return the place after a backslash and what it stands before, and whether we would write it otherwise."""
    b = byte(i + 1)
    if b in (34, 92, 98, 102, 110, 114, 116):
        return i + 2, False
    if b == 47:
        return i + 2, True
    letter = _hexadecimal(i + 2) if b == 117 else -1
    if letter < 128 or 0xDC00 <= letter <= 0xDFFF:
        return -1, True
    if letter < 0xD800 or letter > 0xDFFF:
        return i + 6, True
    low = _hexadecimal(i + 8) if byte(i + 6) == 92 and byte(i + 7) == 117 else -1
    return (i + 12 if 0xDC00 <= low <= 0xDFFF else -1), True


@njit(cache=True, nogil=True)
def after_string(i: int) -> tuple[int, bool]:
    """Return the place of the quote that closes a string whose first letter is at ``i``, and whether it is rough."""
    rough = False
    while True:
        found = ends(i)
        if found == 0:
            i += 64
            continue
        i += zeros(found)
        b = byte(i)
        if b == 34:
            return i, rough
        if b != 92:
            return -1, rough
        i, anew = _after_escape(i)
        if i < 0:
            return -1, rough
        rough |= anew


@njit(cache=True, nogil=True)
def _after_digits(i: int) -> int:
    while 48 <= byte(i) <= 57:
        i += 1
    return i


@njit(cache=True, nogil=True)
def _after_number(i: int) -> int:
    """Return the place after a number that would be written again just so; -1 if that is not sure."""
    minus = byte(i) == 45
    begin = i + 1 if minus else i
    i = _after_digits(begin)
    whole, zero = i - begin, byte(begin) == 48
    if whole == 0 or whole > 18 or (zero and whole > 1):
        return -1
    if byte(i) != 46:
        return -1 if byte(i) | 32 == 101 or (minus and zero) else i
    point = i + 1
    i = _after_digits(point)
    places = i - point
    if places == 0 or places + whole > 15 or byte(i) | 32 == 101:
        return -1
    if places > 1 and byte(i - 1) == 48:
        return -1  # 1.50 would be written 1.5
    small = zero and places > 3 and byte(point) == 48 and byte(point + 1) == 48
    return -1 if small else i


@njit(cache=True, nogil=True)
def _after_plain(i: int) -> int:
    """Return the place after ``null``, ``true``, ``false`` or a number; -1 if there is none of them."""
    b = byte(i)
    if b == 110:
        return i + 4 if word(i) & _FOUR == _NULL else -1
    if b == 116:
        return i + 4 if word(i) & _FOUR == _TRUE else -1
    if b == 102:
        return i + 5 if word(i + 1) & _FOUR == _FALSE else -1
    return _after_number(i)


@njit(cache=True, nogil=True)
def _hashed(i: int, end: int) -> Any:
    h = _BEGIN ^ np.uint64(end - i)
    while i + 8 <= end:
        h = (h ^ word(i)) * _MIXED
        h ^= h >> _HALF
        i += 8
    if i < end:
        kept = np.uint64((1 << (8 * (end - i))) - 1)
        h = (h ^ (word(i) & kept)) * _MIXED
        h ^= h >> _HALF
    return np.int64(h)


@njit(cache=True, nogil=True)
def name(i: int, seen: int) -> tuple[int, int, bool]:
    """Walk over a name and its colon.

    Parameters
    ----------
    seen : where the names of its object are noted; it is added

    Returns
    -------
    The place after its last letter, that of its value, -1 where there is no name, or one that was there, or too many;
    and whether there was space.
    """
    count = number(seen)
    if byte(i) != 34 or count >= NAMES:
        return 0, -1, False
    end, rough = after_string(i + 1)
    if end < 0 or rough:
        return 0, -1, False
    key = _hashed(i + 1, end)
    for k in range(1, count + 1):
        if number(seen + 8 * k) == key:
            return 0, -1, False
    put_number(seen + 8 * (count + 1), key)
    put_number(seen, count + 1)
    colon = after_space(end + 1)
    if byte(colon) != 58:
        return 0, -1, False
    value = after_space(colon + 1)
    return end, value, value != end + 2


@njit(cache=True, nogil=True)
def after_value(i: int, seen: int) -> tuple[int, bool]:
    """Walk over a value.

    Parameters
    ----------
    i : its first letter
    seen : room for the names of the objects that are open: `LEVEL` bytes of each of `DEPTH`

    Returns
    -------
    The place after it, -1 where it must be read elsewhere, and whether it is rough.
    """
    depth, objects, rough = 0, 0, False
    while True:
        b, inside, anew = byte(i), False, False
        if b == 34:
            end, anew = after_string(i + 1)
            i = end + 1 if end >= 0 else -1
        elif b | 32 == 123:  # { or [, which differ in one bit
            if depth == DEPTH:
                return -1, rough
            put_number(seen + depth * LEVEL, 0)
            objects = (objects << 1) | int(b == 123)
            depth += 1
            first = after_space(i + 1)
            anew = first != i + 1
            i, inside = first, byte(first) != b + 2
        else:
            i = _after_plain(i)
        rough |= anew
        if i < 0 or depth == 0:
            return i, rough
        i, depth, objects, anew = _onward(i, depth, objects, inside, seen)
        rough |= anew
        if i < 0 or depth == 0:
            return i, rough


@njit(cache=True, nogil=True)
def _onward(i: int, depth: int, objects: int, inside: bool, seen: int) -> tuple[int, int, int, bool]:
    """Close what ends at ``i`` and find the next value; ``inside``: it is the first in what was just opened."""
    rough = False
    while depth and not inside:
        place = after_space(i)
        rough |= place != i
        b = byte(place)
        if b == 44:
            i = after_space(place + 1)
            rough |= i != place + 1
            inside = True
        elif b == (125 if objects & 1 else 93):
            objects >>= 1
            depth -= 1
            i = place + 1
        else:
            return -1, depth, objects, rough
    if depth and objects & 1:
        _, i, anew = name(i, seen + (depth - 1) * LEVEL)
        rough |= anew
    return i, depth, objects, rough


@njit(cache=True, nogil=True)
def _letter(to: int, letter: int) -> int:
    """Write one letter above ASCII in UTF-8; return the place after it."""
    if letter < 0x800:
        put(to, 0xC0 | (letter >> 6))
    elif letter < 0x10000:
        put(to, 0xE0 | (letter >> 12))
        put(to + 1, 0x80 | ((letter >> 6) & 63))
        to += 1
    else:
        put(to, 0xF0 | (letter >> 18))
        put(to + 1, 0x80 | ((letter >> 12) & 63))
        put(to + 2, 0x80 | ((letter >> 6) & 63))
        to += 2
    put(to + 1, 0x80 | (letter & 63))
    return to + 2


@njit(cache=True, nogil=True)
def smooth(to: int, begin: int, end: int) -> int:
    """Write a value that was walked over, without its spaces and with letters as they are; return the place after it."""
    i, text = begin, False
    while i < end:
        b = byte(i)
        escaped = byte(i + 1) if b == 92 else 0
        if not text and b <= 32:
            i += 1
        elif escaped == 117:
            letter = _hexadecimal(i + 2)
            i += 6
            if 0xD800 <= letter < 0xE000:
                letter = 0x10000 + ((letter - 0xD800) << 10) + _hexadecimal(i + 2) - 0xDC00
                i += 6
            to = _letter(to, letter)
        elif escaped == 47:
            put(to, 47)
            to, i = to + 1, i + 2
        else:
            text ^= b == 34
            size = 2 if b == 92 else 1
            copy(to, i, size)
            to, i = to + size, i + size
    return to
