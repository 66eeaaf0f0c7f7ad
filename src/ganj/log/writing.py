"""Writes the log: all that waits becomes one group, on disk before anyone is told so.

Requests put their lines into a bounded queue and go on; one thread takes everything that waits, writes it
with its checksum in one write, waits for the disk once and then tells every waiter.  So the disk is waited
for once per group and not once per request, and a slow disk makes groups larger, not the server slower.

After any error of a write or a sync the file is cut back to its last good group, closed for ever and a new
one begun: what a disk does with pages it failed to write is not known, so the same file is never synced
again.  Who waited is told that nothing was kept, and asks again.

Several processes may write to one folder: each has files of its own.  A file that is being written ends in
``.open`` and its writer holds an exclusive `flock` on it, so that who finds one without the lock knows that
its writer is dead, whatever became of its process number.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ganj.errors import GanjError
from ganj.log.line import trailer
from ganj.text import Text, same

OPEN, SEALED = ".ndjson.open", ".ndjson"
SIZE = 32 << 20
"""A file is closed when it is this large, in bytes …"""
AGE = 60.0
"""… or this old, in seconds."""
ROOM = 32 << 20
"""Bytes of lines that may wait for the disk."""
REST = 0.1
"""Seconds in which nothing new is taken after a failure, so that a full disk is not hammered."""

_FULL = Text("there is no space left on the disk", "روی دیسک جایی نمانده است")
_BROKEN = Text("the disk reports an error", "دیسک خطا می‌دهد")
_LOCKED = Text("the disk can only be read", "دیسک تنها خواندنی است")
_WORDS = {
    errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EFBIG: _FULL, errno.EIO: _BROKEN, errno.EROFS: _LOCKED,
    errno.EMFILE: Text("too many files are open", "پرونده‌های باز بیش از اندازه‌اند"),
}  # fmt: skip

Done = Callable[["LogUnwritable | None"], None]


class LogFull(GanjError):
    """More waits for the disk than may wait."""

    status = 503
    says = Text("More events wait for the disk than may wait.", "رویدادهای در انتظار دیسک بیش از اندازه‌اند.")
    hint = Text("Send them again in a moment.", "چند لحظهٔ دیگر دوباره بفرستید.")


class LogUnwritable(GanjError):
    """The log cannot be written. Facts: ``reason`` (`Text`)."""

    status = 503
    says = Text("Events cannot be kept: {reason.en}.", "رویدادها را نمی‌توان نگه داشت: {reason.fa}.")
    hint = Text(
        "Nothing was lost that was acknowledged. Free the disk or mend it; collection then goes on by itself.",
        "هیچ رویدادی که پذیرفته شده از دست نرفته است. دیسک را خالی یا درست کنید؛ گردآوری خودبه‌خود ادامه می‌یابد.",
    )


class Writer:
    """Appends to the log; safe to call from any thread.

    Parameters
    ----------
    folder : the folder ``log``; made if it is not there
    size, age : when a file is closed and a new one begun: bytes, seconds
    room : bytes that may wait
    """

    def __init__(self, folder: Path, *, size: int = SIZE, age: float = AGE, room: int = ROOM) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._segment = Segment(folder)
        self._size, self._age, self._room = size, age, room
        self._waiting: list[tuple[bytes, Done]] = []
        self._bytes = 0
        self._call = threading.Condition(threading.Lock())
        self._closing = False
        self._resting = 0.0
        self.wrong: LogUnwritable | None = None
        """Why the last group could not be kept; None once one was."""
        self.groups = 0
        """How many groups were written."""
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many bytes wait for the disk."""
        return self._bytes

    def offer(self, lines: bytes, done: Done) -> None:
        """Take whole lines; ``done`` is called from the writing thread when they are on disk, or with why not.

        Raises
        ------
        LogFull
            Too much waits already.
        LogUnwritable
            The disk has just failed.
        """
        with self._call:
            if self._closing or self._bytes + len(lines) > self._room:
                raise LogFull
            if self.wrong is not None and time.monotonic() < self._resting:
                raise self.wrong
            self._waiting.append((lines, done))
            self._bytes += len(lines)
            if len(self._waiting) == 1:
                self._call.notify()

    def append(self, lines: bytes) -> None:
        """Take whole lines and return when they are on disk.

        Raises
        ------
        LogFull, LogUnwritable
            They are not kept.
        """
        over = threading.Event()
        told: list[LogUnwritable | None] = []

        def done(wrong: LogUnwritable | None) -> None:
            told.append(wrong)
            over.set()

        self.offer(lines, done)
        over.wait()
        if told[0] is not None:
            raise told[0]

    def seal(self) -> None:
        """Close the file that is being written, so that all of it can be archived."""
        with self._call:
            self._segment.stale = True
            self._call.notify()

    def close(self) -> None:
        """Write what waits, close the file and end; waits for both."""
        with self._call:
            self._closing = True
            self._call.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            group, closing = self._next()
            if group:
                self._commit(group)
            if closing or self._segment.is_over(self._size, self._age):
                self._segment.seal()
            if closing and not group:
                return

    def _next(self) -> tuple[list[tuple[bytes, Done]], bool]:
        """Return all that waits, at the latest when the file has its age."""
        with self._call:
            if not self._waiting and not self._closing and not self._segment.stale:
                self._call.wait(self._segment.rest_of(self._age))
            group, self._waiting = self._waiting, []
            self._bytes = 0
            return group, self._closing

    def _commit(self, group: list[tuple[bytes, Done]]) -> None:
        wrong: LogUnwritable | None = None
        try:
            self._segment.write([lines for lines, _ in group])
        except OSError as failed:
            wrong = LogUnwritable(reason=_words(failed.errno or errno.EIO))
            self._resting = time.monotonic() + REST
        else:
            self.groups += 1
        self.wrong = wrong
        for _, done in group:
            done(wrong)


