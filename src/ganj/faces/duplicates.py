"""Pairs of customers who may be one person, as the shell and the API tell them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganj.errors import BadParameter, UnknownName
from ganj.faces.plain import plain
from ganj.text import Text
from ganj.workspace import Workspace
from ganj.workspace.duplicates import Pair, Status

Json = dict[str, Any]
STATUSES: dict[str, tuple[Status, ...]] = {
    "open": ("open", "later"),
    "later": ("later",),
    "merged": ("merged",),
    "different": ("different",),
}
VERBS = ("merge", "different", "later", "undo")
SIDES = Text("write FIELD=left or FIELD=right.", "به شکل «ویژگی=left» یا «ویژگی=right» بنویسید.")


def listed(workspace: Workspace, status: str = "open", limit: int = 50, offset: int = 0) -> Json:
    """Return pairs and their counts: ``counts``, ``promised`` and ``pairs``."""
    if status not in STATUSES:
        raise UnknownName.among(Text("state of a pair", "وضعیت جفت"), status, STATUSES)
    found = workspace.duplicates.queue(max(min(limit, 1000), 0), max(offset, 0), STATUSES[status])
    return {
        "counts": workspace.duplicates.counts(),
        "promised": round(workspace.duplicates.promised(), 3),
        "pairs": [told(workspace, pair) for pair in found],
    }


def told(workspace: Workspace, pair: Pair) -> Json:
    """Return a pair with who its customers are now, personal identifiers as programs are given them."""
    said: Json = plain(pair)
    numbers = workspace.duplicates.customers(pair)
    given = workspace.profiles.privacy.given
    for side, number in zip(("left", "right"), numbers, strict=True):
        kind, value = said[side]
        said[side] = {"customer": number, "kind": kind, "value": given(kind, value)}
    return said


def looked(workspace: Workspace, automatic: bool | None) -> Json:
    """Look for pairs and say what was found."""
    found: Json = plain(workspace.duplicates.find(automatic=automatic))
    return {**found, "counts": workspace.duplicates.counts()}


def decided(workspace: Workspace, number: int, verb: str, told_: Json) -> Json:
    """Say something of a pair.

    Raises
    ------
    UnknownName, BadParameter
        There is no such verb or pair, or a field's side is none.
    """
    verbs: dict[str, Callable[[], Pair]] = {
        "merge": lambda: workspace.duplicates.merge(number, _fields(told_), _by(told_)),
        "different": lambda: workspace.duplicates.different(number, _by(told_)),
        "later": lambda: workspace.duplicates.later(number),
        "undo": lambda: workspace.duplicates.undo(number, _by(told_)),
    }
    if verb not in verbs:
        raise UnknownName.among(Text("verb", "فعل"), verb, verbs)
    return told(workspace, verbs[verb]())


def _by(said: Json) -> str:
    return str(said.get("by") or "")[:200]


def _fields(said: Json) -> dict[str, str]:
    fields = said.get("fields") or {}
    if not isinstance(fields, dict) or set(map(str, fields.values())) - {"left", "right"}:
        raise BadParameter(parameter="fields", value=fields, why=SIDES)
    return {str(name): str(side) for name, side in fields.items()}
