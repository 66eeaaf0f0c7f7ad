"""Everything that follows from the truth: one database and the runs its manifest names."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec

from ganj.identity.rules import Rules
from ganj.log import Line, keeping
from ganj.log.reading import MOST, Piece
from ganj.store.collected.loader import Loader
from ganj.store.collected.place import Place
from ganj.store.collected.seen import Flushed
from ganj.store.collected.tally import Absorbed
from ganj.store.database import Database
from ganj.store.deciding import apply
from ganj.store.folder import Folder, room
from ganj.store.fresh import FreshFile, Lately
from ganj.store.identifying import Identifying
from ganj.store.loading import Import, Load
from ganj.store.reading import Snapshot
from ganj.store.sealing import Sealing
from ganj.store.sql import query
from ganj.store.tending import Tending
from ganj.store.tidied import Tidied
from ganj.store.truth import Batch, Loaded
from ganj.tracking import Check

FRESH = 20_000
"""Fresh events are sealed when there are more: few enough to hold in memory, enough to be worth files."""


SMALL = 8 << 20
"""Bytes of a portion where somebody waits: the end of the wait is looked at between portions, and each costs some
milliseconds however little is in it."""
OFTEN = 50
"""Of collected events so many times more stay fresh, in order: packing costs the more the less there is of each bucket."""


@dataclass(frozen=True)
class Limits:
    """How much work may take.

    Attributes
    ----------
    memory : of the database's work in progress, as DuckDB writes sizes; more spills to the folder
    threads : of one query
    fresh : events that may stay unsealed
    slice : rows of an import that are coded and grouped at once; a larger one goes through slices of buckets
    """

    memory: str = "370MB"
    threads: int = 2
    fresh: int = FRESH
    slice: int = 1_500_000


class Derived:
    """A database file with its runs, and the newest snapshot of both.

    Parameters
    ----------
    folder : the workspace
    path : the database file, which is not the workspace's own while another is being made
    buckets : parts of the workspace
    limits : how much work may take
    """

    def __init__(self, folder: Folder, path: Path, buckets: int, limits: Limits) -> None:
        self._folder, self._buckets, self._limits = folder, buckets, limits
        self.buckets = buckets
        self.rules: Callable[[], Rules] = Rules
        self.currency: Callable[[], str] = lambda: "IRR"
        self.plan: Callable[[], Check] = lambda: Check(())
        self.database = Database(path, folder.scratch, limits.memory, limits.threads)
        self._files = threading.RLock()
        """Held while a snapshot is taken and while files that it may name are removed."""
        self.changes = threading.Condition(threading.RLock())
        """Held by whoever changes what is stored."""
        self._stale = False
        self._lately: Lately | None = None
        try:
            self.database.waiting.settle()
            self._snapshot = self._taken(None)
        except BaseException:
            self.database.close()
            raise
        place = Place(folder.log, folder.runs, buckets, self._currency, self._rules, self._planned)
        self.collected = Loader(place, self.database)
        self.tending = Tending(self, folder.runs, OFTEN * limits.fresh)

    def _currency(self) -> str:
        return self.currency()

    def _rules(self) -> Rules:
        return self.rules()

    def _planned(self) -> Check:
        return self.plan()

    def close(self) -> None:
        """Close the database."""
        self.tending.stop()
        self.database.close()

    def counts(self) -> dict[int, Loaded]:
        """Return what each import brought, by its number."""
        return {
            batch: msgspec.json.decode(counts, type=Loaded) for batch, counts in self.database.rows("loaded")
        }

    def load(self, batch: Batch, staged: Path, rejected: int) -> Loaded:
        """Load staged rows in one transaction; sealed in the same one if they are many.

        Raises
        ------
        DiskFull
            Nothing of it is stored.
        """
        with self.changes:
            return self._load(batch, staged, rejected)

    def _load(self, batch: Batch, staged: Path, rejected: int) -> Loaded:
        if self.database.rows("fresh_files"):  # an import that adds to an order looks for it in runs
            self.seal()
        now, runs, slice_ = batch.info.when, self._folder.runs, self._limits.slice
        told = Import(batch.id, now, staged, self._buckets, runs, slice_, self.rules())
        with self._changing() as (cursor, sealing):
            counts = Load(cursor, told).run()
            counts = msgspec.structs.replace(
                counts, read=counts.read + rejected, rejected=rejected, kind=batch.kind
            )
            self._keep(cursor, sealing)
            cursor.execute(
                query("new_loaded"), {"batch": batch.id, "counts": msgspec.json.encode(counts).decode()}
            )
        self.database.settle()
        self.collected.forget()
        if self.database.rows("whole_refunds_known"):  # what they come to may be known now
            self._absorb([])
        return counts

    def absorb(self, until: dict[str, int] | None = None, within: float | None = None) -> Absorbed:
        """Load what is new in the log, a portion a transaction, up to some positions where they are given.

        Raises
        ------
        DiskFull
            What was loaded before stays; the rest is loaded the next time.
        """
        total = Absorbed()
        end = None if within is None else time.monotonic() + within
        with self.changes:
            for pieces in self.collected.portions(until, MOST if within is None else SMALL):
                total += self._absorb(pieces)
                self.tending.look()
                self.tending.keep_up()
                if end is not None and time.monotonic() >= end:
                    break
        return total

    def _absorb(self, pieces: list[Piece]) -> Absorbed:
        loader = self.collected
        loader.prepare()
        try:
            loading = self.database.waiting.loading()
            with (
                room(self._folder.root),
                (change := Change(self, self._folder, loading)) as (cursor, sealing),
            ):
                counts = loader.load(cursor, pieces, sealing.written)
                change.lately = loader.lately
            gone = loader.kept()
        except BaseException:
            loader.forget()
            raise
        with self.removing() as retire:
            for file in gone:
                retire(file.path.name)
        return counts

    def tend(self) -> None:
        """Begin to tidy what is due.

        Raises
        ------
        DiskFull
            The last tidying found no room; nothing was changed by it.
        """
        with self.changes:
            self.tending.look()

    def archived(self) -> bool:
        """Pack a file of the log that is loaded whole; False if there is none."""
        segment = self.collected.whole()
        if segment is None:
            return False
        with room(self._folder.log):
            keeping.archive(segment)
        with self.changes:
            self.collected.packed(segment)
        return True

    def tidied(self, done: Tidied) -> bool:
        """Exchange what a tidying has made for what it stands for; False where that is no longer there."""
        if not done.stands(self.database):
            return False
        try:
            with (change := self._changing()) as (cursor, sealing):
                sealing.written, sealing.merged = done.written, [*done.files, *done.runs]
                done.exchange(cursor, self._buckets)
                change.lately = self.collected.gathered({*done.files}, done.gathered)
                if done.orders is not None:
                    self.collected.note(cursor, done.orders, done.identities)
        except BaseException:
            self.collected.forget()
            raise
        self.collected.tidied({*done.files}, done.gathered, done.identities)
        for name in done.identities.gone if done.identities else ():
            (self._folder.runs / name).unlink(missing_ok=True)
        return True

    def _sealed(self, cursor: duckdb.DuckDBPyConnection, sealing: Sealing) -> Flushed | None:
        """Seal all that is fresh, and write the identities of its messages to a file."""
        cursor.execute(query("nothing_arriving"))
        sealing.run()
        return self.collected.flush(cursor)

    def decide(self, lines: Sequence[Line]) -> list[str]:
        """Do what lines of the log decide about who is who, in order; returns what came of each."""
        with self.changes, self._changing() as (cursor, _):
            self.collected.forget()
            return list(apply(lines, Identifying(cursor, self._buckets, self.rules())))

    def seal(self) -> None:
        """Move everything fresh into runs."""
        with self.changes:
            try:
                with self._changing() as (cursor, sealing):
                    flushed = self._sealed(cursor, sealing)
                self.collected.flushed(flushed)
            except BaseException:
                self.collected.forget()
                raise

    def _keep(self, cursor: duckdb.DuckDBPyConnection, sealing: Sealing) -> None:
        """Put what arrived among the fresh events, or seal all of them where they are too many."""
        due = _number(cursor, "stored_events") + _number(cursor, "arrived_events")
        if _number(cursor, "unsealed_rows") > self._limits.fresh:
            sealing.run()
        else:
            cursor.execute(query("new_fresh"))
            cursor.execute(query("new_fresh_lines"))
        if _number(cursor, "stored_events") != due:
            raise RuntimeError("events were lost between loading and sealing; nothing is changed")  # noqa: EM101, TRY003 - a fault of ours

    def _changing(self) -> Change:
        return Change(self, self._folder, self.database.change())

    @property
    def snapshot(self) -> Snapshot:
        """All that is stored now; taken when somebody asks, so that many small loads cost nobody anything."""
        while True:
            with self._files:
                if not (self._stale and self.database.waiting.loads):
                    self._renew()
                    return self._snapshot
            self.database.waiting.settle()  # not while files are held: a load that is under way may want them

    def _renew(self) -> None:
        lately, self._lately = self._lately, None
        if self._stale:
            self._stale = False
            self._snapshot = self._taken(self._snapshot)
        elif lately:
            self._snapshot = self._snapshot.grown(lately)

    def _taken(self, before: Snapshot | None) -> Snapshot:
        with self.database.still():
            return Snapshot(self.database, self._folder.runs, self._buckets, before)

    def publish(self, lately: Lately | None = None) -> None:
        """Let readers see what is stored now; those who are reading keep what they began with.

        Parameters
        ----------
        lately : what there is now, where nothing but fresh events has come since the last time, and new words and
            customers
        """
        self._lately = lately
        self._stale |= lately is None

    @contextmanager
    def removing(self) -> Iterator[Callable[[str], None]]:
        """Let no snapshot be taken meanwhile; what is lent removes a run's file when nobody reads it any more."""
        with self._files:
            yield self._retire

    def _retire(self, file: str) -> None:
        path = self._folder.runs / file
        known = {run.path: run for run in self._snapshot.runs}.get(path) or FreshFile.in_use(path)
        if known is None:
            path.unlink(missing_ok=True)
        else:
            known.retire()

    def recover(self) -> None:
        """Go on after an error; a full disk makes DuckDB refuse everything until it is opened anew."""
        try:
            self.database.alive()
        except duckdb.Error:
            with room(self._folder.root):
                self.database.reopen()


