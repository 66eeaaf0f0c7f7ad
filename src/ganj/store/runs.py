"""Sealed runs: immutable Parquet files, each of one bucket, in order of (customer, time, message_id).

Columns that kernels read are narrow numbers, uncompressed; identities and texts are compressed.  A
promoted property ``k`` is a column ``p{k}`` of codes in the files written since it was first seen; in
older ones nobody had it.
"""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ganj.histories import Array
from ganj.store.folder import checksum
from ganj.store.narrow import Narrow

INTEGERS = ("customer", "event", "product", "order", "channel", "source", "batch", "origin")
LISTS = {"product": pa.int32(), "quantity": pa.float64(), "price": pa.float64(), "amount": pa.float64()}
Span = tuple[int | None, int | None]
ROW_GROUP = 1 << 17
"""Rows of a group: small enough to find one customer without reading a whole bucket."""

YOUNG = 1 << 15
"""Rows below which a run is soon made one with others: it is packed in a third of the time, and less tightly."""

EVENTS = pa.schema(
    [
        *(pa.field(name, pa.int32(), nullable=False) for name in INTEGERS[:1]),
        pa.field("time", pa.int64(), nullable=False),
        pa.field("message_id", pa.uuid(), nullable=False),
        pa.field("event", pa.int32(), nullable=False),
        pa.field("amount", pa.float64(), nullable=False),
        *(pa.field(name, pa.int32(), nullable=False) for name in INTEGERS[2:]),
        *(pa.field(f"line_{name}", pa.list_(kind), nullable=False) for name, kind in LISTS.items()),
        pa.field("line_properties", pa.list_(pa.string()), nullable=False),
        pa.field("properties", pa.string()),
    ]
)
"""Columns of every run; ``p0`` … ``pn`` follow."""

PACKED = {"message_id", "origin", "line_properties", "properties"}
CODED = {"event", "channel", "source", "batch"}


@dataclass(frozen=True)
class Sealed:
    """What the manifest says of a run.

    Attributes
    ----------
    file : its name in ``runs/``
    bucket, rows, bytes, checksum
        Where it belongs and how to tell that it is whole.
    first_customer, last_customer, first, last
        The least and greatest customer and time in it.
    """

    file: str
    bucket: int
    rows: int
    bytes: int
    checksum: str
    first_customer: int
    last_customer: int
    first: int
    last: int


class Run:
    """A sealed run that someone may be reading; once retired its file goes when the last reader lets go."""

    def __init__(self, folder: Path, sealed: Sealed) -> None:
        self.path, self.sealed = folder / sealed.file, sealed

    def retire(self) -> None:
        """Say that the manifest has no more use for the run."""
        weakref.finalize(self, self.path.unlink, missing_ok=True)

    def read(self, columns: Iterable[str]) -> pa.Table:
        """Read some of its columns; those it lacks are left out."""
        return self._narrow.read(list(columns))

    @cached_property
    def _narrow(self) -> Narrow:
        return Narrow(self.path)

    def near(self, customers: Array, columns: Iterable[str] | None) -> pa.Table:
        """Read the groups of rows that may hold events of some customers: int32[n] ascending."""
        with pq.ParquetFile(self.path, memory_map=True) as file:
            told = file.metadata
            groups = [n for n in range(told.num_row_groups) if _holds_any(told.row_group(n), customers)]
            there = set(file.schema_arrow.names)
            wanted = None if columns is None else [name for name in columns if name in there]
            return file.read_row_groups(groups, wanted, use_threads=False)

    def of_customer(
        self, customer: int, columns: Iterable[str] | None = None, between: Span = (None, None)
    ) -> pa.Table:
        """Read one customer's events of a time; only the groups of rows that can hold them are read.

        Parameters
        ----------
        columns : those to read, ``customer`` and ``time`` among them; all if None
        between : µs from which and before which
        """
        with pq.ParquetFile(self.path, memory_map=True) as file:
            there, told = set(file.schema_arrow.names), file.metadata
            groups = [
                n for n in range(told.num_row_groups) if _may_hold(told.row_group(n), customer, between)
            ]
            wanted = None if columns is None else [name for name in columns if name in there]
            near = file.read_row_groups(groups, wanted, use_threads=False)
        numbers = near["customer"].to_numpy()
        start, stop = np.searchsorted(numbers, [customer, customer + 1])
        mine = near.slice(start, stop - start)
        times = mine["time"].to_numpy()
        since, until = between
        first = 0 if since is None else int(np.searchsorted(times, since))
        last = len(times) if until is None else int(np.searchsorted(times, until))
        return mine.slice(first, max(last - first, 0))


