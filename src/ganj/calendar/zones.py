"""From instants to local days and back, in any IANA zone, a column at a time.

A zone is a step function from instants to offsets.  Python knows it one instant at a time
(`zoneinfo`); here it is read decade by decade into two small arrays, kept, and searched.  Only the
decades that occur in the data are read, so one order dated 9999 does not cost eight centuries.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np

from ganj.calendar.days import Array
from ganj.errors import GanjError
from ganj.text import Text

SECOND = 1_000_000
DAY = 86_400 * SECOND
DECADE = 3_653 * DAY  # a fixed stretch of time; where it begins is of no matter
PROBE = 86_400  # seconds between two looks at the clock; no zone changes twice within a day
EARLIEST, LATEST = -62_135_510_400, 253_402_214_400  # the seconds between which Python has dates
FEW = 12
CHUNK = 1 << 15  # rows worked on at a time: they stay in the cache of a core


class UnknownZone(GanjError):
    """A time zone nobody has heard of. Facts: ``zone``."""

    status = 422
    says = Text("There is no time zone named {zone!r}.", "منطقهٔ زمانی‌ای به نام «{zone}» نیست.")
    hint = Text(
        "Use a name such as Asia/Tehran or Europe/Berlin.", "نامی مانند Asia/Tehran یا Europe/Berlin بنویسید."
    )


@lru_cache(maxsize=64)
def zone_info(zone: str) -> ZoneInfo:
    """Return the zone's rules; raise `UnknownZone`."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as mistake:
        raise UnknownZone(zone=zone) from mistake


@cache
def zones() -> frozenset[str]:
    """Return the names of all zones; Python reads some six hundred files for them each time it is asked."""
    return frozenset(available_timezones())


def offset_at(zone: str, second: int) -> int:
    """Return seconds east of UTC at one instant (seconds since 1970)."""
    clamped = min(max(second, EARLIEST), LATEST)
    moment = dt.datetime.fromtimestamp(clamped, zone_info(zone))
    offset = moment.utcoffset() or dt.timedelta()
    return offset.days * 86_400 + offset.seconds


def _change(zone: str, low: int, high: int, before: int) -> int:
    """Return the first second in (low, high] whose offset is not ``before``, by halving."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset_at(zone, middle) == before else (low, middle)
    return high


@lru_cache(maxsize=1024)
def _decade(zone: str, number: int) -> tuple[tuple[int, int], ...]:
    """Return (instant, offset) pairs in µs: the decade's start and each change within it."""
    at, end = number * DECADE // SECOND, (number + 1) * DECADE // SECOND
    steps = [(at, offset_at(zone, at))]
    while at < end:
        ahead = min(at + PROBE, end - 1)
        offset = offset_at(zone, ahead)
        if offset != steps[-1][1]:
            ahead = _change(zone, at, ahead, steps[-1][1])
            steps.append((ahead, offset_at(zone, ahead)))
        at = ahead if ahead < end - 1 else end
    return tuple((second * SECOND, offset * SECOND) for second, offset in steps)


def offsets(zone: str, decades: Array) -> tuple[Array, Array]:
    """Return the zone's steps over some decades: instants int64[k] and offsets int64[k], µs, sorted."""
    steps = [step for number in decades for step in _decade(zone, int(number))]
    kept = [step for n, step in enumerate(steps) if n == 0 or step[1] != steps[n - 1][1]]
    at, offset = np.array(kept, np.int64).T
    return at, offset


def decades_of(time: Array) -> Array:
    """Return the decades in which instants lie; int64[k], sorted."""
    if len(time) == 0:
        return np.zeros(1, np.int64)
    first, last = int(time.min()) // DECADE, int(time.max()) // DECADE
    if last - first < 40:
        return np.arange(first, last + 1)
    return np.unique(time // DECADE)


def steps_over(time: Array, zone: str) -> tuple[Array, Array]:
    """Return the steps of a zone that instants fall on: int64[k] instants and int64[k] offsets, µs."""
    at, offset = offsets(zone, decades_of(time))
    if len(time) == 0 or len(at) == 1:
        return at[:1], offset[:1]
    low, high = np.searchsorted(at, [time.min(), time.max()], side="right")
    first = max(int(low) - 1, 0)
    return at[first:high], offset[first:high]


def local_chunk(time: Array, at: Array, offset: Array) -> Array:
    """Return local clock time, µs, of instants under a zone's steps; int64[n].

    A few steps are faster compared one after the other, in the vector units, than searched.
    """
    if len(at) > FEW:
        step = np.maximum(np.searchsorted(at, time, side="right") - 1, 0)
        local: Array = time + offset[step]
        return local
    local = time + offset[0]
    for moment, change in zip(at[1:], np.diff(offset), strict=True):
        local += (time >= moment) * change
    return local


def local_day(time: Array | int, zone: str) -> Array:
    """Return the local calendar day, in days since 1970-01-01, of instants in µs UTC; int64[n]."""
    moments = np.atleast_1d(np.asarray(time, np.int64))
    at, offset = steps_over(moments, zone)
    days = np.empty(len(moments), np.int64)
    for low in range(0, len(moments), CHUNK):
        days[low : low + CHUNK] = local_chunk(moments[low : low + CHUNK], at, offset) // DAY
    return days if np.ndim(time) else days[0]


def local_time(time: Array | int, zone: str) -> Array:
    """Return the time on the wall, µs since 1970-01-01 00:00 local, of instants in µs UTC; int64[n]."""
    moments = np.atleast_1d(np.asarray(time, np.int64))
    local = local_chunk(moments, *steps_over(moments, zone))
    return local if np.ndim(time) else local[0]


def instant(local: Array | int, zone: str) -> Array:
    """Return the first instant, µs UTC, at which the wall shows a local time or a later one; int64[n].

    A time that daylight saving skips is the instant of the change; one that occurs twice is its first
    occurrence.  So the answer for a midnight is where that day begins, in every zone.
    """
    wall = np.atleast_1d(np.asarray(local, np.int64))
    numbers = decades_of(wall)
    around = np.unique(np.concatenate([numbers - 1, numbers, numbers + 1]))
    at, offset = offsets(zone, around)
    shown_until = np.maximum.accumulate(np.append(at[1:], np.iinfo(np.int64).max - DAY) + offset)
    step = np.searchsorted(shown_until, wall, side="right")
    # the first step (of the zone's earliest known offset) has no beginning
    begun = np.where(step == 0, wall - offset[0], at[step])
    found = np.maximum(begun, wall - offset[step])
    return found if np.ndim(local) else found[0]
