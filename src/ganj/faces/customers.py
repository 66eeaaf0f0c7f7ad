"""One customer as the shell and the API tell it: which part is asked for, and the whole as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganj.calendar import midnight, parse_date
from ganj.display import Display
from ganj.parameters import build
from ganj.workspace import Workspace
from ganj.workspace.profiles import whole
from ganj.workspace.profiles.cards import Order
from ganj.workspace.profiles.timeline import Wanted

Json = dict[str, Any]
DIGITS = 7  # of a page's size, at most


def wanted(asked: Mapping[str, Any], lanes: list[str], zone: str) -> Wanted:
    """Read which part of a timeline is asked for: ``since``, ``until`` (days), ``before``, ``limit``."""
    limit = str(asked.get("limit") or Wanted().limit)
    return Wanted(
        lanes=tuple(lanes),
        since=instant(str(asked.get("since") or ""), zone),
        until=instant(str(asked.get("until") or ""), zone),
        before=str(asked.get("before") or ""),
        limit=int(limit) if limit.isdecimal() and len(limit) < DIGITS else 0,
    )


def instant(words: str, zone: str) -> int | None:
    """Return the µs at which a day begins; None where none is named."""
    return int(midnight(parse_date(words), zone)) if words.strip() else None


def whole_of(workspace: Workspace, number: int, asked: Json, display: Display) -> Json:
    """Return everything known of a customer."""
    part = wanted(asked, list(asked.get("lane") or ()), workspace.settings.zone)
    return whole.whole(workspace, workspace.customer(number, part), display)


def consents_of(workspace: Workspace, number: int) -> Json:
    """Return what a customer allowed, by channel."""
    return {name: whole.consent(one) for name, one in workspace.profiles.consents(number).items()}


def card(workspace: Workspace, order: Json, address: str) -> Json:
    """Sign a link to a customer's card."""
    issued = workspace.profiles.card(build(Order, order))
    return {"token": issued.token, "url": address.rstrip("/") + issued.path, "expires": issued.expires}
