"""The forecast's tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ganj.events import ORDER, words
from ganj.histories import Array
from ganj.miner import Chart, Column, Opens, Table, Where, column
from ganj.models.series.forecasting import CALENDAR, FITFUL, JOINED, NAIVE, Forecast
from ganj.text import Text
from ganj.views.forecast_plan import CAMPAIGN, MEANS, Drawn, Line, named

SHOWN = {"day": 90, "week": 60, "month": 36}
"""Periods of the past that are shown, at least."""
SURE = 2.8
"""Standard errors from which an effect is told."""
EFFECTS = 20
MODELS = {
    "snaive": Text("As the last season", "تکرار دورهٔ پیش"),
    "recent": Text("As lately", "میانهٔ دوره‌های اخیر"),
    "level": Text("Smoothed level", "هموارسازی سطح"),
    "damped": Text("Smoothed trend that fades", "هموارسازی با روند میرا"),
    "theta": Text("Theta", "تتا"),
}
PERCENT, TIMES = "percent", "ratio"
UNITS = {"amount": "money", "each": "money", "worth": "money", "rate": PERCENT, "often": TIMES}
WRITTEN = {"money": "short", PERCENT: PERCENT, TIMES: TIMES}


@dataclass(frozen=True, eq=False)
class Seen:
    """Forecasts, laid out.

    Attributes
    ----------
    drawn : the forecasts
    event, over : what they are of, and what a rate is out of
    target : for the sum of what comes; 0 for none
    """

    drawn: Drawn
    event: str
    over: str
    target: float

    @property
    def figure(self) -> str:
        """Which figure."""
        return self.drawn.plan.figure

    @property
    def unit(self) -> str:
        """How the figure is written."""
        return UNITS.get(self.figure, "count")

    @property
    def written(self) -> str:
        """How the figure is written in sentences."""
        return WRITTEN.get(self.unit, "count")

    @property
    def mean(self) -> bool:
        """Tell whether several periods have a mean of it, not a sum."""
        return self.figure in MEANS

    @cached_property
    def name(self) -> Text:
        """What the figure is called."""
        said, ordered = words(self.event), self.event == ORDER
        names = {
            "amount": Text("Revenue", "درآمد") if ordered else Text(f"Amount: {said.en}", f"مبلغ {said.fa}"),
            "events": Text("Orders", "سفارش‌ها") if ordered else said,
            "customers": Text("Customers", "مشتریان"),
            "new": Text("New customers", "مشتریان تازه"),
            "each": Text("Average order", "میانگین سفارش")
            if ordered
            else Text("Average amount", "میانگین مبلغ"),
            "worth": Text("Revenue per customer", "درآمد از هر مشتری")
            if ordered
            else Text(f"Amount per customer: {said.en}", f"مبلغ {said.fa} از هر مشتری"),
            "often": Text("Orders per customer", "سفارش هر مشتری")
            if ordered
            else Text(f"{said.en}, per customer", f"{said.fa} برای هر مشتری"),
            "rate": Text(
                f"{said.en} out of {words(self.over).en}", f"نرخ {said.fa} به {words(self.over).fa}"
            ),
        }
        return names[self.figure]

    @property
    def whole(self) -> Line:
        """Everything."""
        return self.drawn.lines[0]

    def together(self, found: Forecast, level: float = 0.8) -> tuple[float, float, float]:
        """Return what comes together and its limits; of a mean figure the mean."""
        size = len(found.path) if self.mean else 1
        total, low, high = (value / size for value in found.together(level))
        return total, low, high

    def before(self, line: Line, back: int = 0) -> float:
        """Return the same of as many periods before; ``back`` periods earlier still."""
        size, ahead = len(line.values), self.drawn.plan.ahead
        part = line.values[max(size - ahead - back, 0) : size - back]
        if len(part) < ahead or not np.any(~np.isnan(part)):
            return float("nan")
        return float(np.nanmean(part) if self.mean else np.nansum(part))

    # ---- tables

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name."""
        found = {"summary": self.summary(), "path": self.path()}
        if len(self.drawn.lines) > 1:
            found["series"] = self.series()
        if self.whole.found is not None:
            found["models"] = self.models(self.whole.found)
            effects = self.effects(self.whole.found)
            found |= {"effects": effects} if len(effects) else {}
            if self.drawn.others:
                found["suppose"] = self.suppose(self.whole.found)
        return found

    def summary(self) -> Table:
        """Say the main figures in one row."""
        found, before = self.whole.found, self.before(self.whole)
        total, low, high = self.together(found) if found else (np.nan,) * 3
        told: list[tuple[Column, Any] | tuple[Column, Any, list[Opens]]] = [
            (
                column("customers", "Customers so far", "مشتریان تاکنون", "customers"),
                [self.whole.customers],
                [()],
            ),
            (column("periods", "Periods so far", "دوره‌های گذشته", "count"), [len(self.whole.values)]),
            (column("ahead", "Periods ahead", "دوره‌های پیش رو", "count"), [self.drawn.plan.ahead]),
            (self._figure("expected", Text("Expected", "مورد انتظار")), np.array([total])),
            (self._figure("low", Text("At least (80%)", "دست‌کم (۸۰٪)")), np.array([low])),
            (self._figure("high", Text("At most (80%)", "دست‌بالا (۸۰٪)")), np.array([high])),
            (self._figure("before", Text("As long before", "دورهٔ مشابه پیشین")), np.array([before])),
            (_percent("change", "Change", "تغییر"), np.array([_change(total, before)])),
            (_percent("error", "Usual error", "خطای معمول"), np.array([found.error if found else np.nan])),
            (
                _percent("naive", "… of the naive forecast", "… خطای پیش‌بینی ساده"),
                np.array([found.naive if found else np.nan]),
            ),
        ]
        if self.target:
            chance = 100 * found.chance(self._goal()) if found else np.nan
            told.append((self._figure("target", Text("Target", "هدف")), np.array([self.target])))
            told.append((_percent("chance", "Chance of reaching it", "احتمال رسیدن"), np.array([chance])))
        return Table.of(Text("At a glance", "در یک نگاه"), *told)

    def _goal(self) -> float:
        return self.target * (self.drawn.plan.ahead if self.mean else 1)

    def path(self) -> Table:
        """Say what was lately and what comes, period by period."""
        plan, line = self.drawn.plan, self.whole
        size = len(line.values)
        begins = max(size - max(SHOWN[plan.period], 2 * plan.ahead), 0)
        past, ahead = size - begins, plan.ahead if line.found is not None else 0
        ordinal = self.drawn.first + begins + np.arange(past + ahead)
        people = np.concatenate((line.people[begins:], np.zeros(ahead, np.int64)))
        opens: list[Opens | None] = [(Where("forecast_periods", "has", int(n)),) for n in ordinal[:past]]
        found: list[tuple[Column, Any] | tuple[Column, Any, list[Opens | None]]] = [
            (
                column("period", "Period", "دوره", "period", period=plan.period, calendar=plan.calendar),
                ordinal,
            ),
            (self._figure("actual", Text("So far", "تاکنون")), _padded(line.values[begins:], 0, ahead)),
        ]
        parts = {} if line.found is None else _parts(line.found)
        for name, label in PATH:
            values = _padded(parts[name], past, 0) if parts else np.full(past, np.nan)
            found.append((self._figure(name, label), values))
        found.append(
            (column("customers", "Customers", "مشتریان", "customers"), people, [*opens, *[None] * ahead])
        )
        return Table.of(Text("What was and what comes", "گذشته و آینده"), *found)

    def models(self, found: Forecast) -> Table:
        """Say what each model erred on past origins, and how much it counts."""
        fitful = found.asked.scale.kind == "fitful"
        errors = found.trial.errors(found.asked.scale)
        names = [name for name in errors if name.rstrip(CALENDAR) in (FITFUL if fitful else JOINED)]
        labels = tuple((name, MODELS[name.rstrip(CALENDAR)]) for name in names)
        return Table.of(
            Text("Models tried on the past", "مدل‌ها در آزمون گذشته"),
            (column("model", "Model", "مدل", "category", choices=labels), np.arange(len(names))),
            (
                column("calendar", "Knows the calendar", "با تقویم", "flag"),
                np.array([name.endswith(CALENDAR) for name in names]),
            ),
            (_percent("error", "Error (sMAPE)", "خطا (sMAPE)"), np.array([errors[name] for name in names])),
            (
                _percent("weight", "Counts for", "سهم در پیش‌بینی"),
                np.array([100 * found.weights.get(name, 0.0) for name in names]),
            ),
        )

    def effects(self, found: Forecast) -> Table:
        """Say what surely moves the figure, the strongest first."""
        size, error = np.zeros(0), np.zeros(0)
        chosen: list[int] = []
        if found.effects is not None and found.asked.scale.kind == "log":
            size, error = found.effects.size, found.effects.error
            sure = np.flatnonzero(
                (np.abs(size) > SURE * error) & [name != "length" for name in self.drawn.columns.names]
            )
            chosen = sure[np.argsort(-np.abs(size[sure]))][:EFFECTS].tolist()
        ahead = self.drawn.columns.values[len(self.whole.values) :]
        labels = tuple((self.drawn.columns.names[n], self.drawn.columns.labels[n]) for n in chosen)
        times = [float(ahead[:, n].sum()) for n in chosen]
        return Table.of(
            Text("What moves it", "چه چیز آن را جابه‌جا می‌کند"),
            (column("what", "What", "عامل", "category", choices=labels), np.arange(len(chosen))),
            (_percent("effect", "Effect", "اثر"), _as_percent(size[chosen])),
            (
                _percent("low", "At least (95%)", "دست‌کم (۹۵٪)"),
                _as_percent(size[chosen] - 1.96 * error[chosen]),
            ),
            (
                _percent("high", "At most (95%)", "دست‌بالا (۹۵٪)"),
                _as_percent(size[chosen] + 1.96 * error[chosen]),
            ),
            (column("ahead", "Periods of it ahead", "دوره‌های پیش رو با آن", "ratio"), np.array(times)),
        )

    def series(self) -> Table:
        """Say what comes of each label."""
        lines = self.drawn.lines[1:]
        sums = np.array(
            [self.together(line.found) if line.found else (np.nan,) * 3 for line in lines]
        ).reshape(-1, 3)
        sums = np.round(sums) if self.unit == "count" else sums
        before = np.array([self.before(line) for line in lines])
        errors = np.array(
            [(line.found.error, line.found.naive) if line.found else (np.nan,) * 2 for line in lines]
        )
        opens = [(Where("forecast_groups", "has", line.label),) for line in lines]
        return Table.of(
            Text("Each series", "هر سری"),
            (column("group", "Series", "سری", "text"), [line.label for line in lines]),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                np.array([line.customers for line in lines]),
                opens,
            ),
            (self._figure("before", Text("As long before", "دورهٔ مشابه پیشین")), before),
            (self._figure("expected", Text("Expected", "مورد انتظار")), sums[:, 0]),
            (self._figure("low", Text("At least (80%)", "دست‌کم (۸۰٪)")), sums[:, 1]),
            (self._figure("high", Text("At most (80%)", "دست‌بالا (۸۰٪)")), sums[:, 2]),
            (
                _percent("change", "Change", "تغییر"),
                np.array([_change(a, b) for a, b in zip(sums[:, 0], before, strict=True)]),
            ),
            (_percent("error", "Usual error of the sum", "خطای معمول مجموع"), errors.reshape(-1, 2)[:, 0]),
            (
                _percent("naive", "… of the naive forecast", "… خطای پیش‌بینی ساده"),
                errors.reshape(-1, 2)[:, 1],
            ),
        )

    def suppose(self, found: Forecast) -> Table:
        """Say what comes with and without what is planned or supposed."""
        size = len(found.path) if self.mean else 1
        names = list(self.drawn.others)
        planned = float(np.nansum(found.mean)) / size
        others = np.array(
            [float(np.nansum(found.supposing(self.drawn.others[name]))) / size for name in names]
        )
        base = np.array([others[n] if name == CAMPAIGN else planned for n, name in enumerate(names)])
        then = np.array([planned if name == CAMPAIGN else others[n] for n, name in enumerate(names)])
        labels = tuple((name, WITH_CAMPAIGN if name == CAMPAIGN else self._times(name)) for name in names)
        return Table.of(
            Text("What if", "اگر"),
            (column("what", "What", "عامل", "category", choices=labels), np.arange(len(names))),
            (self._figure("without", Text("Without it", "بدون آن")), base),
            (self._figure("with", Text("With it", "با آن")), then),
            (self._figure("difference", Text("Difference", "تفاوت")), then - base),
            (
                _percent("change", "Change", "تغییر"),
                np.array([_change(a, b) for a, b in zip(then, base, strict=True)]),
            ),
        )

    def _times(self, name: str) -> Text:
        plan, columns = self.drawn.plan, self.drawn.columns
        if name in plan.drivers:
            times, said = plan.suppose[name], words(name)
            return Text(f"{said.en}, {times:g} times the usual", f"{said.fa}، {times:g} برابر معمول")
        times = next(times for asked, times in plan.suppose.items() if named(asked, columns) == name)
        said = columns.labels[columns.names.index(name)]
        return Text(f"{said.en}, {times:g} times as much", f"{said.fa}، {times:g} برابر")

    def _figure(self, name: str, label: Text) -> Column:
        return Column(name=name, label=label, unit=self.unit)

    # ---- pictures

    def charts(self) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        found = [self._fan()]
        if "series" in self.tables:
            title = Text("Expected of each series", "انتظار از هر سری")
            found.append(Chart(kind="hbar", table="series", title=title, x="group", y=("expected", "before")))
        if "effects" in self.tables:
            title = Text("What moves it, percent", "چه چیز آن را جابه‌جا می‌کند، درصد")
            found.append(
                Chart(
                    kind="hbar",
                    table="effects",
                    title=title,
                    x="what",
                    y=("effect",),
                    options={"low": "low", "high": "high"},
                )
            )
        return tuple(found)

    def _fan(self) -> Chart:
        options: dict[str, Any] = {"zero": not self.mean}
        if self.whole.found is not None:
            options["fan"] = [["low95", "high95"], ["low80", "high80"]]
        if self.target:
            each = self.target / (1 if self.mean else self.drawn.plan.ahead)
            options["goal"] = {"value": each, "label": Text("Target", "هدف")}
        title = Text(f"{self.name.en}: so far and expected", f"{self.name.fa}: تاکنون و مورد انتظار")
        return Chart(
            kind="line", table="path", title=title, x="period", y=("actual", "expected"), options=options
        )


