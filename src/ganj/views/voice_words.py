"""What a manager takes away from customers' voice, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ganj.histories import Array
from ganj.kernels.intervals import Z95, wilson
from ganj.miner import Finding, Where
from ganj.models.attitude import NPS, SCALES, index, per_doubling
from ganj.models.words.moods import NEGATIVE, Tried
from ganj.text import Text
from ganj.views.voice_found import COMPLAINED, OF_WAITING, PRESSING, TOPIC, Found, complaints
from ganj.views.voice_learn import key_of_topics, moods_of_topics

CSAT = 1
FEW = 30
"""Answers of a period below which it is not compared."""
SURE = 2.0
"""z from which a topic belongs to one side."""


def findings(found: Found) -> Iterator[Finding]:
    """Say what matters, or that there is nothing to read."""
    if not found.heard:
        yield NOTHING
        return
    for scale in np.unique(found.told.scale[found.told.mark >= 0]).tolist():
        yield from _figure(found, scale)
    yield from _moods(found)
    yield from _pressing(found)
    yield from _topics(found)
    yield from _waiting(found)
    yield from _cost(found)
    yield from _trust(found)
    yield from _silent(found)


NOTHING = Finding(
    text=Text(
        "There is nothing to read yet: no answers to surveys, no reviews, no tickets. Ask customers with a survey, or "
        "import reviews and tickets.",
        "هنوز چیزی برای خواندن نیست: نه پاسخ نظرسنجی، نه نظر و نه تیکت. با نظرسنجی از مشتریان بپرسید یا نظرها و "
        "تیکت‌ها را وارد کنید.",
    ),
    tone="warn",
    weight=1.0,
)


def _figure(found: Found, scale: int) -> Iterator[Finding]:
    told = found.told
    at = (told.scale == scale) & (told.mark >= 0)
    counts = np.bincount(told.mark[at], minlength=3)
    figure, low, high = (float(one[0]) for one in index(scale, counts[None]))
    evidence: dict[str, Any] = {"figure": figure, "low": low, "high": high, "answers": int(counts.sum())}
    if scale == NPS:
        text = Text(
            "The NPS is {figure:number}, between {low:number} and {high:number} with 95 % confidence, from {answers:count} answers.",
            "شاخص خالص ترویج (NPS) برابر {figure:number} است و با اطمینان ۹۵٪ میان {low:number} و {high:number}، از "
            "{answers:count} پاسخ.",
        )
    else:
        evidence["scale"] = SCALES[scale].label
        text = Text(
            "{scale}: {figure:percent} are happy, between {low:percent} and {high:percent} with 95 % confidence, from "
            "{answers:count} marks.",
            "{scale}: {figure:percent} راضی‌اند و با اطمینان ۹۵٪ میان {low:percent} و {high:percent}، از {answers:count} امتیاز.",
        )
    yield Finding(text=text, evidence=evidence, weight=0.9 if scale == NPS else 0.6)
    yield from _change(found, scale)


def _change(found: Found, scale: int) -> Iterator[Finding]:
    """Say whether the second half of the answers differs from the first beyond chance."""
    told = found.told
    at = np.flatnonzero((told.scale == scale) & (told.mark >= 0))
    at = at[np.argsort(told.book.time[at], kind="stable")]
    parts = [np.bincount(told.mark[half], minlength=3) for half in np.array_split(at, 2)]
    if min(int(part.sum()) for part in parts) < FEW:
        return
    (before, old), (now, new) = (_mean_and_error(part, scale) for part in parts)
    if abs(now - before) <= Z95 * float(np.hypot(old, new)):
        return
    rising = now > before
    evidence = {"scale": SCALES[scale].label, "before": before, "now": now}
    text = Text(
        "{scale} has risen from {before:number} in the first half of the answers to {now:number} in the second; this is beyond chance.",
        "{scale} از {before:number} در نیمهٔ نخست پاسخ‌ها به {now:number} در نیمهٔ دوم رسیده و این افزایش تصادفی نیست.",
    )
    if not rising:
        text = Text(
            "{scale} has fallen from {before:number} in the first half of the answers to {now:number} in the second; this is "
            "beyond chance.",
            "{scale} از {before:number} در نیمهٔ نخست پاسخ‌ها به {now:number} در نیمهٔ دوم افت کرده و این افت تصادفی نیست.",
        )
    yield Finding(text=text, evidence=evidence, tone="good" if rising else "bad", weight=0.85)


def _mean_and_error(counts: Array, scale: int) -> tuple[float, float]:
    """Return a scale's figure and its standard error, in percent or points."""
    worth = np.array([-1.0, 0.0, 1.0]) if scale == NPS else np.array([0.0, 0.0, 1.0])
    share = counts / counts.sum()
    mean = float(share @ worth)
    spread = float(share @ worth**2) - mean**2
    return 100 * mean, 100 * float(np.sqrt(spread / counts.sum()))


