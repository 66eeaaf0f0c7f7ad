"""A customer's life: one line with a lane for each kind of event, and the days behind it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from ganj.access.masking import Privacy, kind_of
from ganj.calendar import DAY, local_day
from ganj.events import words
from ganj.faces.web.visit import Visit
from ganj.workspace.profiles.lanes import LANES, MERGE, STAGE, UNMERGE, number_of
from ganj.workspace.profiles.lifeline import Lifeline, Mark
from ganj.workspace.profiles.stages import STAGES

WIDTH, LANE, LABEL, TOP = 460, 30, 84, 6
QUIET = 14  # days without an event that are folded into one line
LETTERS = 300  # of one property's words on a page
LABELS = {lane.name: lane.label for lane in LANES}
STAGE_WORDS = dict(STAGES)


def picture(visit: Visit, life: Lifeline | None) -> dict[str, Any] | None:
    """Return the life line: lanes with their names, dots sized by value, ticks in the reader's calendar."""
    if life is None:
        return None
    at = {name: place for place, (name, _) in enumerate(life.lanes)}
    most = max((mark.amount for mark in life.marks), default=0) or 1
    many = max((mark.count for mark in life.marks), default=0) or 1
    place = _placer(visit, life.first, life.last)
    return {
        "width": WIDTH,
        "height": TOP + len(at) * LANE + 24,
        "start": LABEL,
        "first": life.first,
        "last": life.last,
        "zone": visit.display.zone,
        "lanes": [
            (visit.of(LABELS[name]), TOP + row * LANE + LANE / 2, number_of(name)) for name, row in at.items()
        ],
        "dots": [_dot(visit, mark, at[mark.lane], place, (most, many)) for mark in life.marks],
        "ticks": [(place(time), said) for time, said in _ticks(visit, life.first, life.last)],
        "label": WIDTH - 4 if visit.display.rtl else 4,
        "rtl": visit.display.rtl,
        "said": visit.say(
            "{n:count} event" if life.total == 1 else "{n:count} events", "{n:count} رویداد", n=life.total
        ),
    }


def _placer(visit: Visit, first: int, last: int) -> Callable[[int], float]:
    room, span = WIDTH - LABEL - 24, max(last - first, DAY)

    def place(time: int) -> float:
        along = LABEL + 12 + room * (time - first) / span
        return round(WIDTH - along if visit.display.rtl else along, 1)

    return place


