"""Dates, periods and lengths of time in one reader's calendar, zone and language."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import numpy as np

from ganj.calendar import (
    DAY,
    SEASONS,
    WEEKDAYS,
    Calendar,
    Period,
    day_number,
    first_day,
    from_days,
    local_time,
    month_names,
    weekdays,
)
from ganj.display.figures import Figures
from ganj.display.numbers import NOTHING, PERSIAN_DIGITS, is_number, signed
from ganj.display.words import LENGTHS, QUARTERS, parts_of, plural
from ganj.text import Text


class Times(Figures, frozen=True, kw_only=True):
    """How days, periods and lengths of time are written under the reader's settings."""

    def date(self, when: Any, *, today: Any = None) -> str:
        """Write a date: «۳۰ آبان ۱۴۰۵», 21 Nov 2026; without its year where ``today`` is in the same year."""
        day = self._day(when)
        if day is None:
            return NOTHING
        year, month, number = from_days(day, self.calendar)
        now = self._day(today)
        words = f"{number} {self._month(int(month), self.calendar)}"
        if now is None or from_days(now, self.calendar)[0] != year:
            words += f" {year}"
        return self._digits(words)

    def day(self, when: Any) -> str:
        """Write a date in full: «شنبه ۳۰ آبان ۱۴۰۵», Saturday 21 November 2026."""
        day = self._day(when)
        if day is None:
            return NOTHING
        year, month, number = from_days(day, self.calendar)
        weekday = WEEKDAYS[int(weekdays(day))].of(self.language)
        name = month_names(self.calendar)[int(month) - 1].of(self.language)
        return self._digits(f"{weekday} {number} {name} {year}")

    def short_date(self, when: Any) -> str:
        """Write a date for a narrow column: «۱۴۰۵/۰۸/۳۰», 2026-11-21."""
        day = self._day(when)
        if day is None:
            return NOTHING
        year, month, number = from_days(day, self.calendar)
        mark = "/" if self.calendar == "jalali" else "-"
        return self._digits(f"{year:04d}{mark}{month:02d}{mark}{number:02d}")

    def moment(self, when: Any, *, today: Any = None) -> str:
        """Write a date with its time of day: «۳۰ آبان ۱۴۰۵، ۱۴:۲۰»."""
        if not is_number(when):
            return self.date(when, today=today)
        minutes = int(local_time(int(when), self.zone)) % DAY // 60_000_000
        comma = "، " if self.rtl else ", "
        return self.date(when, today=today) + comma + self._digits(f"{minutes // 60:02d}:{minutes % 60:02d}")

    def between(self, since: Any, until: Any) -> str:
        """Write a stretch of days from one to another, both included."""
        if self.rtl:
            return f"{self.date(since)} تا {self.date(until)}"
        return f"{self.date(since)} – {self.date(until)}"

    def period(self, ordinal: Any, period: Period, calendar: Calendar | None = None) -> str:
        """Write a period of `ganj.calendar.buckets`: «آبان ۱۴۰۵», Nov 2026, «هفتهٔ ۲۳ آبان ۱۴۰۵», Q4 2026.

        A week is named by its first day.
        """
        if not is_number(ordinal):
            return NOTHING
        kind: Calendar = calendar or self.calendar
        day = int(first_day(int(ordinal), period, kind, self.week_start))
        if period in {"day", "week"}:
            date = msgspec.structs.replace(self, calendar=kind).date(np.datetime64(day, "D"))
            return date if period == "day" else Text(f"Week of {date}", f"هفتهٔ {date}").of(self.language)
        year, month, _ = (int(part) for part in from_days(day, kind))
        if period == "month":
            return self._digits(f"{self._month(month, kind)} {year}")
        if period == "year":
            return self._digits(str(year))
        return self._digits(self._season(int(ordinal), period, year, kind))

    def _season(self, ordinal: int, period: Period, year: int, calendar: Calendar) -> str:
        number = ordinal % 4
        if period == "quarter" and not self.rtl:
            return f"Q{number + 1} {year}"
        if period == "quarter" and calendar == "gregorian":
            return f"سه‌ماههٔ {QUARTERS[number]} {year}"
        winter = f"–{(year + 1) % 100:02d}" if calendar == "gregorian" and number == 3 else ""
        return f"{SEASONS[number].of(self.language)} {year}{winter}"

    def duration(self, length: Any) -> str:
        """Write a length of time, µs or timedelta, in its one or two largest units: «۲ ساعت و ۱۵ دقیقه»."""
        if isinstance(length, dt.timedelta):
            length = length // dt.timedelta(microseconds=1)
        if not is_number(length):
            return NOTHING
        words = [self._length(count, index) for count, index in parts_of(abs(int(length)))]
        return signed(Text(" ", " و ").of(self.language).join(words), negative=length < 0, rtl=self.rtl)

    def _length(self, count: int, index: int) -> str:
        _, en, fa = LENGTHS[index]
        return f"{self.count(count)} {fa if self.rtl else plural(count, en)}"

    def days(self, x: Any) -> str:
        """Write a number of days: «۵۱ روز»."""
        if not is_number(x):
            return NOTHING
        figure = self.number(x, 0 if abs(x) >= 10 else None)
        return f"{figure} {'روز' if self.rtl else plural(x, 'day')}"

    def _month(self, month: int, calendar: Calendar) -> str:
        name = month_names(calendar)[month - 1].of(self.language)
        return name[:3] if calendar == "gregorian" and not self.rtl else name

    def _digits(self, words: str) -> str:
        return words.translate(PERSIAN_DIGITS) if self.digits == "persian" else words

    def _day(self, when: Any) -> int | None:
        """Return the local day of µs UTC, a date, a datetime (UTC where it does not say) or a datetime64."""
        if isinstance(when, np.datetime64):
            when = when.item() if when.dtype == "datetime64[D]" else when.astype("datetime64[us]").item()
        if isinstance(when, dt.datetime):
            aware = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
            when = (aware - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
        if isinstance(when, dt.date):
            return day_number(when)
        if not is_number(when):
            return None
        return int(local_time(int(when), self.zone)) // DAY