def _moods(found: Found) -> Iterator[Finding]:
    told = found.told
    mood = told.mood[told.book.text[told.written]]
    if not len(mood):
        return
    bad = int((mood == NEGATIVE).sum())
    low, high = (100 * float(one[0]) for one in wilson(np.array([bad]), np.array([len(mood)])))
    yield Finding(
        text=Text(
            "{share:percent} of {texts:count} texts are complaints (between {low:percent} and {high:percent}).",
            "{share:percent} از {texts:count} نوشته گلایه است (میان {low:percent} و {high:percent}).",
        ),
        evidence={"share": 100 * bad / len(mood), "texts": len(mood), "low": low, "high": high},
        weight=0.7,
    )


def _pressing(found: Found) -> Iterator[Finding]:
    if not found.pressing:
        return
    yield Finding(
        text=Text(
            "{customers:count} customers wait with a complaint that cannot wait: answer them first.",
            "{customers:count} مشتری شکایتی دارند که نباید معطل بماند؛ اول به آنان پاسخ دهید.",
        ),
        evidence={"customers": found.pressing},
        opens=found.opening(Where("urgency", ">=", PRESSING))[0],
        tone="bad",
        weight=0.95,
    )


def _topics(found: Found) -> Iterator[Finding]:
    size = len(found.ear.topics.terms)
    if not size:
        return
    counts = moods_of_topics(found.told, size)
    key = np.nan_to_num(key_of_topics(counts))
    worst, best = int(key.argmax()), int(key.argmin())
    if key[worst] > SURE:
        total = counts[worst].sum()
        yield Finding(
            text=Text(
                "What complaints are most about: “{topic}”; {share:percent} of the {texts:count} texts that speak of it complain.",
                "گلایه‌ها بیش از همه دربارهٔ «{topic}» است؛ {share:percent} از {texts:count} نوشته‌ای که از آن می‌گویند گلایه‌اند.",
            ),
            evidence={
                "topic": found.ear.topics.shown[worst],
                "share": 100 * counts[worst, NEGATIVE] / total,
                "texts": int(total),
            },
            opens=found.opens(TOPIC, worst, NEGATIVE)[0],
            tone="bad",
            weight=0.8,
        )
    if key[best] < -SURE:
        yield Finding(
            text=Text("What is praised most: “{topic}”.", "بیش از همه از «{topic}» ابراز رضایت کرده‌اند."),
            evidence={"topic": found.ear.topics.shown[best]},
            opens=found.opens(TOPIC, best)[0],
            tone="good",
            weight=0.5,
        )


def _waiting(found: Found) -> Iterator[Finding]:
    _, what = complaints(found.told)
    waiting = int((what == OF_WAITING).sum())
    if not waiting:
        return
    low, high = (100 * float(one[0]) for one in wilson(np.array([waiting]), np.array([len(what)])))
    yield Finding(
        text=Text(
            "{share:percent} of complaints speak of waiting (between {low:percent} and {high:percent}).",
            "{share:percent} از گلایه‌ها از انتظار کشیدن است (میان {low:percent} و {high:percent}).",
        ),
        evidence={"share": 100 * waiting / len(what), "low": low, "high": high},
        opens=found.opens(COMPLAINED, np.array([OF_WAITING]))[0],
        weight=0.55,
    )


