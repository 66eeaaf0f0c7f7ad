"""What is told of offers, and the sentences that tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ganj.errors import GanjError
from ganj.miner import Finding, Opens, Where
from ganj.models.needing import MissingExtra
from ganj.text import Text
from ganj.views.likely import Learned
from ganj.views.next_best_fold import Advice
from ganj.views.next_best_tried import FEW, OFFERED, PARTS, Held, Offers


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is told.

    Attributes
    ----------
    labels, channels : names of products and of channels
    advice : for all customers
    level : one customer of 2^level was read
    unsure : whether channels or chances of some customers are not exactly their own
    offers, held : what came of trials, of products and of `PARTS`
    foretold : what the churn model says; None where there is none, ``lacking`` then says why
    """

    labels: tuple[str, ...]
    channels: tuple[str, ...]
    advice: Advice
    level: int
    unsure: bool
    offers: Offers
    held: Mapping[str, Held]
    foretold: Learned | None
    lacking: GanjError | None


def opens_of(told: Told, *conditions: Where) -> Opens | None:
    """Return conditions that open customers; of a sample nothing is opened."""
    return None if told.level else conditions


def findings(told: Told) -> Iterator[Finding]:
    """Say what to do, and how often such advice came true."""
    if not len(told.advice.next):
        yield Finding(
            text=Text(
                "Nobody has bought a known product yet, so there is nothing to offer by.",
                "هنوز کسی کالای شناخته‌شده‌ای نخریده است؛ پایه‌ای برای پیشنهاد نیست.",
            ),
            tone="warn",
            weight=1.0,
        )
        return
    yield from _overdue(told)
    yield _came_true(told) if told.offers.trials else _untried(told)
    if told.offers.trials and np.isfinite(told.offers.trials[3].explore):
        yield _new_came_true(told)
    yield from _channel_came_true(told)
    yield from _when_came_true(told)
    yield _foretold(told)


def _overdue(told: Told) -> Iterator[Finding]:
    late = told.advice.bucket == 0
    if not late.any():
        return
    yield Finding(
        text=Text(
            "{customers:count} customers are past the day they were expected to buy again; discounts worth giving them come "
            "to at most {money:short}.",
            "موعد خرید بعدیِ {customers:count} مشتری گذشته است؛ تخفیفی که دادنش به ایشان به‌صرفه است روی هم حداکثر "
            "{money:short} است.",
        ),
        evidence={"customers": int(late.sum()), "money": float(told.advice.discount[late].sum())},
        opens=opens_of(told, Where("due", "=", "overdue")),
        weight=0.9,
    )


def _came_true(told: Told) -> Finding:
    ours, best, last = told.offers.trials[:3]
    good = ours.hit >= max(best.hit, last.hit)
    text = Text(
        "When tried on {people:count} customers, {offered:count} offers held something of the next basket of {hit:percent}; "
        "best sellers of {best:percent}, the last basket of {last:percent}.",
        "در آزمون روی {people:count} مشتری، {offered:count} پیشنهاد برای {hit:percent} چیزی از سبد بعدی را در خود داشت؛ "
        "پرفروش‌ها برای {best:percent} و آخرین سبد برای {last:percent}.",
    )
    if not told.offers.personal:
        text = Text(
            f"{text.en} Own purchases did not do better wherever tried, so best sellers come first.",
            f"{text.fa} خریدهای خود مشتری در همهٔ آزمون‌ها بهتر نبود؛ پس پرفروش‌ها پیش می‌آیند.",
        )
    evidence = {"people": told.offers.people, "offered": OFFERED, "hit": 100 * ours.hit}
    evidence |= {"best": 100 * best.hit, "last": 100 * last.hit}
    return Finding(text=text, evidence=evidence, tone="good" if good else "warn", weight=1.0)


def _new_came_true(told: Told) -> Finding:
    """Say how often what is new was foreseen, and what is offered for it."""
    ours, best = told.offers.trials[3].explore, told.offers.trials[4].explore
    text = Text(
        "Of products that customers bought for the first time, {offered:count} new offers by what goes with their own held "
        "{ours:percent}, best sellers they never bought {best:percent}; the former are offered.",
        "از کالاهایی که مشتریان نخستین بار خریدند، {offered:count} پیشنهادِ همخوان با خریدهای خودشان {ours:percent} و همین شمار "
        "پرفروشِ نخریده {best:percent} را در خود داشت؛ پیشنهادهای همخوان به کار می‌رود.",
    )
    if not told.offers.fresh:
        text = Text(
            "Of products that customers bought for the first time, {offered:count} new offers by what goes with their own held "
            "{ours:percent}, best sellers they never bought {best:percent}. The former did not do better wherever tried, so best "
            "sellers are offered.",
            "از کالاهایی که مشتریان نخستین بار خریدند، {offered:count} پیشنهادِ همخوان با خریدهای خودشان {ours:percent} و همین شمار "
            "پرفروشِ نخریده {best:percent} را در خود داشت. پیشنهادهای همخوان در همهٔ آزمون‌ها بهتر نبود؛ پس پرفروش‌ها پیشنهاد می‌شود.",
        )
    evidence = {"offered": OFFERED, "ours": 100 * ours, "best": 100 * best}
    return Finding(text=text, evidence=evidence, tone="good" if told.offers.fresh else "plain", weight=0.7)


