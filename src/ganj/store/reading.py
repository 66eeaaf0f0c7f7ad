"""Reads what is stored, as it was at one moment.

A snapshot names the runs and holds the few fresh events, so a long analysis sees one state of the
workspace whatever is imported beside it.  Reading a bucket is: the needed columns of its runs (mapped
into memory, in order as they lie), merged with what is fresh, filtered by masks.  No event is ever
touched by a loop in Python.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ganj.histories import NOBODY, Array, Category, Histories
from ganj.miner import Reads
from ganj.store import wide
from ganj.store.database import Database
from ganj.store.parts import NUMBER, PROPERTY, Part, empty_column
from ganj.store.runs import Run, Sealed
from ganj.store.sealing import without
from ganj.store.shaping import shaped

Between = tuple[int | None, int | None]

FEW_LABELS = 1_000
"""A trait with more different values is text, which no analysis breaks down by."""


class Snapshot:
    """A workspace's events at one moment.

    Parameters
    ----------
    database, runs : where they are
    buckets : parts of the workspace; part ``buckets`` itself holds the events nobody is known for
    before : an earlier snapshot, whose open runs are used again
    """

    def __init__(self, database: Database, runs: Path, buckets: int, before: Snapshot | None) -> None:
        self._database, self.buckets = database, buckets
        self._kept: dict[Any, Any] = {}
        self._lock = threading.Lock()
        known = {run.path.name: run for run in before.runs} if before else {}
        manifest = [Sealed(*row) for row in database.rows("manifest")]
        self._runs = {told.file: known.get(told.file) or Run(runs, told) for told in manifest}
        self._properties = {
            name: number for number, name, promoted in database.rows("properties") if promoted
        }
        self._wide = frozenset(name for _, name, promoted in database.rows("properties") if not promoted)
        self._promoted = int(database.rows("next_property")[0][0])
        self.customers = int(database.rows("next_customer")[0][0])
        self._by_bucket: dict[int, list[Run]] = {}
        for run in self._runs.values():
            self._by_bucket.setdefault(run.sealed.bucket, []).append(run)
        self._replaced = _by_bucket(database.table("replaced"))
        lines = database.table("fresh_lines")
        self._fresh = {
            bucket: shaped(rows, _of_bucket(lines, bucket), self._promoted)
            for bucket, rows in _by_bucket(database.table("fresh")).items()
        }

    # ---- histories

    def histories(
        self, reads: Reads, between: Between = (None, None), customers: Array | None = None
    ) -> Iterator[Histories]:
        """Read part by part; what nobody is known for comes last, where it is asked for."""
        for number in range(self.buckets + 1):
            part = self.bucket(number, reads, between, customers)
            if part is not None:
                yield part

    def bucket(
        self, number: int, reads: Reads, between: Between = (None, None), customers: Array | None = None
    ) -> Histories | None:
        """Read one part: every customer of it, those without a fitting event too.

        Parameters
        ----------
        number : 0 … ``buckets``; the last is what nobody is known for, given if ``reads.nobody``
        between : µs from which and before which events count
        customers : int32[n] ascending, to read only these

        Returns
        -------
        histories : None where the part has no customers
        """
        everyone = self._everyone(number, reads, customers)
        if not len(everyone):
            return None
        part = Part(self._tables(number, reads, between), reads, self._properties)
        if number == self.buckets and not part.rows:
            return None
        at = part.positions(self._wanted(reads), between, None if customers is None else everyone)
        more, names = self._wide_columns(part, reads, at)
        return Histories(
            customer=everyone,
            offsets=part.offsets(everyone, at),
            columns=part.columns(at) | more,
            lines=part.lines(at) if reads.lines else None,
            traits={name: self._trait_of(name, everyone) for name in reads.traits},
            names=self._names_for(reads) | names,
        )

    def _wide_columns(
        self, part: Part, reads: Reads, at: Array | None
    ) -> tuple[dict[str, Array], dict[str, tuple[str, ...]]]:
        """Return what is read from JSON, and the labels of this part for those that are texts."""
        columns: dict[str, Array] = {}
        names: dict[str, tuple[str, ...]] = {}
        for name in self._wide.intersection(reads.properties):
            columns[PROPERTY + name], names[PROPERTY + name] = wide.texts(self._database, part.told(at), name)
        for name in reads.numbers:
            if name in self._wide:
                columns[NUMBER + name] = wide.numbers(self._database, part.told(at), name)
            else:
                codes, labels = part.coded(name, at), self.names(PROPERTY + name)
                columns[NUMBER + name] = wide.of_labels(codes, labels)
        return columns, names

    def _everyone(self, number: int, reads: Reads, customers: Array | None) -> Array:
        if number == self.buckets:
            count = 1 if reads.nobody and customers is None else 0
            return np.full(count, NOBODY, np.int32)
        if customers is None:
            return np.arange(number, self.customers, self.buckets, dtype=np.int32)
        chosen = np.asarray(customers, np.int32)
        here: Array = (chosen >= 0) & (chosen % self.buckets == number) & (chosen < self.customers)
        mine: Array = chosen[here]
        return mine

    def _tables(self, number: int, reads: Reads, between: Between) -> list[pa.Table]:
        runs, fresh = self._by_bucket.get(number, []), self._fresh.get(number)
        replaced = self._replaced.get(number)
        many = len(runs) + (fresh is not None) > 1
        columns = needed(reads, between, self._properties, merging=many or replaced is not None)
        if self._wide.intersection((*reads.properties, *reads.numbers)):
            columns.append("properties")
        tables = [run.read(columns) for run in runs if overlaps(run.sealed, between)]
        if replaced is not None:
            tables = [without(table, replaced["message_id"]) for table in tables]
        if fresh is not None:
            tables.append(fresh)
        return tables

    def _wanted(self, reads: Reads) -> Array | None:
        """bool[event codes], or None for every event."""
        if reads.events is None:
            return None
        known = self.names("event")
        return (
            np.isin(np.array(known, object), np.array(reads.events, object)) if known else np.zeros(0, bool)
        )

    # ---- names

    def names(self, kind: str) -> tuple[str, ...]:
        """Return a dictionary by code: ``event product channel source order`` or ``property:NAME``."""
        special = {"product": "product_names", "order": "order_names"}

        def read() -> tuple[str, ...]:
            given = {} if kind in special else {"kind": kind}
            return tuple(row[0] for row in self._database.rows(special.get(kind, "names"), **given))

        return self._once(("names", kind), read)  # type: ignore[no-any-return] # _once keeps anything

    def _names_for(self, reads: Reads) -> dict[str, tuple[str, ...]]:
        kinds = ["event", "channel", "source", *(f"property:{name}" for name in reads.properties)]
        if reads.lines or "product" in reads.columns:
            kinds.append("product")
        return {kind: self.names(kind) for kind in kinds}

    def properties(self) -> tuple[str, ...]:
        """List the promoted properties of events, in the order they came."""
        return tuple(self._properties)

    def wide_properties(self) -> tuple[str, ...]:
        """List the properties of events that have too many values to break down by, sorted."""
        return tuple(sorted(self._wide))

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """µs UTC of the first and last event of a known customer."""
        first = [run.sealed.first for run in self._runs.values() if run.sealed.bucket < self.buckets]
        last = [run.sealed.last for run in self._runs.values() if run.sealed.bucket < self.buckets]
        for bucket, rows in self._fresh.items():
            if bucket < self.buckets:
                told = pa.compute.min_max(rows["time"]).as_py()
                first.append(told["min"])
                last.append(told["max"])
        return (min(first), max(last)) if first else None

    # ---- traits

    def traits(self) -> dict[str, str]:
        """Return every trait's name and kind: ``number``, ``category`` (few values) or ``text``."""

        def read() -> dict[str, str]:
            return {
                name: "number" if number else "category" if labels <= FEW_LABELS else "text"
                for name, number, labels in self._database.rows("trait_kinds")
            }

        return self._once("traits", read)  # type: ignore[no-any-return] # _once keeps anything

    def trait(self, name: str) -> pa.Table:
        """Return one trait of everyone who has it: ``customer`` int32, ``value`` double or string."""
        told = self._database.table("trait", name=name)
        value = "number" if self.traits().get(name) == "number" else "value"
        return pa.table({"customer": told["customer"], "value": told[value]})

    def _trait_of(self, name: str, customers: Array) -> Category | Array:
        column = self._once(("trait", name), lambda: self._laid_out(name))
        known = customers >= 0
        at = np.where(known, customers, 0)
        if isinstance(column, Category):
            return Category(np.where(known, column.codes[at], -1).astype(np.int32), column.labels)
        return np.where(known, column[at], np.nan)

    def _laid_out(self, name: str) -> Category | Array:
        """Lay a trait out by customer number, so that any part of it is a gather."""
        told = self.trait(name)
        customer = told["customer"].to_numpy()
        if pa.types.is_floating(told["value"].type):
            figures = np.full(max(self.customers, 1), np.nan)
            figures[customer] = told["value"].to_numpy()
            return figures
        labels = sorted(pa.compute.unique(told["value"]).to_pylist())
        codes = np.full(max(self.customers, 1), -1, np.int32)
        codes[customer] = pa.compute.index_in(
            told["value"], value_set=pa.array(labels, pa.string())
        ).to_numpy()
        return Category(codes, tuple(labels))

    # ---- inside

    def run(self, file: str) -> Run:
        """Return a run by its file's name."""
        return self._runs[file]

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every run of the manifest, by bucket."""
        return tuple(self._runs.values())

    def events_of(
        self, customer: int, columns: Sequence[str] | None = None, between: Between = (None, None)
    ) -> list[pa.Table]:
        """Return one customer's events of a time, whole or some columns: one table a run, each in order.

        Parameters
        ----------
        columns : those wanted, ``customer``, ``time`` and ``message_id`` among them; all if None
        """
        bucket = customer % self.buckets
        replaced, fresh = self._replaced.get(bucket), self._fresh.get(bucket)
        runs = [run for run in self._by_bucket.get(bucket, []) if overlaps(run.sealed, between)]
        tables = [run.of_customer(customer, columns, between) for run in runs]
        if replaced is not None:
            tables = [without(table, replaced["message_id"]) for table in tables]
        if fresh is not None:
            tables.append(_of_customer(fresh, customer, columns, between))
        return [table for table in tables if len(table)]

    @property
    def replaced(self) -> int:
        """Count the events in runs whose new form is fresh."""
        return sum(len(rows) for rows in self._replaced.values())

    @property
    def promoted(self) -> int:
        """Count the properties ever promoted: the columns ``p0`` … of a run written now."""
        return self._promoted

    @property
    def fresh(self) -> dict[int, pa.Table]:
        """Fresh events by bucket, shaped as in runs, in order."""
        return self._fresh

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._kept:
                return self._kept[key]
        value = make()
        with self._lock:
            return self._kept.setdefault(key, value)


def _by_bucket(rows: pa.Table) -> dict[int, pa.Table]:
    """Split rows, ordered by bucket, into one table a bucket."""
    buckets, starts = np.unique(rows["bucket"].to_numpy(), return_index=True)
    sizes = np.diff(np.append(starts, len(rows)))
    return {
        int(bucket): rows.slice(start, size).drop_columns(["bucket"])
        for bucket, start, size in zip(buckets, starts, sizes, strict=True)
    }


def _of_customer(fresh: pa.Table, customer: int, columns: Sequence[str] | None, between: Between) -> pa.Table:
    """Return one customer's fresh events of a time."""
    since, until = between
    mask = pa.compute.equal(fresh["customer"], customer)
    if since is not None:
        mask = pa.compute.and_(mask, pa.compute.greater_equal(fresh["time"], since))
    if until is not None:
        mask = pa.compute.and_(mask, pa.compute.less(fresh["time"], until))
    return (fresh if columns is None else fresh.select(columns)).filter(mask)


def _of_bucket(lines: pa.Table, bucket: int) -> pa.Table:
    return lines.filter(pa.compute.equal(lines["bucket"], bucket))


def overlaps(sealed: Sealed, between: Between) -> bool:
    """Tell whether a run may hold events of a time."""
    since, until = between
    return (since is None or sealed.last >= since) and (until is None or sealed.first < until)


def needed(reads: Reads, between: Between, properties: dict[str, int], *, merging: bool) -> list[str]:
    """List the columns of runs that a reading needs."""
    columns = {"customer"}
    columns |= {"time"} if merging or between != (None, None) else set()
    columns |= {"message_id"} if merging else set()
    columns |= {"event"} if reads.events is not None else set()
    columns |= {name for name in reads.columns if empty_column(name, 0) is None}
    coded = (*reads.properties, *reads.numbers)
    columns |= {f"p{properties[name]}" for name in coded if name in properties}
    if reads.lines:
        columns |= {"line_product", "line_quantity", "line_price"}
    return sorted(columns)