def _cost(found: Found) -> Iterator[Finding]:
    """Say by how much marks fall as the wait grows."""
    told = found.told
    cases = told.book.cases
    after = cases.marks(told.book, told.scale, CSAT)
    given = ~np.isnan(after) & ~np.isnan(cases.solved)
    customer = told.book.customer[cases.row[given]]
    slope = per_doubling(cases.solved[given], after[given], customer)
    if slope is None:
        return
    low, high = slope.limits
    evidence = {"loss": -slope.value, "low": -high, "high": -low, "marks": slope.size}
    sure = high < 0
    text = Text(
        "Each doubling of the wait for a solution goes with a mark lower by {loss:ratio} of five (between {low:ratio} and "
        "{high:ratio}, {marks:count} marks).",
        "با هر دوبرابر شدن انتظار تا حل تیکت، امتیاز {loss:ratio} از پنج پایین‌تر است (میان {low:ratio} و {high:ratio}، از "
        "{marks:count} امتیاز).",
    )
    if not sure:
        text = Text(
            "The marks of {marks:count} tickets do not show that waiting longer lowers satisfaction: per doubling {loss:ratio} "
            "of five, between {low:ratio} and {high:ratio}.",
            "امتیاز {marks:count} تیکت نشان نمی‌دهد که انتظار بیشتر رضایت را کم می‌کند: با هر دوبرابر شدن {loss:ratio} از پنج، "
            "میان {low:ratio} و {high:ratio}.",
        )
    yield Finding(text=text, evidence=evidence, tone="bad" if sure else "plain", weight=0.75 if sure else 0.4)


def _trust(found: Found) -> Iterator[Finding]:
    if not found.told.written.any():
        return
    judge = found.ear.judge
    if judge.source == "own" and judge.tried is not None:
        yield _learned(judge.tried)
    elif judge.source == "list":
        yield Finding(
            text=Text(
                "Moods are judged by a list of words: too few texts have a mark beside them to learn from, or learning did not do "
                "better. Take single texts with care.",
                "احساس نوشته‌ها با فهرست واژه‌ها سنجیده شده است: نوشتهٔ امتیازدار برای آموختن کم است یا آموختن نتیجهٔ بهتری نداد. به "
                "داوری دربارهٔ تک‌تک نوشته‌ها زیاد تکیه نکنید.",
            ),
            tone="warn",
            weight=0.35,
        )
    if found.ear.labeller is not None and found.tried is not None:
        yield _labelling(found.tried)


def _learned(tried: Tried) -> Finding:
    return Finding(
        text=Text(
            "Moods were learned from {texts:count} marked texts; of {size:count} later ones {right:percent} were right, the list of "
            "words had {listed:percent} and always the most frequent {naive:percent}.",
            "احساس نوشته‌ها از {texts:count} نوشتهٔ امتیازدار آموخته شد؛ از {size:count} نوشتهٔ بعدی {right:percent} درست بود، فهرست "
            "واژه‌ها {listed:percent} و «همیشه پرتکرارترین» {naive:percent}.",
        ),
        evidence=_shares(tried) | {"listed": 100 * tried.listed / tried.size},
        weight=0.35,
    )


def _labelling(tried: Tried) -> Finding:
    return Finding(
        text=Text(
            "Your labels were learned from {texts:count} texts; of {size:count} later ones {right:percent} got the right label, always "
            "the most frequent would have had {naive:percent}.",
            "برچسب‌های شما از {texts:count} نوشته آموخته شد؛ از {size:count} نوشتهٔ بعدی {right:percent} برچسب درست گرفت و «همیشه "
            "پرتکرارترین» {naive:percent} می‌شد.",
        ),
        evidence=_shares(tried),
        weight=0.3,
    )


def _shares(tried: Tried) -> dict[str, float]:
    return {
        "texts": tried.learned_from,
        "size": tried.size,
        "right": 100 * tried.right / tried.size,
        "naive": 100 * tried.naive / tried.size,
    }


def _silent(found: Found) -> Iterator[Finding]:
    if found.level:
        yield Finding(
            text=Text(
                "All figures are of a sample, one customer in {part:count}, drawn by lot.",
                "همهٔ رقم‌ها از نمونه‌ای تصادفی است: از هر {part:count} مشتری یکی.",
            ),
            evidence={"part": 1 << found.level},
            tone="warn",
            weight=0.5,
        )
        return
    silent = found.people - found.heard
    if not silent:
        return
    yield Finding(
        text=Text(
            "Nothing is known of how {silent:count} customers feel ({share:percent} of all): they never answered, wrote or opened a ticket.",
            "از احساس {silent:count} مشتری ({share:percent} از همه) چیزی نمی‌دانیم: نه پاسخی داده‌اند، نه چیزی نوشته‌اند و نه تیکتی زده‌اند.",
        ),
        evidence={"silent": silent, "share": 100 * silent / found.people},
        opens=(Where("heard", "=", 0),),
        weight=0.2,
    )
