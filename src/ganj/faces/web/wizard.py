"""What the pages of an import show: the question, the columns, the check, the counts."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from ganj.errors import NeedsAnswer
from ganj.faces.web.drafts import Job
from ganj.faces.web.visit import Visit
from ganj.intake import Check, Plan
from ganj.intake.kinds import kind_named, kinds
from ganj.money import IRANIAN, UNITS
from ganj.store import BatchInfo
from ganj.text import Text

COUNTS: dict[str, tuple[Text, str]] = {
    "read": (Text("lines read", "سطر خوانده شد"), "count"),
    "imported": (Text("lines imported", "سطر وارد شد"), "count"),
    "customers": (Text("customers", "مشتری"), "count"),
    "orders": (Text("orders", "سفارش"), "count"),
    "events": (Text("events", "رویداد"), "count"),
    "amount": (Text("amount", "مبلغ"), "money"),
    "first": (Text("first day", "نخستین روز"), "date"),
    "last": (Text("last day", "آخرین روز"), "date"),
}
PARTS = (
    ("good", "good", Text("good", "درست")),
    ("imported", "good", Text("imported", "واردشده")),
    ("duplicates", "quiet", Text("already here", "تکراری")),
    ("rejected", "bad", Text("set aside", "کنارگذاشته")),
)
SIDE = {
    "cancelled": Text(
        "{n:count} orders are cancelled or returned and are netted.",
        "{n:count} سفارش لغو یا مرجوع شده و از فروش کم می‌شود.",
    ),
    "without_customer": Text(
        "{n:count} lines have no customer; they are kept apart and counted.",
        "{n:count} سطر مشتری ندارد؛ جدا نگه داشته و شمرده می‌شود.",
    ),
    "identical": Text(
        "{n:count} lines are identical to another line of the same file; they are real and kept.",
        "{n:count} سطر با سطر دیگری در همین فایل یکسان است؛ واقعی‌اند و نگه داشته می‌شوند.",
    ),
}
CHOICES = {
    "calendar": {"jalali": Text("Jalali", "شمسی"), "gregorian": Text("Gregorian", "میلادی")},
    "order": {
        "dmy": Text("Day first: 31/12/2026", "روز نخست: 31/12/2026"),
        "mdy": Text("Month first: 12/31/2026", "ماه نخست: 12/31/2026"),
    },
}
STATES = {
    "loaded": (Text("in use", "در کار"), "good"),
    "undone": (Text("taken back", "واگردشده"), ""),
    "begun": (Text("not finished", "ناتمام"), "warn"),
}
NAMES = {"as": "kind", "map": "mapping"}


def question(visit: Visit, asked: NeedsAnswer) -> dict[str, Any]:
    """Return a question that is never guessed, and what can be answered."""
    words: Text = asked.facts["question"]
    found = re.match(r"--([\w-]+)[ =]+(.*)", str(asked.facts["option"]))
    option, rest = (found[1], found[2]) if found else ("currency", "IRR|IRT")
    name = NAMES.get(option, option.replace("-", "_"))
    values = [part for part in re.split(r"\s*\|\s*|\s+or\s+|\s*,\s*", rest) if part]
    title, mark, rest_of_it = words.of(visit.language).partition("؟" if visit.display.rtl else "?")
    return {
        "question": title + mark,
        "why": rest_of_it.strip(),
        "name": name,
        "choices": [(value, said(visit, name, value), example(visit, name, value)) for value in values],
        "samples": asked.facts.get("samples", ()),
    }


def said(visit: Visit, name: str, value: str) -> str:
    """Return what people call an answer."""
    if name == "currency" and value in UNITS:
        return visit.of(UNITS[value].name)
    if name == "kind" and value in kinds():
        return visit.of(kinds()[value].label)
    told = CHOICES.get(name, {}).get(value)
    return visit.of(told) if told else value


def example(visit: Visit, name: str, value: str) -> str:
    """Show what an answer means, in money."""
    if name == "currency" and value in {"IRR", "IRT"}:
        toman = 1_000_000 if value == "IRT" else 100_000
        return visit.say("1,000,000 means {x:count} tomans", "۱٬۰۰۰٬۰۰۰ یعنی {x:count} تومان", x=toman)
    return ""


def answered(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers of a form; columns come as ``map.FIELD``."""
    plain = {
        name: str(form[name]) for name in ("kind", "currency", "calendar", "order", "zone") if name in form
    }
    columns = {name[4:]: str(value) for name, value in form.items() if name.startswith("map.") and value}
    return {**plain, **({"mapping": columns} if columns else {})}


