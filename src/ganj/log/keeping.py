"""Keeps the files of the log: mends what a crash left, packs what is loaded, loses nothing.

A file is never the only copy of an acknowledged event and changed at once: a torn tail is copied to ``bad/`` before it
is cut off, an archive is on disk and has been read back whole before the original goes.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path
from typing import Never

import pyarrow as pa
from isal.isal_zlib import crc32

from ganj.log.groups import proved
from ganj.log.pacing import Paced
from ganj.log.reading import Segment, framed, segments

CHUNK = 1 << 20
"""Bytes packed at once; each such piece is a frame of its own, so that it is proved while it is at hand."""
CODEC = pa.Codec("zstd", -1)
"""Half the work of the next denser level for a tenth of more room: every event that comes is packed."""


def repair(folder: Path) -> list[Path]:
    """Close the files that dead writers left open; returns what was cut off, as files in ``bad/``."""
    cut = []
    for entry in list(os.scandir(folder)):
        if entry.name.endswith((".half", ".new")):
            _unlink_if_free(Path(entry.path))
    for segment in segments(folder):
        if segment.state == "open":
            cut += _closed(folder, segment)
    for segment in segments(folder):
        if segment.state == "sealed" and _packed(segment).exists():
            archive(segment)  # a crash fell between the archive and the end of its original
    return cut


def _closed(folder: Path, segment: Segment) -> list[Path]:
    """Cut a dead writer's file at its last good group and give it its final name; nothing if its writer lives."""
    file = os.open(segment.path, os.O_RDWR)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return []
        size = os.fstat(file).st_size
        good = good_end(segment.path)
        cut = []
        if good < size:
            tail = _tail(segment.path, good)
            if tail.strip(b"\0"):
                cut.append(put_aside(folder, f"{segment.stem}-{good}.tail", tail))
            os.ftruncate(file, good)
            os.fsync(file)
        if good:
            segment.path.rename(segment.path.with_suffix(""))
        else:
            segment.path.unlink()
        sync(folder)
    finally:
        os.close(file)
    return cut


def good_end(path: Path) -> int:
    """Return where the last good group of a file ends; damage before it is no end."""
    data = path.read_bytes()
    return max((span.end for span in proved(data, closed=False) if span.good), default=0)


def _tail(path: Path, begin: int) -> bytes:
    with path.open("rb") as file:
        file.seek(begin)
        return file.read()


def put_aside(folder: Path, name: str, data: bytes) -> Path:
    """Keep damaged bytes of the log in ``bad/``, once."""
    bad = folder / "bad"
    bad.mkdir(exist_ok=True)
    path = bad / name
    if not path.exists():
        half = bad / f"{name}.half"
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
        sync(bad)
    return path


def archive(segment: Segment) -> Path:
    """Pack a sealed file; the original goes only when the archive has been read back from disk and is the same.

    Raises
    ------
    OSError
        The disk is full or does not give back what was written; the original is as it was.
    """
    packed = _packed(segment)
    if not _holds(packed, segment.path):
        half = packed.with_name(packed.name + ".half")
        try:
            if _pack(segment.path, half) != _checksum(half):
                _not_given_back(half)
            half.rename(packed)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
        sync(packed.parent)
    segment.path.unlink()
    sync(packed.parent)
    return packed


def _not_given_back(half: Path) -> Never:
    raise OSError(errno.EIO, os.strerror(errno.EIO), str(half))


def _holds(packed: Path, path: Path) -> bool:
    """Tell whether an archive is there and holds the bytes of a file."""
    try:
        with path.open("rb") as plain, pa.input_stream(str(packed), compression="zstd") as told:
            while chunk := plain.read(CHUNK):
                if told.read(len(chunk)) != chunk:
                    return False
            return not told.read(1)
    except OSError:  # not there, or torn
        return False


def _packed(segment: Segment) -> Path:
    return segment.path.with_name(f"{segment.stem}.ndjson.zst")


def _pack(path: Path, half: Path) -> int:
    """Pack a file; return the checksum of what was written, of which every piece gives back what was packed."""
    proof = 0
    with path.open("rb", buffering=0) as plain, Paced(half) as out:
        for frame in _frames(plain, os.fstat(plain.fileno()).st_size):
            out.write(frame)
            proof = crc32(frame, proof)
        os.fsync(out.fileno())
    return proof


def _frames(plain: FileIO, size: int) -> Iterator[bytes]:
    """Yield what an archive consists of: how long its file was, and the packed pieces of it."""
    yield framed(size)
    chunk = bytearray(CHUNK)
    while count := plain.readinto(chunk):
        piece = pa.py_buffer(memoryview(chunk)[:count])
        frame = CODEC.compress(piece, asbytes=True)
        if not CODEC.decompress(frame, count).equals(piece):
            _not_given_back(Path(str(plain.name)))
        yield frame


def _checksum(path: Path) -> int:
    """Return the checksum of a file as the disk gives it back."""
    proof = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            proof = crc32(chunk, proof)
    return proof


def backlog(folder: Path, positions: dict[str, int], whole: Iterable[str] = ()) -> int:
    """Count the bytes of the log that are not loaded yet."""
    done = set(whole)
    total = 0
    for segment in segments(folder):
        if segment.state != "archived" and segment.stem not in done:
            total += max(segment.path.stat().st_size - positions.get(segment.stem, 0), 0)
        elif segment.state == "archived" and segment.stem not in positions:
            total += segment.path.stat().st_size
    return total


def sync(folder: Path) -> None:
    """Make names in a folder lasting."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unlink_if_free(path: Path) -> None:
    """Remove what a dead process left half made."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return
    finally:
        os.close(file)
