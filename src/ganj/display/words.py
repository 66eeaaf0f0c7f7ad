"""Lengths of time and other small words around numbers, in both languages."""

from __future__ import annotations

from ganj.text import Text

SECOND = 1_000_000
LENGTHS = (  # µs, English singular, Persian
    (365 * 86_400 * SECOND, "year", "سال"),
    (365 * 7_200 * SECOND, "month", "ماه"),  # a twelfth of it
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
    """Split µs, not negative, into at most two units that follow each other: (count, index into `LENGTHS`)."""
    rounded = (length + SECOND // 2) // SECOND * SECOND
    while True:
        index = _largest(rounded)
        size = LENGTHS[index][0]
        alone = index == len(LENGTHS) - 1 or (index == 2 and rounded >= WHOLE_FROM * size)
        smaller = size if alone else LENGTHS[index + 1][0]
        whole = (rounded + smaller // 2) // smaller * smaller
        if _largest(whole) == index:
            count, rest = divmod(whole, size)
            return [(count, index)] + ([(rest // smaller, index + 1)] if rest else [])
        rounded = whole  # 59 minutes and 59.7 seconds have become an hour


def _largest(length: int) -> int:
    """Return the largest unit that fits."""
    first = 0 if length >= DAYS_ONLY_BELOW else 2
    return next((n for n in range(first, len(LENGTHS)) if length >= LENGTHS[n][0]), len(LENGTHS) - 1)


def plural(count: float, singular: str) -> str:
    """Return the English word for a count."""
    return singular if count == 1 else singular + "s"
