"""What the calendar alone would bring: weekdays, months, feasts and the weeks before them.

A day's figure is taken as quasi-Poisson with ``ln mean = level + trend + what the calendar says of the day``.  What the
calendar says is estimated from the days before, shrunk toward "nothing" as if each mark had been seen to do little
(a normal prior on each), so that a year of history tells much and a month only weekdays.  Trend is fitted so that it
is not taken for a season, and then left out: growth is a reason, not a season.

Source: P. McCullagh, J. Nelder, Generalized Linear Models, 2nd ed. 1989, ch. 9 (quasi-likelihood); the marks of the
Iranian year as in docs/analyses/why.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.calendar import (
    Calendar,
    gregorian_from_days,
    holidays_between,
    is_holiday,
    jalali_from_days,
    weekdays,
)
from ganj.histories import Array

LEAST = 28
"""Days of history below which the calendar says nothing."""
MONTHS_FROM = 330
"""Days of history from which months are told apart."""
BELIEF = 0.4
"""Standard deviation of what a mark is believed to do, in logarithms, before anything is seen."""
ROUNDS = 25
FASTING = 29
"""Days of Ramadan that are sure."""
YEAR = 365.2425


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """How busy days are, by the calendar alone.

    Attributes
    ----------
    busy : float64[asked days], relative; 1 is a day of which nothing is said
    noise : variance over mean of a day, at least 1
    known : whether there was history enough to tell
    """

    busy: Array
    noise: float
    known: bool


def rhythm(day: Array, figure: Array, asked: Array, calendar: Calendar) -> Rhythm:
    """Learn what the calendar does from some days, and say it of others.

    Parameters
    ----------
    day : int64[n], consecutive days since 1970-01-01
    figure : float64[n], not negative
    asked : int64[m]
    """
    day = np.asarray(day, np.int64)
    if len(day) < LEAST or figure.sum() <= 0:
        return Rhythm(np.ones(len(asked)), 1.0, known=False)
    years = (day - day[-1]) / YEAR
    trend = np.column_stack((np.ones(len(day)), years, years * years))
    said = marks(day, calendar, months=len(day) >= MONTHS_FROM)
    seen = said.any(axis=0) & ~said.all(axis=0)
    weights, noise = _fit(np.column_stack((trend, said[:, seen])), figure / figure.mean(), trend.shape[1])
    what = marks(np.asarray(asked, np.int64), calendar, months=len(day) >= MONTHS_FROM)[:, seen]
    return Rhythm(
        np.exp(what @ weights[trend.shape[1] :]), max(noise * float(figure.mean()), 1.0), known=True
    )


def _fit(x: Array, y: Array, free: int) -> tuple[Array, float]:
    """Return the weights of highest penalised quasi-likelihood, the first few free, and variance over mean."""
    weights = np.zeros(x.shape[1])
    noise, penalty = 1.0, np.full(x.shape[1], 1 / BELIEF**2)
    penalty[:free] = (1e-6, 1.0, 4.0)[:free]
    for _ in range(ROUNDS):
        mean = np.exp(np.clip(x @ weights, -20, 20))
        pull = x.T @ ((y - mean) / noise) - penalty * weights
        push = (x.T * (mean / noise)) @ x + np.diag(penalty)
        step = np.linalg.solve(push, pull)
        weights = weights + np.clip(step, -1, 1)
        mean = np.exp(np.clip(x @ weights, -20, 20))
        noise = max(float(((y - mean) ** 2 / np.maximum(mean, 1e-9)).mean()), 1e-6)
        if np.abs(step).max() < 1e-9:
            break
    return weights, noise


def marks(day: Array, calendar: Calendar, *, months: bool = True) -> Array:
    """Return what the calendar says of each day: float64[n, marks], of 0 and 1."""
    week = [weekdays(day) == n for n in range(7)]
    own = _jalali(day) if calendar == "jalali" else _gregorian(day)
    month = jalali_from_days(day)[1] if calendar == "jalali" else gregorian_from_days(day)[1]
    year = [month == n for n in range(1, 13)] if months else []
    return np.column_stack((*week, *own, *year)).astype(np.float64)


def _jalali(day: Array) -> list[Array]:
    """Mark the Iranian year: Nowruz and the rush before it, Yalda, Ramadan, days off, mourning, black Friday."""
    _, month, nth = jalali_from_days(day)
    return [
        (month == 1) & (nth <= 13),
        (month == 12) & (nth >= 12) & (nth <= 28),
        (month == 9) & (nth >= 23),
        np.isin(day, [eid - n for eid in _named(day, "Eid al-Fitr") for n in range(1, FASTING + 1)]),
        np.isin(day, _named(day, "Tasua") + _named(day, "Ashura")),
        is_holiday(day),
        _black_friday(day),
    ]


def _gregorian(day: Array) -> list[Array]:
    """Mark what shops of the Gregorian year have in common: black Friday, Advent, the days after Christmas."""
    _, month, nth = gregorian_from_days(day)
    return [
        _black_friday(day),
        (month == 12) & (nth <= 23),
        ((month == 12) & (nth >= 24)) | ((month == 1) & (nth <= 1)),
    ]


def _black_friday(day: Array) -> Array:
    """Tell the Friday after November's fourth Thursday and the day before it; bool[n]."""

    def friday(at: Array) -> Array:
        _, month, nth = gregorian_from_days(at)
        met: Array = (weekdays(at) == 4) & (month == 11) & (nth >= 23) & (nth <= 29)
        return met

    either: Array = friday(day) | friday(day + 1)
    return either


def _named(day: Array, name: str) -> list[int]:
    """Return the first days of the public holidays of a name, in English, about some days."""
    if not len(day):
        return []
    known = holidays_between(int(day.min()) - 40, int(day.max()) + 40)
    return [
        at
        for at, words in known.items()
        if any(name in part and "Holiday" not in part for part in words.en.split(";"))
    ]
