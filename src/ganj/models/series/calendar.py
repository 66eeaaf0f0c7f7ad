"""What the calendar says of days: the columns a figure is explained with.

Iran's business year has a Jalali and a lunar part, and neither repeats in a Gregorian one: the rush of Esfand and
the still fortnight of Nowruz move with the leap years, Ramadan comes eleven days earlier each year.  So seasons are
told as columns, one for each stretch of days that business knows, in place of waves of a fixed length.
Feasts are as observed where they are known; where a date is only estimated, a day before and after share it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ganj.calendar import first_day, from_days, holidays_between, jalali_from_days, month_names, weekdays
from ganj.calendar.buckets import Period
from ganj.calendar.days import Calendar
from ganj.calendar.words import WEEKDAYS
from ganj.histories import Array
from ganj.text import Text

MARGIN = 50
"""Days looked at beside the asked ones: windows reach over the edge."""
ESTIMATED = "(estimated)"
MONTH = "month:"
"""Begins the names of the columns of months."""
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
BEFORE_NOWRUZ = ((-35, -29), (-28, -22), (-21, -15), (-14, -8), (-7, -3), (-2, -1))
AFTER_NOWRUZ = ((0, 3), (4, 7), (8, 12), (13, 17), (18, 24))
RAMADAN = 29
"""Days before Eid al-Fitr that are surely of Ramadan."""
DAYS_OF_MONTH = ((1, 3), (4, 10), (11, 20), (21, 25), (26, 31))
"""Pay comes at the end of a month and is spent at its edges."""
BEFORE, AFTER = range(-7, 0), range(1, 4)
"""Days about a feast in which it is felt."""
FEASTS: tuple[tuple[str, str, Text], ...] = (
    ("fitr", "Eid al-Fitr", Text("Eid al-Fitr", "عید فطر")),
    ("adha", "Eid al-Adha", Text("Eid al-Adha", "عید قربان")),
    ("ghadir", "Eid al-Ghadir", Text("Eid al-Ghadir", "عید غدیر")),
    ("ashura", "Ashura", Text("Tasua and Ashura", "تاسوعا و عاشورا")),
    ("arbaeen", "Arbaeen", Text("Arbaeen", "اربعین")),
    ("father", "Birthday of Imam Ali", Text("Father's day", "روز پدر")),
    ("mahdi", "Birthday of Mahdi", Text("Mid-Sha'ban", "نیمهٔ شعبان")),
)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns of a calendar, of days or of periods.

    Attributes
    ----------
    names : codes, for programs
    labels : for people
    values : float64[rows, columns]; of a period the mean of its days
    """

    names: tuple[str, ...]
    labels: tuple[Text, ...]
    values: Array

    @property
    def festive(self) -> Array:
        """bool[rows]: what touches Nowruz or Ramadan, weeks on end that are like no others and come once a year."""
        at = [n for n, name in enumerate(self.names) if name.startswith(("nowruz", "ramadan"))]
        found: Array = self.values[:, at].sum(axis=1) > 0
        return found

    def where(self, kept: Array) -> Columns:
        """Return some of the columns: ``bool[columns]``."""
        at = np.flatnonzero(kept)
        return Columns(
            tuple(self.names[n] for n in at), tuple(self.labels[n] for n in at), self.values[:, at]
        )


Column = tuple[str, Text, Array]


def of_periods(
    ordinals: Array, period: Period, calendar: Calendar, week_start: int = 5, country: str = "IR"
) -> Columns:
    """Return the columns of consecutive periods; for a period other than a day the weekdays it holds, too."""
    edges = first_day(np.append(ordinals, ordinals[-1] + 1), period, calendar, week_start)
    return between(edges, calendar, country, weekly=period == "day")


def between(edges: Array, calendar: Calendar, country: str, *, weekly: bool = False) -> Columns:
    """Return the columns of stretches of days that begin at ``edges`` and end where the next begins.

    ``weekly`` leaves the weekdays out, because whoever asks has them as a season.
    """
    day = np.arange(int(edges[0]) - MARGIN, int(edges[-1]) + MARGIN)
    found = list(_columns(day, calendar, country, weekly=weekly))
    values = np.column_stack([column for *_, column in found])
    at = np.searchsorted(day, edges)
    sums = np.concatenate((np.zeros((1, values.shape[1])), values.cumsum(axis=0)))
    size = np.diff(at)[:, None]
    columns = np.diff(sums[at], axis=0) / size
    names, labels = [name for name, *_ in found], [label for _, label, _ in found]
    if len(np.unique(size)) > 1:
        names.append("length")
        labels.append(Text("Days in the period", "روزهای دوره"))
        columns = np.column_stack((columns, np.log(size[:, 0] / size.mean())))
    return Columns(tuple(names), tuple(labels), columns)


def _columns(day: Array, calendar: Calendar, country: str, *, weekly: bool) -> Iterator[Column]:
    yield from _months(day, calendar)
    if not weekly:
        for number, name in enumerate(WEEKDAYS):
            yield f"weekday:{number}", name, (weekdays(day) == number).astype(np.float64)
    yield from _iran(day) if country == "IR" else _abroad(day, country)
    friday = (weekdays(day) == 4) & _late_november(day)
    sale = np.convolve(friday, [1.0, 1.0, 0.0], "same")
    yield "black_friday", Text("Black Friday", "بلک‌فرایدی"), sale


