"""Runs analyses and keeps what they found, exactly as long as it is true.

A result is known by the miner (a value), the customers it was asked of, and the store's data version;
so what is kept is never stale, and two people who ask the same wait for one computation.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.engines.local import Run
from ganj.errors import UnknownName
from ganj.histories import Array
from ganj.miner import Miner, Report
from ganj.segments import Segment
from ganj.text import Text
from ganj.workspace.resolving import resolve
from ganj.workspace.unmet import unmet

if TYPE_CHECKING:
    from ganj.workspace import Workspace


class Kept:
    """The last results, each computed once however many ask at the same time."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._doors: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what is kept under a key, making it first if it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            door = self._doors.setdefault(key, threading.Lock())
        with door:
            with self._lock:
                if key in self._values:
                    return self._values[key]
            value = make()
            self._put(key, value)
            return value

    def all(self) -> list[tuple[Hashable, Any]]:
        """List what is kept."""
        with self._lock:
            return list(self._values.items())

    def forget(self) -> int:
        """Forget everything; returns how much it was."""
        with self._lock:
            count = len(self._values)
            self._values.clear()
            return count

    def __contains__(self, key: Hashable) -> bool:
        """Tell whether something is kept under a key."""
        with self._lock:
            return key in self._values

    def _put(self, key: Hashable, value: Any) -> None:
        with self._lock:
            self._values[key] = value
            self._doors.pop(key, None)
            while len(self._values) > self._most:
                self._values.popitem(last=False)


class Answers:
    """Models, reports, scores, traits and members, as segments and pages ask for them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept = Kept()

    def found(
        self, miner: Miner[Any, Any], progress: Callable[[float], None] = lambda _: None
    ) -> tuple[Any, Report]:
        """Return an analysis' model and report."""
        key = ("found", *self._key(miner))
        return self._kept.get(key, lambda: self._find(miner, progress))  # type: ignore[no-any-return] # Kept keeps anything

    def known(self, miner: Miner[Any, Any]) -> bool:
        """Tell whether an analysis was run on what is stored now."""
        return ("found", *self._key(resolve(self._workspace, miner))) in self._kept

    def _find(self, miner: Miner[Any, Any], progress: Callable[[float], None]) -> tuple[Any, Report]:
        run = self._run(miner)
        model = run.model(progress)
        report = run.report(model)
        return model, replace(report, findings=(*unmet(self._workspace, miner), *report.findings))

    def scores(self, miner: Miner[Any, Any]) -> pa.Table:
        """Return what an analysis says of each customer."""
        miner = resolve(self._workspace, miner)
        model, _ = self.found(miner)
        return self._kept.get(("scores", *self._key(miner)), lambda: self._run(miner).scores(model))

    def scores_of(self, miner: Miner[Any, Any], customer: int) -> pa.Table:
        """Return what an analysis says of one customer: one row, or none; only that history is read."""
        miner = resolve(self._workspace, miner)
        model, _ = self.found(miner)
        asked = np.array([customer], np.int32)
        if miner.segment:
            asked = np.intersect1d(asked, self.members(miner.segment))
        groups = {name: self.members(name) for name in miner.reads().segments if name}
        return Run(miner, self._workspace.store.snapshot, asked, groups=groups, threads=1).scores(model)

    def rows(self, miner: Miner[Any, Any]) -> Iterator[pa.Table]:
        """Yield what an analysis says row by row; nothing of it is kept."""
        miner = resolve(self._workspace, miner)
        model, _ = self.found(miner)
        return self._run(miner).rows(model)

    def trait(self, name: str) -> pa.Table:
        """Return one trait of every customer: ``customer``, ``value``."""
        store = self._workspace.store
        return self._kept.get(("trait", name, store.data_version), lambda: store.trait(name))

    def trait_of(self, name: str, customer: int) -> pa.Table:
        """Return one customer's trait: ``customer``, ``value``; one row, or none."""
        told = self.trait(name)
        return told.filter(pc.equal(told["customer"], customer))

    def kept_of(self, customer: int) -> Iterator[tuple[str, pa.Table]]:
        """Yield the tables in memory that have a row of a customer, and that row."""
        for key, value in self._kept.all():
            if isinstance(value, pa.Table) and "customer" in value.column_names:
                told = value.filter(pc.equal(value["customer"], customer))
                if len(told):
                    yield str(key), told

    def forget(self) -> int:
        """Forget all results; they are computed again when somebody asks. Returns how many they were."""
        return self._kept.forget()

    def know(self, segment: Segment) -> None:
        """Refuse a trait that no customer has: it is more likely a slip than a wish for nobody."""
        for condition in segment.all:
            asks = not condition.miner and condition.column != "segment"
            if asks and not self.trait(condition.column).num_rows:
                known = self._workspace.store.traits()
                raise UnknownName.among(Text("trait", "ویژگی"), condition.column, known)

    def members(self, segment: str) -> Array:
        """Return the customers of a saved segment, int32[n] ascending."""
        return self._workspace.members(segment)

    def _key(self, miner: Miner[Any, Any]) -> tuple[Hashable, ...]:
        names = {miner.segment, *miner.reads().segments} - {""}
        told = tuple(str(self._workspace.definition(name)) for name in sorted(names))
        return miner, type(miner), told, self._workspace.store.data_version

    def _run(self, miner: Miner[Any, Any]) -> Run:
        customers = self.members(miner.segment) if miner.segment else None
        groups = {name: self.members(name) for name in miner.reads().segments if name}
        return Run(miner, self._workspace.store.snapshot, customers, groups=groups)
