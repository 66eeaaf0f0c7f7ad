"""How offers are told: tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ganj.calendar import WEEKDAYS
from ganj.histories import Array
from ganj.miner import Chart, Finding, Opens, Report, Table, Where, column
from ganj.models.offers import Trial
from ganj.text import Text
from ganj.views.next_best_fold import DUE, Advice

LISTED = 50
METHODS = (
    Text("What is offered here", "پیشنهاد همین تحلیل"),
    Text("Best sellers to everyone", "پرفروش‌ها برای همه"),
    Text("The customer's last basket", "آخرین سبد خود مشتری"),
    Text("Only what is new to them, by this analysis", "تنها کالاهای تازه، به پیشنهاد همین تحلیل"),
    Text("Only best sellers they never bought", "تنها پرفروش‌هایی که هرگز نخریده‌اند"),
)
KINDS = (
    ("next_product", "next", Text("What to offer next", "پیشنهاد بعدی")),
    ("again_product", "again", Text("To buy again", "برای خرید دوباره")),
    ("new_product", "new", Text("New to the customer", "تازه برای مشتری")),
)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is told: advice for all customers, and the trials of `METHODS` on so many; none where they were too few."""

    labels: tuple[str, ...]
    advice: Advice
    level: int
    trials: tuple[Trial, ...]
    people: int


def report(told: Told, few: int, offered: int) -> Report:
    """Tell what to offer and how often that came true."""
    tables = {name: _products(told, name, field, title) for name, field, title in KINDS}
    tables |= {"due": _due(told), "times": _times(told)}
    if told.trials:
        tables["tried"] = _trials(told)
    used = {name: table for name, table in tables.items() if len(table)}
    return Report(used, tuple(_charts(used)), tuple(_findings(told, few, offered)))


def _opens(told: Told, *conditions: Where) -> Opens | None:
    return None if told.level else conditions


def _counted(codes: Array, size: int) -> tuple[Array, Array]:
    """Return codes that occur, the most frequent first, and how often."""
    count = np.bincount(codes[codes >= 0], minlength=size)
    order = np.argsort(-count, kind="stable")
    order = order[count[order] > 0][:LISTED]
    return order, count[order]


def _products(told: Told, name: str, field: str, title: Text) -> Table:
    codes, count = _counted(getattr(told.advice, field), len(told.labels))
    opens = [_opens(told, Where(name, "=", told.labels[code])) for code in codes]
    return Table.of(
        title,
        (column("product", "Product", "کالا", "text"), [told.labels[code] for code in codes]),
        (column("customers", "Customers", "مشتریان", "customers"), count, opens),
        (column("share", "Share", "سهم", "percent"), 100 * count / max(count.sum(), 1)),
    )


def _due(told: Told) -> Table:
    advice = told.advice
    count = np.bincount(advice.bucket, minlength=len(DUE))
    return Table.of(
        Text("When the next purchase is expected", "موعد خرید بعدی"),
        (column("due", "Next purchase expected", "موعد خرید بعدی", "category", choices=DUE), np.arange(len(DUE))),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            count,
            [_opens(told, Where("due", "=", name)) for name, _ in DUE],
        ),
        (
            column("discount", "Discounts worth giving, at most", "بیشترین تخفیفِ به‌صرفه", "money"),
            np.bincount(advice.bucket, advice.discount, len(DUE)),
        ),
        (
            column("each", "… a customer", "… برای هر مشتری", "money"),
            np.bincount(advice.bucket, advice.discount, len(DUE)) / np.where(count > 0, count, np.nan),
        ),
    )  # fmt: skip