def _months(day: Array, calendar: Calendar) -> Iterator[Column]:
    _, month, nth = from_days(day, calendar)
    for number, name in enumerate(month_names(calendar), start=1):
        yield f"{MONTH}{number}", name, (month == number).astype(np.float64)
    for low, high in DAYS_OF_MONTH:
        label = Text(f"Days {low} to {high} of the month", f"روزهای {low} تا {high} ماه".translate(PERSIAN))
        yield f"days:{low}-{high}", label, ((nth >= low) & (nth <= high)).astype(np.float64)


def _iran(day: Array) -> Iterator[Column]:
    """Yield Nowruz, Ramadan, feasts, Yalda, the opening of schools, and other days off."""
    year, month, nth = jalali_from_days(day)
    yield from _nowruz(day, year)
    holidays = holidays_between(int(day[0]), int(day[-1]))
    yield from _ramadan(day, holidays)
    told = np.zeros(len(day))
    for code, name, label in FEASTS:
        on = _named(day, holidays, name)
        told = np.maximum(told, on)
        yield code, label, on if code != "ashura" else np.maximum(on, _named(day, holidays, "Tasua"))
        yield f"{code}:before", Text(f"Before {label.en}", f"پیش از {label.fa}"), _about(on, BEFORE)
    yalda = (month == 9) & (nth >= 23)
    yield "yalda", Text("Before Yalda", "روزهای پیش از یلدا"), yalda.astype(np.float64)
    yield "azar", Text("Middle of Azar", "نیمهٔ آذر"), ((month == 9) & (nth > 12) & ~yalda).astype(np.float64)
    school = ((month == 6) & (nth >= 18)) | ((month == 7) & (nth <= 7))
    yield "school", Text("Opening of schools", "بازگشایی مدرسه‌ها"), school.astype(np.float64)
    new_year = ((month == 1) & (nth <= 4)) | (month == 12) & (nth >= 29)
    off = _all(day, holidays) * (told == 0) * ~new_year
    yield "holiday", Text("Other public holidays", "دیگر تعطیلات رسمی"), off
    yield "holiday:eve", Text("Eve of a public holiday", "شب تعطیلی رسمی"), _about(off, range(-1, 0))


def _nowruz(day: Array, year: Array) -> Iterator[Column]:
    from ganj.calendar.days import days_from_jalali

    since = day - days_from_jalali(year, 1, 1)
    until = day - days_from_jalali(year + 1, 1, 1)
    for low, high in BEFORE_NOWRUZ:
        label = Text(
            f"{-high} to {-low} days before Nowruz", f"{-high} تا {-low} روز پیش از نوروز".translate(PERSIAN)
        )
        yield f"nowruz:{low}", label, ((until >= low) & (until <= high)).astype(np.float64)
    for low, high in AFTER_NOWRUZ:
        label = Text(
            f"{low + 1} to {high + 1} Farvardin", f"{low + 1} تا {high + 1} فروردین".translate(PERSIAN)
        )
        yield f"nowruz:+{low}", label, ((since >= low) & (since <= high)).astype(np.float64)


def _ramadan(day: Array, holidays: dict[int, Text]) -> Iterator[Column]:
    feast = _named(day, holidays, "Eid al-Fitr", besides="Holiday")
    yield "ramadan", Text("Ramadan", "ماه رمضان"), _about(feast, range(-RAMADAN, 0))
    yield "ramadan:end", Text("Last ten days of Ramadan", "دههٔ پایانی رمضان"), _about(feast, range(-10, 0))


def _abroad(day: Array, country: str) -> Iterator[Column]:
    """Yield each public holiday of another country with the days about it."""
    holidays = holidays_between(int(day[0]), int(day[-1]), country)
    for name in dict.fromkeys(part for words in holidays.values() for part in words.en.split("; ")):
        on = _named(day, holidays, name)
        if np.any(on):
            label = Text(name, name)
            yield f"on:{name}", label, on
            yield f"before:{name}", Text(f"Before {name}", f"پیش از {name}"), _about(on, BEFORE)
            yield f"after:{name}", Text(f"After {name}", f"پس از {name}"), _about(on, AFTER)


def _named(day: Array, holidays: dict[int, Text], name: str, besides: str = "—") -> Array:
    """Return where a feast is: 1 on its day, or spread over three where its date is only estimated."""
    found = np.zeros(len(day))
    for at, words in holidays.items():
        for part in words.en.split("; "):
            if name in part and besides not in part:
                _put(found, at - int(day[0]), spread=ESTIMATED in part)
    return found


def _all(day: Array, holidays: dict[int, Text]) -> Array:
    found = np.zeros(len(day))
    for at, words in holidays.items():
        _put(found, at - int(day[0]), spread=ESTIMATED in words.en)
    return np.minimum(found, 1.0)


def _put(found: Array, at: int, *, spread: bool) -> None:
    for step, share in ((-1, 0.25), (0, 0.5), (1, 0.25)) if spread else ((0, 1.0),):
        if 0 <= at + step < len(found):
            found[at + step] += share


def _about(on: Array, steps: range) -> Array:
    """Return the days that lie so many days from those given: -1 is the day before."""
    found = np.zeros(len(on))
    for step in steps:
        moved = np.roll(on, step)
        if step > 0:
            moved[:step] = 0
        else:
            moved[step:] = 0
        found = np.maximum(found, moved)
    return found


def _late_november(day: Array) -> Array:
    _, month, nth = from_days(day, "gregorian")
    late: Array = (month == 11) & (nth >= 23) & (nth <= 29)
    return late
