"""Where the events of a snapshot lie: runs by bucket, what in them was replaced or has moved, and what is fresh."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from ganj.store.database import Database
from ganj.store.fresh import FreshFile
from ganj.store.piles import Fresh
from ganj.store.runs import Run, Sealed, together
from ganj.store.sealing import without
from ganj.store.shaping import by_bucket, in_order, placed, shaped
from ganj.store.standing import Places, Standing, moved, without_moved

Between = tuple[int | None, int | None]
KEYS = ("customer", "origin", "time", "message_id")
"""What is needed to put moved events where they belong."""


class Shelves:
    """The events of a workspace at one moment, as tables.

    Attributes
    ----------
    runs : by the names of their files
    collected : events that were collected and are in no run
    standing : who stands for whom
    promoted : properties ever promoted
    """

    def __init__(self, database: Database, folder: Path, buckets: int, before: Shelves | None) -> None:
        self._buckets = buckets
        known: dict[str, Run] = before.runs if before else {}
        manifest = [Sealed(*row) for row in database.rows("manifest")]
        self.runs: dict[str, Run] = {
            told.file: known.get(told.file) or Run(folder, told) for told in manifest
        }
        self.promoted = int(database.rows("next_property")[0][0])
        self._by_bucket: dict[int, list[Run]] = {}
        for run in self.runs.values():
            self._by_bucket.setdefault(run.sealed.bucket, []).append(run)
        self._replaced = by_bucket(database.table("replaced"))
        self.standing: Standing = Standing(database, buckets, before.standing if before else None)
        fresh = in_order(self._now(database.table("fresh")))
        lines = placed(database.table("fresh_lines"), fresh)
        of_bucket, none = by_bucket(lines), lines.slice(0, 0).drop_columns(["bucket"])
        self._imported = {
            bucket: shaped(rows, of_bucket.get(bucket, none), self.promoted)
            for bucket, rows in by_bucket(fresh).items()
        }
        self._folder = folder
        self.collected: Fresh = self._collected(database)

    def _now(self, events: pa.Table) -> pa.Table:
        """Put rows of ``fresh`` under whoever their customers belong to now: nothing moves them before they are sealed."""
        customer = self.standing.of(events["origin"].to_numpy()).astype(np.int32)
        bucket = np.where(customer < 0, self._buckets, customer % self._buckets).astype(np.int32)
        for name, values in (("customer", customer), ("bucket", bucket)):
            events = events.set_column(events.column_names.index(name), name, pa.array(values))
        return events

    def _collected(self, database: Database) -> Fresh:
        files = database.rows("fresh_files")
        return self._of([FreshFile.of(self._folder, name, rows) for name, rows in files])

    def _of(self, files: Sequence[FreshFile]) -> Fresh:
        return Fresh(files, self._buckets, self.standing.now, self.promoted)

    def grown(self, files: Sequence[FreshFile]) -> Shelves:
        """Return the same with what was collected since; nothing else has changed."""
        found = copy(self)
        vars(found).pop("fresh", None)
        found.collected = self._of(files)
        return found

    @cached_property
    def fresh(self) -> dict[int, pa.Table]:
        """All events that are in no run, by bucket, shaped as in runs, in order."""
        return {
            bucket: together(self._unsealed(bucket, None), self.promoted)
            for bucket in sorted({*self._imported, *self.collected.buckets()})
        }

    def fresh_spans(self) -> list[tuple[int, int]]:
        """Return the first and last time of what is in no run and of a known customer, µs."""
        known = range(self._buckets)
        times = [rows["time"].to_numpy() for bucket, rows in self._imported.items() if bucket in known]
        spans = [(int(time.min()), int(time.max())) for time in times if len(time)]
        return spans + self.collected.spans()

    def _unsealed(self, bucket: int, columns: Sequence[str] | None) -> list[pa.Table]:
        """Return a bucket's events that are in no run: tables that are each in order."""
        tables = [self._imported[bucket]] if bucket in self._imported else []
        return tables + self.collected.tables(bucket, columns)

    @property
    def all_replaced(self) -> dict[int, pa.Table]:
        """Return the events in runs whose new form is fresh, by bucket."""
        return self._replaced

    @property
    def replaced(self) -> int:
        """Count the events in runs whose new form is fresh."""
        return sum(len(rows) for rows in self._replaced.values())

    def is_merging(self, bucket: int) -> bool:
        """Tell whether a bucket's events have to be put in order."""
        lie = len(self._by_bucket.get(bucket, [])) + (bucket in self._imported)
        lie += len(self.collected.tables(bucket, ["customer"]))
        return lie > 1 or bucket in self._replaced or bool(self.standing.coming(bucket))

    def tables(self, bucket: int, columns: Sequence[str], between: Between) -> list[pa.Table]:
        """Return a bucket's events: tables that are each in order."""
        leaving = self.standing.leaving(bucket)
        wanted = columns if leaving is None else [*columns, *(k for k in KEYS if k not in columns)]
        tables = [self._kept(run.read(wanted), bucket) for run in self._near(bucket, between)]
        if leaving is not None:
            tables = [without_moved(table, leaving) for table in tables]
        for source, coming in self.standing.coming(bucket).items():
            tables += self._come(source, coming, columns, between)
        return tables + self._unsealed(bucket, columns)

    def _near(self, bucket: int, between: Between) -> list[Run]:
        return [run for run in self._by_bucket.get(bucket, []) if overlaps(run.sealed, between)]

    def _kept(self, events: pa.Table, bucket: int) -> pa.Table:
        replaced = self._replaced.get(bucket)
        return events if replaced is None else without(events, replaced["message_id"])

    def _come(
        self, source: int, coming: Places, columns: Sequence[str] | None, between: Between
    ) -> list[pa.Table]:
        """Return the events in one bucket's runs that belong to customers of another."""
        wanted = None if columns is None else list(dict.fromkeys((*columns, *KEYS)))
        found = []
        for run in self._near(source, between):
            near = run.near(np.unique(coming.lies), wanted)
            found.append(moved(self._kept(near, source), coming))
        return [table for table in found if len(table)]

    def of_customer(self, customer: int, columns: Sequence[str] | None, between: Between) -> list[pa.Table]:
        """Return one customer's events of a time, whole or some columns: tables that are each in order.

        Parameters
        ----------
        columns : those wanted, ``customer``, ``time`` and ``message_id`` among them; all if None
        """
        bucket = customer % self._buckets
        leaving = self.standing.leaving(bucket)
        wanted = columns if columns is None or leaving is None else [*columns, "origin"]
        tables = [run.of_customer(customer, wanted, between) for run in self._near(bucket, between)]
        tables = [self._kept(table, bucket) for table in tables]
        if leaving is not None:
            tables = [without_moved(table, leaving) for table in tables]
        for source, coming in self.standing.coming(bucket).items():
            mine = coming.where(coming.now == customer)
            if len(mine):
                tables += [_within(table, between) for table in self._come(source, mine, columns, between)]
        if bucket in self._imported:
            tables.append(_of_customer(self._imported[bucket], customer, columns, between))
        collected = self.collected.tables(bucket, columns, customer)
        tables += [_within(table, between) for table in collected]
        return [table for table in tables if len(table)]


def overlaps(sealed: Sealed, between: Between) -> bool:
    """Tell whether a run may hold events of a time."""
    since, until = between
    return (since is None or sealed.last >= since) and (until is None or sealed.first < until)


def _of_customer(fresh: pa.Table, customer: int, columns: Sequence[str] | None, between: Between) -> pa.Table:
    """Return one customer's fresh events of a time."""
    since, until = between
    mask = pa.compute.equal(fresh["customer"], customer)
    if since is not None:
        mask = pa.compute.and_(mask, pa.compute.greater_equal(fresh["time"], since))
    if until is not None:
        mask = pa.compute.and_(mask, pa.compute.less(fresh["time"], until))
    return (fresh if columns is None else fresh.select(columns)).filter(mask)


def _within(events: pa.Table, between: Between) -> pa.Table:
    since, until = between
    time = events["time"].to_numpy()
    keep = np.ones(len(time), bool) if since is None else time >= since
    return events.filter(pa.array(keep if until is None else keep & (time < until)))
