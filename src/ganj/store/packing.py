"""Makes one run of many parts, some rows at a time: what is held does not grow with what is written."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ganj.store.folder import checksum, sync
from ganj.store.runs import ROW_GROUP, Sealed, form, numbers, schema, together

GROUP = 24 << 20
"""Bytes of a group of rows, about: events that say much lie in groups of fewer."""
PIECES = 1 << 15
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


def slices(table: pa.Table, rows: int) -> Iterator[pa.Table]:
    """Cut a table into pieces of so many rows."""
    return (table.slice(begin, rows) for begin in range(0, len(table), rows))


class Packing:
    """A run being written; it survives a power cut once it is ended and the folder is synced.

    Parameters
    ----------
    folder, bucket : where it lies, and whose it is
    properties : how many properties were ever promoted
    written : is told the path before anything is there, so that a failure can be cleaned up
    """

    def __init__(self, folder: Path, bucket: int, properties: int, written: list[Path]) -> None:
        self._path, self._bucket = folder / f"{bucket:04d}-{uuid.uuid4().hex}.parquet", bucket
        written.append(self._path)
        self._writer = pq.ParquetWriter(
            self._path, schema(properties), **form(schema(properties).names, "zstd")
        )
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

    def end(self) -> Sealed:
        """Say what was written."""
        self._group()
        self._writer.close()
        sync(self._path)
        return Sealed(
            file=self._path.name,
            bucket=self._bucket,
            rows=self._rows,
            bytes=self._path.stat().st_size,
            checksum=checksum(self._path),
            first_customer=self._customers[0],
            last_customer=self._customers[-1],
            first=min(self._times),
            last=max(self._times),
        )


def packed(
    place: tuple[Path, int], parts: list[Iterator[pa.Table]], properties: int, written: list[Path]
) -> Sealed | None:
    """Write parts, each in order, as one run; None where there is nothing.

    Parameters
    ----------
    place : folder and bucket
    """
    packing: Packing | None = None
    for events in merged(parts, properties):
        packing = packing or Packing(*place, properties, written)
        packing.add(events)
    return packing.end() if packing else None


def rows_at_once(parts: int) -> int:
    """Return how many rows of each of so many parts are read at once."""
    return max(PIECES // max(parts, 1), 1 << 10)
