"""A customer's life: one line with a lane for each kind of event, and the days behind it."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from ganj.calendar import DAY, local_day
from ganj.events import words
from ganj.faces.web.visit import Visit

LANES = 7
WIDTH, LANE, LABEL, TOP = 600, 32, 116, 6
QUIET = 14  # days without an event that are folded into one line


def lanes(timeline: list[dict[str, Any]]) -> dict[str, int]:
    """Return the lane of each kind of event: what brings money first, then the most frequent; the rest share the last."""
    money = {event["event"] for event in timeline if event["amount"]}
    often = Counter(event["event"] for event in timeline)
    kinds = sorted(often, key=lambda kind: (kind not in money, -often[kind]))
    return {kind: min(at, LANES - 1) for at, kind in enumerate(kinds)}


def line(visit: Visit, timeline: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the life line: lanes with their names, dots sized by value, ticks in the reader's calendar."""
    if not timeline:
        return None
    of = lanes(timeline)
    count = max(of.values()) + 1
    first, last = timeline[-1]["time"], timeline[0]["time"]
    most = max((abs(event["amount"] or 0) for event in timeline), default=0) or 1
    place = _placer(visit, first, last)
    return {
        "width": WIDTH,
        "height": TOP + count * LANE + 24,
        "lanes": [(_lane_words(visit, of, at, count), TOP + at * LANE + LANE / 2, at) for at in range(count)],
        "dots": [_dot(visit, event, of, place, most) for event in reversed(timeline)],
        "ticks": [(place(time), said) for time, said in _ticks(visit, first, last)],
        "start": WIDTH - LABEL if visit.display.rtl else LABEL,
        "label": WIDTH - 4 if visit.display.rtl else 4,
        "rtl": visit.display.rtl,
        "said": visit.say("{n:count} events", "{n:count} رویداد", n=len(timeline)),
    }


def _placer(visit: Visit, first: int, last: int) -> Any:
    room, span = WIDTH - LABEL - 24, max(last - first, DAY)

    def place(time: int) -> float:
        along = LABEL + 12 + room * (time - first) / span
        return round(WIDTH - along if visit.display.rtl else along, 1)

    return place


def _dot(visit: Visit, event: dict[str, Any], of: dict[str, int], place: Any, most: float) -> dict[str, Any]:
    lane, amount = of[event["event"]], abs(event["amount"] or 0)
    d = visit.display
    said = f"{visit.of(words(event['event']))} · {d.moment(event['time'])}"
    return {
        "x": place(event["time"]),
        "y": TOP + lane * LANE + LANE / 2,
        "r": round(3.5 + 8 * math.sqrt(amount / most), 1) if amount else 3.5,
        "lane": lane,
        "said": f"{said} · {d.money(amount)}" if amount else said,
    }


def _lane_words(visit: Visit, of: dict[str, int], lane: int, count: int) -> str:
    kinds = [kind for kind, at in of.items() if at == lane]
    if len(kinds) > 1 and lane == count - 1:
        return visit.say("Other", "دیگر")
    said = visit.of(words(kinds[0]))
    return said if len(said) <= 18 else said[:17] + "…"


def _ticks(visit: Visit, first: int, last: int) -> list[tuple[int, str]]:
    """Return up to five times along the line with their months."""
    d = visit.display
    count = 5 if last - first > 120 * DAY else 2
    step = (last - first) / max(count - 1, 1)
    times = [int(first + at * step) for at in range(count)]
    return [(time, d.date(time)) for time in dict.fromkeys(times)]


def days(visit: Visit, timeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the days of a timeline, newest first, quiet stretches folded."""
    of, out, later = lanes(timeline), [], None
    for day, group in groupby(timeline, key=lambda event: int(local_day(event["time"], visit.display.zone))):
        quiet = 0 if later is None else later - day - 1
        out.append(
            {
                "said": visit.display.day(date(1970, 1, 1) + timedelta(days=day)),
                "quiet": visit.display.count(quiet) if quiet >= QUIET else "",
                "events": _events(visit, list(group), of),
            }
        )
        later = day
    return out


def _events(visit: Visit, events: list[dict[str, Any]], of: dict[str, int]) -> list[dict[str, Any]]:
    """Return a day's events; the same thing again and again is one line with its count."""
    out = []
    for kind, group in groupby(events, key=lambda e: (e["event"], bool(e["amount"]) and e["time"])):
        same = list(group)
        out.append(_event(visit, same[0], len(same), of[kind[0]]))
    return out


def _event(visit: Visit, event: dict[str, Any], count: int, lane: int) -> dict[str, Any]:
    d = visit.display
    properties = {k: v for k, v in (event.get("properties") or {}).items() if v not in (None, "")}
    details = [(str(k), d.value(v) if not isinstance(v, str) else v) for k, v in properties.items()]
    for name, said in (("order", visit.say("Order", "سفارش")), ("channel", visit.say("Channel", "کانال"))):
        if event.get(name):
            details.insert(0, (said, str(event[name])))
    return {
        "time": d.moment(event["time"]).rsplit(" ", 1)[-1],
        "said": visit.of(words(event["event"])),
        "what": event.get("product") or "",
        "count": d.count(count) if count > 1 else "",
        "amount": d.money(event["amount"], short=True) if event["amount"] else "",
        "lane": lane,
        "lines": [
            {
                "product": one["product"] or "—",
                "quantity": d.number(one["quantity"]) if one["quantity"] is not None else "",
                "amount": d.money(one["amount"]) if one["amount"] is not None else "",
            }
            for one in event.get("lines") or ()
        ],
        "details": details,
    }
