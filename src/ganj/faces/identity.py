"""Who is one person, by which rules, and who lives with whom, as the shell, the API and pages tell it."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from ganj.errors import BadParameter
from ganj.parameters import dump
from ganj.text import Text
from ganj.workspace import Workspace

Json = dict[str, Any]
MOST = 1_000
WRITE = Text("write KIND=COUNT or KIND=COUNT/DAYS.", "به شکل «نوع=شمار» یا «نوع=شمار/روز» بنویسید.")


class Preference(msgspec.Struct, forbid_unknown_fields=True):
    """Which source wins a trait: ``last``, ``first``, ``complete``, or ``sources`` in order of trust."""

    rule: str = "last"
    sources: tuple[str, ...] = ()
    by: str = ""


def change_rules(workspace: Workspace, changes: Json) -> Json:
    """Change some rules of identity and return all."""
    return dump(workspace.save_identity_rules({**dump(workspace.identity_rules), **changes}))


def limits(words: list[str]) -> Json:
    """Read limits written as ``email=3`` or ``device=5/7`` (five within seven days).

    Raises
    ------
    BadParameter
        One is written otherwise.
    """
    told = {}
    for one in words:
        kind, sign, rest = one.partition("=")
        most, slash, days = rest.partition("/")
        if not (sign and most.isdecimal() and (days.isdecimal() or not slash)):
            raise BadParameter(parameter="limit", value=one, why=WRITE)
        told[kind.strip()] = {"most": int(most), "days": int(days or 0)}
    return told


def preferences(workspace: Workspace) -> Json:
    """Return which source wins, of the traits of which it was decided: ``preferences``."""
    told = workspace.store.persons.preferred().items()
    named = [{"trait": trait, "rule": rule, "sources": list(sources)} for trait, (rule, sources) in told]
    return {"preferences": named}


def prefer(workspace: Workspace, trait: str, told: Preference) -> Json:
    """Decide which source wins a trait and return all that was decided."""
    workspace.prefer(trait, told.rule, told.sources, told.by)
    return preferences(workspace)


def households(workspace: Workspace, limit: int = 50, offset: int = 0) -> Json:
    """Return who lives with whom: ``total`` and a page of ``households``."""
    about = workspace.duplicates.households
    page = about.page(max(0, min(limit, MOST)), max(offset, 0))
    names = called(workspace, sorted({number for members in page for number in members}))
    told = [[{"customer": number, "name": names[number]} for number in members] for members in page]
    return {"total": about.count(), "households": told}


def household(workspace: Workspace, number: int) -> list[Json]:
    """Return who lives with a customer."""
    names = called(workspace, workspace.duplicates.households.of(workspace.find(f"#{number}")))
    return [{"customer": other, "name": name} for other, name in names.items()]


def called(workspace: Workspace, numbers: list[int]) -> dict[int, str]:
    """Return the names of customers, empty where none is known."""
    told = workspace.store.people(np.array(numbers, np.int32), ("name",)).to_pylist() if numbers else []
    return dict.fromkeys(numbers, "") | {row["customer"]: row["name"] or "" for row in told}
