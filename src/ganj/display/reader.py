"""One reader's way of seeing values of any unit, and the filling of texts with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from string import Formatter
from typing import Any

import msgspec
import numpy as np

from ganj.calendar import GREGORIAN_MONTHS, JALALI_MONTHS, PERIODS, WEEKDAY_LETTERS, WEEKDAYS
from ganj.display.numbers import (
    END_ISOLATE,
    ISOLATE,
    LEFT_TO_RIGHT,
    MINUS,
    NOTHING,
    SCALES,
    SHORT_FROM,
    in_digits,
    is_number,
)
from ganj.display.times import Times
from ganj.display.words import NO, YES
from ganj.money import unit
from ganj.text import Text

LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
ARABIC = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")


class Display(Times, frozen=True, kw_only=True):
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

    def signed(self, x: Any, unit: str = "number") -> str:
        """Write a change with its sign, plus as well as minus."""
        if not is_number(x):
            return NOTHING
        figure = self.value(abs(x), unit)
        sign = MINUS if x < 0 else "+" if x > 0 else ""
        return (LEFT_TO_RIGHT if self.rtl and sign else "") + sign + figure

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
        if isinstance(x, list | tuple | np.ndarray):
            return Text(", ", "، ").of(self.language).join(self._plain(part) for part in x)
        write = next((WRITERS[unit] for kinds, unit in KINDS if isinstance(x, kinds)), None)
        return write(self, x) if write else str(x)

    def isolated(self, name: str) -> str:
        """Keep a name of the other direction from turning the words around it."""
        foreign = LATIN if self.rtl else ARABIC
        return f"{ISOLATE}{name}{END_ISOLATE}" if foreign.search(name) else name

    def text(self, text: Text, /, **evidence: Any) -> str:
        """Return words in the reader's language with their places filled.

        ``{share:percent}`` is written by its unit (see `value`); ``{amount:short}`` is money with a word for its
        thousands; ``{when:month/jalali}`` is a period of that calendar; ``{name}`` as what it is, a foreign name
        isolated.
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


KINDS: tuple[tuple[Any, str], ...] = (
    ((bool, np.bool_), "flag"),
    ((dt.date, np.datetime64), "date"),
    ((dt.timedelta,), "duration"),
    ((int, float, np.number), "number"),
)
"""How values without a unit are written, by their type; the first that fits."""
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


class _Filler(Formatter):
    """Fill the places of a text; what stands after the colon is a unit."""

    def __init__(self, display: Display) -> None:
        self.display = display

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str) and not format_spec:
            return self.display.isolated(value)
        unit, _, calendar = format_spec.partition("/")
        written = self.display.value(value, unit, calendar=calendar)
        return self.display.isolated(written) if isinstance(value, Text) else written
