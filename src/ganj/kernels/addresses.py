"""Reads and writes memory by its address, for loops over bytes whose ends are marked in the bytes themselves.

A loop that is given addresses, which are plain numbers, is many times quicker than one that is given arrays, and is
compiled in a tenth of the time.  Nothing here looks whether an address is good: whoever uses it says why it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from ganj.histories import Array

_BYTE, _WORD = cgutils.int8_t, cgutils.intp_t


def _byte(context: Any, address: Any) -> Any:
    del context, address

    def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
        return builder.zext(builder.load(builder.inttoptr(given[0], _BYTE.as_pointer())), _WORD)

    return types.int64(types.int64), code


def _loaded(_: Any, builder: Any, __: Any, given: Any) -> Any:
    return builder.load(builder.inttoptr(given[0], _WORD.as_pointer()), align=1)


def _word(context: Any, address: Any) -> Any:
    del context, address
    return types.uint64(types.int64), _loaded


def _number(context: Any, address: Any) -> Any:
    del context, address
    return types.int64(types.int64), _loaded


def _half(context: Any, address: Any) -> Any:
    del context, address

    def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
        place = builder.inttoptr(given[0], cgutils.int32_t.as_pointer())
        return builder.sext(builder.load(place, align=1), _WORD)

    return types.int64(types.int64), code


def _put(context: Any, address: Any, value: Any) -> Any:
    del context, address, value

    def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
        builder.store(builder.trunc(given[1], _BYTE), builder.inttoptr(given[0], _BYTE.as_pointer()))

    return types.void(types.int64, types.int64), code


def _put_number(context: Any, address: Any, value: Any) -> Any:
    del context, address, value

    def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
        builder.store(given[1], builder.inttoptr(given[0], _WORD.as_pointer()), align=1)

    return types.void(types.int64, types.int64), code


def _put_half(context: Any, address: Any, value: Any) -> Any:
    del context, address, value

    def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
        place = builder.inttoptr(given[0], cgutils.int32_t.as_pointer())
        builder.store(builder.trunc(given[1], cgutils.int32_t), place, align=1)

    return types.void(types.int64, types.int64), code


def _copy(context: Any, to: Any, begin: Any, size: Any) -> Any:
    del context, to, begin, size

    def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
        to, begin = (builder.inttoptr(one, _BYTE.as_pointer()) for one in given[:2])
        copied: Any = cgutils.raw_memcpy  # without types of its own
        copied(builder, to, begin, given[2], 1)

    return types.void(types.int64, types.int64, types.int64), code


def _made(code: Any) -> Any:
    """Let loops call a function that writes machine code."""
    return intrinsic(code)


byte: Callable[[int], int] = _made(_byte)
"""Returns the byte at an address."""
word: Callable[[int], Any] = _made(_word)
"""Returns the eight bytes at an address, the first the lowest: uint64."""
number: Callable[[int], int] = _made(_number)
"""Returns the int64 at an address."""
half: Callable[[int], int] = _made(_half)
"""Returns the int32 at an address."""
put: Callable[[int, int], None] = _made(_put)
"""Writes one byte: where, what."""
put_number: Callable[[int, int], None] = _made(_put_number)
"""Writes an int64: where, what."""
put_half: Callable[[int, int], None] = _made(_put_half)
"""Writes an int32: where, what."""
copy: Callable[[int, int, int], None] = _made(_copy)
"""Copies bytes that do not overlap: where to, where from, how many."""


@njit(cache=True, nogil=True)
def address(data: Array) -> Any:
    """Return where an array begins: int64."""
    return np.int64(data.ctypes.data)
