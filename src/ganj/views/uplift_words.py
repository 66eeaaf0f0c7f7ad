"""What a campaign did: sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.miner import Finding, Where
from ganj.models.causal.choosing import Chosen
from ganj.models.causal.effects import Effect
from ganj.text import Text
from ganj.views.uplift import Outcome

SURE, UNFAIR, APART = 0.05, 0.001, 3.5
"""A chance below which an effect is told, below which sizes are not by lot, and standard errors of a difference before."""
NOT_OVER = Text(
    "The time allowed is not over for anybody who was drawn: allow less, or wait.",
    "مهلت هیچ‌یک از کسانی که گروه‌بندی شده‌اند به پایان نرسیده است: مهلت کمتری بدهید یا صبر کنید.",
)
NONE_BY_LOT = Text(
    "Nothing was drawn by lot here: there is no control group beside the treated, so what was added cannot be told from "
    "what would have come anyway. Leave a random tenth out of the next campaign.",
    "اینجا چیزی به قید قرعه گروه‌بندی نشده است: در برابر دریافت‌کنندگان گروه کنترلی نیست و نمی‌توان گفت چه چیزی افزوده شده و چه "
    "چیزی خودبه‌خود می‌آمد. در کمپین بعدی یک‌دهم مشتریان را به قید قرعه کنار بگذارید.",
)


def findings(found: Outcome) -> Iterator[Finding]:
    """Say what was added, whether that can be believed, and whom to write to next."""
    whole = found.whole
    if whole is None:
        early = found.dated and found.told.labels and not found.told.groups.values
        yield Finding(text=NOT_OVER if early else NONE_BY_LOT, tone="warn", weight=1.0)
        return
    yield _added(found, whole)
    yield from _doubts(found, whole)
    if found.chosen is not None:
        yield _ranks(found, found.chosen, whole)
        yield from _advice(found, found.chosen)
    elif found.lacking is not None:
        yield Finding(
            text=Text(
                f"On whom the effect is large is not told: {found.lacking.message('en')}",
                f"گفته نشد اثر بر چه کسانی بزرگ است: {found.lacking.message('fa')}",
            ),
            tone="warn",
            weight=0.4,
        )


def _written(found: Outcome) -> str:
    return {"percent": "percent", "money": "short", "ratio": "ratio"}[found.unit]


def _added(found: Outcome, whole: Effect) -> Finding:
    sure = whole.chance < SURE
    figure = _written(found)
    points = Text(" (points)", " (واحد درصد)") if found.measure == "happened" else Text("", "")
    limits = Text(
        f"(95 %: {{low:{figure}}} to {{high:{figure}}})", f"(۹۵٪: {{low:{figure}}} تا {{high:{figure}}})"
    )
    judged = (
        Text("The effect is", "اثر افزوده")
        if sure
        else Text("No effect can be told from chance:", "اثری که از تصادف جدا شود دیده نمی‌شود:")
    )
    return Finding(
        text=Text(
            f"Treated {{treated:{figure}}}, control group {{control:{figure}}}. {judged.en} "
            f"{{added:{figure}}}{points.en} {limits.en}.",
            f"دریافت‌کنندگان {{treated:{figure}}} و گروه کنترل {{control:{figure}}}. {judged.fa} "
            f"{{added:{figure}}}{points.fa} {limits.fa}" + (" است." if sure else "."),
        ),
        evidence={
            "treated": found.scale * whole.means[1],
            "control": found.scale * whole.means[0],
            "added": found.scale * whole.added,
            "low": found.scale * whole.low,
            "high": found.scale * whole.high,
        },
        tone="plain" if not sure else "good" if whole.added > 0 else "bad",
        weight=1.0,
    )


def _doubts(found: Outcome, whole: Effect) -> Iterator[Finding]:
    """Say where the lot was not fair."""
    if found.unfair < UNFAIR:
        yield Finding(
            text=Text(
                "The groups are not of the planned sizes: {treated:count} treated and {control:count} not. Chances are "
                "below one in a thousand that a fair lot does this; find out who is missing before you believe the effect.",
                "اندازهٔ گروه‌ها مطابق برنامه نیست: {treated:count} دریافت‌کننده و {control:count} در گروه کنترل. احتمال آن در قرعهٔ "
                "درست کمتر از یک در هزار است؛ پیش از پذیرفتن اثر ببینید چه کسانی جا مانده‌اند.",
            ),
            evidence={"treated": whole.sizes[1], "control": whole.sizes[0]},
            tone="bad",
            weight=0.95,
        )
    if abs(whole.before) > APART:
        yield Finding(
            text=Text(
                "The groups differed before already, by {apart:ratio} standard errors: they were not drawn by lot, and the "
                "difference is no effect of the campaign alone.",
                "گروه‌ها از پیش هم به اندازهٔ {apart:ratio} خطای معیار با هم تفاوت داشتند: به قید قرعه نبوده‌اند و این تفاوت تنها اثر کمپین نیست.",
            ),
            evidence={"apart": abs(whole.before)},
            tone="bad",
            weight=0.94,
        )


def _ranks(found: Outcome, chosen: Chosen, whole: Effect) -> Finding:
    """Say whether customers with a large effect can be told from others."""
    trial = next(iter(chosen.trials.values()))
    figure = _written(found)
    better = float(trial.qini[1]) > 0
    evidence = {
        "first": found.scale * float(trial.first[0]),
        "low": found.scale * float(trial.first[1]),
        "high": found.scale * float(trial.first[2]),
        "all": found.scale * whole.added,
        "qini": float(trial.qini[0]),
    }
    limits = Text(f"({{low:{figure}}} to {{high:{figure}}})", f"({{low:{figure}}} تا {{high:{figure}}})")
    text = (
        Text(
            f"On the 30 % with the largest expected effect it is {{first:{figure}}} {limits.en}, on all {{all:{figure}}}; "
            "told of customers who were not learned from (Qini {qini}).",
            f"اثر بر ۳۰٪ مشتریانی که بیشترین اثر از آنان انتظار می‌رود {{first:{figure}}} {limits.fa} و بر همه {{all:{figure}}} است؛ "
            "آزموده بر مشتریانی که از آنان آموخته نشده (ضریب کینی {qini}).",
        )
        if better
        else Text(
            "On whom the effect is larger cannot be told from what is known of them (Qini {qini}): choosing is no better "
            "than drawing by lot.",
            "از آنچه دربارهٔ مشتریان دانسته است نمی‌توان گفت اثر بر چه کسی بزرگ‌تر است (ضریب کینی {qini}): گزینش بهتر از قرعه نیست.",
        )
    )
    return Finding(text=text, evidence=evidence, tone="good" if better else "plain", weight=0.8)


def _advice(found: Outcome, chosen: Chosen) -> Iterator[Finding]:
    """Name the share of customers that brings most within the budget."""
    if not (found.money.worth and found.money.cost):
        return
    table = found.policy(chosen)
    profit = np.where(table.values["affordable"], table.values["profit"], -np.inf)
    at = int(np.argmax(profit))
    if not profit[at] > 0:
        text = Text(
            "At this cost no share of the customers repays writing to them.",
            "با این هزینه، نوشتن به هیچ سهمی از مشتریان به‌صرفه نیست.",
        )
        yield Finding(text=text, tone="bad", weight=0.75)
        return
    exact = table.opens["customers"][at] is not None and table.values["customers"][at] > 0
    yield Finding(
        text=Text(
            "Write to the first {share:percent} ({customers:count} customers): expected profit {profit:short} at a cost of {cost:short}.",
            "به {share:percent} نخست ({customers:count} مشتری) بنویسید: سود مورد انتظار {profit:short} با هزینهٔ {cost:short}.",
        ),
        evidence={
            "share": float(table.values["share"][at]),
            "customers": int(table.values["customers"][at]),
            "profit": float(profit[at]),
            "cost": float(table.values["cost"][at]),
        },
        opens=(Where("uplift_tenth", "<=", at + 1), Where("uplift_tenth", ">=", 1)) if exact else None,
        tone="good",
        weight=0.9,
    )
