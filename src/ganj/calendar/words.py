"""Names of months, weekdays and seasons in both languages."""

from __future__ import annotations

from ganj.calendar.days import Calendar
from ganj.text import Text

JALALI_MONTHS = (
    Text("Farvardin", "فروردین"),
    Text("Ordibehesht", "اردیبهشت"),
    Text("Khordad", "خرداد"),
    Text("Tir", "تیر"),
    Text("Mordad", "مرداد"),
    Text("Shahrivar", "شهریور"),
    Text("Mehr", "مهر"),
    Text("Aban", "آبان"),
    Text("Azar", "آذر"),
    Text("Dey", "دی"),
    Text("Bahman", "بهمن"),
    Text("Esfand", "اسفند"),
)
GREGORIAN_MONTHS = (
    Text("January", "ژانویه"),
    Text("February", "فوریه"),
    Text("March", "مارس"),
    Text("April", "آوریل"),
    Text("May", "مه"),
    Text("June", "ژوئن"),
    Text("July", "ژوئیه"),
    Text("August", "اوت"),
    Text("September", "سپتامبر"),
    Text("October", "اکتبر"),
    Text("November", "نوامبر"),
    Text("December", "دسامبر"),
)
WEEKDAYS = (
    Text("Monday", "دوشنبه"),
    Text("Tuesday", "سه‌شنبه"),
    Text("Wednesday", "چهارشنبه"),
    Text("Thursday", "پنجشنبه"),
    Text("Friday", "جمعه"),
    Text("Saturday", "شنبه"),
    Text("Sunday", "یکشنبه"),
)
"""0 = Monday, as in Python."""
WEEKDAY_LETTERS = ("د", "س", "چ", "پ", "ج", "ش", "ی")
SEASONS = (
    Text("Spring", "بهار"),
    Text("Summer", "تابستان"),
    Text("Autumn", "پاییز"),
    Text("Winter", "زمستان"),
)
PERIOD_NAMES = {
    "day": Text("Day", "روز"),
    "week": Text("Week", "هفته"),
    "month": Text("Month", "ماه"),
    "quarter": Text("Quarter", "فصل"),
    "season": Text("Season", "فصل"),
    "year": Text("Year", "سال"),
}
PERIOD_WORDS = {
    "hour": Text("hour", "ساعت"),
    "day": Text("day", "روز"),
    "week": Text("week", "هفته"),
    "month": Text("month", "ماه"),
    "quarter": Text("quarter", "فصل"),
    "season": Text("season", "فصل"),
    "year": Text("year", "سال"),
}
"""As they stand within a sentence."""
CALENDAR_NAMES = {"jalali": Text("Jalali", "شمسی"), "gregorian": Text("Gregorian", "میلادی")}


def period_words(*names: str) -> dict[str, Text]:
    """Return these periods' names as they stand within a sentence, in this order."""
    return {name: PERIOD_WORDS[name] for name in names}


def period_names(*names: str) -> dict[str, Text]:
    """Return these periods' names as they stand by themselves, in this order."""
    return {name: PERIOD_NAMES[name] for name in names}


def month_names(calendar: Calendar) -> tuple[Text, ...]:
    """Return the twelve names of a calendar's months, first month first."""
    return JALALI_MONTHS if calendar == "jalali" else GREGORIAN_MONTHS
