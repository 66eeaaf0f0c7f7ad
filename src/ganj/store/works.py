"""The kinds of work that tidies what is stored; each reads one state of the store and leaves what it made in ``done``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.events import REFUND
from ganj.store.collected.orders import ONCE
from ganj.store.collected.seen import flushed, halves
from ganj.store.fresh import COLLECTED, FreshFile, keep
from ganj.store.packing import Place, packed, pieces, rows_at_once
from ganj.store.piles import Leafing, Pile
from ganj.store.reading import Snapshot
from ganj.store.runs import Run, together
from ganj.store.sealing import MANY_DISPLACED, Moving, plain, without
from ganj.store.taking import Lying
from ganj.store.tidied import Tidied

FAN = 16
"""A bucket's runs of like size, within so many times, are made one when there are so many."""
MOST_MOVING = 50_000
"""Events on their way to other buckets that may lie in memory."""

YOUNG, OLD = "lz4", "zstd"
"""How texts are packed: quickly in runs that are made one with others some day, and then tightly."""

Stop = Callable[[], bool]
Part = Iterator[pa.Table]


class Work(ABC):
    """Something to be made from one state of the store.

    Parameters
    ----------
    snapshot : that state; its files stay while it is kept
    folder : of runs
    stop : tells whether to give up
    """

    def __init__(self, snapshot: Snapshot, folder: Path, stop: Stop) -> None:
        self._snapshot, self._folder, self._stop = snapshot, folder, stop
        self._properties = snapshot.promoted
        self.done = Tidied(snapshot.standing.now)

    @abstractmethod
    def do(self) -> None:
        """Make it, and leave it in ``done``."""

    def _go_on(self) -> None:
        if self._stop():
            raise CancelledError

    def _pack(self, bucket: int, parts: Sequence[Part], packing: str) -> None:
        """Write a run of a bucket's parts, each in order."""
        place = Place(self._folder, self._properties, packing, self.done.written)
        made = packed(place, bucket, list(parts))
        if made is not None:
            self.done.new.append(made)


class Gather(Work):
    """Makes one file of small files of fresh events."""

    def __init__(self, snapshot: Snapshot, folder: Path, stop: Stop, files: Sequence[FreshFile]) -> None:
        super().__init__(snapshot, folder, stop)
        self._files = files
        self.done.files = [file.path.name for file in files]

    def do(self) -> None:
        """Write it."""
        whole = Pile(Lying(self._files), self._snapshot.buckets, self.done.now).whole()
        others = b"".join(file.others for file in self._files)
        self.done.gathered = keep(self._folder, whole, others, self.done.written)


class Pack(Work):
    """Makes a run a bucket of everything that was collected and is in none.

    Parameters
    ----------
    seen : files of messages' identities
    """

    def __init__(self, snapshot: Snapshot, folder: Path, stop: Stop, seen: Sequence[str]) -> None:
        super().__init__(snapshot, folder, stop)
        self._fresh, self._seen = snapshot.collected, seen
        self.done.files = [file.path.name for file in self._fresh.files]

    def do(self) -> None:
        """Write them, and what goes with them."""
        replaced, pile = self._snapshot.all_replaced, self._fresh.together()
        there, leafing = np.flatnonzero(pile.holds()).tolist(), Leafing(pile, self._properties)
        for bucket in sorted({*there, *replaced}):
            self._go_on()
            stored = self._holding(bucket, replaced[bucket]) if bucket in replaced else []
            rows = rows_at_once(1 + len(stored))
            parts = [partial(without, replaced=replaced[bucket]["message_id"]) for _ in stored]
            runs = [map(leave, pieces(run.path, rows)) for leave, run in zip(parts, stored, strict=True)]
            self._pack(bucket, [leafing.pieces(bucket, rows), *runs], YOUNG)
            self.done.runs = [*self.done.runs, *(run.path.name for run in stored)]
        self.done.replaced = _with_bucket(replaced)
        self.done.placed = self._fresh.placed
        self.done.orders = self._orders()
        identities = [file.identities for file in self._fresh.files]
        self.done.identities = flushed(self._folder, self._seen, halves(np.concatenate(identities)))
        self.done.written.append(self._folder / self.done.identities.name)

    def _holding(self, bucket: int, replaced: pa.Table) -> list[Run]:
        """Return the runs in which events lie that were replaced."""
        wanted = plain(replaced["message_id"]).combine_chunks()
        runs = [run for run in self._snapshot.runs if run.sealed.bucket == bucket]
        there = [pc.is_in(plain(run.read(["message_id"])["message_id"]), value_set=wanted) for run in runs]
        return [run for run, found in zip(runs, there, strict=True) if pc.any(found).as_py()]

    def _orders(self) -> pa.Table:
        """Return the orders that these events tell, so that an import does not tell them again."""
        named = self._snapshot.names("event")
        codes = [code for code, name in enumerate(named) if name in {*ONCE, REFUND}]
        wanted, told = pa.array(codes, pa.int32()), [COLLECTED.empty_table().select(["order", "event"])]
        for file in self._fresh.files:
            whole = file.table.select(["order", "event"])
            about = pc.and_(pc.greater_equal(whole["order"], 0), pc.is_in(whole["event"], value_set=wanted))
            told.append(whole.filter(about).replace_schema_metadata(None))
            file.let_go()
        return pa.concat_tables(told)


