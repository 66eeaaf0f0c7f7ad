"""The one object through which a workspace's folder is read and changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import msgspec
import pyarrow as pa

from ganj.histories import Array
from ganj.log import keeping
from ganj.store.collected.state import Looking
from ganj.store.collected.tally import Absorbed
from ganj.store.control import Control, kept
from ganj.store.derived import Derived, Limits
from ganj.store.errors import NotLoaded
from ganj.store.folder import Folder, Holder, Lock, room
from ganj.store.identifying import Link
from ganj.store.opening import opened, version
from ganj.store.readable import Readable
from ganj.store.remaking import Progress, Remaking, Replay
from ganj.store.sql import query
from ganj.store.staging import Staging
from ganj.store.truth import Batch, BatchInfo, Loaded, Truth
from ganj.store.verifying import Problem, problems
from ganj.tracking import Check, Planned

DEFAULT = Limits()


class Store(Readable):
    """A workspace's folder, held by this process alone.

    Reading is safe from any number of threads; changes wait for each other.
    """

    def __init__(self, folder: Path, limits: Limits = DEFAULT) -> None:
        self._folder, self._limits = Folder(Path(folder)), limits
        about = self._folder.read_about()
        self._lock = Lock(self._folder)
        try:
            self._folder.empty_scratch()
            self._staging: dict[int, Staging] = {}
            self._buckets = about.buckets
            self._truth = Truth(self._folder)
            self.cut = keeping.repair(self._folder.log)
            self._derived, self.needs_rebuild = opened(self._folder, self._truth, self._buckets, limits)
            self._writing = self._derived.changes
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

    def absorb(self, within: float | None = None) -> Absorbed:
        """Load what is new in the log; a portion of it is seen as soon as it is in.

        Parameters
        ----------
        within : seconds after which no further portion is begun; None loads everything

        Raises
        ------
        DiskFull
            The rest is loaded the next time.
        """
        with self._writing:
            counts = self._derived.absorb(within=within)
            if counts.lines or counts.damaged:
                self.data_version = self._version()
            return counts

    def owners(self, links: Sequence[Link]) -> Array:
        """Return the number under which each identifier's customer came, and who stands for it: int32[2, n].

        -1 where nobody has it.  Asked of what loading has at hand, so that no table is searched.
        """
        with self._writing:
            return self._derived.collected.owners(links)

    @cached_property
    def planned(self) -> Planned:
        """The tracking plan: what events must say."""
        return Planned(self.control.engine)

    @property
    def collection(self) -> Looking:
        """What collection noted: figures of each source, what events say, what could not be loaded."""
        return Looking(self._derived.database, self._derived.collected)

    def forget_rejected(self, ids: Sequence[str]) -> None:
        """Forget messages that were tried again and taken."""
        with self._writing, self._derived.database.change() as cursor:
            cursor.execute(query("forgotten_rejected"), {"ids": list(ids)})

    def tend(self) -> None:
        """Begin to tidy beside all else what is due, files of the log that are loaded whole too; see `settle`."""
        self._derived.tend()

    def settle(self) -> None:
        """Wait until nothing that was collected is left to be tidied or packed; it is done beside whatever else happens."""
        self._derived.tending.settle()

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
        derived.currency = kept(lambda: self.control, lambda: self.control.settings().currency)
        derived.rules = self.persons.rules
        derived.plan = kept(lambda: self.control, self._check)

    def _check(self) -> Check:
        return self.planned.check()

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


def _pid() -> int:
    import os

    return os.getpid()
