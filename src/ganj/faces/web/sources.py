"""What the pages of sources show: who sends, how much, how well, and what could not be taken."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from ganj.display.numbers import PERSIAN_DIGITS
from ganj.events import words
from ganj.faces.web.visit import Visit
from ganj.log import REASONS, Line
from ganj.log.line import REJECTED
from ganj.store.collected.state import Figures, Rejected
from ganj.text import Text
from ganj.workspace import Workspace
from ganj.workspace.sources import Known, schedule
from ganj.workspace.tailing import tail

MINUTE = 60_000_000
MENDED = 8_000
"""Letters of the longest message whose text is mended on the page; longer ones are mended through the API."""
ALARMING, FEW = 0.05, 20
"""From which share of a day's messages on, and how many of them, it is an alarm that they were not taken."""
LIVE, QUIET = 5 * MINUTE, 24 * 60 * MINUTE
"""A source is live, quiet, or silent by how long ago its last event came, µs."""
STATES = {
    "live": Text("live", "زنده"),
    "quiet": Text("quiet today", "امروز کم‌کار"),
    "silent": Text("silent", "خاموش"),
    "never": Text("nothing yet", "هنوز چیزی نیامده"),
    "revoked": Text("revoked", "باطل‌شده"),
}
TONES = {"live": "good", "quiet": "", "silent": "warn", "never": "", "revoked": "bad"}
KINDS = {
    "key": Text("site, app or SDK", "سایت، برنامه یا SDK"),
    "hook": Text("webhook", "وب‌هوک"),
    "pulled": Text("fetched", "دریافتی"),
    "own": Text("ganj itself", "خود گنج"),
}
CALLS = {
    "(track)": Text("Events sent again", "رویدادهای تکراری"),
    "(page)": Text("Pages sent again", "صفحه‌های تکراری"),
    "(screen)": Text("Screens sent again", "نماهای تکراری"),
    "(identify)": Text("Who someone is (identify)", "معرفی کاربر (identify)"),
    "(group)": Text("Whose company (group)", "معرفی شرکت (group)"),
    "(alias)": Text("Two names of one (alias)", "دو نام یک نفر (alias)"),
    "(decision)": Text("Decisions of people", "تصمیم‌های افراد"),
    "(rejected)": Text("Not taken", "پذیرفته‌نشده"),
}
"""Figures that belong to no event's name."""
QUALITY = {
    "duplicates": (
        Text("Sent again", "تکراری"),
        Text("stored once all the same", "با این حال یک بار ذخیره می‌شود"),
    ),
    "rejected": (Text("Not taken", "پذیرفته‌نشده"), Text("kept with the reason", "با دلیل نگه داشته می‌شود")),
    "missing": (
        Text("Something missing", "چیزی کم دارد"),
        Text(
            "of what was not taken: says not who, what, or of which type",
            "از پذیرفته‌نشده‌ها: نگفته که، چه، یا از چه نوعی",
        ),
    ),
    "late": (Text("Late", "دیررسیده"), Text("more than a day after it happened", "بیش از یک روز پس از وقوع")),
    "future": (Text("In the future", "در آینده"), Text("the sender’s clock is ahead", "ساعت فرستنده جلوست")),
    "old": (Text("Out of range", "خارج از بازه"), Text("before 1990", "پیش از ۱۳۶۹")),
    "unknown": (
        Text("Names of its own", "نام ناشناخته"),
        Text("not a standard event", "رویداد استاندارد نیست"),
    ),
    "off_plan": (Text("Off the plan", "ناسازگار با برنامه"), Text("breaks a rule", "قاعده را شکسته است")),
    "unpriced": (Text("No rate", "بی نرخ"), Text("money in a currency without a rate", "ارزی که نرخ ندارد")),
}
"""What the figures of quality mean."""
LACKS = frozenset(code for code in REASONS if code.startswith("no_"))
"""Reasons that something is not there."""


@dataclass(frozen=True)
class Row:
    """One source in the list."""

    name: str
    kind: str
    state: str
    last: str
    minutes: list[int]
    accepted: int
    rejected: int
    off: int
    alarm: float | None = None
    """The share of today's messages that was not taken, percent, where it is too large."""


def listed(visit: Visit) -> list[Row]:
    """Return every source that sends by itself, the busiest first."""
    workspace, now = visit.workspace, time.time_ns() // 1000
    told = workspace.store.collection.state()
    figures = {one.source: one for one in told.sources}
    kinds = kinds_of(workspace)
    kinds = {name: kind for name, kind in kinds.items() if kind != "pulled" or name in figures}
    revoked = {key.name for key in workspace.keys.all()} - set(kinds)
    names = [*kinds, *(name for name in figures if name not in kinds)]
    rows = [
        _row(visit, name, kinds.get(name, "key" if name in revoked else "own"), figures.get(name), now)
        for name in names
    ]
    rows = [replace(row, state="revoked") if row.name in revoked else row for row in rows]
    today = {one.source: alarm(one) for one in workspace.store.collection.state(0).sources}
    minutes = told.per_minute
    rows = [replace(row, minutes=minutes.get(row.name, []), alarm=today.get(row.name)) for row in rows]
    return sorted(rows, key=lambda row: -row.accepted)


def alarm(today: Figures) -> float | None:
    """Return the share of a day's messages that was not taken, percent, where it is too large; else None."""
    share = today.rejected / max(today.accepted + today.duplicates + today.rejected, 1)
    return 100 * share if today.rejected >= FEW and share >= ALARMING else None


