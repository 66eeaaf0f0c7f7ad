"""What is known ahead of a forecast, and the forecasts drawn with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from ganj.calendar import day_number, first_day, parse_date
from ganj.calendar.buckets import Period
from ganj.calendar.days import Calendar
from ganj.calendar.reading import BadDate
from ganj.errors import BadParameter
from ganj.histories import Array
from ganj.models.series.calendar import Columns, of_periods
from ganj.models.series.forecasting import Asked, Forecast, forecast
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.series_fold import AMOUNT, CUSTOMERS, EVENTS, NEW, filled

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
RATIOS = {"each": (AMOUNT, EVENTS), "worth": (AMOUNT, CUSTOMERS), "often": (EVENTS, CUSTOMERS)}
RATE = "rate"
MEANS = {*RATIOS, RATE}
"""Figures that are no sums: of several periods they have a mean."""


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
    refused : what was needed and what there was, where there is none
    """

    label: str
    values: Array
    people: Array
    customers: int
    found: Forecast | None
    refused: dict[str, int] | None


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
    """What is to be forecast, and what is known ahead; ``country`` empty for no calendar, ``most`` series."""

    figure: str
    period: Period
    calendar: Calendar
    week_start: int
    country: str
    ahead: int
    campaigns: tuple[tuple[int, int], ...]
    drivers: tuple[str, ...]
    suppose: Mapping[str, float]
    most: int

    def drawn(
        self,
        groups: Mapping[str, Tally],
        over: Mapping[str, Tally],
        driven: Mapping[str, Tally],
        customers: Mapping[str, int],
        span: tuple[int, int],
    ) -> Drawn:
        """Forecast everything and the largest labels; ``over`` are the events a rate is out of."""
        first, last = span
        size = max(last - first + 1, 0)
        edges = np.asarray(
            first_day(np.arange(first, first + size + self.ahead + 1), self.period, *self._days)
        )
        known = self._known(first, size) if size else _none(self.ahead)
        columns = _beside(known, self._own(edges, size, driven, {}))
        rows = {label: filled(tally, first, last) for label, tally in groups.items()}
        order = sorted((name for name in rows if name), key=lambda name: (-float(rows[name].sum()), name))
        lines = [
            self._line(
                label,
                rows.get(label, np.zeros((size, 4))),
                filled(over[label], first, last)[:, EVENTS] if label in over else np.zeros(size),
                customers.get(label, 0),
                columns,
            )
            for label in ("", *order[: self.most])
        ]
        others = self._others(columns, known, edges, size, driven)
        return Drawn(self, first, tuple(lines), columns, others)

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
        self, edges: Array, size: int, driven: Mapping[str, Tally], times: Mapping[str, float]
    ) -> list[tuple[str, Array]]:
        """Return the columns of campaigns and drivers; ahead drivers are so many times the usual."""
        day = np.arange(int(edges[0]) - LATELY, int(edges[-1]))
        by_day: list[tuple[str, Array]] = []
        if self.campaigns:
            on = np.zeros(len(day))
            for begins, ends in self.campaigns:
                on[(day >= begins) & (day <= ends)] = 1.0
            by_day.append((CAMPAIGN, on))
        today = int(edges[size])
        by_day += [(name, _felt(driven.get(name), day, today, times.get(name, 1.0))) for name in self.drivers]
        return [(name, _by_period(column, day, edges)) for name, column in by_day]

    def _others(
        self, columns: Columns, known: Columns, edges: Array, size: int, driven: Mapping[str, Tally]
    ) -> dict[str, Array]:
        """Return by what is supposed the columns of coming periods as they then are; without planned campaigns, too."""
        coming, place = columns.values[size:], {name: n for n, name in enumerate(columns.names)}
        others: dict[str, Array] = {}
        if self.campaigns and np.any(coming[:, place[CAMPAIGN]]):
            others[CAMPAIGN] = _replaced(coming, place[CAMPAIGN], np.zeros(len(coming)))
        for name, times in self.suppose.items():
            if name in self.drivers:
                told = dict(self._own(edges, size, driven, {name: times}))
                others[name] = _replaced(coming, place[name], told[name][size:])
                continue
            code = named(name, known)
            if code is None:  # a calendar without such a month
                raise unnamed(name, known)
            others[code] = _replaced(coming, place[code], times * coming[:, place[code]])
        return others

    def _line(self, label: str, rows: Array, over: Array, customers: int, columns: Columns) -> Line:
        values = self._values(rows, over)
        people = rows[:, CUSTOMERS].astype(np.int64)
        known = int(np.count_nonzero(~np.isnan(values)))
        refused = self._refused(len(values), known, float(rows[:, EVENTS].sum()))
        found = None
        if refused is None:
            season = SEASONS[self.period] if len(values) >= YEARS.get(self.period, 0) else 1
            found = forecast(Asked.of(values, columns.values, season, self.ahead))
        return Line(label, values, people, customers, found, refused)

    def _values(self, rows: Array, over: Array) -> Array:
        """Return the figure by period; nan where a ratio is of nothing."""
        if self.figure in COLUMN:
            return np.asarray(rows[:, COLUMN[self.figure]])
        above, below = RATIOS.get(self.figure, (EVENTS, EVENTS))
        under = over / 100 if self.figure == RATE else rows[:, below]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(under > 0, rows[:, above] / under, np.nan)

    def _refused(self, size: int, known: int, events: float) -> dict[str, int] | None:
        """Return what is needed and what there is, where it is too little; known are periods with a figure."""
        least = FEWEST[self.period]
        enough = {"periods": least + self.ahead, "least": LEAST, "size": size, "events": int(events)}
        if known < min(least, size):
            return enough | {"periods": least, "size": known}
        return None if size >= least + self.ahead and events >= LEAST else enough


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
    "write it like Message Sent=1.5 or Ramadan=0, from 0 to 1000 times.",
    "آن را مانند \u2066Message Sent=1.5\u2069 یا «ماه رمضان=۰» بنویسید؛ از ۰ تا ۱۰۰۰ برابر.",
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