def _holds_any(group: Any, customers: Array) -> bool:
    """Tell whether a group of rows may hold events of any of some customers, ascending."""
    who = group.column(0).statistics
    return who is None or bool(
        np.searchsorted(customers, who.min) < np.searchsorted(customers, who.max, "right")
    )


def _may_hold(group: Any, customer: int, between: Span) -> bool:
    """Tell from the statistics of a group of rows whether it may hold events of a customer and a time."""
    who, when = group.column(0).statistics, group.column(1).statistics
    if who is not None and not who.min <= customer <= who.max:
        return False
    since, until = between
    return when is None or ((since is None or when.max >= since) and (until is None or when.min < until))


def schema(properties: int) -> pa.Schema:
    """Return the columns of a run when so many properties have been promoted."""
    promoted = [pa.field(f"p{number}", pa.int32(), nullable=False) for number in range(properties)]
    return pa.schema([*EVENTS, *promoted])


def together(parts: list[pa.Table], properties: int) -> pa.Table:
    """Merge runs, each in order, into one table in order."""
    target = schema(properties)
    if len(parts) == 1:
        return _completed(parts[0], target).combine_chunks()
    whole = pa.concat_tables([_completed(part, target) for part in parts]).combine_chunks()
    return whole.take(pa.array(order_of(whole, [len(part) for part in parts])))


def _completed(part: pa.Table, target: pa.Schema) -> pa.Table:
    if part.schema.names == target.names:
        return part
    there = set(part.column_names)
    nothing = pa.array(np.full(len(part), -1, np.int32))
    arrays = [part[name] if name in there else nothing for name in target.names]
    return pa.table(arrays, schema=target)


def order_of(events: pa.Table, sizes: list[int]) -> Array:
    """Return the order in which runs laid end to end are one: int64[events]."""
    from ganj.kernels.merge import merge

    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)))
    high, low = halves(events["message_id"])
    return merge(numbers(events["customer"]), numbers(events["time"]), high, low, starts)


def numbers(column: pa.ChunkedArray) -> Array:
    """Return a column of numbers as an array that can be read straight through."""
    return np.ascontiguousarray(column.to_numpy())


def halves(identities: pa.ChunkedArray) -> tuple[Array, Array]:
    """Split 128-bit identities into two uint64[n] that compare as the bytes do."""
    chunks = [_bytes(chunk) for chunk in identities.chunks]
    pairs = np.concatenate([*chunks, np.zeros((0, 2), ">u8")]).astype(np.uint64)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def _bytes(chunk: pa.Array) -> Array:
    plain = chunk.storage if isinstance(chunk, pa.ExtensionArray) else chunk
    raw = np.frombuffer(plain.buffers()[1] or b"", ">u8")
    return raw.reshape(-1, 2)[plain.offset : plain.offset + len(plain)]


def seal(folder: Path, bucket: int, events: pa.Table, written: list[Path]) -> Sealed:
    """Write a bucket's events, in order, as a run; it survives a power cut once file and folder are synced.

    ``written`` is told the path before anything is there, so that a failure can be cleaned up.
    """
    path = folder / f"{bucket:04d}-{uuid.uuid4().hex}.parquet"
    written.append(path)
    packing = "lz4" if len(events) < YOUNG else "zstd"
    with pq.ParquetWriter(path, events.schema, **form(events.column_names, packing)) as writer:
        writer.write_table(events, row_group_size=ROW_GROUP)
    return _described(path, bucket, events)


def form(columns: list[str], packing: str) -> dict[str, Any]:
    """Say how columns are laid down in a run's file."""
    coded = [name for name in columns if name in CODED or (name[0] == "p" and name[1:].isdecimal())]
    return {
        "compression": {_leaf(name): packing if name in PACKED else "none" for name in columns},
        "use_dictionary": coded,
        "write_statistics": ["customer", "time"],
    }


def _leaf(name: str) -> str:
    return f"{name}.list.element" if name.startswith("line_") else name


def _described(path: Path, bucket: int, events: pa.Table) -> Sealed:
    customer, time = events["customer"], numbers(events["time"])
    return Sealed(
        file=path.name,
        bucket=bucket,
        rows=len(events),
        bytes=path.stat().st_size,
        checksum=checksum(path),
        first_customer=customer[0].as_py(),
        last_customer=customer[-1].as_py(),
        first=int(time.min()),
        last=int(time.max()),
    )
