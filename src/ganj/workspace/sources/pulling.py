"""One run of a source: what is new comes in, all of it once, whatever happens in between.

What is pulled becomes an import like any other: its rows lie in ``imports/`` as they were pulled, so that it can
be undone and made anew.  The state after it lies in the import's plan, so both are there or neither is; the
state in the control file only follows.  Collected lines are named by their place in the source: collected
twice, they are stored once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ganj import intake
from ganj.errors import GanjError
from ganj.intake import Plan, Rejects
from ganj.intake.sources import Part, Records, Refused, State
from ganj.intake.sources.reach import Reach
from ganj.log.line import OWN, REJECTED, Line
from ganj.store import Batch, Loaded
from ganj.text import Text
from ganj.workspace.sources.changes import key_of, money
from ganj.workspace.sources.kept import Definition, Kept, Known
from ganj.workspace.sources.spool import Spool, with_corrections

if TYPE_CHECKING:
    from ganj.workspace import Workspace

MOST = 100_000  # rows of one import: an import costs a fraction of a second, however small it is
SHOWN = 20  # of each reason
PULLED = "pulled"
"""In an import's plan: the source it came from, and the state after it."""


Stopping = Callable[[], bool]
"""Tells whether a run should end where it is: what came so far is kept, and the next run goes on from there."""


class Reason(msgspec.Struct):
    """Why some things did not come in, how many, and the first of them."""

    reason: Text
    count: int = 0
    first: list[str] = []


class Report(msgspec.Struct, kw_only=True):
    """What a run brought.

    Attributes
    ----------
    began, ended
        µs UTC.
    rows, imported, duplicates, rejected
        As in an import, of all imports of this run.
    lines
        Events collected.
    batches
        Numbers of the imports.
    reasons
        What was set aside and left out.
    error, code
        Why it stopped; empty where it did not.
    failures
        How often it failed one after the other.
    next
        µs UTC; when it is due again.
    """

    began: int = 0
    ended: int = 0
    rows: int = 0
    imported: int = 0
    duplicates: int = 0
    rejected: int = 0
    lines: int = 0
    batches: list[int] = []
    reasons: list[Reason] = []
    error: Text | None = None
    advice: Text | None = None
    code: str = ""
    failures: int = 0
    next: int = 0

    @property
    def brought(self) -> bool:
        """Whether anything came."""
        return bool(self.imported or self.lines)


