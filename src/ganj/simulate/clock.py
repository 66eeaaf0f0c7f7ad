"""The seasons as a clock.

Customers buy as a homogeneous process in *operational time*, which runs faster when the shop is
busy: Esfand, Yalda, Thursdays before a feast, nine in the evening.  Because the clock is one monotone
function of real time, every law that holds in operational time (exponential gaps, dropout, BG/NBD)
stays exactly true and exactly recoverable: ``Clock.operational`` undoes the seasons.

References
----------
Brown, Barbieri, Ventura, Kass, Frank (2002), "The time-rescaling theorem and its application to neural
spike train data analysis", Neural Computation 14(2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.calendar import holidays_between, instant, jalali_from_days, weekdays
from ganj.histories import DAY, Array
from ganj.simulate.world import Seasons, World

RAMADAN_DAYS = 29  # the sure ones; whether there is a thirtieth is seen, not computed
NOVEMBER = 11
THURSDAY, FRIDAY = 3, 4


@dataclass(frozen=True, eq=False)
class Clock:
    """Real time ↔ operational time, hour by hour.

    Attributes
    ----------
    day : int64[days], days since 1970-01-01
    weight : float64[days], how busy each day is; mean 1
    edge : int64[24 * days + 1], µs UTC, the hours' beginnings and the end
    passed : float64[24 * days + 1], operational days since the beginning
    """

    day: Array
    weight: Array
    edge: Array
    passed: Array

    @property
    def first(self) -> int:
        """The first instant, µs UTC."""
        return int(self.edge[0])

    @property
    def last(self) -> int:
        """The end, µs UTC; nothing happens at it or later."""
        return int(self.edge[-1])

    def operational(self, time: Array) -> Array:
        """Return operational days since the beginning; float64[n]."""
        passed: Array = np.interp(time, self.edge, self.passed)
        return passed

    def real(self, operational: Array) -> Array:
        """Return the instant, whole seconds in µs UTC, of operational times; int64[n]."""
        moment = np.interp(operational, self.passed, self.edge)
        second = 1_000_000
        whole: Array = moment.astype(np.int64) // second * second
        return np.clip(whole, self.first, self.last - second)

    def day_of(self, time: Array) -> Array:
        """Return which day of the period an instant lies in, from 0; int64[n]."""
        return np.clip(np.searchsorted(self.edge[::24], time, side="right") - 1, 0, len(self.day) - 1)


def clock(first_day: int, days: int, world: World) -> Clock:
    """Build the clock of a period from its first local day."""
    day = np.arange(first_day, first_day + days)
    weight = busyness(day, world.seasons)
    fasting = ramadan(day)
    plain, late = (np.array(h) / sum(h) for h in (world.seasons.hours, world.seasons.ramadan_hours))
    hours = weight[:, None] * np.where(fasting[:, None], late, plain)
    midnight = instant(np.arange(first_day, first_day + days + 1) * DAY, world.zone)
    # Hours are twenty-fourths of the local day, so a day of daylight saving stays one day.
    step = np.diff(midnight)[:, None] * np.arange(24) // 24
    edge = np.append((midnight[:-1, None] + step).ravel(), midnight[-1])
    passed = np.concatenate((np.zeros(1), np.cumsum(hours.ravel())))
    return Clock(day, weight, edge, passed)


def busyness(day: Array, seasons: Seasons) -> Array:
    """Return how busy each day is, mean 1; float64[days]."""
    _, month, nth = jalali_from_days(day)
    weight: Array = np.array(seasons.months)[month - 1] * np.array(seasons.weekdays)[weekdays(day)]
    for there, factor in (
        ((month == 12) & (nth >= 12) & (nth <= 28), seasons.esfand_rush),
        ((month == 1) & (nth <= 13), seasons.nowruz_holiday),
        (yalda(day), seasons.yalda),
        (ramadan(day), seasons.ramadan),
        (black_friday(day), seasons.black_friday),
        (mourning(day), seasons.mourning),
    ):
        weight = np.where(there, weight * factor, weight)
    mean_one: Array = weight / weight.mean()
    return mean_one


def yalda(day: Array) -> Array:
    """Tell the days of shopping before the longest night, 23–30 Azar; bool[days]."""
    _, month, nth = jalali_from_days(day)
    there: Array = (month == 9) & (nth >= 23)
    return there


def ramadan(day: Array) -> Array:
    """Tell the days of Ramadan: the 29 days before each Eid al-Fitr; bool[days]."""
    feasts = _named(day, "Eid al-Fitr", skip="Holiday")
    return np.isin(day, [eid - n for eid in feasts for n in range(1, RAMADAN_DAYS + 1)])


def mourning(day: Array) -> Array:
    """Tell Tasua and Ashura; bool[days]."""
    return np.isin(day, _named(day, "Tasua") + _named(day, "Ashura"))


def black_friday(day: Array) -> Array:
    """Tell the last Friday of November and the Thursday before it; bool[days]."""
    friday = _late_november(day) & (weekdays(day) == FRIDAY)
    thursday = _late_november(day + 1) & (weekdays(day) == THURSDAY)
    either: Array = friday | thursday
    return either


def _late_november(day: Array) -> Array:
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    nth = (date - month.astype("datetime64[D]")).astype(np.int64) + 1
    late: Array = (month.astype(np.int64) % 12 + 1 == NOVEMBER) & (nth >= 24)
    return late


def _named(day: Array, name: str, skip: str = "—") -> list[int]:
    """Return the public holidays of a name, in English, about the period."""
    known = holidays_between(int(day[0]) - 40, int(day[-1]) + 40)
    return [
        at
        for at, words in known.items()
        if any(name in part and skip not in part for part in words.en.split(";"))
    ]


def dice(seed: int, name: str) -> np.random.Generator:
    """Return the random numbers of one part of the shop, so that changing one part moves no other."""
    return np.random.Generator(np.random.PCG64([seed, *name.encode()]))
