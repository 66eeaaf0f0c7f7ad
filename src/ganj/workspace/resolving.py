"""Fills the parameters a person left open, so that a miner that runs says exactly what it computes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from ganj.breakdown import OF_EVENTS, PRODUCT, paged_name, parted
from ganj.calendar import zones
from ganj.display import Display
from ganj.errors import BadParameter, GanjError, UnknownName
from ganj.filters import COLUMNS, Condition, Filter, each, fitting, selector
from ganj.miner import Asked, Miner
from ganj.parameters import Parameter, parameters
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace

KINDS = {
    "event": Text("event", "رویداد"),
    "trait": Text("trait", "ویژگی"),
    "property": Text("property", "ویژگی"),
    "item": Text("property", "ویژگی"),
    "part": Text("property, trait or segment", "ویژگی رویداد، مشتری یا کالا، یا بخشی"),
    "step": Text("step", "گام"),
    "value": Text("value", "مقدار"),
    "zone": Text("time zone", "منطقهٔ زمانی"),
    "segment": Text("segment", "بخش"),
    "condition": Text("property or trait", "ویژگی"),
    "fact": Text("event or trait", "رویداد یا ویژگی"),
    "figure": Text("figure", "رقم"),
    "product": Text("product", "کالا"),
    "product.category": Text("category of products", "دستهٔ کالا"),
}
ASKED = frozenset({"fact", "figure", "product"})
"""Kinds of which the analysis itself says what they may be."""


class EmptyRange(GanjError):
    """Days between which there is nothing to read. Facts: ``since``, ``until``, and ``first``, ``last`` of the data."""

    status = 422
    says = Text(
        "There is no event from {since} until before {until}.",
        "از {since} تا پیش از {until} هیچ رویدادی نیست.",
    )
    hint = Text(
        "Events are from {first} to {last}; choose days among these.",
        "رویدادها از {first} تا {last} هستند؛ روزهایی از این بازه برگزینید.",
    )


class ReversedRange(EmptyRange):
    """A first day that does not lie before the day the range ends. Facts: ``since``, ``until``."""

    says = Text(
        "The range begins on {since} and ends before {until}: no day lies between them.",
        "بازه از {since} آغاز می‌شود و پیش از {until} پایان می‌یابد؛ هیچ روزی در آن نیست.",
    )
    hint = Text(
        "Choose an end that lies after the beginning; the day of the end itself is not counted.",
        "پایانی پس از آغاز برگزینید؛ خودِ روزِ پایان شمرده نمی‌شود.",
    )


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
    if miner.zone and miner.zone not in zones():
        raise UnknownName.among(KINDS["zone"], miner.zone, zones())
    if miner.since and miner.until and miner.since >= miner.until:
        raise ReversedRange(since=miner.since, until=miner.until)
    filled: dict[str, Any] = {
        "zone": miner.zone or settings.zone,
        "calendar": miner.calendar or settings.calendar,
        "week_start": miner.week_start if miner.week_start >= 0 else settings.week_start,
    }
    if miner.until is None:
        filled["until"] = _after_last(workspace, filled["zone"])
    for parameter in parameters(type(miner)):
        if parameter.of != "zone":
            _check(workspace, miner, parameter)
    for one in miner.asks():
        _check_asked(workspace, one)
    whole = msgspec.structs.replace(miner, **filled).knowing(workspace.store.traits())
    _check_range(workspace, whole)
    return whole


def _after_last(workspace: Workspace, zone: str) -> date | None:
    days = _days(workspace, zone)
    return days and days[1] + timedelta(days=1)


def _days(workspace: Workspace, zone: str) -> tuple[date, date] | None:
    """Return the days of the first and the last event."""
    span = workspace.store.span()
    if span is None:
        return None
    first, last = (datetime.fromtimestamp(t / 1e6, UTC).astimezone(ZoneInfo(zone)).date() for t in span)
    return first, last


def _check_range(workspace: Workspace, miner: Miner[Any, Any]) -> None:
    """Refuse days between which no event lies; a workspace without events has nothing to compare with."""
    days = _days(workspace, miner.zone)
    if days is None or miner.until is None:
        return
    since = miner.since or days[0]
    if since >= miner.until or miner.until <= days[0] or since > days[1]:
        raise EmptyRange(since=since, until=miner.until, first=days[0], last=days[1])


def _check(workspace: Workspace, miner: Miner[Any, Any], parameter: Parameter) -> None:
    if parameter.of not in KINDS or parameter.of in ASKED:
        return
    given = getattr(miner, parameter.name)
    if given == parameter.default or list(given or ()) == list(parameter.default or ()):
        return
    for name in (given,) if isinstance(given, str) else given:
        if parameter.of == "condition":
            _check_conditions(workspace, Filter.read((name,)))
        elif parameter.of == "event":
            _check_selector(workspace, name)
        elif parameter.of in {"part", "property"}:
            _check_part(workspace, parameter, name)
        else:
            _check_name(workspace, parameter.of, name)


def _check_part(workspace: Workspace, parameter: Parameter, name: str) -> None:
    """Refuse what breaks nothing down; ``customer.city`` and ``event.city`` are of the traits, the properties."""
    kind, bare = parted(name)
    if bare in workspace.store.snapshot.wide_properties() and bare not in workspace.store.traits():
        why = Text(
            "it has too many different values to break down by; filter by it instead.",
            "مقدارهای آن برای تفکیک بیش از اندازه است؛ با آن پالایه بسازید.",
        )
        raise BadParameter(parameter=parameter.name, value=name, why=why)
    known = parts(workspace, customers=parameter.of == "part")
    sides = {
        "customer": tuple(workspace.store.traits()),
        "event": (*OF_EVENTS, *workspace.store.properties()),
    }
    if name.startswith(f"{kind}.") and kind in sides:
        known = tuple(f"{kind}.{one}" for one in sides[kind])
    if name and name not in known:
        raise UnknownName.among(KINDS[parameter.of], name, known)


def _check_asked(workspace: Workspace, asked: Asked) -> None:
    known = [*asked.besides]
    for kind in asked.of:
        named = _values(workspace, kind[6:]) if kind.startswith("value:") else _known(workspace, kind)
        if named is None:
            return  # too many values to know them all
        known += named
    if asked.name in known:
        return
    meant = selector(asked.name) if "event" in asked.of else None
    if meant is not None and not (meant.event and meant.event not in known):
        _check_conditions(workspace, meant.where)
        return
    kind = "fact" if {"event", "trait"} <= {*asked.of} else asked.of[0].partition(":")[0]
    raise UnknownName.among(KINDS[kind], meant.event if meant is not None else asked.name, known)


def _values(workspace: Workspace, name: str) -> list[str] | None:
    """List the values of a property as steps are called by them; None where there are too many."""
    store = workspace.store
    if name in store.snapshot.wide_properties():
        return None
    told = store.names(name if name in {"channel", "source"} else f"property:{name}")
    return list(dict.fromkeys(called for one in told for called in (one, paged_name(one))))


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
        if one.about_product and one.op in {"=", "in"}:
            _check_goods(workspace, one)


def _check_goods(workspace: Workspace, one: Condition) -> None:
    """Refuse products, or values of what products have, none of which there is."""
    known = _known(workspace, one.name)
    if known and not fitting(known, one).any():
        raise UnknownName.among(KINDS.get(one.name, KINDS["value"]), one.values[0], known)


def _check_name(workspace: Workspace, kind: str, name: str, known: tuple[str, ...] | None = None) -> None:
    known = _known(workspace, kind) if known is None else known
    if name and name not in known:
        raise UnknownName.among(KINDS[kind], name, known)


def _nameable(workspace: Workspace, one: Condition) -> tuple[str, ...]:
    """List what a condition may speak of, properties of many values too."""
    store = workspace.store
    traits = () if one.side == "event" else tuple(store.traits())
    if one.side == "customer":
        return traits
    return (*COLUMNS, *parts(workspace, customers=False), *store.snapshot.wide_properties(), *traits)


def _known(workspace: Workspace, kind: str) -> tuple[str, ...]:
    store = workspace.store
    if kind in {"event", "step"}:
        return store.names("event")
    if kind == "item":  # named only, so it may have many values
        return (*parts(workspace, customers=False), *store.snapshot.wide_properties())
    if kind == "segment":
        return tuple(workspace.segments())
    if parted(kind)[0] == PRODUCT:
        own = parted(kind)[1]
        return tuple({*store.snapshot.of_products(own)} - {""}) if own else store.names(PRODUCT)
    if kind in {"trait", "figure"}:
        return tuple(store.traits())
    return parts(workspace, customers=kind == "part")


def parts(workspace: Workspace, *, customers: bool = True) -> tuple[str, ...]:
    """List what breaks down, in the words of `ganj.breakdown`.

    Parameters
    ----------
    customers : what is known of customers too, or of events and products only
    """
    store = workspace.store
    goods = (f"{PRODUCT}.{name}" for name in store.snapshot.product_traits())
    own = (*OF_EVENTS, PRODUCT, *goods, *store.properties())
    segments = (f"segment:{name}" for name in workspace.segments())
    return tuple(dict.fromkeys((*own, *store.traits(), *segments))) if customers else own


def default_settings() -> Display:
    """Return the settings of a new workspace: Persian, Jalali, rial shown as toman."""
    return Display()