def _dot(
    visit: Visit, mark: Mark, row: int, place: Callable[[int], float], most: tuple[float, int]
) -> dict[str, Any]:
    d = visit.display
    size = 8 * math.sqrt(mark.amount / most[0]) if mark.amount else 4 * math.sqrt((mark.count - 1) / most[1])
    what = visit.of(words(mark.event)) if mark.event else visit.of(LABELS[mark.lane])
    parts = [named(visit, mark.event) or what, d.date(mark.first)]
    if mark.count > 1:
        parts.append(visit.say("{n:count} times", "{n:count} بار", n=mark.count))
    if mark.amount:
        parts.append(d.money(mark.amount))
    return {
        "x": place((mark.first + mark.last) // 2),
        "y": TOP + row * LANE + LANE / 2,
        "r": round(3.5 + size, 1),
        "lane": number_of(mark.lane),
        "said": " · ".join(parts),
    }


def _ticks(visit: Visit, first: int, last: int) -> list[tuple[int, str]]:
    """Return two or three times along the line with their days."""
    count = 3 if last - first > 120 * DAY else 2
    step = (last - first) / max(count - 1, 1)
    times = [int(first + at * step) for at in range(count)]
    return [(time, visit.display.date(time)) for time in dict.fromkeys(times)]


def named(visit: Visit, event: str) -> str:
    """Return the words of what is in no log; empty for an event."""
    if event == STAGE:
        return visit.say("Stage changed", "تغییر مرحله")
    if event == UNMERGE:
        return visit.say("Merge undone", "واگرد ادغام")
    return visit.say("Customers merged", "ادغام مشتریان") if event == MERGE else ""


def days(visit: Visit, entries: Sequence[dict[str, Any]], privacy: Privacy) -> list[dict[str, Any]]:
    """Return the days of a timeline, newest first, quiet stretches folded."""
    out, later = [], None
    for day, group in groupby(entries, key=lambda entry: int(local_day(entry["time"], visit.display.zone))):
        quiet = 0 if later is None else later - day - 1
        out.append(
            {
                "said": visit.display.day(date(1970, 1, 1) + timedelta(days=day)),
                "quiet": visit.display.count(quiet) if quiet >= QUIET else "",
                "events": _events(visit, list(group), privacy),
            }
        )
        later = day
    return out


def _events(visit: Visit, entries: list[dict[str, Any]], privacy: Privacy) -> list[dict[str, Any]]:
    """Return a day's entries; the same thing again and again is one line with its count."""
    alone = ("note", "stage", "merge", "consent", "answer", "ticket")
    out = []
    for _, group in groupby(
        entries, key=lambda e: (e["event"], (bool(e.get("amount")) or e["lane"] in alone) and id(e))
    ):
        same = list(group)
        out.append(_event(visit, same[0], len(same), privacy))
    return out


def _event(visit: Visit, entry: dict[str, Any], count: int, privacy: Privacy) -> dict[str, Any]:
    d, amount = visit.display, entry.get("amount")
    return {
        "time": d.moment(entry["time"]).rsplit(" ", 1)[-1],
        "said": named(visit, entry["event"]) or visit.of(words(entry["event"])),
        "what": what(visit, entry),
        "count": d.count(count) if count > 1 else "",
        "amount": d.money(amount, short=True) if amount else "",
        "lane": number_of(entry["lane"]),
        "lines": [_line(visit, one) for one in entry.get("lines") or ()],
        "details": _details(visit, entry, privacy),
    }


def what(visit: Visit, entry: dict[str, Any]) -> str:
    """Return in a few words what an entry is about."""
    properties = entry.get("properties") or {}
    if entry["event"] == STAGE:
        pair = [STAGE_WORDS.get(properties.get(end, "")) for end in ("from", "to")]
        arrow = " ← " if visit.display.rtl else " → "
        return arrow.join(visit.of(one) for one in pair if one is not None)
    for name in ("text", "subject", "title", "channel", "url", "path"):
        if entry["lane"] in ("note", "consent", "ticket", "message", "call") and properties.get(name):
            return _short(str(properties[name]), 120)
    return str(entry.get("product") or "")


def _line(visit: Visit, one: dict[str, Any]) -> dict[str, str]:
    d = visit.display
    return {
        "product": one["product"] or "—",
        "quantity": d.number(one["quantity"]) if one["quantity"] is not None else "",
        "amount": d.money(one["amount"]) if one["amount"] is not None else "",
    }


def _details(visit: Visit, entry: dict[str, Any], privacy: Privacy) -> list[tuple[str, str]]:
    properties = entry.get("properties") or {}
    if entry["lane"] == "stage":
        return []
    out = [
        (str(key), _short(_words(visit, str(key), value, privacy), LETTERS))
        for key, value in properties.items()
        if value not in (None, "", [], {}) and not (entry["lane"] == "note" and key == "note")
    ]
    for name, said in (
        ("source", visit.say("Source", "منبع")),
        ("channel", visit.say("Channel", "کانال")),
        ("order", visit.say("Order", "سفارش")),
    ):
        if entry.get(name):
            out.insert(0, (said, str(entry[name])))
    return out


def _words(visit: Visit, key: str, value: Any, privacy: Privacy) -> str:
    kind = kind_of(key)
    if kind and not isinstance(value, dict | list):
        return privacy.shown(kind, str(value))
    if isinstance(value, dict):
        return "، ".join(f"{k}: {_words(visit, str(k), v, privacy)}" for k, v in value.items())
    if isinstance(value, list):
        return "، ".join(_words(visit, key, one, privacy) for one in value)
    return value if isinstance(value, str) else visit.display.value(value)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
