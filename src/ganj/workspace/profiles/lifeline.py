"""A customer's whole life at a glance: how much of each lane there was at each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ganj.calendar import DAY
from ganj.histories import Array
from ganj.store.timelines import Sketch
from ganj.workspace.profiles.lanes import NAMES, lane_of, number_of

BINS = 120
"""Places along the line: dots nearer than that cannot be told apart."""


@dataclass(frozen=True, eq=False)
class Mark:
    """What happened in one lane at one place of the line.

    Attributes
    ----------
    lane : its name
    first, last : µs of the first and last event
    count : events
    amount : their money, 0 where there is none
    event : the name, where all have the same; else empty
    """

    lane: str
    first: int
    last: int
    count: int
    amount: float
    event: str


@dataclass(frozen=True, eq=False)
class Lifeline:
    """Marks by lane, over the time from the first to the last event.

    Attributes
    ----------
    lanes : names of the lanes that hold anything, in their order, with their counts
    """

    first: int
    last: int
    lanes: tuple[tuple[str, int], ...]
    marks: tuple[Mark, ...]
    total: int


def lifeline(sketch: Sketch, derived: list[dict[str, Any]], bins: int = BINS) -> Lifeline | None:
    """Draw together what lies close; None where there is nothing.

    Parameters
    ----------
    derived : entries beside the events: ``time`` and ``event``
    """
    if not len(sketch) and not derived:
        return None
    times = [one["time"] for one in derived]
    ends = [*times, *([int(sketch.time[0]), int(sketch.time[-1])] if len(sketch) else [])]
    first, last = min(ends), max(ends)
    step = max((last - first) // bins + 1, DAY // 24)
    marks: list[Mark] = []
    for name, rows in _by_lane(sketch):
        marks += _marks(sketch, rows, (sketch.time[rows] - first) // step, name)
    marks += [Mark(lane_of(one["event"]), one["time"], one["time"], 1, 0.0, one["event"]) for one in derived]
    counts = {name: sum(mark.count for mark in marks if mark.lane == name) for name in NAMES}
    lanes = tuple((name, count) for name, count in counts.items() if count)
    return Lifeline(first, last, lanes, tuple(marks), len(sketch))


def _by_lane(sketch: Sketch) -> list[tuple[str, Array]]:
    """Return int64[n] ascending for each lane: its events."""
    of_name = np.array([number_of(lane_of(name)) for name in sketch.names] or [0], np.int8)
    lane = of_name[sketch.event]
    order = np.argsort(lane, kind="stable")
    ends = np.searchsorted(lane[order], np.arange(len(NAMES) + 1))
    return [(name, order[ends[at] : ends[at + 1]]) for at, name in enumerate(NAMES)]


def _marks(sketch: Sketch, rows: Array, at: Array, lane: str) -> list[Mark]:
    """Draw one lane's events together by their place."""
    if not len(rows):
        return []
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    stops = np.append(starts[1:], len(rows))
    amounts = np.add.reduceat(np.nan_to_num(np.abs(sketch.amount[rows])), starts)
    codes = sketch.event[rows]
    low, high = np.minimum.reduceat(codes, starts), np.maximum.reduceat(codes, starts)
    return [
        Mark(
            lane,
            int(sketch.time[rows[start]]),
            int(sketch.time[rows[stop - 1]]),
            int(stop - start),
            float(amount),
            sketch.names[a] if a == b else "",
        )
        for start, stop, amount, a, b in zip(starts, stops, amounts, low.tolist(), high.tolist(), strict=True)
    ]
