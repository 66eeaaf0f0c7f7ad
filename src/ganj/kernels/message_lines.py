"""Writes the lines of the log of messages that `ganj.kernels.messages` walked over."""

from __future__ import annotations

from typing import Any

from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address, number, put, put_number
from ganj.kernels.blocks import moved
from ganj.kernels.json_proof import after_space, smooth
from ganj.kernels.messages import (
    COLUMNS,
    CONTEXT,
    EVENT,
    MESSAGE,
    PROPERTIES,
    ROUGH,
    SLOW,
    SPAN,
    STAMP,
    USER,
    VISITOR,
)  # fmt: skip

CUTS = 9
"""Places noted before the words of a line."""


@njit(cache=True, nogil=True)
def _put(to: int, begin: int, end: int) -> int:
    """Copy bytes, by sixty-four: what is copied too much is written over next; return the place after them."""
    after = to + end - begin
    while to < after:
        moved(to, begin)
        to, begin = to + 64, begin + 64
    return after


@njit(cache=True, nogil=True)
def _number(to: int, value: int) -> int:
    """Write a whole number; return the place after it."""
    if value < 0:
        put(to, 45)
        to, value = to + 1, -value
    size, rest = 1, value // 10
    while rest:
        size, rest = size + 1, rest // 10
    for k in range(size):
        put(to + size - 1 - k, 48 + value % 10)
        value //= 10
    return to + size


@njit(cache=True, nogil=True)
def _member(to: int, letter: int) -> int:
    """Write a comma and the name of a field, which is one letter."""
    put(to, 44)
    put(to + 1, 34)
    put(to + 2, letter)
    put(to + 3, 34)
    put(to + 4, 58)
    return to + 5


@njit(cache=True, nogil=True)
def _value(to: int, letter: int, begin: int, end: int, rough: int) -> int:
    """Write a field, if it is there: its letter and its value."""
    if begin == end:
        return to
    to = _member(to, letter)
    return smooth(to, begin, end) if rough else _put(to, begin, end)


@njit(cache=True, nogil=True)
def _context(to: int, begin: int, end: int, rough: int, more: tuple[int, int]) -> int:
    """Write a context; ``more`` lies what the request adds to it."""
    if more[0] == more[1]:
        return _value(to, 99, begin, end, rough)
    to = _member(to, 99)
    put(to, 123)
    to = _put(to + 1, more[0], more[1])
    if begin == end:
        put(to - 1, 125)  # in the place of the comma
        return to
    return smooth(to, after_space(begin + 1), end) if rough else _put(to, begin + 1, end)


@njit(cache=True, nogil=True)
def _line(to: int, row: int, base: int, clock: Array, same: int) -> int:
    """Write one line; return the place after it. ``same`` lies what is the same in every line."""
    span, notes, cuts = row + 8 * SPAN, number(row + 16), same
    same += 8 * CUTS
    to = _put(to, same, same + number(cuts + 8))
    to = _put(to, base + number(span + 16 * MESSAGE), base + number(span + 16 * MESSAGE + 8))
    to = _number(_put(to, same + number(cuts + 8), same + number(cuts + 16)), clock[0])
    to = _put(to, same + number(cuts + 16), same + number(cuts + 24))
    to = _number(to, number(row + 24) + clock[1] if number(span + 16 * STAMP) else clock[0])
    to = _put(to, same + number(cuts + 24), same + number(cuts + 32))
    for k in range(4):
        field = EVENT if k == 0 else USER if k == 1 else VISITOR if k == 2 else PROPERTIES
        letter = 101 if k == 0 else 117 if k == 1 else 97 if k == 2 else 112
        begin, end = number(span + 16 * field), number(span + 16 * field + 8)
        to = _value(to, letter, base + begin, base + end, notes & (ROUGH << field))
    which = cuts + 8 * (4 + ((notes >> 1) & 3))
    more = (same + number(which), same + number(which + 8))
    begin, end = number(span + 16 * CONTEXT), number(span + 16 * CONTEXT + 8)
    to = _context(to, base + begin, base + end, notes & (ROUGH << CONTEXT), more)
    put(to, 125)
    put(to + 1, 10)
    return to + 2


@njit(cache=True)  # a call takes microseconds: letting others go on in between would take longer
def written(data: Array, rows: Array, clock: Array, words: Array, out: Array) -> Any:
    """Write the lines of messages that need no thought.

    Parameters
    ----------
    data, rows : what was walked over (`ganj.kernels.messages.rows_in`); notes become ``SLOW`` where a line would be too
        long, and in the place of the message's time comes where its line ends: as the one before where it has none
    clock : int64[4], when it was received, by how much the senders' clocks are behind, µs; bytes of the longest line;
        how many messages, in whose place comes how many of them need thought
    words : uint8[…], what is the same in every line, laid end to end, and before it where each piece begins, int64[9]:
        before the id; the receipt; the time; the event; members put before a context that has neither an address
        nor an agent of its own, that has an address, an agent, both; 64 bytes more can be read behind them
    out : uint8[…], filled; has room for all, and for 64 bytes more

    Returns
    -------
    The bytes that were written.
    """
    base, row, first = address(data), address(rows), address(out)
    to, slow = first, 0
    for _ in range(clock[3]):
        if not number(row + 16) & SLOW:
            after = _line(to, row, base, clock, address(words))
            if after - to > clock[2]:
                put_number(row + 16, SLOW)
            else:
                to = after
        slow += number(row + 16) & SLOW
        put_number(row + 24, to - first)
        row += 8 * COLUMNS
    clock[3] = slow
    return to - first