def _number(cursor: duckdb.DuckDBPyConnection, name: str) -> int:
    return int(cursor.execute(query(name)).fetchall()[0][0])


class Change:
    """One transaction over database and runs: both are changed, or neither.

    Attributes
    ----------
    lately : what there is after it, where nothing but fresh events comes by it; see `Derived.publish`
    """

    def __init__(
        self,
        derived: Derived,
        folder: Folder,
        transaction: AbstractContextManager[duckdb.DuckDBPyConnection],
    ) -> None:
        self._derived, self._folder, self._transaction = derived, folder, transaction
        self.lately: Lately | None = None

    def __enter__(self) -> tuple[duckdb.DuckDBPyConnection, Sealing]:
        """Begin."""
        cursor = self._transaction.__enter__()
        self._sealing = Sealing(cursor, self._folder.runs, self._derived.buckets)
        return cursor, self._sealing

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: object) -> None:
        """Commit and let readers see it, or take everything back."""
        with self._derived.removing() as retire:
            try:
                with room(self._folder.root):
                    self._transaction.__exit__(kind, why, trace)  # type: ignore[arg-type] # a traceback
            except BaseException:
                self._sealing.discard()
                self._derived.recover()
                raise
            self._derived.publish(self.lately)
            for file in self._sealing.merged:
                retire(file)