def _channel_came_true(told: Told) -> Iterator[Finding]:
    """Say how often the channel came true, and which is used."""
    held = told.held["channel"]
    if not np.isfinite(held.own):
        return
    text = Text(
        "The channel by own history was right for {own:percent} of {people:count} customers, the one most used by all for "
        "{naive:percent}; own history is used.",
        "کانالِ برآمده از سابقهٔ خود مشتری برای {own:percent} از {people:count} مشتری درست بود و پرکاربردترین کانال برای "
        "{naive:percent}؛ سابقهٔ خود مشتری به کار می‌رود.",
    )
    if not held.used:
        text = Text(
            "The channel by own history was right for {own:percent} of {people:count} customers, the one most used by all for "
            "{naive:percent}. Own history did not do better wherever tried, so the latter is advised to everyone.",
            "کانالِ برآمده از سابقهٔ خود مشتری برای {own:percent} از {people:count} مشتری درست بود و پرکاربردترین کانال برای "
            "{naive:percent}. سابقهٔ خود مشتری در همهٔ آزمون‌ها بهتر نبود؛ پس همان پرکاربردترین برای همه پیشنهاد می‌شود.",
        )
    evidence = {"own": 100 * held.own, "naive": 100 * held.naive, "people": held.people}
    yield Finding(text=text, evidence=evidence, tone="good" if held.used else "plain", weight=0.6)


def _when_came_true(told: Told) -> Iterator[Finding]:
    """Say where weekday or hour are everyone's, because own history foresaw no more."""
    lost = [(name, told.held[part]) for part, name in PARTS[1:3] if not told.held[part].used]
    known = [(name, held) for name, held in lost if held.own < held.naive]
    if not known:
        return
    _, held = known[0]
    names = Text(", ".join(one.en.lower() for one, _ in known), " و ".join(one.fa for one, _ in known))
    yield Finding(
        text=Text(
            f"Advised to everyone as most customers buy: {names.en}. Own history foresaw it for {{own:percent}} of {{people:count}} "
            "customers, the usual one for {naive:percent}.",
            f"برای همه برابر با عادتِ بیشترِ مشتریان پیشنهاد می‌شود: {names.fa}. سابقهٔ خود مشتری برای {{own:percent}} از "
            "{people:count} مشتری درست بود و عادتِ بیشترِ مشتریان برای {naive:percent}.",
        ),
        evidence={"own": 100 * held.own, "naive": 100 * held.naive, "people": held.people},
        weight=0.4,
    )


def _foretold(told: Told) -> Finding:
    """Say by what the chance of leaving is told."""
    model = int((told.advice.by == 0).sum())
    evidence: dict[str, float] = {"model": model, "rhythm": len(told.advice.by) - model}
    if told.foretold is not None and told.foretold.found is not None:
        trial = told.foretold.found.trial
        text = Text(
            "The chance of leaving is the churn model's for {model:count} customers (of two the right one comes first {auc:percent} "
            "of the time), and that of so long a silence for {rhythm:count} who are beyond their own rhythm.",
            "احتمال ریزشِ {model:count} مشتری از مدل ریزش است (از هر دو مشتری در {auc:percent} موارد ترتیب درست بود) و برای "
            "{rhythm:count} مشتری که سکوتشان از آهنگ خودشان گذشته، از روی درازای سکوت.",
        )
        evidence["auc"] = 100 * float(trial.measured[trial.chosen].value[0])
        return Finding(text=text, evidence=evidence, weight=0.5)
    lacking = told.lacking
    why = Text(lacking.message("en"), lacking.message("fa")) if lacking else Text("", "")
    hint = (
        Text(lacking.advice("en"), lacking.advice("fa"))
        if isinstance(lacking, MissingExtra)
        else Text("", "")
    )
    text = Text(
        f"The chance of leaving is told by own rhythm alone, for there is no churn model: {why.en} {hint.en}".strip(),
        f"احتمال ریزش تنها از روی آهنگ خرید خود مشتری است، چون مدل ریزشی نیست: {why.fa} {hint.fa}".strip(),
    )
    return Finding(text=text, evidence=evidence, tone="warn", weight=0.5)


def _untried(told: Told) -> Finding:
    return Finding(
        text=Text(
            "Whether offers come true could not be tried: that needs {few:count} customers who bought before and in the "
            "held-out days; there are {people:count}.",
            "درستی پیشنهادها آزموده نشد: {few:count} مشتری لازم است که هم پیش از روزهای کنارگذاشته و هم در آن روزها خریده "
            "باشند؛ {people:count} نفر چنین‌اند.",
        ),
        evidence={"few": FEW, "people": told.offers.people},
        tone="warn",
        weight=0.8,
    )
