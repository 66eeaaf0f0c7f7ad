"""What people decide about customers, as lines of the log: these two are one person; those are not.

Sides are named by identifiers, not by numbers, so a decision means the same after everything derived has
been made anew.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ganj.log import OWN, Line
from ganj.store.identifying import Identifying

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


Decision = MergeDecision | UnmergeDecision | PreferDecision


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


def apply(told: Line, identifying: Identifying) -> Outcome:
    """Do what a line decides; nothing where it names nobody or is so already."""
    decision = read(told)
    if isinstance(decision, UnmergeDecision):
        done = identifying.unmerge(decision.merge, told.t, decision.by)
    elif isinstance(decision, MergeDecision):
        done = _merge(decision, told, identifying)
    elif isinstance(decision, PreferDecision):
        done = identifying.prefer(decision.trait, decision.rule, decision.sources)
    else:
        done = False
    return "done" if done else "nothing"


def _merge(decision: MergeDecision, told: Line, identifying: Identifying) -> bool:
    one, other = identifying.owner(*decision.one), identifying.owner(*decision.other)
    if one < 0 or other < 0:
        return False
    return identifying.merge(
        {
            "id": told.m,
            "one": one,
            "other": other,
            "one_kind": decision.one[0],
            "one_value": decision.one[1],
            "other_kind": decision.other[0],
            "other_value": decision.other[1],
            "time": told.t,
            "automatic": False,
            "evidence": msgspec.json.encode({"by": decision.by, **decision.evidence}).decode(),
        }
    )