def kinds_of(workspace: Workspace) -> dict[str, str]:
    """Return by name what sends: a ``key``, a ``hook``, or a source that is ``pulled``."""
    kinds = {key.name: "key" for key in workspace.keys.all() if key.revoked is None}
    kinds |= {kept.hook.name: "hook" for kept in workspace.hooks.all()}
    return kinds | dict.fromkeys(workspace.sources.kept.names(), "pulled")


def _row(visit: Visit, name: str, kind: str, one: Figures | None, now: int) -> Row:
    if one is None:
        return Row(name, visit.of(KINDS[kind]), "never", "", [], 0, 0, 0)
    ago = now - one.last
    state = "live" if ago < LIVE else "quiet" if ago < QUIET else "silent"
    last = visit.display.moment(one.last)
    off = one.late + one.future + one.old + one.unpriced
    return Row(name, visit.of(KINDS[kind]), state, last, [], one.accepted, one.rejected, off)


def often(visit: Visit, every: str) -> str:
    """Say how often a source is asked."""
    told = schedule.said(every)
    if isinstance(told, Text):
        words = visit.of(told)
        return visit.display.isolated(words.translate(PERSIAN_DIGITS) if visit.language == "fa" else words)
    return visit.say("every {length}", "هر {length}", length=visit.display.duration(told))


def fetched(visit: Visit) -> list[dict[str, Any]]:
    """Return every source that is pulled: where, how often, what its last run brought, and what is wrong."""
    return [_fetched(visit, one) for one in visit.workspace.sources.list()]


def _fetched(visit: Visit, one: Known) -> dict[str, Any]:
    last, display = one.report, visit.display
    return {
        "name": one.definition.name,
        "label": visit.of(one.label),
        "address": one.address,
        "often": often(visit, one.definition.every),
        "running": one.running,
        "paused": one.definition.paused,
        "ended": display.moment(last.ended) if last and last.ended else "",
        "next": display.moment(last.next) if last and last.next and not one.definition.paused else "",
        "brought": last.imported + last.lines if last else None,
        "rejected": last.rejected if last else 0,
        "reasons": [(visit.of(one.reason), one.count) for one in last.reasons[:3]] if last else [],
        "error": visit.of(last.error) if last and last.error else "",
        "advice": visit.of(last.advice) if last and last.advice else "",
    }


def quality(visit: Visit, one: Figures | None) -> list[dict[str, Any]]:
    """Return the figures of a source's quality, each with its share of what came."""
    if one is None:
        return []
    missing = sum(told.times for told in visit.workspace.rejected(one.source, 10_000) if told.code in LACKS)
    all_ = max(one.accepted + one.duplicates + one.rejected, 1)
    return [
        {
            "name": name,
            "label": visit.of(label),
            "says": visit.of(says),
            "count": count,
            "share": 100 * count / all_,
        }
        for name, (label, says) in QUALITY.items()
        for count in [missing if name == "missing" else getattr(one, name)]
    ]


def pulse(visit: Visit, name: str, one: Figures | None, minutes: list[int]) -> dict[str, Any]:
    """Return how a source does now: its state, when its last event came, how many come a minute."""
    row = _row(visit, name, "own", one, time.time_ns() // 1000)
    state = "" if one is None else row.state
    return {
        "state": visit.of(STATES[state]) if state else "",
        "tone": TONES.get(state, ""),
        "last": row.last,
        "minutes": minutes if any(minutes) else [],
        "pace": (sum(minutes[-5:]) + 4) // 5,
    }


def by_event(visit: Visit, source: str) -> list[dict[str, Any]]:
    """Return the figures of a source by event, the most frequent first."""
    found = [one for one in visit.workspace.store.collection.events(source) if one.event]
    return [
        {"label": visit.of(CALLS.get(one.event) or words(one.event)), **msgspec.to_builtins(one)}
        for one in sorted(found, key=lambda one: -one.accepted)
    ]


def tailed(visit: Visit, source: str) -> list[dict[str, str]]:
    """Return the newest events as lines of a list: when, what, who, and what they say."""
    return [told(visit, line) for line in tail(visit.workspace, source, 30)]


def told(visit: Visit, line: Line) -> dict[str, str]:
    """Return one event as a line of a list."""
    who = line.u or line.a or next((value for _, value in line.i or []), "")
    said = line.p if line.p is not None else line.x
    body = msgspec.json.encode(said).decode() if said else ""
    why = ""
    if line.k == REJECTED and isinstance(said, dict):
        code = str(said.get("code") or said.get("reason") or "")
        why = visit.of(REASONS[code]) if code in REASONS else code
        body = str(said.get("text", ""))
    return {
        "when": visit.display.moment(line.t or line.r),
        "what": visit.of(words(line.e)) if line.e else visit.of(CALLS.get(f"({line.k})", words(line.k))),
        "kind": line.k,
        "who": str(who)[:40] or why,
        "says": body[:160],
    }


def refused(visit: Visit, source: str, most: int = 100) -> list[dict[str, Any]]:
    """Return what could not be taken, with the reason in words."""
    return [_refused(visit, one) for one in visit.workspace.rejected(source, most)]


def _refused(visit: Visit, one: Rejected) -> dict[str, Any]:
    code, _, more = one.code.partition(" ")
    reason = visit.of(REASONS[code]) if code in REASONS else code
    reason = f"{reason} {visit.display.isolated(more)}" if more else reason
    text = _text(one.line)
    return {
        "id": one.id,
        "when": visit.display.moment(one.received) if one.received else "",
        "reason": reason,
        "text": text[:400],
        "whole": text if len(text) <= MENDED else "",
        "times": one.times,
    }


def _text(line: str) -> str:
    """Return what was sent, out of the line that keeps it."""
    try:
        told = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line
    inner = told.get("p") if isinstance(told, dict) else None
    if isinstance(inner, dict) and "text" in inner:
        return str(inner["text"])
    return line
