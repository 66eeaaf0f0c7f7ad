"""Reads what is stored, as it was at one moment.

A snapshot names the runs and holds the few fresh events, so a long analysis sees one state of the
workspace whatever is imported beside it.  Reading a bucket is: the needed columns of its runs (mapped
into memory, in order as they lie), merged with what is fresh, filtered by masks.  No event is ever
touched by a loop in Python.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import NOBODY, Array, Category, Histories
from ganj.miner import Reads
from ganj.store import wide
from ganj.store.database import Database
from ganj.store.fresh import Lately
from ganj.store.parts import NUMBER, PROPERTY, Part, empty_column
from ganj.store.piles import Fresh
from ganj.store.runs import Run
from ganj.store.shelves import Between as Between  # noqa: PLC0414 - read from here too
from ganj.store.shelves import Shelves
from ganj.store.standing import Standing

T = TypeVar("T")
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
        self._shelves: Shelves = Shelves(database, runs, buckets, before._shelves if before else None)  # noqa: SLF001 - its own kind
        self._properties = {
            name: number for number, name, promoted in database.rows("properties") if promoted
        }
        self._wide = frozenset(name for _, name, promoted in database.rows("properties") if not promoted)
        self.customers = int(database.rows("next_customer")[0][0])

    def grown(self, lately: Lately) -> Snapshot:
        """Return the same with what was collected since, under words and customers that may be new."""
        found = copy(self)
        vars(found).pop("span", None)
        vars(found).update(_kept={}, _lock=threading.Lock(), _shelves=self._shelves.grown(lately.files))
        found.customers = lately.customers
        return found

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
            lot=self.lots(everyone) if reads.lots else None,
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
        stand = self._shelves.standing.themselves
        if customers is None:
            return stand(np.arange(number, self.customers, self.buckets, dtype=np.int32))
        chosen = np.asarray(customers, np.int32)
        here: Array = (chosen >= 0) & (chosen % self.buckets == number) & (chosen < self.customers)
        return stand(chosen[here])

    def _tables(self, number: int, reads: Reads, between: Between) -> list[pa.Table]:
        merging = self._shelves.is_merging(number)
        columns = needed(reads, between, self._properties, merging=merging)
        if self._wide.intersection((*reads.properties, *reads.numbers)):
            columns.append("properties")
        return self._shelves.tables(number, columns, between)

    def _wanted(self, reads: Reads) -> Array | None:
        """bool[event codes], or None for every event."""
        if reads.events is None:
            return None
        known = self.names("event")
        meant = (
            np.isin(np.array(known, object), np.array(reads.events, object)) if known else np.zeros(0, bool)
        )
        return None if known and meant.all() else meant

    # ---- names

    def names(self, kind: str) -> tuple[str, ...]:
        """Return a dictionary by code: ``event product channel source order`` or ``property:NAME``."""
        special = {"product": "product_names", "order": "order_names"}

        def read() -> tuple[str, ...]:
            given = {} if kind in special else {"kind": kind}
            return tuple(row[0] for row in self._database.rows(special.get(kind, "names"), **given))

        return self._once(("names", kind), read)

    def _names_for(self, reads: Reads) -> dict[str, tuple[str, ...]]:
        kinds = ["event", "channel", "source", *(f"property:{name}" for name in reads.properties)]
        if reads.lines or "product" in reads.columns:
            kinds.append("product")
        told = {f"product.{name}": self.of_products(name) for name in reads.products}
        return {kind: self.names(kind) for kind in kinds} | told

    def of_products(self, name: str) -> tuple[str, ...]:
        """Return what is said of each product, by its code, such as its category; empty where nothing is."""

        def read() -> tuple[str, ...]:
            rows = self._database.rows("stored_products")
            said = (msgspec.json.decode(traits).get(name) if traits else None for _, _, traits in rows)
            return tuple("" if value is None else str(value) for value in said)

        return self._once(("product", name), read)

    def product_traits(self) -> tuple[str, ...]:
        """List the traits of products, sorted."""

        def read() -> tuple[str, ...]:
            rows = self._database.rows("stored_products")
            said = (msgspec.json.decode(traits) for _, _, traits in rows if traits)
            return tuple(sorted({name for one in said for name, value in one.items() if value is not None}))

        return self._once(("products", ""), read)

    def properties(self) -> tuple[str, ...]:
        """List the promoted properties of events, in the order they came."""
        return tuple(self._properties)

    def wide_properties(self) -> tuple[str, ...]:
        """List the properties of events that have too many values to break down by, sorted."""
        return tuple(sorted(self._wide))

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """µs UTC of the first and last event of a known customer."""
        first = [run.sealed.first for run in self.runs if run.sealed.bucket < self.buckets]
        last = [run.sealed.last for run in self.runs if run.sealed.bucket < self.buckets]
        for begin, end in self._shelves.fresh_spans():
            first.append(begin)
            last.append(end)
        return (min(first), max(last)) if first else None

    # ---- traits

    def traits(self) -> dict[str, str]:
        """Return every trait's name and kind: ``number``, ``category`` (few values) or ``text``."""

        def read() -> dict[str, str]:
            return {
                name: "number" if number else "category" if labels <= FEW_LABELS else "text"
                for name, number, labels in self._database.rows("trait_kinds")
            }

        return self._once("traits", read)

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

    def lots(self, customers: Array) -> Array:
        """Return what draws of some customers go by: uint64[n]; of nobody all ones."""
        lots = self._once("lots", self._all_lots)
        return np.where(customers >= 0, lots[customers], ~np.uint64(0))

    def _all_lots(self) -> Array:
        told = self._database.table("lots")
        lots = np.zeros(max(self.customers, len(told), 1), np.uint64)
        lots[told["customer"].to_numpy()] = told["lot"].to_numpy()
        return lots

    # ---- inside

    def run(self, file: str) -> Run:
        """Return a run by its file's name."""
        return self._shelves.runs[file]

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every run of the manifest, by bucket."""
        return tuple(self._shelves.runs.values())

    def stands_for(self, customer: int) -> int:
        """Return the customer that a number belongs to now: another where it was merged with an older one."""
        return int(self._shelves.standing.of(np.array([customer], np.int32))[0])

    @property
    def standing(self) -> Standing:
        """Who stands for whom."""
        return self._shelves.standing

    def events_of(
        self, customer: int, columns: Sequence[str] | None = None, between: Between = (None, None)
    ) -> list[pa.Table]:
        """Return one customer's events of a time, whole or some columns: tables that are each in order.

        Parameters
        ----------
        columns : those wanted, ``customer``, ``time`` and ``message_id`` among them; all if None
        """
        return self._shelves.of_customer(self.stands_for(customer), columns, between)

    @property
    def replaced(self) -> int:
        """Count the events in runs whose new form is fresh."""
        return self._shelves.replaced

    @property
    def all_replaced(self) -> dict[int, pa.Table]:
        """Return the events in runs whose new form is fresh, by bucket: ``message_id``."""
        return self._shelves.all_replaced

    @property
    def promoted(self) -> int:
        """Count the properties ever promoted: the columns ``p0`` … of a run written now."""
        return self._shelves.promoted

    @property
    def collected(self) -> Fresh:
        """What was collected and is in no run."""
        return self._shelves.collected

    @property
    def fresh(self) -> dict[int, pa.Table]:
        """Fresh events by bucket, shaped as in runs, in order."""
        return self._shelves.fresh

    def _once(self, key: Any, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._kept:
                kept: T = self._kept[key]
                return kept
        value = make()
        with self._lock:
            first: T = self._kept.setdefault(key, value)
            return first


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