class Join(Work):
    """Makes one run of some of a bucket's, and moves on what belongs to other buckets where that is much."""

    def __init__(
        self, snapshot: Snapshot, folder: Path, stop: Stop, bucket: int, runs: Sequence[Run]
    ) -> None:
        super().__init__(snapshot, folder, stop)
        self._bucket, self._runs = bucket, runs
        self.done.runs = [run.path.name for run in runs]
        displaced = snapshot.standing.displaced
        self._moving = Moving(displaced, snapshot.buckets) if many_displaced(snapshot, bucket) else None

    def do(self) -> None:
        """Write it."""
        rows = rows_at_once(len(self._runs))
        self._pack(self._bucket, [self._staying(run, rows) for run in self._runs], OLD)
        if self._moving is not None:
            self._arrive(self._moving)
            self._moving.finish(self._bucket)
            self.done.settled = self._moving.done

    def _staying(self, run: Run, rows: int) -> Part:
        for piece in pieces(run.path, rows):
            self._go_on()
            if self._moving is None:
                yield piece
                continue
            yield self._moving.sort_out(self._bucket, piece)
            if self._moving.rows > MOST_MOVING:
                self._arrive(self._moving)

    def _arrive(self, moving: Moving) -> None:
        for bucket, parts in moving.taken():
            self._pack(bucket, [iter([together(parts, self._properties)])], YOUNG)


def many_displaced(snapshot: Snapshot, bucket: int) -> bool:
    """Tell whether so much of a bucket belongs elsewhere that it is worth moving."""
    leaving = snapshot.standing.leaving(bucket)
    return leaving is not None and len(leaving) >= MANY_DISPLACED


def join(snapshot: Snapshot, folder: Path, stop: Stop) -> Join | None:
    """Return the next work on runs; None where they are few and lie well."""
    of: dict[int, list[Run]] = {}
    for run in snapshot.runs:
        of.setdefault(run.sealed.bucket, []).append(run)
    for bucket, runs in of.items():
        chosen = runs if many_displaced(snapshot, bucket) else alike(runs)
        if chosen:
            return Join(snapshot, folder, stop, bucket, chosen)
    return None


def alike(runs: Sequence[Run]) -> list[Run]:
    """Return runs of like size that have become too many; none where there are not."""
    tiers: dict[int, list[Run]] = {}
    for run in runs:
        tier = 0
        while run.sealed.rows >= FAN ** (tier + 1):
            tier += 1
        tiers.setdefault(tier, []).append(run)
    return next((near for near in tiers.values() if len(near) >= FAN), [])


def _with_bucket(replaced: dict[int, pa.Table]) -> pa.Table | None:
    parts = [
        pa.table({"bucket": np.full(len(rows), bucket, np.int32), "message_id": rows["message_id"]})
        for bucket, rows in replaced.items()
    ]
    return pa.concat_tables(parts) if parts else None
