"""The one object through which a workspace's folder is read and changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import msgspec
import pyarrow as pa

from ganj.histories import Array, Histories
from ganj.log import keeping
from ganj.miner import Reads
from ganj.store import people
from ganj.store.asking import Asking
from ganj.store.control import Control
from ganj.store.collected.tally import Absorbed
from ganj.store.derived import Derived, Limits
from ganj.store.errors import NotLoaded
from ganj.store.folder import Folder, Holder, Lock, room
from ganj.store.opening import opened, version
from ganj.store.reading import Between, Snapshot
from ganj.store.remaking import Progress, Remaking, Replay
from ganj.store.staging import Staging
from ganj.store.timelines import Timelines
from ganj.store.truth import Batch, BatchInfo, Loaded, Truth
from ganj.store.verifying import Problem, problems

DEFAULT = Limits()


class Store:
    """A workspace's folder, held by this process alone.

    Reading is safe from any number of threads; changes wait for each other.
    """

    def __init__(self, folder: Path, limits: Limits = DEFAULT) -> None:
        self._folder, self._limits = Folder(Path(folder)), limits
        about = self._folder.read_about()
        self._lock = Lock(self._folder)
        try:
            self._folder.empty_scratch()
            self._writing = threading.RLock()
            self._staging: dict[int, Staging] = {}
            self._buckets = about.buckets
            self._truth = Truth(self._folder)
            self.cut = keeping.repair(self._folder.log)
            self._derived, self.needs_rebuild = opened(self._folder, self._truth, self._buckets, limits)
            self._control: Control | None = None
            self._prepare(self._derived)
            self.data_version = self._version()
        except BaseException:
            self._lock.release()
            raise

    @classmethod
    def create(cls, folder: Path, *, buckets: int = 32, limits: Limits = DEFAULT) -> Store:
        """Begin a workspace.

        Raises
        ------
        WorkspaceExists
            There is one in this folder.
        """
        Folder(Path(folder)).create(buckets)
        return cls(folder, limits)

    @classmethod
    def open(cls, folder: Path, limits: Limits = DEFAULT) -> Store:
        """Open a workspace; see ``needs_rebuild`` for whether what is derived is there.

        Raises
        ------
        NotAWorkspace
            There is none in this folder.
        WorkspaceBusy
            Another process has it open.
        """
        return cls(folder, limits)

    def __enter__(self) -> Self:
        """Use the store in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the folder."""
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        for staging in self._staging.values():
            staging.discard()
        self._staging.clear()
        if self._control is not None:
            self._control.close()
        self._derived.close()
        self._lock.release()

    def serving(self, url: str) -> None:
        """Write beside the lock where this process serves, for those who find the folder busy."""
        self._lock.say(Holder(_pid(), url))

    # ---- what it is

    @property
    def folder(self) -> Path:
        """Where the workspace is."""
        return self._folder.root

    @property
    def buckets(self) -> int:
        """Count the parts of customers; part ``buckets`` itself holds what nobody is known for."""
        return self._buckets

    @property
    def control(self) -> Control:
        """Settings, presets and segments."""
        with self._writing:
            if self._control is None:
                self._control = Control(self._folder.control)
            return self._control

    # ---- files in

    def begin(self, kind: str, plan: dict[str, Any], files: Sequence[Path]) -> Batch:
        """Begin an import: keep its files and plan; rows are staged next.

        Raises
        ------
        DiskFull
            Nothing of it is kept.
        """
        with self._writing:
            return self._truth.begin(kind, plan, files)

    def stage(self, batch: Batch, rows: pa.RecordBatch) -> None:
        """Add rows (`ganj.events.ROWS`) to an import; nothing is seen of them before it is committed.

        Raises
        ------
        DiskFull
            The rows staged so far are gone; the import stays begun and can be staged again.
        """
        try:
            with room(self._folder.scratch):
                self._staged(batch).add(rows)
        except BaseException:
            self._unstage(batch)
            raise

    def _staged(self, batch: Batch) -> Staging:
        if batch.id not in self._staging:
            self._staging[batch.id] = Staging(self._folder.scratch / f"{batch.id}.parquet")
        return self._staging[batch.id]

    def commit(self, batch: Batch, rejected: int = 0) -> Loaded:
        """Load the staged rows, all or none.

        Parameters
        ----------
        rejected : rows that could not be read, for the counts

        Raises
        ------
        DiskFull
            Nothing is loaded; the import stays begun and can be staged again.
        """
        with self._writing:
            try:
                return self._commit(batch, rejected)
            finally:
                self._unstage(batch)

    def _commit(self, batch: Batch, rejected: int) -> Loaded:
        with room(self._folder.root):
            staged = self._staged(batch)
            staged.close()
            batch.info.status = "loaded"
            batch.info.counts = Loaded(rejected=rejected)
            batch.info.log = self._derived.collected.positions
            try:
                prepared = batch.prepare()
                pa.default_memory_pool().release_unused()  # what reading the files took
                counts = self._derived.load(batch, staged.path, rejected)
            except BaseException:
                batch.info.status = "begun"
                raise
            batch.settle(prepared)
        self.data_version = self._version()
        return counts

    def _unstage(self, batch: Batch) -> None:
        staging = self._staging.pop(batch.id, None)
        if staging is not None:
            staging.discard()

    def abandon(self, batch: Batch) -> None:
        """Give up an import that was not committed; no trace of it is left."""
        with self._writing:
            self._unstage(batch)
            if batch.info.status == "begun":
                self._truth.forget(batch)

    def resume(self, number: int) -> Batch:
        """Take up an import that was begun and not committed; its rows are staged again.

        Raises
        ------
        UnknownBatch
            There is none of this number.
        """
        return self._truth.batch(number)

    def batches(self) -> tuple[BatchInfo, ...]:
        """List the imports in the order they came, those taken back too."""
        counts = self._derived.counts()
        return tuple(
            msgspec.structs.replace(batch.info, counts=counts.get(batch.id, batch.info.counts))
            for batch in self._truth
        )

    def seal(self) -> None:
        """Move everything fresh into sealed runs."""
        with self._writing:
            self._derived.seal()

    # ---- the log

    def absorb(self) -> Absorbed:
        """Load all that is new in the log; a portion of it is seen as soon as it is in.

        Raises
        ------
        DiskFull
            The rest is loaded the next time.
        """
        with self._writing:
            counts = self._derived.absorb()
            if counts.lines or counts.damaged:
                self.data_version = self._version()
            return counts

    def tend(self) -> None:
        """Pack a file of the log that is loaded whole, if there is one."""
        segment = self._derived.collected.whole()
        if segment is not None:
            keeping.archive(segment)
            with self._writing:
                self._derived.collected.packed(segment)

    def _version(self) -> str:
        return version(self._truth, self._derived.collected.positions)

    # ---- making anew

    def undo(self, number: int, replay: Replay, progress: Progress = lambda _: None) -> BatchInfo:
        """Take an import back: everything is then as if it had never been.

        Everything derived is made anew from the other imports beside what is there, then exchanged at
        once; so what the import said of customers, and what it had kept others from saying, is gone too.

        Raises
        ------
        UnknownBatch, NotLoaded
            There is nothing to take back.
        DiskFull
            Nothing has changed.
        """
        with self._writing:
            batch = self._truth.batch(number)
            if not batch.info.active:
                raise NotLoaded(batch=number)
            counts = self._derived.counts()[number]
            others = [other for other in self._truth.active() if other.id != number]
            made = self._remaking().make(others, replay, progress)
            batch.info = msgspec.structs.replace(
                batch.info, status="undone", undone=time.time_ns() // 1000, counts=counts
            )
            with room(self._folder.root):
                batch.save()
            self._exchange(made)
            return batch.info

    def rebuild(self, replay: Replay, progress: Progress = lambda _: None) -> None:
        """Make everything derived anew from what came in."""
        with self._writing:
            self._exchange(self._remaking().make(self._truth.active(), replay, progress))

    def _remaking(self) -> Remaking:
        return Remaking(self._folder, self._buckets, self._limits, self._prepare)

    def _prepare(self, derived: Derived) -> None:
        derived.currency = lambda: self.control.settings().currency

    def _exchange(self, made: Path) -> None:
        """Put what was made in the place of what is in use; readers keep what they began with."""
        before = self._derived.snapshot.runs
        self._derived.database.replace(made)
        self._derived.publish()
        for run in before:
            run.retire()
        self._derived.collected.forget()
        self.needs_rebuild = False
        self.data_version = self._version()

    def verify(self) -> list[Problem]:
        """Prove that the folder is whole; returns what is wrong with it."""
        with self._writing:
            return list(problems(self._truth, self._derived))

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


def _pid() -> int:
    import os

    return os.getpid()
