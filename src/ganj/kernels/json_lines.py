"""Reads canonical lines of the log (`ganj.log.line`) where they lie: spans, not copies.

The lines were encoded by ourselves: no spaces, no key twice, letters below U+0020 escaped.  What a loop does not
understand it says so (`BAD`), and that one line is looked at in Python.  Hashes are keyed with a number of the
process, so nobody outside can make two words look alike.  All bytes have room after them
(`ganj.kernels.json_bytes.padded`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address, byte, number, put, put_half, put_number, word
from ganj.kernels.blocks import feeds, ones, zeros
from ganj.kernels.hashing import hash_at
from ganj.kernels.json_bytes import (
    DECIMAL,
    ESCAPED,
    FALSE,
    LIST,
    NONE,
    NULL,
    OBJECT,
    STRING,
    TRUE,
    WHOLE,
    after_text,
    padded,
    value,
)

__all__ = [
    "DECIMAL", "ESCAPED", "FALSE", "LIST", "NONE", "NULL", "OBJECT", "STRING", "TRUE", "WHOLE", "lines",
    "members", "padded",
]  # fmt: skip

FIELDS = "mrtkwdeuabgipcx"
"""The letters of a line's fields; a field's number is its place here."""
P, C = FIELDS.index("p"), FIELDS.index("c")
GOOD, BAD = range(2)

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_PLACE = np.zeros(128, np.int64) - 1
for _number, _letter in enumerate(FIELDS):
    _PLACE[ord(_letter)] = _number

_TEXT, _NOTHING = 1 << STRING | 1 << ESCAPED, 1 << NONE | 1 << NULL
_ALLOWED = {
    "m": _TEXT,
    "r": 1 << WHOLE,
    "t": 1 << WHOLE,
    "k": _TEXT,
    "w": _TEXT,
    "d": _TEXT,
    "i": 1 << LIST | _NOTHING,
}
_ALLOWED |= dict.fromkeys("euabg", _TEXT | _NOTHING) | dict.fromkeys("pcx", 1 << OBJECT | _NOTHING)
_KINDS = np.array([_ALLOWED[letter] for letter in FIELDS], np.int64)
"""The kinds of values that each field may have, as bits."""
_LONGEST = 17
"""Digits of the µs of the years we know."""


@njit(cache=True, nogil=True)
def _after_line(i: int, stop: int) -> int:
    while i < stop:
        found = feeds(i)
        if found:
            return i + zeros(found) + 1
        i += 64
    return stop + 1


@njit(cache=True, nogil=True)
def _feeds(i: int, stop: int) -> int:
    """Count line feeds; what lies after the end is zeros."""
    found = 0
    while i < stop:
        found += ones(feeds(i))
        i += 64
    return found


@njit(cache=True, nogil=True)
def _member(i: int, base: int, row: int, n: int, key: int, to: tuple[int, ...]) -> int:
    """Note the member of an object that begins at ``i``; return the place after it, -1 where it is not understood."""
    close, _ = after_text(i + 1)
    if byte(i) != 34 or close < 0 or byte(close + 1) != 58:
        return -1
    end, what = value(close + 2)
    if end < 0:
        return -1
    put_half(to[0] + 4 * n, row)
    put_number(to[1] + 16 * n, (i + 1 - base) | (close - base) << 32)
    put_number(to[1] + 16 * n + 8, (close + 2 - base) | (end - base) << 32)
    put(to[2] + n, what)
    name: Any = np.int64(hash_at(i + 1, close, key))
    put_number(to[3] + 8 * n, name)
    quote = 1 if what == STRING else 0
    told: Any = np.int64(hash_at(close + 2 + quote, end - quote, key)) if what < OBJECT else 0
    put_number(to[4] + 8 * n, told)
    return end


@njit(cache=True, nogil=True)
def _object(i: int, base: int, row: int, n: int, key: int, to: tuple[int, ...]) -> tuple[int, int]:
    """Note the members of the object at ``i``; return the place after it, -1 if it is none, and the next's number."""
    if byte(i + 1) == 125:
        return i + 2, n
    while True:
        i = _member(i + 1, base, row, n, key, to)
        n += 1
        if i < 0:
            return -1, n
        b = byte(i)
        if b == 125:
            return i + 1, n
        if b != 44:
            return -1, n


@njit(cache=True, nogil=True)
def _fields(i: int, base: int, n: int, m: int, key: int, to: tuple[int, ...]) -> tuple[int, int]:
    """Note the fields of the line that begins at ``i``; return the place after it, -1 where it is not understood."""
    span, kind = to[5] + 8 * 15 * n, to[6] + 15 * n
    if byte(i) != 123 or byte(i + 2) != 109:
        return -1, m
    i += 1
    while True:
        letter = byte(i + 1)
        if byte(i) != 34 or byte(i + 2) != 34 or byte(i + 3) != 58 or letter > 127 or _PLACE[letter] < 0:
            return -1, m
        field = _PLACE[letter]
        if field == P and byte(i + 4) == 123:
            end, m = _object(i + 4, base, n, m, key, to)
            what = OBJECT
        else:
            end, what = value(i + 4)
        if end < 0 or byte(kind + field) != NONE:
            return -1, m
        put_number(span + 8 * field, (i + 4 - base) | (end - base) << 32)
        put(kind + field, what)
        b = byte(end)
        if b == 125:
            return (end + 2 if byte(end + 1) == 10 else -1), m
        if b != 44:
            return -1, m
        i = end + 1


