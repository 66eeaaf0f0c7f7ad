"""Periods in which customers begin, and the windows in which they come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from ganj.calendar import buckets, day_number, edges, local_day, local_time, ordinals, period_words, start
from ganj.histories import DAY, HOUR, Array

PERIODS = period_words("hour", "day", "week", "month", "quarter")
DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90}
"""Days of a window that rolls with each customer, as Mixpanel and Amplitude have them."""
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Spans:
    """Periods of a calendar, and the clock by which ages are told.

    Attributes
    ----------
    period, calendar, zone, week_start : what a period is
    windows : ``calendar``: an age is a difference of periods; ``rolling``: windows of one length, each from
        the customer's own start
    semantics : whose edges rolling windows have: at their start (ganj), at their end (mixpanel), by hours
        and days of the calendar (amplitude)
    """

    period: str
    calendar: Any
    zone: str
    week_start: int
    windows: str
    semantics: str

    def numbers(self, time: Array) -> Array:
        """Return the numbers of the periods in which instants lie: int64[n]."""
        if self.period == "hour":
            return (np.asarray(time, np.int64) + self._odd(time)) // HOUR
        period: Any = self.period
        return buckets(time, period, self.calendar, self.zone, self.week_start)

    def begins(self, numbers: Array) -> Array:
        """Return the µs UTC at which periods begin: int64[n]."""
        if self.period == "hour":
            whole = np.asarray(numbers, np.int64) * HOUR
            return whole - self._odd(whole)
        period: Any = self.period
        return start(numbers, period, self.calendar, self.zone, self.week_start)

    def between(self, first: int, last: int) -> tuple[int, Array]:
        """Return the first period between two instants, and where each begins and the last ends, µs UTC."""
        period: Any = self.period
        return edges(first, last, period, self.calendar, self.zone, self.week_start)

    def number_of(self, day: date) -> int:
        """Return the number of the period in which a day begins."""
        if self.period == "hour":
            began = start(np.array([day_number(day)]), "day", self.calendar, self.zone)
            return int(self.numbers(began)[0])
        period: Any = self.period
        return int(ordinals(np.array([day_number(day)]), period, self.calendar, self.week_start)[0])

    def _odd(self, time: Array) -> Array:
        """Return by how much hours of the zone begin before those of UTC, µs: half an hour in Tehran."""
        found: Array = (local_time(np.atleast_1d(time), self.zone) - np.atleast_1d(time)) % HOUR
        return found

    def clock(self, time: Array, numbers: Array) -> Array:
        """Return what ages are differences of: int64[n]."""
        if self.windows == "calendar":
            return numbers
        if self.semantics != "amplitude":
            return time
        if self.period in {"hour", "day"}:
            return (time + self._odd(time)) // HOUR
        return np.asarray(local_day(time, self.zone), np.int64)

    @property
    def unit(self) -> str:
        """Return how periods are written; hours, and weeks that are not the reader's, as their first moment."""
        if self.period == "hour":
            return "moment"
        return "date" if self.period == "week" and self.semantics == "posthog" else "period"

    def told(self, numbers: Array) -> Array:
        """Return the values of a column of periods: int64[n]."""
        return numbers if self.unit == "period" else self.begins(numbers)

    @property
    def length(self) -> int:
        """Return how long an age is on the clock."""
        if self.windows == "calendar":
            return 1
        if self.semantics != "amplitude":
            return self.lasting
        return {"hour": 1, "day": 24}.get(self.period) or DAYS[self.period]

    @property
    def shift(self) -> int:
        """Return 1 where a window is open at its start and closed at its end (Mixpanel), else 0."""
        return 1 if self.windows == "rolling" and self.semantics == "mixpanel" else 0

    @property
    def lasting(self) -> int:
        """Return the µs of a rolling window."""
        return HOUR if self.period == "hour" else DAYS[self.period] * DAY

    def edges(self, first: int, rows: int, ages: Array) -> tuple[Array, Array]:
        """Return when cells may begin and when they are over: int64[rows, ages], µs UTC.

        Parameters
        ----------
        first, rows : the first cohort and how many
        ages : int64[k], ages from 0
        """
        cohort = first + np.arange(rows)
        if self.windows == "calendar":
            at = cohort[:, None] + ages
            return self.begins(at.ravel()).reshape(at.shape), self.begins((at + 1).ravel()).reshape(at.shape)
        begun = self.begins(cohort)[:, None] + ages * self.lasting
        slack = {"amplitude": HOUR if self.period in {"hour", "day"} else DAY}.get(self.semantics, self.shift)
        over = self.begins(cohort + 1)[:, None] + (ages + 1) * self.lasting + slack
        early = slack if self.semantics == "amplitude" else 0  # its clock stands still for an hour or a day
        return np.where(ages == 0, self.begins(cohort)[:, None], begun - early), over
