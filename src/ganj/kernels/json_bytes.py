"""Walks over values of JSON that we encoded ourselves: no spaces, letters below U+0020 escaped.

Places are addresses.  Sixty-four bytes can be read after the last one and are zeros there (`padded`): each walk ends at
a zero, so none looks for the end.  What a loop does not understand it says so: ``-1``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import byte
from ganj.kernels.blocks import closing, ends, low, ones, opening, quotes, slashes, zeros

NONE, STRING, ESCAPED, WHOLE, DECIMAL, TRUE, FALSE, NULL, OBJECT, LIST = range(10)
"""Kinds of values; a string with a backslash in it is ``ESCAPED``."""
ROOM = 72
"""Bytes that can be read after the last, and some."""
_SHIFTS = tuple(np.uint64(1 << n) for n in range(6))
_1, _63 = np.uint64(1), np.uint64(63)


def with_room(data: Array, size: int) -> memoryview:
    """Return the first bytes of an array, with room after them: what lay there is lost, and so much must be there."""
    data[size : size + ROOM] = 0
    found: memoryview = data.data[:size]
    return found


def _has_room(part: bytes | memoryview) -> Array | None:
    """Return bytes where they lie if they begin an array and are followed by room in it."""
    whole: Any = part.obj if isinstance(part, memoryview) else None
    if not isinstance(whole, np.ndarray) or whole.ctypes.data != np.frombuffer(part, np.uint8).ctypes.data:
        return None
    after = whole[len(part) : len(part) + ROOM]
    return whole[: len(part)] if len(after) == ROOM and not after.any() else None


def padded(parts: Sequence[bytes | memoryview]) -> Array:
    """Lay bytes end to end, with room after the last: uint8[bytes]; nothing is copied where there is room already."""
    there = _has_room(parts[0]) if len(parts) == 1 else None
    if there is not None:
        return there
    size = sum(map(len, parts))
    whole = np.empty(size + ROOM, np.uint8)
    at = 0
    for part in parts:
        whole[at : at + len(part)] = np.frombuffer(part, np.uint8)
        at += len(part)
    whole[size:] = 0
    return whole[:size]


@njit(cache=True, nogil=True)
def after_text(i: int) -> tuple[int, bool]:
    """Return the place of the quote that closes a string whose first letter is at ``i``, and whether it has escapes."""
    escaped = False
    while True:
        found = ends(i)
        if found == 0:
            i += 64
            continue
        i += zeros(found)
        b = byte(i)
        if b == 34:
            return i, escaped
        if b != 92:
            return -1, escaped
        escaped = True
        i += 1 if byte(i + 1) == 0 else 2


@njit(cache=True, nogil=True)
def _inside(quoted: Any, before: Any) -> Any:
    """Return which of sixty-four bytes lie in a string, its first quote too; ``before`` is all ones within one."""
    for shift in _SHIFTS:
        quoted ^= quoted << shift
    return quoted ^ before


@njit(cache=True, nogil=True)
def after_nest(i: int) -> int:
    """Return the place after an object or list that begins at ``i``; -1 where it does not end.

    Notes
    -----
    The bits of all quotes, each added to those after it, say what lies in strings (Langdale, Lemire 2019, 3.1.1); where
    fewer brackets close than are open nothing can end, and only their number counts.
    """
    depth, before = 0, np.uint64(0)
    while True:
        if slashes(i):
            return _after_slow(i, depth, before != 0)
        text = _inside(quotes(i), before)
        before = np.uint64(0) - (text >> _63)
        up, down, wrong = opening(i) & ~text, closing(i) & ~text, low(i)
        if wrong == 0 and ones(down) < depth:
            depth += ones(up) - ones(down)
            i += 64
            continue
        found = up | down | wrong
        while found:
            lowest = found & (np.uint64(0) - found)
            if wrong & lowest:
                return -1
            depth += 1 if up & lowest else -1
            if depth == 0:
                return i + zeros(lowest) + 1
            found ^= lowest
        i += 64


@njit(cache=True, nogil=True)
def _after_slow(i: int, depth: int, text: bool) -> int:
    """Walk on within an object or list, letter by letter; see `after_nest`."""
    while True:
        if text:
            i, _ = after_text(i)
            if i < 0:
                return -1
            i, text = i + 1, False
        b = byte(i)
        if b < 32:
            return -1
        text = b == 34
        if b | 32 == 123:
            depth += 1
        elif b | 32 == 125:
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1


@njit(cache=True, nogil=True)
def _after_number(i: int) -> tuple[int, int]:
    kind, begin = WHOLE, i
    while True:
        b = byte(i)
        if b in (46, 101, 69):
            kind = DECIMAL
        elif not (48 <= b <= 57 or b in (45, 43)):
            break
        i += 1
    return (i if i > begin else -1), kind


@njit(cache=True, nogil=True)
def value(i: int) -> tuple[int, int]:
    """Return the place after a value and its kind; -1 where there is none."""
    b = byte(i)
    if b == 34:
        end, escaped = after_text(i + 1)
        return (end + 1 if end >= 0 else -1), (ESCAPED if escaped else STRING)
    if b in (123, 91):
        return after_nest(i), OBJECT if b == 123 else LIST
    if b in (116, 110):
        return i + 4, TRUE if b == 116 else NULL
    if b == 102:
        return i + 5, FALSE
    return _after_number(i)
