"""What came in, kept as it was, and what was decided about it.

A batch is one import: ``imports/000001/`` holds the files with their bytes unchanged, the plan they
were read with, and ``batch.json``.  Everything else in a workspace follows from these folders, in the
order of their numbers, so everything else can be lost.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from ganj.store.errors import UnknownBatch
from ganj.store.folder import Folder, checksum, room, sync, write

Status = Literal["begun", "loaded", "undone"]


class Loaded(msgspec.Struct, kw_only=True):
    """What an import brought.

    Attributes
    ----------
    read : rows in the files, good and rejected
    imported : rows that are new
    duplicates : rows left out because they were stored before
    rejected : rows that could not be read
    identical : rows equal to another row of the same import, kept
    cancelled : orders cancelled or returned
    without_customer : rows of an event without any identifier
    customers : customers these rows belong to
    orders : order numbers in these rows
    events : events these rows became
    amount : sum of all amounts, workspace currency
    first, last : µs UTC of the first and last event; None where there is none
    """

    read: int = 0
    imported: int = 0
    duplicates: int = 0
    rejected: int = 0
    identical: int = 0
    cancelled: int = 0
    without_customer: int = 0
    customers: int = 0
    orders: int = 0
    events: int = 0
    amount: float = 0.0
    first: int | None = None
    last: int | None = None
    batch: int = 0
    kind: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A file as it arrived: its name in the batch, size in bytes, and checksum."""

    name: str
    size: int
    checksum: str


class BatchInfo(msgspec.Struct, kw_only=True):
    """One import, as people see it.

    Attributes
    ----------
    when, undone : µs UTC
    log : how far each file of the log was loaded when this import was: so both are made anew in the same order
    """

    id: int
    kind: str
    files: tuple[Kept, ...]
    when: int
    status: Status = "begun"
    undone: int | None = None
    counts: Loaded = msgspec.field(default_factory=Loaded)
    log: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether what it brought counts."""
        return self.status == "loaded"


class Batch:
    """One import being worked on.

    Attributes
    ----------
    info : what is known of it
    folder : where it is kept; rejected rows may be written beside the files
    plan : how its files are read
    files : paths of the kept copies
    """

    def __init__(self, folder: Path, info: BatchInfo) -> None:
        self.folder, self.info = folder, info
        self.id, self.kind = info.id, info.kind

    @property
    def files(self) -> list[Path]:
        """Paths of the kept copies, in the order they were given."""
        return [self.folder / "files" / kept.name for kept in self.info.files]

    @property
    def plan(self) -> dict[str, Any]:
        """How its files are read."""
        plan: dict[str, Any] = msgspec.json.decode((self.folder / "plan.json").read_bytes())
        return plan

    def save(self) -> None:
        """Write down what is known of it."""
        write(self.folder / "batch.json", msgspec.json.encode(self.info))

    def prepare(self) -> Path:
        """Write down what will be known once the database has agreed; see `settle`."""
        path = self.folder / "batch.json.next"
        write(path, msgspec.json.encode(self.info))
        return path

    def settle(self, prepared: Path) -> None:
        """Let what was prepared be so: a rename, for which a full disk has room."""
        prepared.replace(self.folder / "batch.json")
        sync(self.folder)


class Truth:
    """The imports of a workspace."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._batches = {batch.id: batch for batch in self._read()}

    def _read(self) -> list[Batch]:
        found = []
        for path in sorted(self._folder.imports.iterdir()):
            if path.name.isdecimal() and (path / "batch.json").exists():
                info = msgspec.json.decode((path / "batch.json").read_bytes(), type=BatchInfo)
                found.append(Batch(path, info))
            else:
                shutil.rmtree(path, ignore_errors=True)
        return found

    def __iter__(self) -> Any:
        return iter(sorted(self._batches.values(), key=lambda batch: batch.id))

    def batch(self, number: int) -> Batch:
        """Return an import by its number.

        Raises
        ------
        UnknownBatch
            There is none.
        """
        if number not in self._batches:
            raise UnknownBatch(batch=number)
        return self._batches[number]

    def active(self) -> list[Batch]:
        """List the imports that count, in the order they came."""
        return [batch for batch in self if batch.info.active]

    def begin(self, kind: str, plan: dict[str, Any], files: Sequence[Path]) -> Batch:
        """Keep copies of the files; the batch is there whole or not at all."""
        number = max(self._batches, default=self._last()) + 1
        half = self._folder.imports / f".{number:06d}.half"
        try:
            with room(self._folder.imports):
                batch = self._keep(half, number, kind, files)
                write(half / "plan.json", msgspec.json.encode(plan))
                batch.save()
                write(self._folder.imports.parent / "last-import", str(number).encode())
                batch.folder = half.rename(self._folder.imports / f"{number:06d}")
                sync(self._folder.imports)
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise
        self._batches[number] = batch
        return batch

    def _keep(self, half: Path, number: int, kind: str, files: Sequence[Path]) -> Batch:
        (half / "files").mkdir(parents=True)
        kept = []
        for name, path in zip(_names(files), files, strict=True):
            copy = half / "files" / name
            shutil.copyfile(path, copy)
            sync(copy)
            kept.append(Kept(name, copy.stat().st_size, checksum(copy)))
        sync(half / "files")
        info = BatchInfo(id=number, kind=kind, files=tuple(kept), when=time.time_ns() // 1000)
        return Batch(half, info)

    def _last(self) -> int:
        """Return the last number given, so that an abandoned import's number is not given again."""
        try:
            return int((self._folder.imports.parent / "last-import").read_text())
        except (OSError, ValueError):
            return 0

    def forget(self, batch: Batch) -> None:
        """Remove a batch that was never loaded, and its files."""
        self._batches.pop(batch.id, None)
        gone = batch.folder.with_name(f".{batch.id:06d}.gone")
        if batch.folder.exists():
            batch.folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _names(files: Sequence[Path]) -> list[str]:
    """Name the copies as the files are named, numbered where two have one name."""
    seen: set[str] = set()
    names = []
    for number, path in enumerate(files):
        name = path.name if path.name not in seen else f"{number}-{path.name}"
        seen.add(name)
        names.append(name)
    return names
