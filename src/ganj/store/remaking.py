"""Makes everything derived anew from what came in, beside what is in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ganj.store.derived import Derived, Limits
from ganj.store.folder import Folder, room
from ganj.store.staging import Staging
from ganj.store.truth import Batch

Replay = Callable[[Batch], Iterator[pa.RecordBatch]]
"""Reads a kept import again, under the plan it was imported with."""

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Remaking:
    """How a workspace's database and runs are made from some of its imports and the log.

    Attributes
    ----------
    prepare : tells what is made the workspace's currency and rules
    """

    folder: Folder
    buckets: int
    limits: Limits
    prepare: Callable[[Derived], None]

    def make(self, batches: list[Batch], replay: Replay, progress: Progress) -> Path:
        """Make a database, and runs beside those in use; returns the database's path.

        Raises
        ------
        DiskFull
            Nothing of it is left.
        """
        path = self.folder.root / "ganj.new.duckdb"
        unlink(path)
        before = set(self.folder.runs.iterdir())
        try:
            with room(self.folder.root):
                self._load(path, batches, replay, progress)
        except BaseException:
            unlink(path)
            for run in set(self.folder.runs.iterdir()) - before:
                run.unlink()
            raise
        return path

    def _load(self, path: Path, batches: list[Batch], replay: Replay, progress: Progress) -> None:
        derived = Derived(self.folder, path, self.buckets, self.limits)
        self.prepare(derived)
        try:
            for done, batch in enumerate(batches, 1):
                derived.absorb(batch.info.log)
                self._again(derived, batch, replay)
                progress(done / (len(batches) + 1))
            derived.absorb()
            progress(1.0)
            derived.database.checkpoint()
        finally:
            derived.close()

    def _again(self, derived: Derived, batch: Batch, replay: Replay) -> None:
        staging = Staging(self.folder.scratch / f"again-{batch.id}.parquet")
        try:
            for rows in replay(batch):
                staging.add(rows)
            staging.close()
            derived.load(batch, staging.path, batch.info.counts.rejected)
        finally:
            staging.discard()


def unlink(database: Path) -> None:
    """Remove a database file and what DuckDB keeps beside it."""
    for path in (database, database.with_name(database.name + ".wal")):
        path.unlink(missing_ok=True)
