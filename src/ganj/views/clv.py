"""Lifetime value's segments, tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Table, Where, column
from ganj.models.spend import GAMMA_GAMMA
from ganj.models.tracking import Track
from ganj.models.worth import Outlook
from ganj.text import Text
from ganj.views.clv_trial import (
    MANY,
    UNTRIED,
    Trial,
    group,
    opens_of,
    times,
    tracked,
    tracking,
    tracking_charts,
    tried,
)

BUYERS, REPEATERS = 100, 30
"""Fewer buyers, or fewer who bought again, are not fitted."""
STAYS, LEAVES = 2 / 3, 1 / 3
"""Chances of still being a customer that part active from slipping, and slipping from gone."""
SEGMENTS: tuple[tuple[str, Text], ...] = (
    ("active_high", Text("Active, high value", "فعال و پرارزش")),
    ("active", Text("Active", "فعال")),
    ("slipping_high", Text("Slipping, high value", "پرارزش و رو به ریزش")),
    ("slipping", Text("Slipping", "رو به ریزش")),
    ("gone_high", Text("Probably gone, were of high value", "پرارزش و احتمالاً رفته")),
    ("gone", Text("Probably gone", "احتمالاً رفته")),
)


def segments_of(alive: Array, high: Array) -> Array:
    """Return codes into `SEGMENTS`, -1 where the chance is nan: int32[n]."""
    level = np.where(alive >= STAYS, 0, np.where(alive >= LEAVES, 1, 2))
    return np.where(np.isnan(alive), -1, 2 * level + ~high).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Buyers with equal figures, and what is expected of them.

    Attributes
    ----------
    count : int64[k], customers
    figures : float64[k, 5], see `ganj.miners.clv.Bought`
    foreseen : float64[k, 6], see `ganj.models.worth.Outlook`; nan where nothing was fitted
    segment : int32[k], codes into `SEGMENTS`
    outlook, trial, track, together : what was learned
    calendar : of the weeks
    as_of : µs UTC
    days : how far ahead
    """

    count: Array
    figures: Array
    foreseen: Array
    segment: Array
    outlook: Outlook | None
    trial: Trial | None
    track: Track | None
    together: tuple[float, float]
    calendar: str
    as_of: int
    days: float

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        found = {"summary": self.summary(), "parameters": self.parameters(), "frequency": self.frequency()}
        if self.outlook is not None:
            found["segments"] = self.segments()
        if self.track is not None:
            found["tracking"] = tracking(self.track, self.calendar)
        if self.trial is not None:
            found["holdout"] = self.trial.table()
            if len(self.trial.tried) > 1:
                found["models"] = self.trial.models()
        return found

    def summary(self) -> Table:
        """Say the main figures in one row."""
        again = self.figures[:, 2] > 0
        alive, orders, value, clv = (self.count @ self.foreseen)[:4]
        one, repeaters = np.array, (Where("repeat_orders", ">=", 1),)
        size = int(self.count.sum())
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
            (column("alive", "Still customers", "مشتریان مانده", "ratio"), one([alive])),
            (column("expected_orders", "Expected orders", "سفارش مورد انتظار", "ratio"), one([orders])),
            (column("orders_low", "At least (80%)", "دست‌کم (۸۰٪)", "ratio"), one([self.together[0]])),
            (column("orders_high", "At most (80%)", "دست‌بالا (۸۰٪)", "ratio"), one([self.together[1]])),
            (column("expected_value", "Expected value", "ارزش مورد انتظار", "money"), one([value])),
            (column("clv", "Lifetime value", "ارزش طول عمر", "money"), one([clv])),
        )

    def parameters(self) -> Table:
        """Say the parameters with their standard errors, and how likely the purchases are with them."""
        rows: list[tuple[str, float, float]] = []
        if self.outlook is not None:
            fits = [(self.outlook.model.names, self.outlook.fit, "log_likelihood")]
            spend = self.outlook.spend.fit
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

    def _added(self, group: Array, size: int) -> tuple[Array, Array]:
        """Return customers int64[size] and sums of what is foreseen float64[size, 4]."""
        sums = [np.bincount(group, self.count * column, size) for column in self.foreseen[:, :4].T]
        return np.bincount(group, self.count, size).astype(np.int64), np.column_stack(sums)

    def charts(self) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        found = list(tracking_charts(self.track)) if self.track is not None else []
        if self.outlook is not None:
            title = Text("Lifetime value by segment", "ارزش طول عمر هر بخش")
            found.append(Chart(kind="hbar", table="segments", title=title, x="segment", y=("clv",)))
        if self.trial is not None:
            title = Text("Expected and actual, by purchases before", "انتظار و واقعیت به تفکیک خریدهای پیشین")
            figures = ("actual", "expected", "naive")
            found.append(Chart(kind="bar", table="holdout", title=title, x="bought", y=figures))
        return tuple(found)

    def findings(self, refused: TooLittleData | None) -> Iterator[Finding]:
        """Say what a manager takes away, or why nothing can be said."""
        if refused is not None:
            needs, has = refused.facts["needs"], refused.facts["has"]
            why = Text(
                TooLittleData.says.en.format(needs=needs, has=has),
                TooLittleData.says.fa.format(needs=needs, has=has),
            )
            yield Finding(text=why, tone="warn", weight=1.0)
            return
        yield self._ahead()
        yield from self._slipping()
        yield tried(self.trial) if self.trial is not None else UNTRIED
        if self.track is not None and self.track.held.any():
            yield tracked(self.track)

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
                "low": self.together[0],
                "high": self.together[1],
                "money": value,
                "alive": 100 * alive / float(self.count.sum()),
            },
            weight=1.0,
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
