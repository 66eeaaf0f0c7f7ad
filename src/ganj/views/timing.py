"""The clock's and the calendar's tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from ganj.calendar import WEEKDAYS, Calendar, feasts, holidays_between, last_day, month_names, ordinals
from ganj.histories import Array
from ganj.kernels.intervals import wilson
from ganj.kernels.seasons import drawn, effect, expected, months
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.text import Text

YEARS = 24
"""Whole months from which the months of the year are compared."""
FEW = 200
"""Messages fewer than these are not spoken of."""
AROUND = (
    ("holiday", Text("Public holidays", "تعطیلات رسمی")),
    ("before", Text("The day before", "روز پیش از تعطیلی")),
    ("after", Text("The day after", "روز پس از تعطیلی")),
)
ANSWERS = (
    Text("Answers by hour of the week", "پاسخ بر پایهٔ ساعت هفته"),
    Text("Answers by hour of the day", "پاسخ بر پایهٔ ساعت روز"),
)
NO_HOURS: tuple[Opens | None, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """When things happen, laid out.

    Attributes
    ----------
    hours : float64[168, 6], events, customers; sent, answered; customers sent to, customers who answered
    chances : float64[168], how often the range had each hour of the week
    days : float64[days], events on each day of the range
    first_day : the range's first local day, since 1970-01-01
    calendar, country, week_start : of the reader
    months : int64[12], customers by month of the year
    """

    hours: Array
    chances: Array
    days: Array
    first_day: int
    calendar: Calendar
    country: str
    week_start: int
    months: Array

    def tables(self) -> dict[str, Table]:
        """Return the tables there is data for."""
        found = {"hours": self.week()}
        if self.hours[:, 2].sum():
            found |= {"send": self.send(), "send_hours": self.send_hours()}
        if len(self.whole_months()[0]) >= YEARS:
            found["seasons"] = self.seasons()
        holidays = self.holidays()
        if holidays is not None:
            found["holidays"] = holidays
        return found

    def _order(self) -> Array:
        """int64[168]: hours of the week as the reader's week goes."""
        return np.roll(np.arange(168), -24 * self.week_start)

    def _places(self, order: Array) -> list[Any]:
        days = tuple((str(day), WEEKDAYS[day]) for day in range(7))
        return [
            (Column(name="weekday", label=Text("Day", "روز"), unit="category", choices=days), order // 24),
            (column("hour", "Hour", "ساعت", "count"), order % 24),
        ]

    def week(self) -> Table:
        """Say how much happens at each hour of the week."""
        order = self._order()
        events, customers = self.hours[order, 0], self.hours[order, 1]
        rate, usual = _share(events, self.chances[order]), _share(events.sum(), self.chances.sum())
        return Table.of(
            Text("Hours of the week", "ساعت‌های هفته"),
            *self._places(order),
            (column("events", "Events", "رویدادها", "count"), events.astype(np.int64)),
            (column("rate", "In one such hour", "در هر ساعتِ چنین"), rate),
            (
                column("index", "Against a usual hour (100)", "در برابر ساعت معمول (۱۰۰)"),
                100 * _share(rate, usual),
            ),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                customers.astype(np.int64),
                [(Where("hours", "has", int(hour)),) for hour in order],
            ),
        )

    def send(self) -> Table:
        """Say how messages sent at each hour of the week are answered."""
        order = self._order()
        return self._answers(order, self._places(order), [[int(hour)] for hour in order], 168)

    def send_hours(self) -> Table:
        """Say how messages sent at each hour of the day are answered."""
        hour = (column("hour", "Hour", "ساعت", "count"), np.arange(24))
        return self._answers(None, [hour], [], 24)

    def _answers(self, order: Array | None, places: list[Any], opens: list[list[int]], kinds: int) -> Table:
        rows = self.hours[:, 2:].reshape(7, 24, 4).sum(axis=0) if order is None else self.hours[order, 2:]
        sent, hit = rows[:, 0], rows[:, 1]
        low, high = wilson(hit, sent)
        k, n = drawn(hit, sent)
        below, above = wilson(hit, sent, NormalDist().inv_cdf(1 - 0.025 / kinds))
        usual = _share(hit.sum(), sent.sum())
        told = [
            (column("sent", "Messages sent", "پیام‌های فرستاده", "count"), sent.astype(np.int64)),
            (column("answered", "Answered", "پاسخ‌گرفته", "count"), hit.astype(np.int64)),
            (column("response", "Response rate", "نرخ پاسخ", "percent"), 100 * _share(hit, sent)),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
            (column("drawn", "Drawn to the mean", "نزدیک‌شده به میانگین", "percent"), 100 * _share(np.where(sent > 0, k, np.nan), n)),
            (column("better", "Better beyond chance", "بهتر، فراتر از تصادف", "flag"), np.nan_to_num(below) > usual),
            (column("worse", "Worse beyond chance", "بدتر، فراتر از تصادف", "flag"), np.nan_to_num(above, nan=1) < usual),
        ]  # fmt: skip
        if order is not None:
            for at, name, en, fa in (
                (2, "sent_hours", "Sent to", "گیرندگان"),
                (3, "answered_hours", "Who answered", "پاسخ‌دهندگان"),
            ):
                found = [(Where(name, "has", hour),) for (hour,) in opens]
                told.append((column(name, en, fa, "customers"), rows[:, at].astype(np.int64), found))  # type: ignore[arg-type] # a column that opens has a third part
        return Table.of(ANSWERS[order is None], *places, *told)

    # ---- the calendar

    def whole_months(self) -> tuple[Array, Array, Array]:
        """Return the ordinals of whole months in the range, their events, and their days."""
        if not len(self.days):
            return (np.zeros(0, np.int64),) * 3
        day = self.first_day + np.arange(len(self.days))
        number = ordinals(day, "month", self.calendar)
        found, place, length = np.unique(number, return_inverse=True, return_counts=True)
        events = np.bincount(place, self.days)
        whole = np.ones(len(found), bool)
        whole[0] = not len(day) or ordinals(day[:1] - 1, "month", self.calendar)[0] != found[0]
        whole[-1] &= bool(last_day(found[-1:], "month", self.calendar)[0] == day[-1])
        return found[whole], events[whole], length[whole]

    def seasons(self) -> Table:
        """Compare the months of the year, the trend taken out."""
        number, events, length = self.whole_months()
        index, low, high = months(events, length, number % 12)
        names = tuple((str(n), name) for n, name in enumerate(month_names(self.calendar)))
        month = np.arange(12)
        return Table.of(
            Text("Months of the year", "ماه‌های سال"),
            (Column(name="month", label=Text("Month", "ماه"), unit="category", choices=names), month),
            (column("years", "Years", "سال", "count"), np.bincount(number % 12, minlength=12)),
            (
                column("daily", "In a mean day", "میانگین روزانه"),
                np.bincount(number % 12, events) / np.bincount(number % 12, length),
            ),
            (column("index", "Against a usual month (100)", "در برابر ماه معمول (۱۰۰)"), index),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)"), low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)"), high),
            (column("clear", "Beyond chance", "فراتر از تصادف", "flag"), (low > 100) | (high < 100)),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                self.months,
                [(Where("months", "has", n),) for n in range(12)],
            ),
        )

    def holidays(self) -> Table | None:
        """Compare public holidays, and the days beside them, with the same weekdays around."""
        if not len(self.days):
            return None
        first, size = self.first_day, len(self.days)
        names = holidays_between(first - 1, first + size, self.country)
        off = np.isin(np.arange(first - 1, first + size + 1), list(names))
        day, before, after = off[1:-1], off[2:] & ~off[1:-1], off[:-2] & ~off[1:-1]
        usual = expected(self.days, ~(day | before | after))
        if not (day & ~np.isnan(usual)).any():
            return None
        rows: list[tuple[str, Text, Array]] = [
            (name, words, kind) for (name, words), kind in zip(AROUND, (day, before, after), strict=True)
        ]
        called: dict[str, tuple[Text, Array]] = {}
        for number, words in names.items():
            for one in feasts(words) if first <= number < first + size else ():
                called.setdefault(one.en, (one, np.zeros(size, bool)))[1][number - first] = True
        rows += [(name, words, mask) for name, (words, mask) in sorted(called.items())]
        return _effects(rows, self.days, usual)

    # ---- sentences

    def findings(self, tables: Mapping[str, Table]) -> Iterator[Finding]:
        """Say what a manager takes away."""
        if not self.hours[:, 0].sum() and not self.hours[:, 2].sum():
            text = Text("Nothing happened in this range.", "در این بازه هیچ رویدادی نبوده است.")
            yield Finding(text=text, tone="warn")
            return
        if self.hours[:, 0].sum():
            yield self._busiest(tables["hours"])
        if "send_hours" in tables:
            yield from self._best(tables["send_hours"])
        yield self._season(tables["seasons"]) if "seasons" in tables else self._too_short()
        if "holidays" in tables:
            yield from _holiday(tables["holidays"])

    def _busiest(self, table: Table) -> Finding:
        at = int(np.nan_to_num(table.values["index"]).argmax())
        hour = int(self._order()[at])
        return Finding(
            text=Text(
                "Most happens on {day} from {hour}:00: {index:number} times a usual hour.",
                "بیشترین رویداد {day} از ساعت {hour} است: {index:number} برابر ساعت معمول.",
            ),
            evidence={
                "day": WEEKDAYS[hour // 24],
                "hour": hour % 24,
                "index": float(table.values["index"][at]) / 100,
            },
            opens=(Where("hours", "has", hour),),
            weight=1.0,
        )

    def _best(self, table: Table) -> Iterator[Finding]:
        """Name the best hour to send, only if it is better beyond chance."""
        values = table.values
        if values["sent"].sum() < FEW:
            return
        usual = 100 * values["answered"].sum() / values["sent"].sum()
        fit = np.flatnonzero(values["better"])
        if not len(fit):
            yield Finding(
                text=Text(
                    "No hour of sending is better than the others beyond chance; {usual:percent} of messages are answered.",
                    "هیچ ساعتی برای فرستادن پیام، فراتر از تصادف بهتر از دیگر ساعت‌ها نیست؛ {usual:percent} از پیام‌ها پاسخ می‌گیرند.",
                ),
                evidence={"usual": usual},
                weight=0.9,
            )
            return
        at = int(fit[values["drawn"][fit].argmax()])
        yield Finding(
            text=Text(
                "Messages sent from {hour}:00 are answered most: {rate:percent} ({low:percent} to {high:percent}), "
                "against {usual:percent} of all.",
                "پیام‌هایی که از ساعت {hour} فرستاده می‌شوند بیش از همه پاسخ می‌گیرند: {rate:percent} ({low:percent} تا "
                "{high:percent}) در برابر {usual:percent} در همهٔ ساعت‌ها.",
            ),
            evidence={
                "hour": int(values["hour"][at]),
                "rate": float(values["drawn"][at]),
                "low": float(values["low"][at]),
                "high": float(values["high"][at]),
                "usual": usual,
            },
            tone="good",
            weight=1.1,
        )

    def _season(self, table: Table) -> Finding:
        index = table.values["index"]
        names, clear = month_names(self.calendar), table.values["clear"]
        if not clear.any():
            return Finding(
                text=Text(
                    "The trend aside, no month differs from the others beyond chance.",
                    "جدا از روند، هیچ ماهی فراتر از تصادف با ماه‌های دیگر فرق ندارد.",
                ),
                weight=0.3,
            )
        at = int(np.where(clear, np.abs(np.log(np.maximum(index, 1e-9) / 100)), -1).argmax())
        return Finding(
            text=Text(
                "The trend aside, {month} stands out most: {index:number}% of a usual month ({low:number} to "
                "{high:number}).",
                "جدا از روند، {month} بیش از همه متفاوت است: {index:number}٪ ماه معمول ({low:number} تا {high:number}).",
            ),
            evidence={
                "month": names[at],
                "index": float(index[at]),
                "low": float(table.values["low"][at]),
                "high": float(table.values["high"][at]),
            },
            opens=(Where("months", "has", at),) if self.months[at] else None,
            weight=0.8,
        )

    def _too_short(self) -> Finding:
        return Finding(
            text=Text(
                "Comparing the months of the year needs {needs:count} whole months; there are {has:count}.",
                "سنجش ماه‌های سال به {needs:count} ماه کامل نیاز دارد؛ اکنون {has:count} ماه هست.",
            ),
            evidence={"needs": YEARS, "has": len(self.whole_months()[0])},
            weight=0.1,
        )


def _effects(rows: list[tuple[str, Text, Array]], days: Array, usual: Array) -> Table:
    found = np.array([effect(days[mask], usual[mask]) for _, _, mask in rows])
    counts = np.array([int((mask & ~np.isnan(usual)).sum()) for _, _, mask in rows])
    keep = counts > 0
    shown = [row for row, kept in zip(rows, keep, strict=True) if kept]
    found = found[keep]
    kinds = tuple((name, words) for name, words, _ in shown)
    means = [
        [float(np.mean(some[mask & ~np.isnan(usual)])) for _, _, mask in shown] for some in (days, usual)
    ]
    return Table.of(
        Text("Holidays", "تعطیلات"),
        (
            Column(name="days", label=Text("Days", "روزها"), unit="category", choices=kinds),
            np.arange(len(shown)),
        ),
        (column("count", "How many", "چند روز", "count"), counts[keep]),
        (column("daily", "In a mean day", "میانگین روزانه"), np.array(means[0])),
        (column("usual", "Usual for such weekdays", "معمول همان روزهای هفته"), np.array(means[1])),
        (column("effect", "Difference", "اختلاف", "percent"), found[:, 0]),
        (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), found[:, 1]),
        (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), found[:, 2]),
        (column("clear", "Beyond chance", "فراتر از تصادف", "flag"), found[:, 1] * found[:, 2] > 0),
    )


