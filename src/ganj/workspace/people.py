"""Lists of customers and one customer's profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj import miners
from ganj.access.consent import Consent
from ganj.errors import UnknownName
from ganj.histories import Array
from ganj.miner import Column
from ganj.segments import Segment, members
from ganj.store.persons import Merge
from ganj.store.timelines import Sketch
from ganj.text import Text
from ganj.workspace.profiles import consents, merges, notes, stages, timeline
from ganj.workspace.profiles.figures import Figures, figures
from ganj.workspace.profiles.lifeline import Lifeline, lifeline
from ganj.workspace.profiles.notes import Note
from ganj.workspace.profiles.stages import Stage
from ganj.workspace.profiles.timeline import Timeline, Wanted

if TYPE_CHECKING:
    from ganj.workspace import Workspace


class People(msgspec.Struct, frozen=True, kw_only=True):
    """A question for a list of customers.

    ``segment`` None means everyone; ``search`` is any part of a name or an identifier; ``sort`` is a
    score of the overview (``revenue``, ``orders``, ``last_order`` …) or ``customer``.
    """

    segment: Segment | None = None
    search: str = ""
    sort: str = "revenue"
    descending: bool = True
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, eq=False)
class Page:
    """One page of a list: how many there are in all, and the rows of this page.

    ``rows`` has ``customer``, the overview's scores, then what is known of the people (name, phone …).
    """

    total: int
    rows: pa.Table
    columns: tuple[Column, ...]


@dataclass(frozen=True, eq=False)
class Profile:
    """What is known of one customer from that customer's own history.

    Attributes
    ----------
    identifiers : kind, value, µs first and last seen, the source that told it first where that is known
    traits : by name: value, source and µs of the one that holds
    history : by name: every (value, source, µs) that was said, newest first
    sketch : all events in narrow columns
    timeline : the first page of what happened
    lifeline : the whole life at a glance; None where nothing happened
    figures, stage, consents, notes, merges
        See the files of `ganj.workspace.profiles`.
    """

    number: int
    identifiers: list[Any]
    traits: dict[str, Any]
    history: dict[str, list[tuple[str, str | None, int | None]]]
    sketch: Sketch
    timeline: Timeline
    lifeline: Lifeline | None
    figures: Figures
    stage: Stage
    consents: dict[str, Consent]
    notes: tuple[Note, ...]
    merges: tuple[Merge, ...]

    @property
    def name(self) -> str:
        """The customer's name, as far as it is known."""
        told = {name: str(self.traits[name][0]) for name in NAMES if name in self.traits}
        parts = " ".join(part for part in (told.get("first_name"), told.get("last_name")) if part)
        return told.get("name") or told.get("full_name") or parts or told.get("company") or ""


NAMES = ("name", "full_name", "first_name", "last_name", "company")
"""Traits that name a customer, the best first."""


def page(workspace: Workspace, asked: People) -> Page:
    """Return one page; everything but the page itself is arrays."""
    overview = miners.find("overview")
    scores = workspace.answers.scores(overview())
    everyone: Array = scores["customer"].to_numpy()
    kept = everyone if asked.segment is None else members(asked.segment, workspace.answers)
    if asked.search.strip():
        kept = np.intersect1d(kept, workspace.store.search(asked.search, 10_000))
    rows = _ordered(scores.take(pa.array(np.searchsorted(everyone, kept))), asked)
    shown = rows.slice(asked.offset, asked.limit)
    people = workspace.store.people(shown["customer"].to_numpy())
    for name in people.column_names:
        if name not in shown.column_names:
            shown = shown.append_column(name, people[name])
    return Page(len(kept), shown, overview.scored)


def _ordered(rows: pa.Table, asked: People) -> pa.Table:
    if asked.sort not in rows.column_names:
        raise UnknownName.among(Text("column", "ستون"), asked.sort, rows.column_names)
    direction = "descending" if asked.descending else "ascending"
    keys = [(asked.sort, direction)] + ([("customer", "ascending")] if asked.sort != "customer" else [])
    most = asked.offset + asked.limit
    return (
        rows.take(pc.select_k_unstable(rows, k=min(most, rows.num_rows), sort_keys=keys))
        if rows.num_rows
        else rows
    )


def profile(workspace: Workspace, number: int, wanted: Wanted | None = None) -> Profile:
    """Return one customer's profile.

    Raises
    ------
    UnknownName
        No customer has this number.
    """
    known = workspace.store.profile(number)
    if known is None:
        raise UnknownName(kind=Text("customer", "مشتری"), name=str(number), near="—")
    store, number = workspace.store, known["customer"]
    sketch = store.timelines.sketch(number)
    stage, merged = stages.stage(workspace, sketch), merges.of(workspace, number)
    derived = timeline.beside(stage, merged)
    history: dict[str, list[Any]] = {}
    for name, *rest in store.trait_history(number):
        history.setdefault(name, []).append(tuple(rest))
    return Profile(
        number,
        _with_sources(workspace, number, known["identifiers"], history),
        known["traits"],
        history,
        sketch,
        timeline.page(workspace, number, timeline.Wanted() if wanted is None else wanted, sketch, derived),
        lifeline(sketch, derived),
        figures(workspace, number, sketch),
        stage,
        consents.of(workspace, number, sketch),
        notes.standing(workspace, number, sketch),
        merged,
    )


def _with_sources(
    workspace: Workspace, number: int, identifiers: list[Any], history: dict[str, list[Any]]
) -> list[Any]:
    """Put beside each identifier who told it first: what was said then of the customer, or what happened then."""
    first = [row[2] for row in identifiers if row[2] is not None]
    happened = workspace.store.timelines.sources(number, np.unique(np.array(first, np.int64)))
    said = {time: source for told in history.values() for _, source, time in told if source}
    return [(*row, happened.get(row[2]) or said.get(row[2]) or "") for row in identifiers]
