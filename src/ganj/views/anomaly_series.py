"""The figures that are watched, period by period, judged together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ganj.calendar import first_day
from ganj.calendar.buckets import Period
from ganj.calendar.days import Calendar
from ganj.events import ORDER, words
from ganj.histories import Array
from ganj.models.series.calendar import of_periods
from ganj.models.series.outliers import LEAST, SEGMENT, Judged, discoveries, judge
from ganj.models.series.stream import STRANGE, strangeness
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.series_fold import AMOUNT, CUSTOMERS, EVENTS, NEW, filled

SEASONS = {"day": 7, "week": 1}
OFTEN = 2.0
"""Events a period below which a figure is not watched."""
GROUPS = 12
"""Values of the breakdown that are watched."""
GAP = 2
"""Periods apart that still are one episode."""
UNITS = 5.0
"""Units a count must be off, at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure that was watched.

    Attributes
    ----------
    name : what it is called
    unit : how it is written
    group : what is counted: an event, or ``=value`` of the breakdown
    people : int64[n], customers behind each period
    fresh : whether these are only those whose first it was
    judged : see there
    marked : bool[n], periods that are out of line
    alarm : bool[n], periods that were strange by what came before them alone
    """

    name: Text
    unit: str
    group: str
    people: Array
    fresh: bool
    judged: Judged
    marked: Array
    alarm: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Periods in a row that are out of line the same way.

    Attributes
    ----------
    figure : position of the figure
    begins, ends : positions of the first and the last period
    actual, expected : sums
    chance : the least of its periods
    noticed : periods after which it was strange by what came before alone; nan if it never was
    worst : position of its surest period
    """

    figure: int
    begins: int
    ends: int
    actual: float
    expected: float
    chance: float
    noticed: float
    worst: int

    @property
    def off(self) -> float:
        """Percent of what was to be expected."""
        return 100 * (self.actual / self.expected - 1) if self.expected > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """All figures.

    Attributes
    ----------
    period, calendar : what a period is
    first : the first period
    size : how many periods there are
    figures : those with enough to be watched
    episodes : the surest first
    changes : figure, position, percent; of levels that changed for good
    """

    period: Period
    calendar: Calendar
    first: int
    size: int
    figures: tuple[Figure, ...]
    episodes: tuple[Episode, ...]
    changes: tuple[tuple[int, int, float], ...]
    week_start: int = 5

    def day(self, at: int) -> int:
        """Return the first local day of a period at a position."""
        return int(first_day(self.first + at, self.period, self.calendar, self.week_start))


def watched(
    groups: Mapping[str, Tally],
    span: tuple[int, int],
    how: tuple[Period, Calendar, int, str],
    limits: tuple[float, float],
) -> Watched:
    """Judge all figures.

    Parameters
    ----------
    span : first and last period
    how : period, calendar, first day of the week, country
    limits : percent a period must be off; percent of false alarms
    """
    period, calendar, week_start, country = how
    first, last = span
    size = max(last - first + 1, 0)
    if size < LEAST:
        return Watched(period, calendar, first, size, (), (), (), week_start)
    columns = of_periods(np.arange(first, last + 1), period, calendar, week_start, country)
    found = [
        (name, (unit, *of), judge(values, columns.values, SEASONS[period], columns.festive))
        for name, unit, of, values in _figures(groups, span)
        if np.count_nonzero(~np.isnan(values)) >= LEAST
    ]
    if not found:
        return Watched(period, calendar, first, size, (), (), (), week_start)
    sure = discoveries(np.array([one.chance for *_, one in found]), limits[1] / 100)
    figures = tuple(
        Figure(
            name,
            *of,
            one,
            sure[n] & _large(one, of[0], limits[0]),
            strangeness(one.values, SEASONS[period], LEAST) >= STRANGE,
        )
        for n, (name, of, one) in enumerate(found)
    )
    episodes = [episode for n, figure in enumerate(figures) for episode in _episodes(n, figure)]
    changes = [
        (n, at, jump)
        for n, figure in enumerate(figures)
        for at, jump in figure.judged.changes
        if abs(jump) >= limits[0] and not _beside(at, n, episodes)
    ]
    order = sorted(episodes, key=lambda one: (one.chance, one.figure, one.begins))
    return Watched(period, calendar, first, size, figures, tuple(order), tuple(changes), week_start)