def _replaced(coming: Array, at: int, column: Array) -> Array:
    """Return the columns of coming periods with one of them changed."""
    made: Array = coming.copy()
    made[:, at] = column
    return made


def named(name: str, known: Columns) -> str | None:
    """Return the code of a column of the calendar, of its code or its label in either language; None for none."""
    wanted = name.casefold()
    for code, label in zip(known.names, known.labels, strict=True):
        if wanted in {code.casefold(), label.en.casefold(), label.fa.casefold()}:
            return code
    return None


def unnamed(name: str, known: Columns) -> BadParameter:
    """Return the refusal of what is supposed of nothing that is known ahead."""
    near = [
        label
        for label in known.labels
        if get_close_matches(name.casefold(), [label.en.casefold(), label.fa], cutoff=0.5)
    ][:3]
    told = near or [label for code, label in zip(known.names, known.labels, strict=True) if code in COMMON]
    why = Text(
        f"{name} is neither a driver nor in the calendar; there are {', '.join(one.en for one in told) or 'none'}.",
        f"«{name}» نه در رویدادهای پیش‌برنده است و نه در تقویم؛ نمونه: {'، '.join(one.fa for one in told) or 'هیچ'}.",
    )
    return BadParameter(parameter="suppose", value=name, why=why)


def year(calendar: Calendar, country: str) -> Columns:
    """Return the columns that the calendar has; empty ``country`` for no calendar."""
    return of_periods(np.arange(YEAR, YEAR + 400), "day", calendar, 0, country) if country else _none(1)


YEAR = 20_534
"""The first day of a Jalali year, 21 March 2026."""
COMMON = ("ramadan", "fitr", "black_friday")
"""Columns that are named where nothing is near to what was asked."""


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