class Segment:
    """The file that is being written, if there is one; a new one is begun by the first write."""

    _numbers = itertools.count()

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder
        self._file = -1
        self._good = 0
        self._begun = 0.0
        self.stale = False

    def is_over(self, size: int, age: float) -> bool:
        """Tell whether the file is large or old enough to be closed."""
        if self._file < 0:
            self.stale = False
            return False
        return self.stale or self._good >= size or time.monotonic() - self._begun >= age

    def rest_of(self, age: float) -> float | None:
        """Return the seconds until the file is old; None if there is none."""
        return None if self._file < 0 else max(self._begun + age - time.monotonic(), 0.001)

    def write(self, parts: list[bytes]) -> None:
        """Write lines, in parts, as one group and wait for the disk.

        Raises
        ------
        OSError
            The group is not kept; the file is closed at its last good group.
        """
        if self._file < 0:
            self._begin()
        group = b"".join((*parts, trailer(*parts)))
        try:
            _put(self._file, group, self._good)
            os.fdatasync(self._file)
        except OSError:
            self._abandon()
            raise
        self._good += len(group)

    def seal(self) -> None:
        """Close the file under its final name."""
        if self._file < 0:
            return
        with contextlib.suppress(OSError):
            self._path.rename(self._path.with_suffix(""))
            _sync_folder(self._folder)
        os.close(self._file)
        self._file, self.stale = -1, False

    def _begin(self) -> None:
        """Make a file; it gets its name when its lock is held, so that nobody takes it for a dead one's."""
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(self._numbers)}"
        path = self._folder / (name + OPEN)
        new = self._folder / (name + ".new")
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            new.rename(path)
            _sync_folder(self._folder)
        except OSError:
            os.close(file)
            for left in (new, path):
                left.unlink(missing_ok=True)
            raise
        self._file, self._path, self._good, self._begun = file, path, 0, time.monotonic()

    def _abandon(self) -> None:
        """Cut the file back to its last good group and never touch it again."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, self._good)
        if self._good:
            self.seal()
            return
        os.close(self._file)
        self._file, self.stale = -1, False
        with contextlib.suppress(OSError):
            self._path.unlink()


def _words(number: int) -> Text:
    """Say in words what the disk does."""
    return _WORDS.get(number) or same(os.strerror(number))


def _put(file: int, data: bytes, offset: int) -> None:
    """Write all of the data at an offset; a disk may take less than was given."""
    rest = memoryview(data)
    while rest:
        taken = os.pwrite(file, rest, offset)
        offset += taken
        rest = rest[taken:]


def _sync_folder(folder: Path) -> None:
    """Make a new or changed name lasting."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
