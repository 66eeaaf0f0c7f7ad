"""One customer: who, what they did, what the analyses say of them."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from ganj import miners, persian
from ganj.faces.web import cells, life
from ganj.faces.web.filters import can_default
from ganj.faces.web.visit import Visit
from ganj.text import Text
from ganj.workspace import Profile

KINDS = {
    "customer_id": Text("Number at the source", "شماره در منبع"),
    "email": Text("E-mail", "ایمیل"),
    "phone": Text("Phone", "تلفن"),
    "national_code": Text("National code", "کد ملی"),
    "account": Text("Account", "شرکت"),
}
MASKS: dict[str, Any] = {
    "national_code": persian.mask_national_code,
    "email": persian.mask_email,
    "phone": persian.mask_mobile,
}
NAMES = ("name", "full_name", "first_name", "last_name")
SHORT = 60  # events of the first view


@get("/customers/{number:int}", sync_to_thread=True)
def customer(visit: Visit, number: int) -> Response[str]:
    """Show a customer."""
    known = visit.workspace.customer(number)
    return visit.show(
        "customer.html",
        number=number,
        name=called(known) or visit.say("Customer {n:count}", "مشتری {n:count}", n=number),
        identifiers=[identifier(visit, *row) for row in known.identifiers],
        traits=traits(visit, known),
        line=life.line(visit, known.timeline),
        days=life.days(visit, known.timeline[:SHORT]),
        older=older(visit, number, known.timeline),
        scores=scores(visit, known),
    )


@get("/customers/{number:int}/timeline", sync_to_thread=True)
def timeline(visit: Visit, number: int, before: int) -> Response[str]:
    """Answer with earlier events."""
    events = visit.workspace.store.timeline(number, limit=2 * SHORT, before=before)
    more = older(visit, number, events, 2 * SHORT - 1)
    return visit.show("_parts/days.html", days=life.days(visit, events), older=more)


def older(visit: Visit, number: int, events: list[dict[str, Any]], most: int = SHORT) -> str:
    """Return where earlier events are, if there are any."""
    if len(events) <= most:
        return ""
    return visit.url(f"customers/{number}/timeline", before=events[min(most, len(events)) - 1]["time"])


def called(known: Profile) -> str:
    """Return a customer's name, as far as it is known."""
    told = {name: str(known.traits[name][0]) for name in NAMES if name in known.traits}
    parts = " ".join(part for part in (told.get("first_name"), told.get("last_name")) if part)
    return told.get("name") or told.get("full_name") or parts


def identifier(visit: Visit, kind: str, value: str, first: Any, last: Any) -> dict[str, Any]:
    """Return an identifier; what is personal is masked, and shown in full only when asked for."""
    mask = MASKS.get(kind)
    del first
    return {
        "kind": visit.of(KINDS[kind]) if kind in KINDS else kind,
        "value": mask(value) if mask else value,
        "full": value if mask and kind != "national_code" else "",
        "seen": visit.display.date(last) if last is not None else "",
    }


def traits(visit: Visit, known: Profile) -> list[dict[str, str]]:
    """Return what is known of a customer, and where from."""
    return [
        {
            "name": name.replace("_", " "),
            "value": visit.display.value(value) if not isinstance(value, str) else value,
            "from": " · ".join(part for part in (source or "", visit.display.date(time) if time else "") if part),
        }
        for name, (value, source, time) in known.traits.items()
        if name not in NAMES
    ]


def scores(visit: Visit, known: Profile) -> list[dict[str, Any]]:
    """Return what each analysis says; one that says nothing says so."""
    out = []
    for name in miners.names():
        cls = miners.find(name)
        if not cls.scored or not can_default(cls):
            continue
        said = [
            (column.label.of(visit.language), cells.cell(column, value, visit).words, column.unit)
            for column, value in known.scores.get(name, ())
            if column.unit != "list" and value is not None
        ]
        unit = visit.of(visit.display.money_unit())
        rows = [(label, f"{words} {unit}" if kind == "money" else words) for label, words, kind in said]
        out.append({"title": visit.of(cls.title), "href": visit.url(f"analyses/{name}"), "rows": rows})
    return out
