"""Why a figure moved: sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ganj.miner import Finding, Where
from ganj.models.causes.scanning import Cause
from ganj.text import Text
from ganj.views.traits import called
from ganj.views.why import STEPS, Story, percent
from ganj.views.why_fold import in_words

PLAIN = str.maketrans("", "", "{}")
"""Braces in a name are no place for a number."""

SMALL = 0.5
"""A calendar that moves the figure by fewer percent is not spoken of."""
NOTHING = Text(
    "There is nothing to compare yet: the figure has no value before, or none now.",
    "هنوز چیزی برای مقایسه نیست: این شاخص در دورهٔ پیش یا در دورهٔ اکنون مقداری ندارد.",
)


def findings(story: Story, causes: list[Cause], against: str) -> Iterator[Finding]:
    """Say by how much the figure moved, what did it, and where."""
    before, _, now = story.ends
    if story.periods is None or (before <= 0 and now <= 0):
        yield Finding(text=NOTHING, tone="warn", weight=1.0)
        return
    yield _moved(story, against)
    yield from _season(story)
    yield from _factor(story)
    yield from (_cause(story, cause, at) for at, cause in enumerate(causes))
    if story.by and not causes:
        yield _even(story)


def _moved(story: Story, against: str) -> Finding:
    """Say by how much, and whether that is more than the days' own swing."""
    before, _, now = story.ends
    low, high = story.limits
    usual = low <= now <= high
    days = story.periods.days if story.periods is not None else 0
    name, change = story.figure.text, percent(now, before)
    than = {
        "before": Text("than in the {days:count} days before", "از {days:count} روز پیش از آن"),
        "year": Text("than on the same days a year earlier", "از همین روزها در سال قبل"),
    }[against]
    word = Text("more", "بیشتر") if now >= before else Text("less", "کمتر")
    written = story.figure.written
    judged = (
        Text("That is within its usual swing", "این در دامنهٔ نوسان معمول است")
        if usual
        else Text("That is more than its usual swing", "این فراتر از نوسان معمول است")
    )
    within = Text(f"({{low:{written}}} to {{high:{written}}})", f"({{low:{written}}} تا {{high:{written}}})")
    return Finding(
        text=Text(
            f"{name.en} of {{days:count}} days was {{now:{written}}}, {{change:percent}} {word.en} {than.en}. "
            f"{judged.en} {within.en}.",
            f"{name.fa} در {{days:count}} روز {{now:{written}}} بود، {{change:percent}} {word.fa} {than.fa}. "
            f"{judged.fa} {within.fa}.",
        ),
        evidence={
            "now": now,
            "before": before,
            "change": abs(change),
            "days": days,
            "low": low,
            "high": high,
        },
        tone="plain" if usual else "good" if now > high else "bad",
        weight=1.0,
    )


def _season(story: Story) -> Iterator[Finding]:
    """Say what weekdays, feasts and months alone would have done."""
    if story.figure.is_ratio:
        return
    if not story.rhythm.known:
        text = Text(
            "There is too little history before to allow for weekdays, feasts and seasons: nothing is taken off for them.",
            "سابقهٔ پیش از این دوره برای سنجش اثر روزهای هفته، مناسبت‌ها و فصل‌ها کم است و اثری برای آن‌ها کنار گذاشته نشده است.",
        )
        yield Finding(text=text, tone="warn", weight=0.4)
        return
    season = 100 * (story.ratio - 1)
    if abs(season) < SMALL:
        return
    up = season > 0
    word = Text("more", "بیشتر") if up else Text("less", "کمتر")
    yield Finding(
        text=Text(
            f"Weekdays, feasts and season alone would have brought {{season:percent}} {word.en}: "
            f"{{expected:{story.figure.written}}}.",
            f"روزهای هفته، مناسبت‌ها و فصل به‌تنهایی {{season:percent}} {word.fa} می‌آورد: "
            f"{{expected:{story.figure.written}}}.",
        ),
        evidence={"season": abs(season), "expected": story.ends[1]},
        weight=0.9,
    )


