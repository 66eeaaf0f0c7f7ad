"""Pages of what happened to a customer, newest first, with stages and merges among the events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from ganj.errors import BadParameter, UnknownName
from ganj.histories import Array
from ganj.store.timelines import Place, Sketch
from ganj.text import Text
from ganj.workspace.profiles import merges, stages
from ganj.workspace.profiles.lanes import NAMES, events_in, lane_of

if TYPE_CHECKING:
    from ganj.store.persons import Merge
    from ganj.workspace import Workspace

MOST = 1_000
"""Events of a page."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a timeline is asked for.

    Attributes
    ----------
    lanes : names of lanes; all if empty
    since, until : µs from which and before which
    before : where the last page ended, as it was said there
    limit : events of a page, at most
    """

    lanes: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    before: str = ""
    limit: int = 50

    def __post_init__(self) -> None:
        """Refuse a lane that is none, a place that cannot be read, and pages of any length."""
        for lane in self.lanes:
            if lane not in NAMES:
                raise UnknownName.among(Text("lane", "ردیف"), lane, NAMES)
        if self.before and Place.read(self.before) is None:
            why = Text("it is not where a page ended.", "پایان هیچ صفحه‌ای نیست.")
            raise BadParameter(parameter="before", value=self.before, why=why)
        if not 1 <= self.limit <= MOST:
            why = Text(f"it must be between 1 and {MOST}.", f"باید میان ۱ و {MOST} باشد.")
            raise BadParameter(parameter="limit", value=str(self.limit), why=why)

    def shows(self, lane: str) -> bool:
        """Tell whether a lane is asked for."""
        return not self.lanes or lane in self.lanes


@dataclass(frozen=True, eq=False)
class Timeline:
    """One page of a timeline.

    Attributes
    ----------
    entries : newest first; each with ``time``, ``event``, ``lane``, ``properties``, and what events have
    next : what to give as ``before`` for the page after; empty where this is the last
    total : events that fit, on all pages
    """

    entries: list[dict[str, Any]]
    next: str
    total: int


def page(
    workspace: Workspace,
    number: int,
    wanted: Wanted,
    sketch: Sketch | None = None,
    derived: Sequence[dict[str, Any]] | None = None,
) -> Timeline:
    """Return one page; what is known already, the events in narrow columns and what follows from them, is not read again."""
    sketch = workspace.store.timelines.sketch(number) if sketch is None else sketch
    before = Place.read(wanted.before) if wanted.before else None
    keep = _kept(sketch, wanted)
    fitting = sketch.rows((wanted.since, wanted.until), before, keep)
    rows = fitting[-wanted.limit :]
    more = len(fitting) > len(rows)
    told = workspace.store.timelines.told(number, sketch, rows)
    first = int(sketch.time[rows[0]]) if more else None
    derived = derived_of(workspace, number, sketch) if derived is None else derived
    others = _within(derived, wanted, first, before)
    entries = [{**event, "lane": lane_of(event["event"])} for event in (*others, *told)]
    entries.sort(key=lambda entry: -entry["time"])  # what follows from an event stands after it, so above it
    total = len(sketch.rows((wanted.since, wanted.until), None, keep))
    return Timeline(entries, str(sketch.place(int(rows[0]))) if more else "", total)


def derived_of(workspace: Workspace, number: int, sketch: Sketch) -> list[dict[str, Any]]:
    """Return what is in no event: changes of stage and merges."""
    return beside(stages.stage(workspace, sketch), merges.of(workspace, number))


def beside(stage: stages.Stage, merged: tuple[Merge, ...]) -> list[dict[str, Any]]:
    """Return changes of stage and merges as entries."""
    return [*(change.told() for change in stage.changes), *merges.entries(merged)]


def _kept(sketch: Sketch, wanted: Wanted) -> Array | None:
    """bool[events]: those in the lanes asked for; None for all."""
    return sketch.of(events_in(sketch.names, wanted.lanes)) if wanted.lanes else None


def _within(
    derived: Sequence[dict[str, Any]], wanted: Wanted, first: int | None, before: Place | None
) -> list[dict[str, Any]]:
    """Choose what belongs on a page: not older than its first event, older than the page before."""
    low = max(one for one in (first, wanted.since, np.iinfo(np.int64).min) if one is not None)
    high = min(
        one
        for one in (before.time if before else None, wanted.until, np.iinfo(np.int64).max)
        if one is not None
    )
    chosen = [one for one in derived if wanted.shows(lane_of(one["event"])) and low <= one["time"] < high]
    return sorted(chosen, key=lambda one: -one["time"])
