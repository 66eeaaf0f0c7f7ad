"""Keeps the memory of a load for the next one: what is given back to the system must be cleared and mapped anew."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache

_TRIM, _MAP = -1, -3
"""The names of two limits of glibc: free bytes that are kept, and from which size on memory is mapped for itself."""
KEPT = 64 << 20
"""Bytes that stay at hand; a server gives all back from time to time (`ganj.faces.http.sparing`)."""


@cache
def kept() -> None:
    """Let freed memory stay with the process.

    A load takes some megabytes a hundred times; mapping them each time costs as much as a tenth of the load.
    """
    with suppress(AttributeError, OSError):  # only glibc has it
        libc = ctypes.CDLL(None)
        libc.mallopt(_MAP, KEPT)
        libc.mallopt(_TRIM, KEPT)
