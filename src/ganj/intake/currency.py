"""In what money a file's amounts are: said, seen or asked; rial or toman is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ganj.errors import NeedsAnswer
from ganj.intake.columns import Column
from ganj.intake.plan import Answers, Dates
from ganj.money import IRANIAN, bare, convert, unit
from ganj.text import Text

HEADERS = ("currency", "order currency", "currency code", "ارز", "واحد پول", "واحد ارز", "واحد پولی")
WORDS = re.compile(
    r"هزار تومان|هزارتومان|هزار ریال|میلیون تومان|میلیون ریال|تومان|تومن|ریال|﷼|\b(?:toman|tomans|rial|rials|irr|irt|irhr|irht)\b"
    r"|[$€£₺₹₽]|\b(?:usd|eur|gbp|aed|try)\b",
    re.IGNORECASE,
)
ASK = Text(
    "Are the amounts in «{column}» rials or tomans? The file does not say, and one mistake is tenfold.",
    "مبلغ‌های «{column}» به ریال است یا تومان؟ فایل نمی‌گوید و اشتباه در آن ده‌برابر است.",
)
OPTION = "--currency IRR|IRT"


class Money(msgspec.Struct, frozen=True):
    """The file's currency, what one of it is in the workspace's, and what a person should know of the choice."""

    code: str
    factor: float
    note: Text | None = None


def money_of(
    mapped: Sequence[str], columns: Mapping[str, Column], dates: Iterable[Dates], answers: Answers
) -> Money:
    """Decide the currency of a table's amounts.

    Parameters
    ----------
    mapped
        The columns that hold money.

    Raises
    ------
    NeedsAnswer
        The file is Iranian and names no unit.
    """
    base = answers.base
    if answers.currency:
        return _into(unit(answers.currency).code, base)
    if not mapped:
        return Money("", 1.0)
    seen = _seen([columns[name] for name in mapped], columns.values())
    if seen:
        return _into(seen, base)
    if is_iranian(columns.values(), dates):
        column = mapped[0]
        raise NeedsAnswer(
            question=Text(ASK.en.replace("{column}", column), ASK.fa.replace("{column}", column)),
            option=OPTION,
        )
    return Money(base, 1.0, _assumed(base))


def is_iranian(columns: Iterable[Column], dates: Iterable[Dates]) -> bool:
    """Tell an Iranian file: Persian letters or digits, or Jalali dates."""
    return any(date.calendar == "jalali" for date in dates) or any(column.persian for column in columns)


def _seen(amounts: Sequence[Column], columns: Iterable[Column]) -> str | None:
    """Return the unit that the headers, the amounts themselves or a column of currencies name."""
    for column in columns:
        if column.form in HEADERS and len(column.texts) == 1:
            found = bare(column.texts[0].as_py() + "1")[1]
            if found:
                return found
    for column in amounts:
        word = WORDS.search(column.name)
        if word:
            return bare(word.group() + "1")[1]
    marks = {bare(text)[1] for column in amounts for text in column.texts.slice(0, 200).to_pylist()} - {None}
    return marks.pop() if len(marks) == 1 else None


def _into(code: str, base: str) -> Money:
    """Return what one of a unit is in the workspace's currency; between different moneys no rate is known."""
    if not base or code == base:
        return Money(code, 1.0)
    if code in IRANIAN and base in IRANIAN:
        return Money(code, float(convert(1.0, code, base)))
    return Money(code, 1.0, _unconverted(code, base))


def _unconverted(code: str, base: str) -> Text:
    return Text(
        f"The amounts are {unit(code).name.en}; the workspace counts {unit(base).name.en}. They are taken as they are.",
        f"مبلغ‌ها به {unit(code).name.fa} است و فضای کار به {unit(base).name.fa}؛ عددها بی‌تبدیل وارد می‌شود.",
    )


def _assumed(base: str) -> Text | None:
    if not base:
        return None
    name = unit(base).name
    return Text(
        f"The file names no currency; its amounts are taken as {name.en}, the workspace's own.",
        f"فایل واحد پول را نمی‌گوید؛ مبلغ‌ها {name.fa}، واحد فضای کار، شمرده می‌شود.",
    )
