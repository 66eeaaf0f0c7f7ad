"""Periods as consecutive integers, so that the difference of two is an age.

A month of Aban is not a label on a Gregorian month: its first and last instants are others.  So the
calendar decides where a row is counted, not how the count is named.

::

    day      local days since 1970-01-01
    week     local weeks, each beginning on ``week_start``
    month    12 * year + month - 1
    quarter  4 * year + quarter - 1
    season   4 * year + season (spring 0 … winter 3); see below
    year     the year's number

A Jalali season is a Jalali quarter. A Gregorian season is the meteorologist's of the north: spring is
March to May, and the winter of 2026 runs from December 2026 into February 2027.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from ganj.calendar.days import Array, Calendar, Days, days_from, gregorian_years, jalali_years, months_of
from ganj.calendar.zones import CHUNK, DAY, instant, local_chunk, steps_over

Period = Literal["day", "week", "month", "quarter", "season", "year"]
PERIODS: tuple[Period, ...] = get_args(Period)
THURSDAY = 3  # 1970-01-01
SATURDAY = 5
MONTHS_IN = {"month": 1, "quarter": 3, "season": 3, "year": 12}


def ordinals(days: Days, period: Period, calendar: Calendar, week_start: int = SATURDAY) -> Array:
    """Return the numbers of the periods in which local days lie.

    Parameters
    ----------
    days
        int64[n], or one; days since 1970-01-01.
    week_start
        0 = Monday … 5 = Saturday, 6 = Sunday.

    Returns
    -------
    int64[n]
        The period's number; one more is the period after.
    """
    days = np.asarray(days, np.int64)
    if period == "day":
        return days
    if period == "week":
        return (days + THURSDAY - week_start) // 7
    if period == "year":
        return (jalali_years if calendar == "jalali" else gregorian_years)(days)
    months = months_of(days, calendar)
    if period == "season" and calendar == "gregorian":
        months = months - 2  # March is the first month of the first season
    return months // MONTHS_IN[period]


def first_day(ordinal: Days, period: Period, calendar: Calendar, week_start: int = SATURDAY) -> Array:
    """Return the local day, since 1970-01-01, on which a period begins; int64[n]."""
    number = np.asarray(ordinal, np.int64)
    if period == "day":
        return number
    if period == "week":
        return 7 * number - THURSDAY + week_start
    months = number * MONTHS_IN[period]
    if period == "season" and calendar == "gregorian":
        months = months + 2
    return days_from(months // 12, months % 12 + 1, 1, calendar)


def last_day(ordinal: Days, period: Period, calendar: Calendar, week_start: int = SATURDAY) -> Array:
    """Return the local day, since 1970-01-01, with which a period ends; int64[n]."""
    return first_day(np.asarray(ordinal) + 1, period, calendar, week_start) - 1


def start(ordinal: Days, period: Period, calendar: Calendar, zone: str, week_start: int = SATURDAY) -> Array:
    """Return the first instant of a period, µs UTC; int64[n].

    The period ends where the next one starts: ``start(ordinal + 1, …)``.
    """
    return instant(first_day(ordinal, period, calendar, week_start) * DAY, zone)


def buckets(time: Array, period: Period, calendar: Calendar, zone: str, week_start: int = SATURDAY) -> Array:
    """Return the numbers of the periods in which instants lie.

    Parameters
    ----------
    time
        int64[n], µs UTC, in any order.
    zone
        IANA name; days begin at its midnight, through every change of its clocks.

    Returns
    -------
    int64[n]

    Notes
    -----
    One pass in pieces that fit a core's cache: offset, day, and then one look into a table of the days
    that occur. Where days are fewer rows than the span between them the table is not worth making.
    """
    moments = np.asarray(time, np.int64)
    at, offset = steps_over(moments, zone)
    found = np.empty(len(moments), np.int64)
    table, base = _table(moments, period, calendar, week_start)
    for low in range(0, len(moments), CHUNK):
        days = local_chunk(moments[low : low + CHUNK], at, offset) // DAY
        if table is None:
            found[low : low + CHUNK] = ordinals(days, period, calendar, week_start)
        else:
            found[low : low + CHUNK] = table[days - base]
    return found


def edges(
    first: int, last: int, period: Period, calendar: Calendar, zone: str, week_start: int = SATURDAY
) -> tuple[int, Array]:
    """Return the periods from one instant (µs UTC) to another, as where they begin.

    Returns
    -------
    number : the first period
    begins : int64[periods + 1], µs UTC; where each begins, and where the last ends
    """
    low, high = (int(n) for n in buckets(np.array([first, last]), period, calendar, zone, week_start))
    begins = start(np.arange(low, high + 3), period, calendar, zone, week_start)
    # where clocks go back over midnight the last instant may lie in the period after its own
    return low, begins[: max(int(np.searchsorted(begins, last, side="right")), 1) + 1]


def _table(time: Array, period: Period, calendar: Calendar, week_start: int) -> tuple[Array | None, int]:
    """Return the ordinal of every day the instants span, and its first day; no table where none pays."""
    if len(time) == 0 or period in {"day", "week"}:
        return None, 0
    first, last = int(time.min()) // DAY - 2, int(time.max()) // DAY + 2  # a zone is at most a day away
    if last - first > len(time):
        return None, 0
    return ordinals(np.arange(first, last + 1), period, calendar, week_start), first
