"""Weekends and public holidays.

Lunar feasts move by a day with the moon and governments close offices on short notice, so holidays
are looked up, not computed, and a weekend is a rule with dates: Iran is changing hers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec
import numpy as np

from ganj.calendar.buckets import THURSDAY
from ganj.calendar.days import Array, gregorian_from_days, gregorian_years
from ganj.calendar.reading import day_number
from ganj.errors import GanjError
from ganj.text import Text


class UnknownCountry(GanjError):
    """A country whose holidays are not known. Facts: ``country``."""

    status = 422
    says = Text("The holidays of {country!r} are not known.", "تعطیلات «{country}» در دست نیست.")
    hint = Text("Use a two-letter code such as IR or DE.", "کد دوحرفی کشور را بنویسید؛ مانند IR یا DE.")


class Weekend(msgspec.Struct, frozen=True):
    """The days of rest from some day on.

    Attributes
    ----------
    weekdays
        0 = Monday … 6 = Sunday.
    since
        First day, in days since 1970-01-01, on which this holds.
    """

    weekdays: tuple[int, ...]
    since: int = -10_000_000


PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FRIDAY = (Weekend((4,)),)
THURSDAY_FRIDAY = (Weekend((3, 4)),)
SATURDAY_SUNDAY = (Weekend((5, 6)),)


def weekdays(days: Array | int) -> Array:
    """Return the weekday of each day, 0 = Monday; int64[n]."""
    return (np.asarray(days, np.int64) + THURSDAY) % 7


def is_weekend(days: Array | int, rule: tuple[Weekend, ...] = FRIDAY) -> Array:
    """Tell which days are days of rest under a rule whose later entries replace earlier ones; bool[n]."""
    day = np.asarray(days, np.int64)
    rest = np.zeros(day.shape, bool)
    for weekend in sorted(rule, key=lambda entry: entry.since):
        rest = np.where(day >= weekend.since, np.isin(weekdays(day), weekend.weekdays), rest)
    return rest


@lru_cache(maxsize=256)
def _year(country: str, year: int) -> Mapping[int, Text]:
    """Return one Gregorian year's public holidays by day; the local name stands where none is translated."""
    try:
        import holidays as public

        local = public.country_holidays(country, years=year)
        english = public.country_holidays(country, years=year, language="en_US")
        persian = public.country_holidays(country, years=year, language="fa_IR")
    except NotImplementedError as mistake:
        raise UnknownCountry(country=country) from mistake
    digits = PERSIAN if country == "IR" else {}
    return {
        day_number(date): Text(english.get(date, name), persian.get(date, name).translate(digits))
        for date, name in sorted(local.items())
    }


def holidays_between(first: int, last: int, country: str = "IR") -> dict[int, Text]:
    """Return the public holidays from one day to another, both included, by day since 1970-01-01."""
    years = range(int(gregorian_from_days(first)[0]), int(gregorian_from_days(last)[0]) + 1)
    found = {day: name for year in years for day, name in _year(country, year).items()}
    return {day: name for day, name in sorted(found.items()) if first <= day <= last}


def feasts(name: Text) -> tuple[Text, ...]:
    """Return what a holiday is called by, one for each reason to rest where it has several."""
    english, persian = (re.split(r"\s*[;؛]\s*", words) for words in (name.en, name.fa))
    if len(english) != len(persian):
        return (name,)
    return tuple(Text(en, fa) for en, fa in zip(english, persian, strict=True))


def is_holiday(days: Array, country: str = "IR") -> Array:
    """Tell which days are public holidays; bool[n]."""
    day = np.asarray(days, np.int64)
    known = [number for year in np.unique(gregorian_years(day)) for number in _year(country, int(year))]
    return np.isin(day, np.array(known, np.int64))


def is_day_off(days: Array, rule: tuple[Weekend, ...] = FRIDAY, country: str = "IR") -> Array:
    """Tell which days are weekends or public holidays; bool[n]."""
    return is_weekend(days, rule) | is_holiday(days, country)
