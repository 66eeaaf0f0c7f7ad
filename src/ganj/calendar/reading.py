"""One date as a person writes it: Jalali or Gregorian, in either alphabet's digits."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from ganj.calendar.days import Array, Calendar, days_from, from_days
from ganj.calendar.words import GREGORIAN_MONTHS, JALALI_MONTHS
from ganj.calendar.zones import DAY, instant
from ganj.errors import GanjError
from ganj.text import Text

EPOCH_ORDINAL = 719_163  # Python's number of 1970-01-01
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩يك", "01234567890123456789یک")
JALALI_BELOW = 1700  # a Jalali 1700 is the year 2321; a Gregorian year below it is before any shop's books
YEARS = range(1000, 2300)
NUMBERS = re.compile(r"(\d{1,4})\s*[/\-.،٫]\s*(\d{1,2})\s*[/\-.،٫]\s*(\d{1,4})")
WORDS = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[^\W\d_]+)\.?,?\s+(?P<year>\d{4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
TIME = re.compile(r"[T\s,،]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")


class BadDate(GanjError):
    """A date that cannot be read. Facts: ``date``."""

    status = 422
    says = Text("{date!r} is not a date.", "«{date}» تاریخ نیست.")
    hint = Text("Write it as 2026-11-21 or 1405/08/30.", "مانند ۱۴۰۵/۰۸/۳۰ یا 2026-11-21 بنویسید.")


def calendar_of(year: int) -> Calendar:
    """Tell the calendar from the year's number alone."""
    return "jalali" if year < JALALI_BELOW else "gregorian"


def day_number(date: dt.date) -> int:
    """Return the days since 1970-01-01 of a Python date."""
    return date.toordinal() - EPOCH_ORDINAL


def date_of(day: int | Array) -> dt.date:
    """Return the Python date of a day since 1970-01-01; days Python has no date for become its first or last."""
    return dt.date.fromordinal(int(np.clip(int(day) + EPOCH_ORDINAL, 1, dt.date.max.toordinal())))


def midnight(date: dt.date, zone: str) -> int:
    """Return the µs UTC at which a day begins in a zone, also where its clocks skip midnight."""
    return int(instant(day_number(date) * DAY, zone))


def parse_date(text: str) -> dt.date:
    """Read one date.

    ``2026-11-21``, ``1405/8/30``, ``۳۰ آبان ۱۴۰۵``, ``21 Nov 2026``, ``14050830``; the year may come last, and
    then the day comes first. A time of day after it is allowed and left out.

    Raises
    ------
    BadDate
        Nothing of the kind, or no such day in that calendar (30 Esfand of a common year).
    """
    written = TIME.sub("", text.translate(DIGITS).strip())
    parts = _numbers(written) or _words(written)
    if parts is None:
        raise BadDate(date=text)
    year, month, day = parts
    calendar = calendar_of(year)
    days = int(days_from(year, month, day, calendar))
    if year not in YEARS or tuple(int(part) for part in from_days(days, calendar)) != parts:
        raise BadDate(date=text)
    return date_of(days)


def _numbers(text: str) -> tuple[int, int, int] | None:
    found = NUMBERS.fullmatch(text) or COMPACT.fullmatch(text)
    if found is None:
        return None
    one, month, other = found.groups()
    if len(one) < 3:
        one, other = other, one
    return (int(one), int(month), int(other)) if len(one) == 4 and len(other) <= 2 else None


def _words(text: str) -> tuple[int, int, int] | None:
    found = WORDS.fullmatch(text)
    if found is None:
        return None
    month = _month(found["month"].lower())
    return (int(found["year"]), month, int(found["day"])) if month else None


def _month(name: str) -> int:
    """Return 1–12 for a month's name or its first three Latin letters; 0 for no month."""
    for names in (JALALI_MONTHS, GREGORIAN_MONTHS):
        for number, month in enumerate(names, 1):
            if name in {month.fa, month.en.lower()} or (
                names is GREGORIAN_MONTHS and name == month.en[:3].lower()
            ):
                return number
    return 0
