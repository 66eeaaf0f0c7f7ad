"""When a source is asked again: after a while, or at a time of the workspace's calendar.

==========================  =====================================================
``15m``, ``1h``, ``2d``     so long after the last time
``daily 03:00``             «روزانه ۰۳:۰۰»
``weekly sat 03:00``        «هفتگی شنبه ۰۳:۰۰»
``monthly 1 03:00``         «ماهانه ۱ ۰۳:۰۰», by the workspace's calendar
``*/10 8-17 * * sat-wed``   five fields as cron has them; days and months by the workspace's calendar
==========================  =====================================================
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from ganj.calendar import Calendar, from_days, month_length
from ganj.errors import BadParameter
from ganj.parameters import duration
from ganj.persian import ascii_digits
from ganj.text import Text

SHORTEST = timedelta(seconds=10)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
EPOCH = date(1970, 1, 1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In Python's order of weekdays."""
PERSIAN_DAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
WORDS = {"روزانه": "daily", "هفتگی": "weekly", "ماهانه": "monthly"}
HOW = Text(
    "write 15m, 1h, daily 03:00, weekly sat 03:00, monthly 1 03:00, or five fields as in cron.",
    "به شکل 15m، 1h، «روزانه ۰۳:۰۰»، «هفتگی شنبه ۰۳:۰۰»، «ماهانه ۱ ۰۳:۰۰» یا پنج خانهٔ cron بنویسید.",
)
SOON = Text("at least ten seconds must lie between two times.", "میان دو بار دست‌کم باید ده ثانیه باشد.")
NEVER = Text("there is no such day.", "چنین روزی نیست.")


class Schedule(Protocol):
    """When next."""

    def after(self, moment: int, zone: str, calendar: Calendar) -> int:
        """Return the next time after a moment; µs UTC."""


class Every(msgspec.Struct, frozen=True):
    """After a while."""

    length: timedelta

    def after(self, moment: int, zone: str, calendar: Calendar) -> int:
        """Return the moment and the length."""
        del zone, calendar
        return moment + self.length // timedelta(microseconds=1)


class At(msgspec.Struct, frozen=True):
    """At minutes and hours of days; an empty set is any."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()

    def after(self, moment: int, zone: str, calendar: Calendar) -> int:
        """Return the next such minute; one that a change of clocks leaves out falls after it."""
        local = datetime.fromtimestamp(moment / 1e6, ZoneInfo(zone)).replace(tzinfo=None)
        begins = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for ahead in range(366 * 8):
            day = begins.date() + timedelta(days=ahead)
            if not self._on(day, calendar):
                continue
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    wall = datetime.combine(day, clock(hour, minute))
                    at = round(wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).timestamp() * 1_000_000)
                    if wall >= begins and at > moment:
                        return at
        raise BadParameter(parameter="every", value="", why=NEVER)

    def _on(self, day: date, calendar: Calendar) -> bool:
        """Tell whether it happens on a day; as cron does, either of two restrictions of days is enough."""
        year, month, number = (int(part) for part in from_days((day - EPOCH).days, calendar))
        if self.months and month not in self.months:
            return False
        last = int(month_length(year, month, calendar))
        by_number = number in self.days or (number == last and any(one > last for one in self.days))
        by_weekday = day.weekday() in self.weekdays
        if self.days and self.weekdays:
            return by_number or by_weekday
        return (by_number or not self.days) and (by_weekday or not self.weekdays)


def read(words: str) -> Schedule:
    """Read a schedule.

    Raises
    ------
    BadParameter
        It is none.
    """
    told = ascii_digits(words.strip()).lower().split()
    told = [WORDS.get(word, word) for word in told]
    try:
        return _read(told)
    except (ValueError, IndexError) as wrong:
        raise BadParameter(parameter="every", value=words, why=HOW) from wrong


def _read(told: list[str]) -> Schedule:
    if len(told) == 1:
        length = duration(told[0])
        if length < SHORTEST:
            raise BadParameter(parameter="every", value=told[0], why=SOON)
        return Every(length)
    if len(told) == 5:
        return _cron(told)
    hour, minute = _time(told[-1])
    day, weekday = frozenset[int](), frozenset[int]()
    if told[0] == "weekly" and len(told) == 3:
        weekday = frozenset({_weekday(told[1])})
    elif told[0] == "monthly" and len(told) == 3:
        day = _numbers(told[1], 1, 31)
    elif told[0] != "daily" or len(told) != 2:
        raise ValueError(told[0])
    return At(minutes=frozenset({minute}), hours=frozenset({hour}), days=day, weekdays=weekday)


def said(words: str) -> Text | timedelta:
    """Say a schedule in words, or give its length; five fields stay as they are written."""
    told = [WORDS.get(word, word) for word in ascii_digits(words.strip()).lower().split()]
    plan = _read(told)
    if isinstance(plan, Every):
        return plan.length
    if len(told) == 5:
        return Text(" ".join(told), " ".join(told))
    if told[0] == "weekly":
        day = _weekday(told[1])
        return Text(f"{DAYS[day].title()} {told[-1]}", f"{PERSIAN_DAYS[day]}‌ها {told[-1]}")
    if told[0] == "monthly":
        return Text(f"day {told[1]} of the month, {told[-1]}", f"روز {told[1]} هر ماه، {told[-1]}")
    return Text(f"every day {told[-1]}", f"هر روز {told[-1]}")


def _cron(told: list[str]) -> At:
    minute, hour, day, month, weekday = told
    return At(
        minutes=_numbers(minute, 0, 59) or frozenset(range(60)),
        hours=_numbers(hour, 0, 23) or frozenset(range(24)),
        days=_numbers(day, 1, 31),
        months=_numbers(month, 1, 12),
        weekdays=_weekdays(weekday),
    )


def _numbers(field: str, low: int, high: int) -> frozenset[int]:
    """Read ``*``, ``5``, ``1-5``, ``*/10``, ``1,15``; empty where any number will do."""
    found: set[int] = set()
    for part in field.split(","):
        match = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
        if match is None:
            raise ValueError(part)
        first, last, step = match.groups()
        if first is None and step is None:
            return frozenset()
        begin, end = int(first or low), int(last or (first if first and not step else high))
        if not (low <= begin <= end <= high) or step == "0":
            raise ValueError(part)
        found |= set(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


def _weekdays(field: str) -> frozenset[int]:
    """Read ``*``, ``sat``, ``sat-wed``, ``0,6`` (Sunday is 0 or 7, as in cron)."""
    if field == "*":
        return frozenset()
    found: set[int] = set()
    for part in field.split(","):
        first, _, last = part.partition("-")
        begin, end = _weekday(first), _weekday(last or first)
        found |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    return frozenset(found)


def _weekday(word: str) -> int:
    if word.isdigit() and int(word) <= 7:
        return (int(word) - 1) % 7
    if word in PERSIAN_DAYS:
        return PERSIAN_DAYS.index(word)
    return DAYS.index(word[:3])


def _time(word: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", word)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(word)
    return int(found[1]), int(found[2])


def due(words: str, moment: int, zone: str, calendar: Calendar, failures: int) -> int:
    """Return when a source is due after a run; after failures in a row later and later, µs UTC.

    A failed run is tried again after a minute, then two, four … at most six hours: not sooner than a source
    that is asked every hour would be, but sooner than one that is asked once a month.
    """
    usual = read(words).after(moment, zone, calendar)
    if not failures:
        return usual
    wait: timedelta = min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT)
    again = moment + wait // timedelta(microseconds=1)
    return max(usual, again) if isinstance(read(words), Every) else min(usual, again)
