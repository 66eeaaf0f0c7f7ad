"""Merging customers and taking merges back: a decision in the log, seen at once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ganj.errors import BadParameter, UnknownName
from ganj.identity.errors import (
    AlreadyUndone,
    BadIdentifier,
    NoSuchIdentifier,
    SamePerson,
    UnknownMerge,
)
from ganj.identity.kinds import kind_of, normal
from ganj.identity.rules import Rules
from ganj.log import OWN, Line
from ganj.parameters import build
from ganj.persian import ascii_digits
from ganj.store.deciding import (
    ApartDecision,
    Decision,
    MergeDecision,
    PreferDecision,
    UnmergeDecision,
    line,
)
from ganj.store.identifying import Link
from ganj.store.persons import Merge
from ganj.text import Text
from ganj.workspace.profiles.finding import CUSTOMER

if TYPE_CHECKING:
    from ganj.workspace import Workspace

WINNERS = ("last", "first", "complete", "sources")
NO_RULE = Text(
    "it is one of: last, first, complete, sources.", "یکی از این‌ها باشد: last، first، complete، sources."
)
NO_SOURCES = Text(
    "the rule «sources» names them in order of trust, and no other rule does.",
    "قاعدهٔ sources منبع‌ها را به ترتیب اعتماد می‌برد و قاعده‌های دیگر منبعی نمی‌خواهند.",
)

Side = int | str | Link
"""A customer: its number, ``"email:sara@example.com"``, or an identifier as (kind, value)."""


def merge(workspace: Workspace, one: Side, other: Side, evidence: dict[str, Any], by: str) -> Merge:
    """Say that two customers are one person.

    Raises
    ------
    NoSuchIdentifier, BadIdentifier
        A side is nobody.
    SamePerson
        They are one already.
    """
    sides = link(workspace, one), link(workspace, other)
    numbers, (left, right) = _owners(workspace, sides)
    if left == right:
        raise SamePerson(customer=left)
    told = _decide(workspace, MergeDecision(*sides, by, evidence))
    return Merge(
        id=told.m,
        customer=min(left, right),
        one=sides[0],
        other=sides[1],
        numbers=numbers,
        time=told.t,
        automatic=False,
        by=by,
        evidence=evidence,
    )


def merge_all(workspace: Workspace, pairs: Sequence[tuple[Link, Link, dict[str, Any]]], by: str) -> list[str]:
    """Say that pairs are one person each, all at once; returns the merges' ids, empty where two are one already."""
    now = time.time_ns() // 1000
    told = [
        line(MergeDecision(one, other, by, evidence), str(uuid.uuid4()), now + at)
        for at, (one, other, evidence) in enumerate(pairs)
    ]
    workspace.collect(told, OWN)
    workspace.store.absorb()
    made = workspace.store.persons.known_merges([one.m for one in told])
    return [one.m if one.m in made else "" for one in told]


def tell_apart(workspace: Workspace, one: Side, other: Side, by: str, *, stands: bool = True) -> None:
    """Say that two customers are different people, or take that back; no rule brings them together meanwhile.

    Raises
    ------
    NoSuchIdentifier, BadIdentifier
        A side is nobody.
    """
    sides = link(workspace, one), link(workspace, other)
    _owners(workspace, sides)
    _decide(workspace, ApartDecision(*sides, by, stands))


def unmerge(workspace: Workspace, name: str, by: str) -> Merge:
    """Take a merge back, an automatic one too; the rules do not bring the two together again.

    Raises
    ------
    UnknownMerge, AlreadyUndone
        There is nothing to take back.
    """
    found = _named(workspace, name)
    if found.undone is not None:
        raise AlreadyUndone(merge=name)
    told = _decide(workspace, UnmergeDecision(name, found.one, found.other, by))
    origins, now = workspace.store.owners((found.one, found.other)).tolist()
    return msgspec.structs.replace(
        found, customer=now[origins.index(min(origins))], undone=told.t, undone_by=by
    )


def _decide(workspace: Workspace, decision: Decision) -> Line:
    told = line(decision, str(uuid.uuid4()), time.time_ns() // 1000)
    workspace.collect([told], OWN)
    workspace.store.absorb()
    return told


def _named(workspace: Workspace, name: str) -> Merge:
    found = workspace.store.persons.merge(name)
    if found is None:
        raise UnknownMerge(merge=name)
    return found


def _owners(workspace: Workspace, sides: tuple[Link, Link]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the numbers under which two sides came, and who they are now."""
    origins, now = workspace.store.owners(sides).tolist()
    for side, owner in zip(sides, now, strict=True):
        if owner < 0:
            raise NoSuchIdentifier(kind=side[0], value=side[1])
    return (origins[0], origins[1]), (now[0], now[1])


def link(workspace: Workspace, side: Side) -> Link:
    """Return the identifier that names a side in a decision.

    Raises
    ------
    BadIdentifier, UnknownName
        It names nothing that could be a customer, or a number that nobody has.
    """
    words = side if isinstance(side, tuple | int) else ascii_digits(side.strip())
    if isinstance(words, str):
        words = _read(words)
    if isinstance(words, tuple):
        return words
    found = workspace.store.persons.link(words) if 0 <= words < 1 << 31 else None
    if found is None:
        raise UnknownName(kind=CUSTOMER, name=str(words), near="—")
    return found


def _read(words: str) -> int | Link:
    number = words.removeprefix("#")
    if number.isdecimal() and len(number) < 11:
        return int(number)
    kind, colon, value = words.partition(":")
    if words.startswith("external:"):
        name, colon, value = words.removeprefix("external:").partition(":")
        kind = f"external:{name}"
    known = kind_of(kind)
    found = known and colon and normal(known, value)
    if not (known and found):
        raise BadIdentifier(words=words)
    return known, found


def prefer(workspace: Workspace, trait: str, rule: str, sources: Sequence[str], by: str) -> None:
    """Decide which source wins a trait.

    Raises
    ------
    UnknownName, BadParameter
        There is no such trait or rule, or the rule needs sources.
    """
    known = workspace.store.traits()
    if trait not in known and trait not in workspace.store.persons.preferred():
        raise UnknownName.among(Text("trait", "ویژگی"), trait, known)
    if rule not in WINNERS:
        raise BadParameter(parameter="rule", value=rule, why=NO_RULE)
    if (rule == "sources") != bool(sources):
        raise BadParameter(parameter="sources", value=list(sources), why=NO_SOURCES)
    told = {"verb": "prefer", "trait": trait, "rule": rule, "sources": list(sources), "by": by}
    _decide(workspace, msgspec.convert(told, PreferDecision))


def save_rules(workspace: Workspace, told: dict[str, Any]) -> Rules:
    """Keep new identity rules.

    Raises
    ------
    UnknownName, BadParameter, BadRules
        They cannot be used, and why; the rules before stay.
    """
    rules = build(Rules, told)
    rules.check()
    workspace.store.persons.save_rules(rules)
    return rules
