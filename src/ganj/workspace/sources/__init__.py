"""The sources of a workspace: set up, tried, run by hand or by the clock."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ganj import intake
from ganj.errors import BadParameter, GanjError
from ganj.intake import Check, Table
from ganj.intake.sources import Feed, Part, Refused, feed_named, made, secret_names
from ganj.log.line import Line
from ganj.misread import misread
from ganj.parameters import dump
from ganj.text import Text
from ganj.workspace.sources import schedule
from ganj.workspace.sources.kept import Definition, Kept, SourceExists
from ganj.workspace.sources.pulling import SHOWN, Reason, Report, Run, answers_of, reach_of, recovered
from ganj.workspace.sources.runner import Runner
from ganj.workspace.sources.spool import Spool

if TYPE_CHECKING:
    from ganj.workspace import Workspace

__all__ = [
    "Definition",
    "Look",
    "Reason",
    "Report",
    "Runner",
    "Seen",
    "SourceBusy",
    "SourceExists",
    "Sources",
]

NAME = re.compile(r"\w[\w.\- \u200c\u064b-\u065f\u0670]{0,59}")
"""Half-spaces and marks over letters are part of Persian words: «پوشهٔ حسابداری»."""
NAMED = Text(
    "a name has at most 60 letters, digits, spaces, dots and hyphens.",
    "نام دست‌بالا ۶۰ حرف، رقم، فاصله، نقطه و خط تیره دارد.",
)
BROKEN = Text("It broke off; the server's log says where.", "ناتمام ماند؛ گزارش سرور می‌گوید کجا.")
CHANGEABLE = ("every", "private", "paused", "answers", "parameters")


class SourceBusy(GanjError):
    """A source that is being run already. Facts: ``name``."""

    status = 409
    says = Text("{name} is being read at the moment.", "«{name}» هم‌اکنون در حال خواندن است.")
    hint = Text("Wait until that is done.", "تا پایان آن صبر کنید.")


class Seen(msgspec.Struct, kw_only=True):
    """One table or file of a dry run: how it would be read, and what would come of it."""

    name: str
    table: Table
    check: Check


class Look(msgspec.Struct, kw_only=True):
    """What a source would bring: of its first part, without keeping anything.

    Attributes
    ----------
    tables
        Rows, as with a file.
    lines
        Some events as they would be collected, and how many there were.
    reasons
        What would be set aside or left out.
    """

    address: str
    tables: list[Seen] = []
    count: int = 0
    lines: list[Line] = []
    reasons: list[Reason] = []


class Known(msgspec.Struct, kw_only=True):
    """A source as people see it: never its secrets.

    Attributes
    ----------
    secrets
        Names of the parameters that are set and not shown.
    running
        Whether it is being read now.
    report
        What the last run brought; None where there was none.
    """

    definition: Definition
    label: Text
    address: str
    secrets: tuple[str, ...]
    running: bool
    report: Report | None = None


class Sources:
    """Every source of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    @property
    def kept(self) -> Kept:
        """Where they are kept."""
        return Kept(self.workspace.store.control)

    # ---- set up

    def add(self, told: Mapping[str, Any], *, look: bool = True) -> Known:
        """Set up a source; it is tried first, and what it asks (rial or toman) must be answered.

        Parameters
        ----------
        told
            ``name``, ``type``, ``parameters``, and of `Definition` what differs.
        look
            Whether it is tried.

        Raises
        ------
        GanjError
            It cannot be reached or understood, or a question is open; nothing is kept.

        Notes
        -----
        How its tables are understood now is kept: a later part of three rows means what the first one meant.
        """
        definition, feed = self._made(told)
        if definition.name in self.kept.names():
            raise SourceExists(name=definition.name)
        if look:
            self._looked(definition, feed)
        newest = max((info.id for info in self.workspace.store.batches()), default=0)
        self.kept.add(definition, feed, newest)
        return self.known(definition.name)

    def _made(self, told: Mapping[str, Any]) -> tuple[Definition, Feed]:
        definition = _definition(told)
        feed = made(feed_named(definition.type), definition.parameters)
        definition.every = definition.every or feed.every
        schedule.read(definition.every)
        return definition, feed

    def change(self, name: str, changes: Mapping[str, Any]) -> Known:
        """Change when a source runs, what it may reach, what is answered, or its parameters.

        Parameters that are not given stay; other answers make it look at its tables anew.
        """
        told = self.kept.definition(name)
        for word in changes:
            if word not in CHANGEABLE:
                why = Text(
                    f"these may change: {', '.join(CHANGEABLE)}.",
                    f"این‌ها تغییر می‌کنند: {', '.join(CHANGEABLE)}.",
                )
                raise BadParameter(parameter=word, value=changes[word], why=why)
        feed = None
        if "parameters" in changes:
            said = dump(self.kept.feed(told)) | dict(changes["parameters"])
            feed = made(feed_named(told.type), said)
        plain = {word: value for word, value in changes.items() if word != "parameters"}
        changed = _definition({**msgspec.to_builtins(told), **plain})
        schedule.read(changed.every)
        if "answers" in changes or feed is not None:
            changed.plans = {}
            self._try_refused_again(name)
        self.kept.save(changed, feed)
        return self.known(name)

    def _try_refused_again(self, name: str) -> None:
        """Forget which files were refused: an answer may have come."""
        state, _, _ = self.kept.run(name)
        if "seen" in state:
            state["seen"] = {mark: why for mark, why in state["seen"].items() if not why}
            self.kept.save_run(name, state=state)

    def remove(self, name: str) -> None:
        """Forget a source; what it brought stays."""
        with self._single(name):
            self.kept.remove(name)

    def reread(self, name: str, text: str) -> list[Line]:
        """Read again, as the source is set up now, what could not be an event; nothing where it still cannot."""
        if name not in self.kept.names():
            return []
        found = self.kept.feed(self.kept.definition(name)).reread(text)
        moment = now()
        return [msgspec.structs.replace(line, r=moment, w=name) for line in found]

    # ---- seen

    def list(self) -> tuple[Known, ...]:
        """List the sources by name."""
        return tuple(self.known(name) for name in self.kept.names())

    def known(self, name: str) -> Known:
        """Return a source as people see it; raise `UnknownName`."""
        told = self.kept.definition(name)
        kind = feed_named(told.type)
        _, _, report = self.kept.run(name)
        return Known(
            definition=told,
            label=kind.label,
            address=self._address(told),
            secrets=secret_names(kind),
            running=name in self._busy,
            report=msgspec.convert(report, Report) if report else None,
        )

    def _address(self, told: Definition) -> str:
        try:
            return self.kept.feed(told).address
        except GanjError:  # a key that is lost must not hide the source
            return ""

    # ---- tried

    def look(self, told: str | Mapping[str, Any]) -> Look:
        """Try a source, set up or not: fetch a first part and say what would come of it; nothing is kept."""
        if isinstance(told, str):
            definition = self.kept.definition(told)
            return self._looked(definition, self.kept.feed(definition))
        return self._looked(*self._made(told))

    def _looked(self, told: Definition, feed: Feed) -> Look:
        found = Look(address=feed.address)
        parts = feed.pull({}, reach_of(self.workspace, told))
        try:
            for part in parts:
                self._look_at(told, part, found)
                if part.file or part.lines or any(records.rows for records in part.records):
                    break
        finally:
            parts.close()  # type: ignore[attr-defined]  # a generator
        return found

    def _look_at(self, told: Definition, part: Part, found: Look) -> None:
        found.lines = [*found.lines, *part.lines[:SHOWN]]
        found.count += len(part.lines)
        found.reasons += tallied(part.refused)
        answers = answers_of(self.workspace, told)
        if part.file is not None:
            plan = intake.detect(part.file, recall=self.workspace.store.control.recall, **answers)
            found.tables.append(Seen(name=part.file.name, table=plan.main, check=intake.check(plan)))
        with tempfile.TemporaryDirectory(prefix="ganj-look-") as folder:
            spool = Spool(Path(folder) / "rows", told.plans, answers)
            for records in part.records:
                spool.add(records, {})
            plan_ = spool.plan()
            for table in plan_.tables if plan_ else ():
                alone = intake.Plan(files=plan_.files, tables=(table,))  # type: ignore[union-attr]  # there is one
                name = table.sources[0].found.name.removesuffix(".jsonl")
                found.tables.append(Seen(name=name, table=table, check=intake.check(alone)))

    # ---- run

    def run(self, name: str) -> Report:
        """Fetch what is new, now.

        Raises
        ------
        SourceBusy
            It is being run already.
        """
        with self._single(name):
            told = self.kept.definition(name)
            _, _, before = self.kept.run(name)
            run = Run(self.workspace, self.kept, told, self._stopping.is_set)
            try:
                run.go()
            finally:  # a mistake of ours is told, too, and waits like any other
                self._told(told, run.report, before.get("failures", 0))
        return run.report

    def _told(self, told: Definition, report: Report, failures: int) -> None:
        """Keep what a run brought and when the next is due."""
        if not report.ended:
            report.ended, report.error, report.code = now(), BROKEN, "Broken"
        report.failures = failures + 1 if report.error else 0
        settings = self.workspace.settings
        report.next = schedule.due(
            told.every, report.ended, settings.zone, settings.calendar, report.failures
        )
        self.kept.save_run(told.name, report=msgspec.to_builtins(report))

    def again(self, name: str) -> None:
        """Let a source be read from the beginning the next time.

        What is stored is not stored twice; what came with imports that were taken back comes anew.
        """
        with self._single(name):
            recovered(self.workspace, self.kept, name)
            standing = {info.id for info in self.workspace.batches() if info.active}
            self.kept.unlearn(name, self.kept.learned_after(name, 0) - standing)
            self.kept.save_run(name, state={})

    @contextmanager
    def _single(self, name: str) -> Iterator[None]:
        with self._lock:
            if name in self._busy:
                raise SourceBusy(name=name)
            self._busy.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(name)

    def due(self, moment: int) -> tuple[str, ...]:
        """Return the sources whose time has come; µs UTC."""
        found = []
        for name in self.kept.names():
            _, _, report = self.kept.run(name)
            waiting = name in self._busy or self.kept.definition(name).paused
            if not waiting and report.get("next", 0) <= moment:
                found.append(name)
        return tuple(found)

    @contextmanager
    def running(self) -> Iterator[Runner]:
        """Run every source by the clock, as long as the block lasts."""
        self._stopping.clear()
        runner = Runner(self.run, self.due)
        runner.start()
        try:
            yield runner
        finally:
            self._stopping.set()
            runner.stop()
            self._stopping.clear()


def tallied(refused: Iterable[Refused]) -> list[Reason]:
    """Count reasons, with the first of each."""
    found: dict[Text, Reason] = {}
    for told in refused:
        one = found.setdefault(told.reason, Reason(told.reason))
        one.count += told.count
        if told.text and len(one.first) < SHOWN:
            one.first = [*one.first, told.text[:500]]
    return list(found.values())


def _definition(told: Mapping[str, Any]) -> Definition:
    try:
        definition = msgspec.convert(dict(told), Definition, strict=False)
    except msgspec.ValidationError as wrong:
        raise misread(wrong, parameter="source", value=str(told.get("name", ""))) from wrong
    if not NAME.fullmatch(definition.name):
        raise BadParameter(parameter="name", value=definition.name, why=NAMED)
    return definition


def now() -> int:
    """Return the time; µs UTC."""
    return time.time_ns() // 1000
