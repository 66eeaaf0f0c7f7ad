"""Keeps a server's memory small: what nobody asks for is not loaded, what was used is given back."""

from __future__ import annotations

import ctypes
from contextlib import suppress

from ganj.store.pandasless import without_pandas


def looked_for_pandas() -> None:
    """Let pyarrow look for pandas, to see whether a list is one of its columns, and find none.

    It looks once, and again only when it is asked for a frame; whoever imports pandas finds it.  That is forty megabytes.
    """
    import pyarrow as pa

    with without_pandas():
        pa.array([""])


def with_one_heap() -> None:
    """Let Arrow take its memory where all else does: what one thread's heap keeps, no other thread can give back."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


def give_back() -> None:
    """Give the system the memory that was used and is free: of Arrow's tables, and what Python and C let go of."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    with suppress(AttributeError, OSError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)
