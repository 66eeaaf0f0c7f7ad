"""Lengths of time and other small words around numbers, in both languages."""

from __future__ import annotations

from ganj.text import Text

SECOND = 1_000_000
LENGTHS = (  # µs, English singular, Persian
    (365 * 86_400 * SECOND, "year", "سال"),
    (30 * 86_400 * SECOND, "month", "ماه"),
    (86_400 * SECOND, "day", "روز"),
    (3_600 * SECOND, "hour", "ساعت"),
    (60 * SECOND, "minute", "دقیقه"),
    (SECOND, "second", "ثانیه"),
)
"""Largest first. Years and months are round: they are used from two years on."""
DAYS_ONLY_BELOW = 730 * 86_400 * SECOND  # «۵۱ روز» says more than «۱ ماه و ۲۱ روز»
WHOLE_FROM = 10  # ten days and more are said without hours
YES, NO = Text("Yes", "بله"), Text("No", "خیر")
QUARTERS = ("اول", "دوم", "سوم", "چهارم")


def parts_of(length: int) -> list[tuple[int, int]]:
    """Split µs into at most two units that follow each other: (count, index into `LENGTHS`)."""
    length = abs(length)
    first = 2 if length < DAYS_ONLY_BELOW else 0
    for index in range(first, len(LENGTHS)):
        size = LENGTHS[index][0]
        if length >= size or index == len(LENGTHS) - 1:
            return _two(length, index)
    return []


def _two(length: int, index: int) -> list[tuple[int, int]]:
    """Round to the unit after ``index``, or to ``index`` itself where its count says enough."""
    size = LENGTHS[index][0]
    alone = index == len(LENGTHS) - 1 or (index == 2 and length >= WHOLE_FROM * size)
    smaller = size if alone else LENGTHS[index + 1][0]
    whole = (length + smaller // 2) // smaller * smaller
    count, rest = divmod(whole, size)
    below = 0 if alone else rest // smaller
    return [(count, index)] + ([(below, index + 1)] if below else [])


def plural(count: float, singular: str) -> str:
    """Return the English word for a count."""
    return singular if count == 1 else singular + "s"
