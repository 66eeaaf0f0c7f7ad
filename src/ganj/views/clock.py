"""What purchases are counted in: local days, or whole periods of a calendar in which one buys once or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np

from ganj.calendar import Calendar, Period, date_of, day_number, first_day, last_day, ordinals
from ganj.histories import Array

DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "year": 365.25}
"""Days of a unit of time."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What times are counted in: local days, or whole periods of a calendar."""

    period: Period = "day"
    calendar: Calendar = "gregorian"
    week_start: int = 0

    @property
    def days(self) -> float:
        """Days of one tick."""
        return DAYS[self.period]

    def ticks(self, days: Array) -> Array:
        """Return the tick of each local day: int64[n]."""
        return ordinals(days, self.period, self.calendar, self.week_start)

    def before(self, day: date | None) -> int | None:
        """Return the last tick that is over where a day begins."""
        return None if day is None else int(self.ticks(np.array([day_number(day)]))[0]) - 1

    def ends(self, tick: int) -> date:
        """Return the last local day of a tick."""
        return date_of(int(last_day(tick, self.period, self.calendar, self.week_start)))

    @property
    def span(self) -> Period:
        """What is told one by one: weeks of days, or the periods themselves."""
        return "week" if self.period == "day" else self.period

    def weeks(self, start: int, end: int) -> tuple[Array, Array]:
        """Return the `span` numbers from a tick to another that are over, and how many ticks after ``start`` each ends."""
        if self.period != "day":
            return np.arange(start, end + 1), np.arange(end + 1 - start)
        week = np.arange(*self.week_of(np.array([start, end + 1])))
        return week, last_day(week, "week", self.calendar, self.week_start) - start

    def week_of(self, ticks: Array) -> Array:
        """Return the `span` number of each tick: int64[n]."""
        return ticks if self.period != "day" else ordinals(ticks, "week", self.calendar, self.week_start)

    def first_days(self, week: Array) -> list[str]:
        """Return the day on which each span begins, as ISO writes it."""
        days = first_day(week, self.span, self.calendar, self.week_start)
        return [str(day) for day in days.astype("datetime64[D]").astype(str).tolist()]


def clock_of(period: str, calendar: str, week_start: int) -> Clock:
    """Return a clock from words that were checked."""
    return Clock(cast("Period", period), cast("Calendar", calendar), week_start)
