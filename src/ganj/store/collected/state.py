"""What the Sources page shows: figures of each source, what each event was seen to say, what could not be loaded."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from ganj.log import keeping
from ganj.store.collected.loader import Loader
from ganj.store.collected.tally import FIGURES
from ganj.store.database import Database


class Rejected(msgspec.Struct, frozen=True):
    """A message that could not be loaded.

    Attributes
    ----------
    id : its name here; the same message sent again has the same
    source : the key it came by; empty where it does not say
    received : µs UTC
    code : why, a code of `ganj.log.reasons`
    line : what came, as text
    times : how often it came
    """

    id: str
    source: str
    received: int
    code: str
    line: str
    times: int


class Figures(msgspec.Struct, frozen=True):
    """What came from a source, under a name or altogether; see `ganj.store.collected.tally.Absorbed`.

    ``last`` is the µs UTC of the last message.
    """

    source: str
    event: str
    accepted: int
    duplicates: int
    rejected: int
    late: int
    future: int
    old: int
    unknown: int
    unpriced: int
    off_plan: int
    last: int


class Member(msgspec.Struct, frozen=True):
    """A property that an event was seen with: what kind of value, an example, how often, µs first and last."""

    event: str
    property: str
    kind: str
    example: str
    seen: int
    first: int
    last: int


class State(msgspec.Struct, frozen=True):
    """How collection does.

    Attributes
    ----------
    sources : figures of each source
    per_minute : events of each source in each of the last sixty minutes, oldest first
    waiting : bytes of the log that are not loaded
    damaged : groups of the log that no checksum proved: (file, position, bytes, µs found); kept in ``log/bad``
    kept : files in ``log/bad``
    """

    sources: list[Figures]
    per_minute: dict[str, list[int]]
    waiting: int
    damaged: list[tuple[str, int, int, int]]
    kept: int


class Looking:
    """Reads what collection noted."""

    def __init__(self, database: Database, loader: Loader) -> None:
        self._database, self._loader = database, loader

    def state(self, days: int = 30) -> State:
        """Return how collection does, with the figures of the last days."""
        now = time.time_ns() // 1000
        told = self._database.rows("source_figures", since=now // 86_400_000_000 - days)
        log = self._loader.log
        files = self._database.rows("log_positions")
        waiting = keeping.backlog(
            log, {stem: at for stem, at, _ in files}, [stem for stem, _, whole in files if whole]
        )
        damaged = [tuple(row) for row in self._database.rows("damaged_groups")]
        bad = log / "bad"
        kept = len(list(bad.iterdir())) if bad.is_dir() else 0
        return State(_figures(told), self._loader.recent.per_minute(now), waiting, damaged, kept)

    def events(self, source: str, days: int = 30) -> list[Figures]:
        """Return the figures of a source by event; of what is no event by kind, in brackets."""
        since = time.time_ns() // 86_400_000_000_000 - days
        return _figures(self._database.rows("event_figures", source=source, since=since))

    def schema(self, event: str | None = None) -> list[Member]:
        """Return what events were seen to say, of one event or all."""
        waiting = self._loader.uncounted()
        return [_with(Member(*row), waiting) for row in self._database.rows("event_members", event=event)]

    def stored(self, message: str) -> bool:
        """Tell whether a message is stored, by its id."""
        return message in self._loader

    def rejected(self, source: str | None = None, limit: int = 1_000) -> list[Rejected]:
        """Return what could not be loaded, the newest first."""
        return [Rejected(*row) for row in self._database.rows("rejected_lines", source=source, limit=limit)]


def _with(member: Member, waiting: dict[tuple[str, str, str], tuple[int, int]]) -> Member:
    """Add what is counted and not written yet."""
    count, last = waiting.get((member.event, member.property, member.kind), (0, 0))
    return msgspec.structs.replace(member, seen=member.seen + count, last=max(member.last, last))


def _figures(rows: list[tuple[Any, ...]]) -> list[Figures]:
    return [Figures(**dict(zip(("source", "event", *FIGURES, "last"), row, strict=True))) for row in rows]
