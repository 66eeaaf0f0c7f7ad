"""Lists of customers and one customer's profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj import miners
from ganj.errors import UnknownName
from ganj.histories import Array
from ganj.miner import Column, Miner
from ganj.segments import Segment, members
from ganj.text import Text

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
    """What is known of one customer.

    ``scores`` holds, for each analysis with a place on the first page, its columns and this customer's values.
    """

    number: int
    identifiers: list[Any]
    traits: dict[str, Any]
    timeline: list[dict[str, Any]]
    scores: dict[str, tuple[tuple[Column, Any], ...]]


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


def profile(workspace: Workspace, number: int) -> Profile:
    """Return one customer's profile.

    Raises
    ------
    UnknownName
        No customer has this number.
    """
    known = workspace.store.profile(number)
    if known is None:
        raise UnknownName(kind=Text("customer", "مشتری"), name=str(number), near="—")
    timeline = workspace.store.timeline(number, limit=500)
    return Profile(number, known["identifiers"], known["traits"], timeline, _scores(workspace, number))


def _scores(workspace: Workspace, number: int) -> dict[str, tuple[tuple[Column, Any], ...]]:
    out = {}
    for name in miners.names():
        cls = miners.find(name)
        asked = _default(cls)
        if asked is None or not cls.scored or not cls.at_home:
            continue
        table = workspace.answers.scores(asked)
        at = int(np.searchsorted(table["customer"].to_numpy(), number))
        if at < table.num_rows and table["customer"][at].as_py() == number:
            row = table.slice(at, 1).to_pylist()[0]
            out[name] = tuple((column, row[column.name]) for column in cls.scored)
    return out


def _default(cls: type[Miner[Any, Any]]) -> Miner[Any, Any] | None:
    """Return the analysis with its defaults, where it has one for every parameter."""
    if any(field.required for field in msgspec.structs.fields(cls)):
        return None
    return cls()
