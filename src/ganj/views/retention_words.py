"""Retention's sentences and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from ganj.kernels.intervals import newcombe
from ganj.miner import Chart, Finding, Where
from ganj.text import Text
from ganj.views.retention import Triangle
from ganj.views.retention_spans import PERIODS

SEVERAL = 3
"""A mean of fewer cohorts is not spoken of."""


def findings(view: Triangle, fewest: int) -> Iterator[Finding]:
    """Say the three or four sentences a manager takes away."""
    if not view.size.sum():
        yield Finding(
            text=Text(
                "There is nothing to follow yet: no customer has the start event.",
                "هنوز چیزی برای پیگیری نیست: هیچ مشتری رویداد آغاز را ندارد.",
            ),
            tone="warn",
        )
        return
    yield from _usual(view, fewest)
    yield from _extremes(view, fewest)
    yield from _flowing(view)


def _usual(view: Triangle, fewest: int) -> Iterator[Finding]:
    _, of, cohorts = view.means()
    word = PERIODS[view.spans.period]
    if len(of) < 2 or not of[1]:
        return
    if of[1] < fewest:
        yield Finding(
            text=Text(
                "Too few to speak of shares: {has:count} customers whose first ages are over; {needs:count} are needed.",
                "برای سخن گفتن از سهم‌ها کم است: تنها {has:count} مشتری که نخستین دوره‌شان تمام شده؛ {needs:count} لازم است.",
            ),
            evidence={"has": int(of[1]), "needs": fewest},
            tone="warn",
            weight=1.0,
        )
        return
    share, _, _ = view.shares()
    enough = ((cohorts >= SEVERAL) & (of >= fewest)) | (np.arange(len(of)) == 1)
    late = int(np.flatnonzero((of > 0) & enough)[-1]) if not view.previous else 1
    first, last = (int(age) for age in view.ages(np.array([1, late]))[1])
    whom = (
        Text("of customers", "از مشتریان") if view.recurring else Text("of new customers", "از مشتریان تازه")
    )
    how = Text(" or later", " یا دیرتر") if view.or_after else Text("", "")
    soon = Text(f"in the next {word.en}", f"در {word.fa} بعد")
    if first > 1:
        soon = Text(f"in the first {first} {word.en}s", f"در {first} {word.fa} نخست")
    tail = Text(
        f", {{late:percent}} after {{age:count}} {word.en}s",
        f" و {{late:percent}} پس از {{age:count}} {word.fa}",
    )
    tail = tail if late > 1 else Text("", "")
    yield Finding(
        text=Text(
            f"{{next:percent}} {whom.en} come back {soon.en}{how.en}{tail.en}.",
            f"{{next:percent}} {whom.fa} {soon.fa}{how.fa} برمی‌گردند{tail.fa}.",
        ),
        evidence={"next": share[1], "late": share[late], "age": last, "begun": int(of[1])},
        weight=1.0,
    )


def _extremes(view: Triangle, fewest: int) -> Iterator[Finding]:
    """Compare the best cohort with the worst by their first return, where chance does not explain it."""
    if view.share.shape[1] < 2:
        return
    fit = np.flatnonzero(view.over[:, 1] & (view.size >= fewest))
    if len(fit) < SEVERAL:
        return
    share = 100 * view.count[fit, 1] / view.size[fit]
    best, worst = int(fit[share.argmax()]), int(fit[share.argmin()])
    pairs = len(fit) * (len(fit) - 1) / 2  # the widest of so many differences was picked: Bonferroni
    pair = [worst, best]
    _, least, _ = newcombe(view.count[pair, 1], view.size[pair], NormalDist().inv_cdf(1 - 0.025 / pairs))
    if least <= 0:
        return
    word, when = PERIODS[view.spans.period], _when(view)
    yield Finding(
        text=Text(
            f"Best kept were those who began in {{best:{when}}} ({{high:percent}} came back in the next "
            f"{word.en}); least those of {{worst:{when}}} ({{low:percent}}).",
            f"ماندگارترین مشتریان در {{best:{when}}} آمده‌اند ({{high:percent}} در {word.fa} بعد "
            f"برگشتند) و کم‌ماندگارترین در {{worst:{when}}} ({{low:percent}}).",
        ),
        evidence={
            "best": int(view.spans.told(np.array([view.first + best]))[0]),
            "worst": int(view.spans.told(np.array([view.first + worst]))[0]),
            "high": float(share.max()),
            "low": float(share.min()),
        },
        opens=view.opens(view.first + worst, 0),
        weight=0.7,
    )


def _when(view: Triangle) -> str:
    """Return how a period is written in a sentence."""
    unit = view.spans.unit
    return f"{view.spans.period}/{view.spans.calendar}" if unit == "period" else unit


def _flowing(view: Triangle) -> Iterator[Finding]:
    """Say what happened in the last period that is over."""
    done = np.flatnonzero(view.ended)
    if not len(done) or not view.flows[done[-1], 0]:
        return
    at = int(done[-1])
    before, now = view.flows[at, 0], view.flows[at + 1]
    when, told = view.first + at, _when(view)
    gained = now[3] + now[1] >= now[4]
    yield Finding(
        text=Text(
            f"In {{when:{told}}} {{left:percent}} of the active customers did not come back "
            "({gone:count}); {new:count} came for the first time and {returned:count} returned after an absence.",
            f"در {{when:{told}}} {{left:percent}} از مشتریان فعال بازنگشتند ({{gone:count}} نفر)؛ "
            "{new:count} مشتری تازه آمد و {returned:count} نفر پس از غیبت برگشتند.",
        ),
        evidence={
            "when": int(view.spans.told(np.array([when]))[0]),
            "left": 100 * now[4] / before,
            "gone": int(now[4]),
            "new": int(now[1]),
            "returned": int(now[3]),
        },
        opens=(Where("left_in", "has", when),),
        tone="good" if gained else "bad",
        weight=0.9,
    )


BY_GROUP = Chart(
    kind="line",
    table="groups",
    title=Text("Share that comes back, by group", "سهم بازگشته به تفکیک گروه"),
    x="age",
    y=("share",),
    series="group",
)
OVER_TIME = (
    Chart(
        kind="line",
        table="curve",
        title=Text("Share that comes back (mean of the cohorts)", "سهم بازگشته (میانگین هم‌گروه‌ها)"),
        x="age",
        y=("share",),
        options={"low": "low", "high": "high"},
    ),
    Chart(
        kind="stacked",
        table="flow",
        title=Text("Stayed, returned, new", "مانده، بازگشته، تازه"),
        x="period",
        y=("kept", "returned", "new"),
        options={"unfinished": "over"},
    ),
    Chart(
        kind="line",
        table="flow",
        title=Text("Retention rate by period", "نرخ ماندگاری در هر دوره"),
        x="period",
        y=("stayed",),
        options={"unfinished": "over"},
    ),
)


def charts(measure: str, by: str) -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    cohorts = Chart(
        kind="heatmap",
        table="triangle",
        title=Text("Who came back, by cohort", "بازگشت مشتریان به تفکیک هم‌گروه"),
        x="age",
        y=("cohort",),
        color={"percent": "share", "customers": "customers", "revenue": "revenue"}[measure],
        options={"unfinished": "over"},
    )
    return (cohorts, *OVER_TIME, *((BY_GROUP,) if by else ()))
