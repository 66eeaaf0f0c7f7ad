"""Counts what came from where: the figures of the Sources page, kept with the events in one transaction."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import DAY, Array
from ganj.kernels import json_lines as jl
from ganj.kernels.facts import counted
from ganj.kernels.grouping import different
from ganj.store.collected.books import Books
from ganj.store.collected.lines import KINDS, Lines, texts
from ganj.store.collected.shaping import Shaped

MINUTE = 60_000_000
SECOND = 1.0  # between two writings of what events were seen to say
FIGURES = ("accepted", "duplicates", "rejected", "late", "future", "old", "unknown", "unpriced", "off_plan")
COLUMNS = ("source", "event", "day", *FIGURES, "last")
TYPES = {
    jl.STRING: "text", jl.ESCAPED: "text", jl.WHOLE: "number", jl.DECIMAL: "number", jl.TRUE: "flag", jl.FALSE: "flag",
    jl.NULL: "empty", jl.OBJECT: "object", jl.LIST: "list",
}  # fmt: skip
"""What people call the kinds of values."""
_TYPE_NAMES = tuple(dict.fromkeys(TYPES.values()))
_TYPE_OF = np.array([_TYPE_NAMES.index(TYPES.get(kind, "empty")) for kind in range(10)])
MOST_SCHEMA = 20_000
"""Different (event, property, type) that are remembered."""


class Absorbed(msgspec.Struct, kw_only=True):
    """What a load brought.

    Attributes
    ----------
    lines : of the log, good and bad
    events : stored
    told : identify, group and alias calls, which store no event
    duplicates : messages stored before
    rejected : lines that cannot be loaded, and messages that the collection API could not take
    damaged : groups that no checksum proves
    late, future, old : events whose clock is a day behind, an hour ahead, before 1990
    unknown : events under a name of the sender's own
    unpriced : amounts in a currency without a rate
    repeated : orders told before
    off_plan : events that break a rule of the tracking plan, stored or set aside
    decisions : lines in which a person decided something
    """

    lines: int = 0
    events: int = 0
    told: int = 0
    duplicates: int = 0
    rejected: int = 0
    damaged: int = 0
    late: int = 0
    future: int = 0
    old: int = 0
    unknown: int = 0
    unpriced: int = 0
    repeated: int = 0
    off_plan: int = 0
    decisions: int = 0

    def __add__(self, other: Absorbed) -> Absorbed:
        """Return both together."""
        return Absorbed(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__}
        )


@dataclass
class Tally:
    """Rows of the table ``tallies`` of one load."""

    rows: list[dict[str, int | str]] = field(default_factory=list)

    def events(self, shaped: Shaped) -> None:
        """Count events by source, name and day received."""
        marks = shaped.marks
        event = shaped.event.astype(np.int64)
        flags = {
            "late": marks.late, "future": marks.future, "old": marks.old, "unknown": marks.unknown,
            "unpriced": marks.unpriced,
        }  # fmt: skip
        names = {code: word for word, code in shaped.words("event").items()}
        sources = {code: word for word, code in shaped.words("source").items()}
        self._add(shaped.lines, shaped.source, event, flags, (sources, names))

    def others(self, lines: Lines, figure: str) -> None:
        """Count lines that became no event: by source and kind."""
        if not len(lines):
            return
        first, place = different(lines.hash("w"))
        words = dict(enumerate(word or "" for word in lines.texts("w", first)))
        names = {number: f"({kind})" for number, kind in enumerate(KINDS)}
        self._add(lines, place, lines.what.astype(np.int64), {}, (words, names), figure)

    def bad(self, source: str, day: int, count: int, last: int) -> None:
        """Count lines that could not be loaded."""
        self.rows.append({"source": source, "event": "", "day": day, "rejected": count, "last": last})

    def _add(
        self,
        lines: Lines,
        source: Array,
        event: Array,
        flags: dict[str, Array],
        words: tuple[dict[int, str], dict[int, str]],
        figure: str = "accepted",
    ) -> None:
        day = lines.received // DAY
        key = (source.astype(np.int64) << 48) | (event << 24) | (day & 0xFFFFFF)
        keys, place, count = np.unique(key, return_inverse=True, return_counts=True)
        last = np.zeros(len(keys), np.int64)
        np.maximum.at(last, place, lines.received)
        sums = {name: np.bincount(place, weights=flag, minlength=len(keys)) for name, flag in flags.items()}
        for n, one in enumerate(keys.tolist()):
            self.rows.append(
                {
                    "source": words[0][one >> 48],
                    "event": words[1][(one >> 24) & 0xFFFFFF],
                    "day": one & 0xFFFFFF,
                    figure: int(count[n]),
                    **{name: int(told[n]) for name, told in sums.items()},
                    "last": int(last[n]),
                }
            )

    def table(self) -> pa.Table:
        """Return the rows as they are stored."""
        kinds = {"source": pa.string(), "event": pa.string()}
        return pa.table(
            {
                name: pa.array([row.get(name, 0) for row in self.rows], kinds.get(name, pa.int64()))
                for name in COLUMNS
            }
        )


class Schema:
    """Which properties each event was seen with: their types, an example, first and last seen."""

    def __init__(self, known: list[tuple[str, str, str]]) -> None:
        self._known = set(known)
        self._seen: dict[tuple[str, str, str], list[int]] = {}
        self._flushed = 0.0

    def look(self, shaped: Shaped, books: Books) -> list[tuple[str, str, str, str, int]]:
        """Note what a load's events say; return what was never seen: event, property, type, example, received."""
        line, number, kinds = shaped.said
        if not len(line) or number.max() < 0:
            return []
        keys, first, count = _counted(shaped, line, number, _TYPE_OF[kinds])
        names = {code: word for word, code in shaped.words("event").items()}
        new = []
        received = shaped.lines.received
        for one, at, many in zip(keys.tolist(), first.tolist(), count.tolist(), strict=True):
            told = (names[one >> 32], books.properties.names[(one >> 4) & 0xFFFFFFF], _TYPE_NAMES[one & 15])
            when = int(received[line[at]])
            if told in self._known:
                seen = self._seen.setdefault(told, [0, 0])
                self._seen[told] = [seen[0] + many, max(seen[1], when)]
            elif len(self._known) < MOST_SCHEMA:
                self._known.add(told)
                self._seen[told] = [many - 1, when]  # the first is counted with its row
                new.append((*told, shaped.example(at), when))
        return new

    @property
    def due(self) -> bool:
        """Whether counts should be written: they wait, and for a while none were."""
        return bool(self._seen) and time.monotonic() - self._flushed >= SECOND

    def waiting(self) -> dict[tuple[str, str, str], tuple[int, int]]:
        """Return how often and when last, µs, was seen what is not written yet, by event, property and type."""
        return {key: (count, last) for key, (count, last) in list(self._seen.items())}

    def flush(self) -> list[tuple[str, str, str, int, int]]:
        """Return how often and when last everything was seen since the last time: event, property, type, count, µs."""
        seen, self._seen = self._seen, {}
        self._flushed = time.monotonic()
        return [(*key, count, last) for key, (count, last) in seen.items()]


