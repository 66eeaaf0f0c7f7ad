"""Makes one run of many parts, some rows at a time: what is held does not grow with what is written."""

from __future__ import annotations

import os
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ganj.log.pacing import Paced
from ganj.store.folder import proof
from ganj.store.runs import ROW_GROUP, Sealed, form, numbers, schema, together

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

GROUP = 24 << 20
"""Bytes of a group of rows, about: events that say much lie in groups of fewer."""
PIECES = 1 << 14
"""Rows that are read at once, of all parts together."""

Key = tuple[int, int]


class Stream:
    """One part on its way, in order: what of it is at hand."""

    def __init__(self, pieces: Iterator[pa.Table]) -> None:
        self._pieces = pieces
        self._rows: pa.Table | None = None
        self._customer = self._time = np.zeros(0, np.int64)
        self.ended = False
        self.more()

    def __len__(self) -> int:
        """Count the rows at hand."""
        return len(self._customer)

    def more(self) -> None:
        """Get another piece."""
        piece = next((one for one in self._pieces if len(one)), None)
        if piece is None:
            self.ended = True
            return
        self._rows = piece if not len(self) else pa.concat_tables([self._rows, piece])
        self._customer = np.append(self._customer, numbers(piece["customer"]).astype(np.int64))
        self._time = np.append(self._time, numbers(piece["time"]))

    @property
    def last(self) -> Key:
        """Customer and time of the last row at hand."""
        return int(self._customer[-1]), int(self._time[-1])

    def before(self, bound: Key | None) -> pa.Table | None:
        """Take the rows before some customer and time, or all; None if there are none."""
        at = len(self) if bound is None else self._place(bound)
        if not at or self._rows is None:
            return None
        taken, self._rows = self._rows.slice(0, at), self._rows.slice(at)
        self._customer, self._time = self._customer[at:], self._time[at:]
        return taken

    def _place(self, bound: Key) -> int:
        first, last = np.searchsorted(self._customer, [bound[0], bound[0] + 1]).tolist()
        return int(first + np.searchsorted(self._time[first:last], bound[1]))


def merged(parts: list[Iterator[pa.Table]], properties: int) -> Iterator[pa.Table]:
    """Merge parts, each in order, into tables in order that follow on each other."""
    if len(parts) == 1:
        yield from (together([rows], properties) for rows in parts[0] if len(rows))
        return
    streams = [Stream(part) for part in parts]
    while streams := [stream for stream in streams if len(stream)]:
        bound = min((stream.last for stream in streams if not stream.ended), default=None)
        ready = [rows for stream in streams if (rows := stream.before(bound)) is not None]
        if ready:
            yield together(ready, properties)
        for stream in streams:
            if not stream.ended and (not len(stream) or stream.last == bound):
                stream.more()


def pieces(path: Path, rows: int) -> Iterator[pa.Table]:
    """Read a run from its beginning, so many rows at a time."""
    with pq.ParquetFile(path, memory_map=True, pre_buffer=False) as file:
        for batch in file.iter_batches(rows, use_threads=False):
            yield pa.Table.from_batches([batch])


class Sink(Paced):
    """A file that is written from its beginning, and what proves it.

    Attributes
    ----------
    size : bytes written
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._told = self.size = 0

    def write(self, data: ReadableBuffer, /) -> int:
        """Add bytes."""
        self._told = zlib.crc32(data, self._told)
        written = super().write(data)
        self.size += written
        return written

    def close(self) -> None:
        """Keep what is written through a power cut."""
        if not self.closed:
            os.fsync(self.fileno())
        super().close()

    @property
    def proof(self) -> str:
        """What proves the bytes written; see `ganj.store.folder.proves`."""
        return proof(self._told)


class Packing:
    """A run being written; it survives a power cut once it is ended and the folder is synced.

    Parameters
    ----------
    path : of the file
    target : its columns
    packing : how texts are packed
    """

    def __init__(self, path: Path, target: pa.Schema, packing: str) -> None:
        self._path, self._sink = path, Sink(path)
        self._writer = pq.ParquetWriter(self._sink, target, **form(target.names, packing))
        self._held: list[pa.Table] = []
        self._bytes = self._rows = 0
        self._customers: list[int] = []
        self._times: list[int] = []

    def add(self, events: pa.Table) -> None:
        """Write events, in order and after those before."""
        self._held.append(events)
        self._bytes += events.nbytes
        self._rows += len(events)
        customer, time = events["customer"], numbers(events["time"])
        self._customers += [customer[0].as_py(), customer[-1].as_py()]
        self._times += [int(time.min()), int(time.max())]
        if self._bytes >= GROUP:
            self._group()

    def _group(self) -> None:
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held), row_group_size=ROW_GROUP)
        self._held, self._bytes = [], 0

    def end(self, bucket: int) -> Sealed:
        """Say what was written."""
        self._group()
        self.close()
        return Sealed(
            file=self._path.name,
            bucket=bucket,
            rows=self._rows,
            bytes=self._sink.size,
            checksum=self._sink.proof,
            first_customer=self._customers[0],
            last_customer=self._customers[-1],
            first=min(self._times),
            last=max(self._times),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._writer.close()
        self._sink.close()


class Place(NamedTuple):
    """Where runs are written and how.

    Attributes
    ----------
    folder : of runs
    properties : how many properties were ever promoted
    packing : how texts are packed
    written : is told of a file before anything is there, so that a failure can be cleaned up
    """

    folder: Path
    properties: int
    packing: str
    written: list[Path]


def packed(place: Place, bucket: int, parts: list[Iterator[pa.Table]]) -> Sealed | None:
    """Write a bucket's parts, each in order, as one run; None where there is nothing."""
    packing: Packing | None = None
    for events in merged(parts, place.properties):
        if packing is None:
            path = place.folder / f"{bucket:04d}-{uuid.uuid4().hex}.parquet"
            place.written.append(path)
            packing = Packing(path, schema(place.properties), place.packing)
        packing.add(events)
    return packing.end(bucket) if packing else None


def rows_at_once(parts: int) -> int:
    """Return how many rows of each of so many parts are read at once."""
    return max(PIECES // max(parts, 1), 1 << 10)
