"""Keeps a server's memory small: what nobody asks for is not loaded, what was used is given back."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


class _NoPandas:
    """Tells whoever looks for pandas that there is none."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def without_pandas() -> None:
    """Keep pyarrow from loading pandas, where it is installed, to see whether a list is one of its columns.

    It looks once, and again only when it is asked for a frame; whoever imports pandas finds it.  That is forty megabytes.
    """
    import pyarrow as pa

    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(_NoPandas)


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