Of = tuple[str, Array, bool]
"""What is counted, int64[n] customers behind each period, and whether these are only those whose first it was."""


def _figures(groups: Mapping[str, Tally], span: tuple[int, int]) -> Iterator[tuple[Text, str, Of, Array]]:
    """Yield what each figure is called, how it is written, who is behind it, and float64[n] of it."""
    rows = {label: filled(tally, *span) for label, tally in groups.items()}
    often = {label for label, row in rows.items() if row[:, EVENTS].mean() >= OFTEN}

    def who(label: str, column: int = CUSTOMERS) -> Of:
        return label, rows[label][:, column].astype(np.int64), column == NEW

    if ORDER in often:
        orders, buyers = rows[ORDER], who(ORDER)
        yield Text("Orders", "سفارش‌ها"), "count", buyers, orders[:, EVENTS]
        yield Text("Revenue", "درآمد"), "money", buyers, orders[:, AMOUNT]
        yield Text("Buyers", "خریداران"), "count", buyers, orders[:, CUSTOMERS]
        yield Text("New buyers", "خریداران تازه"), "count", who(ORDER, NEW), orders[:, NEW]
        with np.errstate(divide="ignore", invalid="ignore"):
            each = orders[:, AMOUNT] / orders[:, EVENTS]
        yield Text("Average order", "میانگین سفارش"), "money", buyers, each
    for label in sorted(often - {ORDER}):
        if not label.startswith("="):
            yield words(label), "count", who(label), rows[label][:, EVENTS]
    values = sorted(
        (name for name in often if name.startswith("=")), key=lambda name: (-rows[name].sum(), name)
    )
    for label in values[:GROUPS]:
        name = Text(f"Orders: {label[1:]}", f"سفارش‌ها: {label[1:]}")
        yield name, "count", who(label), rows[label][:, EVENTS]


def _large(judged: Judged, unit: str, least: float) -> Array:
    """Tell the periods that are off by enough to matter."""
    with np.errstate(invalid="ignore"):
        found: Array = np.nan_to_num(np.abs(judged.off), posinf=np.inf) >= least
        large: Array = found & ((np.abs(judged.values - judged.expected) >= UNITS) | (unit != "count"))
        return large


def _episodes(number: int, figure: Figure) -> Iterator[Episode]:
    judged, at = figure.judged, np.flatnonzero(figure.marked)
    up = judged.values > judged.expected
    cut = np.flatnonzero((np.diff(at) > GAP) | (up[at][1:] != up[at][:-1])) + 1
    for part in np.split(at, cut):
        if len(part):
            inside = slice(int(part[0]), int(part[-1]) + 1)
            yield Episode(
                figure=number,
                begins=int(part[0]),
                ends=int(part[-1]),
                actual=float(np.nansum(judged.values[inside])),
                expected=float(np.nansum(judged.expected[inside])),
                chance=float(judged.chance[part].min()),
                worst=int(part[np.argmin(judged.chance[part])]),
                noticed=float(np.argmax(figure.alarm[inside])) if figure.alarm[inside].any() else np.nan,
            )


def key(figure: Figure, ordinal: int) -> str:
    """Write a period of a figure as a score says it."""
    return f"{figure.group}@{ordinal}{'+' if figure.fresh else ''}"


def _beside(at: int, number: int, episodes: list[Episode]) -> bool:
    """Tell whether a change is the edge of an episode."""
    return any(one.figure == number and one.begins - SEGMENT <= at <= one.ends + SEGMENT for one in episodes)
