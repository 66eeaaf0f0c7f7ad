"""Collected events held against the tracking plan."""

from __future__ import annotations

import msgspec
import numpy as np

from ganj.histories import DAY, Array
from ganj.store.collected.lines import KINDS, Lines
from ganj.tracking import Check

TRACK = KINDS.index("track")
OFF = "off_plan"
"""The code of the reason; what breaks the rule stands after it."""


class Off(msgspec.Struct, frozen=True):
    """An event that breaks its rule: its place among the lines, its name, what is wrong."""

    row: int
    event: str
    why: str


def off_plan(lines: Lines, check: Check) -> list[Off]:
    """Return the events that break their rules; only events that have one are read."""
    found = []
    for event, rows in _ruled(lines, check):
        for row in rows.tolist():
            why = check.wrong(event, lines.struct(row).p)
            if why is not None:
                found.append(Off(row, event, why))
    return found


def _ruled(lines: Lines, check: Check) -> list[tuple[str, Array]]:
    """Return the rows of each event that has a rule."""
    if not check or not len(lines):
        return []
    rows = np.flatnonzero(lines.what == TRACK)
    keys = lines.at(rows).hash("e")
    named, first = np.unique(keys, return_index=True)
    words = lines.texts("e", rows[first])
    ruled = set(check.events)
    return [
        (word, rows[keys == key]) for key, word in zip(named, words, strict=True) if word in ruled and word
    ]


def flags(lines: Lines, off: list[Off]) -> list[dict[str, int | str]]:
    """Return rows of the table ``tallies`` that count what is off the plan."""
    counts: dict[tuple[str, str, int], list[int]] = {}
    sources = lines.texts("w", np.array([one.row for one in off], np.int64))
    for one, source in zip(off, sources, strict=True):
        received = int(lines.received[one.row])
        told = counts.setdefault((source or "", one.event, received // DAY), [0, 0])
        told[0], told[1] = told[0] + 1, max(told[1], received)
    return [
        {"source": source, "event": event, "day": day, "off_plan": count, "last": last}
        for (source, event, day), (count, last) in counts.items()
    ]
