"""Columns of times as people and programs write them, in either calendar, to µs on the local clock.

A layout is a pattern; where it finds year, month and day in figures
only, the order of the three is decided over a whole sample by `order_of`, never row by row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.calendar import DAY, GREGORIAN_MONTHS, JALALI_MONTHS, days_from, instant, month_length
from ganj.intake.plan import Dates
from ganj.persian import ascii_digits, match_form

Array = np.ndarray[Any, Any]
SECOND = 1_000_000
FIRST_JALALI, JALALI_BELOW = 1200, 1700
AFTERNOON = ("p", "ب", "ع")  # PM, ب.ظ, عصر
CLOCK = (
    r"(?P<h>\d{1,2}):(?P<i>\d{1,2})(?::(?P<s>\d{1,2})(?:[.,٫](?P<f>\d{1,9}))?)?"
    r"\s*(?P<p>[AaPp]\.?\s?[Mm]\.?|ق\.?\s?ظ\.?|ب\.?\s?ظ\.?|صبح|عصر|بعدازظهر)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
THEN = rf"(?:(?:[T\s,،:\-–_|]+|\s*ساعت\s*)+{CLOCK})?\s*$"
SLASH = r"\s*[/\-.،٫\\]\s*"
YEAR = r"(?P<y>\d{4})"
MONTH = r"(?P<m>[\p{L}\x{200c}]{3,})"
BEFORE = r"^\s*(?:[^\d]+[\s,،]+)?"
ORDINAL = r"(?:st|nd|rd|th|م|ام)?"
LAYOUTS = {
    "numbers": rf"^\s*(?P<a>\d{{1,4}}){SLASH}(?P<b>\d{{1,2}}){SLASH}(?P<c>\d{{1,4}}){THEN}",
    "clock first": (
        rf"^\s*{CLOCK}\s*[-–,،\s|]\s*(?P<a>\d{{1,4}}){SLASH}(?P<b>\d{{1,2}}){SLASH}(?P<c>\d{{1,4}})\s*$"
    ),
    "day month year": rf"{BEFORE}(?P<d>\d{{1,2}}){ORDINAL}[\s\-/.]*{MONTH}[\s\-/.,،]*(?:ماه)?\s*{YEAR}{THEN}",
    "month day year": rf"^\s*(?:\p{{L}}+[,،]?\s+)?{MONTH}\.?\s+(?P<d>\d{{1,2}}){ORDINAL},?\s+{YEAR}{THEN}",
    "year month day": rf"^\s*{YEAR}[\s\-/.]*{MONTH}[\s\-/.,،]*(?P<d>\d{{1,2}}){THEN}",
    "compact": r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[T_]?(?P<h>\d{2}):?(?P<i>\d{2}):?(?P<s>\d{2})?)?$",
    "epoch": r"^(?P<e>\d{10}|\d{13}|\d{16})(?:\.0+)?$",
    "serial": r"^(?P<n>\d{5})(?:[.,](?P<f>\d+))?$",
}
BARE = ("compact", "epoch", "serial")  # figures only: times where the column says so
EXCEL_EPOCH = -25_569  # day 0 of a spreadsheet's count, 1899-12-30
MONTHS = {
    **{
        match_form(month.fa): n
        for names in (GREGORIAN_MONTHS, JALALI_MONTHS)
        for n, month in enumerate(names, 1)
    },
    **{
        month.en.lower(): n for names in (GREGORIAN_MONTHS, JALALI_MONTHS) for n, month in enumerate(names, 1)
    },
    **{month.en[:3].lower(): n for n, month in enumerate(GREGORIAN_MONTHS, 1)},
    "sept": 9,
}


def read(column: pa.Array, dates: Dates) -> tuple[pa.Array, pa.Array]:
    """Read a column of times; give it each different text once.

    Returns
    -------
    instants : int64[n] µs UTC, null where there is none
    wall : int64[n] µs on the local clock as written, null where there is none
    """
    wall, shift = walls(column, dates)
    valid = wall != NEVER
    utc = np.full(len(wall), NEVER)
    own = valid & ~np.isnan(shift)
    utc[own] = wall[own] - shift[own].astype(np.int64)
    local = valid & ~own
    if local.any():
        utc[local] = instant(wall[local], dates.zone)
    return pa.array(utc, pa.int64(), mask=~valid), pa.array(wall, pa.int64(), mask=~valid)


NEVER = np.int64(-(1 << 62))


def walls(texts: pa.Array, dates: Dates) -> tuple[Array, Array]:
    """Read different texts: int64[n] µs on the clock (`NEVER` where none), float64[n] own offset in µs or nan."""
    plain = in_ascii(texts)
    wall, shift = np.full(len(plain), NEVER), np.full(len(plain), np.nan)
    for layout in layouts_of(dates):
        open_ = np.flatnonzero(wall == NEVER)
        if len(open_) == 0:
            break
        found = pc.extract_regex(plain.take(pa.array(open_)), LAYOUTS[layout])
        hit = np.asarray(found.is_valid())
        if hit.any():
            at = open_[hit]
            wall[at], shift[at] = _moments(found.filter(pa.array(hit)), dates)
    return wall, shift


def layouts_of(dates: Dates) -> Iterable[str]:
    """Put the column's own layouts first, then those that cannot be mistaken."""
    return dict.fromkeys([*dates.layouts, *(name for name in LAYOUTS if name not in BARE)])


