"""A workspace's folder: what lies where, who holds it, and writing that survives a crash.

::

    workspace.json   what this folder is: format, number of buckets
    lock             held by the one process that has the folder open; says which
    imports/         truth: files as they arrived, and what was decided about them
    log/             truth: collected events as they arrived (place kept; filled by collection)
    runs/            derived: sealed Parquet
    ganj.duckdb      derived: fresh events, dictionaries, manifest, customers
    control.sqlite   settings, presets, segments
    scratch/         spilled and staged rows of work in progress; emptied on open
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec

from ganj.errors import DiskFull, NotAWorkspace, WorkspaceBusy, WorkspaceExists
from ganj.store.errors import FolderForbidden

FORMAT = 4
"""Raised when derived data must be made anew: a folder of another format is rebuilt on open."""

PART = 1 << 20
"""Bytes of a file that are looked at at once."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("No space left", "File too large", "Disk quota exceeded", "max_temp_directory_size")


class About(msgspec.Struct):
    """What ``workspace.json`` says."""

    format: int
    buckets: int


@dataclass(frozen=True)
class Folder:
    """Where things lie in a workspace."""

    root: Path

    @property
    def about(self) -> Path:
        """What this folder is."""
        return self.root / "workspace.json"

    @property
    def lock(self) -> Path:
        """Held while the folder is open."""
        return self.root / "lock"

    @property
    def imports(self) -> Path:
        """Files as they arrived."""
        return self.root / "imports"

    @property
    def log(self) -> Path:
        """Collected events as they arrived."""
        return self.root / "log"

    @property
    def runs(self) -> Path:
        """Sealed Parquet."""
        return self.root / "runs"

    @property
    def database(self) -> Path:
        """Fresh events, dictionaries, manifest, customers."""
        return self.root / "ganj.duckdb"

    @property
    def control(self) -> Path:
        """Settings, presets, segments."""
        return self.root / "control.sqlite"

    @property
    def scratch(self) -> Path:
        """Work in progress."""
        return self.root / "scratch"

    def create(self, buckets: int) -> None:
        """Lay out an empty workspace; ``workspace.json`` comes last, so half a workspace is none."""
        if self.about.exists():
            raise WorkspaceExists(path=str(self.root))
        with room(self.root):
            for path in (self.imports, self.log, self.runs, self.scratch):
                path.mkdir(parents=True, exist_ok=True)
            write(self.about, msgspec.json.encode(About(FORMAT, buckets)))

    def read_about(self) -> About:
        """Say what this folder is.

        Raises
        ------
        NotAWorkspace
            There is no readable ``workspace.json``.
        """
        try:
            return msgspec.json.decode(self.about.read_bytes(), type=About)
        except (OSError, msgspec.DecodeError) as why:
            raise NotAWorkspace(path=str(self.root)) from why

    def empty_scratch(self) -> None:
        """Throw away what an earlier process left half done."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(exist_ok=True)


class Holder(msgspec.Struct):
    """Who has the folder open: process number, and the address it serves on if it does."""

    pid: int
    url: str = ""

    def __str__(self) -> str:
        return self.url or f"process {self.pid}"


class Lock:
    """The right to be the one process that has a folder open; let go by the system if the process dies."""

    def __init__(self, folder: Folder) -> None:
        try:
            self._file = folder.lock.open("a+b")
        except PermissionError as why:
            raise FolderForbidden(path=str(folder.root)) from why
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as why:
            self._file.seek(0)
            said = self._file.read()
            self._file.close()
            raise WorkspaceBusy(path=str(folder.root), holder=_holder(said)) from why
        self.say(Holder(os.getpid()))

    def say(self, holder: Holder) -> None:
        """Write down who holds the folder."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(msgspec.json.encode(holder))
        self._file.flush()

    def release(self) -> None:
        """Let go."""
        self._file.close()


def _holder(said: bytes) -> str:
    try:
        return str(msgspec.json.decode(said, type=Holder))
    except msgspec.DecodeError:
        return "another process"


@contextmanager
def room(path: Path) -> Iterator[None]:
    """Turn every way of running out of space below ``path`` into `DiskFull`."""
    try:
        yield
    except (OSError, duckdb.Error) as why:
        if is_full(why):
            raise DiskFull(path=str(path)) from why
        raise


def is_full(why: BaseException) -> bool:
    """Tell whether an error means that there is no space left."""
    return getattr(why, "errno", None) in _FULL or any(words in str(why) for words in _FULL_WORDS)


def write(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all, and keep it through a power cut."""
    half = path.with_name(path.name + ".half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Ask the system to keep a file's content, or a folder's list of names, through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def checksum(path: Path) -> str:
    """Return the 128-bit BLAKE2b of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def proof(crc: int) -> str:
    """Return how a file's CRC-32 is told: that of what is derived is known as soon as it is written."""
    return f"{crc:08x}"


def proves(said: str, path: Path) -> bool:
    """Tell whether a file's bytes are those of which a BLAKE2b or, shorter, a CRC-32 was told."""
    if len(said) > len(proof(0)):
        return checksum(path) == said
    crc = 0
    with path.open("rb") as file:
        while part := file.read(PART):
            crc = zlib.crc32(part, crc)
    return proof(crc) == said
