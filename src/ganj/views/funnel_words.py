"""The funnel's words: what its choices are called, what it refuses, and what it concludes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from statistics import NormalDist
from typing import Any

import numpy as np

from ganj.display.numbers import in_digits
from ganj.errors import BadParameter
from ganj.miner import Finding, Where
from ganj.text import Text
from ganj.views.funnel import Steps, called, percent, said
from ganj.views.funnel_depths import OTHERS

FEW = 30
"""Shares of fewer customers are not spoken of."""
ORDERS = {
    "ordered": Text("In this order", "به همین ترتیب"),
    "strict": Text("In this order, nothing in between", "به همین ترتیب و بی هیچ رویدادی در میان"),
    "unordered": Text("In any order", "به هر ترتیب"),
}
PERIODS = {
    "": Text("Not shown", "نشان داده نشود"),
    "day": Text("By day of entry", "بر پایهٔ روز ورود"),
    "week": Text("By week of entry", "بر پایهٔ هفتهٔ ورود"),
    "month": Text("By month of entry", "بر پایهٔ ماه ورود"),
}
ATTRIBUTIONS = {
    "first": Text("The first of a customer", "نخستین مقدار مشتری"),
    "last": Text("The last of a customer", "آخرین مقدار مشتری"),
    "all": Text("Each: all steps with the same value", "هر مقدار: همهٔ گام‌ها با همان مقدار"),
    "step": Text("That of one step", "مقدارِ یک گام"),
}
SEMANTICS = {
    "posthog": Text("PostHog: the latest attempt at each step", "PostHog: آخرین تلاش در هر گام"),
    "mixpanel": Text("Mixpanel: one entry at a time", "Mixpanel: هر بار یک ورود"),
    "amplitude": Text("Amplitude: without order in whole days", "Amplitude: بی‌ترتیب، در روزهای کامل"),
}
FIRST_HELP = Text(
    "Numbers of steps. Only a customer's very first event of that name counts, if it fits the step.",
    "شمارهٔ گام‌ها. تنها نخستین رویدادِ مشتری با آن نام شمرده می‌شود، اگر با گام سازگار باشد.",
)


def refuse(asked: Any) -> None:
    """Refuse parameters that cannot work together.

    Raises
    ------
    BadParameter
        With the reason.
    """
    for name, value, why in _wrong(asked, len(asked.steps)):
        raise BadParameter(parameter=name, value=value, why=why)


def _wrong(asked: Any, steps: int) -> Iterator[tuple[str, Any, Text]]:
    missing = Text(
        f"there are {steps} steps, numbered from 1.",
        f"{in_digits(str(steps), 'persian')} گام هست که از ۱ شماره دارند.",
    )
    for name in ("first_ever", "first_matching", "optional"):
        if any(not 1 <= step <= steps for step in getattr(asked, name)):
            yield name, getattr(asked, name), missing
    for name in ("from_step", "to_step", "attribution_step"):
        if getattr(asked, name) > max(steps, 1):
            yield name, getattr(asked, name), missing
    if asked.to_step and asked.to_step < asked.from_step:
        yield "to_step", asked.to_step, Text("it lies before the other step.", "پیش از گام دیگر است.")
    if {1, steps} & set(asked.optional):
        yield (
            "optional",
            asked.optional,
            Text("the first step and the last cannot be left out.", "از گام نخست و گام آخر نمی‌توان گذشت."),
        )
    if len(asked.between) > len(asked.exclusions):
        yield "between", asked.between, Text("there are fewer events.", "رویدادها کمترند.")
    yield from _disorder(asked, steps)


def _disorder(asked: Any, steps: int) -> Iterator[tuple[str, Any, Text]]:
    ordered = Text("it needs the steps to be ordered.", "گام‌ها باید ترتیب داشته باشند.")
    if asked.order != "ordered" and asked.optional:
        yield "optional", asked.optional, ordered
    if asked.order == "unordered":
        for one in asked._exclusions:  # noqa: SLF001 - the analysis's own reading of its words
            if (one.first, one.last) != (1, steps):
                yield "exclusions", asked.exclusions, ordered
        if asked.semantics == "amplitude" and not asked.months and asked.within < timedelta(days=1):
            yield (
                "within",
                asked.within,
                Text("without an order it counts whole days.", "بی‌ترتیب، روزهای کامل شمرده می‌شود."),
            )
    if asked.semantics == "mixpanel" and (asked.order == "strict" or asked.optional):
        name = "optional" if asked.optional else "order"
        yield name, getattr(asked, name), Text("Mixpanel has no such funnel.", "Mixpanel چنین قیفی ندارد.")


def findings(view: Steps) -> Iterator[Finding]:
    """Say what a manager takes away."""
    for name, seen in zip(view.names, view.walked.seen, strict=True):
        if not seen:
            yield Finding(
                text=Text(
                    "There is no event {step} in this period; it may be recorded under another name, or filters leave none.",
                    "در این بازه هیچ رویداد «{step}» نیست؛ شاید با نام دیگری ثبت شده باشد یا پالایه‌ها چیزی نگذاشته باشند.",
                ),
                evidence={"step": said(name)},
                tone="warn",
                weight=2.0,
            )
    if not view.everyone.taken[0]:
        text = Text("No customer has taken the first step yet.", "هنوز هیچ مشتری گام نخست را برنداشته است.")
        yield Finding(text=text, tone="warn", weight=1.5)
        return
    yield _overall(view)
    yield from _weakest(view)
    yield from _clearest(view)


def _overall(view: Steps) -> Finding:
    whole, taken = view.everyone.whole.numbers(), view.everyone.taken
    timed = Text("; half of them within {time:duration}", "؛ نیمی از آنان در کمتر از {time:duration}")
    tail = timed if whole.size and len(view.names) > 1 else Text("", "")
    return Finding(
        text=Text(
            "{rate:percent} of the {entered:count} customers who took the first step came through"
            + tail.en
            + ".",
            "از {entered:count} مشتری که گام نخست را برداشتند {rate:percent} به پایان رسیدند" + tail.fa + ".",
        ),
        evidence={"rate": 100 * taken[-1] / taken[0], "entered": int(taken[0]), "time": whole.median},
        opens=(Where("funnel_step", ">=", len(view.names)),) if taken[-1] else None,
        weight=1.0,
    )


def _weakest(view: Steps) -> Iterator[Finding]:
    """Name the step at which the greatest part goes no further."""
    taken, ended = view.everyone.taken[:-1], view.everyone.ended[1:-1]
    if not ended.sum():
        return
    lost = np.where(taken > 0, ended / np.maximum(taken, 1), 0)
    at = int(lost.argmax())
    yield Finding(
        text=Text(
            "Most are lost between {here} and {there}: {lost:percent}, {gone:count} customers.",
            "بیشترین ریزش میان «{here}» و «{there}» است: {lost:percent}، {gone:count} مشتری.",
        ),
        evidence={
            "here": view.labels[at],
            "there": view.labels[at + 1],
            "lost": 100 * float(lost[at]),
            "gone": int(ended[at]),
        },
        opens=(Where("funnel_step", "=", at + 1),),
        tone="bad",
        weight=0.9,
    )


def _clearest(view: Steps) -> Iterator[Finding]:
    """Name the two groups that differ most, where chance does not explain it."""
    labels = list(view.groups)
    taken = np.array([view.groups[label].taken for label in labels]).reshape(len(labels), len(view.names))
    entered, rates = taken[:, 0], percent(taken[:, -1], taken[:, 0])
    fit = np.array([k for k in np.flatnonzero(entered >= FEW) if labels[k] != OTHERS], np.int64)
    if len(fit) < 2:
        return
    low, high = int(fit[rates[fit].argmin()]), int(fit[rates[fit].argmax()])
    pairs = len(fit) * (len(fit) - 1) / 2  # the widest of so many differences was picked: Bonferroni
    z = NormalDist().inv_cdf(1 - 0.025 / pairs)
    difference, least, most = view.difference(low, high, z)
    if least <= 0:
        return
    yield Finding(
        text=Text(
            "{best} converts better than {worst}: {high:percent} against {low:percent} "
            "(difference {least:percent} to {most:percent}).",
            "نرخ تبدیل «{best}» بهتر از «{worst}» است: {high:percent} در برابر {low:percent} "
            "(اختلاف {least:percent} تا {most:percent}).",
        ),
        evidence={
            "best": called(labels[high]),
            "worst": called(labels[low]),
            "high": float(rates[high]),
            "low": float(rates[low]),
            "difference": difference,
            "least": least,
            "most": most,
        },
        opens=view.of(labels[low], 0),
        weight=0.8,
    )
