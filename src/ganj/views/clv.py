"""Lifetime value's segments, tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Table, Where, column
from ganj.models.spend import GAMMA_GAMMA
from ganj.text import Text
from ganj.views.clv_fold import GROUP, SEGMENTS, Worth
from ganj.views.clv_trial import (
    MANY,
    UNTRIED,
    group,
    opens_of,
    times,
    tracked,
    tracking,
    tracking_charts,
    tried,
)
from ganj.views.clv_weeks import Apart
from ganj.views.groups import label_of, told_apart
from ganj.views.sampled import refusal
from ganj.views.traits import called

SILENT = 60
"""Days without any purchase that are told."""
SURE = 0.01
"""Chance below which groups are said to buy in different ways."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Buyers with equal figures, and what is expected of them.

    Attributes
    ----------
    model : what was learned
    by : what groups are of; empty without
    as_of : µs UTC
    days : how far ahead
    count, figures : of rows of equal buyers: int64[k], float64[k, 6], see `ganj.views.clv_fold.Bought`
    together : between what the orders of all are, and their value, eight times of ten: float64[2, 2]
    foreseen : float64[k, 9], columns `FORESEEN`; nan where nothing was fitted
    segment : int32[k], codes into `SEGMENTS`
    """

    model: Worth
    by: str
    as_of: int
    days: float
    count: Array
    figures: Array
    together: Array
    foreseen: Array
    segment: Array

    @classmethod
    def of(cls, model: Worth, by: str, as_of: int, days: float) -> Seen:
        """Look at the rows of a model."""
        people = model.people
        figures = people.total / np.maximum(people.count, 1)[:, None]
        foreseen, segment = model.rows()
        return cls(model, by, as_of, days, people.count, figures, model.together(foreseen), foreseen, segment)

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        found = {"summary": self.summary(), "parameters": self.parameters(), "frequency": self.frequency()}
        model = self.model
        if model.outlook is not None:
            found["segments"] = self.segments()
        if model.groups:
            found["groups"] = self.groups()
        if model.track is not None:
            found["tracking"] = tracking(model.track, self.model.clock)
            found |= self.weeks.tables()
        if model.trial is not None:
            found["holdout"] = model.trial.table()
            if len(model.trial.tried) > 1:
                found["models"] = model.trial.models()
        return found

    @property
    def weeks(self) -> Apart:
        """The groups week by week."""
        model = self.model
        times = model.bought.times
        known = times.keys[:, 4] >= 0 if model.trial is not None else np.ones(len(times), bool)
        code = told_apart(times.keys[:, GROUP], list(model.groups))
        names = {one: label_of(one, model.bought.labels) for one in model.tracks}
        size = {name: int(times.values[known & (code == one), 0].sum()) for one, name in names.items()}
        return Apart(self.by, model.clock, {name: model.tracks[one] for one, name in names.items()}, size)

    def summary(self) -> Table:
        """Say the main figures in one row."""
        again = self.figures[:, 2] > 0
        alive, orders, value, clv, *_, ever = (self.count @ self.foreseen).tolist()
        one, repeaters = np.array, (Where("repeat_orders", ">=", 1),)
        size, together = int(self.count.sum()), self.together
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            (column("buyers", "Buyers", "خریداران", "customers"), one([size]), [()]),
            (
                column("repeat", "Bought again", "خرید دوباره", "customers"),
                one([int(self.count[again].sum())]),
                [repeaters],
            ),
            (column("as_of", "As of", "تا تاریخ", "date"), one([self.as_of])),
            (column("days", "Days ahead", "روزهای پیش رو", "days"), one([self.days])),
            (column("alive", "Still customers", "مشتریان مانده", "count"), one([alive])),
            (column("expected_orders", "Expected orders", "سفارش مورد انتظار", "count"), one([orders])),
            (
                column("orders_low", "Orders at least (80%)", "دست‌کم سفارش (۸۰٪)", "count"),
                one([together[0, 0]]),
            ),
            (
                column("orders_high", "Orders at most (80%)", "دست‌بالا سفارش (۸۰٪)", "count"),
                one([together[0, 1]]),
            ),
            (column("expected_value", "Expected value", "ارزش مورد انتظار", "money"), one([value])),
            (column("value_low", "Value at least (80%)", "دست‌کم ارزش (۸۰٪)", "money"), one([together[1, 0]])),
            (
                column("value_high", "Value at most (80%)", "دست‌بالا ارزش (۸۰٪)", "money"),
                one([together[1, 1]]),
            ),
            (column("clv", "Lifetime value", "ارزش طول عمر", "money"), one([clv])),
            (column("clv_ever", "… of all the time to come", "ارزش طول عمر تا همیشه", "money"), one([ever])),
        )

    def parameters(self) -> Table:
        """Say the parameters with their standard errors, and how likely the purchases are with them."""
        rows: list[tuple[str, float, float]] = []
        outlook = self.model.outlook
        if outlook is not None:
            fits = [(outlook.model.names, outlook.fit, "log_likelihood")]
            spend = outlook.spend.fit
            if spend is not None:
                fits.append((GAMMA_GAMMA.names, spend, "spend_log_likelihood"))
            for names, found, height in fits:
                rows += zip(names, found.parameters.tolist(), found.errors.tolist(), strict=True)
                rows.append((height, found.log_likelihood, np.nan))
        return Table.of(
            Text("Parameters", "پارامترهای مدل"),
            (column("parameter", "Parameter", "پارامتر", "text"), [name for name, _, _ in rows]),
            (column("value", "Value", "مقدار"), np.array([value for _, value, _ in rows], np.float64)),
            (
                column("error", "Standard error", "خطای معیار"),
                np.array([error for *_, error in rows], np.float64),
            ),
        )

    def frequency(self) -> Table:
        """Say what is expected of buyers by how often they bought again."""
        opens = opens_of("repeat_orders")
        size, sums = self._added(group(self.figures[:, 2]), MANY + 1)
        return Table.of(
            Text("By number of repeat purchases", "به تفکیک شمار خرید دوباره"),
            times(),
            (column("customers", "Customers", "مشتریان", "customers"), size, opens),
            *_expected(size, sums),
        )

    def segments(self) -> Table:
        """Say how many each segment has and what is expected of it."""
        size, sums = self._added(self.segment, len(SEGMENTS))
        opens = [(Where("clv_segment", "=", name),) for name, _ in SEGMENTS]
        return Table.of(
            Text("Value by chance of staying", "ارزش در برابر احتمال ماندن"),
            (column("segment", "Segment", "بخش", "category", choices=SEGMENTS), np.arange(len(SEGMENTS))),
            (column("customers", "Customers", "مشتریان", "customers"), size, opens),
            *_expected(size, sums),
        )

    def groups(self) -> Table:
        """Say how groups of a trait buy: the parameters of each, and what is expected of its customers."""
        groups, labels = self.model.groups, self.model.bought.labels
        names = [label_of(code, labels) for code in groups]
        code = told_apart(self.figures[:, GROUP].astype(np.int64), list(groups))
        place = np.select([code == one for one in groups], list(range(len(groups))))
        size, sums = self._added(place, len(groups))
        each = [one.fit.parameters for one in groups.values()]
        told = next(iter(groups.values())).model.names
        return Table.of(
            Text("How groups of customers buy", "گروه‌های مشتریان چگونه می‌خرند"),
            (Column(name="group", label=called(self.by), unit="text"), names),
            (column("customers", "Customers", "مشتریان", "customers"), size, [(Where("clv_group", "=", name),) for name in names]),
            *_expected(size, sums),
            *((column(name, name, name), np.array([one[k] for one in each])) for k, name in enumerate(told)),
            (column("log_likelihood", "Log-likelihood", "لگاریتم درست‌نمایی"), np.array([one.fit.log_likelihood if one is not self.model.outlook else np.nan for one in groups.values()])),
        )  # fmt: skip

    def _added(self, group: Array, size: int) -> tuple[Array, Array]:
        """Return customers int64[size] and sums of what is foreseen float64[size, 4]."""
        sums = [np.bincount(group, self.count * column, size) for column in self.foreseen[:, :4].T]
        return np.bincount(group, self.count, size).astype(np.int64), np.column_stack(sums)

    def charts(self) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        found = (
            list(tracking_charts(self.model.track, self.model.clock)) if self.model.track is not None else []
        )
        found += self.weeks.charts()
        if self.model.outlook is not None:
            title = Text("Lifetime value by segment", "ارزش طول عمر هر بخش")
            found.append(Chart(kind="hbar", table="segments", title=title, x="segment", y=("clv",)))
        if self.model.trial is not None:
            title = Text("Expected and actual, by purchases before", "انتظار و واقعیت به تفکیک خریدهای پیشین")
            figures = ("actual", "expected", "naive")
            found.append(Chart(kind="bar", table="holdout", title=title, x="bought", y=figures))
        return tuple(found)

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away, or why nothing can be said."""
        model = self.model
        if model.refused is not None:
            yield refusal(model.refused)
            return
        yield self._ahead()
        yield from self._silent()
        yield from self._slipping()
        yield from self._apart()
        yield tried(model.trial) if model.trial is not None else UNTRIED
        if model.track is not None and model.track.held.any():
            yield tracked(model.track, model.clock)
        yield from self.weeks.findings()

    def _ahead(self) -> Finding:
        alive, orders, value = (float(total) for total in (self.count @ self.foreseen)[:3])
        return Finding(
            text=Text(
                "In the next {days:count} days today's {buyers:count} buyers are expected to place "
                "{orders:count} orders ({low:count} to {high:count}, eight times of ten) worth {money:short}; "
                "{alive:percent} are still customers.",
                "در {days:count} روز آینده انتظار می‌رود {buyers:count} خریدار کنونی {orders:count} سفارش (با اطمینان ۸۰٪ "
                "از {low:count} تا {high:count}) به ارزش {money:short} بدهند؛ {alive:percent} هنوز مشتری‌اند.",
            ),
            evidence={
                "days": self.days,
                "buyers": int(self.count.sum()),
                "orders": orders,
                "low": float(self.together[0, 0]),
                "high": float(self.together[0, 1]),
                "money": value,
                "alive": 100 * alive / float(self.count.sum()),
            },
            weight=1.0,
        )

    def _silent(self) -> Iterator[Finding]:
        """Say that nobody bought for long before the last day: then the data end, and not the customers' buying."""
        model = self.model
        silent = (model.end - int(model.bought.times.keys[:, 1].max())) * model.clock.days
        if silent < SILENT:
            return
        yield Finding(
            text=Text(
                "Nobody bought in the last {silent:count} days before the day this is told of. If that is where the data end, "
                "choose an earlier day: otherwise everybody looks as if they had left.",
                "در {silent:count} روز پایانیِ پیش از تاریخ گزارش هیچ‌کس نخریده است. اگر داده‌ها پیش از آن تمام شده‌اند تاریخ زودتری "
                "برگزینید؛ وگرنه همه رفته به نظر می‌رسند.",
            ),
            evidence={"silent": silent},
            tone="bad",
            weight=0.98,
        )

    def _slipping(self) -> Iterator[Finding]:
        chosen = self.segment == 2
        size = int(self.count[chosen].sum())
        if not size:
            return
        yield Finding(
            text=Text(
                "{count:count} of the most valuable customers are slipping; they spent {money:short} so far.",
                "{count:count} نفر از پرارزش‌ترین مشتریان رو به ریزش‌اند؛ آنان تاکنون {money:short} خرید کرده‌اند.",
            ),
            evidence={"count": size, "money": float(self.count[chosen] @ self.figures[chosen, 4])},
            opens=(Where("clv_segment", "=", "slipping_high"),),
            tone="bad",
            weight=0.9,
        )

    def _apart(self) -> Iterator[Finding]:
        """Say whether groups buy alike, and which of them is worth most."""
        if not self.model.groups or np.isnan(self.model.apart):
            return
        table = self.groups().values
        each = table["clv"] / np.maximum(table["customers"], 1)
        best = int(np.argmax(each))
        differs = self.model.apart < SURE
        more = Text(
            "Groups buy in different ways; a customer of {best} is worth most, {value:short}.",
            "گروه‌ها به شیوه‌های متفاوتی می‌خرند؛ هر مشتری «{best}» با {value:short} بیشترین ارزش را دارد.",
        )
        same = Text("Groups do not differ surely in how they buy.", "تفاوت گروه‌ها در شیوهٔ خرید روشن نیست.")
        yield Finding(
            text=more if differs else same,
            evidence={"best": table["group"][best], "value": float(each[best])} if differs else {},
            opens=(Where("clv_group", "=", table["group"][best]),) if differs else None,
            weight=0.8,
        )


def _expected(size: Array, sums: Array) -> tuple[tuple[Column, Array], ...]:
    """Return the columns of what is expected of groups: means of chances and orders, sums of value."""
    most = np.maximum(size, 1)
    return (
        (column("alive", "Chance of staying", "احتمال ماندن", "percent"), 100 * sums[:, 0] / most),
        (
            column("orders_each", "Expected orders of one", "سفارش مورد انتظار هر مشتری", "ratio"),
            sums[:, 1] / most,
        ),
        (column("expected_value", "Expected value", "ارزش مورد انتظار", "money"), sums[:, 2]),
        (column("clv", "Lifetime value", "ارزش طول عمر", "money"), sums[:, 3]),
    )
