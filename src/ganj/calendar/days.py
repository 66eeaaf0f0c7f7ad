"""Days since 1970-01-01 to year, month, day and back, in the Gregorian and the Jalali calendar.

Whole columns at a time.  The Jalali calendar is the civil calendar of Iran carried in both directions by
the 33-year rule: year ``y`` is leap when ``(25 y + 11) mod 33 < 8``, 8 in every 33.  From 947 to 1501 AP
persiantools and the ICU inside DuckDB say the same, day for day.  From 1502 on both correct single years
from astronomy; no customer has been seen in 1502 (2123 CE) yet, so those tables are left out.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np

Calendar = Literal["gregorian", "jalali"]
Array = np.ndarray[Any, Any]
Days: TypeAlias = int | Array
"""int64[n] or one int: local days since 1970-01-01."""

EPOCH = -492_268  # 1 Farvardin 1 AP is this many days before 1970-01-01
CYCLE = 12_053  # days in 33 Jalali years
LONG_MONTHS = 186  # six months of 31 days open every Jalali year


def _new_year(year: Array) -> Array:
    """Return the day of 1 Farvardin; int64[n]."""
    first: Array = EPOCH + 365 * (year - 1) + (8 * year + 21) // 33
    return first


def jalali_years(days: Days) -> Array:
    """Return the Jalali year of each day; int64[n]."""
    return 1 + (33 * (np.asarray(days, np.int64) - EPOCH) + 3) // CYCLE


def jalali_months(days: Days) -> Array:
    """Return the consecutive number of each day's Jalali month, ``12 * year + month - 1``; int64[n]."""
    year = jalali_years(days)
    nth = np.asarray(days, np.int64) - _new_year(year)
    return 12 * year + np.where(nth < LONG_MONTHS, nth // 31, (nth - 6) // 30)


def jalali_from_days(days: Days) -> tuple[Array, Array, Array]:
    """Return Jalali year, month (1–12) and day (1–31); int64[n] each."""
    month = jalali_months(days)
    first = days_from_jalali(month // 12, month % 12 + 1, 1)
    return month // 12, month % 12 + 1, np.asarray(days, np.int64) - first + 1


def days_from_jalali(year: Days, month: Days, day: Days) -> Array:
    """Return the days since 1970-01-01 of Jalali dates; int64[n].

    A month of 13 or 0 runs over into the next or the last year; a day past the end of its month into
    the next month.
    """
    count = np.asarray(month, np.int64) - 1
    first = _new_year(np.asarray(year, np.int64) + count // 12)
    count %= 12
    return first + 31 * count - np.maximum(count - 6, 0) + np.asarray(day, np.int64) - 1


def is_leap_jalali(year: Days) -> Array:
    """Tell which Jalali years have 366 days; bool[n]."""
    return (25 * np.asarray(year, np.int64) + 11) % 33 < 8


def gregorian_years(days: Days) -> Array:
    """Return the Gregorian year of each day; int64[n]."""
    return np.asarray(days, "datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def gregorian_months(days: Days) -> Array:
    """Return the consecutive number of each day's Gregorian month, ``12 * year + month - 1``; int64[n]."""
    return np.asarray(days, "datetime64[D]").astype("datetime64[M]").astype(np.int64) + 12 * 1970


def gregorian_from_days(days: Days) -> tuple[Array, Array, Array]:
    """Return Gregorian year, month (1–12) and day (1–31); int64[n] each."""
    month = gregorian_months(days)
    first = days_from_gregorian(month // 12, month % 12 + 1, 1)
    return month // 12, month % 12 + 1, np.asarray(days, np.int64) - first + 1


def days_from_gregorian(year: Days, month: Days, day: Days) -> Array:
    """Return the days since 1970-01-01 of Gregorian dates; int64[n].

    Months and days outside their range run over, as in `days_from_jalali`.
    """
    months = 12 * (np.asarray(year, np.int64) - 1970) + np.asarray(month, np.int64) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first + np.asarray(day, np.int64) - 1


def from_days(days: Days, calendar: Calendar) -> tuple[Array, Array, Array]:
    """Return year, month and day in one of the calendars; int64[n] each."""
    return jalali_from_days(days) if calendar == "jalali" else gregorian_from_days(days)


def days_from(year: Days, month: Days, day: Days, calendar: Calendar) -> Array:
    """Return the days since 1970-01-01 of dates in one of the calendars; int64[n]."""
    return (days_from_jalali if calendar == "jalali" else days_from_gregorian)(year, month, day)


def months_of(days: Days, calendar: Calendar) -> Array:
    """Return the consecutive number of each day's month in one of the calendars; int64[n]."""
    return (jalali_months if calendar == "jalali" else gregorian_months)(days)


def month_length(year: Days, month: Days, calendar: Calendar) -> Array:
    """Return how many days a month has; int64[n]."""
    return days_from(year, np.asarray(month) + 1, 1, calendar) - days_from(year, month, 1, calendar)
