"""The one object that every face talks to.

It joins the store, the sources, the analyses and the segments, and delegates: a verb is a line or two.
Rights are checked here, once, when there are users.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from ganj.access.keys import Keys
from ganj.display import Display
from ganj.errors import UnknownName
from ganj.histories import Array
from ganj.identity.rules import Rules
from ganj.intake import Check, Plan
from ganj.log import OWN, Line
from ganj.miner import Miner, Opens
from ganj.segments import Segment, match, members
from ganj.store import BatchInfo, Loaded, Problem, Store
from ganj.store.collected.state import Rejected
from ganj.store.persons import Merge
from ganj.text import Text
from ganj.tracking import Planned
from ganj.workspace import identity, importing
from ganj.workspace.answers import Answers
from ganj.workspace.collecting import Collecting
from ganj.workspace.duplicates import Duplicates
from ganj.workspace.hooks import Hooking
from ganj.workspace.identity import Side
from ganj.workspace.mined import Mined, Said, Sheet
from ganj.workspace.people import Page, People, Profile, page, profile
from ganj.workspace.personal import Personal
from ganj.workspace.pictures import Pictures
from ganj.workspace.profiles.timeline import Wanted
from ganj.workspace.profiles.verbs import Profiles
from ganj.workspace.replaying import Replayed, amend, reader, replay
from ganj.workspace.resolving import resolve
from ganj.workspace.sources import Sources
from ganj.workspace.surveys import Asking

__all__ = ["Mined", "Page", "People", "Profile", "Said", "Sheet", "Workspace", "create", "open"]

Progress = Callable[[float], None]


class Workspace:
    """A company's customers in one folder.

    Examples
    --------
    >>> with ganj.open("shop") as shop:          # doctest: +SKIP
    ...     shop.load(shop.plan("orders.xlsx"))
    ...     shop.mine(Rfm()).table("segments").to_pandas()
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.answers = Answers(self)
        self.profiles = Profiles(self)
        self._writing = threading.RLock()
        self._collecting = Collecting(self)

    def __enter__(self) -> Self:
        """Use the workspace in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the folder."""
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        self._collecting.close()
        self.store.close()

    @property
    def folder(self) -> Path:
        """Where the workspace is."""
        return self.store.folder

    @property
    def settings(self) -> Display:
        """Language, calendar, digits, money unit, first weekday and zone: independent of each other."""
        return self.store.control.settings()

    def save_settings(self, settings: Display) -> None:
        """Keep new settings."""
        self.store.control.save_settings(settings)

    @cached_property
    def keys(self) -> Keys:
        """The keys of programs: made, listed and revoked."""
        return Keys(self.store.control.engine)

    # ---- mining

    def resolve(self, miner: Miner[Any, Any]) -> Miner[Any, Any]:
        """Return a miner with what was left open filled in; see `ganj.workspace.resolving`."""
        return resolve(self, miner)

    def mine(self, miner: Miner[Any, Any], progress: Progress = lambda _: None) -> Mined:
        """Run an analysis, or return what it found if nothing has changed since."""
        whole = self.resolve(miner)
        version = self.store.data_version
        model, report = self.answers.found(whole, progress)
        answers = self.answers
        scored, rows = (lambda: answers.scores(whole)), (lambda: answers.rows(whole))
        return Mined(whole, model, report, version, self.settings, scored, rows)

    def opens(self, miner: Miner[Any, Any], where: Opens) -> Array:
        """Return the customers behind a number of an analysis: int32[n] ascending."""
        return members(Segment.of(self.resolve(miner), where), self.answers)

    # ---- files

    def plan(self, path: Path | str, **answers: Any) -> Plan:
        """Look at a file or folder and say how it would be read; see `ganj.intake.detect`."""
        return importing.plan(self, Path(path), answers)

    def check(self, plan: Plan) -> Check:
        """Read everything and write nothing: what would be new, double or rejected, and why."""
        return importing.check(self, plan)

    def load(self, plan: Plan, progress: Progress = lambda _: None) -> Loaded:
        """Import the files of a plan."""
        with self._writing:
            return importing.load(self, plan, progress)

    def load_rows(self, file: Path, progress: Progress = lambda _: None) -> Loaded:
        """Import a Parquet file of `ganj.events.ROWS`, as the simulated shop writes it."""
        with self._writing:
            return importing.load_rows(self, file, progress)

    def undo(self, batch: str | int) -> BatchInfo:
        """Take an import back; every number is then as if it had never been."""
        with self._writing:
            return importing.undo(self, int(batch))

    def batches(self) -> tuple[BatchInfo, ...]:
        """List the imports, newest first."""
        return tuple(sorted(self.store.batches(), key=lambda batch: -batch.id))

    def rebuild(self, progress: Progress = lambda _: None) -> None:
        """Make everything derived anew from what came in."""
        with self._writing:
            importing.rebuild(self, progress)

    def verify(self) -> tuple[Problem, ...]:
        """Prove that the folder is whole; returns what is wrong with it."""
        return tuple(self.store.verify())

    # ---- sources

    @cached_property
    def sources(self) -> Sources:
        """What is pulled by itself: databases, folders, mailboxes, shops, access logs."""
        return Sources(self)

    @property
    def writing(self) -> threading.RLock:
        """Held while an import is written: one at a time."""
        return self._writing

    # ---- collected events

    def collect(self, lines: Sequence[Line], source: str = OWN) -> None:
        """Append events to the log; they are on disk when this returns, and stored at the next `Store.absorb`.

        Parameters
        ----------
        source : of lines that name none
        """
        self._collecting.collect(lines, source)

    def rejected(self, source: str | None = None, limit: int = 1_000) -> list[Rejected]:
        """Return the messages that could not be loaded, the newest first."""
        return self.store.collection.rejected(source, limit)

    def replay(self, ids: Iterable[str] | None = None, source: str | None = None) -> Replayed:
        """Try rejected messages again: some, those of a source, or all."""
        return replay(self, ids, source, reader(self))

    def amend(self, rejected: str, text: str) -> Replayed:
        """Try a rejected message again with a mended text; where it is not taken, `StillRefused` says why."""
        return amend(self, rejected, text, reader(self))

    # ---- who is who

    def merge(self, one: Side, other: Side, evidence: dict[str, Any] | None = None, by: str = "") -> Merge:
        """Say that two customers are one person: numbers, ``"email:sara@example.com"`` or (kind, value)."""
        return identity.merge(self, one, other, evidence or {}, by)

    def unmerge(self, merge: str, by: str = "") -> Merge:
        """Take a merge back, an automatic one too; every report is then as if it had never been."""
        return identity.unmerge(self, merge, by)

    def merges(self, customer: int | None = None, limit: int = 100, before: int | None = None) -> list[Merge]:
        """Return merges with their evidence, newest first, those undone too."""
        return self.store.persons.merges(customer, limit, before)

    def tell_apart(self, one: Side, other: Side, by: str = "", *, stands: bool = True) -> None:
        """Say that two customers are different people, or (``stands`` False) take that back."""
        identity.tell_apart(self, one, other, by, stands=stands)

    @cached_property
    def duplicates(self) -> Duplicates:
        """Customers who may be one person: found, offered, merged or told apart."""
        return Duplicates(self)

    @cached_property
    def personal(self) -> Personal:
        """What is held of a person, place by place, and what of it can be forgotten."""
        return Personal(self)

    def prefer(self, trait: str, rule: str = "last", sources: Sequence[str] = (), by: str = "") -> None:
        """Decide which source wins a trait: ``last``, ``first``, ``complete``, or ``sources`` in order of trust."""
        identity.prefer(self, trait, rule, sources, by)

    @property
    def identity_rules(self) -> Rules:
        """What makes identifiers one person's."""
        return self.store.persons.rules()

    def save_identity_rules(self, rules: dict[str, Any]) -> Rules:
        """Keep new rules for what comes from now on; a rebuild applies them to everything."""
        return identity.save_rules(self, rules)

    # ---- segments

    def segments(self) -> dict[str, Segment]:
        """Return the saved segments by name."""
        return {name: Segment.read(told) for name, told in self.store.control.segments().items()}

    def definition(self, name: str) -> Segment:
        """Return a saved segment.

        Raises
        ------
        UnknownName
            With the nearest names.
        """
        saved = self.segments()
        if name not in saved:
            raise UnknownName.among(Text("segment", "بخش"), name, saved)
        return saved[name]

    def save_segment(self, name: str, segment: Segment) -> int:
        """Keep a segment under a name and return how many customers it holds.

        Raises
        ------
        UnknownName
            A condition names a trait that no customer has.
        """
        self.answers.know(segment)
        size = len(members(segment, self.answers))
        self.store.control.save_segment(name, importing.plain(segment))
        return size

    def remove_segment(self, name: str) -> None:
        """Forget a saved segment; its customers stay."""
        self.definition(name)
        self.store.control.remove_segment(name)

    def members(self, segment: str | Segment) -> Array:
        """Return a segment's customers: int32[n] ascending."""
        told = self.definition(segment) if isinstance(segment, str) else segment
        return members(told, self.answers)

    # ---- webhooks, surveys, pages

    @cached_property
    def hooks(self) -> Hooking:
        """What others post to us, and what it means."""
        return Hooking(self)

    @cached_property
    def planned(self) -> Planned:
        """The tracking plan: what events must say."""
        return self.store.planned

    @cached_property
    def surveys(self) -> Asking:
        """What customers are asked, and their answers."""
        return Asking(self)

    @cached_property
    def pictures(self) -> Pictures:
        """Pictures of pages, for heat-maps."""
        return Pictures(self.store.control.engine)

    # ---- customers

    def customers(self, asked: People) -> Page:
        """Return one page of a list of customers."""
        return page(self, asked)

    def customer(self, number: int, wanted: Wanted | None = None) -> Profile:
        """Return what is known of one customer, with one page of the timeline."""
        return profile(self, number, wanted)

    def find(self, who: str, kind: str = "") -> int:
        """Return the number of the customer that has an identifier."""
        return self.profiles.find(who, kind)

    def sql(self, query: str, limit: int = 10_000) -> pa.Table:
        """Run a read-only query over events, customers, orders, order_lines, products, deals, tickets."""
        return self.store.sql(query, limit)

    def matching(self, scores: pa.Table, where: Iterable[Any]) -> Array:
        """Return the customers of some scores of whom all conditions are true."""
        return match(scores, where)


def create(folder: Path | str, settings: Display | None = None, *, buckets: int = 32) -> Workspace:
    """Begin a workspace in a folder.

    Raises
    ------
    WorkspaceExists
        There is one already.
    """
    workspace = Workspace(Store.create(Path(folder), buckets=buckets))
    if settings is not None:
        workspace.save_settings(settings)
    return workspace


def open(folder: Path | str, wait: float | None = None) -> Workspace:  # noqa: A001 - the public name is ganj.open
    """Open a workspace, repairing what a crash may have left, and load what waits in the log.

    Parameters
    ----------
    wait : seconds after which what still waits is left for `Store.absorb`; None loads all of it

    Raises
    ------
    NotAWorkspace, WorkspaceBusy
        The folder holds none, or another process holds it.
    """
    return importing.opened(Path(folder), Workspace, wait)