class Run:
    """One run of one source."""

    def __init__(self, workspace: Workspace, kept: Kept, told: Definition, stopping: Stopping) -> None:
        self.stopping = stopping
        self.workspace, self.kept, self.told = workspace, kept, told
        self.report = Report(began=_now())
        self.plans = dict(told.plans)
        self.tally: dict[Text, Reason] = {}
        folder = workspace.folder / "scratch" / f"source-{time.time_ns()}"
        self.spool = Spool(folder, self.plans, answers_of(workspace, told))
        self.state: State = {}

    def go(self) -> None:
        """Pull everything that is new; a mistake is told in the report, and what came before it stays."""
        try:
            self.state = recovered(self.workspace, self.kept, self.told.name)
            feed = self.kept.feed(self.told)
            for part in feed.pull(self.state, reach_of(self.workspace, self.told)):
                self._take(part)
                if self.stopping():
                    break
            self._commit()
        except GanjError as wrong:
            self._wrong(wrong)
        finally:
            self.spool.discard()
            self.spool.folder.rmdir()
            self.report.reasons = sorted(self.tally.values(), key=lambda one: -one.count)
        self.report.ended = _now()

    def _wrong(self, wrong: GanjError) -> None:
        """Keep what came before a mistake, unless that is the mistake."""
        try:
            if self.spool.count:
                self._commit()
        except GanjError as worse:
            wrong = worse
        self.report.error = Text(wrong.message("en"), wrong.message("fa"))
        self.report.advice = Text(wrong.advice("en"), wrong.advice("fa"))
        self.report.code = type(wrong).__name__

    def _take(self, part: Part) -> None:
        self._refuse(part.refused)
        if part.file is not None:
            self._file(part, part.file)
        self._collect(part)
        for records in part.records:
            self.spool.add(records, self._known(records))
        self.state = part.state
        if self.spool.count >= MOST:
            self._commit()
        elif not self.spool.count:
            self.kept.save_run(self.told.name, state=self.state)
        if part.settled and part.file is None:
            part.settled(None)

    def _collect(self, part: Part) -> None:
        """Put events on disk, and what should have been events beside them."""
        now, name = _now(), self.told.name
        for line in part.lines:
            line.w, line.r = name, now
        rejected = [_rejected(one, name, now) for one in part.refused if one.code]
        self.workspace.collect([*part.lines, *rejected], name)
        self.report.lines += len(part.lines)
        self.report.rejected += len(rejected)

    def _known(self, records: Records) -> dict[bytes, Known]:
        keys = {key_of(records.name, records.key, row) for row in records.rows} if records.key else set()
        return self.kept.known(self.told.name, list(keys))

    # ---- a file

    def _file(self, part: Part, file: Path) -> None:
        """Import a whole file; one that cannot be read is told, and the others go on."""
        wrong: GanjError | None = None
        try:
            said = {**answers_of(self.workspace, self.told)}
            plan = intake.detect(file, recall=self.workspace.store.control.recall, **said)
            self._import(plan, part.state, {})
            self.workspace.store.control.remember(plan.fingerprint, msgspec.to_builtins(plan))
        except GanjError as mistake:
            wrong = mistake
            why = Text(
                f"{mistake.message('en')} {mistake.advice('en')}",
                f"{mistake.message('fa')} {mistake.advice('fa')}",
            )
            self._refuse([Refused(file.name, why)])
        if part.settled:
            part.settled(wrong)
        self.kept.save_run(self.told.name, state=part.state)

    # ---- rows

    def _commit(self) -> None:
        """Make an import of what is spooled."""
        known = {
            key: found
            for sheet in self.spool.sheets.values()
            for key, found in self.kept.known(self.told.name, [key for key, _, _ in sheet.changed]).items()
        }
        self._refuse(self.spool.refused)
        plan = self.spool.plan()
        path, learned = self.spool.corrections(known, _now())
        if path is not None:
            plan = with_corrections(plan, path)
        if plan is not None:
            self._import(plan, self.state, learned)
        else:
            self.kept.save_run(self.told.name, state=self.state)
        if self.plans != self.told.plans:
            self.told.plans = dict(self.plans)
            self.kept.save(self.told)
        self.spool.discard()

    def _import(self, plan: Plan, state: State, learned: dict[bytes, Known]) -> None:
        """Import files with the state that follows them, both or neither."""
        store = self.workspace.store
        told = msgspec.to_builtins(plan) | {PULLED: {"source": self.told.name, "state": state}}
        with self.workspace.writing:
            batch = store.begin(plan.kind, told, plan.paths)
            try:
                rejects = Rejects(batch.folder / "rejected.csv")
                sums = self._stage(batch, plan, rejects)
                self.kept.learn(self.told.name, batch.id, [*self._learned(sums).items(), *learned.items()])
                loaded = store.commit(batch, rejects.count)
            except BaseException:
                store.abandon(batch)
                self.kept.unlearn(self.told.name, [batch.id])
                raise
        self.kept.save_run(self.told.name, state=state, batch=batch.id)
        self._count(loaded, rejects)

    def _stage(self, batch: Batch, plan: Plan, rejects: Rejects) -> dict[bytes, list[Any]]:
        """Stage the rows, and sum up what each order comes to."""
        owners = [owner for sheet in self.spool.sheets.values() if sheet.count for owner in sheet.owners]
        orders = any(table.kind == "orders" for table in plan.tables)
        sums: dict[bytes, list[Any]] = {}
        for rows in intake.rows(plan, batch.files, progress=lambda _: None, rejects=rejects):
            self.workspace.store.stage(batch, rows)
            if orders and owners:
                for row in rows.select(["row", "event", "amount"]).to_pylist():
                    owner = owners[row["row"]] if row["row"] < len(owners) else None
                    if owner:
                        sums.setdefault(owner, []).append(row)
        return sums

    def _learned(self, sums: dict[bytes, list[Any]]) -> dict[bytes, Known]:
        """Return what is then known of the new records."""
        found = {}
        for sheet in self.spool.sheets.values():
            corrected = {key for key, _, _ in sheet.changed}
            for key, version in sheet.versions.items():
                if key not in corrected:
                    net, counted = money(sums.get(key, ()))
                    found[key] = Known(version, net, counted)
        return found

    # ---- telling

    def _count(self, loaded: Loaded, rejects: Rejects) -> None:
        report = self.report
        report.rows += loaded.read
        report.imported += loaded.imported
        report.duplicates += loaded.duplicates
        report.rejected += loaded.rejected
        report.batches.append(loaded.batch)
        for told in rejects.table():
            one = self.tally.setdefault(told["reason"], Reason(told["reason"]))
            one.count += told["count"]
            one.first = [*one.first, *(" | ".join(cell or "" for cell in row) for row in told["first"])][
                :SHOWN
            ]

    def _refuse(self, refused: Iterable[Refused]) -> None:
        for one in refused:
            reason = self.tally.setdefault(one.reason, Reason(one.reason))
            reason.count += one.count
            if one.text and len(reason.first) < SHOWN:
                reason.first = [*reason.first, one.text[:500]]


def answers_of(workspace: Workspace, told: Definition) -> dict[str, Any]:
    """Return what detection is told beforehand: by the workspace, then by the person."""
    settings = workspace.settings
    return {"zone": settings.zone, "base": settings.currency, **{k: v for k, v in told.answers.items() if v}}


def reach_of(workspace: Workspace, told: Definition) -> Reach:
    """Return where a source may go."""
    return Reach(private=told.private, own=workspace.folder)


def recovered(workspace: Workspace, kept: Kept, name: str) -> State:
    """Return the state a source goes on from, after what a crash may have left.

    An import that was committed brought its state with it, though the control file may not have heard of it;
    one that was not committed leaves nothing.
    """
    state, last, _ = kept.run(name)
    store, lost = workspace.store, set(kept.learned_after(name, last))
    newest = last
    for info in store.batches():
        told = store.resume(info.id).plan.get(PULLED) if info.id > last else None
        if not told or told["source"] != name:
            continue
        if info.status == "begun":
            store.abandon(store.resume(info.id))
            continue
        state, newest = told["state"], info.id
        lost.discard(info.id)
    kept.unlearn(name, lost)
    if newest != last:
        kept.save_run(name, state=state, batch=newest)
    return state


def _rejected(refused: Refused, source: str, now: int) -> Line:
    """Return the line that keeps what could not become an event; found again it is the same line."""
    name = blake2b(f"{source}\n{refused.code}\n{refused.text}".encode("utf-8", "replace"), digest_size=20)
    told = {"code": refused.code, "text": refused.text}
    return Line(f"rejected:{name.hexdigest()}", now, now, REJECTED, source, OWN, p=told)


def _now() -> int:
    return time.time_ns() // 1000
