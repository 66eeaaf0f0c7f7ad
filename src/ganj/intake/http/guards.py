"""Looks over encoded lines for what a reader further on might not bear: size, NUL, endless numbers, depth.

Lines are decoded and encoded by us, so doubled names, wrong UTF-8, NaN and infinities are gone already, and
what nearly every message holds is decoded into types of few levels.  What is looked for is rare: all lines of a
request are looked over together, quickly, for whatever *may* be wrong, and only then one by one.
"""

from __future__ import annotations

import re
from typing import Any

MOST_DEPTH = 32
"""Levels of arrays and objects within an event."""
_MOST_NUMBER = 10**300
"""A little less than what a double can hold."""
_NUL = b"\\u0000"
_STRIDE = 32
_RUN = re.compile(rb"[0-9]{8}")
"""Digits at eight places, so far apart: seen of every number of 288 digits, and seldom of anything else."""
_DIGITS = bytes(48 if 48 <= letter <= 57 else 32 for letter in range(256))
_ZEROS = b"0" * 8
"""The same quicker: every digit made a zero, and these looked for."""


def suspects(block: bytes, limit: int) -> list[int]:
    """Return the numbers of the lines that need to be looked at; a line too many, never one too few.

    Parameters
    ----------
    block : encoded lines, each with its line feed
    limit : bytes of a line
    """
    nul = b"\\" in block and _NUL in block  # the first question is many times quicker
    if not nul and _ZEROS not in block[::_STRIDE].translate(_DIGITS) and not _may_be_long(block, limit):
        return []
    lines = block.splitlines(keepends=True)
    return [n for n, line in enumerate(lines) if len(line) > limit or _NUL in line or _RUN.search(line)]


def _may_be_long(block: bytes, limit: int) -> bool:
    """Tell whether a line may be longer than the limit: then some half of it, by the ruler, has no line feed."""
    if len(block) <= limit:
        return False
    half = limit // 2
    return any(block.find(b"\n", at, at + half) < 0 for at in range(0, len(block), half))


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
