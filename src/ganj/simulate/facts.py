"""Columns of events on their way to rows of `ganj.events.ROWS`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.events import ROWS
from ganj.histories import Array

Json = str | int | float | bool

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class Facts:
    """Events of one kind.

    Attributes
    ----------
    event : canonical name; None for rows that only describe
    time : int64[n], µs UTC; None where the rows have none
    columns : values of other columns of `ROWS`, each an Arrow array [n] or one text for all
    """

    event: str | None
    time: Array | None
    columns: dict[str, pa.Array | str] = field(default_factory=dict)
    length: int = -1

    def __len__(self) -> int:
        """Count the events."""
        return len(self.time) if self.time is not None else self.length


def picked(labels: Sequence[str | None], codes: Array) -> pa.Array:
    """Return texts by code, null for a negative code; string[n]."""
    at = pa.array(codes, pa.int64(), mask=np.asarray(codes) < 0)
    return pc.take(pa.array(labels, pa.string()), at)


def part(key: str, labels: Sequence[Json], codes: Array) -> pa.Array:
    """Return one member of a JSON object for each row, such as ``"device":"app"``; null for code -1."""
    return picked([_member(key, label) for label in labels], codes)


def whole(key: str, values: Array) -> pa.Array:
    """Return one whole-number member of a JSON object for each row."""
    return pc.binary_join_element_wise(f'"{key}":', pa.array(values, pa.int64()).cast(pa.string()), "")


def said(key: str, texts: Iterable[Json | None]) -> pa.Array:
    """Return one member of a JSON object for each row, from values that mostly differ."""
    return pa.array([None if text is None else _member(key, text) for text in texts], pa.string())


def _member(key: str, value: Json) -> str:
    return msgspec.json.encode({key: value}).decode()[1:-1]


def objects(*members: pa.Array) -> pa.Array:
    """Return JSON objects of members; a row without any is null."""
    if len(members[0]) == 0:
        return pa.array([], pa.string())
    joined = pc.binary_join_element_wise(*members, ",", null_handling="skip")
    empty = pc.equal(pc.binary_length(joined), 0)
    return pc.if_else(empty, None, pc.binary_join_element_wise("{", joined, "}", ""))


def table(facts: Sequence[Facts], seed: int, name: str) -> pa.Table:
    """Return rows of `ROWS`, descriptions first, then events in order of time."""
    present = [one for one in facts if len(one)]
    if not present:
        return ROWS.empty_table()
    joined = pa.concat_tables([_columns(one) for one in present])
    order = pc.sort_indices(joined, sort_keys=[("time", "ascending", "at_start")])
    ordered = joined.take(order).combine_chunks()
    columns = {
        **{column: ordered[column] for column in ordered.column_names},
        "row": pa.array(np.arange(len(ordered))),
        "content": fingerprints(len(ordered), seed, name),
    }
    return pa.table([columns[column.name] for column in ROWS], ROWS)


def _columns(one: Facts) -> pa.Table:
    """Return the events as a table without row and content."""
    given: dict[str, pa.Array | str | None] = {**one.columns, "event": one.event}
    if one.time is not None:
        given["time"] = pa.array(one.time, pa.int64())
    columns = {f.name: _column(given.get(f.name), f.type, len(one)) for f in ROWS if f.name not in _OWN}
    return pa.table(columns)


_OWN = ("row", "content")


def _column(values: pa.Array | str | None, kind: pa.DataType, length: int) -> pa.Array:
    if values is None or isinstance(values, str):
        return pa.repeat(pa.scalar(values, kind), length)
    return values if values.type == kind else values.cast(kind)


def fingerprints(count: int, seed: int, name: str) -> pa.Array:
    """Return 128 bits for each row that no other row of any shop's file has; binary(16)[n].

    Two rounds of SplitMix64 over seed, file and position.
    """
    start = int.from_bytes(f"{seed}/{name}".encode()[-32:], "little") * 0x2545F4914F6CDD1D
    begin = np.uint64(start % (1 << 64))
    counter = np.arange(2 * count, dtype=np.uint64) * GOLDEN + begin
    mixed = (counter ^ (counter >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), count, [None, pa.py_buffer(mixed)])


def batches(rows: pa.Table, size: int = 65_536) -> Iterator[pa.RecordBatch]:
    """Cut a table into record batches."""
    yield from rows.to_batches(max_chunksize=size)
