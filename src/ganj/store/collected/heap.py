"""Keeps the memory of a load for the next one: what is given back to the system must be cleared and mapped anew."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache

_TRIM, _MAP, _ARENAS = -1, -3, -8
"""The names of limits of glibc: free bytes that are kept, from which size on memory is mapped for itself, and how many
heaps there are."""
KEPT = 64 << 20
"""Bytes that stay at hand; a server gives all back from time to time (`ganj.faces.http.sparing`)."""


@cache
def kept() -> None:
    """Let freed memory stay with the process.

    A load takes some megabytes a hundred times; mapping them each time costs as much as a tenth of the load.  Threads
    share one heap: in one of its own nothing large has room, and what it keeps no other can use.  Arrow takes from it,
    too: its own pool gives memory back, and what it takes next is cleared two megabytes at a time.
    """
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(AttributeError, OSError):  # only glibc has it
        libc = ctypes.CDLL(None)
        libc.mallopt(_ARENAS, 1)
        libc.mallopt(_MAP, KEPT)
        libc.mallopt(_TRIM, KEPT)
