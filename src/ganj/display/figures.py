"""Numbers and money in one reader's digits, language and unit."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from ganj.calendar import SATURDAY, Calendar
from ganj.display.numbers import MINUS, NOTHING, Digits, in_digits, is_number, shortened, written
from ganj.money import IRAN, NoRate, unit
from ganj.text import Language, Text


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The reader's settings, and how numbers and money are written under them; see `ganj.display.Display`."""

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


@lru_cache(maxsize=64)
def _shown_as(currency: str, shown: str) -> tuple[str, float]:
    """Return the code money is shown in and what a stored amount is multiplied with."""
    try:
        return shown, float(IRAN.convert(1.0, currency, shown))
    except NoRate:
        return currency, 1.0
