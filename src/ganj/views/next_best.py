"""How offers are told: tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.calendar import WEEKDAYS
from ganj.histories import Array
from ganj.miner import Chart, Opens, Report, Table, Where, column
from ganj.text import Text
from ganj.views.next_best_fold import BY, DUE
from ganj.views.next_best_tried import PARTS
from ganj.views.next_best_words import Told, findings, opens_of

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


def report(told: Told) -> Report:
    """Tell what to offer and how often that came true."""
    tables = {name: _products(told, name, field, title) for name, field, title in KINDS}
    tables |= {
        "channels": _channels(told),
        "due": _due(told),
        "times": _times(told),
        "leaving": _leaving(told),
    }
    if told.offers.trials:
        tables["tried"] = _trials(told)
    tables["tried_when"] = _held(told)
    used = {name: table for name, table in tables.items() if len(table)}
    return Report(used, tuple(_charts(used)), tuple(findings(told)))


def _sure(told: Told, *conditions: Where) -> Opens | None:
    return None if told.unsure else opens_of(told, *conditions)


def _counted(codes: Array, size: int) -> tuple[Array, Array]:
    """Return codes that occur, the most frequent first, and how often."""
    count = np.bincount(codes[codes >= 0], minlength=size)
    order = np.argsort(-count, kind="stable")
    order = order[count[order] > 0][:LISTED]
    return order, count[order]


def _products(told: Told, name: str, field: str, title: Text) -> Table:
    codes, count = _counted(getattr(told.advice, field), len(told.labels))
    opens = [opens_of(told, Where(name, "=", told.labels[code])) for code in codes]
    return Table.of(
        title,
        (column("product", "Product", "کالا", "text"), [told.labels[code] for code in codes]),
        (column("customers", "Customers", "مشتریان", "customers"), count, opens),
        (column("share", "Share", "سهم", "percent"), 100 * count / max(count.sum(), 1)),
    )


def _channels(told: Told) -> Table:
    codes, count = _counted(told.advice.channel, len(told.channels))
    return Table.of(
        Text("Channel to reach them by", "کانال مناسب هر مشتری"),
        (column("channel", "Channel", "کانال", "text"), [told.channels[code] for code in codes]),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            count,
            [_sure(told, Where("next_channel", "=", told.channels[code])) for code in codes],
        ),
        (column("share", "Share", "سهم", "percent"), 100 * count / max(count.sum(), 1)),
    )


def _leaving(told: Told) -> Table:
    """Say whose chance of leaving is told by what."""
    advice, size = told.advice, len(BY)
    count = np.bincount(advice.by, minlength=size)
    chance, money = (np.bincount(advice.by, of_each, size) for of_each in (advice.risk, advice.discount))
    return Table.of(
        Text("Chance of leaving, and what it is told by", "احتمال ریزش و پایهٔ آن"),
        (column("by", "Told by", "از روی", "category", choices=BY), np.arange(size)),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            count,
            [_sure(told, Where("leaving_by", "=", name)) for name, _ in BY],
        ),
        (column("chance", "Chance of leaving, mean", "میانگین احتمال ریزش", "percent"), 100 * chance / np.where(count > 0, count, np.nan)),
        (column("discount", "Discounts worth giving, at most", "بیشترین تخفیفِ به‌صرفه", "money"), money),
    )  # fmt: skip


def _held(told: Told) -> Table:
    """Say how often channel, weekday, hour and day came true, beside what most customers do."""
    known = [(name, told.held[name]) for name, _ in PARTS if np.isfinite(told.held[name].own)]
    names = [name for name, _ in PARTS]
    return Table.of(
        Text("Channel, day and hour, tried on held-out days", "کانال، روز و ساعت، آزموده در روزهای کنارگذاشته"),
        (column("part", "What", "چه چیزی", "category", choices=PARTS), np.array([names.index(name) for name, _ in known], np.int64)),
        (column("own", "Right, by own history", "درست، از روی سابقهٔ خود مشتری", "percent"), [100 * one.own for _, one in known]),
        (column("naive", "Right, by what most customers do", "درست، از روی رفتار بیشترِ مشتریان", "percent"), [100 * one.naive for _, one in known]),
        (column("people", "Tried on", "شمار آزموده‌ها", "count"), [one.people for _, one in known]),
        (column("used", "Own history is used", "سابقهٔ خود مشتری به کار رفته", "flag"), np.array([one.used for _, one in known], bool)),
    )  # fmt: skip


def _due(told: Told) -> Table:
    advice = told.advice
    count = np.bincount(advice.bucket, minlength=len(DUE))
    return Table.of(
        Text("When the next purchase is expected", "موعد خرید بعدی"),
        (column("due", "Next purchase expected", "موعد خرید بعدی", "category", choices=DUE), np.arange(len(DUE))),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            count,
            [opens_of(told, Where("due", "=", name)) for name, _ in DUE],
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
        opens_of(told, Where("best_weekday", "=", str(hour // 24)), Where("best_hour", "=", int(hour % 24)))
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
        (column("method", "Method", "روش", "category", choices=names), np.arange(len(told.offers.trials))),
        *(
            (column(name, en, fa, "percent"), [100 * getattr(trial, name) for trial in told.offers.trials])
            for name, en, fa in figures
        ),
    )


def _charts(tables: dict[str, Table]) -> Iterator[Chart]:
    for name, _, title in KINDS:
        if name in tables and name != "again_product":  # where people buy again it looks like the first
            yield Chart(kind="hbar", table=name, title=title, x="product", y=("customers",))
    if "channels" in tables:
        title = Text("By which channel to reach them", "از کدام کانال سراغشان برویم")
        yield Chart(kind="hbar", table="channels", title=title, x="channel", y=("customers",))
    if "times" in tables and len(tables["times"]) > 1:  # everyone at one hour is no picture
        title = Text("Best day and hour to reach them", "بهترین روز و ساعت تماس")
        yield Chart(kind="heatmap", table="times", title=title, x="hour", series="weekday", y=("customers",))
    if len(tables["due"]):
        title = Text("When the next purchase is expected", "موعد خرید بعدی")
        yield Chart(kind="hbar", table="due", title=title, x="due", y=("customers",))
    if "tried" in tables:
        title = Text("Does it come true?", "آیا درست درمی‌آید؟")
        yield Chart(kind="hbar", table="tried", title=title, x="method", y=("hit",))
