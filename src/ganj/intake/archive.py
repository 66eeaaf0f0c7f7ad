"""From a path to streams of bytes: plain files, gz, zip (also within zip) and folders, with their junk left out.

What a file is, is read from its first bytes; its name is not believed.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Literal, cast

import msgspec

from ganj.intake.errors import Damaged, Locked, NoSuchFile, NotRows, TooBig, TooDense, TooManyFiles
from ganj.intake.limits import LIMITS, MB, Limits
from ganj.intake.requests import BEGIN

Format = Literal["csv", "excel", "parquet", "jsonl", "xes", "access"]
JUNK = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini", "$recycle.bin"}
DEEPEST = 2  # an archive in an archive is a mail attachment; deeper is a toy
FOREIGN = {
    b"SQLite format 3": "SQLite",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"\x7fELF": "ELF",
    b"MZ\x90": "EXE",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
"""First bytes of what is not read, and what to call it."""


class Found(msgspec.Struct, frozen=True):
    """One thing of rows: a file, or a member of an archive.

    Attributes
    ----------
    file
        Position among the files of the plan.
    inside
        The archive's members that lead to it, outermost first; empty for the file itself.
    packed
        Whether gzip is the last wrapping.
    name
        What people see.
    size
        Bytes on disk, for progress.
    """

    file: int
    inside: tuple[str, ...]
    packed: bool
    format: Format
    name: str
    size: int


class Guarded(io.RawIOBase):
    """A stream that refuses to unpack beyond belief, and counts what went through."""

    def __init__(self, inner: IO[bytes], packed: int, name: str, limits: Limits) -> None:
        self.inner, self.packed, self.called, self.limits = inner, packed, name, limits
        self.count = 0
        self.beneath: list[IO[bytes]] = [inner]

    def close(self) -> None:
        """Close what lies beneath too: the unpacker does not close the file it reads."""
        for stream in reversed(self.beneath):
            stream.close()
        super().close()

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # a narrower buffer
        """Fill the buffer, or refuse."""
        try:
            data = self.inner.read(len(buffer))
        except (zlib.error, EOFError, zipfile.BadZipFile, gzip.BadGzipFile) as mistake:
            raise Damaged.at(self.called, detail=str(mistake)) from mistake
        self.count += len(data)
        self._weigh()
        buffer[: len(data)] = data
        return len(data)

    def _weigh(self) -> None:
        if self.count > self.limits.unpacked:
            raise TooBig.at(self.called, limit=self.limits.unpacked)
        if self.count > self.limits.fair and self.count > self.limits.ratio * self.packed:
            raise TooDense.at(self.called, ratio=self.limits.ratio)


def files_of(path: Path, limits: Limits = LIMITS) -> tuple[Path, ...]:
    """List the files a person means by a path: itself, or all below a folder, junk left out."""
    if not path.exists():
        raise NoSuchFile.at(path)
    if path.is_file():
        return (path,)
    files: list[Path] = []
    for file in path.rglob("*"):
        if file.is_file() and not file.is_symlink() and not is_junk(file.relative_to(path).as_posix()):
            files.append(file)
            if len(files) > limits.files:
                raise TooManyFiles.at(path, limit=limits.files)
    return tuple(sorted(files))


def is_junk(name: str) -> bool:
    """Tell the litter that file managers and office programs leave: hidden files, lock files, resource forks."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.lower() in JUNK or part.startswith((".", "~$", "._")) for part in parts)


