"""Turns what was posted to a webhook into lines of the log."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from ganj.intake.hooks.flat import flat
from ganj.intake.hooks.guessing import guessed
from ganj.intake.hooks.hook import Hook
from ganj.intake.http.clocks import instant
from ganj.intake.http.messages import Unfit
from ganj.log import OWN, REJECTED, Line

MOST_TEXT = 30_000
"""Characters kept of what could not be read."""
INVOLVED = ("email", "phone", "national_code")
MONEY = {"amount": "revenue", "order": "order_id", "product": "product_id"}


def lines(hook: Hook, document: Any, received: int) -> list[Line]:
    """Return the events of a document: one, or one for each member of a list.

    What cannot be an event becomes a line that keeps it with the reason, so that it can be replayed when the
    mapping is mended.
    """
    members = document if isinstance(document, list) else [document]
    return [_line(hook, member, received) for member in members]


def _line(hook: Hook, member: Any, received: int) -> Line:
    try:
        return read(hook, member, received)
    except Unfit as why:
        text = msgspec.json.encode(member).decode()
        told = {"reason": why.code, "text": text[:MOST_TEXT], "hook": hook.name}
        return Line("rejected:" + _message(hook, text), received, received, REJECTED, hook.name, OWN, p=told)


def read(hook: Hook, member: Any, received: int) -> Line:
    """Return the event that one document tells.

    Raises
    ------
    Unfit
        It is no object, or lacks who or what.
    """
    if not isinstance(member, dict):
        raise Unfit(code="not_an_object")
    values = flat(member)
    places = {**guessed(values), **hook.fields}
    said = {meaning: values[place] for meaning, place in places.items() if place in values}
    event = hook.event or str(said.get("event", ""))
    if not event:
        raise Unfit(code="no_event")
    who = [(kind, str(said[kind])) for kind in INVOLVED if kind in said]
    user, visitor = _text(said.get("customer_id")), _text(said.get("anonymous_id"))
    if not (who or user or visitor):
        raise Unfit(code="no_user_anon_id")
    number = said.get("message")
    message = f"{hook.name}:{event}:{number}" if number is not None else msgspec.json.encode(member).decode()
    return Line(
        _message(hook, message),
        received,
        _time(said.get("time"), received),
        "track",
        hook.name,
        OWN,
        event,
        user,
        visitor,
        i=who or None,
        p=_properties(hook, said, values, set(places.values())),
        x={"name": str(said["name"])} if "name" in said else None,
    )


def _message(hook: Hook, text: str) -> str:
    """Return the key of "exactly once": a sender that tries again sends the same."""
    return "hook-" + hashlib.sha256(f"{hook.name}\n{text}".encode()).hexdigest()[:40]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:512]


def _time(value: Any, received: int) -> int:
    """Return when it happened; when it was received where that is not said or cannot be read."""
    found = None if value is None else instant(str(value))
    return received if found is None else found


def _properties(hook: Hook, said: dict[str, Any], values: dict[str, Any], used: set[str]) -> dict[str, Any]:
    """Return the rest, each value under the last of its names; two of one name keep their places."""
    rest = {place: value for place, value in values.items() if place not in used}
    last = [_name(place) for place in rest]
    found = {
        name if last.count(name) == 1 else place.replace(".", "_"): value
        for name, (place, value) in zip(last, rest.items(), strict=True)
    }
    told = {name: said[meaning] for meaning, name in MONEY.items() if meaning in said}
    currency = said.get("currency") or hook.currency
    return {**found, **told, **({"currency": str(currency)} if currency and "revenue" in told else {})}


def _name(place: str) -> str:
    parts = place.split(".")
    return "_".join(parts[-2:]) if parts[-1].isdecimal() else parts[-1]
