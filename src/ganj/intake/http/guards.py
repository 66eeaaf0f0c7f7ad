"""Looks over encoded lines for what a reader further on might not bear: size, depth, numbers, NUL.

Lines are decoded and encoded by us, so doubled names, wrong UTF-8, NaN and infinities are gone already.
What is looked for is rare, so all lines of a request are looked over together, quickly, for whatever *may*
be wrong; only such a line is then taken apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np

MOST_DEPTH = 32
"""Levels of arrays and objects within an event."""
_NUL = b"\\u0000"
_FEW = 4096
_STRIDE, _STRIDES = 16, 3
"""A number of more than 64 digits has a digit at this many places in a row, so far apart."""
_MOST_NUMBER = 10**38


def suspects(block: bytes, limit: int) -> list[int]:
    """Return the numbers of the lines that need to be looked at; a line too many, never one too few.

    Parameters
    ----------
    block : encoded lines, each with its line feed
    limit : bytes of a line
    """
    if len(block) < _FEW:
        openers = block.count(b"{") + block.count(b"[")
        if (
            openers <= MOST_DEPTH
            and len(block) <= limit
            and _NUL not in block
            and not _long_number(_bytes(block))
        ):
            return []
    found = _bytes(block)
    ends = np.flatnonzero(found == 10)
    openers_at = np.flatnonzero((found & 0xDF) == 0x5B)  # [ and {, which differ in one bit
    depth = np.diff(np.searchsorted(openers_at, ends), prepend=0)
    sizes = np.diff(ends, prepend=-1)
    wrong = (depth > MOST_DEPTH) | (sizes > limit)
    if _NUL in block or _long_number(found):
        wrong[:] = True
    return np.flatnonzero(wrong).tolist() if wrong.any() else []


def _bytes(block: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(block, np.uint8)


def _long_number(found: np.ndarray[Any, np.dtype[np.uint8]]) -> bool:
    digits = (found[::_STRIDE] - np.uint8(48)) < 10
    return bool((digits[2:] & digits[1:-1] & digits[:-2]).any())


def verdict(value: Any, depth: int = 0) -> str | None:
    """Return the code of what is wrong with a decoded value, or None."""
    if depth > MOST_DEPTH:
        return "too_deep"
    kind = value.__class__
    if kind is int:
        return None if -_MOST_NUMBER < value < _MOST_NUMBER else "bad_number"
    inner = value.values() if kind is dict else value if kind is list else ()
    return next((code for v in inner if (code := verdict(v, depth + 1))), None)


def without_nul(value: Any) -> Any:
    """Return the value with U+FFFD in place of NUL, which few databases can keep in a text."""
    kind = value.__class__
    if kind is str:
        return value.replace("\0", "\ufffd")
    if kind is dict:
        return {without_nul(name): without_nul(v) for name, v in value.items()}
    if kind in {list, tuple}:
        return kind(without_nul(v) for v in value)
    return value
