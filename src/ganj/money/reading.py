"""Amounts as people write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import msgspec
import numpy as np

from ganj.money.units import UNITS

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
    "US$": "USD", "R$": "BRL", "CA$": "CAD", "A$": "AUD",
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
