"""Takes rows of many files of fresh events, in any order, from where they lie.

Of few files what is wanted is read where it is mapped into memory.  Of many, that part of each file is read in which the
rows lie: side by side, as they were written (`ganj.store.fresh.side_by_side`).  To map so much and give it back again
and again costs more than to copy it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.kernels import taking
from ganj.store.fresh import FreshFile

AT_ONCE = 16
"""Files that are mapped into memory at once."""
MOST = 96 << 20
"""Bytes of files that are copied into memory at once; of what lies farther apart more is read than is wanted."""
LARGEST = (1 << 31) - 1
"""Bytes of texts, or elements of lists, of which Arrow tells the ends in one array."""
TEXT = pa.string()
HALF = 4
"""Bytes of an offset."""
Tables = Callable[[Sequence[pa.Field], int], Array]
"""Returns where a buffer of each of some columns of each batch begins: int64[columns, batches]; 0 where there is none."""


class Lists(NamedTuple):
    """Values that are not all alike: where each begins and the last ends, int64[n + 1], and what they are."""

    begins: Array
    values: pa.Buffer


class Lying:
    """Rows as they lie in some files."""

    def __init__(self, files: Sequence[FreshFile]) -> None:
        self.files = [file for file in files if file.rows]
        self._places: dict[tuple[str, int], Array] = {}

    @cached_property
    def _of_files(self) -> list[list[pa.RecordBatch]]:
        return [[batch for batch in file.table.to_batches() if batch.num_rows] for file in self.files]

    @cached_property
    def batches(self) -> list[pa.RecordBatch]:
        """What is in the files: one batch each, mostly."""
        return [batch for batches in self._of_files for batch in batches]

    @cached_property
    def _begins(self) -> Array:
        """How many rows lie before each batch, and in all."""
        return np.cumsum([0, *(batch.num_rows for batch in self.batches)], dtype=np.int64)

    def __len__(self) -> int:
        """Count the rows."""
        return int(self._begins[-1])

    @cached_property
    def places(self) -> tuple[list[Path], Array]:
        """Of each batch the file, and where that is mapped: int64[batches]."""
        of = [file for file, batches in zip(self.files, self._of_files, strict=True) for _ in batches]
        return [file.path for file in of], np.array([file.address for file in of], np.int64)

    @cached_property
    def wide(self) -> Array:
        """Bytes of a row of each batch, about: float64[batches]."""
        return np.array([batch.nbytes / batch.num_rows for batch in self.batches])

    @property
    def many(self) -> bool:
        """Tell whether files are too many to be mapped into memory all at once."""
        return len(self.files) > AT_ONCE

    def _strokes(self) -> Iterator[tuple[int, int]]:
        """Yield the first and last batch of some files at a time; memory into which they were mapped is given back."""
        ends = np.cumsum([0, *map(len, self._of_files)])
        for at in range(0, len(self.files), AT_ONCE):
            near = self.files[at : at + AT_ONCE]
            yield int(ends[at]), int(ends[at + len(near)])
            if self.many:
                for file in near:
                    file.let_go()

    def flat(self, *names: str) -> list[Array]:
        """Return columns of numbers as they lie, file after file."""
        parts: list[list[Array]] = [[] for _ in names]
        for first, last in self._strokes():
            for found, name in zip(parts, names, strict=True):
                found.append(np.concatenate([batch[name].to_numpy() for batch in self.batches[first:last]]))
        return [np.concatenate(found) for found in parts]

    def where(self, rows: Array) -> Array:
        """Return where some rows lie, counted file after file: int64[n], ``batch * 2**32 + row``."""
        batch = np.searchsorted(self._begins, rows, "right") - 1
        found: Array = (batch << 32) + (rows - self._begins[batch])
        return found

    def flat_rows(self, where: Array) -> Array:
        """Return the numbers of rows, counted file after file."""
        found: Array = self._begins[where >> 32] + (where & 0xFFFFFFFF)
        return found

    def strokes(self, where: Array, rows: Array) -> Iterator[tuple[Array, Tables]]:
        """Yield rows of some files at a time, int64[m], and where columns are mapped."""
        near = rows[np.argsort(where[rows])]
        table = where[near] >> 32
        for first, last in self._strokes():
            begin, end = np.searchsorted(table, [first, last]).tolist()
            if begin < end:
                yield near[begin:end], self.at

    def at(self, fields: Sequence[pa.Field], buffer: int) -> Array:
        """Return where buffers of columns are mapped; see `Tables`."""
        for name in (field.name for field in fields):
            if (name, buffer) not in self._places:
                held = [batch[name].buffers()[buffer] for batch in self.batches]
                self._places[name, buffer] = _addresses(held)
        found = [self._places[field.name, buffer] for field in fields]
        return np.stack(found) if found else np.zeros((0, len(self.batches)), np.int64)


class Taken:
    """Some rows of some files, and where they are taken from.

    Parameters
    ----------
    lies : the files
    where : int64[n], the rows; see `Lying.where`
    stray : which of them do not lie beside the others in their files: bool[n]
    """

    def __init__(self, lies: Lying, where: Array, stray: Array) -> None:
        self._lies, self._where = lies, where
        self._copied, self._mapped = None, np.arange(len(where))
        if lies.many and not stray.all():
            copied = Copied(lies, where, np.flatnonzero(~stray))
            if copied.size <= MOST:
                self._copied, self._mapped = copied, np.flatnonzero(stray)

    def columns(self, fields: Sequence[pa.Field]) -> dict[str, pa.Array]:
        """Return columns of the rows."""
        fixed = [field for field in fields if not _is_varied(field.type)]
        varied = [field for field in fields if _is_varied(field.type) and not _is_nested(field.type)]
        count = len(self._where)
        room = [pa.allocate_buffer(count * field.type.bit_width // 8) for field in fixed]
        begins = self._first(fixed, room, varied)
        told = {
            field.name: pa.Array.from_buffers(field.type, count, [None, held])
            for field, held in zip(fixed, room, strict=True)
        }
        for field, lists in zip(varied, self._second(varied, begins), strict=True):
            told[field.name] = _array(field.type, lists)
        return told | {field.name: self._nested(field) for field in fields if _is_nested(field.type)}

    def facts(self, field: pa.Field) -> Lists:
        """Return what the rows say in codes."""
        return self._second([field], self._first([], [], [field]))[0]

    def _parts(self) -> Iterator[tuple[Array, Tables]]:
        """Yield rows, and where their columns are."""
        if self._copied is not None:
            yield self._copied.rows, self._copied.at
        if len(self._mapped):
            yield from self._lies.strokes(self._where, self._mapped)

    def _first(self, fixed: Sequence[pa.Field], room: list[pa.Buffer], varied: Sequence[pa.Field]) -> Array:
        """Write values that are as wide as each other; return where those of others begin: int64[columns, n + 1]."""
        wide = np.array([field.type.bit_width // 8 for field in fixed], np.int64)
        to, found = _addresses(room), np.zeros((len(varied), len(self._where) + 1), np.int64)
        told = np.array([row.ctypes.data + row.itemsize for row in found], np.int64)
        for rows, tables in self._parts():
            if fixed:
                taking.fixed(self._where, rows, tables(fixed, 1), wide, to)
            if varied:
                taking.sizes(self._where, rows, tables(varied, 1), told)
        return np.cumsum(found, axis=1, out=found)

    def _second(self, varied: Sequence[pa.Field], begins: Array) -> list[Lists]:
        """Write values that are not as wide as each other."""
        if not varied:
            return []
        wide = [_wide(field.type) for field in varied]
        room = [pa.allocate_buffer(int(row[-1]) * size) for row, size in zip(begins, wide, strict=True)]
        at = np.array([row.ctypes.data for row in begins], np.int64)
        told = np.column_stack((np.array(wide, np.int64), _addresses(room), at))
        for rows, tables in self._parts():
            values = np.concatenate([tables([field], _of_values(field)) for field in varied])
            taking.varied(self._where, rows, tables(varied, 1), values, told)
        return [Lists(*one) for one in zip(begins, room, strict=True)]

    def _nested(self, field: pa.Field) -> pa.Array:
        """Take lists of texts: nearly always there are none."""
        columns = [batch[field.name] for batch in self._lies.batches]
        if any(len(column.values) for column in columns):
            return pa.concat_arrays(columns).take(pa.array(self._lies.flat_rows(self._where)))
        return _array(field.type, Lists(np.zeros(len(self._where) + 1, np.int64), pa.py_buffer(b"")))


class Copied:
    """The parts of files in which some rows lie, read into memory column by column as they are asked for.

    Attributes
    ----------
    rows : which rows, int64[m], file by file
    size : bytes of the parts, about
    """

    def __init__(self, lies: Lying, where: Array, rows: Array) -> None:
        self._lies = lies
        self.rows = rows[np.argsort(where[rows])]
        table, row = where[self.rows] >> 32, where[self.rows] & 0xFFFFFFFF
        self._tables, begins = np.unique(table, return_index=True)
        ends = np.append(begins[1:], len(table))
        self._first, self._last = row[begins], row[ends - 1] + 1
        self.size = int(((self._last - self._first) * lies.wide[self._tables]).sum())
        self._known: dict[tuple[str, int], Array] = {}
        self._held: list[Array] = []

    def at(self, fields: Sequence[pa.Field], buffer: int) -> Array:
        """Return where buffers of columns would begin in memory if all of them were there; see `Tables`."""
        wanted = [field for field in fields if (field.name, buffer) not in self._known]
        if wanted:
            parts = [self._part(field, buffer) for field in wanted]
            mapped = self._lies.at(wanted, buffer)[:, self._tables]
            now = self._read(mapped, *map(np.stack, zip(*parts, strict=True)))
            for field, found in zip(wanted, now, strict=True):
                whole = self._known[field.name, buffer] = np.zeros(len(self._lies.batches), np.int64)
                whole[self._tables] = found
        return np.stack([self._known[field.name, buffer] for field in fields])

    def _part(self, field: pa.Field, buffer: int) -> tuple[Array, Array]:
        """Return at which byte of a buffer the part begins, and its bytes: int64[tables] each."""
        if buffer > 1:
            offsets = self.at([field], 1)[0, self._tables]
            ends = np.zeros((2, len(offsets)), np.int32)
            for to, row in zip(ends, (self._first, self._last), strict=True):
                taking.halves(offsets + HALF * row, to.ctypes.data)
            begin, end = ends.astype(np.int64) * _wide(field.type)
            return begin, end - begin
        if _is_varied(field.type):
            return HALF * self._first, HALF * (self._last - self._first + 1)
        wide = field.type.bit_width // 8
        return wide * self._first, wide * (self._last - self._first)

    def _read(self, mapped: Array, begin: Array, size: Array) -> Array:
        """Read parts of buffers; return where the buffers would begin: int64[columns, tables]."""
        padded = (size + 15) // 16 * 16
        at = (np.cumsum(padded) - padded.ravel()).reshape(size.shape)
        data: Array = np.empty(int(padded.sum()) + 16, np.uint8)
        self._held.append(data)
        paths, begins = self._lies.places
        view, offset = data.data, mapped + begin - begins[self._tables]
        for number, told in enumerate(zip(offset.T.tolist(), at.T.tolist(), size.T.tolist(), strict=True)):
            handle = os.open(paths[self._tables[number]], os.O_RDONLY)
            try:
                for place, to, many in zip(*told, strict=True):
                    if many and os.preadv(handle, [view[to : to + many]], place) != many:
                        raise EOFError
            finally:
                os.close(handle)
        found: Array = data.ctypes.data + at - begin
        return found


def _addresses(buffers: Sequence[pa.Buffer | None]) -> Array:
    return np.array([0 if buffer is None else buffer.address for buffer in buffers], np.int64)


def _of_values(field: pa.Field) -> int:
    """Return which buffer of a column has values that are not all alike."""
    return 2 if field.type == TEXT else 3


def _is_varied(kind: Any) -> bool:
    return bool(kind == TEXT or pa.types.is_list(kind))


def _is_nested(kind: Any) -> bool:
    return bool(pa.types.is_list(kind) and kind.value_type == TEXT)


def _wide(kind: Any) -> int:
    """Return the bytes of what is counted of values that are not all alike."""
    return 1 if kind == TEXT else kind.value_type.bit_width // 8


def _array(kind: Any, lists: Lists) -> pa.Array:
    """Return values that are not all alike; an empty text stands for none, as who writes it means it."""
    begins, count = lists.begins, len(lists.begins) - 1
    if begins[-1] > LARGEST:
        raise OverflowError
    told = pa.py_buffer(begins.astype(np.int32))
    if kind == TEXT:
        there = begins[1:] > begins[:-1]
        known = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
        return pa.Array.from_buffers(kind, count, [known, told, lists.values])
    inner = kind.value_type
    within = (
        pa.array([], TEXT)
        if inner == TEXT
        else pa.Array.from_buffers(inner, int(begins[-1]), [None, lists.values])
    )
    return pa.Array.from_buffers(kind, count, [None, told], children=[within])