def in_ascii(texts: pa.Array) -> pa.Array:
    """Return texts with ASCII digits and without marks that only order the writing; nulls stay."""
    values = texts.to_pylist()
    joined = "\n".join("" if value is None else value.replace("\n", " ") for value in values)
    clean = ascii_digits(joined).translate(dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\ufeff")))
    return pa.array(clean.replace("\u00a0", " ").split("\n") if values else [], pa.string())


def _moments(parts: pa.StructArray, dates: Dates) -> tuple[Array, Array]:
    """Return µs on the clock and own offsets of matched texts."""
    names = {field.name for field in parts.type}
    if "e" in names:
        return _epochs(parts)
    if "n" in names:
        fraction = np.array([float(f"0.{text or 0}") for text in parts.field("f").to_pylist()])
        days = _ints(parts, "n") + EXCEL_EPOCH
        return days * DAY + np.rint(fraction * 86_400).astype(np.int64) * SECOND, np.full(len(parts), np.nan)
    year, month, day = _written(parts, dates) if "a" in names else _worded(parts)
    time, shift = _clock(parts, names)
    day_number, good = _days(year, month, day)
    return np.where(good & (time >= 0), day_number * DAY + time, NEVER), shift


def _epochs(parts: pa.StructArray) -> tuple[Array, Array]:
    text = parts.field("e")
    scale = np.asarray(pc.utf8_length(text)) - 10
    value = text.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return value * 10 ** (6 - scale), np.zeros(len(parts))


def _ints(parts: pa.StructArray, name: str) -> Array:
    text = parts.field(name)
    figures: Array = pc.if_else(pc.equal(text, ""), "0", text).cast(pa.int64()).to_numpy(zero_copy_only=False)
    return figures


def _written(parts: pa.StructArray, dates: Dates) -> tuple[Array, Array, Array]:
    """Put three figures in order: a first of four digits is the year, else the column's order counts."""
    a, b, c = (_ints(parts, name) for name in "abc")
    first = np.asarray(pc.utf8_length(parts.field("a"))) >= 3
    order = dates.order
    if order == "ymd":
        first |= np.asarray(pc.utf8_length(parts.field("c"))) <= 2
    day, month = (a, b) if order != "mdy" else (b, a)
    year = np.where(first, a, c)
    return _century(year, dates), np.where(first, b, month), np.where(first, c, day)


def _century(year: Array, dates: Dates) -> Array:
    short = year < 100
    if dates.calendar == "jalali":
        full = np.where(year >= 50, 1300 + year, 1400 + year)
    else:
        full = np.where(year >= 70, 1900 + year, 2000 + year)
    return np.where(short, full, year)


def _worded(parts: pa.StructArray) -> tuple[Array, Array, Array]:
    names = parts.field("m").to_pylist()
    month = np.array(
        [int(name) if name.isdigit() else MONTHS.get(match_form(name), 0) for name in names], np.int64
    )
    return _ints(parts, "y"), month, _ints(parts, "d")


def _days(year: Array, month: Array, day: Array) -> tuple[Array, Array]:
    """Return days since 1970-01-01 and which dates exist."""
    good = (month >= 1) & (month <= 12) & (day >= 1) & (year >= FIRST_JALALI) & (year < 2300)
    y, m = np.where(good, year, 2000), np.where(good, month, 1)
    jalali = y < JALALI_BELOW
    length = np.where(jalali, month_length(y, m, "jalali"), month_length(y, m, "gregorian"))
    days = np.where(jalali, days_from(y, m, day, "jalali"), days_from(y, m, day, "gregorian"))
    return days, good & (day <= length)


def _clock(parts: pa.StructArray, names: set[str]) -> tuple[Array, Array]:
    """Return µs since midnight, negative where no clock shows it, and own offsets."""
    nothing = np.full(len(parts), np.nan)
    if "h" not in names:
        return np.zeros(len(parts), np.int64), nothing
    hour, minute, second = _ints(parts, "h"), _ints(parts, "i"), _ints(parts, "s")
    wrong = (hour > 23) | (minute > 59) | (second > 60)
    if "p" in names:
        hour = _half_day(hour, parts.field("p"))
    time = ((hour * 60 + minute) * 60 + second) * SECOND
    if "f" in names:
        time = time + _fraction(parts.field("f"))
    return np.where(wrong, -1, time), _offsets(parts.field("z")) if "z" in names else nothing


def _half_day(hour: Array, marks: pa.Array) -> Array:
    if pc.all(pc.equal(marks, "")).as_py():
        return hour
    said = np.array([text[:1].lower() for text in marks.to_pylist()])
    late = np.isin(said, AFTERNOON)
    return np.where(late & (hour < 12), hour + 12, np.where((said != "") & ~late & (hour == 12), 0, hour))


def _fraction(figures: pa.Array) -> Array:
    padded = pc.utf8_slice_codeunits(pc.utf8_rpad(figures, 6, "0"), 0, 6)
    micro: Array = padded.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return micro


def _offsets(zones: pa.Array) -> Array:
    coded = zones.dictionary_encode()
    known = np.array([_offset(text) for text in coded.dictionary.to_pylist()])
    offsets: Array = known[np.asarray(coded.indices)]
    return offsets


def _offset(text: str) -> float:
    if not text:
        return np.nan
    if text[0] not in "+-":
        return 0.0
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return (minutes if text[0] == "+" else -minutes) * 60.0 * SECOND
