"""Reads messages of the collection API as they came and writes their lines of the log, without making objects of them.

Only events that need no thought are written here: those that say nothing of other clocks, other clients or other
receivers.  Every other one is noted as such (`SLOW`), with where it lies, and is read by who takes his time.

Places within are addresses, as in `ganj.kernels.json_proof`; those that are handed out count from the body's begin.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address, byte, number, put_number, word
from ganj.kernels.instants import instant
from ganj.kernels.json_proof import DEPTH, LEVEL, after_space, after_value, name
from ganj.kernels.utf8 import is_utf8

FIELDS = (
    "type", "messageId", "userId", "anonymousId", "event", "timestamp", "properties", "context", "integrations",
    "writeKey", "originalTimestamp", "sentAt", "channel", "name", "category", "groupId", "previousId", "traits",
    "mergeProperties",
)  # fmt: skip
"""The names a message may have; the first ten are understood here."""
TYPE, MESSAGE, USER, VISITOR, EVENT, STAMP, PROPERTIES, CONTEXT, ELSEWHERE, KEY = range(10)
AROUND = ("batch", "writeKey", "sentAt", "context", "integrations")
"""The names of what a batch has around its messages."""
BATCH, AROUND_KEY, SENT, _AROUND_CONTEXT = range(4)
SPECIAL = ("device", "externalIds", "externalId", "direct", "ip", "userAgent")
"""Names in a context: the first four need thought, the others are not added where they are there already."""
MOST = 2_500
"""Messages of a request."""
BEHIND = 128
"""Zeros behind a body."""
COLUMNS = 24
"""What is noted of a message: where it begins and ends, notes on it, its time by its own clock, and where each field
begins and ends, all int64; 0, 0 of one that is not there."""
SPAN = 4
SLOW, _IP, _AGENT = 1, 2, 4
"""Notes on a message; ``SLOW`` alone says that it was not read."""
ROUGH = 8
"""The first of the bits that say which fields are rough."""
_PLAIN = sum(ROUGH << field for field in (TYPE, MESSAGE, USER, VISITOR, STAMP, KEY))
"""Rough fields that need thought."""
_ROW = 8 * COLUMNS
_SPECIAL, _AROUND = 24 * len(FIELDS), 24 * (len(FIELDS) + len(SPECIAL))
_SEEN = 24 * (len(FIELDS) + len(SPECIAL) + len(AROUND))
_MINE = _SEEN + LEVEL * (DEPTH + 2)
_OUTER = _MINE + LEVEL
_ROWS = _OUTER + 8 * 6
"""Where what lies in a room, bytes."""
_ALL, _ALL_WIDE, _TRACK = (
    np.uint64(int.from_bytes(text, "little")) for text in (b'{"All":t', b'{"All": ', b'"track"')
)
_SEVEN = np.uint64((1 << 56) - 1)


def room() -> Array:
    """Return what a body is read into, for `batch` and `single`: int64[…]."""
    made: Array = np.zeros((_ROWS + _ROW * MOST) // 8, np.int64)
    names = np.vstack([_table(names) for names in (FIELDS, SPECIAL, AROUND)]).ravel()
    made[: len(names)] = names
    return made


def rows_in(room: Array) -> Array:
    """Return what was noted of each message: int64[MOST, COLUMNS]."""
    rows: Array = room[_ROWS // 8 :].reshape(MOST, COLUMNS)
    return rows


def outer_in(room: Array) -> Array:
    """Return where the batch's own fields lie, without quotes: int64[3, 2]."""
    outer: Array = room[_OUTER // 8 : _ROWS // 8].reshape(3, 2)
    return outer


def _table(names: tuple[str, ...]) -> Array:
    """Return what names are known by, int64[n, 3]: how long each is, its first and its last eight bytes.

    Of those that are understood none is longer than sixteen, so nothing else can be taken for one.
    """
    words = [(text.encode() + bytes(8), len(text)) for text in names]
    found = [(n, text[:8] if n >= 8 else text[:n], text[max(n - 8, 0) : n]) for text, n in words]
    return np.array(
        [(n, *(int.from_bytes(part, "little") for part in parts)) for n, *parts in found], np.int64
    )


@njit(cache=True, nogil=True)
def _place(names: int, count: int, begin: int, end: int) -> int:
    """Return the number of a name in a table, -1 if it is not there."""
    size = end - begin
    first = word(begin) & (np.uint64((1 << (8 * size)) - 1) if size < 8 else ~np.uint64(0))
    last = first if size < 8 else word(end - 8)
    for k in range(count):
        row = names + 24 * k
        if number(row) == size and word(row + 8) == first and word(row + 16) == last:
            return k
    return -1


@njit(cache=True, nogil=True)
def _is_nothing(i: int, end: int) -> bool:
    """Tell whether a value is ``null`` or an empty object."""
    return (end - i == 4 and byte(i) == 110) or (end - i == 2 and byte(i) == 123)


@njit(cache=True, nogil=True)
def _is_all(i: int, end: int) -> bool:
    """Tell whether a value says nothing of receivers, or ``{"All":true}``."""
    return (
        _is_nothing(i, end) or (end - i == 12 and word(i) == _ALL) or (end - i == 13 and word(i) == _ALL_WIDE)
    )


@njit(cache=True, nogil=True)
def _context(i: int, special: int, seen: int) -> tuple[int, int]:
    """Walk over a context, an object; return the place after it, -1 where it needs thought, and what is to be noted."""
    put_number(seen, 0)
    place = after_space(i + 1)
    notes, rough = 0, place != i + 1
    if byte(place) == 125:
        return (-1 if rough else place + 1), 0
    while True:
        last, value, anew = name(place, seen)
        if value < 0:
            return -1, 0
        kind = _place(special, 6, place + 1, last)
        end, again = after_value(value, seen + LEVEL)
        if 0 <= kind < 4 or end < 0:
            return -1, 0
        notes |= _IP if kind == 4 else _AGENT if kind == 5 else 0
        comma = after_space(end)
        rough |= anew | again | (comma != end)
        if byte(comma) == 125:
            return comma + 1, notes | (ROUGH << CONTEXT if rough else 0)
        place = after_space(comma + 1)
        rough |= place != comma + 1
        if byte(comma) != 44:
            return -1, 0


@njit(cache=True, nogil=True)
def _after_nest(i: int) -> int:
    """Return the place after an object, whatever is in it; -1 where it has no end."""
    depth, text = 0, False
    while True:
        b = byte(i)
        if b == 0:
            return -1
        if text:
            text = b != 34
            i += 1 if b == 92 and byte(i + 1) != 0 else 0
        elif b == 34:
            text = True
        elif b | 32 == 123:
            depth += 1
        elif b | 32 == 125:
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1


@njit(cache=True, nogil=True)
def _field(i: int, field: int, base: int, seen: int, span: int) -> tuple[int, int]:
    """Walk over the value of a field and note where it lies; the place after it, -1 where it needs thought."""
    if field == CONTEXT and byte(i) == 123:
        end, notes = _context(i, base + _SPECIAL, seen)
    else:
        end, anew = after_value(i, seen)
        notes = ROUGH << field if anew and 0 <= field <= KEY else 0
    if end < 0:
        return -1, 0
    if field < 0 or (end - i == 4 and byte(i) == 110):
        return end, notes
    if field > KEY or (field == ELSEWHERE and not _is_all(i, end)):
        return -1, 0
    if byte(i) != (123 if PROPERTIES <= field <= ELSEWHERE else 34):
        return -1, 0
    if end - i > 2 or field == PROPERTIES:
        put_number(span + 16 * field, i)
        put_number(span + 16 * field + 8, end)
    return end, notes


@njit(cache=True, nogil=True)
def _message(i: int, base: int, span: int) -> tuple[int, int]:
    """Walk over a message; return the place after it, -1 where it needs thought, and notes on it."""
    for k in range(2 * (KEY + 1)):
        put_number(span + 8 * k, 0)
    seen, notes = base + _SEEN, 0
    put_number(seen, 0)
    i = after_space(i + 1)
    while True:
        last, value, _ = name(i, seen)
        if value < 0:
            return -1, 0
        i, more = _field(value, _place(base, 19, i + 1, last), base, seen + LEVEL, span)
        if i < 0:
            return -1, 0
        notes |= more
        i = after_space(i)
        if byte(i) == 125:
            return i + 1, notes
        if byte(i) != 44:
            return -1, 0
        i = after_space(i + 1)


@njit(cache=True, nogil=True)
def _size(span: int, field: int) -> int:
    return number(span + 16 * field + 8) - number(span + 16 * field)


@njit(cache=True, nogil=True)
def _is_simple(span: int, notes: int, track: bool) -> bool:
    """Tell whether a message is an event with all that it must have, and ids of usual length."""
    kind = number(span)
    if kind == 0:
        if not track:
            return False
    elif _size(span, TYPE) != 7 or word(kind) & _SEVEN != _TRACK:
        return False
    user, visitor = _size(span, USER), _size(span, VISITOR)
    fits = user <= 512 and visitor <= 512 and 0 < _size(span, MESSAGE) <= 100
    return fits and (user > 0 or visitor > 0) and _size(span, EVENT) > 0 and notes & _PLAIN == 0


@njit(cache=True, nogil=True)
def _noted(i: int, base: int, track: bool, row: int) -> int:
    """Walk over one message and fill its row; return the place after it, -1 where it has no end."""
    span, time = row + 8 * SPAN, 0
    end, notes = _message(i, base, span)
    if end < 0 or not _is_simple(span, notes, track):
        notes = SLOW
    else:
        stamp = number(span + 16 * STAMP)
        if stamp:
            time, good = instant(stamp + 1, number(span + 16 * STAMP + 8) - 1)
            notes = notes if good else SLOW
    if end < 0:
        end = _after_nest(i)
    put_number(row, i)
    put_number(row + 8, end)
    put_number(row + 16, notes)
    put_number(row + 24, time)
    return end


@njit(cache=True, nogil=True)
def _counted(row: int, count: int, begin: int) -> None:
    """Let places count from the body's begin."""
    for _ in range(count):
        for k in range(COLUMNS):
            place = number(row + 8 * k)
            if place and (k < 2 or k >= SPAN):
                put_number(row + 8 * k, place - begin)
        row += _ROW


@njit(cache=True)  # a call takes microseconds: letting others go on in between would take longer
def single(data: Array, room: Array, track: bool) -> int:
    """Walk over a body that is one message; see `batch`."""
    begin, base = address(data), address(room)
    end = begin + len(data) - BEHIND
    i = after_space(begin)
    if byte(i) != 123 or not is_utf8(begin, end):
        return -1
    i = _noted(i, base, track, base + _ROWS)
    _counted(base + _ROWS, 1, begin)
    return 1 if i > 0 and after_space(i) == end else -1


@njit(cache=True)  # a call takes microseconds: letting others go on in between would take longer
def batch(data: Array, room: Array) -> int:
    """Walk over a body that is a batch.

    Parameters
    ----------
    data : uint8[bytes], ended by `BEHIND` zeros
    room : of `room`, filled

    Returns
    -------
    The number of messages; -1 where the body must be read elsewhere.
    """
    begin, base, n = address(data), address(room), -1
    end = begin + len(data) - BEHIND
    put_number(base + _MINE, 0)
    for k in range(6):
        put_number(base + _OUTER + 8 * k, 0)
    i = after_space(begin)
    if byte(i) != 123 or not is_utf8(begin, end):
        return -1
    i = after_space(i + 1)
    while True:
        last, value, _ = name(i, base + _MINE)
        if value < 0:
            return -1
        field = _place(base + _AROUND, 5, i + 1, last)
        if field == BATCH:
            i, n = _messages(value, base)
        else:
            i = _outer(value, field, base, begin)
        if i < 0:
            return -1
        i = after_space(i)
        if byte(i) != 44:
            break
        i = after_space(i + 1)
    if byte(i) != 125 or after_space(i + 1) != end:
        return -1
    _counted(base + _ROWS, n, begin)
    return n


@njit(cache=True, nogil=True)
def _outer(i: int, field: int, base: int, begin: int) -> int:
    """Walk over what is around the messages; the place after it, -1 where it needs thought."""
    end, rough = after_value(i, base + _SEEN)
    if end < 0 or _is_nothing(i, end) or field < 0:
        return end
    if field > SENT:
        return end if field > _AROUND_CONTEXT and _is_all(i, end) else -1
    if byte(i) != 34 or rough:
        return -1
    put_number(base + _OUTER + 16 * field, i + 1 - begin)
    put_number(base + _OUTER + 16 * field + 8, end - 1 - begin)
    return end


@njit(cache=True, nogil=True)
def _messages(i: int, base: int) -> tuple[int, int]:
    """Walk over an array of messages; return the place after it, -1 where it needs thought, and how many they are."""
    if byte(i) != 91:
        return -1, 0
    i = after_space(i + 1)
    if byte(i) == 93:
        return i + 1, 0
    for n in range(MOST):
        if byte(i) != 123:
            break
        i = _noted(i, base, False, base + _ROWS + _ROW * n)
        if i < 0:
            break
        i = after_space(i)
        if byte(i) == 93:
            return i + 1, n + 1
        if byte(i) != 44:
            break
        i = after_space(i + 1)
    return -1, 0