def columns(visit: Visit, plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a file will be read: what it is, each field with its column and samples."""
    table = plan.main
    kind = kind_named(plan.kind)
    samples: dict[str, list[Any]] = {}
    for one in plan.samples:
        samples.setdefault(one.field, []).append(one)
    rows = [
        {
            "field": field.name,
            "label": visit.of(field.label),
            "column": plan.mapping.get(field.name, ""),
            "samples": samples.get(field.name, [])[:2],
        }
        for field in kind.all_fields
    ]
    return {
        "kind": kind.name,
        "kinds": [(name, visit.of(one.label)) for name, one in kinds().items()],
        "rows": [row for row in rows if row["column"]],
        "more": [row for row in rows if not row["column"]],
        "options": [(column, column) for column in table.columns],
        "extras": [column for column in table.columns if column not in set(plan.mapping.values())],
        "facts": facts(visit, plan),
        "notes": [visit.of(note) for note in plan.notes],
        "left_out": [(one.name, visit.of(one.why)) for one in plan.left_out],
        "given": given,
        "calendar": plan.calendar,
        "calendars": [(name, visit.of(text)) for name, text in CHOICES["calendar"].items()],
        "currency": plan.currency,
        "currencies": [(code, visit.of(UNITS[code].name)) for code in currencies(plan)],
    }


def currencies(plan: Plan) -> list[str]:
    """Return the currencies worth offering: the file's own first, then Iran's."""
    return list(
        dict.fromkeys(code for code in (plan.currency, *IRANIAN[:2], "USD", "EUR", "GBP") if code in UNITS)
    )


def facts(visit: Visit, plan: Plan) -> list[tuple[str, str]]:
    """Return what was found out about the file."""
    known = [
        (visit.say("Files", "فایل‌ها"), visit.display.count(len(plan.files)) if len(plan.files) > 1 else ""),
        (visit.say("Sheets", "برگه‌ها"), "، ".join(plan.sheets)),
        (visit.say("Known layout", "قالب شناخته"), plan.preset),
        (visit.say("Encoding", "کدگذاری"), plan.encoding),
        (
            visit.say("Columns parted by", "جداکنندهٔ ستون‌ها"),
            {"\t": "Tab", ",": ",", ";": ";", "|": "|"}.get(plan.delimiter, ""),
        ),
    ]
    return [(label, value) for label, value in known if value]


def checked(visit: Visit, found: Check) -> dict[str, Any]:
    """Return what a dry run found."""
    return {
        "bars": bars(visit, found),
        "counts": counts(visit, found),
        "notes": notes(visit, found),
        "reasons": reasons(visit, found),
        "nothing": not found.good,
    }


def reasons(visit: Visit, found: Check) -> list[dict[str, Any]]:
    """Return why rows would be set aside, with the first of each."""
    return [
        {
            "why": visit.of(one.reason),
            "count": visit.display.count(one.count),
            "first": [[str(cell or "") for cell in row[:8]] for row in one.first[:20]],
        }
        for one in found.reasons
    ]


def bars(visit: Visit, found: Any) -> list[dict[str, Any]]:
    """Return the parts of the rows that were read, as widths and words."""
    numbers = [
        (tone, words, int(getattr(found, name))) for name, tone, words in PARTS if hasattr(found, name)
    ]
    whole = sum(number for *_, number in numbers) or 1
    return [
        {
            "tone": tone,
            "share": 100 * number / whole,
            "words": f"{visit.display.count(number)} {visit.of(words)}",
        }
        for tone, words, number in numbers
        if number or tone == "good"
    ]


def counts(visit: Visit, found: Any) -> list[tuple[str, str]]:
    """Return figures with their words."""
    out = []
    for name, (words, unit) in COUNTS.items():
        value = getattr(found, name, None)
        value = sum(value.values()) if isinstance(value, dict) else value
        if value not in (None, 0, 0.0):
            out.append((visit.of(words), visit.display.value(value, unit)))
    return out


def notes(visit: Visit, found: Any) -> list[str]:
    """Return what is worth knowing about the rows."""
    return [
        visit.display.text(text, n=int(getattr(found, name)))
        for name, text in SIDE.items()
        if getattr(found, name, 0)
    ]


def listed(visit: Visit, info: BatchInfo) -> dict[str, Any]:
    """Return an import as a line of the list."""
    words, tone = STATES.get(info.status, (Text(info.status, info.status), ""))
    names = [file.name for file in info.files]
    known = kinds()
    return {
        "id": info.id,
        "name": names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}" if names else "—",
        "files": len(names),
        "kind": visit.of(known[info.kind].label) if info.kind in known else info.kind,
        "when": visit.display.moment(info.when),
        "state": visit.of(words),
        "tone": tone,
        "active": info.active,
        "imported": visit.display.count(info.counts.imported),
        "rejected": visit.display.count(info.counts.rejected) if info.counts.rejected else "",
    }


def progress(visit: Visit, number: str, job: Job) -> dict[str, Any]:
    """Return how far an import is, how fast, and how long it may still take."""
    spent = time.monotonic() - job.began
    left = spent / job.share * (1 - job.share) if job.share > 0.03 else None
    d = visit.display
    error = job.error
    return {
        "state": job.state,
        "share": job.share if job.state == "running" and job.share else None,
        "percent": d.percent(100 * job.share, 0),
        "left": d.duration(int(left * 1e6)) if left is not None and left >= 1 else "",
        "address": visit.url(f"imports/draft/{number}/progress"),
        "mistake": error.message(visit.language) if error else "",
        "advice": error.advice(visit.language) if error else "",
        "number": number,
    }
