"""The life-cycle's tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganj.calendar import period_words
from ganj.histories import Array
from ganj.kernels.intervals import wilson
from ganj.miner import Chart, Column, Finding, Table, Where, column
from ganj.text import Text
from ganj.views.divided import Figure

PERIODS = period_words("day", "week", "month", "quarter", "year")
STATES = (
    ("new", Text("New", "تازه")),
    ("returning", Text("Returning", "ماندگار")),
    ("resurrecting", Text("Resurrecting", "بازگشته")),
    ("dormant", Text("Dormant", "خاموش‌شده")),
    ("away", Text("Away", "غایب")),
)
STAGES = (
    ("prospect", Text("Prospect", "مشتری بالقوه")),
    ("responder", Text("Responder", "مشتری واکنش‌پذیر")),
    ("active", Text("Active customer", "مشتری بالفعل")),
    ("former", Text("Former customer", "مشتری سابق")),
)
CAME, RESPONDED, CONVERTED, LAPSED, WON_BACK = range(5)
"""Flows between stages, in the order of columns."""
FEW = 30
"""Shares of fewer customers are not spoken of."""


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """States by period, stages now, and what moved between them.

    Attributes
    ----------
    period, calendar : what a period is
    first : ordinal of the first period
    states : float64[periods, 4], new, returning, resurrecting, dormant
    flows : float64[periods, 13], see `ganj.miners.lifecycle.Cycles`
    stock : float64[periods, 4], customers at each stage when a period begins
    stages, ever : int64[4] and int64[3], see `ganj.miners.lifecycle.Cycles`
    last_over : whether the last period is over
    """

    period: str
    calendar: str
    first: int
    states: Array
    flows: Array
    stock: Array
    stages: Array
    ever: Array
    last_over: bool

    def at(self) -> tuple[Column, Array]:
        """Return the column of periods."""
        told = column("period", "Period", "دوره", "period", period=self.period, calendar=self.calendar)
        return told, self.first + np.arange(len(self.states))

    def periods(self) -> Table:
        """Say who was in which state in each period."""
        when = [int(p) for p in self.at()[1]]
        active = self.states[:, :3].sum(axis=1)
        counts: list[Any] = [
            (
                Column(name=name, label=label, unit="customers"),
                self.states[:, n].astype(np.int64),
                [(Where(f"{name}_in", "has", p),) for p in when],
            )
            for n, (name, label) in enumerate(STATES[:4])
        ]
        return Table.of(
            Text("States by period", "وضعیت مشتریان در هر دوره"),
            self.at(),
            *counts,
            (
                column("active", "Active", "فعال", "customers"),
                active.astype(np.int64),
                [(Where("active_in", "has", p),) for p in when],
            ),
            (
                column("quick_ratio", "Gained for each one lost", "به‌دست‌آمده در برابر هر ازدست‌رفته", "ratio"),
                self.quick(),
            ),
            (column("over", "Period is over", "دوره تمام شده", "flag"), self.over()),
        )

    def quick(self) -> Array:
        """float64[periods]: new and resurrecting for each dormant one; nan where nobody fell silent."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Array = np.where(
                self.states[:, 3] > 0, (self.states[:, 0] + self.states[:, 2]) / self.states[:, 3], np.nan
            )
        return found

    def over(self) -> Array:
        """bool[periods]: which are over."""
        over = np.ones(len(self.states), bool)
        over[-1:] = self.last_over
        return over

    def stages_table(self) -> Table:
        """Say how many stand at each stage, how many ever got there, and what share went on."""
        everyone = int(self.stages.sum())
        got = np.array([everyone, *self.ever])
        before = np.array([0, everyone, *self.ever[:2]])
        low, high = wilson(got, before)
        names = [name for name, _ in STAGES]
        rate = _percent(got, before)
        return Table.of(
            Text("Stages of a customer's life", "مرحله‌های زندگی مشتری"),
            (
                Column(name="stage", label=Text("Stage", "مرحله"), unit="category", choices=STAGES),
                np.arange(4),
            ),
            (
                column("customers", "Customers now", "مشتریان اکنون", "customers"),
                self.stages,
                [(Where("lifecycle_stage", "=", name),) for name in names],
            ),
            (column("share", "Share", "سهم", "percent"), _percent(self.stages, np.full(4, everyone))),
            (
                column("reached", "Ever got this far", "تاکنون رسیده", "customers"),
                got,
                [
                    (Where("lifecycle_stage", "in", tuple(names)),),
                    *((Where("ever", "has", n),) for n in (1, 2, 3)),
                ],
            ),
            (column("rate", "Of the stage before", "از مرحلهٔ پیش", "percent"), rate),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
        )

    def moves(self) -> Table:
        """Say who went from stage to stage in each period, and out of how many."""
        when = [int(p) for p in self.at()[1]]
        came = self.flows[:, 5:9].sum(axis=1) - self.flows[:, 9:13].sum(axis=1)
        entered = self.flows[:, 5:9]
        chance = np.column_stack(
            (
                self.stock[:, 0] + came,
                self.stock[:, :2].sum(axis=1) + came,
                self.stock[:, 2] + entered[:, 2],
                self.stock[:, 3] + entered[:, 3],
            )
        )
        columns: list[Any] = []
        for n, (name, en, fa) in enumerate(FLOWS):
            moved = self.flows[:, n + 1]
            opens = [(Where(f"{name}_in", "has", p),) for p in when]
            columns += [
                (column(name, en, fa, "customers"), moved.astype(np.int64), opens),
                (
                    column(f"{name}_rate", f"{en}: rate", f"نرخ {fa}", "percent"),
                    _percent(moved, chance[:, n]),
                ),
            ]
        stock = [
            (Column(name=f"{name}_start", label=Text(f"{label.en} at the start", f"{label.fa} در آغاز")), one)
            for (name, label), one in zip(STAGES, self.stock.T.astype(np.int64), strict=True)
        ]
        return Table.of(
            Text("Moves between stages", "جابه‌جایی میان مرحله‌ها"),
            self.at(),
            *stock,
            (column("came", "Came to be known", "تازه‌شناخته"), came.astype(np.int64)),
            *columns,
            (column("over", "Period is over", "دوره تمام شده", "flag"), self.over()),
        )

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away."""
        if not self.stages.sum() or not self.states.sum():
            yield Finding(
                text=Text(
                    "Nothing has happened yet that counts as activity.",
                    "هنوز هیچ رویدادی که فعالیت به شمار آید رخ نداده است.",
                ),
                tone="warn",
            )
            return
        yield from self._balance()
        yield self._standing()
        yield from self._onward()

    def _balance(self) -> Iterator[Finding]:
        """Tell whether more are gained than lost, in the last period that is over."""
        done = len(self.states) - 1 - (not self.last_over)
        if done < 1:
            return
        new, _, back, gone = (int(x) for x in self.states[done])
        if not new + back + gone:
            return
        word = PERIODS[self.period]
        yield Finding(
            text=Text(
                f"In {{when:{self.period}}} {{gained:count}} customers were gained ({{new:count}} new, {{back:count}} back "
                f"after an absence) and {{gone:count}} active in the {word.en} before fell silent.",
                f"در {{when:{self.period}}} {{gained:count}} مشتری به دست آمد ({{new:count}} تازه و {{back:count}} بازگشته پس از "
                f"غیبت) و {{gone:count}} مشتریِ فعال در {word.fa} پیش خاموش شدند.",
            ),
            evidence={
                "when": self.first + done,
                "gained": new + back,
                "new": new,
                "back": back,
                "gone": gone,
            },
            opens=(Where("dormant_in", "has", self.first + done),) if gone else None,
            tone="good" if new + back >= gone else "bad",
            weight=1.0,
        )

    def _standing(self) -> Finding:
        former, active = int(self.stages[3]), int(self.stages[2])
        return Finding(
            text=Text(
                "{active:count} customers are active now; {former:count} have bought before and no longer do, "
                "{responder:count} respond and have never bought.",
                "اکنون {active:count} مشتری بالفعل هست؛ {former:count} نفر پیش‌تر خریده‌اند و دیگر نمی‌خرند و "
                "{responder:count} نفر واکنش نشان داده‌اند و هرگز نخریده‌اند.",
            ),
            evidence={"active": active, "former": former, "responder": int(self.stages[1])},
            opens=(Where("lifecycle_stage", "=", "former"),) if former else None,
            weight=0.9,
        )

    def _onward(self) -> Iterator[Finding]:
        """Name the stage at which the smallest share goes on."""
        before = np.array([self.stages.sum(), self.ever[0]])
        if before.min() < FEW or not self.ever[1]:
            return
        share = self.ever[:2] / before
        at = int(share.argmin())
        yield Finding(
            text=Text(
                "The narrowest passage is from {here} to {there}: {rate:percent} go on.",
                "تنگ‌ترین گذر از «{here}» به «{there}» است: {rate:percent} از آن می‌گذرند.",
            ),
            evidence={"here": STAGES[at][1], "there": STAGES[at + 1][1], "rate": 100 * float(share[at])},
            opens=(Where("lifecycle_stage", "=", STAGES[at][0]),) if self.stages[at] else None,
            weight=0.8,
        )


FLOWS = (
    ("responded", "Responded", "واکنش نشان‌داده"),
    ("converted", "First purchase", "نخستین خرید"),
    ("lapsed", "Became former", "مشتری سابق‌شده"),
    ("won_back", "Won back", "بازگشته پس از ریزش"),
)


def _percent(part: Array, whole: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.where(np.asarray(whole) > 0, 100 * np.asarray(part) / np.asarray(whole), np.nan)
    return found


def charts() -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    return (
        Chart(
            kind="stacked",
            table="periods",
            title=Text("Who was active", "مشتریان فعال در هر دوره"),
            x="period",
            y=("returning", "resurrecting", "new"),
            options={"unfinished": "over"},
        ),
        Chart(
            kind="bar",
            table="periods",
            title=Text("Fell silent", "خاموش‌شدگان هر دوره"),
            x="period",
            y=("dormant",),
            options={"unfinished": "over"},
        ),
        Chart(
            kind="funnel",
            table="stages",
            title=Text("From prospect to former customer", "از مشتری بالقوه تا مشتری سابق"),
            x="stage",
            y=("reached",),
            options={"rate": "rate"},
        ),
        Chart(
            kind="line",
            table="moves",
            title=Text("Rates between stages", "نرخ گذر میان مرحله‌ها"),
            x="period",
            y=("converted_rate", "lapsed_rate", "won_back_rate"),
            options={"unfinished": "over"},
        ),
    )


def compared(tables: Mapping[str, Table]) -> tuple[Figure, ...]:
    """Say the figures by which groups of customers are compared, from their tables."""
    stages, periods = tables["stages"].values, tables["periods"].values
    now, ever = stages["customers"], stages["reached"]
    done = np.flatnonzero(periods["over"])[-1:]
    quick = float(periods["quick_ratio"][done[0]]) if len(done) else float("nan")
    return (
        (column("customers", "Customers", "مشتریان", "customers"), int(now.sum()), (Where("lifecycle_stage", "in", tuple(name for name, _ in STAGES)),)),
        (column("active", "Active now", "بالفعل اکنون", "customers"), int(now[2]), (Where("lifecycle_stage", "=", "active"),)),
        (column("active_share", "Active of all", "سهم مشتریان بالفعل", "percent"), float(_percent(now[2], now.sum())), ()),
        (column("former_share", "Former of those who ever bought", "سهم ازدست‌رفته از خریداران", "percent"), float(_percent(now[3], ever[2])), ()),
        (column("quick_ratio", "Gained for each one lost, last period", "به‌دست‌آمده در برابر هر ازدست‌رفته، دورهٔ پیش", "ratio"), quick, ()),
    )  # fmt: skip


def of_groups() -> tuple[Chart, ...]:
    """Return the pictures of a breakdown."""
    return (
        Chart(
            kind="line",
            table="periods_by",
            title=Text("Active customers, by group", "مشتریان فعال هر گروه"),
            x="period",
            y=("active",),
            series="group",
            options={"finished": "over"},
        ),
        Chart(
            kind="hbar",
            table="groups",
            title=Text("Active of all customers, by group", "سهم مشتریان بالفعل در هر گروه"),
            x="group",
            y=("active_share",),
            options={"sorted": False},
        ),
    )
