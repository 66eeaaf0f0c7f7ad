"""Rows out of Parquet: every value as the text a CSV would hold, so that one file is one file in any format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ganj.intake.errors import Damaged, TooManyColumns
from ganj.intake.limits import Limits

ROWS = 1 << 16


def opened(stream: IO[bytes], name: str, limits: Limits) -> pq.ParquetFile:
    """Open a Parquet file; its footer says how wide it is."""
    try:
        file = pq.ParquetFile(stream)
    except (pa.ArrowInvalid, OSError) as mistake:
        raise Damaged.at(name, detail=str(mistake)[:200]) from mistake
    if file.metadata.num_columns > limits.columns:
        raise TooManyColumns.at(name, columns=file.metadata.num_columns, limit=limits.columns)
    return file


def batches(file: pq.ParquetFile, name: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows: columns ``c0`` … of strings."""
    names = [f"c{n}" for n in range(len(file.schema_arrow))]
    try:
        for batch in file.iter_batches(batch_size=ROWS):
            yield pa.RecordBatch.from_arrays([as_text(column) for column in batch.columns], names=names)
    except (pa.ArrowInvalid, OSError) as mistake:
        raise Damaged.at(name, detail=str(mistake)[:200]) from mistake


def as_text(column: pa.Array) -> pa.Array:
    """Return a column as text; string[n], empty texts null."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if pa.types.is_timestamp(kind) and kind.tz:
        column = pc.strftime(column.cast(pa.timestamp("us", "UTC")), format="%Y-%m-%d %H:%M:%SZ")
    elif pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = pa.array(
            [None if value is None else str(value) for value in column.to_pylist()], pa.string()
        )
    text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
