"""Merges of customers, as the shell and the API tell them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from ganj.errors import BadParameter
from ganj.store.persons import Merge
from ganj.text import Text
from ganj.workspace import Workspace

Json = dict[str, Any]
MOST = 1_000
NOT_A_TIME = Text("write a time as 2026-03-21T10:00:00Z.", "زمان را به شکل 2026-03-21T10:00:00Z بنویسید.")


class NewMerge(msgspec.Struct, forbid_unknown_fields=True):
    """Two customers who are one person: numbers, or a kind and a value as ``email:sara@example.com``."""

    one: int | str
    other: int | str
    evidence: dict[str, Any] = {}
    by: str = ""


def told(workspace: Workspace, merge: Merge) -> Json:
    """Return a merge with its times as words, personal identifiers as programs are given them."""
    given = workspace.profiles.privacy.given
    sides = [{"kind": kind, "value": given(kind, value)} for kind, value in (merge.one, merge.other)]
    plain: Json = msgspec.to_builtins(merge, str_keys=True)
    return plain | {
        "one": sides[0] | {"number": merge.numbers[0]},
        "other": sides[1] | {"number": merge.numbers[1]},
        "time": _words(merge.time),
        "undone": None if merge.undone is None else _words(merge.undone),
        "numbers": list(merge.numbers),
    }


def listed(workspace: Workspace, customer: int | None, limit: int, before: str = "") -> Json:
    """Return merges, newest first; ``before`` is the time of the last one of the page before."""
    moment = _moment(before) if before else None
    found = workspace.merges(customer, max(1, min(limit, MOST)), moment)
    return {"merges": [told(workspace, merge) for merge in found]}


def merged(workspace: Workspace, new: NewMerge) -> Json:
    """Merge two customers and tell the merge."""
    return told(workspace, workspace.merge(new.one, new.other, new.evidence, new.by))


def undone(workspace: Workspace, name: str, by: str = "") -> Json:
    """Take a merge back and tell it."""
    return told(workspace, workspace.unmerge(name, by))


def _words(time: int) -> str:
    return datetime.fromtimestamp(time / 1e6, UTC).isoformat()


def _moment(words: str) -> int:
    try:
        moment = datetime.fromisoformat(words.strip().replace(" ", "+"))
    except ValueError as why:
        raise BadParameter(parameter="before", value=words, why=NOT_A_TIME) from why
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1e6)
