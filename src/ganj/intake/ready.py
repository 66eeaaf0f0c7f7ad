"""Rows that are ready: Parquet files in the schema of `ganj.events.ROWS`, such as the demo's.

There is nothing to guess, to map or to ask.  What the store relies on is checked all the same: a file
that only looks like rows is refused, whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ganj.events import ROWS
from ganj.intake import parquet
from ganj.intake.archive import whole
from ganj.intake.errors import Damaged
from ganj.intake.limits import Limits
from ganj.intake.plan import Source, Table

KIND = "rows"
MOST = 1 << 16  # rows at a time
OBJECTS = ("properties", "traits", "product_traits")


def are_ready(group: Sequence[Source]) -> bool:
    """Tell whether sources of one header are rows already."""
    return all(s.found.format == "parquet" and s.shape.columns == tuple(ROWS.names) for s in group)


def table(group: Sequence[Source]) -> Table:
    """Return the plan of ready rows."""
    return Table(sources=tuple(group), columns=tuple(ROWS.names), kind=KIND)


def batches(path: Path, source: Source, first: int, limits: Limits) -> Iterator[pa.RecordBatch]:
    """Yield a file's rows, counted from ``first``.

    Raises
    ------
    Damaged
        The file has the names of rows, but not their types, or says what no source may say.
    """
    name = source.found.name
    with whole(path, source.found, limits) as stream:
        for batch in _read(parquet.opened(stream, name, limits), name):
            counted = pa.array(np.arange(first, first + len(batch)), pa.int64())
            yield _checked(batch.set_column(0, ROWS.field("row"), counted), name)
            first += len(batch)


def _read(file: pq.ParquetFile, name: str) -> Iterator[pa.RecordBatch]:
    try:
        for batch in file.iter_batches(batch_size=MOST):
            columns = [column.cast(field.type) for column, field in zip(batch.columns, ROWS, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=ROWS)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as mistake:
        raise Damaged.at(name, detail=str(mistake)[:200]) from mistake


def _checked(batch: pa.RecordBatch, name: str) -> pa.RecordBatch:
    """Return the rows if the store can rely on them: identity, time of events, objects in JSON."""
    if batch["content"].null_count:
        raise Damaged.at(name, detail="content")
    if pc.any(pc.and_(pc.is_valid(batch["event"]), pc.is_null(batch["time"]))).as_py():
        raise Damaged.at(name, detail="time")
    for column in OBJECTS:
        for text in pc.unique(batch[column]).drop_null().to_pylist():
            try:
                msgspec.json.decode(text, type=dict)
            except (msgspec.DecodeError, RecursionError) as mistake:
                raise Damaged.at(name, detail=f"{column}: {mistake}") from mistake
    return batch
