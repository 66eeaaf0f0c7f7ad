"""Columns of numbers straight from a run's file, where they lie unpacked; several times as fast as through Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ganj.histories import Array

KINDS: dict[Any, Any] = {pa.int32(): np.int32, pa.int64(): np.int64, pa.float64(): np.float64}
"""Types of Arrow that are read so."""


class Narrow:
    """The columns of one run's file.

    Attributes
    ----------
    names : all of them, in the order of the file
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with pq.ParquetFile(path) as file:
            self._told, self._schema = file.metadata, file.schema_arrow
            leaves = [file.schema.column(number) for number in range(len(file.schema))]
        self.names = frozenset(self._schema.names)
        self._at = {leaf.path: number for number, leaf in enumerate(leaves) if _is_bare(leaf)}
        self._places: dict[str, Array | None] = {}

    def read(self, names: Sequence[str]) -> pa.Table:
        """Read some columns, those that can be so and through Arrow the others; what the file lacks is left out."""
        there = [name for name in names if name in self.names]
        columns = self._quickly({name: places for name in there if (places := self._of(name)) is not None})
        others = [name for name in there if name not in columns]
        if others or not there:
            with pq.ParquetFile(self._path, memory_map=True, metadata=self._told) as file:
                read = file.read(others, use_threads=False)
            if not columns:
                return read
            columns |= {name: read[name] for name in others}
        fields = [self._schema.field(name) for name in there]
        return pa.table([columns[name] for name in there], pa.schema(fields, self._schema.metadata))

    def _quickly(self, sought: dict[str, Array]) -> dict[str, pa.Array]:
        if not sought:
            return {}
        with self._path.open("rb", buffering=0) as file:
            read = {name: _column(file, places, self._kind(name)) for name, places in sought.items()}
        return {name: column for name, column in read.items() if column is not None}

    def _kind(self, name: str) -> Any:
        return KINDS.get(self._schema.field(name).type)

    def _of(self, name: str) -> Array | None:
        """Return where a column's groups of rows begin, their bytes and rows: int64[groups, 3]; None for others."""
        if name not in self._places:
            known = name in self._at and self._kind(name) is not None
            self._places[name] = self._sought(self._at[name]) if known else None
        return self._places[name]

    def _sought(self, number: int) -> Array | None:
        groups = [self._told.row_group(group).column(number) for group in range(self._told.num_row_groups)]
        if any(group.compression != "UNCOMPRESSED" for group in groups):
            return None
        begins = [group.dictionary_page_offset or group.data_page_offset for group in groups]
        sizes = [(group.total_compressed_size, group.num_values) for group in groups]
        return np.column_stack((begins, np.reshape(sizes, (-1, 2)))).astype(np.int64)


def _is_bare(leaf: Any) -> bool:
    """Tell whether every row has a value of a column, and one."""
    return bool(leaf.max_definition_level == 0 == leaf.max_repetition_level)


def _column(file: Any, places: Array, kind: Any) -> pa.Array | None:
    """Read one column; None where its pages are of other forms."""
    from ganj.kernels.pages import ROOM, unpaged

    wide, rows = np.dtype(kind).itemsize, int(places[:, 2].sum())
    held = pa.allocate_buffer(
        rows * wide
    )  # Arrow keeps memory for the next bucket: the system would clear it anew
    pages = pa.allocate_buffer(int(places[:, 1].max(initial=0)) + ROOM)
    data, to = memoryview(pages), held.address
    for begin, size, count in places.tolist():
        file.seek(begin)
        whole = file.readinto(data[:size]) == size
        if not whole or not unpaged(pages.address, size, to, count * wide, wide):
            return None
        to += count * wide
    return pa.Array.from_buffers(pa.from_numpy_dtype(kind), rows, [None, held])
