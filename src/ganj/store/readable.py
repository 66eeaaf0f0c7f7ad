"""What can be asked of a workspace's folder: histories, names, traits, customers, queries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa

from ganj.histories import Array, Histories
from ganj.miner import Reads
from ganj.store import people
from ganj.store.asking import Asking
from ganj.store.control import Control
from ganj.store.derived import Derived
from ganj.store.folder import Folder
from ganj.store.persons import Persons
from ganj.store.reading import Between, Snapshot
from ganj.store.timelines import Timelines


class Readable(ABC):
    """The reading half of a store; safe from any number of threads."""

    _folder: Folder
    _derived: Derived

    @property
    @abstractmethod
    def control(self) -> Control:
        """Settings, presets and segments."""

    # ---- reading

    @property
    def snapshot(self) -> Snapshot:
        """The events as they are now; a long reading keeps one, and sees no later import."""
        return self._derived.snapshot

    def histories(
        self, reads: Reads, between: Between = (None, None), customers: Array | None = None
    ) -> Iterator[Histories]:
        """Read part by part; see `ganj.store.reading.Snapshot.histories`."""
        return self.snapshot.histories(reads, between, customers)

    def bucket(
        self, number: int, reads: Reads, between: Between = (None, None), customers: Array | None = None
    ) -> Histories | None:
        """Read one part; see `ganj.store.reading.Snapshot.bucket`."""
        return self.snapshot.bucket(number, reads, between, customers)

    def names(self, kind: str) -> tuple[str, ...]:
        """Return a dictionary by code: ``event product channel source order`` or ``property:NAME``."""
        return self.snapshot.names(kind)

    def properties(self) -> tuple[str, ...]:
        """List the properties of events that have few values: breakdowns."""
        return self.snapshot.properties()

    def traits(self) -> dict[str, str]:
        """Return every trait's name and kind: ``number``, ``category`` or ``text``."""
        return self.snapshot.traits()

    def trait(self, name: str) -> pa.Table:
        """Return one trait of everyone who has it: ``customer``, ``value``."""
        return self.snapshot.trait(name)

    def span(self) -> tuple[int, int] | None:
        """Return the µs UTC of the first and last event of a known customer."""
        return self.snapshot.span

    # ---- customers

    @cached_property
    def persons(self) -> Persons:
        """Who is one person with whom, and why."""
        return Persons(self._derived, lambda: self.control)

    @cached_property
    def _people(self) -> people.People:
        return people.People(self._derived)

    def profile(self, customer: int) -> dict[str, Any] | None:
        """Return what is known of a customer: ``identifiers`` and ``traits``; None where there is none."""
        return self._people.profile(customer)

    @cached_property
    def timelines(self) -> Timelines:
        """Reads single customers' events; see `ganj.store.timelines`."""
        return Timelines(self._derived)

    def timeline(self, customer: int, limit: int = 100, before: int | None = None) -> list[dict[str, Any]]:
        """Return a customer's last events before a time (µs), newest first."""
        sketch = self.timelines.sketch(customer)
        rows = sketch.rows((None, before), None)
        return self.timelines.told(customer, sketch, rows[-limit:] if limit > 0 else rows[:0])

    def trait_history(self, customer: int) -> list[tuple[str, str, str | None, int | None]]:
        """Return all that was said of a customer: (name, value, source, time µs), newest first by name."""
        return self._people.trait_history(customer)

    def named(self, identifier: str, kind: str = "") -> Array:
        """Find the customers that have one whole identifier: int32[n] ascending."""
        return self._people.named(identifier, kind)

    def people(self, customers: Array, columns: Sequence[str] = people.COLUMNS) -> pa.Table:
        """Return what lists show of some customers, in the order asked."""
        return self._people.rows(customers, columns)

    def sql(self, query: str, limit: int = 10_000) -> pa.Table:
        """Ask the views events, customers, orders, order_lines, products, deals, tickets; read only.

        Raises
        ------
        BadQuery, QueryTooHeavy
            It cannot be answered, or not within its limits.
        """
        return self._asking.ask(query, limit)

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self._folder, self._derived)

    def search(self, text: str, limit: int = 1_000) -> Array:
        """Find customers by any identifier or part of a name: int32[n] ascending."""
        return self._people.search(text, limit)