@njit(cache=True, nogil=True)
def _what(begin: int, end: int, words: int, many: int) -> int:
    """Return the place of a short word, between quotes, among some at an address; -1 for another."""
    size = end - begin - 2
    if not 0 < size <= 8:
        return -1
    told = word(begin + 1)
    if size < 8:
        told &= (np.uint64(1) << np.uint64(8 * size)) - np.uint64(1)
    for k in range(many):
        if word(words + 8 * k) == told:
            return k
    return -1


@njit(cache=True, nogil=True)
def _whole(begin: int, end: int) -> Any:
    """Read an integer; the least int64 where there is none or it does not fit."""
    negative = byte(begin) == 45
    i = begin + 1 if negative else begin
    total: Any = np.int64(0)
    if not 0 < end - i <= 18:
        return np.iinfo(np.int64).min
    while i < end:
        digit = byte(i) - 48
        if not 0 <= digit <= 9:
            return np.iinfo(np.int64).min
        total = total * 10 + digit
        i += 1
    return -total if negative else total


@njit(cache=True, nogil=True)
def _is_typed(span: int, kind: int) -> bool:
    """Tell whether the values of a line are of the kinds they must be, and its message has an id."""
    for field in range(15):
        if not (_KINDS[field] >> byte(kind + field)) & 1:
            return False
    return _size(span + 8) <= _LONGEST and _size(span + 16) <= _LONGEST and _size(span) > 2


@njit(cache=True, nogil=True)
def _size(span: int) -> int:
    """Return how long the span is that is noted at an address."""
    told = number(span)
    return (told >> 32) - (told & 0xFFFFFFFF)


@njit(cache=True, nogil=True)
def lines(data: Array, words: Array, key: int) -> tuple[Array, ...]:
    """Divide groups into lines, lines into fields, and the properties of each into members.

    Parameters
    ----------
    data : uint8[bytes], whole lines
    words : uint64[kinds], the names of the kinds of lines, each in the bytes of a number
    key : of the hashes

    Returns
    -------
    line : int64[lines, 2], the bytes of each without its line feed; trailers are left out
    state : uint8[lines], ``GOOD`` or ``BAD``
    span : int32[lines, fields, 2], where each field's value lies
    kind : uint8[lines, fields]
    what : int8[lines], place among ``words``
    received, time : int64[lines]
    and the members of ``p``: see `members`
    """
    base, size = address(data), len(data)
    most = _feeds(base, base + size) + 1
    line, state = np.empty((most, 2), np.int64), np.zeros(most, np.uint8)
    span, kind = np.zeros((most, 15, 2), np.int32), np.zeros((most, 15), np.uint8)
    what, clock = np.empty(most, np.int8), np.empty((2, most), np.int64)
    told = _room(size // 5 + 1)
    to = (*_addresses(told), address(span), address(kind))
    known, many = address(words), len(words)
    i, stop, n, m = base, base + size, 0, 0
    while i < stop:
        if byte(i) == 123 and byte(i + 2) == 103:
            i = _after_line(i, stop)
            continue
        before = m
        after, m = _fields(i, base, n, m, key, to)
        if after < 0:
            after, m = _after_line(i, stop), before  # what was listed of it is not
            state[n] = BAD
        else:
            what[n] = _what(base + span[n, 3, 0], base + span[n, 3, 1], known, many)
            clock[0, n] = _whole(base + span[n, 1, 0], base + span[n, 1, 1])
            clock[1, n] = _whole(base + span[n, 2, 0], base + span[n, 2, 1])
            state[n] = GOOD if what[n] >= 0 and _is_typed(to[5] + 120 * n, to[6] + 15 * n) else BAD
        line[n, 0], line[n, 1] = i - base, after - 1 - base
        i = after
        n += 1
    owner, places, kinds, names, values = told
    return (
        line[:n], state[:n], span[:n], kind[:n], what[:n], clock[0, :n], clock[1, :n],
        owner[:m], places[:m], kinds[:m], names[:m], values[:m],
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _room(most: int) -> tuple[Array, ...]:
    """Return room for so many members."""
    return (
        np.empty(most, np.int32),
        np.empty((most, 4), np.int32),
        np.empty(most, np.uint8),
        np.empty(most, np.uint64),
        np.empty(most, np.uint64),
    )


@njit(cache=True, nogil=True)
def _addresses(told: tuple[Array, ...]) -> tuple[int, ...]:
    """Return where each array begins: handing on arrays themselves takes longer than what is done with them."""
    line, places, kinds, names, values = told
    return address(line), address(places), address(kinds), address(names), address(values)


@njit(cache=True, nogil=True)
def members(data: Array, span: Array, kind: Array, most: int, key: int) -> tuple[Array, ...]:
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
    base, told, n = address(data), _room(most), 0
    to = _addresses(told)
    for row in range(len(span)):
        if kind[row] == OBJECT:
            _, n = _object(base + span[row, 0], base, row, n, key, to)
    line, places, kinds, names, values = told
    return line[:n], places[:n], kinds[:n], names[:n], values[:n]
