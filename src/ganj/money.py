"""Money: what a currency's code is worth on a day, and how people write amounts.

An amount is a float64 in the workspace's currency; a file, a form or a reader may use another unit of the
same money. Rial and toman differ by ten and are therefore always asked for, never guessed.

The law of October 2025 makes one rial of 10,000 *current rials* (100 qirans), from a day that the Central
Bank will announce; both circulate for up to three years. So there are three codes:

======  =========================================================  =================
code    what it is                                                 in current rials
======  =========================================================  =================
IRR     the current rial, for ever; what workspaces store                          1
IRN     the rial of the new law, for ever                                     10,000
RIAL    the rial as it was written on the day: dated, see `Rates`   1, later 10,000
======  =========================================================  =================

ISO 4217 has no code for the new rial yet; IRT, IRHR and IRHT are WooCommerce's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np

from ganj.errors import GanjError, UnknownName
from ganj.text import Text

Array = np.ndarray[Any, Any]
ALWAYS = -(1 << 62)  # before every instant


class Unit(msgspec.Struct, frozen=True):
    """A unit in which money is counted.

    Attributes
    ----------
    code
        ISO 4217, or ours where ISO has none.
    name
        As it stands after a number.
    symbol
        As English puts it before a number; empty where only the name is used.
    decimals
        Digits after the point that are usually shown.
    """

    code: str
    name: Text
    symbol: str = ""
    decimals: int = 2


UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        Unit("IRR", Text("rials", "ریال"), decimals=0),
        Unit("IRT", Text("tomans", "تومان"), decimals=0),
        Unit("IRHR", Text("thousand rials", "هزار ریال"), decimals=0),
        Unit("IRHT", Text("thousand tomans", "هزار تومان"), decimals=0),
        Unit("IRMR", Text("million rials", "میلیون ریال")),
        Unit("IRMT", Text("million tomans", "میلیون تومان")),
        Unit("IRN", Text("new rials", "ریال جدید")),
        Unit("RIAL", Text("rials", "ریال"), decimals=0),
        Unit("USD", Text("US dollars", "دلار"), "$"),
        Unit("EUR", Text("euros", "یورو"), "€"),
        Unit("GBP", Text("pounds", "پوند"), "£"),
        Unit("AED", Text("dirhams", "درهم"), "AED "),
        Unit("TRY", Text("Turkish liras", "لیر"), "₺"),
        Unit("BRL", Text("reais", "رئال برزیل"), "R$"),
        Unit("CNY", Text("yuan", "یوان"), "CN¥"),
        Unit("INR", Text("rupees", "روپیه"), "₹"),
        Unit("IQD", Text("Iraqi dinars", "دینار عراق"), "IQD ", 0),
        Unit("AFN", Text("afghanis", "افغانی"), "AFN ", 0),
        Unit("OMR", Text("Omani rials", "ریال عمان"), "OMR ", 3),
        Unit("SAR", Text("Saudi riyals", "ریال سعودی"), "SAR "),
        Unit("RUB", Text("rubles", "روبل"), "₽"),
        Unit("JPY", Text("yen", "ین"), "¥", 0),
        Unit("CHF", Text("Swiss francs", "فرانک"), "CHF "),
        Unit("CAD", Text("Canadian dollars", "دلار کانادا"), "CA$"),
        Unit("AUD", Text("Australian dollars", "دلار استرالیا"), "A$"),
        Unit("KZT", Text("tenge", "تنگه"), "₸"),
    )
}
IRANIAN = ("IRR", "IRT", "IRHR", "IRHT", "IRMR", "IRMT", "IRN", "RIAL")


class NoRate(GanjError):
    """An amount asked in a currency it has no rate to. Facts: ``of``, ``to``."""

    status = 422
    says = Text(
        "There is no rate from {of} to {to} for these days.",
        "برای این روزها نرخ تبدیل {of} به {to} در دست نیست.",
    )
    hint = Text(
        "Give the file's own currency, or a table of rates.",
        "ارز خود پرونده را بگویید یا جدول نرخ‌ها را بدهید.",
    )


class Rate(msgspec.Struct, frozen=True):
    """What one of a unit is worth, in current rials or another common measure, from a moment on (µs UTC)."""

    code: str
    worth: float
    since: int = ALWAYS


class Rates:
    """A table of worths, each valid from a moment until the next of the same code.

    Examples
    --------
    >>> import numpy as np
    >>> float(IRAN.convert(np.array([22_700.0]), "IRT", "IRR")[0])
    227000.0
    """

    def __init__(self, rates: Iterable[Rate]) -> None:
        ordered = sorted(rates, key=lambda rate: rate.since)
        self.rates = tuple(ordered)
        self._since = {
            code: np.array([r.since for r in ordered if r.code == code]) for code in {r.code for r in ordered}
        }
        self._worth = {code: np.array([r.worth for r in ordered if r.code == code]) for code in self._since}

    def __contains__(self, code: object) -> bool:
        return code in self._since

    def with_rates(self, *rates: Rate) -> Rates:
        """Return a table with more rows."""
        return Rates((*self.rates, *rates))

    def worth(self, code: str, when: Array | int | None = None) -> Array:
        """Return what one of a unit is worth at moments (µs UTC); NaN before its first rate; float64[n] or one.

        Without ``when`` the latest rate counts.
        """
        if when is None:
            return self._worth[code][-1:].reshape(())
        row = np.searchsorted(self._since[code], np.asarray(when, np.int64), side="right") - 1
        worth: Array = np.where(row < 0, np.nan, self._worth[code][np.maximum(row, 0)])
        return worth

    def convert(self, amount: Array | float, of: str, to: str, when: Array | int | None = None) -> Array:
        """Count amounts in another unit.

        Parameters
        ----------
        amount
            float64[n]; NaN stays NaN.
        when
            int64[n] µs UTC at which each amount was written, or one for all; the latest rates without it.

        Returns
        -------
        float64[n]

        Raises
        ------
        NoRate
            One of the codes has no rate, or none on one of these days.
        """
        money = np.asarray(amount, np.float64)
        if of == to:
            return money
        if of not in self or to not in self:
            raise NoRate(of=of, to=to)
        factor = self.worth(of, when) / self.worth(to, when)
        if np.isnan(factor).any():
            raise NoRate(of=of, to=to)
        # tomans to rials is exact; dividing by ten last keeps rials to tomans so, too
        return money * factor if factor.size and factor.min() >= 1 else money / (1 / factor)


IRAN = Rates(
    (
        Rate("IRR", 1.0),
        Rate("IRT", 10.0),
        Rate("IRHR", 1_000.0),
        Rate("IRHT", 10_000.0),
        Rate("IRMR", 1_000_000.0),
        Rate("IRMT", 10_000_000.0),
        Rate("IRN", 10_000.0),
        Rate("RIAL", 1.0),
    )
)
"""The units of Iran as long as the day of the change is not announced."""


def rates_from(changeover: int | None) -> Rates:
    """Return Iran's units with the word rial meaning 10,000 current rials from a moment (µs UTC) on."""
    return IRAN if changeover is None else IRAN.with_rates(Rate("RIAL", 10_000.0, changeover))


