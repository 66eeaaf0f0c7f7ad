"""One reader's way of seeing numbers, money and time, and the filling of texts with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from string import Formatter
from typing import Any

import msgspec
import numpy as np

from ganj.calendar import (
    DAY,
    GREGORIAN_MONTHS,
    JALALI_MONTHS,
    PERIODS,
    SATURDAY,
    SEASONS,
    WEEKDAY_LETTERS,
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
from ganj.display.numbers import (
    END_ISOLATE,
    ISOLATE,
    LEFT_TO_RIGHT,
    MINUS,
    NOTHING,
    PERSIAN_DIGITS,
    SCALES,
    SHORT_FROM,
    Digits,
    in_digits,
    is_number,
    shortened,
    written,
)
from ganj.display.words import LENGTHS, NO, QUARTERS, YES, parts_of, plural
from ganj.money import IRAN, NoRate, unit
from ganj.text import Language, Text

LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
ARABIC = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")


class Display(msgspec.Struct, frozen=True, kw_only=True):
    """How one reader sees numbers, money and time: five independent settings and the money's units.

    Every method takes None and NaN and answers «—».

    Attributes
    ----------
    language
        ``fa`` or ``en``: words and the direction numbers are written for.
    calendar
        ``jalali`` or ``gregorian``, for dates; a period says itself in which calendar it was counted.
    digits
        ``persian`` or ``latin``.
    currency
        Code of the money that is stored.
    unit
        Code of the money that is shown; empty shows the stored one.
    zone
        IANA name.
    week_start
        0 = Monday … 5 = Saturday.

    Examples
    --------
    >>> Display(language="en", digits="latin").money(12_000_000)
    '1,200,000 tomans'
    """

    language: Language = "fa"
    calendar: Calendar = "jalali"
    digits: Digits = "persian"
    currency: str = "IRR"
    unit: str = "IRT"
    zone: str = "Asia/Tehran"
    week_start: int = SATURDAY

    @property
    def rtl(self) -> bool:
        """Tell whether words run from right to left."""
        return self.language == "fa"

    # ---- numbers ---------------------------------------------------------------------------------

    def number(self, x: Any, digits: int | None = None, *, short: bool = False) -> str:
        """Write a number with so many decimals; three significant digits where none are given."""
        if not is_number(x):
            return NOTHING
        if short:
            return " ".join(part for part in self._short(x) if part)
        return written(x, digits, self.digits, rtl=self.rtl)

    def _short(self, x: float) -> tuple[str, str]:
        figure, scale = shortened(float(x))
        return written(figure, None, self.digits, rtl=self.rtl), scale.of(self.language) if scale else ""

    def count(self, x: Any, *, short: bool = False) -> str:
        """Write a whole number."""
        return self.number(x, None if short else 0, short=short)

    def percent(self, x: Any, digits: int | None = None) -> str:
        """Write a share that is already in percent: 42.1 is «۴۲٫۱٪» and 42.1%.

        One decimal where none are asked for, two below one percent; never trailing zeros.
        """
        if not is_number(x):
            return NOTHING
        places = digits if digits is not None else 1 if abs(x) >= 1 else 2
        rounded = round(float(x), places)
        if digits is None:
            while places and rounded == round(rounded, places - 1):
                places -= 1
        return written(rounded, places, self.digits, rtl=self.rtl) + in_digits("%", self.digits)

    def signed(self, x: Any, unit: str = "number") -> str:
        """Write a change with its sign, plus as well as minus."""
        if not is_number(x):
            return NOTHING
        figure = self.value(abs(x), unit)
        sign = MINUS if x < 0 else "+" if x > 0 else ""
        return (LEFT_TO_RIGHT if self.rtl and sign else "") + sign + figure

    def money(self, x: Any, *, short: bool = False) -> str:
        """Write an amount of the stored currency in the unit shown: «۱٫۲ میلیون تومان», $1.2 M."""
        if not is_number(x):
            return NOTHING
        code, factor = self._shown()
        shown, amount = unit(code), float(x) * factor
        figure, scale = self._short(amount) if short else (self.number(amount, shown.decimals), "")
        if shown.symbol and not self.rtl:
            minus = MINUS if figure.startswith(MINUS) else ""
            return f"{minus}{shown.symbol}{figure.removeprefix(MINUS)}{' ' if scale else ''}{scale}"
        return " ".join(part for part in (figure, scale, shown.name.of(self.language)) if part)

    def _shown(self) -> tuple[str, float]:
        return _shown_as(self.currency, self.unit or self.currency)

    def money_unit(self) -> Text:
        """Return the name of the unit shown, for the head of a column."""
        return unit(self._shown()[0]).name

    # ---- time ------------------------------------------------------------------------------------

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
        words = [self._length(count, index) for count, index in parts_of(int(length))]
        return Text(" ", " و ").of(self.language).join(words)

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
        """Return the local day of µs UTC, a date, an aware datetime or a datetime64 day; None for nothing."""
        if isinstance(when, dt.datetime) and when.tzinfo is not None:
            when = (when - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
        if isinstance(when, dt.date):
            return day_number(when)
        if isinstance(when, np.datetime64):
            return None if np.isnat(when) else int(when.astype("datetime64[D]").astype(np.int64))
        if not is_number(when):
            return None
        return int(local_time(int(when), self.zone)) // DAY

    # ---- anything --------------------------------------------------------------------------------

    def value(
        self,
        x: Any,
        unit: str = "",
        *,
        period: str = "",
        calendar: str = "",
        choices: Sequence[tuple[str, Text]] = (),
    ) -> str:
        """Write a value of a column by its unit.

        Parameters
        ----------
        unit
            ``count customers orders money percent ratio days duration number date moment period text category
            flag list``, or a period's own name; without one numbers, texts and lists are told apart.
        period, calendar
            Of what a ``period`` is an ordinal, and in which calendar.
        choices
            Of a ``category``: name and words of each code.
        """
        if x is None or (isinstance(x, float | np.floating) and x != x):  # noqa: PLR0124 - NaN is not itself
            return NOTHING
        if unit == "period" or unit in PERIODS:
            kind: Any = period or unit
            known: Any = calendar or None
            return self.period(x, kind, known)
        if unit == "category" and choices:
            return self._choice(x, choices)
        write = WRITERS.get(unit)
        return write(self, x) if write else self._plain(x)

    def _choice(self, x: Any, choices: Sequence[tuple[str, Text]]) -> str:
        if isinstance(x, str):
            return dict(choices).get(x, Text(x, x)).of(self.language)
        return choices[int(x)][1].of(self.language) if 0 <= int(x) < len(choices) else NOTHING

    def _plain(self, x: Any) -> str:
        if isinstance(x, Text):
            return x.of(self.language)
        if isinstance(x, bool | np.bool_):
            return (YES if x else NO).of(self.language)
        if isinstance(x, dt.date | np.datetime64):
            return self.date(x)
        if isinstance(x, dt.timedelta):
            return self.duration(x)
        if isinstance(x, int | float | np.number):
            return self.number(x)
        if isinstance(x, list | tuple | np.ndarray):
            return Text(", ", "، ").of(self.language).join(self._plain(part) for part in x)
        return str(x)

    def isolated(self, name: str) -> str:
        """Keep a name of the other direction from turning the words around it."""
        foreign = LATIN if self.rtl else ARABIC
        return f"{ISOLATE}{name}{END_ISOLATE}" if foreign.search(name) else name

    def text(self, text: Text, /, **evidence: Any) -> str:
        """Return words in the reader's language with their places filled.

        ``{share:percent}`` is written by its unit (see `value`); ``{amount:short}`` is money with a word for its
        thousands; ``{name}`` as what it is, a foreign name isolated.
        """
        return _Filler(self).vformat(text.of(self.language), (), evidence)

    def javascript(self) -> dict[str, Any]:
        """Return what the browser needs to write numbers, money and dates as Python does; plain JSON."""
        code, factor = self._shown()
        shown = unit(code)
        of = self.language
        persian = self.digits == "persian"
        return {
            **msgspec.structs.asdict(self),
            "rtl": self.rtl,
            "numerals": "۰۱۲۳۴۵۶۷۸۹" if persian else "0123456789",
            "group": in_digits(",", self.digits),
            "decimal": in_digits(".", self.digits),
            "percent": in_digits("%", self.digits),
            "minus": (LEFT_TO_RIGHT if self.rtl else "") + MINUS,
            "nothing": NOTHING,
            "scales": [[size, word.of(of)] for size, word in SCALES],
            "short_from": SHORT_FROM,
            "money": {
                "factor": factor,
                "decimals": shown.decimals,
                "before": "" if self.rtl else shown.symbol,
                "after": "" if shown.symbol and not self.rtl else shown.name.of(of),
            },
            "months": {
                "jalali": [month.of(of) for month in JALALI_MONTHS],
                "gregorian": [month.of(of) for month in GREGORIAN_MONTHS],
            },
            "weekdays": [weekday.of(of) for weekday in WEEKDAYS],
            "weekday_letters": list(WEEKDAY_LETTERS) if self.rtl else [day.en[:2] for day in WEEKDAYS],
        }


WRITERS: dict[str, Any] = {
    "count": Display.count,
    "customers": Display.count,
    "orders": Display.count,
    "money": Display.money,
    "short": lambda display, x: display.money(x, short=True),
    "percent": Display.percent,
    "ratio": lambda display, x: display.number(x, 2),
    "number": Display.number,
    "days": Display.days,
    "duration": Display.duration,
    "date": Display.date,
    "moment": Display.moment,
    "flag": lambda display, x: (YES if x else NO).of(display.language),
}


@lru_cache(maxsize=64)
def _shown_as(currency: str, shown: str) -> tuple[str, float]:
    """Return the code money is shown in and what a stored amount is multiplied with."""
    try:
        return shown, float(IRAN.convert(1.0, currency, shown))
    except NoRate:
        return currency, 1.0


class _Filler(Formatter):
    """Fill the places of a text; what stands after the colon is a unit."""

    def __init__(self, display: Display) -> None:
        self.display = display

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str) and not format_spec:
            return self.display.isolated(value)
        written = self.display.value(value, format_spec)
        return self.display.isolated(written) if isinstance(value, Text) else written
