"""Looks over encoded lines for what a reader further on might not bear: size, depth, numbers, NUL.

Lines are decoded and encoded by us, so doubled names, wrong UTF-8, NaN and infinities are gone already.
What is looked for is rare, so all lines of a request are looked over together, quickly, for whatever *may*
be wrong; only such a line is then taken apart.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

MOST_DEPTH = 32
"""Levels of arrays and objects within an event."""
_MOST_NUMBER = 10**300
"""A little less than what a double can hold."""
_FEW = 4096
_LONG_NUMBER = re.compile(rb"[0-9]{256}")
_NUL = b"\\u0000"
_STRIDE, _PLACES = 32, 8
"""A number of more digits than the product has a digit at so many places in a row, so far apart."""

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Places = np.ndarray[Any, np.dtype[np.int64]]


def suspects(block: bytes, limit: int) -> list[int]:
    """Return the numbers of the lines that need to be looked at; a line too many, never one too few.

    Parameters
    ----------
    block : encoded lines, each with its line feed
    limit : bytes of a line
    """
    if len(block) <= min(limit, _FEW) and _is_plain(block):
        return []
    found = np.frombuffer(block, np.uint8)
    long = _long_numbers(found)
    nul = b"\\" in block and _NUL in block  # the first question is many times quicker
    openers = np.flatnonzero((found | 0x20) == 0x7B)  # [ and {, which differ in one bit
    first = np.flatnonzero(
        found[openers - 1] == 10
    )  # a line begins with one, and ends with the only line feed
    starts = openers[first]
    wrong = np.diff(first, append=len(openers)) > MOST_DEPTH
    wrong |= np.diff(starts, append=len(block)) > limit
    if len(long):
        wrong[np.searchsorted(starts, long, "right") - 1] = True
    if nul:
        wrong[:] = True
    return np.flatnonzero(wrong).tolist() if wrong.any() else []


def _is_plain(block: bytes) -> bool:
    """Tell, of few bytes, whether there is nothing to look at in all of them together."""
    return (
        block.count(b"{") + block.count(b"[") <= MOST_DEPTH
        and _NUL not in block
        and _LONG_NUMBER.search(block) is None
    )


def _long_numbers(found: Bytes) -> Places:
    """Return places within numbers of very many digits: int64[n]."""
    run = (found[::_STRIDE] - np.uint8(48)) < 10
    step = 1
    while step < _PLACES and len(run) > step:
        run = run[step:] & run[:-step]
        step *= 2
    if step < _PLACES or not run.any():
        return np.empty(0, np.int64)
    return np.flatnonzero(run) * _STRIDE


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
