"""A form out of a value class: the parameters of an analysis, or the settings, as fields of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar.datastructures import MultiDict

from ganj.calendar import zones
from ganj.errors import BadParameter, GanjError, UnknownName
from ganj.events import words
from ganj.faces.web.visit import Visit
from ganj.filters import ANY
from ganj.money import unit
from ganj.parameters import Parameter, listed, parameters
from ganj.text import Text
from ganj.views.compare_figures import in_words
from ganj.views.traits import called
from ganj.workspace.resolving import KINDS, parts

IN_THE_BAR = frozenset({"since", "until", "segment"})
"""Chosen above the page, not in the form beside it."""


class Field(msgspec.Struct, frozen=True):
    """One field: what the form shows; ``options`` are pairs of value and words, ``wrong`` what was not accepted."""

    name: str
    label: str
    help: str
    kind: str
    value: Any
    options: tuple[tuple[str, str], ...] = ()
    wrong: str = ""
    advanced: bool = False
    required: bool = False


def asked(query: MultiDict[Any], known: Sequence[str]) -> dict[str, Any]:
    """Return the words of an address that are parameters, what was left empty left out."""
    out: dict[str, Any] = {}
    for name in known:
        values = [value for value in query.getall(name, []) if value != ""]
        if values:
            out[name] = values if len(values) > 1 else values[0]
    return out


def fields(
    cls: type, given: Mapping[str, Any], visit: Visit, mistake: GanjError | None = None
) -> tuple[Field, ...]:
    """Return the fields of a value class, filled with what was given or the defaults."""
    return tuple(_field(parameter, given, visit, mistake) for parameter in parameters(cls))


def _field(parameter: Parameter, given: Mapping[str, Any], visit: Visit, mistake: GanjError | None) -> Field:
    value = given.get(parameter.name, parameter.default)
    if parameter.kind in {"texts", "choices", "numbers"} and isinstance(value, str):
        value = listed(value)
    chosen = value if isinstance(value, list | tuple) else [value]
    return Field(
        parameter.name,
        visit.of(parameter.label),
        " ".join(filter(None, (visit.of(parameter.help), hint(parameter, visit)))),
        "flag" if parameter.kind == "flag" else parameter.kind,
        value,
        options(parameter, visit, chosen),
        wrong(parameter, mistake, visit),
        parameter.advanced,
        parameter.required,
    )


def hint(parameter: Parameter, visit: Visit) -> str:
    """Say how a value is written, where the kind of field does not show it."""
    if parameter.unit == "money":  # whatever unit the pages show it in
        name = visit.of(unit(visit.display.currency).name)
        return visit.say(f"In {name}, as it is stored.", f"به {name}، همان گونه که ذخیره می‌شود.")
    if parameter.kind == "duration" and not parameter.help.en:
        return visit.say("For example 7d, 12h or 30m", "مانند 7d برای ۷ روز، 12h، یا 30m")
    return ""


def wrong(parameter: Parameter, mistake: GanjError | None, visit: Visit) -> str:
    """Say under a field what was not accepted of it."""
    if mistake is None:
        return ""
    facts = mistake.facts
    named = facts.get("parameter") == parameter.name if isinstance(mistake, BadParameter) else False
    kind = facts.get("kind")
    if isinstance(mistake, UnknownName) and kind is not None and kind == KINDS.get(parameter.of):
        named = True
    return f"{mistake.message(visit.language)} {mistake.advice(visit.language)}".strip() if named else ""


def options(parameter: Parameter, visit: Visit, chosen: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """Return what a field offers: its own choices, or names from the workspace."""
    if parameter.choices:
        return tuple((str(name), visit.of(label)) for name, label in parameter.choices)
    names = offered(parameter.of, visit)
    missing = [(str(v), str(v)) for v in chosen if v not in (None, "") and str(v) not in dict(names)]
    return (*names, *missing) if parameter.of else ()


def offered(kind: str, visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the names of a kind that the workspace knows, with the words people read."""
    store = visit.workspace.store
    if kind == "event":
        everything = (ANY, visit.of(Text("any event", "هر رویداد")))
        return (everything, *((name, visit.of(words(name))) for name in store.names("event")))
    if kind == "segment":
        return tuple((name, name) for name in visit.workspace.segments())
    if kind == "zone":
        return tuple((zone, zone) for zone in sorted(zones()))
    if kind in {"property", "trait", "part", "item", "column"}:
        names = store.traits() if kind == "trait" else parts(visit.workspace, customers=kind == "part")
        # what only names things may have many values
        wide = store.snapshot.wide_properties() if kind in {"item", "column"} else ()
        own = ("amount",) if kind == "column" else ()
        return tuple((name, visit.of(called(name))) for name in (*own, *names, *wide))
    if kind in {"fact", "figure", "number"}:
        return answers(kind, visit)
    return tuple((name, name) for name in store.names(kind)[:500]) if kind == "product" else ()


def answers(kind: str, visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return what can be foreseen: events and traits, or figures of customers."""
    store = visit.workspace.store
    if kind == "number":
        of = {name: kind for name, kind in store.traits().items() if kind == "number"}
        events = ((name, words(name)) for name in store.names("event"))
        own = (*((name, in_words(name)) for name in (ANY, "amount", "days")), *events)
    elif kind == "fact":
        of, own = store.traits(), tuple((name, words(name)) for name in store.names("event"))
    else:
        of = {name: kind for name, kind in store.traits().items() if kind == "number"}
        own = (("money", Text("Money", "مبلغ خرید")), ("purchases", Text("Purchases", "شمار خرید")))
    return tuple((name, visit.of(label)) for name, label in (*own, *((name, called(name)) for name in of)))
