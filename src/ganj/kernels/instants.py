"""Reads times as programs write them."""

from __future__ import annotations

from numba import njit

from ganj.kernels.addresses import byte


@njit(cache=True, nogil=True)
def _digits(i: int, count: int) -> int:
    """Return the number that some digits write, below zero if they are none."""
    found = 0
    for k in range(count):
        b = byte(i + k)
        if not 48 <= b <= 57:
            return -1
        found = found * 10 + b - 48
    return found


@njit(cache=True, nogil=True)
def _days(year: int, month: int, day: int) -> int:
    """Return the days since 1970, -1,000,000 of a day that is none.

    Source: Hinnant, chrono-compatible low-level date algorithms, 2013.
    """
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    long = 30 if month in (4, 6, 9, 11) else 31
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= (28 + leap if month == 2 else long):
        return -1_000_000
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@njit(cache=True, nogil=True)
def instant(i: int, end: int) -> tuple[int, bool]:
    """Return µs UTC of a time spelt ``2026-01-31T10:20:30Z``, with three or six places if any, or ``+00:00``.

    Parameters
    ----------
    i, end : addresses of its first letter and after its last

    Returns
    -------
    The time, and False where it is spelt otherwise, or is none.
    """
    if not 20 <= end - i <= 32:
        return 0, False
    days = _days(_digits(i, 4), _digits(i + 5, 2), _digits(i + 8, 2))
    hour, minute, second = _digits(i + 11, 2), _digits(i + 14, 2), _digits(i + 17, 2)
    marks = byte(i + 4) == 45 and byte(i + 7) == 45 and byte(i + 10) == 84
    marks = marks and byte(i + 13) == 58 and byte(i + 16) == 58
    real = 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60
    i += 19
    part = 0
    if byte(i) == 46:
        places = 6 if 48 <= byte(i + 4) <= 57 else 3
        part = _digits(i + 1, places) * (1 if places == 6 else 1000)
        i += 1 + places
    zulu = end - i == 1 and byte(i) == 90
    zero = end - i == 6 and byte(i) == 43 and byte(i + 3) == 58
    zero = zero and _digits(i + 1, 2) == 0 and _digits(i + 4, 2) == 0
    good = days > -1_000_000 and marks and real and part >= 0 and (zulu or zero)
    return (days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + part, good
