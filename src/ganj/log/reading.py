"""Follows what is written to the log: whole groups of all its files, each proved by its checksum.

A file is named ``<20-digit ns>-<pid>-<n>`` (its *stem*) and lives through three forms: ``.ndjson.open`` while it is
written, ``.ndjson`` once it is sealed, ``.ndjson.zst`` once everything in it is loaded.  Bytes keep their place in all
three, so a position in a file means the same for ever.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self

import numpy as np
import pyarrow as pa

from ganj.kernels.json_bytes import ROOM, with_room
from ganj.log.groups import Span, proved

State = Literal["open", "sealed", "archived"]
SUFFIXES: dict[str, State] = {".ndjson.open": "open", ".ndjson": "sealed", ".ndjson.zst": "archived"}
MOST = 8 << 20
"""Bytes read at once: a few thousand events."""
UNPACKED = 1 << 17
"""Bytes unpacked at once: what is lost before a damaged place of an archive."""
_LENGTH = struct.Struct("<4sIQ")
"""What an archive begins with: a frame that unpackers skip, with the length of the file that was packed."""
_SKIPPED = b"\x50\x2a\x4d\x18"


@dataclass(frozen=True)
class Segment:
    """One file of the log."""

    stem: str
    path: Path
    state: State


@dataclass(frozen=True)
class Piece:
    """Some proved groups of a file, as they lie there, trailers too.

    Attributes
    ----------
    stem, begin, end : which bytes of which file
    data : the bytes
    groups : how many groups they are
    damaged : regions before ``begin`` … ``end`` or between that no checksum proves, with their bytes
    """

    stem: str
    begin: int
    end: int
    data: bytes | memoryview
    groups: int = 0
    damaged: tuple[tuple[int, bytes], ...] = ()


def framed(length: int) -> bytes:
    """Return what an archive of a file of some length begins with; so one that ends early shows it."""
    return _LENGTH.pack(_SKIPPED, 8, length)


def _length(path: Path) -> int:
    """Return the length of the file that was packed; 0 where an archive, an old one, does not say."""
    with path.open("rb") as file:
        head = file.read(_LENGTH.size)
    if len(head) < _LENGTH.size or not head.startswith(_SKIPPED):
        return 0
    return int(_LENGTH.unpack(head)[2])


def segments(folder: Path, but: Container[str] = (), *, archived: bool = True) -> list[Segment]:
    """List the files of the log in the order they were begun; of two forms of one file the older one.

    Parameters
    ----------
    but : stems of files to leave out
    archived : list those, too, that are packed and nothing else
    """
    found: dict[str, Segment] = {}
    for entry in os.scandir(folder):
        stem, dot, rest = entry.name.partition(".")
        state = SUFFIXES.get(dot + rest)
        if state is None or stem in but or not stem[:20].isdecimal():
            continue
        if state == "archived" and not archived:
            continue
        if stem not in found or state != "archived":
            found[stem] = Segment(stem, Path(entry.path), state)
    return [found[stem] for stem in sorted(found)]


@dataclass
class Following:
    """Reads on from where it was; several writers may write meanwhile.

    Attributes
    ----------
    folder : the log
    positions : up to which byte each file, by stem, has been read; moved on by the caller once what was read is kept
    until : bytes after which not to read, by stem; other files not at all. None: everything
    finished : files of which nothing more comes
    """

    folder: Path
    positions: Mapping[str, int]
    until: Mapping[str, int] | None = None
    finished: set[str] = field(default_factory=set)

    def pieces(self, most: int = MOST) -> Iterator[Piece]:
        """Yield what is new, file by file, in order; about ``most`` bytes at once."""
        for segment in segments(self.folder, self.finished):
            if self.until is not None and segment.stem not in self.until:
                continue
            yield from self._of(segment, most)

    def _of(self, segment: Segment, most: int) -> Iterator[Piece]:
        position = self.positions.get(segment.stem, 0)
        with suppress(FileNotFoundError), self._opened(segment) as file:
            yield from self._read(file.segment, file, position, most)

    def _opened(self, segment: Segment) -> _Bytes:
        """Open a file, under its new name where it was sealed or archived since it was listed."""
        limit = self._limit(segment.stem)
        for one in _forms(segment):
            with suppress(FileNotFoundError):
                return _Bytes(one, limit)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(segment.path))

    def _limit(self, stem: str) -> int | None:
        return None if self.until is None else self.until[stem]

    def _read(self, segment: Segment, file: _Bytes, position: int, most: int) -> Iterator[Piece]:
        """Yield pieces until the end of what is written so far."""
        want = most
        while True:
            data = file.at(position, want)
            ended = len(data) < want
            piece = _piece(segment, position, data, ended=ended)
            if piece is None and not ended:
                want *= 2  # a group larger than what was read
                continue
            if piece is not None:
                yield piece
                position = piece.end
            if ended:
                break
            want = most
        if file.broken:  # what follows in the archive cannot be unpacked
            yield Piece(segment.stem, position, position, b"", damaged=((position, b""),))
        if segment.state != "open" and self.until is None:
            self.finished.add(segment.stem)


def _forms(segment: Segment) -> Iterator[Segment]:
    """Yield a file as it was listed, and as it is by now if that is asked: it may be renamed twice."""
    yield segment
    for _ in range(2):
        yield from (one for one in segments(segment.path.parent) if one.stem == segment.stem)


def _piece(segment: Segment, begin: int, data: bytes | memoryview, *, ended: bool) -> Piece | None:
    """Return the groups at the head of some bytes; None where not one is whole yet."""
    spans = proved(data, closed=ended and segment.state != "open")
    if not spans:
        return None
    good = [span for span in spans if span.good]
    damaged = tuple(
        (begin + span.begin, bytes(data[span.begin : span.end])) for span in spans if not span.good
    )
    whole = _until(data, spans[-1].end) if not damaged else b"".join(data[s.begin : s.end] for s in good)
    return Piece(segment.stem, begin, begin + spans[-1].end, whole, sum(s.groups for s in good), damaged)


def _until(data: bytes | memoryview, end: int) -> bytes | memoryview:
    """Return the first of some bytes; what was read from a file stays where it is, with room after it."""
    whole: Any = data.obj if isinstance(data, memoryview) else None
    return with_room(whole, end) if isinstance(whole, np.ndarray) else memoryview(data)[:end]


class _Bytes:
    """A file's bytes by position, whatever its form."""

    def __init__(self, segment: Segment, limit: int | None) -> None:
        self.segment, self._limit = segment, limit
        self._packed = segment.state == "archived"
        self._file: BinaryIO | pa.NativeFile
        self._whole = 0
        if self._packed:
            self._whole = _length(segment.path)
            self._file = pa.input_stream(str(segment.path), compression="zstd")
        else:
            self._file = segment.path.open("rb", buffering=0)
        self.broken = False
        self._at, self._held = 0, bytearray()  # of an archive: where what is held unpacked begins

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def at(self, position: int, count: int) -> bytes | memoryview:
        """Return up to so many bytes from a position, of an array of their own; fewer only at the end."""
        if self._limit is not None:
            count = max(min(count, self._limit - position), 0)
        if not self._packed:
            whole = np.empty(count + ROOM, np.uint8)
            return with_room(whole, os.preadv(self._file.fileno(), [whole.data[:count]], position))
        self._fill(position, count)
        return bytes(self._held[:count])

    def _fill(self, position: int, count: int) -> None:
        """Unpack so far that the bytes asked for are held; an archive is read forwards only."""
        while self._at < position or len(self._held) < count:
            skipped = min(position - self._at, len(self._held))
            del self._held[:skipped]
            self._at += skipped
            if len(self._held) >= count and self._at == position:
                return
            try:
                more = self._file.read(UNPACKED)
            except OSError:
                self.broken = True
                return
            if not more:
                self.broken = self._at + len(self._held) < self._whole
                return
            self._held += more


def damage(folder: Path) -> list[Path]:
    """List what was cut out of the log because no checksum proved it."""
    bad = folder / "bad"
    return sorted(bad.iterdir()) if bad.is_dir() else []


__all__ = ["Following", "Piece", "Segment", "Span", "damage", "framed", "segments"]
