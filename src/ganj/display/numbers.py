"""Numbers as people read them: digits, grouping, signs, and short forms.

In Persian «۱٬۲۳۴٫۵», «۴۲٫۱٪» and «۱٫۲ میلیون»; in English 1,234.5, 42.1% and 1.2 M.  A negative number in
right-to-left words begins with U+200E, as CLDR has it: without that the minus stands on the wrong side.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from ganj.text import Text

Digits = Literal["persian", "latin"]

TOO_MUCH = 1e300
NOTHING = "—"
MINUS = "\u2212"
LEFT_TO_RIGHT = "\u200e"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
TO_PERSIAN = str.maketrans("0123456789,.%", "۰۱۲۳۴۵۶۷۸۹٬٫٪")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
SCALES = (
    (1e12, Text("T", "هزار میلیارد")),
    (1e9, Text("B", "میلیارد")),
    (1e6, Text("M", "میلیون")),
    (1e3, Text("K", "هزار")),
)
SHORT_FROM = 10_000  # below it all digits are as short as any word


def is_number(x: Any) -> bool:
    """Tell whether there is a number to show: finite, and one that a float can be rounded to."""
    try:
        return not isinstance(x, str | bytes) and abs(float(x)) < TOO_MUCH
    except (TypeError, ValueError, OverflowError):
        return False


def three_digits(x: float) -> float:
    """Round to three significant digits."""
    return x if x == 0 else round(x, 2 - math.floor(math.log10(abs(x))))


def decimals_for(x: float) -> int:
    """Return how many decimals show three significant digits; none from a hundred on."""
    return 0 if x == 0 else min(max(2 - math.floor(math.log10(abs(x))), 0), 9)


def written(x: float, decimals: int | None, digits: Digits, *, rtl: bool) -> str:
    """Write a number.

    ``decimals`` None shows three significant digits, all digits before the point, and no trailing zeros.
    """
    places = decimals_for(x) if decimals is None else decimals
    figure = f"{abs(x):,.{places}f}"
    if decimals is None and "." in figure:
        figure = figure.rstrip("0").rstrip(".")
    negative = x < 0 and any(c in "123456789" for c in figure)
    return signed(in_digits(figure, digits), negative=negative, rtl=rtl)


def signed(figure: str, *, negative: bool, rtl: bool) -> str:
    """Put the minus where readers of the language see it at the left of the digits."""
    if not negative:
        return figure
    return (LEFT_TO_RIGHT if rtl else "") + MINUS + figure


def in_digits(figure: str, digits: Digits) -> str:
    """Write ASCII digits and number signs in the chosen alphabet."""
    return figure.translate(TO_PERSIAN) if digits == "persian" else figure


def shortened(x: float) -> tuple[float, Text | None]:
    """Return a number of three significant digits and the word for its thousands; no word below 10,000."""
    rounded = three_digits(x)
    if abs(rounded) < SHORT_FROM:
        return (x if abs(x) < SHORT_FROM else rounded), None
    scale, word = next((scale, word) for scale, word in SCALES if abs(rounded) >= scale)
    return three_digits(rounded / scale), word
