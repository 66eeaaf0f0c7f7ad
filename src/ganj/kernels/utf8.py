"""Tells whether bytes are UTF-8, sixty-four at a time.

Where a letter begins says how many bytes must follow it; the bits of those are laid over the bits of the bytes that
may only follow, and must be the same.  A block of ASCII costs one comparison.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address
from ganj.kernels.blocks import equal, from_

_from_80, _from_90, _from_a0, _from_c0, _from_c2 = (
    from_(letter) for letter in (0x80, 0x90, 0xA0, 0xC0, 0xC2)
)
_from_e0, _from_f0, _from_f5 = (from_(letter) for letter in (0xE0, 0xF0, 0xF5))
_is_e0, _is_ed, _is_f0, _is_f4 = (equal(letter) for letter in (0xE0, 0xED, 0xF0, 0xF4))
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
_REST, _REST_OF_TWO, _REST_OF_THREE = np.uint64(63), np.uint64(62), np.uint64(61)


@njit(cache=True, nogil=True)
def _narrow(i: int) -> Any:
    """Return where letters of three bytes begin that are written longer than need be, or are none.

    Source: The Unicode Standard, table 3-7.
    """
    wide = _from_a0(i + 1)
    return (_is_e0(i) & ~wide) | (_is_ed(i) & wide)


@njit(cache=True, nogil=True)
def _narrow_of_four(i: int) -> Any:
    """Return where letters of four bytes begin that are written longer than need be, or are none."""
    wide = _from_90(i + 1)
    return (_is_f0(i) & ~wide) | (_is_f4(i) & wide)


@njit(cache=True, nogil=True)
def is_text(data: Array) -> bool:
    """Tell whether bytes are UTF-8; with room after them (`ganj.kernels.json_bytes.padded`)."""
    begin = address(data)
    return is_utf8(begin, begin + len(data))


@njit(cache=True, nogil=True)
def is_utf8(i: int, end: int) -> bool:
    """Tell whether bytes from one address to another are UTF-8; behind them must be sixty-five that are zero."""
    twos, threes, fours = np.uint64(0), np.uint64(0), np.uint64(0)
    while i <= end:
        high = _from_80(i)
        if high | twos | threes | fours == 0:
            i += 64
            continue
        two = _from_c0(i)
        three, four = _from_e0(i), _from_f0(i)
        must = (two << _ONE) | (three << _TWO) | (four << _THREE)
        must |= (twos >> _REST) | (threes >> _REST_OF_TWO) | (fours >> _REST_OF_THREE)
        if must != high & ~two or two & ~_from_c2(i) or _from_f5(i):
            return False
        if (three and _narrow(i)) or (four and _narrow_of_four(i)):
            return False
        twos, threes, fours = two, three, four
        i += 64
    return True
