"""Writes large files a piece at a time: whoever else waits for the disk meanwhile waits for one piece, not for all.

A disk does what it is asked in order.  A hundred megabytes that are synced at once keep it for a twentieth of a second or
more, and an event that comes just then is acknowledged as much later.  Pieces of a megabyte each keep it for a
thousandth of a second, and all together hardly longer.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PIECE = 1 << 20
"""Bytes that are written and synced at once."""


class Paced(io.FileIO):
    """A file made anew; each piece of it is on disk before the next is written. Its end is yet to be synced.

    Parameters
    ----------
    path : where it lies
    piece : bytes
    """

    def __init__(self, path: Path, piece: int = PIECE) -> None:
        super().__init__(path, "wb")
        self._piece = self._left = piece

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of some bytes."""
        whole = memoryview(data)
        size, rest = whole.nbytes, whole.cast("B") if whole.nbytes else whole
        while rest:
            taken = super().write(rest[: self._left]) or 0
            rest, self._left = rest[taken:], self._left - taken
            if not self._left:
                os.fdatasync(self.fileno())
                self._left = self._piece
        return size
