"""Fills the parameters a person left open, so that a miner that runs says exactly what it computes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from ganj.display import Display
from ganj.errors import UnknownName
from ganj.miner import Miner
from ganj.parameters import Parameter, parameters
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace

_KINDS = {
    "event": Text("event", "رویداد"),
    "trait": Text("trait", "ویژگی"),
    "property": Text("property or trait", "ویژگی"),
    "segment": Text("segment", "بخش"),
}


def resolve(workspace: Workspace, miner: Miner[Any, Any]) -> Miner[Any, Any]:
    """Return the miner with zone, calendar, first weekday and as-of day filled in.

    The as-of day left open is the day after the last event with a known customer: a file of last year
    is read as of last year.

    Raises
    ------
    UnknownName
        A parameter names an event, property, trait or segment that is not there.
    """
    settings = workspace.settings
    filled: dict[str, Any] = {
        "zone": miner.zone or settings.zone,
        "calendar": miner.calendar or settings.calendar,
        "week_start": miner.week_start if miner.week_start >= 0 else settings.week_start,
    }
    if miner.until is None:
        filled["until"] = _after_last(workspace, filled["zone"])
    for parameter in parameters(type(miner)):
        _check(workspace, miner, parameter)
    return msgspec.structs.replace(miner, **filled)


def _after_last(workspace: Workspace, zone: str) -> Any:
    span = workspace.store.span()
    if span is None:
        return None
    return datetime.fromtimestamp(span[1] / 1e6, UTC).astimezone(ZoneInfo(zone)).date() + timedelta(days=1)


def _check(workspace: Workspace, miner: Miner[Any, Any], parameter: Parameter) -> None:
    if parameter.of not in _KINDS:
        return
    given = getattr(miner, parameter.name)
    if given == parameter.default or list(given or ()) == list(parameter.default or ()):
        return
    known = _known(workspace, parameter.of)
    for name in (given,) if isinstance(given, str) else given:
        if name and name not in known:
            raise UnknownName.among(_KINDS[parameter.of], name, known)


def _known(workspace: Workspace, kind: str) -> tuple[str, ...]:
    store = workspace.store
    if kind == "event":
        return store.names("event")
    if kind == "segment":
        return tuple(workspace.segments())
    traits = tuple(store.traits())
    return traits if kind == "trait" else (*store.properties(), *traits)


def default_settings() -> Display:
    """Return the settings of a new workspace: Persian, Jalali, rial shown as toman."""
    return Display()
