"""Two customers side by side, and the steps from «any two people» to how probably they are one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import numpy as np

from ganj.access import consent
from ganj.errors import UnknownName
from ganj.faces.web.person import said as trait_words
from ganj.faces.web.visit import Visit
from ganj.identity.duplicates import LABELS, Step, role_of
from ganj.text import Text
from ganj.views.traits import called
from ganj.workspace.duplicates import Pair

FIRST = ("name", "first_name", "last_name", "phone", "email", "national_code", "birthday", "city", "address")
KINDS = {
    "customer_id": Text("Customer id", "شناسهٔ مشتری"),
    "phone": Text("Phone", "تلفن"),
    "email": Text("E-mail", "ایمیل"),
    "national_code": Text("National code", "کد ملی"),
    "account": Text("Company", "شرکت"),
}
SIDES = ("left", "right")
MOST = 40  # rows of one kind
LONGEST = 200  # letters of a value
MANY = 1_000_000  # times; nobody weighs more than that


class Side(msgspec.Struct, frozen=True):
    """One of the two: the number, what lists call them, and where their page is."""

    number: int | None
    name: str
    url: str


class Row(msgspec.Struct, frozen=True):
    """A field of both: its name, the two values, whether they are alike, and whose stays if nobody chooses."""

    name: str
    label: str
    values: tuple[str, str]
    same: bool
    chooses: bool
    newer: str


class Bar(msgspec.Struct, frozen=True):
    """A step of the waterfall: where it begins and how long it is, as shares of the whole width."""

    label: str
    says: str
    odds: str
    tone: str
    start: float
    width: float


def say(visit: Visit, number: int, verb: str, fields: dict[str, str]) -> None:
    """Say something of a pair.

    Raises
    ------
    UnknownName
        There is no such pair or verb.
    """
    about = visit.workspace.duplicates
    if verb == "merge":
        about.merge(number, {name: side for name, side in fields.items() if side in SIDES})
    elif verb == "different":
        about.different(number)
    elif verb == "later":
        about.later(number)
    elif verb == "undo":
        about.undo(number)
    else:
        raise UnknownName.among(Text("verb", "فعل"), verb, ("merge", "different", "later", "undo"))


def named(visit: Visit, queue: list[Pair]) -> list[dict[str, Any]]:
    """Return the pairs of a list with the names of their customers."""
    sides = [visit.workspace.duplicates.customers(pair) for pair in queue]
    known = sorted({number for both in sides for number in both if number is not None})
    told = visit.workspace.store.people(np.array(known, np.int32), ("name",)).to_pylist() if known else []
    names = {row["customer"]: row["name"] for row in told}
    return [
        {
            "id": pair.id,
            "status": pair.status,
            "likely": likely(visit, pair.probability),
            "automatic": bool(pair.decision.get("automatic")),
            "names": [
                _called(visit, names, n, link) for n, link in zip(both, (pair.left, pair.right), strict=True)
            ],
        }
        for pair, both in zip(queue, sides, strict=True)
    ]


def _called(visit: Visit, names: dict[int, str | None], number: int | None, link: tuple[str, str]) -> str:
    kind, value = link
    name = names.get(number) if number is not None else None
    return name or visit.workspace.profiles.privacy.shown(kind, value)


def side_by_side(visit: Visit, pair: Pair) -> dict[str, Any]:
    """Return everything the page shows of one pair."""
    numbers = visit.workspace.duplicates.customers(pair)
    names = named(visit, [pair])[0]["names"]
    profiles = [_profile(visit, number) for number in numbers]
    sides = [
        Side(number, name, visit.url(f"customers/{number}"))
        for number, name in zip(numbers, names, strict=True)
    ]
    return {
        "id": pair.id,
        "likely": likely(visit, pair.probability),
        "status": pair.status,
        "sides": sides,
        "rows": [*_identifiers(visit, profiles), *_traits(visit, profiles)],
        "bars": waterfall(visit, pair.contributions),
    }


def _profile(visit: Visit, number: int | None) -> dict[str, Any]:
    found = visit.workspace.store.profile(number) if number is not None else None
    return found or {"identifiers": [], "traits": {}}


def _identifiers(visit: Visit, profiles: list[dict[str, Any]]) -> list[Row]:
    """Return a row a kind of identifier; both keep theirs after a merge."""
    shown = visit.workspace.profiles.privacy.shown
    told: list[dict[str, list[str]]] = [{kind: [] for kind in KINDS} for _ in SIDES]
    for mine, profile in zip(told, profiles, strict=True):
        for kind, value, *_ in profile["identifiers"]:
            mine.setdefault(kind, []).append(value)
    rows = []
    for kind in dict.fromkeys([*told[0], *told[1]]):
        both = [mine.get(kind, []) for mine in told]
        if any(both):
            words = ["، ".join(shown(kind, value) for value in values[:3]) for values in both]
            label = visit.of(KINDS[kind]) if kind in KINDS else kind
            rows.append(_row("", label, words, both[0] == both[1], newer=""))
    return rows[:MOST]


def _row(name: str, label: str, words: list[str], same: bool, *, newer: str) -> Row:
    values = words[0][:LONGEST], words[1][:LONGEST]
    return Row(name, label, values, same, bool(name) and not same and all(values), newer)


def _traits(visit: Visit, profiles: list[dict[str, Any]]) -> list[Row]:
    told = [profile["traits"] for profile in profiles]
    names = sorted({*told[0], *told[1]}, key=_rank)
    roles = Counter(role_of(name) for name in names)
    privacy = visit.workspace.profiles.privacy
    rows = []
    for name in names[:MOST]:
        said = [traits.get(name, ("", "", None)) for traits in told]
        words = [trait_words(visit, name, value or "", privacy) for value, *_ in said]
        times = [time if time is not None else -1 for *_, time in said]
        newer = "right" if times[1] > times[0] else "left"
        rows.append(_row(name, _label(visit, name, roles), words, said[0][0] == said[1][0], newer=newer))
    return rows


def _label(visit: Visit, name: str, roles: Counter[str | None]) -> str:
    """Return a trait in words: what it means where it alone means that, else what it is called."""
    allows = consent.of_trait(name, "true", "", None)
    if allows is not None:
        words = visit.of(consent.words(allows.channel))
        return visit.say("Consent to {channel}", "رضایت به {channel}", channel=words)
    role = role_of(name)
    return visit.of(LABELS[role] if role is not None and roles[role] == 1 else called(name))


def _rank(name: str) -> tuple[int, bool, str]:
    return (FIRST.index(name) if name in FIRST else len(FIRST), role_of(name) is None, name)


def waterfall(visit: Visit, steps: tuple[Step, ...]) -> list[Bar]:
    """Return the steps as bars: each begins where the one before ended.

    The first is how rare doubles are; every further one multiplies the odds, those of no weight are left out.
    """
    kept = [step for step in steps if not step.column or abs(step.weight) >= 0.05]
    levels, total = [0.0], 0.0
    for step in kept:
        total += step.weight
        levels.append(total)
    low, high = min(levels), max(levels)
    span = (high - low) or 1.0
    return [
        Bar(
            visit.of(step.label),
            visit.of(step.says),
            odds(visit, step.weight),
            "good" if step.weight > 0 else "bad",
            100 * (min(before, after) - low) / span,
            100 * abs(after - before) / span,
        )
        for step, before, after in zip(kept, levels[:-1], levels[1:], strict=True)
    ]


def likely(visit: Visit, probability: float) -> str:
    """Say a probability; nothing is ever quite sure."""
    if probability > 0.999:
        return visit.say("> {p}", "بیش از {p}", p=visit.display.percent(99.9))
    return visit.display.percent(100 * probability)


def odds(visit: Visit, weight: float) -> str:
    """Say how many times likelier, or less likely, a step makes it, in two figures that count."""
    times = 2.0 ** min(abs(weight), 40.0)
    if times > MANY:
        shown = visit.say("more than a million times", "بیش از یک میلیون بار")
    elif times >= 10:
        shown = visit.say("{n:count} times", "{n:count} بار", n=int(float(f"{times:.2g}")))
    else:
        shown = visit.say("{n:ratio} times", "{n:ratio} بار", n=round(times, 1))
    return (
        shown
        + " "
        + (visit.say("likelier", "محتمل‌تر") if weight > 0 else visit.say("less likely", "نامحتمل‌تر"))
    )