def _times(told: Told) -> Table:
    count = np.bincount(told.advice.hour, minlength=168)
    hours = np.flatnonzero(count)
    count = count[hours]
    days = tuple((str(day), WEEKDAYS[day]) for day in range(7))
    opens = [
        _opens(told, Where("best_weekday", "=", str(hour // 24)), Where("best_hour", "=", int(hour % 24)))
        for hour in hours
    ]
    return Table.of(
        Text("Best day and hour", "بهترین روز و ساعت"),
        (column("weekday", "Day", "روز", "category", choices=days), hours // 24),
        (column("hour", "Hour", "ساعت", "count"), hours % 24),
        (column("customers", "Customers", "مشتریان", "customers"), count, opens),
    )


def _trials(told: Told) -> Table:
    names = tuple((str(number), text) for number, text in enumerate(METHODS))
    figures = (
        ("hit", "Something of the next basket was offered", "چیزی از سبد بعدی پیشنهاد شده بود"),
        ("recall", "Share of the next basket that was offered", "سهم پیشنهادشده از سبد بعدی"),
        ("ndcg", "… the first offers counting more (NDCG)", "… با وزن بیشترِ پیشنهادهای نخست (NDCG)"),
        ("repeat", "… of what was bought again", "… از خریدهای دوباره"),
        ("explore", "… of what was new", "… از کالاهای تازه"),
    )
    return Table.of(
        Text("Tried on held-out days", "آزموده در روزهای کنارگذاشته"),
        (column("method", "Method", "روش", "category", choices=names), np.arange(len(told.trials))),
        *(
            (column(name, en, fa, "percent"), [100 * getattr(trial, name) for trial in told.trials])
            for name, en, fa in figures
        ),
    )


def _charts(tables: dict[str, Table]) -> Iterator[Chart]:
    for name, _, title in KINDS:
        if name in tables and name != "again_product":  # where people buy again it looks like the first
            yield Chart(kind="hbar", table=name, title=title, x="product", y=("customers",))
    if "times" in tables:
        title = Text("Best day and hour to reach them", "بهترین روز و ساعت تماس")
        yield Chart(kind="heatmap", table="times", title=title, x="hour", series="weekday", y=("customers",))
    if len(tables["due"]):
        title = Text("When the next purchase is expected", "موعد خرید بعدی")
        yield Chart(kind="hbar", table="due", title=title, x="due", y=("customers",))
    if "tried" in tables:
        title = Text("Does it come true?", "آیا درست درمی‌آید؟")
        yield Chart(kind="hbar", table="tried", title=title, x="method", y=("hit",))


def _findings(told: Told, few: int, offered: int) -> Iterator[Finding]:
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
    yield _came_true(told, offered) if told.trials else _untried(told, few)
    if told.trials and np.isfinite(told.trials[3].explore):
        yield _new_came_true(told, offered)


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
        opens=_opens(told, Where("due", "=", "overdue")),
        weight=0.9,
    )


def _came_true(told: Told, offered: int) -> Finding:
    ours, best, last = told.trials[:3]
    good = ours.hit >= max(best.hit, last.hit)
    text = Text(
        "When tried on {people:count} customers, {offered:count} offers held something of the next basket of {hit:percent}; "
        "best sellers of {best:percent}, the last basket of {last:percent}.",
        "در آزمون روی {people:count} مشتری، {offered:count} پیشنهاد برای {hit:percent} چیزی از سبد بعدی را در خود داشت؛ "
        "پرفروش‌ها برای {best:percent} و آخرین سبد برای {last:percent}.",
    )
    evidence = {"people": told.people, "offered": offered, "hit": 100 * ours.hit}
    evidence |= {"best": 100 * best.hit, "last": 100 * last.hit}
    return Finding(text=text, evidence=evidence, tone="good" if good else "warn", weight=1.0)


def _new_came_true(told: Told, offered: int) -> Finding:
    """Say how often what is new was foreseen, beside best sellers to everyone."""
    ours, best = told.trials[3].explore, max(told.trials[1].explore, told.trials[4].explore)
    text = Text(
        "Of products that customers bought for the first time, {offered:count} new offers held {ours:percent}, as many best "
        "sellers {best:percent}.",
        "از کالاهایی که مشتریان نخستین بار خریدند، {offered:count} پیشنهادِ تازه {ours:percent} و همین شمار پرفروش {best:percent} را "
        "در خود داشت.",
    )
    evidence = {"offered": offered, "ours": 100 * ours, "best": 100 * best}
    return Finding(text=text, evidence=evidence, tone="good" if ours > best else "plain", weight=0.7)


def _untried(told: Told, few: int) -> Finding:
    return Finding(
        text=Text(
            "Whether offers come true could not be tried: that needs {few:count} customers who bought before and in the "
            "held-out days; there are {people:count}.",
            "درستی پیشنهادها آزموده نشد: {few:count} مشتری لازم است که هم پیش از روزهای کنارگذاشته و هم در آن روزها خریده "
            "باشند؛ {people:count} نفر چنین‌اند.",
        ),
        evidence={"few": few, "people": told.people},
        tone="warn",
        weight=0.8,
    )
