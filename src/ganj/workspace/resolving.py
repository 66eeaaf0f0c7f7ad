"""Fills the parameters a person left open, so that a miner that runs says exactly what it computes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from ganj.display import Display
from ganj.errors import UnknownName
from ganj.filters import Condition, Filter, each, selector
from ganj.miner import Miner
from ganj.parameters import Parameter, parameters
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace

_KINDS = {
    "event": Text("event", "رویداد"),
    "trait": Text("trait", "ویژگی"),
    "property": Text("property or trait", "ویژگی"),
    "item": Text("property", "ویژگی"),
    "segment": Text("segment", "بخش"),
    "condition": Text("property or trait", "ویژگی"),
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
    for name in (given,) if isinstance(given, str) else given:
        if parameter.of == "condition":
            _check_conditions(workspace, Filter.read((name,)))
        elif parameter.of == "event":
            _check_selector(workspace, name)
        else:
            _check_name(workspace, parameter.of, name)


def _check_selector(workspace: Workspace, words: str) -> None:
    if words in workspace.store.names("event"):
        return
    meant = selector(words) if words else None
    if meant is not None:
        _check_name(workspace, "event", meant.event)
        _check_conditions(workspace, meant.where)


def _check_conditions(workspace: Workspace, where: Filter) -> None:
    for one in each(where.conditions):
        if not one.about_column:
            _check_name(workspace, "condition", one.name, _nameable(workspace, one))


def _check_name(workspace: Workspace, kind: str, name: str, known: tuple[str, ...] | None = None) -> None:
    known = _known(workspace, kind) if known is None else known
    if name and name not in known:
        raise UnknownName.among(_KINDS[kind], name, known)


def _nameable(workspace: Workspace, one: Condition) -> tuple[str, ...]:
    """List what a condition may speak of, properties of many values too."""
    store = workspace.store
    traits = () if one.side == "event" else tuple(store.traits())
    return (
        traits
        if one.side == "customer"
        else (*store.properties(), *store.snapshot.wide_properties(), *traits)
    )


def _known(workspace: Workspace, kind: str) -> tuple[str, ...]:
    store = workspace.store
    if kind == "event":
        return store.names("event")
    if kind == "item":  # named only, so it may have many values
        return ("channel", "source", *store.properties(), *store.snapshot.wide_properties())
    if kind == "segment":
        return tuple(workspace.segments())
    traits = tuple(store.traits())
    return traits if kind == "trait" else (*store.properties(), *traits)


def default_settings() -> Display:
    """Return the settings of a new workspace: Persian, Jalali, rial shown as toman."""
    return Display()
