"""Days, weeks, months, quarters, seasons and years in Gregorian and Jalali, in any time zone.

Time is int64 µs UTC, a day is int64 days since 1970-01-01 on the local calendar, and a period is a
consecutive integer.

>>> import numpy as np
>>> time = np.array([1_795_222_800_000_000])  # 2026-11-21 in Tehran
>>> buckets(time, "month", "jalali", "Asia/Tehran") - 12 * 1405
array([7])
"""

from ganj.calendar.buckets import (
    PERIODS,
    SATURDAY,
    Period,
    buckets,
    edges,
    first_day,
    last_day,
    ordinals,
    start,
)
from ganj.calendar.dayoff import (
    FRIDAY,
    SATURDAY_SUNDAY,
    THURSDAY_FRIDAY,
    UnknownCountry,
    Weekend,
    feasts,
    holidays_between,
    is_day_off,
    is_holiday,
    is_weekend,
    weekdays,
)
from ganj.calendar.days import (
    Calendar,
    days_from,
    days_from_gregorian,
    days_from_jalali,
    from_days,
    gregorian_from_days,
    is_leap_jalali,
    jalali_from_days,
    month_length,
)
from ganj.calendar.reading import BadDate, calendar_of, date_of, day_number, midnight, parse_date
from ganj.calendar.words import (
    CALENDAR_NAMES,
    GREGORIAN_MONTHS,
    JALALI_MONTHS,
    PERIOD_NAMES,
    SEASONS,
    WEEKDAY_LETTERS,
    WEEKDAYS,
    month_names,
    period_names,
    period_words,
)
from ganj.calendar.zones import DAY, UnknownZone, instant, local_day, local_time, zone_info, zones

__all__ = [
    "CALENDAR_NAMES",
    "DAY",
    "FRIDAY",
    "GREGORIAN_MONTHS",
    "JALALI_MONTHS",
    "PERIODS",
    "PERIOD_NAMES",
    "SATURDAY",
    "SATURDAY_SUNDAY",
    "SEASONS",
    "THURSDAY_FRIDAY",
    "WEEKDAYS",
    "WEEKDAY_LETTERS",
    "BadDate",
    "Calendar",
    "Period",
    "UnknownCountry",
    "UnknownZone",
    "Weekend",
    "buckets",
    "calendar_of",
    "date_of",
    "day_number",
    "days_from",
    "days_from_gregorian",
    "days_from_jalali",
    "edges",
    "feasts",
    "first_day",
    "from_days",
    "gregorian_from_days",
    "holidays_between",
    "instant",
    "is_day_off",
    "is_holiday",
    "is_leap_jalali",
    "is_weekend",
    "jalali_from_days",
    "last_day",
    "local_day",
    "local_time",
    "midnight",
    "month_length",
    "month_names",
    "ordinals",
    "parse_date",
    "period_names",
    "period_words",
    "start",
    "weekdays",
    "zone_info",
    "zones",
]
