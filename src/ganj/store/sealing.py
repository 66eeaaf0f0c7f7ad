"""Moves fresh events into sealed runs, and makes one run of many.

Inside one transaction: files are written and synced first, then the manifest names them and the fresh
rows go.  A crash before the commit leaves files that nothing names, which the next open removes.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ganj.store.folder import sync
from ganj.store.fresh import FreshFile
from ganj.store.piles import Fresh
from ganj.store.runs import Sealed, seal, together
from ganj.store.shaping import by_bucket, in_order, placed, shaped
from ganj.store.sql import query
from ganj.store.standing import Places, laid_out, moved, without_moved

MOST_RUNS = 10
"""A bucket with more runs than these is made one run, whatever their sizes."""
NEAR = 1
"""Runs are made one with what is sealed as long as they are not so many times larger, and there are `FEW` of them: ten
million events that come 160 thousand at a time are written about three times each, and a bucket has at most seven runs."""
FEW = 2
TOGETHER = 300_000
"""Unsealed events up to which all buckets are read at once."""
MANY_DISPLACED = 1_000
"""A bucket in which so many origins lie where they no longer belong is made one run, and they are moved."""


MOST_MOVING = 500_000
"""Events on their way to other buckets that may lie in memory."""


class Moving:
    """Events that lie where they no longer belong, on their way while their bucket is made anew.

    Attributes
    ----------
    rows : events on their way
    """

    def __init__(self, displaced: Places, buckets: int) -> None:
        self._displaced, self._buckets = displaced, buckets
        self._finished: list[int] = []
        self._parts: dict[int, list[pa.Table]] = {}
        self.rows = 0

    def _of(self, bucket: int) -> Places:
        return self._displaced.where(self._displaced.lies % self._buckets == bucket)

    def many(self, bucket: int) -> bool:
        """Tell whether a bucket has too many of them to go on reading around."""
        return len(self._of(bucket)) >= MANY_DISPLACED

    def sort_out(self, bucket: int, events: pa.Table) -> pa.Table:
        """Take the events that belong elsewhere out of a run."""
        leaving = self._of(bucket)
        if not len(leaving):
            return events
        for target in np.unique(leaving.now % self._buckets).tolist():
            found = moved(events, leaving.where(leaving.now % self._buckets == target))
            if len(found):
                self._parts.setdefault(target, []).append(found)
                self.rows += len(found)
        return without_moved(events, leaving)

    def finish(self, bucket: int) -> None:
        """Take note that all runs of a bucket were made anew."""
        self._finished.append(bucket)

    def taken(self) -> list[tuple[int, list[pa.Table]]]:
        """Return what is on its way, by bucket; it is gone from here."""
        parts, self._parts, self.rows = self._parts, {}, 0
        return sorted(parts.items())

    @property
    def done(self) -> Places:
        """What lies where it belongs now."""
        return self._displaced.where(np.isin(self._displaced.lies % self._buckets, self._finished))


class Sealing:
    """Everything unsealed of a workspace becoming runs, with a cursor that is inside a transaction.

    Attributes
    ----------
    written : files that are there whether or not the transaction is committed
    merged : names of the runs that the manifest names no more
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, runs: Path, buckets: int) -> None:
        self._cursor, self._folder, self._buckets = cursor, runs, buckets
        self.written: list[Path] = []
        self.merged: list[str] = []
        self._new: list[Sealed] = []

    def run(self) -> None:
        """Seal every bucket that has something unsealed; ``arriving`` counts as fresh."""
        properties = self._number_of_properties()
        self._cursor.execute(query("settled_fresh"), {"buckets": self._buckets})
        self._cursor.execute(query("settled_fresh_lines"))
        self._unsealed, self._number = self._few(), properties
        self._grown = bool(self._rows("any_replaced")[0][0])
        manifest, moving = self._manifest(), Moving(self._displaced(), self._buckets)
        self._fresh = self._collected(properties)
        self._cursor.execute(query("new_placed"))
        told = self._rows("unsealed_buckets", buckets=self._buckets, many=MANY_DISPLACED)
        for bucket in sorted({row[0] for row in told}.union(self._fresh.buckets())):
            self._seal(bucket, manifest.get(bucket, []), properties, moving)
            if moving.rows > MOST_MOVING:
                self._arrive(moving, properties)
        self._arrive(moving, properties)
        self._settled(moving)
        self.publish()
        sync(self._folder)
        for name in ("no_fresh", "no_fresh_lines", "no_replaced"):
            self._cursor.execute(query(name))
        files = [file.path.name for file in self._fresh.files]
        self._cursor.execute(query("no_fresh_files"), {"files": files})
        self.merged += files

    def _collected(self, properties: int) -> Fresh:
        """Return what was collected and is in no run, under whoever it belongs to now."""
        files = [FreshFile.of(self._folder, name, rows) for name, rows in self._rows("fresh_files")]
        now = laid_out(self._table("moved"))
        fresh = Fresh(files, self._buckets, now, properties)
        self._cursor.register(
            "collected", pa.table(dict(zip(("origin", "customer"), fresh.placed, strict=True)))
        )
        return fresh

    def discard(self) -> None:
        """Remove what was written: the transaction failed."""
        for path in self.written:
            path.unlink(missing_ok=True)

    def _rows(self, name: str, **given: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._cursor.execute(query(name), given).fetchall()
        return found

    def _number_of_properties(self) -> int:
        return int(self._rows("next_property")[0][0])

    def _manifest(self) -> dict[int, list[tuple[int, str]]]:
        """Return the rows and names of each bucket's runs, the smallest first."""
        found: dict[int, list[tuple[int, str]]] = {}
        for rows, file, bucket in self._rows("run_sizes"):
            found.setdefault(bucket, []).append((rows, file))
        return found

    def _few(self) -> dict[int, tuple[pa.Table, pa.Table]] | None:
        """Return what is not in runs by bucket, events and lines; None where it is too much to hold."""
        if self._rows("unsealed_rows")[0][0] > TOGETHER:
            return None
        unsealed = in_order(self._table("unsealed_events"))
        events, lines = by_bucket(unsealed), by_bucket(placed(self._table("unsealed_lines"), unsealed))
        none = next(iter(lines.values()), self._table("no_lines")).slice(0, 0)
        return {bucket: (rows, lines.get(bucket, none)) for bucket, rows in events.items()}

    def _unsealed_of(self, bucket: int) -> pa.Table | None:
        """Return what of one bucket is not in runs, in order, with its lines; None where there is nothing."""
        if self._unsealed is None:
            rows, lines = (
                self._table("bucket_rows", bucket=bucket),
                self._table("bucket_lines", bucket=bucket),
            )
        elif bucket in self._unsealed:
            rows, lines = self._unsealed[bucket]
        else:
            rows, lines = None, None
        imported = [shaped(rows, lines, self._number)] if rows is not None and len(rows) else []
        parts = [part for part in (*imported, *self._fresh.tables(bucket)) if len(part)]
        return together(parts, self._number) if parts else None

    def _displaced(self) -> Places:
        told = self._cursor.sql(query("displaced")).to_arrow_table()
        return Places(*(told[name].to_numpy() for name in ("origin", "customer", "now")))

    def _arrive(self, moving: Moving, properties: int) -> None:
        """Put what moved where it belongs: one more run of each bucket."""
        for bucket, parts in moving.taken():
            self.add(bucket, together(parts, properties))

    def _settled(self, moving: Moving) -> None:
        """Take note of what lies where it belongs now."""
        done = moving.done
        if len(done):
            told = {"origin": done.origin, "customer": done.lies, "now": done.now}
            self._cursor.register("settled", pa.table(told))
            for name in ("settled_displaced", "settled_placed", "newly_placed"):
                self._cursor.execute(query(name))

    def _seal(self, bucket: int, runs: list[tuple[int, str]], properties: int, moving: Moving) -> None:
        replaced = self._table("replaced_ids", bucket=bucket)["message_id"] if self._grown else ()
        fresh = self._unsealed_of(bucket)
        parts = [] if fresh is None else [fresh]
        if len(replaced) or moving.many(bucket) or len(runs) >= MOST_RUNS:
            stored = [without(whole(self._folder / file), replaced) for _, file in runs]
            parts += [moving.sort_out(bucket, events) for events in stored]
            moving.finish(bucket)
            self.merged += [file for _, file in runs]
        elif fresh is not None:
            near = near_in_size(len(fresh), runs)
            parts += [whole(self._folder / file) for file in near]
            self.merged += near
        parts = [part for part in parts if len(part)]
        if parts:
            self.add(bucket, together(parts, properties))

    def add(self, bucket: int, events: pa.Table) -> None:
        """Seal one bucket's events, in order, as a run of the manifest."""
        self._new.append(seal(self._folder, bucket, events, self.written))

    def _table(self, name: str, **given: Any) -> pa.Table:
        return self._cursor.sql(query(name), params=given).to_arrow_table()

    def publish(self) -> None:
        """Change the manifest: what was made one goes, what was written comes."""
        if self.merged:
            self._cursor.execute(query("forgotten_runs"), {"files": self.merged})
        for one in self._new:  # all at once: the system has begun to write the first of them meanwhile
            sync(self._folder / one.file)
        if self._new:
            self._cursor.register(
                "sealed", pa.Table.from_pylist([dataclasses.asdict(one) for one in self._new])
            )
            self._cursor.execute(query("new_runs"))


def near_in_size(rows: int, runs: list[tuple[int, str]]) -> list[str]:
    """Return the runs that are made one with so many new rows: the smaller ones, as long as sizes are near."""
    near = []
    for size, file in runs:
        if size > NEAR * rows:
            break
        near.append(file)
        rows += size
    return near if len(near) >= FEW else []


def whole(path: Path) -> pa.Table:
    """Read all of a run."""
    return pq.read_table(path, use_threads=False)


def without(events: pa.Table, replaced: Any) -> pa.Table:
    """Leave out the events whose orders have grown since."""
    if not len(replaced) or not len(events):
        return events
    gone = pc.is_in(plain(events["message_id"]), value_set=plain(replaced).combine_chunks())
    return events.filter(pc.invert(gone))


def plain(identities: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 128-bit identities as the 16 bytes they are stored in."""
    kind = pa.binary(16)
    return pa.chunked_array(
        [chunk.cast(kind) if chunk.type == kind else chunk.storage for chunk in identities.chunks], kind
    )
