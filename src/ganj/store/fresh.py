"""Collected events that are in no run yet: an Arrow file a load, as they came; of many small files a sheet is made.

A file is written once and named in the database by the transaction that notes how far the log was read; who reads
maps it into memory.  Nothing in it is ever changed: whose an event is now, and where it stands among the others, is
worked out by who reads (`ganj.store.piles`), so that a load sorts nothing and a merge rewrites nothing.  In a sheet
events lie in the order that was right when it was made, and mostly still is.
"""

from __future__ import annotations

import mmap
import threading
import uuid
import weakref
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.log.pacing import Paced
from ganj.store.folder import sync
from ganj.store.runs import EVENTS

SUFFIX = ".fresh"
FACTS = pa.field("facts", pa.list_(pa.int32()), nullable=False)
COLLECTED = pa.schema([*EVENTS, FACTS])
"""Columns of a file: those of a run, and ``property * 1024 + code`` of what each event says."""
TIER, MANY = 16, 16
"""So many files of like size (within so many times) are made one: readers meet few files, and an event is copied once
or twice before it is sealed."""
LARGE = 1 << 14
"""A file of so many events is not made one with others before it is sealed."""
_OTHERS, _SHEET = b"others", b"sheet"


_in_use: weakref.WeakValueDictionary[Path, FreshFile] = weakref.WeakValueDictionary()
_one_at_a_time = threading.Lock()


class FreshFile:
    """One file; once retired it goes when the last reader lets go."""

    def __init__(self, folder: Path, name: str, rows: int) -> None:
        self.path, self.rows = folder / name, rows
        self.laid: Any = None
        """How it was last read; see `ganj.store.piles.Pile`."""

    @classmethod
    def of(cls, folder: Path, name: str, rows: int) -> FreshFile:
        """Return the one object that stands for a file, so that it goes when the very last reader lets go."""
        with _one_at_a_time:
            known = _in_use.get(folder / name)
            if known is None:
                known = _in_use[folder / name] = cls(folder, name, rows)
            return known

    @classmethod
    def forget(cls, folder: Path) -> None:
        """Begin anew with the files of a folder: whoever had it open before has closed it."""
        with _one_at_a_time:
            for path in [path for path in _in_use if path.parent == folder]:
                del _in_use[path]

    @classmethod
    def in_use(cls, path: Path) -> FreshFile | None:
        """Return what stands for a file, if anything does."""
        return _in_use.get(path)

    def retire(self) -> None:
        """Say that the manifest has no more use for it."""
        weakref.finalize(self, self.path.unlink, missing_ok=True)

    @cached_property
    def _map(self) -> mmap.mmap:
        with self.path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)

    @cached_property
    def _batches(self) -> list[pa.RecordBatch]:
        with pa.ipc.open_file(pa.py_buffer(self._map)) as file:
            return [file.get_batch(number) for number in range(file.num_record_batches)]

    @cached_property
    def table(self) -> pa.Table:
        """The events, mapped into memory."""
        with pa.ipc.open_file(pa.py_buffer(self._map)) as file:
            return pa.Table.from_batches(self._batches, file.schema)

    @cached_property
    def begins(self) -> Array | None:
        """Where each bucket begins in a sheet, int64[buckets + 2]; None of a file in which events lie as they came."""
        if _SHEET not in (self.table.schema.metadata or {}):
            return None
        return np.cumsum([0, *(batch.num_rows for batch in self._batches)], dtype=np.int64)

    def let_go(self) -> None:
        """Give back the memory into which it was read; what is needed again is read again."""
        self._map.madvise(mmap.MADV_DONTNEED)

    @property
    def others(self) -> bytes:
        """Identities of its messages that are no events, 16 bytes each."""
        return _others(self.table)

    @property
    def identities(self) -> Array:
        """Identities of all messages of its loads, of those that are no events too: uint8[n, 16]."""
        told = [np.frombuffer(_others(self.table), np.uint8).reshape(-1, 16)]
        for chunk in self.table["message_id"].chunks:
            raw = np.frombuffer(chunk.storage.buffers()[1] or b"", np.uint8).reshape(-1, 16)
            told.append(raw[chunk.offset : chunk.offset + len(chunk)])
        return np.concatenate(told)


def _others(events: pa.Table) -> bytes:
    found: bytes = (events.schema.metadata or {}).get(_OTHERS, b"")
    return found


def keep(folder: Path, events: pa.Table, others: bytes, written: list[Path]) -> FreshFile:
    """Write a load's events so that they survive a power cut.

    Parameters
    ----------
    events : as `COLLECTED`
    others : identities of the load's messages that are no events, 16 bytes each
    written : is told the path before anything is there, so that a failure can be cleaned up
    """
    path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
    written.append(path)
    whole = events.replace_schema_metadata({_OTHERS: others})
    with Paced(path) as sink, pa.ipc.new_file(sink, whole.schema) as writer:
        writer.write_table(whole)
    sync(path)
    sync(folder)
    return FreshFile.of(folder, path.name, len(events))


def sheet(folder: Path, parts: Iterable[pa.Table], others: bytes, written: list[Path]) -> FreshFile:
    """Write events in order, as `COLLECTED`, a table in one piece for each bucket; see `keep`."""
    path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
    written.append(path)
    whole, rows = COLLECTED.with_metadata({_OTHERS: others, _SHEET: b""}), 0
    with Paced(path) as sink, pa.ipc.new_file(sink, whole) as writer:
        for table in parts:
            batch = pa.record_batch([in_one(column) for column in table.columns], schema=whole)
            writer.write_batch(batch)
            rows += len(table)
    sync(path)
    return FreshFile.of(folder, path.name, rows)


def in_one(column: pa.ChunkedArray) -> Any:
    """Return a column in one piece; it is copied only if it is in several."""
    return (
        column.chunk(0)
        if column.num_chunks == 1
        else pa.concat_arrays(column.chunks or [pa.array([], column.type)])
    )


def alike(files: Sequence[FreshFile]) -> list[FreshFile]:
    """Return files of like size that have become too many; none where there are not."""
    tiers: dict[int, list[FreshFile]] = {}
    for file in files:
        tier = 0
        while file.rows >= 64 * TIER**tier:
            tier += 1
        if file.rows < LARGE:
            tiers.setdefault(tier, []).append(file)
    return next((near[:MANY] for near in tiers.values() if len(near) >= MANY), [])


def as_one(files: Sequence[FreshFile]) -> tuple[pa.Table, bytes]:
    """Return the events of some files and the identities of what else was in their loads."""
    tables = [file.table for file in files]
    whole = pa.concat_tables([table.replace_schema_metadata(None) for table in tables])
    return whole.combine_chunks(), b"".join(_others(table) for table in tables)


class Lately(NamedTuple):
    """What changes with every load: the files of fresh events, and how many customers there are."""

    files: tuple[FreshFile, ...]
    customers: int