def _factor(story: Story) -> Iterator[Finding]:
    """Name the factor that did most, and the one that did most against it."""
    inner = [row for row in story.changes() if row[0] not in {"before", "now", "calendar"} and row[1]]
    if not inner:
        return
    first = max(inner, key=lambda row: abs(row[1]))
    yield _did(story, first, weight=0.8)
    against = [row for row in inner if row[1] * first[1] < 0]
    if against:
        yield _did(story, max(against, key=lambda row: abs(row[1])), weight=0.6, but=True)


def _did(story: Story, row: tuple[str, float, float], weight: float, *, but: bool = False) -> Finding:
    name, change, own = row
    said = dict(STEPS)[name]
    written = story.figure.written
    lead = Text("Against that, ", "در برابر آن، ") if but else Text("", "")
    most = Text("", "") if but else Text(" — the most of all factors", "؛ بیش از هر عامل دیگر")
    verb = Text("added", "بالا برد") if change > 0 else Text("took away", "پایین آورد")
    factor = Text(said.en.lower(), said.fa) if but else said
    itself = ("", "") if np.isnan(own) else (" ({own:percent})", " ({own:percent})")
    evidence: dict[str, Any] = {"change": abs(change)} | ({} if np.isnan(own) else {"own": own})
    return Finding(
        text=Text(
            f"{lead.en}{factor.en}{itself[0]} {verb.en} {{change:{written}}}{most.en}.",
            f"{lead.fa}«{factor.fa}»{itself[1]} آن را {{change:{written}}} {verb.fa}{most.fa}.",
        ),
        evidence=evidence,
        tone="good" if change > 0 else "bad",
        weight=weight,
    )


def _cause(story: Story, cause: Cause, at: int) -> Finding:
    """Say where the figure moved apart from the rest, and what that explains."""
    cube = story.cube
    key, label = cube.named(cause)
    fell = cause.apart < 1
    written = {"money": "short"}.get(cube.unit, "count")
    word = Text("below", "پایین‌تر") if fell else Text("above", "بالاتر")
    gap, whole = cause.observed - cause.expected, story.ends[2] - story.ends[1]
    low, high = story.limits
    explains = not story.figure.is_ratio and not low <= story.ends[2] <= high and gap * whole > 0
    share = Text(
        ", which is {share:percent} of what is to be explained", "؛ {share:percent} از آنچه نیازمند توضیح است"
    )
    tail = share if explains else Text("", "")
    evidence: dict[str, Any] = {
        "where": cube.said(key, label),
        "apart": 100 * abs(cause.apart - 1),
        "now": cause.observed,
        "expected": cause.expected,
    }
    if explains:
        evidence["share"] = 100 * gap / whole
    gone = int(cube.sums(key)[label][9])
    opens = (Where("why_cells_before", "has", in_words(key, label)), Where("why_status", "=", "lost"))
    return Finding(
        text=Text(
            f"Where {{where}}, it is {{apart:percent}} {word.en} the rest: {{now:{written}}} instead of "
            f"{{expected:{written}}}{tail.en}.",
            f"آنجا که {{where}}، {{apart:percent}} {word.fa} از بقیه است: {{now:{written}}} به جای "
            f"{{expected:{written}}}{tail.fa}.",
        ),
        evidence=evidence,
        opens=opens if fell and gone else None,
        tone="bad" if fell else "good",
        weight=0.95 - 0.02 * at,
    )


def _even(story: Story) -> Finding:
    words = [called(name.translate(PLAIN)) for name in story.by]
    en, fa = ", ".join(word.en.lower() for word in words), "، ".join(word.fa for word in words)
    return Finding(
        text=Text(
            f"No part moved apart from the rest: by {en} the change is spread evenly, as far as chance allows to tell.",
            f"هیچ بخشی جدا از بقیه تغییر نکرده است: تغییر به تفکیک {fa} تا جایی که تصادف اجازهٔ تشخیص می‌دهد یکنواخت است.",
        ),
        evidence={"parts": len(words)},
        weight=0.5,
    )
