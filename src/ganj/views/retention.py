"""Retention's tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganj.histories import Array
from ganj.kernels.intervals import wilson
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.text import Text

PERIODS = {
    "day": Text("day", "روز"),
    "week": Text("week", "هفته"),
    "month": Text("month", "ماه"),
    "quarter": Text("quarter", "فصل"),
}
FEW = 30
"""A cohort smaller than this is not spoken of."""
SEVERAL = 3
"""A mean of fewer cohorts is not spoken of."""


@dataclass(frozen=True, slots=True, eq=False)
class Triangle:
    """Cohorts in rows, ages in columns, and the sentences that follow.

    Attributes
    ----------
    period, calendar : what a period is
    measure : ``percent``, ``customers`` or ``revenue``
    recurring, or_after : how cohorts are joined and returns are counted
    first : ordinal of the first cohort
    size : float64[cohorts]
    count, money : float64[cohorts, ages + 1], nan where a cell has not begun
    over : bool[cohorts, ages + 1], whether a cell's period is over
    flows : float64[cohorts + 1, 6], active, new, kept, returned, left, money by period, from the one
        before the first
    starts : int64[cohorts + ages + 1], µs UTC at which the periods from the first begin
    last_over : whether the last period is over
    """

    period: str
    calendar: str
    measure: str
    recurring: bool
    or_after: bool
    first: int
    size: Array
    count: Array
    money: Array
    over: Array
    flows: Array
    starts: Array
    last_over: bool

    @property
    def share(self) -> Array:
        """float64[cohorts, ages + 1], percent of the cohort; nan of an empty cohort."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Array = 100 * self.count / self.size[:, None]
        return found

    def opens(self, cohort: int, age: int) -> Opens:
        """Say who is behind a cell."""
        one = (
            Where("start_periods", "has", cohort)
            if self.recurring
            else Where("cohort", "=", self.began(cohort))
        )
        if age == 0:
            return (one,)
        if self.or_after:
            return one, Where("last_period", ">=", self.began(cohort + age))
        return one, Where("return_periods", "has", cohort + age) if self.recurring else Where(
            "active", "has", age
        )

    def began(self, ordinal: int) -> int:
        """Return the µs UTC at which a period begins."""
        return int(self.starts[ordinal - self.first])

    def at(self, name: str, en: str, fa: str) -> Column:
        """Return a column of periods."""
        return column(name, en, fa, "period", period=self.period, calendar=self.calendar)

    def wide(self) -> Table:
        """Lay the triangle out as people print it: a row a cohort, a column an age."""
        cells, unit = {
            "percent": (self.share, "percent"),
            "customers": (self.count, "customers"),
            "revenue": (self.money, "money"),
        }[self.measure]
        rows, word = len(self.size), PERIODS[self.period]
        cohort = self.first + np.arange(rows)
        columns: list[Any] = [
            (self.at("cohort", "Began in", "آغاز در"), cohort),
            (
                column("size", "Customers", "مشتریان", "customers"),
                self.size.astype(np.int64),
                [self.opens(int(c), 0) for c in cohort],
            ),
        ]
        for age in range(1, min(self.count.shape[1] - 1, max(rows - 1, 0)) + 1):
            open_cells = [self.opens(int(c), age) if c + age < self.first + rows else None for c in cohort]
            head = column(f"age_{age}", f"{word.en} {age}", f"{word.fa} {in_persian(age)}", unit)
            columns.append((head, cells[:, age], open_cells))
        return Table.of(Text("Cohorts", "هم‌گروه‌ها (کوهورت)"), *columns)

    def long(self) -> Table:
        """Lay the triangle out one cell a row, with every measure."""
        row, age = np.nonzero(~np.isnan(self.count))
        cohort = self.first + row
        cells = [self.opens(int(c), int(a)) for c, a in zip(cohort, age, strict=True)]
        return Table.of(
            Text("Cells of the triangle", "خانه‌های مثلث"),
            (self.at("cohort", "Began in", "آغاز در"), cohort),
            (self.age, age),
            (column("size", "Cohort size", "شمار هم‌گروه"), self.size[row].astype(np.int64)),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                self.count[row, age].astype(np.int64),
                cells,
            ),
            (column("share", "Share", "سهم", "percent"), self.share[row, age], cells),
            (column("revenue", "Revenue", "درآمد", "money"), self.money[row, age], cells),
            (column("over", "Period is over", "دوره تمام شده", "flag"), self.over[row, age]),
        )

    @property
    def age(self) -> Column:
        """Return the column of ages."""
        word = PERIODS[self.period]
        return column("age", f"{word.en}s since", f"چند {word.fa} پس از آغاز")

    def means(self) -> tuple[Array, Array, Array]:
        """Return by age, over cohorts whose cell is over: customers back, customers begun, cohorts."""
        count = np.where(self.over, self.count, 0).sum(axis=0)
        begun = np.where(self.over, self.size[:, None], 0).sum(axis=0)
        return count, begun, (self.over & (self.size[:, None] > 0)).sum(axis=0)

    def curve(self) -> Table:
        """Say the share that comes back by age: the mean weighted by cohort size."""
        count, begun, cohorts = self.means()
        ages = np.flatnonzero(begun > 0)
        low, high = wilson(count[ages], begun[ages])
        return Table.of(
            Text("Weighted mean of the cohorts", "میانگین وزنی هم‌گروه‌ها"),
            (self.age, ages),
            (column("share", "Came back", "بازگشته", "percent"), 100 * count[ages] / begun[ages]),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
            (column("begun", "Customers begun", "مشتریان آغازکرده"), begun[ages].astype(np.int64)),
            (column("cohorts", "Cohorts", "هم‌گروه‌ها"), cohorts[ages]),
        )

    def flow(self) -> Table:
        """Say who was there, who began, came back and left in each period."""
        now, before = self.flows[1:], self.flows[:-1, 0]
        active, new, kept, returned, left = now[:, :5].T.astype(np.int64)
        when = [int(p) for p in self.first + np.arange(len(now))]
        with np.errstate(divide="ignore", invalid="ignore"):
            formula, stayed = 100 * (active - new) / before, 100 * kept / before
        been = [Where("active_periods", "has", p) for p in when]
        prior = [Where("active_periods", "has", p - 1) for p in when]
        count = "customers"
        return Table.of(
            Text("Who came and who left", "آمدگان و رفتگان"),
            (self.at("period", "Period", "دوره"), np.array(when, np.int64)),
            (
                column("start", "At the start (S)", "در آغاز (S)", count),
                before.astype(np.int64),
                [(w,) for w in prior],
            ),
            (
                column("new", "New (N)", "تازه (N)", count),
                new,
                [(Where("cohort", "=", self.began(p)),) for p in when],
            ),
            (column("kept", "Stayed", "مانده", count), kept, list(zip(prior, been, strict=True))),
            (
                column("returned", "Returned", "بازگشته پس از غیبت", count),
                returned,
                [(Where("returned_in", "has", p),) for p in when],
            ),
            (column("left", "Left", "ریزش", count), left, [(Where("left_in", "has", p),) for p in when]),
            (column("active", "At the end (E)", "در پایان (E)", count), active, [(w,) for w in been]),
            (column("formula", "(E − N) / S", "(E − N) / S", "percent"), formula),
            (column("stayed", "Of those, stayed", "نرخ ماندگاری", "percent"), stayed),
            (column("revenue", "Revenue", "درآمد", "money"), now[:, 5], [(w,) for w in been]),
            (column("over", "Period is over", "دوره تمام شده", "flag"), self.ended()),
        )

    def ended(self) -> Array:
        """bool[cohorts]: which periods are over."""
        over = np.ones(len(self.size), bool)
        over[-1:] = self.last_over
        return over

    def findings(self) -> Iterator[Finding]:
        """Say the three or four sentences a manager takes away."""
        if not self.size.sum():
            yield Finding(
                text=Text(
                    "There is nothing to follow yet: no customer has the start event.",
                    "هنوز چیزی برای پیگیری نیست: هیچ مشتری رویداد آغاز را ندارد.",
                ),
                tone="warn",
            )
            return
        yield from self._usual()
        yield from self._extremes()
        yield from self._flowing()

    def _usual(self) -> Iterator[Finding]:
        count, begun, cohorts = self.means()
        word = PERIODS[self.period]
        if len(begun) < 2 or not begun[1]:
            return
        late = int(np.flatnonzero((begun > 0) & ((cohorts >= SEVERAL) | (np.arange(len(begun)) == 1)))[-1])
        evidence = {"next": 100 * count[1] / begun[1], "late": 100 * count[late] / begun[late], "age": late}
        later = Text(
            f", {{late:percent}} after {{age:count}} {word.en}s",
            f" و {{late:percent}} پس از {{age:count}} {word.fa}",
        )
        tail = later if late > 1 else Text("", "")
        yield Finding(
            text=Text(
                f"{{next:percent}} of new customers come back in the next {word.en}{tail.en}.",
                f"{{next:percent}} از مشتریان تازه در {word.fa} بعد برمی‌گردند{tail.fa}.",
            ),
            evidence={**evidence, "begun": int(begun[1])},
            weight=1.0,
        )

    def _extremes(self) -> Iterator[Finding]:
        """Compare the best cohort with the worst by their first return, where both are big enough."""
        if self.share.shape[1] < 2:
            return
        fit = np.flatnonzero(self.over[:, 1] & (self.size >= FEW))
        if len(fit) < 3:
            return
        share = self.share[fit, 1]
        best, worst = int(fit[share.argmax()]), int(fit[share.argmin()])
        word = PERIODS[self.period]
        yield Finding(
            text=Text(
                f"Best kept were those who began in {{best:{self.period}/{self.calendar}}} ({{high:percent}} came back in the next "
                f"{word.en}); least those of {{worst:{self.period}/{self.calendar}}} ({{low:percent}}).",
                f"ماندگارترین مشتریان در {{best:{self.period}/{self.calendar}}} آمده‌اند ({{high:percent}} در {word.fa} بعد "
                f"برگشتند) و کم‌ماندگارترین در {{worst:{self.period}/{self.calendar}}} ({{low:percent}}).",
            ),
            evidence={
                "best": self.first + best,
                "worst": self.first + worst,
                "high": float(share.max()),
                "low": float(share.min()),
            },
            opens=self.opens(self.first + worst, 0),
            weight=0.7,
        )

    def _flowing(self) -> Iterator[Finding]:
        """Say what happened in the last period that is over."""
        done = np.flatnonzero(self.ended())
        if not len(done) or not self.flows[done[-1], 0]:
            return
        at = int(done[-1])
        before, now = self.flows[at, 0], self.flows[at + 1]
        when = self.first + at
        gained = now[3] + now[1] >= now[4]
        yield Finding(
            text=Text(
                f"In {{when:{self.period}/{self.calendar}}} {{left:percent}} of the active customers did not come back "
                "({gone:count}); {new:count} new ones came and {returned:count} returned after an absence.",
                f"در {{when:{self.period}/{self.calendar}}} {{left:percent}} از مشتریان فعال بازنگشتند ({{gone:count}} نفر)؛ "
                "{new:count} مشتری تازه آمد و {returned:count} نفر پس از غیبت برگشتند.",
            ),
            evidence={
                "when": when,
                "left": 100 * now[4] / before,
                "gone": int(now[4]),
                "new": int(now[1]),
                "returned": int(now[3]),
            },
            opens=(Where("left_in", "has", when),),
            tone="good" if gained else "bad",
            weight=0.9,
        )


def in_persian(number: int) -> str:
    """Write a number in Persian digits, for the head of a column."""
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


def charts(measure: str) -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    color = {"percent": "share", "customers": "customers", "revenue": "revenue"}[measure]
    return (
        Chart(
            kind="heatmap",
            table="triangle",
            title=Text("Who came back, by cohort", "بازگشت مشتریان به تفکیک هم‌گروه"),
            x="age",
            y=("cohort",),
            color=color,
            options={"unfinished": "over"},
        ),
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
