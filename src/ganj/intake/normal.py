"""From columns of text to columns of values: numbers, money, identifiers, names; a whole column at a time.

A cell written plainly takes the short way, one cast for the column; every other text is read once, however
often it occurs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ganj.intake.fields import Type
from ganj.money import parse_number
from ganj.persian import ascii_digits, display_form, display_forms, national_codes, phones

NOTHING = ("", "-", "--", "—", "n/a", "na", "null", "none", "nan", "nil", "#n/a", "ندارد", "نامشخص")
PLAIN = r"^-?[0-9]{1,15}(?:\.[0-9]{1,10})?$"
WHOLE = r"^-?[0-9]{1,15}$"
SCALES = {"k": 1e3, "m": 1e6, "b": 1e9, "هزار": 1e3, "میلیون": 1e6, "میلیارد": 1e9}
SCALED = re.compile(rf"(.*\d.*?)\s*({'|'.join(SCALES)})\)?", re.IGNORECASE)
ADDRESS = r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$"


def cleaned(column: pa.Array) -> pa.Array:
    """Return texts without spaces around them; what stands for nothing is null."""
    trimmed = pc.utf8_trim(column, " \t\r\n\u00a0\ufeff\u200e\u200f\u200b")
    if pc.max(pc.utf8_length(trimmed)).as_py() is None:
        return trimmed
    short = pc.less(pc.utf8_length(trimmed), 8)
    gone = pc.and_(short, pc.is_in(pc.utf8_lower(trimmed), pa.array(NOTHING)))
    return pc.if_else(gone, pa.scalar(None, pa.string()), trimmed)


def numbers(column: pa.Array, decimal: str = ".") -> pa.Array:
    """Read numbers and amounts; float64[n], null where there is none."""
    plain = pc.fill_null(pc.match_substring_regex(column, PLAIN if decimal == "." else WHOLE), False)
    quick = pc.if_else(plain, column, pa.scalar(None, pa.string())).cast(pa.float64())
    odd = pc.and_(pc.invert(plain), pc.is_valid(column))
    if not pc.any(odd).as_py():
        return quick
    slow = each(column.filter(odd), lambda text: number(text, decimal), pa.float64())
    return pc.replace_with_mask(quick, odd, slow)


def number(text: str, decimal: str = ".") -> float | None:
    """Read one number: «۲۲٬۷۰۰ تومان», ``$22,700.00``, ``(1,200)``, ``$342.09K``, ``12 %``."""
    value = parse_number(text.strip().rstrip("%٪ "), decimal)
    scaled = None if value is not None else SCALED.fullmatch(text.strip())
    if scaled:
        value = parse_number(scaled[1], decimal)
        return None if value is None else value * SCALES[scaled[2].lower()]
    return value


def each(column: pa.Array, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """Apply a function of one text to a column, once for each different text."""
    coded = column.dictionary_encode()
    values = [None if text is None else read(text) for text in coded.dictionary.to_pylist()]
    return pa.array(values, kind).take(coded.indices)


def identifiers(column: pa.Array) -> pa.Array:
    """Return identifiers in one writing: ASCII digits, Persian letters, no ``.0`` of a spreadsheet."""
    whole = pc.replace_substring_regex(column, r"^(\d+)\.0+$", r"\1")
    if _ascii(whole):
        return pc.replace_substring_regex(whole, r"\s+", " ")
    return each(whole, lambda text: ascii_digits(display_form(text)) or None, pa.string())


def texts(column: pa.Array) -> pa.Array:
    """Return texts as a person should read them."""
    if _ascii(column):
        return pc.replace_substring_regex(column, r"\s+", " ")
    return display_forms(column)


def _ascii(column: pa.Array) -> bool:
    return bool(pc.all(pc.string_is_ascii(column)).as_py() in (True, None))


def emails(column: pa.Array) -> pa.Array:
    """Return addresses in lower case; null where it is none."""
    lower = pc.utf8_lower(column)
    return pc.if_else(pc.match_substring_regex(lower, ADDRESS), lower, pa.scalar(None, pa.string()))


def telephones(column: pa.Array) -> pa.Array:
    """Return phone numbers in E.164; where the country is unknown, at least seven digits as they are."""
    digits = pc.replace_substring_regex(each(column, ascii_digits, pa.string()), r"\D+", "")
    local = pc.if_else(pc.greater(pc.utf8_length(digits), 6), digits, pa.scalar(None, pa.string()))
    return pc.coalesce(phones(column), local)


READERS: dict[Type, Callable[[pa.Array], pa.Array]] = {
    "id": identifiers,
    "text": texts,
    "email": emails,
    "phone": telephones,
    "code": national_codes,
}


def values(column: pa.Array, kind: Type, decimal: str = ".") -> pa.Array:
    """Read a cleaned column as what its field says it is; times are read by `ganj.intake.dates`."""
    if kind in ("number", "money"):
        return numbers(column, decimal)
    return READERS[kind](column)
