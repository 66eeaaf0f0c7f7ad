"""Anomalies: tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Column, Opens, Table, Where, column
from ganj.text import Text
from ganj.views.anomaly_fold import PROBLEMS, REASONS
from ganj.views.anomaly_people import limit_of
from ganj.views.anomaly_series import Watched, key

CUSTOMERS = Text("Customers", "مشتریان")
ON_WORST = Text("Customers in the strangest period", "مشتریان در نامعمول‌ترین دوره")
ON_FIRST = Text("Customers in the first period", "مشتریان در نخستین دوره")
SHOWN = 180
"""Periods in the picture, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was found, laid out.

    Attributes
    ----------
    watched : figures by period
    unusual : int64[reasons], customers that are unusual in each
    cuts : key of each figure from which on a customer is unusual
    wrong : int64[problems], customers with each
    customers : how many were looked at
    """

    watched: Watched
    unusual: Array
    cuts: tuple[int, ...]
    wrong: Array
    customers: int

    @property
    def shown(self) -> int:
        """The figure in the picture: that of the surest episode, else the first."""
        return self.watched.episodes[0].figure if self.watched.episodes else 0

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        found = {"summary": self.summary()}
        if self.watched.figures:
            found |= {"path": self.path(), "episodes": self.episodes()}
        if self.watched.changes:
            found["changes"] = self.changes()
        return found | {"customers": self.people(), "records": self.records()}

    def summary(self) -> Table:
        """Say how much was looked at and found."""
        one = np.array
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            (column("customers", "Customers", "مشتریان", "customers"), one([self.customers]), [()]),
            (column("periods", "Periods", "دوره‌ها", "count"), one([self.watched.size])),
            (
                column("figures", "Figures watched", "شاخص‌های زیر نظر", "count"),
                one([len(self.watched.figures)]),
            ),
            (column("episodes", "Anomalies", "ناهنجاری‌ها", "count"), one([len(self.watched.episodes)])),
            (
                column("changes", "Lasting changes", "تغییرهای ماندگار", "count"),
                one([len(self.watched.changes)]),
            ),
        )

    @property
    def part(self) -> slice:
        """The periods in the picture: about the surest episode, else the latest."""
        stop = self.watched.size
        if self.watched.episodes:
            stop = min(max(self.watched.episodes[0].ends + SHOWN // 2, SHOWN), stop)
        return slice(max(stop - SHOWN, 0), stop)

    def told(self) -> list[tuple[int, int]]:
        """Return the periods of figures whose customers tables open: positions of both."""
        watched = self.watched
        shown = range(watched.size)[self.part] if watched.figures else ()
        found = [(self.shown, at) for at in shown]
        found += [(one.figure, one.worst) for one in watched.episodes]
        return found + [(n, at) for n, at, _ in watched.changes]

    def keys(self) -> frozenset[str]:
        """Return what scores must say of customers, see `ganj.views.anomaly_series.key`."""
        return frozenset(self._key(*one) for one in self.told())

    def _key(self, number: int, at: int) -> str:
        return key(self.watched.figures[number], self.watched.first + at)

    def _who(self, label: Text, rows: list[tuple[int, int]]) -> tuple[Column, Array, list[Opens]]:
        """Return a column of customers behind periods of figures."""
        people = np.array([self.watched.figures[n].people[at] for n, at in rows], np.int64)
        opens: list[Opens] = [(Where("anomaly_periods", "has", self._key(*one)),) for one in rows]
        return Column(name="customers", label=label, unit="customers"), people, opens

    def path(self) -> Table:
        """Say what was and what was to be expected of one figure."""
        watched, figure = self.watched, self.watched.figures[self.shown]
        judged, unit, part = figure.judged, figure.unit, self.part
        ordinal = watched.first + np.arange(watched.size)[part]
        marked = np.where(figure.marked, judged.values, np.nan)
        return Table.of(
            Text("What was and what was to be expected", "واقعیت در برابر انتظار"),
            (
                column(
                    "period", "Period", "دوره", "period", period=watched.period, calendar=watched.calendar
                ),
                ordinal,
            ),
            (column("actual", "Actual", "واقعی", unit), judged.values[part]),
            (column("expected", "Expected", "مورد انتظار", unit), judged.expected[part]),
            (column("low", "Usually at least", "معمولاً دست‌کم", unit), judged.low[part]),
            (column("high", "Usually at most", "معمولاً دست‌بالا", unit), judged.high[part]),
            (column("marked", "Out of line", "خارج از روال", unit), marked[part]),
            self._who(CUSTOMERS, [(self.shown, at) for at in range(watched.size)[part]]),
        )

    def episodes(self) -> Table:
        """Say what was out of line, the surest first."""
        watched, rows = self.watched, self.watched.episodes
        choices = tuple((str(n), figure.name) for n, figure in enumerate(watched.figures))
        when = {"period": watched.period, "calendar": watched.calendar}
        ends = np.array([(one.begins, one.ends) for one in rows], np.int64).reshape(-1, 2) + watched.first
        sums = np.array(
            [(one.actual, one.expected, one.off, 100 * one.chance, one.noticed) for one in rows]
        ).reshape(-1, 5)
        return Table.of(
            Text("What was out of line", "آنچه از روال خارج بود"),
            (
                column("figure", "Figure", "شاخص", "category", choices=choices),
                np.array([one.figure for one in rows], np.int64),
            ),
            (column("from", "From", "از", "period", **when), ends[:, 0]),
            (column("until", "To", "تا", "period", **when), ends[:, 1]),
            (column("actual", "Actual", "واقعی"), sums[:, 0]),
            (column("expected", "Expected", "مورد انتظار"), sums[:, 1]),
            (column("off", "Off by", "انحراف", "percent"), sums[:, 2]),
            (column("chance", "Chance of it", "احتمال تصادفی بودن", "percent"), sums[:, 3]),
            (
                column(
                    "noticed", "Visible without hindsight after (periods)", "دیدنی در همان زمان، پس از (دوره)"
                ),
                sums[:, 4],
            ),
            self._who(ON_WORST, [(one.figure, one.worst) for one in rows]),
        )

    def changes(self) -> Table:
        """Say which levels changed for good."""
        watched, rows = self.watched, self.watched.changes
        choices = tuple((str(n), figure.name) for n, figure in enumerate(watched.figures))
        when = np.array([watched.first + at for _, at, _ in rows])
        since = column("from", "Since", "از", "period", period=watched.period, calendar=watched.calendar)
        return Table.of(
            Text("What changed and stayed", "آنچه تغییر کرد و ماند"),
            (
                column("figure", "Figure", "شاخص", "category", choices=choices),
                np.array([n for n, *_ in rows]),
            ),
            (since, when),
            (column("jump", "Jump", "جهش", "percent"), np.array([jump for *_, jump in rows])),
            self._who(ON_FIRST, [(n, at) for n, at, _ in rows]),
        )

    def people(self) -> Table:
        """Say how many customers are unusual, and in what."""
        opens = [(Where("anomaly_reasons", "has", code),) for code, _ in REASONS]
        limits = [limit_of(cut) for cut in self.cuts]
        limits += [np.nan] * (len(REASONS) - len(limits))
        return Table.of(
            Text("Unusual customers", "مشتریان نامعمول"),
            (
                column("reason", "Unusual in", "نامعمول در", "category", choices=REASONS),
                np.arange(len(REASONS)),
            ),
            (column("customers", "Customers", "مشتریان", "customers"), self.unusual, opens),
            (column("limit", "From", "از"), np.array(limits)),
        )

    def records(self) -> Table:
        """Say how many customers' records contradict themselves."""
        opens = [(Where("anomaly_problems", "has", code),) for code, _ in PROBLEMS]
        return Table.of(
            Text("Unreasonable and contradictory records", "داده‌های نامعقول و متناقض"),
            (column("problem", "Problem", "ایراد", "category", choices=PROBLEMS), np.arange(len(PROBLEMS))),
            (column("customers", "Customers", "مشتریان", "customers"), self.wrong, opens),
        )

    def charts(self) -> tuple[Chart, ...]:
        """Return the pictures."""
        found = []
        if self.watched.figures:
            name = self.watched.figures[self.shown].name
            title = Text(f"{name.en}: actual and expected", f"{name.fa}: واقعیت و انتظار")
            options = {"low": "low", "high": "high"}
            found.append(
                Chart(
                    kind="line",
                    table="path",
                    title=title,
                    x="period",
                    y=("actual", "expected"),
                    options=options,
                )
            )
        for table, x, title, count in (
            ("customers", "reason", Text("Unusual customers", "مشتریان نامعمول"), self.unusual),
            ("records", "problem", Text("Contradictory records", "داده‌های متناقض"), self.wrong),
        ):
            if not count.any():
                continue
            found.append(
                Chart(kind="hbar", table=table, title=title, x=x, y=("customers",), options={"least": 1})
            )
        return tuple(found)