def convert(amount: Array | float, of: str, to: str, when: Array | int | None = None) -> Array:
    """Count Iranian amounts in another Iranian unit; see `Rates.convert`."""
    return IRAN.convert(amount, of, to, when)


def unit(code: str) -> Unit:
    """Return a unit by its code, in any case; raise `UnknownName`."""
    found = UNITS.get(code.strip().upper())
    if found is None:
        raise UnknownName.among(Text("currency", "واحد پول"), code, UNITS)
    return found


def same_money(code: str) -> tuple[str, ...]:
    """List the units in which amounts of a currency can be shown without rates."""
    return tuple(other for other in IRANIAN if other != "RIAL") if code in IRANIAN else (code,)


# ---- how people write amounts -------------------------------------------------------------------

DIGITS = str.maketrans(
    {
        **{ord(c): str(n) for n, c in enumerate("۰۱۲۳۴۵۶۷۸۹")},
        **{ord(c): str(n) for n, c in enumerate("٠١٢٣٤٥٦٧٨٩")},
        **dict.fromkeys(
            map(ord, "٬\u00a0\u202f\u2009\u200e\u200f\u200c\u061c\u2066\u2067\u2068\u2069\ufeff '’_"), None
        ),
        ord("ي"): "ی",
        ord("−"): "-",
        ord("–"): "-",
        ord("،"): ",",
    }
)
"""Digits of both alphabets to ASCII, an Arabic «ريال» to a Persian one; spaces, direction marks and signs that
only group go."""
MARKS: dict[str, str] = {
    **{sign: code for code, sign in {"USD": "US$", "BRL": "R$", "CAD": "CA$", "AUD": "A$"}.items()},
    "$": "USD", "€": "EUR", "£": "GBP", "₺": "TRY", "₹": "INR", "₽": "RUB", "¥": "JPY", "₸": "KZT", "﷼": "IRR",
    "میلیونتومان": "IRMT", "میلیونریال": "IRMR", "هزارتومان": "IRHT", "هزارریال": "IRHR",
    "تومان": "IRT", "تومن": "IRT", "ریالجدید": "IRN", "ریال": "IRR", "دلار": "USD", "یورو": "EUR", "درهم": "AED",
    "TOMANS": "IRT", "TOMAN": "IRT", "RIALS": "IRR", "RIAL": "IRR", "EUROS": "EUR", "TL": "TRY",
    **{code: code for code in UNITS if code != "RIAL"},
}  # fmt: skip
"""Signs and words beside a number, spaces taken out, longest tried first."""
BESIDE = re.compile("|".join(re.escape(mark) for mark in sorted(MARKS, key=len, reverse=True)))
SCIENTIFIC = re.compile(r"[+-]?\d([.,٫]\d+)?E[+-]?\d+")  # a spreadsheet's 1.2E+05, whatever its decimal sign
GROUPS = {".": ",", ",": ".", "/": ","}
"""The sign that groups digits, by the decimal sign."""
NUMBER = {
    point: re.compile(
        rf"[+-]?(\d+|\d{{1,3}}(?:{re.escape(group)}\d{{2,3}})*{re.escape(group)}\d{{3}})?(?:[٫{point}]\d*)?"
    )
    for point, group in GROUPS.items()
}
"""A number by the decimal sign; groups are of three digits, or of two before the last as in India."""
MARKED = re.compile(r"[.,/٫]")


