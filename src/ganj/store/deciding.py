"""What people decide about customers, as lines of the log: these two are one person; those are not.

Sides are named by identifiers, not by numbers, so a decision means the same after everything derived has
been made anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Literal

import msgspec
import pyarrow as pa

from ganj.log import OWN, Line
from ganj.store.identifying import JOINED, Identifying

Link = tuple[str, str]


class MergeDecision(msgspec.Struct, frozen=True, tag="merge", tag_field="verb"):
    """Two customers are one person.

    Attributes
    ----------
    one, other : an identifier of each, (kind, value)
    by : who says so
    evidence : why
    """

    one: Link
    other: Link
    by: str = ""
    evidence: dict[str, Any] = {}


class UnmergeDecision(msgspec.Struct, frozen=True, tag="unmerge", tag_field="verb"):
    """A merge was a mistake. ``merge`` is its id; ``one`` and ``other`` are what it joined, to be read by people."""

    merge: str
    one: Link | None = None
    other: Link | None = None
    by: str = ""


class PreferDecision(msgspec.Struct, frozen=True, tag="prefer", tag_field="verb"):
    """Which source wins a trait.

    Attributes
    ----------
    trait : its name
    rule : whoever spoke ``last`` or ``first``, the longest value (``complete``), or the first of ``sources``
    sources : names, the most trusted first; who is not among them comes after them
    """

    trait: str
    rule: Literal["last", "first", "complete", "sources"] = "last"
    sources: tuple[str, ...] = ()
    by: str = ""


class ApartDecision(msgspec.Struct, frozen=True, tag="apart", tag_field="verb"):
    """Two customers are different people: nothing but a person's word makes them one.

    Attributes
    ----------
    one, other : an identifier of each, (kind, value)
    stands : False takes back that it was ever said
    """

    one: Link
    other: Link
    by: str = ""
    stands: bool = True


Decision = MergeDecision | UnmergeDecision | PreferDecision | ApartDecision


def line(decision: Decision, message: str, now: int) -> Line:
    """Return a decision as a line of the log."""
    return Line(m=message, r=now, t=now, k="decision", w=OWN, d=OWN, p=msgspec.to_builtins(decision))


def read(told: Line) -> Decision | None:
    """Return the decision of a line about who is who; None for decisions about other things."""
    try:
        found: Decision = msgspec.convert(told.p, Decision)
    except msgspec.ValidationError:
        return None
    return found


Outcome = Literal["done", "nothing"]


def apply(lines: Sequence[Line], identifying: Identifying) -> list[Outcome]:
    """Do what lines decide, in order; nothing where one names nobody or is so already.

    Merges that follow each other are made together: what moves by them is moved once.
    """
    done: list[bool] = []
    told = ((line, read(line)) for line in lines)
    for merging, group in groupby(told, key=lambda one: isinstance(one[1], MergeDecision)):
        if merging:
            done += identifying.merge(_joined(list(group), identifying))
        else:
            done += [_one(decision, line, identifying) for line, decision in group]
    return ["done" if one else "nothing" for one in done]


def _one(decision: Decision | None, told: Line, identifying: Identifying) -> bool:
    if isinstance(decision, UnmergeDecision):
        return identifying.unmerge(decision.merge, told.t, decision.by)
    if isinstance(decision, PreferDecision):
        return identifying.prefer(decision.trait, decision.rule, decision.sources)
    if isinstance(decision, ApartDecision):
        sides = decision.one, decision.other
        return identifying.apart(sides, told.t, decision.by, stands=decision.stands)
    return False


def _joined(told: list[tuple[Line, Any]], identifying: Identifying) -> pa.Table:
    """Return merges as they are stored: `ganj.store.identifying.JOINED`; -1 for a side that is nobody."""
    owners = identifying.owners([side for _, decision in told for side in (decision.one, decision.other)])
    rows = [
        {
            "id": line.m,
            "one_kind": decision.one[0],
            "one_value": decision.one[1],
            "other_kind": decision.other[0],
            "other_value": decision.other[1],
            "time": line.t,
            "automatic": False,
            "evidence": msgspec.json.encode({"by": decision.by, **decision.evidence}).decode(),
        }
        for line, decision in told
    ]
    table = pa.Table.from_pylist(rows, schema=JOINED)
    for at, name in enumerate(("one", "other")):
        table = table.set_column(JOINED.get_field_index(name), name, pa.array(owners[at::2], pa.int32()))
    return table
