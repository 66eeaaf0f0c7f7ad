"""Collected events that are in no run yet: an Arrow file a load, as they came.

A file is written once and named in the database by the transaction that notes how far the log was read; who reads
maps it into memory.  Nothing in it is ever changed: whose an event is now, and where it stands among the others, is
worked out by who reads, so that a load sorts nothing and a merge rewrites nothing.
"""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import Array
from ganj.store.folder import sync
from ganj.store.runs import EVENTS, halves, schema

SUFFIX = ".fresh"
FACTS = pa.field("facts", pa.list_(pa.int32()), nullable=False)
COLLECTED = pa.schema([*EVENTS, FACTS])
"""Columns of a file: those of a run, and ``property * 1024 + code`` of what each event says."""
TIER, MANY = 8, 16
"""So many files of like size (within so many times) are made one: readers meet few files, and an event is copied at
most three times before it is sealed."""
_OTHERS = b"others"


class FreshFile:
    """One file; once retired it goes when the last reader lets go."""

    def __init__(self, folder: Path, name: str, rows: int) -> None:
        self.path, self.rows = folder / name, rows

    def retire(self) -> None:
        """Say that the manifest has no more use for it."""
        weakref.finalize(self, self.path.unlink, missing_ok=True)

    @cached_property
    def table(self) -> pa.Table:
        """The events, mapped into memory."""
        with pa.memory_map(str(self.path)) as source:
            return pa.ipc.open_file(source).read_all()

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
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, whole.schema) as writer:
        writer.write_table(whole)
    sync(path)
    sync(folder)
    return FreshFile(folder, path.name, len(events))


def alike(files: Sequence[FreshFile]) -> list[FreshFile]:
    """Return files of like size that have become too many; none where there are not."""
    tiers: dict[int, list[FreshFile]] = {}
    for file in files:
        tier = 0
        while file.rows >= 64 * TIER**tier:
            tier += 1
        tiers.setdefault(tier, []).append(file)
    return next((near for near in tiers.values() if len(near) >= MANY), [])


def as_one(files: Sequence[FreshFile]) -> tuple[pa.Table, bytes]:
    """Return the events of some files and the identities of what else was in their loads."""
    tables = [file.table for file in files]
    whole = pa.concat_tables([table.replace_schema_metadata(None) for table in tables])
    return whole.combine_chunks(), b"".join(_others(table) for table in tables)


class Lately(NamedTuple):
    """What changes with every load: the files of fresh events, and how many customers there are."""

    files: tuple[FreshFile, ...]
    customers: int


class Fresh:
    """The events of some files, shaped as in runs.

    Parameters
    ----------
    files : in the order they were loaded
    buckets : parts of the workspace
    now : tells who stands for each origin
    properties : how many properties were ever promoted
    """

    def __init__(
        self, files: Sequence[FreshFile], buckets: int, now: Callable[[Array], Array], properties: int
    ) -> None:
        self.files, self._buckets, self._now, self._properties = tuple(files), buckets, now, properties
        self.rows = sum(file.rows for file in files)
        self._columns: dict[str, Any] = {}

    def column(self, name: str) -> Any:
        """Return a column as it lies, in one piece."""
        if name not in self._columns:
            chunks = [chunk for file in self.files for chunk in file.table[name].chunks]
            self._columns[name] = pa.concat_arrays(chunks)
        return self._columns[name]

    @cached_property
    def origin(self) -> Array:
        """The customer under whose number each event came: int32[events]."""
        found: Array = self.column("origin").to_numpy()
        return found

    @cached_property
    def customer(self) -> Array:
        """Who stands for that customer now: int32[events]."""
        return self._now(self.origin).astype(np.int32)

    @cached_property
    def _laid(self) -> tuple[Array, Array]:
        """The events in order, int64[events], and where each bucket begins, int64[buckets + 2]."""
        bucket = np.where(self.customer < 0, self._buckets, self.customer % self._buckets)
        order = in_order(bucket, self.customer, self.column("time").to_numpy(), self.column("message_id"))
        return order, np.searchsorted(bucket[order], np.arange(self._buckets + 2))

    def buckets(self) -> list[int]:
        """List the buckets that have any."""
        if not self.rows:
            return []
        found: list[int] = np.flatnonzero(np.diff(self._laid[1])).tolist()
        return found

    def table(self, bucket: int, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a bucket's events in order: some columns, or all of a run."""
        if not self.rows:
            return self._shaped(np.zeros(0, np.int64), columns)
        order, begins = self._laid
        return self._shaped(order[begins[bucket] : begins[bucket + 1]], columns)

    def of_customer(self, customer: int, columns: Sequence[str] | None) -> pa.Table:
        """Return one customer's events in order."""
        if not self.rows:
            return self._shaped(np.zeros(0, np.int64), columns)
        order, begins = self._laid
        bucket = customer % self._buckets
        mine = order[begins[bucket] : begins[bucket + 1]]
        return self._shaped(mine[self.customer[mine] == customer], columns)

    def _shaped(self, rows: Array, columns: Sequence[str] | None) -> pa.Table:
        target = schema(self._properties)
        names = target.names if columns is None else [name for name in columns if name in target.names]
        codes = self._promoted(rows, [int(name[1:]) for name in names if _is_code(name)])
        arrays = [codes[int(name[1:])] if _is_code(name) else self._taken(name, rows) for name in names]
        return pa.table(arrays, schema=pa.schema([target.field(name) for name in names]))

    def _taken(self, name: str, rows: Array) -> Any:
        if not self.rows:
            return pa.array([], COLLECTED.field(name).type)
        return pa.array(self.customer[rows]) if name == "customer" else self.column(name).take(pa.array(rows))

    def _promoted(self, rows: Array, wanted: list[int]) -> dict[int, Any]:
        """Return the code that each event has of each promoted property: int32[rows] each, -1 none."""
        if not wanted:
            return {}
        codes = np.full((self._properties, len(rows)), -1, np.int32)
        if len(rows):
            facts = self.column("facts").take(pa.array(rows))
            owner = pc.list_parent_indices(facts).to_numpy()
            told = facts.flatten().to_numpy()
            codes[told >> 10, owner] = told & 1023
        return {number: pa.array(codes[number]) for number in wanted}


def _is_code(name: str) -> bool:
    return name[0] == "p" and name[1:].isdecimal()


def in_order(bucket: Array, customer: Array, time: Array, identity: Any) -> Array:
    """Return the order of (bucket, customer, time, message_id): int64[events].

    Notes
    -----
    Events come nearly in order of time, which a stable sort takes little time for; identities are looked at only of
    the few that share a customer and a moment.
    """
    order = np.argsort(time, kind="stable")
    key = (bucket.astype(np.int64) << 32) | (customer.astype(np.int64) + 1)
    order = order[np.argsort(key[order], kind="stable")]
    same = (key[order[1:]] == key[order[:-1]]) & (time[order[1:]] == time[order[:-1]])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(tied):
        rows = order[tied]
        chunked = pa.chunked_array([identity]) if isinstance(identity, pa.Array) else identity
        high, low = halves(chunked.take(pa.array(rows)))
        order[tied] = rows[np.lexsort((low, high, time[rows], key[rows]))]
    return order
