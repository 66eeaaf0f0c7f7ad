"""What a customer's page shows beside the timeline: who, consent, figures, scores, segments, notes."""

from __future__ import annotations

from math import isnan
from typing import Any

from ganj.access import consent
from ganj.access.masking import Privacy, kind_of
from ganj.display.numbers import in_digits
from ganj.faces.identity import household as together
from ganj.faces.web import cells
from ganj.faces.web.visit import Visit
from ganj.text import Text
from ganj.views.traits import called
from ganj.workspace import Profile
from ganj.workspace.people import NAMES
from ganj.workspace.profiles.scores import Said
from ganj.workspace.profiles.stages import STAGES
from ganj.workspace.profiles.why import Membership

KINDS = {
    "customer_id": Text("Number at the source", "شماره در منبع"),
    "email": Text("E-mail", "ایمیل"),
    "phone": Text("Phone", "تلفن"),
    "national_code": Text("National code", "کد ملی"),
    "account": Text("Account", "شرکت"),
    "anonymous_id": Text("Browser", "مرورگر"),
    "device": Text("Device", "دستگاه"),
}
FLAGS = {"true": Text("Yes", "بله"), "false": Text("No", "خیر")}
YEAR = 4  # figures of a number that is read as such; a longer one may be somebody's code
SAID = 8  # scores of one analysis; the rest is on its own page
LETTERS = 400  # of one trait's words on a page
TONES = {"prospect": "", "responder": "primary", "active": "good", "former": "warn"}


def identifiers(visit: Visit, known: Profile, privacy: Privacy) -> list[dict[str, Any]]:
    """Return identifiers with kind, first and last seen; what is personal as privacy has it."""
    return [_identifier(visit, row, privacy) for row in known.identifiers]


def _identifier(visit: Visit, row: Any, privacy: Privacy) -> dict[str, Any]:
    kind, value, first, last, *rest = row
    seen = [visit.display.date(time) for time in (first, last) if time is not None]
    source = str(rest[0]) if rest and rest[0] else ""
    return {
        "kind": _kind(visit, kind),
        "value": privacy.shown(kind, value),
        "full": privacy.full(kind, value),
        "seen": " – ".join(dict.fromkeys(seen)),
        "source": source,
    }


def traits(visit: Visit, known: Profile, privacy: Privacy) -> list[dict[str, Any]]:
    """Return what is known of a customer, where from, and what was said before."""
    return [
        _trait(visit, known, name, privacy)
        for name in known.traits
        if name not in NAMES[:-1] and consent.of_trait(name, known.traits[name][0], "", None) is None
    ]


def _trait(visit: Visit, known: Profile, name: str, privacy: Privacy) -> dict[str, Any]:
    value, source, time = known.traits[name]
    history = known.history.get(name, [])
    return {
        "name": visit.of(called(name)),
        "value": said(visit, name, value, privacy),
        "from": _from(visit, source, time),
        "history": [
            (said(visit, name, old, privacy), _from(visit, told_by, when)) for old, told_by, when in history
        ],
        "differs": len({old for old, _, _ in history}) > 1,
        "several": len({told_by for _, told_by, _ in history}) > 1,
        "choose": visit.url("settings/identity", trait=name) + "#prefer",
    }


def _from(visit: Visit, source: str | None, time: int | None) -> str:
    return " · ".join(part for part in (source or "", visit.display.date(time) if time else "") if part)


def said(visit: Visit, name: str, value: Any, privacy: Privacy) -> str:
    """Write a trait's value."""
    if not isinstance(value, str):
        return visit.display.value(value)
    if value in FLAGS:
        return visit.of(FLAGS[value])
    kind = kind_of(name)
    words = privacy.shown(kind, value) if kind else value
    if not kind and words.isdecimal() and len(words) <= YEAR:
        words = in_digits(words, visit.display.digits)
    return words if len(words) <= LETTERS else words[: LETTERS - 1] + "…"


def consents(visit: Visit, known: Profile) -> list[dict[str, Any]]:
    """Return what the customer allowed, by channel, with every word before."""
    return [
        {
            "channel": name,
            "words": visit.of(consent.words(name)),
            "given": one.given,
            "from": _from(visit, one.last.source, one.last.time),
            "how": one.last.how,
            "history": [
                (
                    visit.say("allowed", "رضایت داد") if old.given else visit.say("forbade", "پس گرفت"),
                    _from(visit, old.source, old.time),
                )
                for old in one.history
            ],
        }
        for name, one in known.consents.items()
    ]


def channels(visit: Visit) -> list[tuple[str, str]]:
    """Return the channels a person may choose among."""
    return [(name, visit.of(words)) for name, words in consent.CHANNELS.items()]


def stage(visit: Visit, known: Profile) -> dict[str, Any]:
    """Return the stage now, and the way to it: which stages were passed."""
    at = known.stage
    since = visit.display.date(at.since) if at.since is not None else ""
    passed = {change.entered for change in at.changes} | {at.name}
    steps = [(name, visit.of(words), name in passed, name == at.name) for name, words in STAGES]
    return {
        "name": at.name,
        "words": visit.of(dict(STAGES)[at.name]),
        "since": since,
        "tone": TONES[at.name],
        "steps": steps,
    }


