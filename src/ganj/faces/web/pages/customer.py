"""One customer: who, what they did, what the analyses say of them."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from ganj import miners
from ganj.faces.web import cells, life
from ganj.faces.web.filters import can_default
from ganj.faces.web.masks import MASKS, masked
from ganj.faces.web.visit import Here, Visit
from ganj.text import Text
from ganj.workspace import Profile

KINDS = {
    "customer_id": Text("Number at the source", "شماره در منبع"),
    "email": Text("E-mail", "ایمیل"),
    "phone": Text("Phone", "تلفن"),
    "national_code": Text("National code", "کد ملی"),
    "account": Text("Account", "شرکت"),
}
TRAITS = {
    "city": Text("City", "شهر"),
    "province": Text("Province", "استان"),
    "country": Text("Country", "کشور"),
    "gender": Text("Gender", "جنسیت"),
    "birth_year": Text("Year of birth", "سال تولد"),
    "birthday": Text("Birthday", "تاریخ تولد"),
    "company": Text("Company", "شرکت"),
    "acquisition": Text("Came through", "شیوهٔ آشنایی"),
    "email_consent": Text("E-mail allowed", "رضایت ایمیل"),
    "sms_consent": Text("SMS allowed", "رضایت پیامک"),
}
"""Words for traits that most sources have; others keep the name they came with."""
FLAGS = {"true": Text("Yes", "بله"), "false": Text("No", "خیر")}
NAMES = ("name", "full_name", "first_name", "last_name")
SHORT = 40  # events of the first view


@get("/customers/{number:int}", sync_to_thread=True)
def customer(visit: Here, number: FromPath[int]) -> Response[str]:
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
def timeline(visit: Here, number: FromPath[int], before: FromQuery[int]) -> Response[str]:
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
    del first
    return {
        "kind": visit.of(KINDS[kind]) if kind in KINDS else kind,
        "value": masked(kind, value),
        "full": value if kind in MASKS and kind != "national_code" else "",
        "seen": visit.display.date(last) if last is not None else "",
    }


def traits(visit: Visit, known: Profile) -> list[dict[str, Any]]:
    """Return what is known of a customer, and where from."""
    return [
        {
            "name": visit.of(TRAITS[name]) if name in TRAITS else name.replace("_", " "),
            "value": said(visit, value),
            "from": [part for part in (source or "", visit.display.date(time) if time else "") if part],
        }
        for name, (value, source, time) in known.traits.items()
        if name not in NAMES
    ]


def said(visit: Visit, value: Any) -> str:
    """Write a trait's value."""
    if isinstance(value, str):
        return visit.of(FLAGS[value]) if value in FLAGS else value
    return visit.display.value(value)


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
