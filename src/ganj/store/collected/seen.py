"""Which messages were stored before, for ever: 128-bit identities in sorted arrays, and a sieve before them.

The newest lie in memory (and in the files of fresh events, named by the same transaction); older ones in sorted files
beside the runs, mapped into memory.  A sieve (Bloom's filter) lets through what was never stored, but for one in some
hundreds: so almost nothing is looked for in a file, and the cost of a message does not grow with what is stored.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganj.histories import Array
from ganj.kernels.json_values import first_of, found
from ganj.kernels.sieve import BITS, merged, noted, passed
from ganj.log.pacing import Paced
from ganj.store.folder import sync

SUFFIX = ".ids"
STEP = 1 << 18
"""Identities that are merged at once: four megabytes, however large the files."""
LEAST = 1 << 14
"""Words of a sieve at least."""
Pair = tuple[Array, Array]
NONE = np.zeros(0, np.uint64)


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
        self._sieves: list[Array] = []
        self._room = 0
        for high, low in self._files.values():
            for begin in range(0, len(high), STEP):
                part = slice(begin, begin + STEP)
                self._sift(np.asarray(high[part]), np.asarray(low[part]))
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
        fresh: Array = ~self.has(high, low)
        once = np.sort(high)  # several times as fast as a stable order, and mostly all are different
        if (once[1:] == once[:-1]).any():
            fresh &= first_of(high, low, np.argsort(high, kind="stable"))
        return fresh

    def has(self, high: Array, low: Array) -> Array:
        """Tell which are stored: bool[n]."""
        known: Array = np.zeros(len(high), bool)
        for sieve in self._sieves:
            known |= passed(sieve, high, low)
        doubtful = np.flatnonzero(known)
        if len(doubtful):
            high, low = high[doubtful], low[doubtful]
            sure = np.zeros(len(doubtful), bool)
            for run_high, run_low in (*self._files.values(), *self._levels):
                sure |= found(run_high, run_low, high, low)
            known[doubtful] = sure
        return known

    def _sift(self, high: Array, low: Array) -> None:
        """Note identities in the newest sieve; one that is full stays as it is, and another begins.

        That is as large as all before, so that there are few; to make one anew of many millions stops loads for a while.
        """
        if self._room < len(high):
            words = max((1 if self._sieves else 2) * len(self) * BITS // 64, LEAST)
            self._sieves.append(np.zeros(words, np.uint64))
            self._room = words * 64 // BITS
        noted(self._sieves[-1], high, low)
        self._room -= len(high)

    def add(self, high: Array, low: Array) -> None:
        """Note that messages are stored now."""
        if not len(high):
            return
        pair = _sorted(high, low)
        while self._levels and len(self._levels[-1][0]) < 2 * len(pair[0]):
            pair = merged(*self._levels.pop(), *pair)
        self._levels.append(pair)
        self._sift(high, low)

    def flush(self) -> Flushed | None:
        """Write what is in no file into one, and smaller files with it; nothing is exchanged yet."""
        return _flushed(self._folder, self._files, self._levels) if self._levels else None

    def exchange(self, flushed: Flushed, tail: Pair = (NONE, NONE)) -> None:
        """Use what was written; the files it stands for are no longer needed.

        Parameters
        ----------
        tail : identities that are in no file now
        """
        for name in flushed.gone:
            del self._files[name]
            (self._folder / name).unlink(missing_ok=True)
        self._files[flushed.name] = _mapped(self._folder / flushed.name)
        self._levels = [_sorted(*tail)] if len(tail[0]) else []


class Flushed:
    """A file that was written: its name, the files it stands for beside what was in none, and how many are in it."""

    def __init__(self, name: str, gone: list[str], size: int) -> None:
        self.name, self.gone, self._size = name, gone, size

    def __len__(self) -> int:
        """Count the identities."""
        return self._size


def flushed(folder: Path, files: Sequence[str], identities: Pair) -> Flushed:
    """Write identities into a file, and smaller files of some with them; nothing is exchanged yet."""
    return _flushed(folder, {name: _mapped(folder / name) for name in files}, [_sorted(*identities)])


def _flushed(folder: Path, files: dict[str, Pair], levels: list[Pair]) -> Flushed:
    parts, gone = list(levels), []
    size = sum(len(high) for high, _ in levels)
    for name in sorted(files, key=lambda name: len(files[name][0])):
        if len(files[name][0]) < 2 * size:
            size += len(files[name][0])
            parts.append(files[name])
            gone.append(name)
    name = f"{uuid.uuid4().hex}{SUFFIX}"
    _write(folder / name, parts)
    return Flushed(name, gone, size)


def halves(identity: Array) -> Pair:
    """Split identities, uint8[n, 16], into two uint64[n] that compare as their bytes do."""
    pairs = np.ascontiguousarray(identity).view(">u8").astype(np.uint64)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def _sorted(high: Array, low: Array) -> Pair:
    order = np.argsort(high)
    return high[order], low[order]


def _write(path: Path, parts: list[Pair]) -> None:
    """Write identities in order, some at a time: those whose high half lies between two bounds."""
    size = sum(len(high) for high, _ in parts)
    steps = size // STEP + 1
    bounds = [number * ((1 << 64) // steps) for number in range(1, steps)]
    cuts = [
        [0, *(int(np.searchsorted(high, np.uint64(bound))) for bound in bounds), len(high)]
        for high, _ in parts
    ]
    at = 0
    with Paced(path) as file:
        file.truncate(16 * size)
        for step in range(steps):
            pair = np.zeros(0, np.uint64), np.zeros(0, np.uint64)
            for (high, low), cut in zip(parts, cuts, strict=True):
                part = slice(cut[step], cut[step + 1])
                pair = merged(*pair, np.ascontiguousarray(high[part]), np.ascontiguousarray(low[part]))
            for offset, half in zip((8 * at, 8 * (size + at)), pair, strict=True):
                file.seek(offset)
                file.write(half.astype("<u8", copy=False).data)
            at += len(pair[0])
        os.fsync(file.fileno())
    sync(path.parent)


def _mapped(path: Path) -> Pair:
    both: Any = np.memmap(path, "<u8", mode="r")
    size = len(both) // 2
    return both[:size], both[size:]
