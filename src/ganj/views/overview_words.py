"""The overview's sentences and pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.calendar import PERIOD_NAMES
from ganj.miner import Chart, Finding, Where
from ganj.text import Text
from ganj.views.overview import TOPS, Company, more_than_one

FEW = 20
"""Shares of fewer buyers are not spoken of."""


def findings(company: Company) -> Iterator[Finding]:
    """Say what a manager takes away."""
    customers, buyers = company.sums[:2]
    if not customers:
        nothing = Text(
            "There are no customers yet: import a file of orders.",
            "هنوز مشتری‌ای نیست: پرونده‌ای از سفارش‌ها وارد کنید.",
        )
        yield Finding(text=nothing, tone="warn")
        return
    if not buyers:
        yield _nobody_bought(int(customers))
    if buyers >= FEW:
        yield from _uneven(company)
        yield _loyalty(company)
    yield from _moved(company)
    yield from _unknown(company)
    yield from _greatest(company)


def _nobody_bought(customers: int) -> Finding:
    return Finding(
        text=Text(
            "{customers:count} customers are known, none of them with an order: import orders, or ask what customers did.",
            "{customers:count} مشتری شناخته شده‌اند و هیچ‌یک سفارشی ندارند: سفارش‌ها را وارد کنید یا رفتار مشتریان را ببینید.",
        ),
        evidence={"customers": customers},
        tone="warn",
        weight=1.0,
    )


def _uneven(company: Company) -> Iterator[Finding]:
    table = company.concentration()
    at = TOPS.index(10)
    share, customers = float(table.values["share"][at]), int(table.values["customers"][at])
    if not company.buyers[1].sum > 0:
        return
    yield Finding(
        text=Text(
            "{share:percent} of revenue comes from the top {part:percent} of buyers ({customers:count}).",
            "{share:percent} درآمد از {part:percent} برتر خریداران ({customers:count} نفر) می‌آید.",
        ),
        evidence={"share": share, "part": 100 * customers / company.buyers[1].size, "customers": customers},
        opens=table.opens["customers"][at],
        weight=1.0,
    )


def _loyalty(company: Company) -> Finding:
    repeat = more_than_one(company.buyers[0])
    once = company.buyers[0].size - repeat
    return Finding(
        text=Text(
            "{rate:percent} of buyers have bought more than once; {once:count} only once.",
            "{rate:percent} خریداران بیش از یک بار خریده‌اند؛ {once:count} نفر تنها یک بار.",
        ),
        evidence={"rate": 100 * repeat / company.buyers[0].size, "repeat": repeat, "once": once},
        opens=(Where("orders", "=", 1),),
        weight=0.8,
    )


def _moved(company: Company) -> Iterator[Finding]:
    """Compare the last whole period with the one before it."""
    whole = np.flatnonzero(company.over)
    if len(whole) < 2 or company.ordinal[whole[-1]] - company.ordinal[whole[-2]] != 1:
        return
    before, now = company.periods[whole[-2], 1], company.periods[whole[-1], 1]
    if before <= 0:
        return
    up = bool(now >= before)
    verb = Text("rose", "بیشتر") if up else Text("fell", "کمتر")
    yield Finding(
        text=Text(
            f"Revenue {verb.en} by {{change:percent}} in the last whole {company.period}, to {{now:short}}.",
            f"درآمد در آخرین {PERIOD_NAMES[company.period].fa} کامل {{change:percent}} {verb.fa} از دورهٔ پیش بود: "
            "{now:short}.",
        ),
        evidence={"change": 100 * abs(now - before) / before, "now": float(now), "before": float(before)},
        opens=(Where("order_periods", "has", int(company.ordinal[whole[-1]])),) if now else None,
        tone="good" if up else "bad",
        weight=0.9,
    )


def _unknown(company: Company) -> Iterator[Finding]:
    lost, revenue = float(company.sums[8]), float(company.sums[3])
    if lost <= 0:
        return
    yield Finding(
        text=Text(
            "{share:percent} of revenue ({money:short}) has no known customer and is in no analysis of customers.",
            "{share:percent} درآمد ({money:short}) مشتری شناخته‌ای ندارد و در هیچ تحلیلی از مشتریان نیست.",
        ),
        evidence={"share": 100 * lost / (lost + revenue), "money": lost, "orders": int(company.sums[7])},
        tone="warn",
        weight=0.7,
    )


def _greatest(company: Company) -> Iterator[Finding]:
    named = {label: row for label, row in company.groups.items() if label}
    total = sum(float(row[2]) for row in company.groups.values())
    if not named or total <= 0:
        return
    label = max(sorted(named), key=lambda name: float(named[name][2]))
    yield Finding(
        text=Text(
            "{group} brings the most: {share:percent} of revenue from {customers:count} customers.",
            "بیشترین درآمد از «{group}» است: {share:percent} درآمد از {customers:count} مشتری.",
        ),
        evidence={
            "group": label,
            "share": 100 * float(named[label][2]) / total,
            "customers": int(named[label][0]),
        },
        opens=(Where("overview_groups", "has", label),),
        weight=0.6,
    )


WHOLE = {"unfinished": "over"}
REVENUE = Chart(
    kind="line",
    table="periods",
    title=Text("Revenue", "درآمد"),
    x="period",
    y=("revenue",),
    options={"area": True, **WHOLE},
)
BY_GROUP = Chart(
    kind="hbar", table="groups", title=Text("Revenue by group", "درآمد هر گروه"), x="group", y=("revenue",)
)
OTHERS = (
    Chart(
        kind="stacked",
        table="periods",
        title=Text("New and returning buyers", "خریداران تازه و بازگشته"),
        x="period",
        y=("returning", "new"),
        options=WHOLE,
    ),
    Chart(
        kind="pareto",
        table="curve",
        title=Text("How unevenly revenue is spread", "تمرکز درآمد"),
        x="customers",
        y=("revenue",),
    ),
    Chart(
        kind="histogram",
        table="baskets",
        title=Text("Orders by amount", "سفارش‌ها به تفکیک مبلغ"),
        x="from",
        y=("orders",),
        options={"to": "to"},
    ),
    Chart(
        kind="matrix",
        table="correlations",
        title=Text("Correlations of a buyer's figures", "همبستگی ارقام خریداران"),
        x="a",
        y=("b",),
        color="r",
    ),
)


def charts(*, broken_down: bool) -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    return (REVENUE, BY_GROUP, *OTHERS) if broken_down else (REVENUE, *OTHERS)
