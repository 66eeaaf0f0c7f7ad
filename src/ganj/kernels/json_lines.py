"""Reads canonical lines of the log (`ganj.log.line`) where they lie: spans, not copies.

The lines were encoded by ourselves: no spaces, no key twice, letters below U+0020 escaped.  What a loop does not
understand it says so (`BAD`), and that one line is looked at in Python.  Hashes are keyed with a number of the
process, so nobody outside can make two words look alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.hashing import hashed, word_at

FIELDS = "mrtkwdeuabgipcx"
"""The letters of a line's fields; a field's number is its place here."""
P, C = FIELDS.index("p"), FIELDS.index("c")

NONE, STRING, ESCAPED, WHOLE, DECIMAL, TRUE, FALSE, NULL, OBJECT, LIST = range(10)
"""Kinds of values; a string with a backslash in it is ``ESCAPED``."""
GOOD, BAD, TRAILER = range(3)

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
NESTED = np.uint64(0xC2B2AE3D27D4EB4F)
_ONES, _TOPS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_QUOTES, _SLASHES, _SPACES = (np.uint64(0x0101010101010101 * letter) for letter in (34, 92, 32))
_PLACE = np.zeros(128, np.int64) - 1
for _number, _letter in enumerate(FIELDS):
    _PLACE[ord(_letter)] = _number


@njit(cache=True, nogil=True)
def _is_plain(word: Any) -> Any:
    """Tell whether none of eight bytes is a quote, a backslash or below a space.

    Notes
    -----
    Subtracting from a byte that is too small borrows into its top bit (Warren, Hacker's Delight, 6-1).
    """
    quote, slash = word ^ _QUOTES, word ^ _SLASHES
    found = ((quote - _ONES) & ~quote) | ((slash - _ONES) & ~slash) | ((word - _SPACES) & ~word)
    return (found & _TOPS) == 0


@njit(cache=True, nogil=True)
def _after_string(data: Array, i: int, stop: int) -> tuple[int, bool]:
    """Return the place of the quote that closes a string whose first letter is at ``i``; -1 if none does."""
    escaped = False
    while i < stop:
        if i + 8 <= stop and _is_plain(word_at(data, i)):
            i += 8
            continue
        near = min(i + 8, stop)
        while i < near:
            b = data[np.uint64(i)]
            if b == 34:
                return i, escaped
            if b == 92:
                escaped = True
                i += 1
            elif b < 32:
                return -1, escaped
            i += 1
    return -1, escaped


@njit(cache=True, nogil=True)
def _after_nest(data: Array, i: int, stop: int) -> int:
    """Return the place after an object or list that begins at ``i``; -1 where it does not end."""
    depth = 0
    while i < stop:
        b = data[np.uint64(i)]
        if b == 34:
            i, _ = _after_string(data, i + 1, stop)
            if i < 0:
                return -1
        elif b in (123, 91):
            depth += 1
        elif b in (125, 93):
            depth -= 1
            if depth == 0:
                return i + 1
        elif b < 32:
            return -1
        i += 1
    return -1


@njit(cache=True, nogil=True)
def _after_number(data: Array, i: int, stop: int) -> tuple[int, int]:
    kind = WHOLE
    begin = i
    while i < stop:
        b = data[i]
        if b in (46, 101, 69):
            kind = DECIMAL
        elif not (48 <= b <= 57 or b in (45, 43)):
            break
        i += 1
    return (i if i > begin else -1), kind


@njit(cache=True, nogil=True)
def value(data: Array, i: int, stop: int) -> tuple[int, int]:  # noqa: PLR0911 - a kind of value, a return
    """Return the place after a value and its kind; -1 where there is none."""
    if i >= stop:
        return -1, NONE
    b = data[i]
    if b == 34:
        end, escaped = _after_string(data, i + 1, stop)
        return (end + 1 if end >= 0 else -1), (ESCAPED if escaped else STRING)
    if b == 123:
        return _after_nest(data, i, stop), OBJECT
    if b == 91:
        return _after_nest(data, i, stop), LIST
    if b == 116:
        return (i + 4 if i + 4 <= stop else -1), TRUE
    if b == 102:
        return (i + 5 if i + 5 <= stop else -1), FALSE
    if b == 110:
        return (i + 4 if i + 4 <= stop else -1), NULL
    return _after_number(data, i, stop)


@njit(cache=True, nogil=True)
def _after_line(data: Array, i: int) -> int:
    while i < len(data) and data[i] != 10:
        i += 1
    return i + 1


@njit(cache=True, nogil=True)
def _fields(data: Array, i: int, n: int, span: Array, kind: Array) -> int:
    """Note the fields of the line that begins at ``i``; return the place after it, -1 where it is not understood."""
    stop = len(data)
    if i + 6 >= stop or data[i] != 123 or data[i + 2] != 109:
        return -1
    i += 1
    while i + 4 < stop:
        letter = data[i + 1]
        if data[i] != 34 or data[i + 2] != 34 or data[i + 3] != 58 or letter > 127 or _PLACE[letter] < 0:
            return -1
        field = _PLACE[letter]
        end, what = value(data, i + 4, stop)
        if end < 0 or kind[n, field] != NONE or end >= stop:
            return -1
        span[n, field, 0], span[n, field, 1], kind[n, field] = i + 4, end, what
        if data[end] == 125:
            return end + 2 if end + 1 < stop and data[end + 1] == 10 else -1
        if data[end] != 44:
            return -1
        i = end + 1
    return -1


@njit(cache=True, nogil=True)
def lines(data: Array, most: int) -> tuple[Array, Array, Array, Array]:
    """Divide groups into lines and lines into fields.

    Parameters
    ----------
    data : uint8[bytes], whole lines
    most : a number that there are not more lines than

    Returns
    -------
    line : int64[lines, 2], the bytes of each without its line feed; trailers are left out
    state : uint8[lines], ``GOOD`` or ``BAD``
    span : int32[lines, fields, 2], where each field's value lies
    kind : uint8[lines, fields]
    """
    line, state = np.empty((most, 2), np.int64), np.zeros(most, np.uint8)
    span, kind = np.zeros((most, 15, 2), np.int32), np.zeros((most, 15), np.uint8)
    i, n = 0, 0
    while i < len(data):
        if i + 4 < len(data) and data[i] == 123 and data[i + 2] == 103:
            i = _after_line(data, i)
            continue
        after = _fields(data, i, n, span, kind)
        if after < 0:
            after = _after_line(data, i)
            state[n] = BAD
        line[n, 0], line[n, 1] = i, after - 1
        i = after
        n += 1
    return line[:n], state[:n], span[:n], kind[:n]


@njit(cache=True, nogil=True)
def _slot(table: Array, slots: Array, key: int) -> Any:
    """Look a hash up in an open table: the number of the wanted name, -1 for another."""
    mask = len(table) - 1
    at = np.int64(key & np.uint64(mask))
    while slots[at] >= 0:
        if table[at] == key:
            return slots[at]
        at = (at + 1) & mask
    return -1


@njit(cache=True, nogil=True)
def tables(keys: Array) -> tuple[Array, Array]:
    """Make an open table of hashes, for `_slot`; its size is a power of two, a quarter full at most."""
    size = 16
    while size < 4 * len(keys):
        size *= 2
    table, slots = np.zeros(size, np.uint64), np.full(size, -1, np.int16)
    for number in range(len(keys)):
        at = np.int64(keys[number] & np.uint64(size - 1))
        while slots[at] >= 0:
            at = (at + 1) & (size - 1)
        table[at], slots[at] = keys[number], number
    return table, slots


@njit(cache=True, nogil=True)
def members(
    data: Array, span: Array, kind: Array, most: int, key: int
) -> tuple[Array, Array, Array, Array, Array]:
    """List the members of objects: one level.

    Parameters
    ----------
    data : uint8[bytes]
    span, kind : int32[lines, 2], uint8[lines], the objects; others have no members
    most : a number that there are not more members than
    key : of the hashes

    Returns
    -------
    line : int32[members]
    places : int32[members, 4], of the name (without quotes) and the value (with them)
    kinds : uint8[members]
    names, values : uint64[members], hashes; of a value only where it is plain, a string without its quotes
    """
    line, places = np.empty(most, np.int32), np.empty((most, 4), np.int32)
    kinds, names, values = np.empty(most, np.uint8), np.empty(most, np.uint64), np.zeros(most, np.uint64)
    n = 0
    for row in range(len(span)):
        if kind[row] != OBJECT:
            continue
        i, stop = span[row, 0] + 1, span[row, 1]
        while i < stop - 1:
            close, _ = _after_string(data, i + 1, stop)
            end, what = value(data, close + 2, stop)
            if close < 0 or end < 0:
                break
            line[n], kinds[n] = row, what
            places[n, 0], places[n, 1], places[n, 2], places[n, 3] = i + 1, close, close + 2, end
            names[n] = hashed(data, i + 1, close, key)
            if what == STRING:
                values[n] = hashed(data, close + 3, end - 1, key)
            elif what < OBJECT:
                values[n] = hashed(data, close + 2, end, key)
            n += 1
            i = end + 1
    return line[:n], places[:n], kinds[:n], names[:n], values[:n]


@njit(cache=True, nogil=True)
def chosen(line: Array, names: Array, rows: int, table: Array, slots: Array, wanted: int) -> Array:
    """Return which member of each line has each wanted name: int32[wanted, rows], -1 none."""
    at = np.full((wanted, rows), -1, np.int32)
    for n in range(len(line)):
        slot = _slot(table, slots, names[n])
        if slot >= 0:
            at[slot, line[n]] = n
    return at


@njit(cache=True, nogil=True)
def nested(
    data: Array, span: Array, kind: Array, table: Array, slots: Array, wanted: int, key: int
) -> tuple[Array, Array]:
    """Find wanted values of objects by path of one or two names.

    Parameters
    ----------
    table, slots : of the hashes of the paths; of two names ``hash(first) * NESTED ^ hash(second)``

    Returns
    -------
    places : int32[wanted, lines, 2], of the value, a string with its quotes
    kinds : uint8[wanted, lines], ``NONE`` where it is not there
    """
    rows = len(span)
    places, kinds = np.zeros((wanted, rows, 2), np.int32), np.zeros((wanted, rows), np.uint8)
    for row in range(rows):
        if kind[row] != OBJECT:
            continue
        i, stop = span[row, 0] + 1, span[row, 1]
        while i < stop - 1:
            close, _ = _after_string(data, i + 1, stop)
            end, what = value(data, close + 2, stop)
            if close < 0 or end < 0:
                break
            path = hashed(data, i + 1, close, key)
            slot = _slot(table, slots, path)
            if slot >= 0:
                places[slot, row, 0], places[slot, row, 1], kinds[slot, row] = close + 2, end, what
            if what == OBJECT:
                _inner(data, close + 2, end, path * NESTED, row, places, kinds, table, slots, key)
            i = end + 1
    return places, kinds


@njit(cache=True, nogil=True)
def _inner(
    data: Array,
    begin: int,
    stop: int,
    above: int,
    row: int,
    places: Array,
    kinds: Array,
    table: Array,
    slots: Array,
    key: int,
) -> None:
    """Note the wanted members of an object within an object."""
    i = begin + 1
    while i < stop - 1:
        close, _ = _after_string(data, i + 1, stop)
        end, what = value(data, close + 2, stop)
        if close < 0 or end < 0:
            return
        slot = _slot(table, slots, above ^ hashed(data, i + 1, close, key))
        if slot >= 0:
            places[slot, row, 0], places[slot, row, 1], kinds[slot, row] = close + 2, end, what
        i = end + 1


@njit(cache=True, nogil=True)
def whole_numbers(data: Array, span: Array) -> Array:
    """Read integers: int64[n]; the least int64 where there is none or it does not fit."""
    out = np.empty(len(span), np.int64)
    for n in range(len(span)):
        i, end = span[n, 0], span[n, 1]
        negative = i < end and data[i] == 45
        i += 1 if negative else 0
        total = np.int64(0)
        fits = 0 < end - i <= 18
        for at in range(i, end):
            fits = fits and 48 <= data[at] <= 57
            total = total * 10 + (data[at] - 48)
        out[n] = (-total if negative else total) if fits else np.iinfo(np.int64).min
    return out
