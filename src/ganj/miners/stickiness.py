"""Stickiness: on how many days does a customer come?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.calendar import buckets, day_number, ordinals, period_words, start
from ganj.errors import BadParameter
from ganj.filters import divided, marks, reading
from ganj.histories import Array, Histories
from ganj.kernels.activity import active_periods
from ganj.kernels.intervals import wilson
from ganj.kernels.pairs import counted
from ganj.miner import Chart, Finding, Reads, Report, Scores, Table, Where, column
from ganj.parameters import param
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.divided import GROUP, Divisible, Figure

INTERVALS = period_words("day", "week", "month")
WITHIN: dict[str, Literal["month", "quarter", "year"]] = {"day": "month", "week": "quarter", "month": "year"}
SPANS = period_words("month", "quarter", "year")


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """How often customers came.

    Attributes
    ----------
    often : by number of intervals: customers active in just so many
    spans : by span: customers active in it, and the sum of the intervals each was active in
    first, last : the first and last interval with activity; ``last < first`` where there is none
    """

    often: Tally
    spans: Tally
    first: int
    last: int

    def __add__(self, other: Habits) -> Habits:
        return Habits(
            self.often + other.often,
            self.spans + other.spans,
            min(self.first, other.first),
            max(self.last, other.last),
        )


class Stickiness(Divisible, frozen=True, kw_only=True):
    """Count in how many days, weeks or months of a range each customer was active.

    A customer is active in an interval with at least ``at_least`` (and, if given, at most ``at_most``) events of
    ``activity`` in it.  The range is from the interval in which ``since`` lies to the one with the last day
    before ``until``; without ``since``, the last ``intervals`` of them.  Who was active in none is in no bar.

    The ratio of a span (a month for days) is the mean share of its intervals in which the customers active in
    it were active: daily over monthly actives.

    Notes
    -----
    State: float64[intervals] and float64[spans, 2], sparse; independent of the number of customers.  One pass,
    O(events).
    Source: PostHog's stickiness; see docs/analyses/stickiness.md.
    """

    title = Text("Stickiness", "پایبندی")
    question = Text("On how many days do customers come?", "مشتریان چند روز می‌آیند؟")
    scored = (
        column("active_intervals", "Active days, weeks or months", "شمار روز، هفته یا ماه فعال", "count"),
        column("active_in", "Active in", "فعال در", "list"),
        GROUP,
    )
    example: ClassVar[dict[str, Any]] = {"activity": ["Product Viewed"], "interval": "day", "intervals": 30}
    laid = ("often", "spans")
    summary = (
        Chart(
            kind="line",
            table="often_by",
            title=Text(
                "Share that came so often or more, by group",
                "سهم کسانی که این شمار یا بیشتر آمده‌اند، به تفکیک گروه",
            ),
            x="intervals",
            y=("cumulative_share",),
            series="group",
        ),
        Chart(
            kind="hbar",
            table="groups",
            title=Text("How often on average, by group", "میانگین دفعات هر گروه"),
            x="group",
            y=("mean",),
            options={"sorted": False},
        ),
    )

    activity: Annotated[
        tuple[str, ...],
        param("What counts as active", "رویدادهای فعالیت", of="event", min_length=1, max_length=20),
    ] = ("any",)
    interval: Annotated[
        Literal["day", "week", "month"], param("Counted in", "شمارش بر حسب", choices=INTERVALS)
    ] = "day"
    intervals: Annotated[
        int,
        param("How many, where no first day is given", "شمار آن‌ها، اگر «از تاریخ» داده نشود", ge=1, le=400),
    ] = 30
    at_least: Annotated[int, param("Events in each, at least", "دست‌کم رویداد در هر کدام", ge=1)] = 1
    at_most: Annotated[int, param("At most (0: any number)", "دست‌بالا (۰: بی‌حد)", ge=0, advanced=True)] = 0

    def __post_init__(self) -> None:
        """Refuse limits between which no number lies."""
        if self.at_most and self.at_most < self.at_least:
            why = Text("it is less than “at least”.", "از «دست‌کم» کمتر است.")
            raise BadParameter(parameter="at_most", value=self.at_most, why=why)

    def reads(self) -> Reads:
        return divided(reading(Reads(columns=("time", "event")), self.activity), self.by)

    def window(self) -> tuple[int | None, int | None]:
        first = None
        if self.since is not None:
            first = int(start(self._number(self.since), self.interval, *self.bucketing))
        return first, self.instant(self.until)

    def fold(self, histories: Histories) -> Habits:
        owner, when = self._active(histories)
        often = np.bincount(owner[self._inside(when)], minlength=len(histories))
        pairs, days = self._spans(owner, when)
        spans = np.column_stack((np.ones(len(pairs)), days))
        return Habits(
            Tally.of(often[often > 0][:, None], np.ones((int((often > 0).sum()), 1))),
            Tally.of(pairs[:, 1:], spans),
            int(when.min()) if len(when) else int(np.iinfo(np.int64).max),
            int(when.max()) if len(when) else int(np.iinfo(np.int64).min),
        )

    def tell(self, model: Habits) -> Report:
        tables = {"often": self._often(model), "spans": self._spans_table(model)}
        return Report(tables, self._charts(), tuple(self._findings(model)))

    def figures(self, model: Habits, report: Report) -> tuple[Figure, ...]:
        del report
        counts, word = self._counts(model), INTERVALS[self.interval]
        total, k = int(counts.sum()), np.arange(1, len(counts) + 1)
        mean, once = (float(np.dot(k, counts)) / max(total, 1), int(counts[:1].sum()))
        here, alone = (Where("active_intervals", ">=", 1),), (Where("active_intervals", "=", 1),)
        return (
            (column("customers", "Active customers", "مشتریان فعال", "customers"), total, here),
            (column("mean", f"{word.en.title()}s on average", f"میانگین شمار {word.fa}"), mean, ()),
            (column("once", f"On a single {word.en}", f"تنها در یک {word.fa}", "customers"), once, alone),
            (column("once_share", "Share of those", "سهم آنان", "percent"), 100 * once / max(total, 1), ()),
        )

    def say(self, histories: Histories, model: Habits) -> Scores:
        del model  # how often one customer comes does not depend on others
        owner, when = self._active(histories)
        often = np.bincount(owner[self._inside(when)], minlength=len(histories))
        pairs, _ = self._spans(owner, when)
        ends = np.concatenate(([0], np.cumsum(np.bincount(pairs[:, 0], minlength=len(histories)))))
        spans = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(pairs[:, 1], pa.int64()))
        return Scores(histories.customer, {"active_intervals": often, "active_in": spans})

    def _active(self, histories: Histories) -> tuple[Array, Array]:
        """Return whose and which intervals are active ones."""
        fits = marks(histories, self.activity) > 0
        at = buckets(histories.time, self.interval, *self.bucketing)
        ends, when, count = active_periods(histories.offsets, at, fits)
        owner = np.repeat(np.arange(len(histories)), np.diff(ends))
        keep = count >= self.at_least
        if self.at_most:
            keep &= count <= self.at_most
        return owner[keep], when[keep]

    def _inside(self, when: Array) -> Array:
        """bool[rows]: which intervals belong to the range."""
        if self.since is not None or self.until is None:
            return np.ones(len(when), bool)
        inside: Array = when > self._last() - self.intervals
        return inside

    def _spans(self, owner: Array, when: Array) -> tuple[Array, Array]:
        """Return distinct pairs of customer and span, int64[pairs, 2], and the intervals active in each."""
        noon = start(when, self.interval, *self.bucketing)
        span = buckets(noon, WITHIN[self.interval], *self.bucketing)
        return counted(owner, span)

    def _number(self, day: date) -> int:
        calendar, _, week_start = self.bucketing
        return int(ordinals(np.array([day_number(day)]), self.interval, calendar, week_start)[0])

    def _last(self) -> int:
        """Return the interval with the last moment of the range."""
        horizon = self.instant(self.until) or 1
        return int(buckets(np.array([horizon - 1]), self.interval, *self.bucketing)[0])

    def _length(self, model: Habits) -> int:
        """Count the intervals of the range."""
        if self.until is None:
            return max(model.last - model.first + 1, 0) if model.last >= model.first else 0
        if self.since is None:
            return self.intervals
        return max(self._last() - self._number(self.since) + 1, 0)

    # ---- what people see

    def _counts(self, model: Habits) -> Array:
        """int64[intervals]: customers active in just 1, 2, 3 … of them."""
        counts = np.zeros(self._length(model) + 1, np.int64)
        counts[model.often.keys[:, 0]] = model.often.values[:, 0]
        return counts[1:]

    def _often(self, model: Habits) -> Table:
        counts = self._counts(model)
        more, total = counts[::-1].cumsum()[::-1], counts.sum()
        k, word = np.arange(1, len(counts) + 1), INTERVALS[self.interval]
        exactly = [(Where("active_intervals", "=", int(n)),) for n in k]
        at_least = [(Where("active_intervals", ">=", int(n)),) for n in k]
        low, high = wilson(more, np.full(len(k), total))
        return Table.of(
            Text("How often customers came", "مشتریان چند بار آمدند"),
            (column("intervals", f"Active {word.en}s", f"شمار {word.fa}‌های فعال"), k),
            (column("customers", "Just so many", "درست همین شمار", "customers"), counts, exactly),
            (column("share", "Share", "سهم", "percent"), _percent(counts, total), exactly),
            (column("cumulative", "So many or more", "این شمار یا بیشتر", "customers"), more, at_least),
            (
                column("cumulative_share", "Share of those", "سهم تجمعی", "percent"),
                _percent(more, total),
                at_least,
            ),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
        )

    def _spans_table(self, model: Habits) -> Table:
        span, (customers, days) = model.spans.keys[:, 0], model.spans.values.T
        within, calendar = WITHIN[self.interval], self.bucketing[0]
        length = self._lengths(span)
        word = INTERVALS[self.interval]
        return Table.of(
            Text("Ratio over time", "نسبت در گذر زمان"),
            (column("period", "Period", "دوره", "period", period=within, calendar=calendar), span),
            (
                column("customers", "Active customers", "مشتریان فعال", "customers"),
                customers.astype(np.int64),
                [(Where("active_in", "has", int(p)),) for p in span],
            ),
            (column("mean", f"Active on a mean {word.en}", f"میانگین فعال در {word.fa}"), days / length),
            (column("ratio", "Ratio", "نسبت", "percent"), _percent(days, customers * length)),
            (column("over", "Period is over", "دوره تمام شده", "flag"), self._over(span)),
        )

    def _over(self, span: Array) -> Array:
        until = self.instant(self.until)
        ends = start(span + 1, WITHIN[self.interval], *self.bucketing)
        over: Array = np.ones(len(span), bool) if until is None else ends <= until
        return over

    def _lengths(self, span: Array) -> Array:
        """int64[spans]: intervals of each that lie in the range; days of a month that are still to come do not."""
        edges = [start(span + more, WITHIN[self.interval], *self.bucketing) for more in (0, 1)]
        since, until = self.window()
        if since is not None:
            edges[0] = np.maximum(edges[0], since)
        if until is not None:
            edges[1] = np.minimum(edges[1], until)
        first = buckets(edges[0], self.interval, *self.bucketing)
        begun = start(first, self.interval, *self.bucketing)
        first += begun < edges[0]  # it belongs to the span it begins in
        last = buckets(edges[1] - 1, self.interval, *self.bucketing)
        lengths: Array = np.maximum(last - first + 1, 1)
        return lengths

    def _findings(self, model: Habits) -> Iterator[Finding]:
        counts = self._counts(model)
        total, word = int(counts.sum()), INTERVALS[self.interval]
        if not total:
            yield Finding(
                text=Text("Nobody was active in this range.", "در این بازه هیچ مشتری فعال نبوده است."),
                tone="warn",
            )
            return
        typical = int(np.searchsorted(counts.cumsum(), total / 2)) + 1
        if typical > 1:
            yield Finding(
                text=Text(
                    f"Half of the {{total:count}} active customers came on {{typical:count}} {word.en}s or fewer, out of "
                    "{length:count}.",
                    f"نیمی از {{total:count}} مشتری فعال، در {{typical:count}} {word.fa} یا کمتر از {{length:count}} "
                    f"{word.fa} آمده‌اند.",
                ),
                evidence={"total": total, "typical": typical, "length": len(counts)},
                opens=(Where("active_intervals", ">=", 1),),
                weight=1.0,
            )
        if counts[0]:
            yield Finding(
                text=Text(
                    f"Of the {{total:count}} active customers {{share:percent}} came on a single {word.en} out of "
                    "{length:count}.",
                    f"از {{total:count}} مشتری فعال، {{share:percent}} فقط در یک {word.fa} از {{length:count}} {word.fa} "
                    "آمده‌اند.",
                ),
                evidence={"share": 100 * counts[0] / total, "total": total, "length": len(counts)},
                opens=(Where("active_intervals", "=", 1),),
                weight=0.9,
            )

    def _charts(self) -> tuple[Chart, ...]:
        return (
            Chart(
                kind="bar",
                table="often",
                title=Text("Customers by how often they came", "مشتریان بر پایهٔ شمار دفعات"),
                x="intervals",
                y=("customers",),
            ),
            Chart(
                kind="line",
                table="often",
                title=Text("Share that came so often or more", "سهم کسانی که این شمار یا بیشتر آمده‌اند"),
                x="intervals",
                y=("cumulative_share",),
                options={"low": "low", "high": "high"},
            ),
            Chart(
                kind="line",
                table="spans",
                title=Text("Ratio over time", "نسبت در گذر زمان"),
                x="period",
                y=("ratio",),
                options={"finished": "over"},
            ),
        )


def _percent(part: Array, whole: Any) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = 100 * np.asarray(part) / np.asarray(whole)
    return found
