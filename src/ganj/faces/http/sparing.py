"""Keeps a server's memory small: what nobody asks for is not loaded, what was used is given back."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from mmap import PAGESIZE
from pathlib import Path

from ganj.store.pandasless import without_pandas

LOOK, EVERY = 2.0, 8
"""Seconds between two looks at how much memory is in use, and looks after which what is unused is given back anyway."""
GROWN = 48 << 20
"""Bytes by which it has grown when it is given back at once."""
LARGE = 1 << 20
"""Bytes of a library from which on it matters."""
_CODE = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) r(?:-xp|--p 00000000) .*\.so(?:\.[0-9]+)*$", re.MULTILINE)
_NOT_NEEDED = 4  # MADV_DONTNEED


def looked_for_pandas() -> None:
    """Let pyarrow look for pandas, to see whether a list is one of its columns, and find none.

    It looks once, and again only when it is asked for a frame; whoever imports pandas finds it.  That is forty megabytes.
    """
    import pyarrow as pa

    with without_pandas():
        pa.array([""])


def with_one_heap() -> None:
    """Let Arrow and all threads take their memory from one heap, before there are threads.

    What lies free at the end of a heap of one thread's own no other thread can give back, nor use.
    """
    from ganj.store.collected.heap import kept

    kept()


@contextmanager
def sparing() -> Generator[None]:
    """Give back unused memory from time to time, in a thread beside."""
    over = threading.Event()

    def run() -> None:
        looks, after = 0, 0
        while not over.wait(LOOK):
            looks += 1
            if looks % EVERY == 0 or resident() > after + GROWN:
                give_back()
                after = resident()

    thread = threading.Thread(target=run, name="sparing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def resident() -> int:
    """Return how many bytes of memory this process has; 0 where nobody tells."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGESIZE
    except OSError:
        return 0


def give_back() -> None:
    """Give the system the memory that was used and is free, and the libraries' code that nobody runs."""
    with suppress(AttributeError, OSError):  # only glibc and Linux have it
        ctypes.CDLL(None).malloc_trim(0)
        let_go_of_code()


def let_go_of_code() -> None:
    """Take the libraries' files out of this process's memory; what is run again comes back from the system's cache.

    LLVM, DuckDB and Arrow are read through once, when they are loaded and their parts find each other.  That is two
    hundred megabytes, of which a server runs a quarter at most.  Only what is never written is let go: code, and the
    tables at a file's beginning.
    """
    libc = ctypes.CDLL(None)
    for found in _CODE.finditer(Path("/proc/self/maps").read_text()):
        begin, end = int(found[1], 16), int(found[2], 16)
        if end - begin >= LARGE:
            libc.madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _NOT_NEEDED)
