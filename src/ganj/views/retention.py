"""Retention's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ganj.events import value_words
from ganj.histories import Array
from ganj.kernels.intervals import wilson
from ganj.miner import Column, Opens, Table, Where, column
from ganj.text import Text
from ganj.views.retention_spans import PERIODS, Spans

CELL = 1000
"""A cell is written ``cohort * CELL + bin``."""
UNKNOWN = Text("(unknown)", "(نامعلوم)")


@dataclass(frozen=True, slots=True, eq=False)
class Triangle:
    """Cohorts in rows, ages in columns, and the sentences that follow.

    Attributes
    ----------
    spans : what a period and an age are
    bins : int64[ages + 1], the column in which each age is shown
    measure : ``percent``, ``customers`` or ``revenue``
    recurring, or_after : how cohorts are joined and returns are counted
    simple : means in which every cohort, not every customer, counts the same
    previous : shares of those of the column before
    first : ordinal of the first cohort
    size : float64[cohorts]
    count, money : float64[cohorts, columns], nan where a cell has not begun
    over : bool[cohorts, columns], whether a cell's time is over
    flows : float64[cohorts + 1, 6], active, new, kept, returned, left, money by period, from the one
        before the first
    ended : bool[cohorts], which periods are over
    """

    spans: Spans
    bins: Array
    measure: str
    recurring: bool
    or_after: bool
    simple: bool
    previous: bool
    first: int
    size: Array
    count: Array
    money: Array
    over: Array
    flows: Array
    ended: Array

    @property
    def base(self) -> Array:
        """float64[cohorts, columns]: of how many a cell is a share."""
        whole = np.broadcast_to(self.size[:, None], self.count.shape)
        return np.column_stack((self.size, self.count[:, :-1])) if self.previous else whole

    @property
    def share(self) -> Array:
        """float64[cohorts, columns], percent of the cohort or of the column before; nan of nobody."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Array = 100 * self.count / self.base
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
        if not self.recurring:
            return one, Where("last_age", ">=", age) if self.or_after else Where("active", "has", age)
        if self.spans.windows != "calendar" or self.bins[-1] != len(self.bins) - 1:
            return one, Where("cells", "has", cohort * CELL + age)
        if self.or_after:
            return one, Where("last_period", ">=", self.began(cohort + age))
        return one, Where("return_periods", "has", cohort + age)

    def began(self, ordinal: int) -> int:
        """Return the µs UTC at which a period begins."""
        return _began(self.spans, ordinal)

    def at(self, name: str, en: str, fa: str) -> Column:
        """Return a column of periods."""
        if self.spans.unit != "period":
            return column(name, en, fa, self.spans.unit)
        return column(name, en, fa, "period", period=self.spans.period, calendar=self.spans.calendar)

    def ages(self, place: Array) -> tuple[Array, Array]:
        """Return the first and last age of columns."""
        return np.searchsorted(self.bins, place), np.searchsorted(self.bins, place, side="right") - 1

    def head(self, place: int, unit: str) -> Column:
        """Return the head of a column of the triangle: month 3, or months 5-11."""
        word = PERIODS[self.spans.period]
        low, high = (int(age) for age in self.ages(np.array(place)))
        if low == high:
            return column(f"age_{place}", f"{word.en} {low}", f"{word.fa} {in_persian(low)}", unit)
        en, fa = f"{word.en}s {low}–{high}", f"{word.fa} {in_persian(low)} تا {in_persian(high)}"
        return column(f"age_{place}", en, fa, unit)

    def wide(self) -> Table:
        """Lay the triangle out as people print it: a row a cohort, a column an age."""
        cells, unit = {
            "percent": (self.share, "percent"),
            "customers": (self.count, "customers"),
            "revenue": (self.money, "money"),
        }[self.measure]
        rows = len(self.size)
        cohort = self.first + np.arange(rows)
        columns: list[Any] = [
            (self.at("cohort", "Began in", "آغاز در"), self.spans.told(cohort)),
            (
                column("size", "Customers", "مشتریان", "customers"),
                self.size.astype(np.int64),
                [self.opens(int(c), 0) for c in cohort],
            ),
        ]
        for place in np.flatnonzero(~np.isnan(self.count).all(axis=0)) if rows else ():
            if place:
                there = [self.opens(int(c), int(place)) for c in cohort]
                opens = [None if np.isnan(n) else o for n, o in zip(self.count[:, place], there, strict=True)]
                columns.append((self.head(int(place), unit), cells[:, place], opens))
        return Table.of(Text("Cohorts", "هم‌گروه‌ها (کوهورت)"), *columns)

    def long(self) -> Table:
        """Lay the triangle out one cell a row, with every measure."""
        row, age = np.nonzero(~np.isnan(self.count))
        cohort = self.first + row
        cells = [self.opens(int(c), int(a)) for c, a in zip(cohort, age, strict=True)]
        return Table.of(
            Text("Cells of the triangle", "خانه‌های مثلث"),
            (self.at("cohort", "Began in", "آغاز در"), self.spans.told(cohort)),
            *self.age(age),
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

    def age(self, place: Array) -> list[tuple[Column, Array]]:
        """Return the column of ages, and where several periods are one age, the last of them."""
        word, (low, high) = PERIODS[self.spans.period], self.ages(place)
        first = column("age", f"{word.en}s since", f"چند {word.fa} پس از آغاز")
        if self.bins[-1] == len(self.bins) - 1:
            return [(first, low)]
        return [(first, low), (column("last", f"to {word.en}", f"تا {word.fa}"), high)]

    def means(self) -> tuple[Array, Array, Array]:
        """Return by column, over cohorts whose cell is over: customers back, of how many, cohorts."""
        count = np.where(self.over, self.count, 0).sum(axis=0)
        of = np.where(self.over, self.base, 0).sum(axis=0)
        return count, of, (self.over & (self.size[:, None] > 0)).sum(axis=0)

    def shares(self) -> tuple[Array, Array, Array]:
        """Return by column the mean share and its limits, in percent.

        The weighted mean is one share with Wilson's limits.  The limits of a mean of shares follow from each
        share's own (Zou, Donner, Construction of confidence limits about effect measures, 2008, eq. 5).
        A share of the column before that may pass 100 % has no limits.
        """
        count, of, _ = self.means()
        with np.errstate(divide="ignore", invalid="ignore"):
            if not self.simple:
                low, high = wilson(count, of)
                share = count / of
            else:
                share, low, high = self._of_cohorts()
        if self.previous and not self.or_after:
            low, high = np.full((2, len(of)), np.nan)
        return 100 * share, 100 * low, 100 * high

    def _of_cohorts(self) -> tuple[Array, Array, Array]:
        """Return by column the mean of the cohorts' shares, and its limits."""
        there = self.over & (self.base > 0)
        cohorts = there.sum(axis=0)
        each = np.where(there, self.count / self.base, 0)
        low, high = (np.where(there, np.nan_to_num(edge), 0) for edge in wilson(self.count, self.base))
        mean = each.sum(axis=0) / cohorts
        below = np.sqrt(((each - low) ** 2).sum(axis=0)) / cohorts
        above = np.sqrt(((high - each) ** 2).sum(axis=0)) / cohorts
        return mean, mean - below, mean + above

    def curve(self) -> Table:
        """Say the share that comes back by age: the mean of the cohorts."""
        _, of, cohorts = self.means()
        share, low, high = self.shares()
        at = np.flatnonzero(of > 0)
        return Table.of(
            Text("Mean of the cohorts", "میانگین هم‌گروه‌ها"),
            *self.age(at),
            (column("share", "Came back", "بازگشته", "percent"), share[at]),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), low[at]),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), high[at]),
            (column("begun", "Customers begun", "مشتریان آغازکرده"), of[at].astype(np.int64)),
            (column("cohorts", "Cohorts", "هم‌گروه‌ها"), cohorts[at]),
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
            (self.at("period", "Period", "دوره"), self.spans.told(np.array(when, np.int64))),
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
            (column("over", "Period is over", "دوره تمام شده", "flag"), self.ended),
        )