class Amount(msgspec.Struct, frozen=True):
    """A number read from text, and the currency that stood beside it, if one did."""

    value: float
    code: str | None = None


def bare(text: str) -> tuple[str, str | None]:
    """Return what is left of a written amount without grouping signs and currency, and the currency's code.

    A minus may stand before, after, or as brackets around; it comes first in what is returned.
    """
    number = text.translate(DIGITS).upper().replace("\t", "")
    beside = BESIDE.search(number)
    if beside:
        number = number.replace(beside.group(), "", 1)
    negative = number.startswith("(") and number.endswith(")")
    number = number.strip("()")
    if number.endswith("-"):
        number, negative = number[:-1], True
    return ("-" + number if negative and not number.startswith("-") else number), MARKS[
        beside.group()
    ] if beside else None


def parse_money(text: str, decimal: str = ".") -> Amount | None:
    """Read one amount: «۲۲٬۷۰۰ تومان», ``$22,700.00``, ``(1,200)``, ``1.234,56`` with ``decimal=","``.

    Returns None where the text is no number under that sign: better set aside than a hundred times too much. The Persian decimal sign ``٫`` is one under every setting.
    """
    number, code = bare(text)
    if SCIENTIFIC.fullmatch(number):
        number = number.replace(",", ".")
    elif NUMBER[decimal].fullmatch(number):
        number = number.replace(GROUPS[decimal], "").replace(decimal, ".")
    else:
        return None
    number = number.replace("٫", ".")
    if not any(map(str.isdigit, number)):
        return None
    value = float(number)
    return Amount(value, code) if np.isfinite(value) else None


def parse_number(text: str, decimal: str = ".") -> float | None:
    """Read one number as `parse_money` does, leaving its currency out."""
    amount = parse_money(text, decimal)
    return None if amount is None else amount.value


def decimal_sign(samples: Iterable[str]) -> str:
    """Infer a column's decimal sign, ``.`` or ``,`` or (from Persian Windows) ``/``, from its values.

    Where two signs stand in one number the last is the decimal one; a sign that stands twice groups; a sign
    not followed by exactly three digits is decimal. A column that says nothing else than ``1.234`` groups by
    points when three values or more say so (`22.500` tomans; prices with three decimals are rare), and one that
    says nothing has a point.
    """
    votes: Counter[str] = Counter()
    doubtful = 0
    for sample in samples:
        number = bare(sample)[0].lstrip("+-")
        sign = _decimal_in(number)
        if sign:
            votes[sign] += 1
        doubtful += not sign and "." in number
    if votes:
        return votes.most_common(1)[0][0]
    return "," if doubtful >= 3 else "."


def _decimal_in(number: str) -> str:
    """Return the decimal sign that one number gives away; empty where it does not."""
    marks = MARKED.findall(number.replace("٫", ""))
    if not marks:
        return ""
    last = marks[-1]
    if len(set(marks)) > 1:
        return str(last)
    if len(marks) > 1:
        return "," if last == "." else "." if last == "," else ""
    head, _, tail = number.partition(last)
    groups = len(tail) == 3 and 0 < len(head) <= 3 and not head.startswith("0")
    return "" if groups or not (head + tail).isdigit() else str(last)
