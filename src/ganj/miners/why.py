"""Why: what made a figure move, and where?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.breakdown import OF_EVENTS
from ganj.calendar import day_number, days_from, from_days, local_day, month_length
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import divided, marks, reading
from ganj.histories import Array, Histories
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.models.causes.rhythm import Rhythm, rhythm
from ganj.models.causes.scanning import Cause
from ganj.parameters import Duration, in_words, param
from ganj.sketches import Groups, Largest, Tally
from ganj.text import Text
from ganj.views.funnel_depths import numbers_of
from ganj.views.series_fold import rated
from ganj.views.why import FIGURE_CHOICES, STATUS, TOP, Story
from ganj.views.why_cells import FIGURES
from ganj.views.why_fold import (
    LOST,
    Counted,
    Label,
    Moved,
    Periods,
    cells,
    counted,
    first_of_day,
    goods,
    name_of,
    status,
    told_of,
)
from ganj.views.why_words import findings

DAY = timedelta(days=1)
YEAR = 354
"""Days from which a period reaches into the same days of a year before."""


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """What was learned.

    Attributes
    ----------
    story : what moved
    causes : where it moved apart from the rest
    shown : the combinations that tables show, by dimensions
    """

    story: Story
    causes: list[Cause]
    shown: dict[str, frozenset[Label]]


class Why(Miner[Moved, Explained], frozen=True, kw_only=True):
    """Explain why a figure moved from one period to another: what the calendar did, which factor, and where.

    The change is split exactly into its factors (calendar, customers, times each, items, prices, mix of products) by
    their logarithms; every combination of up to three dimensions is scanned for those that moved apart from the
    rest by more than chance.  What was to be expected is the period before, as the calendar (weekdays, feasts,
    months; learned from the days before the period asked about) alone would have changed it.

    Notes
    -----
    State: three sums a day, five a product and ten for each combination of values, at most 4,096 for the same
    dimensions, whatever the number of customers.  One pass, O(events · combinations of dimensions).
    Source: docs/analyses/why.md.
    """

    title = Text("Why it moved", "چرایی تغییر")
    question = Text("Why did this figure move?", "چرا این شاخص تغییر کرد؟")
    family = "diagnostic"
    scored = (
        column("why_before", "Events before", "رویداد در دورهٔ پیش", "count"),
        column("why_now", "Events now", "رویداد در دورهٔ اکنون", "count"),
        column("why_amount_before", "Amount before", "مبلغ در دورهٔ پیش", "money"),
        column("why_amount", "Amount now", "مبلغ در دورهٔ اکنون", "money"),
        column("why_status", "Stayed or went", "ماندن یا رفتن", "category", choices=STATUS),
        column("why_cells_before", "Parts they were in before", "بخش‌های دورهٔ پیش", "list"),
        column("why_cells", "Parts they are in now", "بخش‌های دورهٔ اکنون", "list"),
        column("why_days", "Days on which it counts", "روزهای شمرده‌شده", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"across": ["channel", "province", "gateway"], "last": "60d"}

    figure: Annotated[
        Literal["amount", "events", "customers", "each", "rate"],
        param("Figure", "شاخص", choices=FIGURE_CHOICES),
    ] = "amount"
    event: Annotated[str, param("Of the event", "از رویداد", of="event")] = ORDER
    over: Annotated[str, param("Rate: out of the event", "نرخ: از رویداد", of="event")] = "Product Viewed"
    across: Annotated[
        tuple[str, ...],
        param(
            "Look for the cause in",
            "جست‌وجوی علت در",
            of="part",
            max_length=4,
            help=Text(
                "Properties of events or traits of customers; product tells products apart.",
                "ویژگی رویداد یا مشتری؛ با product کالاها از هم جدا می‌شوند.",
            ),
        ),
    ] = OF_EVENTS
    last: Annotated[
        Duration,
        param(
            "The last so many days",
            "چند روز آخر",
            help=Text("Where “From” is empty.", "اگر «از تاریخ» خالی باشد."),
        ),
    ] = Duration(days=30)
    against: Annotated[
        Literal["before", "year"],
        param(
            "Compared with",
            "در مقایسه با",
            choices={
                "before": Text("The days before", "دورهٔ قبل"),
                "year": Text("The same days last year", "دورهٔ مشابه سال قبل"),
            },
        ),
    ] = "before"
    seasons: Annotated[
        bool,
        param(
            "Allow for weekdays, feasts and seasons", "کنار گذاشتن اثر روز هفته، مناسبت و فصل", advanced=True
        ),
    ] = True
    country: Annotated[
        str, param("Country whose holidays count", "کشورِ تعطیلات", advanced=True, min_length=2, max_length=2)
    ] = "IR"
    most: Annotated[int, param("Causes, at most", "بیشترین شمار علت‌ها", ge=1, le=10, advanced=True)] = 3

    def __post_init__(self) -> None:
        """Refuse a period without days, and one that reaches into the year it is compared with."""
        days = self._length()
        if self.last < DAY:
            why = Text("it is shorter than a day.", "کوتاه‌تر از یک روز است.")
            raise BadParameter(parameter="last", value=in_words(self.last), why=why)
        if days is not None and self.against == "year" and days > YEAR:
            why = Text("the period is longer than a year.", "دوره بلندتر از یک سال است.")
            raise BadParameter(parameter="against", value=self.against, why=why)
        if self.figure == "rate":
            rated(self.event, self.over)
        if len(set(self.across)) < len(self.across):
            why = Text("the same is named twice.", "یک نام دو بار آمده است.")
            raise BadParameter(parameter="across", value=self.across, why=why)

    def _length(self) -> int | None:
        if self.since is None:
            return self.last // DAY
        return (self.until - self.since).days if self.until is not None else None

    def reads(self) -> Reads:
        whole = Reads(columns=("time", "event", "amount"), lines=FIGURES[self.figure].of_money)
        asked = (self.event, self.over) if self.figure == "rate" else (self.event,)
        return divided(reading(whole, asked), *self.across)

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # what was before says what was to be expected

    def periods(self) -> Periods | None:
        """Return the days compared; None where there is no last day."""
        days = self._length()
        if self.until is None or days is None or days < 1:
            return None
        begins = day_number(self.until) - days
        return Periods(begins - days if self.against == "before" else self._year_before(begins), begins, days)

    def _year_before(self, day: int) -> int:
        """Return the same day of the year before, the month's last one where it has no such day."""
        calendar = self.bucketing[0]
        year, month, nth = (int(part) for part in from_days(day, calendar))
        most = int(month_length(year - 1, month, calendar))
        return int(days_from(year - 1, month, min(nth, most), calendar))

    def scan(self, histories: Histories) -> Moved:
        known = self._known(histories)
        if known is None:
            return NOTHING
        meant, over, day, period, rows, group = known
        spent = np.nan_to_num(histories.amount)
        fresh = first_of_day(histories.owner, day, meant)
        days = np.column_stack((meant, spent * meant, over, fresh)).astype(np.float64)
        there = meant | over
        sums = np.array(
            [_sums(histories, meant & (period == p), spent, over & (period == p)) for p in (0, 1)]
        )
        figure = FIGURES[self.figure]
        return Moved(
            Tally.of(day[there][:, None], days[there]),
            sums,
            np.bincount(group[group >= 0], minlength=len(STATUS)).astype(np.float64),
            goods(histories, meant, period) if figure.of_money else Largest(),
            cells(
                rows,
                group == LOST,
                len(self.across),
                lambda cell: np.abs(cell[:, figure.cells[0] : figure.cells[0] + 2]).sum(axis=1),
            ),
        )

    def _known(self, histories: Histories) -> tuple[Array, Array, Array, Array, Counted, Array] | None:
        """Return what counts, its days and periods, laid out, and who stayed or went."""
        periods = self.periods()
        if periods is None:
            return None
        zone = self.zone or "UTC"
        meant = marks(histories, (self.event,)) > 0
        over = marks(histories, (self.over,)) > 0 if self.figure == "rate" else np.zeros(len(meant), bool)
        day = local_day(histories.time, zone)
        period = periods.of(day)
        rows = counted(histories, self.across, period, meant, over)
        return meant, over, day, period, rows, status(histories, meant, period, periods.begins, zone)

    def learn(self, state: Moved) -> Explained:
        figure = FIGURES[self.figure]
        if (self.figure, self.event) == ("events", ORDER):
            figure = replace(figure, text=Text("The number of orders", "شمار سفارش"))
        story = Story(
            figure,
            tuple(self.across),
            self.periods(),
            state,
            self._rhythm(state.days),
            self.zone or "UTC",
        )
        cube = story.cube
        shown: dict[str, frozenset[Label]] = {}
        for place in range(len(self.across)):
            labels = cube.largest(place, TOP)
            if set(labels) - {("",)}:
                shown[name_of((place,))] = frozenset(labels)
        found = cube.causes(self.most)
        for key, label in map(cube.named, found):
            shown[key] = shown.get(key, frozenset()) | {label}
        return Explained(story, found, shown)

    def _rhythm(self, days: Tally) -> Rhythm:
        """Learn from the days before the period asked about what the calendar does."""
        periods = self.periods()
        if periods is None:
            return Rhythm(np.ones(2), 1.0, known=False)
        asked = np.concatenate([np.arange(periods.days) + first for first in (periods.first, periods.begins)])
        told = days.keys[:, 0] < periods.begins
        if not self.seasons or not told.any():
            return Rhythm(np.ones(len(asked)), 1.0, known=False)
        every = np.arange(int(days.keys[told, 0].min()), periods.begins)
        figure = np.zeros(len(every))
        place = 1 if self.figure == "amount" else 0
        figure[days.keys[told, 0] - every[0]] = np.maximum(days.values[told, place], 0)
        return rhythm(every, figure, asked, self.bucketing[0], self.country)

    def report(self, model: Explained) -> Report:
        tables = model.story.tables(model.causes, model.shown)
        told = tuple(findings(model.story, model.causes, self.against))
        return Report(tables, model.story.charts(tables), told)

    def score(self, histories: Histories, model: Explained) -> Scores:
        known = self._known(histories)
        if known is None:
            return Scores(np.zeros(0, np.int32), {})
        meant, _, day, period, rows, group = known
        size, owner, spent = len(histories), histories.owner, np.nan_to_num(histories.amount)
        there = [meant & (period == p) for p in (0, 1)]
        counts = meant & (period >= 0)
        values = {
            "why_before": np.bincount(owner[there[0]], minlength=size),
            "why_now": np.bincount(owner[there[1]], minlength=size),
            "why_amount_before": _spent(owner, spent, there[0], size),
            "why_amount": _spent(owner, spent, there[1], size),
            "why_status": group.astype(np.int32),
            "why_cells_before": told_of(rows, model.shown, 0, size),
            "why_cells": told_of(rows, model.shown, 1, size),
            "why_days": numbers_of(owner[counts], day[counts], size),
        }
        return Scores(histories.customer, values)


NOTHING = Moved(Tally.empty(1, 4), np.zeros((2, 5)), np.zeros(len(STATUS)), Largest(), Groups())


def _sums(histories: Histories, meant: Array, spent: Array, over: Array) -> Array:
    """Return customers, events, amount, squared amounts, and events they are out of: float64[5]."""
    amount = spent[meant]
    who = len(np.unique(histories.owner[meant]))
    return np.array([who, meant.sum(), amount.sum(), (amount * amount).sum(), over.sum()], np.float64)


def _spent(owner: Array, spent: Array, there: Array, size: int) -> Array:
    """Add up what each customer spent on some events: float64[customers], also of no events."""
    return np.bincount(owner[there], spent[there], size).astype(np.float64)
