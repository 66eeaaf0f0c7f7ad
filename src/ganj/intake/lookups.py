"""Small tables put beside a big one: the team of a sales rep, the dates of a campaign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ganj.intake.limits import LIMITS, Limits
from ganj.intake.plan import Lookup, Table
from ganj.intake.reading import cells, ignore

MOST = 200_000  # rows of a table that is held in memory

Join = Callable[[pa.RecordBatch], pa.RecordBatch]


def beside(table: Table, files: Sequence[Path], limits: Limits = LIMITS) -> Join:
    """Return a function that puts the lookups' columns behind a batch's own."""
    loaded = [
        (_place(table.columns, lookup.here), *_loaded(lookup, files, limits)) for lookup in table.lookups
    ]

    def join(batch: pa.RecordBatch) -> pa.RecordBatch:
        arrays = list(batch.columns)
        for here, keys, columns in loaded:
            at = pc.index_in(arrays[here], keys)
            arrays += [column.take(at) for column in columns]
        return pa.RecordBatch.from_arrays(arrays, names=[f"c{n}" for n in range(len(arrays))])

    return join


def _loaded(lookup: Lookup, files: Sequence[Path], limits: Limits) -> tuple[pa.Array, list[pa.Array]]:
    """Return the key and the columns brought; the first row of a key counts."""
    source = lookup.source
    batches = list(cells(files[source.found.file], source, ignore, lambda _: None, limits))
    table = pa.Table.from_batches(batches).slice(0, MOST).combine_chunks()
    names = source.shape.columns
    keys = _column(table, _place(names, lookup.there))
    return keys, [_column(table, _place(names, name)) for name in lookup.brings]


def _column(table: pa.Table, at: int) -> pa.Array:
    column = table.column(at)
    return column.chunk(0) if column.num_chunks else pa.array([], pa.string())


def _place(columns: Sequence[str], name: str) -> int:
    return list(columns).index(name)