@lru_cache(maxsize=4096)
def _began(spans: Spans, ordinal: int) -> int:
    return int(spans.begins(np.array([ordinal]))[0])


def in_persian(number: int) -> str:
    """Write a number in Persian digits, for the head of a column."""
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


def by_group(view: Triangle, groups: Mapping[str, Array]) -> Table:
    """Say the share that comes back by age in each group: the weighted mean of its cohorts that are over.

    Parameters
    ----------
    groups : float64[cohorts, columns, 3] by value of the breakdown
    """
    which = 1 if view.or_after else 0
    back = np.array([np.where(view.over, cells[:, :, which], 0).sum(axis=0) for cells in groups.values()])
    begun = np.array([np.where(view.over, cells[:, :1, 0], 0).sum(axis=0) for cells in groups.values()])
    shape = (len(groups), view.count.shape[1])
    group, place = np.nonzero(begun.reshape(shape) > 0)
    back, begun = back.reshape(shape)[group, place], begun.reshape(shape)[group, place]
    labels = list(groups)
    opens = [(Where("groups", "has", f"{k}:{labels[g]}"),) for g, k in zip(group, place, strict=True)]
    low, high = wilson(back, begun)
    share = 100 * back / begun
    names = tuple((label, value_words(label) if label else UNKNOWN) for label in labels)
    unit = "count" if view.recurring else "customers"
    return Table.of(
        Text("By group", "به تفکیک گروه"),
        (Column(name="group", label=Text("Group", "گروه"), unit="category", choices=names), group),
        *view.age(place),
        (column("back", "Came back", "بازگشته", unit), back.astype(np.int64), opens),
        (column("begun", "Began", "آغازکرده"), begun.astype(np.int64)),
        (column("share", "Share", "سهم", "percent"), share, opens),
        (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
        (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
    )