def _holiday(table: Table) -> Iterator[Finding]:
    values = table.values
    if not values["clear"][0]:
        return
    change = float(values["effect"][0])
    yield Finding(
        text=Text(
            f"On public holidays there is {{change:percent}} {'more' if change > 0 else 'less'} than on the same weekdays around "
            "them ({count:count} days).",
            f"در تعطیلات رسمی {{change:percent}} {'بیشتر' if change > 0 else 'کمتر'} از همان روزهای هفته در هفته‌های کناری است "
            "({count:count} روز).",
        ),
        evidence={
            "change": abs(change),
            "count": int(values["count"][0]),
            "low": float(values["low"][0]),
            "high": float(values["high"][0]),
        },
        weight=0.7,
    )


def _share(part: Any, whole: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part) / np.asarray(whole)


def charts(tables: Mapping[str, Table]) -> tuple[Chart, ...]:
    """Return the pictures of the tables that are there."""
    limits = {"low": "low", "high": "high"}
    clock = {"x": "hour", "series": "weekday"}
    told: tuple[tuple[str, str, Text, dict[str, Any]], ...] = (
        (
            "heatmap",
            "hours",
            Text("Hours of the week (100 is usual)", "ساعت‌های هفته (۱۰۰ معمول است)"),
            {**clock, "y": ("index",)},
        ),
        (
            "heatmap",
            "send",
            Text("Response rate by hour of sending", "نرخ پاسخ بر پایهٔ ساعت فرستادن"),
            {**clock, "y": ("drawn",)},
        ),
        (
            "hbar",
            "send_hours",
            Text("Response rate by hour of the day", "نرخ پاسخ در ساعت‌های روز"),
            {"x": "hour", "y": ("drawn",), "options": limits | {"sorted": False, "top": 24}},
        ),
        (
            "hbar",
            "seasons",
            Text("Months of the year (100 is usual)", "ماه‌های سال (۱۰۰ معمول است)"),
            {"x": "month", "y": ("index",), "options": limits | {"sorted": False}},
        ),
        (
            "hbar",
            "holidays",
            Text("Difference on holidays", "اختلاف در تعطیلات"),
            {"x": "days", "y": ("effect",), "options": limits | {"sorted": False}},
        ),
    )
    return tuple(
        Chart(kind=kind, table=table, title=title, **more)
        for kind, table, title, more in told
        if table in tables
    )
