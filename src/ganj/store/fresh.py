"""Collected events that are in no run yet: an Arrow file a load; of many small files one is made.

A file is written once and named in the database by the transaction that notes how far the log was read; who reads
maps it into memory.  Nothing in it is ever changed: whose an event is now, and where it stands among the others, is
worked out by who reads (`ganj.store.piles`), so that a merge rewrites nothing.  Events of one customer
lie side by side, and customers of one bucket, as it was when the file was written: who reads them reads little else.
"""

from __future__ import annotations

import io
import mmap
import threading
import uuid
import weakref
from collections.abc import Sequence
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
"""So many small files of like size (within so many times) are made one: readers meet few files."""
LARGE = 1 << 11
"""A file of so many events is not made one with others before it is sealed: where that many come at once, an event is
written twice, by its load and when it is sealed."""
SMALL = 1 << 16
"""Bytes of a column below which it is written with those after it."""
_OTHERS = b"others"


_in_use: weakref.WeakValueDictionary[Path, FreshFile] = weakref.WeakValueDictionary()
_one_at_a_time = threading.Lock()


class FreshFile:
    """One file; once retired it goes when the last reader lets go."""

    def __init__(self, folder: Path, name: str, rows: int) -> None:
        self.path, self.rows = folder / name, rows
        self.stack: Any = None
        """With which others it is read; see `ganj.store.piles.Stack`."""

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
    def _mapped(self) -> pa.Buffer:
        return pa.py_buffer(self._map)

    @property
    def address(self) -> int:
        """Where the file is mapped into memory."""
        return int(self._mapped.address)

    @cached_property
    def table(self) -> pa.Table:
        """The events, mapped into memory."""
        with pa.ipc.open_file(self._mapped) as file:
            found = file.read_all()
        self.let_go()  # nothing of them has been looked at yet
        return found

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
        found = np.concatenate(told)
        self.let_go()
        return found


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
    with io.BufferedWriter(Paced(path), SMALL) as sink, pa.ipc.new_file(sink, whole.schema) as writer:
        writer.write_table(whole)
    sync(path)
    sync(folder)
    return FreshFile.of(folder, path.name, len(events))


def side_by_side(customer: Array, buckets: int) -> Array:
    """Return the order in which events lie in a file, int64[events]: by bucket and customer, as they came.

    Parameters
    ----------
    customer : int32[events]; those of nobody come last
    """
    told = (grouped(customer, buckets)[0] << 32) | np.arange(len(customer))
    told.sort()  # numbers are sorted several times as fast as places by what they stand for
    found: Array = told & 0xFFFFFFFF
    return found


def grouped(customer: Array, buckets: int) -> tuple[Array, int]:
    """Return a number of each event by which those of a bucket come together, and in it those of a customer.

    Returns
    -------
    int64[events], and how many numbers each bucket has
    """
    wide = int(customer.max(initial=0)) // buckets + 1
    known = np.maximum(customer, 0).astype(np.int64)
    return np.where(customer < 0, buckets * wide, known % buckets * wide + known // buckets), wide


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