def figures(visit: Visit, known: Profile) -> list[dict[str, str]]:
    """Return the figures of the strip: label, figure, what stands under it."""
    f, d = known.figures, visit.display
    strip = [
        (visit.say("Orders", "سفارش‌ها"), d.count(f.orders), _returned(visit, known)),
        (visit.say("Revenue", "درآمد"), d.money(f.revenue, short=True), ""),
        (visit.say("Average order", "میانگین سفارش"), d.money(f.average_basket, short=True), ""),
        (visit.say("Last order", "آخرین سفارش"), d.date(f.last_order), ""),
        (
            visit.say("Rhythm", "آهنگ خرید"),
            d.days(round(f.rhythm)) if f.rhythm is not None else "—",
            _rhythm(visit, known),
        ),
        (
            visit.say("Last event", "آخرین رویداد"),
            d.date(f.last),
            visit.say(
                "{n:count} event" if f.events == 1 else "{n:count} events", "{n:count} رویداد", n=f.events
            ),
        ),
    ]
    return [{"label": label, "figure": figure, "under": under} for label, figure, under in strip]


def _returned(visit: Visit, known: Profile) -> str:
    if not known.figures.returned:
        return ""
    return visit.say("{x:short} returned", "{x:short} مرجوعی", x=known.figures.returned)


def _rhythm(visit: Visit, known: Profile) -> str:
    f = known.figures
    if f.rhythm is None or f.next_order is None:
        return visit.say("from three orders on", "از سه سفارش به بعد")
    return visit.say("next around {when:date}", "بعدی نزدیک {when:date}", when=f.next_order)


def scores(visit: Visit, told: tuple[Said, ...]) -> list[dict[str, Any]]:
    """Return what each analysis says; one that says nothing says why."""
    return [
        {
            "title": visit.of(one.title),
            "href": visit.url(f"analyses/{one.analysis}"),
            "rows": _rows(visit, one),
            "why": visit.of(one.why) if one.why is not None else "",
        }
        for one in told
        if one.analysis != "overview"  # its figures stand above
    ]


def _rows(visit: Visit, one: Said) -> list[tuple[str, str]]:
    unit = visit.of(visit.display.money_unit())
    out = []
    for column, value in one.scores:
        if column.unit in {"list", "period"} or value is None or (isinstance(value, float) and isnan(value)):
            continue
        words = cells.cell(column, value, visit).words
        out.append((column.label.of(visit.language), f"{words} {unit}" if column.unit == "money" else words))
    return out[:SAID]


def segments(visit: Visit, told: tuple[Membership, ...]) -> list[dict[str, Any]]:
    """Return for each saved segment whether the customer is in it, and each condition."""
    return [
        {
            "name": one.segment,
            "inside": one.inside,
            "href": visit.url("customers", segment=one.segment),
            "true": sum(reason.true for reason in one.reasons),
            "reasons": [
                {
                    "sentence": reason.sentence(visit.display),
                    "true": reason.true,
                    "now": reason.now(visit.display),
                    "needed": reason.needed(visit.display),
                    "mistake": reason.mistake.message(visit.language) if reason.mistake else "",
                }
                for reason in one.reasons
            ],
        }
        for one in told
    ]


def merges(visit: Visit, known: Profile, privacy: Privacy) -> list[dict[str, Any]]:
    """Return who was merged into this customer, why, and whether it was taken back."""
    return [
        {
            "id": one.id,
            "sides": [
                (_kind(visit, kind), privacy.shown(kind, value)) for kind, value in (one.one, one.other)
            ],
            "how": visit.say("by the rules", "با قاعده‌ها")
            if one.automatic
            else one.by or visit.say("by hand", "دستی"),
            "time": visit.display.moment(one.time),
            "evidence": [
                (str(name), said(visit, str(name), value, privacy)) for name, value in one.evidence.items()
            ],
            "undone": visit.display.moment(one.undone) if one.undone is not None else "",
        }
        for one in known.merges
    ]


def members(visit: Visit, household: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the people of a household, each with the address of their page."""
    return [
        {
            "name": one["name"] or visit.say("Customer {n:count}", "مشتری {n:count}", n=one["customer"]),
            "href": visit.url(f"customers/{one['customer']}"),
        }
        for one in household
    ]


def household(visit: Visit, known: Profile) -> list[dict[str, str]]:
    """Return who lives with the customer."""
    return members(visit, together(visit.workspace, known.number))


def _kind(visit: Visit, kind: str) -> str:
    return visit.of(KINDS[kind]) if kind in KINDS else kind


def notes(visit: Visit, known: Profile) -> list[dict[str, Any]]:
    """Return the notes, newest first."""
    return [
        {
            "id": one.id,
            "text": one.text,
            "by": " · ".join(part for part in (one.author, visit.display.moment(one.time)) if part),
            "changed": visit.display.moment(one.changed) if one.changed else "",
            "earlier": one.earlier,
        }
        for one in known.notes
    ]