def found_in(path: Path, number: int, limits: Limits = LIMITS) -> Iterator[Found]:
    """Yield the things of rows in one file; `NotRows` where it is none."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        yield from _look(
            stream, Found(number, (), packed=False, format="csv", name=path.name, size=size), limits
        )


def _look(stream: IO[bytes], found: Found, limits: Limits) -> Iterator[Found]:
    """Yield what a seekable stream is, going into archives."""
    head = stream.read(512)
    stream.seek(0)
    if head[:2] == b"\x1f\x8b" and not found.packed:
        yield from _unpacked(stream, found, limits)
    elif head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        yield from _zipped(stream, found, limits)
    else:
        yield msgspec.structs.replace(found, format=kind_of(head, found.name))


def _unpacked(stream: IO[bytes], found: Found, limits: Limits) -> Iterator[Found]:
    with gzip.GzipFile(fileobj=stream) as inner:
        try:
            head = inner.read(512)
        except (OSError, EOFError, zlib.error) as mistake:
            raise Damaged.at(found.name, detail=str(mistake)) from mistake
    inside = msgspec.structs.replace(found, packed=True)
    if head[:4] == b"PK\x03\x04":
        stream.seek(0)
        guarded = Guarded(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)), found.size, found.name, limits)
        yield from _zipped(spooled(guarded), inside, limits)
    else:
        yield msgspec.structs.replace(inside, format=kind_of(head, found.name))


def _zipped(stream: IO[bytes], found: Found, limits: Limits) -> Iterator[Found]:
    archive = _archive(stream, found.name)
    members = [info for info in archive.infolist() if not info.is_dir() and not is_junk(info.filename)]
    names = {info.filename for info in members}
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        _weigh_workbook(archive, found, limits)
        yield msgspec.structs.replace(found, format="excel")
        return
    if {"word/document.xml", "META-INF/MANIFEST.MF"} & names or len(found.inside) >= DEEPEST:
        raise NotRows.at(found.name, kind="zip")
    if len(members) > limits.files:
        raise TooManyFiles.at(found.name, limit=limits.files)
    for info in members:
        name = f"{found.name}/{info.filename}"
        if info.flag_bits & 1:
            raise Locked.at(found.name)
        inside = Found(
            found.file,
            (*found.inside, info.filename),
            packed=False,
            format="csv",
            name=name,
            size=info.compress_size,
        )
        with archive.open(info) as member:
            yield from _look(member, inside, limits)


def _weigh_workbook(archive: zipfile.ZipFile, found: Found, limits: Limits) -> None:
    """Refuse a workbook by what its directory admits; what it does not admit ends in `Guarded`."""
    total = sum(info.file_size for info in archive.infolist())
    packed = sum(info.compress_size for info in archive.infolist())
    if total > limits.sheet:
        raise TooBig.at(found.name, limit=limits.sheet)
    if total > limits.fair and total > limits.ratio * max(packed, 1):
        raise TooDense.at(found.name, ratio=limits.ratio)


def _archive(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError) as mistake:
        raise Damaged.at(name, detail=str(mistake)) from mistake


def kind_of(head: bytes, name: str) -> Format:
    """Tell the format from a file's first bytes."""
    for magic, kind in FOREIGN.items():
        if head.startswith(magic):
            raise NotRows.at(name, kind=kind)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "excel"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<") and (b"<log" in head or b"xes" in head.lower()):
        return "xes"
    if BEGIN.search(text):
        return "access"
    return "jsonl" if text.startswith(b"{") else "csv"


def opened(path: Path, found: Found, limits: Limits = LIMITS) -> Guarded:
    """Open one thing as a stream of its unpacked bytes."""
    stream: IO[bytes] = path.open("rb")
    beneath, packed = [stream], found.size
    for member in found.inside:
        stream = _archive(stream, found.name).open(member)
        beneath.append(stream)
    if found.packed:
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    elif not found.inside:
        packed = 1 << 62  # a plain file is as big as it is
    guarded = Guarded(stream, packed, found.name, limits)
    guarded.beneath = [*beneath, stream]
    return guarded


def whole(path: Path, found: Found, limits: Limits = LIMITS) -> IO[bytes]:
    """Open one thing for reading back and forth; an archive's member goes to a temporary file."""
    if not found.inside and not found.packed:
        return path.open("rb")
    return spooled(opened(path, found, limits))


def spooled(stream: io.RawIOBase) -> IO[bytes]:
    """Copy a stream to where it can be read back and forth."""
    # closed by whoever reads it to its end
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=8 * MB)  # noqa: SIM115 - handed on open
    while data := stream.read(MB):
        copy.write(data)
    copy.seek(0)
    return copy
