"""Which messages were stored before, for ever: 128-bit identities in sorted arrays.

The newest lie in memory (and in the database, in the same transaction as their events); older ones in sorted files
beside the runs, mapped into memory, of which a probe touches a page or two.  So the cost of a probe does not grow
with what is stored, and no index has to be kept in order.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.kernels.json_values import first_of, found
from ganj.store.folder import sync

SUFFIX = ".ids"
Pair = tuple[Array, Array]


class Seen:
    """Identities of messages: two uint64 each, of big-endian halves.

    Parameters
    ----------
    folder : where the files are
    files : the files in use
    tail : identities that are in no file
    """

    def __init__(self, folder: Path, files: list[str], tail: Pair) -> None:
        self._folder = folder
        self._files = {name: _mapped(folder / name) for name in files}
        self._levels: list[Pair] = []
        self.add(*tail)

    def __len__(self) -> int:
        """Count the messages."""
        return sum(len(pair[0]) for pair in (*self._files.values(), *self._levels))

    @property
    def tail(self) -> int:
        """Count the messages that are in no file."""
        return sum(len(pair[0]) for pair in self._levels)

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files in use."""
        return tuple(self._files)

    def new(self, identity: Array) -> Array:
        """Tell which messages are new, bool[n]: stored nowhere, and the first of their kind here."""
        high, low = halves(identity)
        order = np.argsort(high, kind="stable")
        fresh: Array = first_of(high, low, order)
        fresh &= ~self.has(high, low)
        return fresh

    def has(self, high: Array, low: Array) -> Array:
        """Tell which are stored: bool[n]."""
        known = np.zeros(len(high), bool)
        for run_high, run_low in (*self._files.values(), *self._levels):
            known |= found(run_high, run_low, high, low)
        return known

    def add(self, high: Array, low: Array) -> None:
        """Note that messages are stored now."""
        if not len(high):
            return
        pair = _sorted(high, low)
        while self._levels and len(self._levels[-1][0]) < 2 * len(pair[0]):
            pair = _joined(self._levels.pop(), pair)
        self._levels.append(pair)

    def flush(self) -> Flushed | None:
        """Write what is in no file into one, and smaller files with it; nothing is exchanged yet."""
        if not self._levels:
            return None
        pair = _joined(*self._levels) if len(self._levels) > 1 else self._levels[0]
        gone = []
        for name in sorted(self._files, key=lambda name: len(self._files[name][0])):
            if len(self._files[name][0]) < 2 * len(pair[0]):
                pair = _joined(self._files[name], pair)
                gone.append(name)
        name = f"{uuid.uuid4().hex}{SUFFIX}"
        _write(self._folder / name, pair)
        return Flushed(name, gone, len(self._levels))

    def exchange(self, flushed: Flushed) -> None:
        """Use what was written; the files it stands for are no longer needed."""
        for name in flushed.gone:
            del self._files[name]
            (self._folder / name).unlink(missing_ok=True)
        self._files[flushed.name] = _mapped(self._folder / flushed.name)
        del self._levels[: flushed.levels]


class Flushed:
    """A file that was written: its name, the files and the levels in memory it stands for."""

    def __init__(self, name: str, gone: list[str], levels: int) -> None:
        self.name, self.gone, self.levels = name, gone, levels


def halves(identity: Array) -> Pair:
    """Split identities, uint8[n, 16], into two uint64[n] that compare as their bytes do."""
    pairs = np.ascontiguousarray(identity).view(">u8").astype(np.uint64)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def _sorted(high: Array, low: Array) -> Pair:
    order = np.argsort(high)
    return high[order], low[order]


def _joined(*pairs: Pair) -> Pair:
    return _sorted(np.concatenate([high for high, _ in pairs]), np.concatenate([low for _, low in pairs]))


def _write(path: Path, pair: Pair) -> None:
    with path.open("wb") as file:
        for half in pair:
            half.astype("<u8").tofile(file)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def _mapped(path: Path) -> Pair:
    both: Any = np.memmap(path, "<u8", mode="r")
    size = len(both) // 2
    return both[:size], both[size:]


def arrow(pair: Pair) -> pa.Table:
    """Return identities as a table for the database."""
    return pa.table({"high": pair[0], "low": pair[1]})
