"""What is known ahead of a forecast, and the forecasts drawn with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ganj.calendar import day_number, first_day, parse_date
from ganj.calendar.buckets import Period
from ganj.calendar.days import Calendar
from ganj.calendar.reading import BadDate
from ganj.errors import BadParameter, TooLittleData
from ganj.histories import Array
from ganj.models.series.calendar import Columns, of_periods
from ganj.models.series.forecasting import Asked, Forecast, forecast
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.series_fold import AMOUNT, CUSTOMERS, EVENTS, NEW, filled

SERIES = 12
"""The largest labels are forecast, so many."""
CAMPAIGN = "campaign"
USUAL = 28
"""Days that say how many of a driver are usual."""
LATELY = 7
"""Days in which a driver is felt."""
LEAST = 20
"""Events below which nothing is forecast."""
SEASONS = {"day": 7, "week": 52, "month": 12}
FEWEST = {"day": 28, "week": 26, "month": 18}
"""Periods below which nothing is forecast."""
YEARS = {"week": 130, "month": 30}
"""Periods from which a season of a year is looked for."""
PERIODS = {
    "day": Text("days", "روز"),
    "week": Text("weeks", "هفته"),
    "month": Text("months", "ماه"),
}
COLUMN = {"amount": AMOUNT, "events": EVENTS, "customers": CUSTOMERS, "new": NEW}


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One series.

    Attributes
    ----------
    label : which; empty for everything
    values : float64[n], the figure so far
    people : int64[n], customers by period
    customers : in all periods
    found : the forecast; None where ``refused``
    refused : why there is none
    """

    label: str
    values: Array
    people: Array
    customers: int
    found: Forecast | None
    refused: TooLittleData | None


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """All series.

    Attributes
    ----------
    plan : what was asked
    first : the first period
    lines : everything first, then the largest labels
    columns : what was known of past and coming periods
    others : by what is supposed, the columns of the coming periods without it
    """

    plan: Plan
    first: int
    lines: tuple[Line, ...]
    columns: Columns
    others: Mapping[str, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be forecast, and what is known ahead; ``country`` empty for no calendar."""

    figure: str
    period: Period
    calendar: Calendar
    week_start: int
    country: str
    ahead: int
    campaigns: tuple[tuple[int, int], ...]
    drivers: tuple[str, ...]
    suppose: Mapping[str, float]

    def drawn(
        self,
        groups: Mapping[str, Tally],
        driven: Mapping[str, Tally],
        customers: Mapping[str, int],
        span: tuple[int, int],
    ) -> Drawn:
        """Forecast everything and the largest labels."""
        first, last = span
        size = max(last - first + 1, 0)
        edges = np.asarray(
            first_day(np.arange(first, first + size + self.ahead + 1), self.period, *self._days)
        )
        known = self._known(first, size) if size else _none(self.ahead)
        own, others = self._own(edges, size, driven)
        columns = _beside(known, own)
        rows = {label: filled(tally, first, last) for label, tally in groups.items()}
        order = sorted((name for name in rows if name), key=lambda name: (-float(rows[name].sum()), name))
        lines = [
            self._line(label, rows.get(label, np.zeros((size, 4))), customers.get(label, 0), columns)
            for label in ("", *order[:SERIES])
        ]
        wide = {name: np.column_stack((known.values[size:], changed)) for name, changed in others.items()}
        return Drawn(self, first, tuple(lines), columns, wide)

    @property
    def _days(self) -> tuple[Calendar, int]:
        return self.calendar, self.week_start

    def _known(self, first: int, size: int) -> Columns:
        """Return the calendar's columns."""
        if not self.country:
            return _none(size + self.ahead)
        ordinals = np.arange(first, first + size + self.ahead)
        return of_periods(ordinals, self.period, *self._days, self.country)

    def _own(
        self, edges: Array, size: int, driven: Mapping[str, Tally]
    ) -> tuple[list[tuple[str, Array]], dict[str, Array]]:
        """Return the columns of campaigns and drivers, and what coming periods hold without what is supposed."""
        day = np.arange(int(edges[0]) - LATELY, int(edges[-1]))
        by_day: list[tuple[str, Array]] = []
        if self.campaigns:
            on = np.zeros(len(day))
            for begins, ends in self.campaigns:
                on[(day >= begins) & (day <= ends)] = 1.0
            by_day.append((CAMPAIGN, on))
        today = int(edges[size])
        by_day += [(name, _felt(driven.get(name), day, today, 1.0)) for name in self.drivers]
        plain = [(name, _by_period(column, day, edges)) for name, column in by_day]
        told = dict(plain)
        others: dict[str, Array] = {}
        if self.campaigns and np.any(told[CAMPAIGN][size:]):
            others[CAMPAIGN] = _replaced(plain, size, CAMPAIGN, np.zeros(len(edges) - 1))
        for name, times in self.suppose.items():
            changed = _by_period(_felt(driven.get(name), day, today, times), day, edges)
            others[name] = _replaced(plain, size, name, changed)
        return plain, others

    def _line(self, label: str, rows: Array, customers: int, columns: Columns) -> Line:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = (
                rows[:, AMOUNT] / rows[:, EVENTS] if self.figure == "each" else rows[:, COLUMN[self.figure]]
            )
        people = rows[:, CUSTOMERS].astype(np.int64)
        refused = self._refused(len(values), float(rows[:, EVENTS].sum()))
        found = None
        if refused is None:
            season = SEASONS[self.period] if len(values) >= YEARS.get(self.period, 0) else 1
            found = forecast(Asked.of(values, columns.values, season, self.ahead))
        return Line(label, values, people, customers, found, refused)

    def _refused(self, size: int, events: float) -> TooLittleData | None:
        unit, least = PERIODS[self.period], FEWEST[self.period] + self.ahead
        if size >= least and events >= LEAST:
            return None
        needs = Text(
            f"{least} whole {unit.en} with {LEAST} events", f"{least} {unit.fa} کامل با دست‌کم {LEAST} رویداد"
        )
        has = Text(f"{size} {unit.en} with {events:.0f}", f"{size} {unit.fa} با {events:.0f} رویداد")
        return TooLittleData(needs=needs, has=has)


def planned(campaigns: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Read the days of campaigns: first and last, days since 1970-01-01."""
    found = []
    for text in campaigns:
        first, _, last = text.partition("..")
        try:
            days = day_number(parse_date(first)), day_number(parse_date(last or first))
        except BadDate as mistake:
            why = Text(
                "write it like 2026-03-01..2026-03-10.",
                "آن را مانند \u20661404/12/10..1404/12/19\u2069 بنویسید.",
            )
            raise BadParameter(parameter="campaigns", value=text, why=why) from mistake
        if days[1] < days[0]:
            why = Text("its last day lies before its first.", "روز پایانی پیش از روز نخست است.")
            raise BadParameter(parameter="campaigns", value=text, why=why)
        found.append(days)
    return tuple(found)


def supposed(words: tuple[str, ...]) -> dict[str, float]:
    """Read what is supposed: by driver, how many times the usual."""
    found = {}
    for text in words:
        name, _, times = text.rpartition("=")
        try:
            found[name.strip()] = float(times)
        except ValueError as mistake:
            raise BadParameter(parameter="suppose", value=text, why=WRITTEN) from mistake
        if not name or not 0 <= found[name.strip()] <= 1000:
            raise BadParameter(parameter="suppose", value=text, why=WRITTEN)
    return found


WRITTEN = Text(
    "write it like Message Sent=1.5, from 0 to 1000 times.",
    "آن را مانند \u2066Message Sent=1.5\u2069 بنویسید؛ از ۰ تا ۱۰۰۰ برابر.",
)


def _felt(tally: Tally | None, day: Array, today: int, times: float) -> Array:
    """Return the logarithm of a driver's mean of the last days: float64[days]; from today on the usual, so often."""
    count = np.zeros(len(day))
    if tally is not None:
        at = tally.keys[:, 0] - int(day[0])
        inside = (at >= 0) & (at < len(day))
        count[at[inside]] = tally.values[inside, 0]
    past = day < today
    usual = count[past][-USUAL:].mean() if past.any() else 0.0
    count[~past] = usual * times
    sums = np.cumsum(np.concatenate((np.zeros(LATELY), count)))
    return np.log1p((sums[LATELY:] - sums[:-LATELY]) / LATELY)


def _by_period(column: Array, day: Array, edges: Array) -> Array:
    at = edges - int(day[0])
    sums = np.concatenate((np.zeros(1), np.cumsum(column)))
    found: Array = np.diff(sums[at]) / np.diff(edges)
    return found


def _replaced(plain: list[tuple[str, Array]], size: int, name: str, column: Array) -> Array:
    """Return the columns of coming periods with one of them changed."""
    return np.column_stack([(column if name == own else values)[size:] for own, values in plain])


def _none(size: int) -> Columns:
    return Columns((), (), np.zeros((size, 0)))


def _beside(known: Columns, own: list[tuple[str, Array]]) -> Columns:
    if not own:
        return known
    campaign = Text("Campaign", "کمپین")
    return Columns(
        (*known.names, *(name for name, _ in own)),
        (*known.labels, *(campaign if name == CAMPAIGN else Text(name, name) for name, _ in own)),
        np.column_stack((known.values, *(values for _, values in own))),
    )