PATH = (
    ("expected", Text("Expected", "مورد انتظار")),
    ("low80", Text("At least (80%)", "دست‌کم (۸۰٪)")),
    ("high80", Text("At most (80%)", "دست‌بالا (۸۰٪)")),
    ("low95", Text("At least (95%)", "دست‌کم (۹۵٪)")),
    ("high95", Text("At most (95%)", "دست‌بالا (۹۵٪)")),
    ("naive", Text("As the last season", "تکرار دورهٔ پیش")),
)
WITH_CAMPAIGN = Text("The planned campaigns", "کمپین‌های در پیش")


def _parts(found: Forecast) -> dict[str, Array]:
    """Return the columns of the coming periods."""
    low80, high80 = found.limits(0.8)
    low95, high95 = found.limits(0.95)
    naive = found.asked.scale.outward(found.said[NAIVE])
    return {
        "expected": found.mean,
        "low80": low80,
        "high80": high80,
        "low95": low95,
        "high95": high95,
        "naive": naive,
    }


def _padded(values: Array, before: int, after: int) -> Array:
    return np.concatenate((np.full(before, np.nan), values, np.full(after, np.nan)))


def _percent(name: str, en: str, fa: str) -> Column:
    return column(name, en, fa, "percent")


def _as_percent(size: Array) -> Array:
    found: Array = 100 * np.expm1(np.minimum(size, 50.0))
    return found


def _change(now: float, before: float) -> float:
    return 100 * (now / before - 1) if before > 0 else float("nan")
