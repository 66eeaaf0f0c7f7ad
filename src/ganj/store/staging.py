"""Rows of an import on their way in: one scratch Parquet file, so any number of rows needs little memory."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ganj.events import ROWS

_FIELDS = [pa.field("content", pa.uuid()) if field.name == "content" else field for field in ROWS]
STAGED = pa.schema(_FIELDS)
"""`ganj.events.ROWS` with the content's hash as a 128-bit number, which the database compares fast."""

_NUMBERS = ["row", "content", "time", "amount", "quantity", "price"]
_CODED = [field.name for field in STAGED if field.name not in _NUMBERS]


class Staging:
    """A file that rows are added to and then read from, once it is closed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = pq.ParquetWriter(
            path, STAGED, compression="lz4", use_dictionary=_CODED, write_statistics=False
        )

    def add(self, rows: pa.RecordBatch) -> None:
        """Add some rows."""
        content = pa.ExtensionArray.from_storage(pa.uuid(), rows.column("content"))
        arrays = [content if field.name == "content" else rows.column(field.name) for field in STAGED]
        self._writer.write_batch(pa.record_batch(arrays, schema=STAGED))

    def close(self) -> None:
        """Say that no more rows come."""
        self._writer.close()

    def discard(self) -> None:
        """Throw the rows away."""
        with suppress(OSError, pa.ArrowInvalid):  # a writer that met a full disk cannot be closed well
            self._writer.close()
        self.path.unlink(missing_ok=True)