def _counted(shaped: Shaped, line: Array, number: Array, kind: Array) -> tuple[Array, Array, Array]:
    """Count the different (event, property, type): ``event << 32 | property << 4 | type``, the first of each, how many.

    Parameters
    ----------
    line, number, kind : of each member the event, the property's number and the type
    """
    properties = int(number.max()) + 1
    code = np.zeros(len(shaped.names), np.int64)
    code[shaped.of_event] = shaped.event
    count, first = counted(shaped.of_event, line, number, kind, (len(code), properties))
    keys = np.flatnonzero(count)
    pair = keys >> 4
    told = (code[pair // properties] << 32) | (pair % properties << 4) | (keys & 15)
    return told, first[keys], count[keys]


class Recent:
    """Events a minute of the last hour, by source; in memory only."""

    def __init__(self) -> None:
        self._minutes: deque[tuple[int, Counter[str]]] = deque(maxlen=61)

    def add(self, rows: list[dict[str, int | str]], now: int) -> None:
        """Count what a load brought."""
        minute = now // MINUTE
        if not self._minutes or self._minutes[-1][0] != minute:
            self._minutes.append((minute, Counter()))
        for row in rows:
            self._minutes[-1][1][str(row["source"])] += int(row.get("accepted", 0))

    def per_minute(self, now: int) -> dict[str, list[int]]:
        """Return the events of each source in each of the last sixty minutes, oldest first."""
        minute = now // MINUTE
        found: dict[str, list[int]] = {}
        for when, counts in self._minutes:
            age = minute - when
            if 0 <= age < 60:
                for source, count in counts.items():
                    found.setdefault(source, [0] * 60)[59 - age] += count
        return found


__all__ = ["Absorbed", "Recent", "Schema", "Tally", "texts"]


def schema_rows(rows: list[tuple[str, str, str, int, int]]) -> pa.Table:
    """Lay counts of the schema out as a table."""
    columns: dict[str, list[Any]] = {"event": [], "property": [], "kind": [], "seen": [], "last": []}
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    types = {"seen": pa.int64(), "last": pa.int64()}
    return pa.table(
        {name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()}
    )
