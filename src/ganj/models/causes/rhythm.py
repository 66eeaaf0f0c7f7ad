"""What the calendar alone would bring: weekdays, months, feasts and the weeks before them.

A day's figure is taken as quasi-Poisson with ``ln mean = level + trend + what the calendar says of the day``.  What the
calendar says is estimated from the days before, shrunk toward "nothing" as if each mark had been seen to do little
(a normal prior on each), so that a year of history tells much and a month only weekdays.  Trend is fitted so that it
is not taken for a season, and then left out: growth is a reason, not a season.

Source: P. McCullagh, J. Nelder, Generalized Linear Models, 2nd ed. 1989, ch. 9 (quasi-likelihood).  What the calendar
says is that of forecasts, `ganj.models.series.calendar`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.calendar import Calendar
from ganj.histories import Array
from ganj.models.series.calendar import MONTH, between

LEAST = 28
"""Days of history below which the calendar says nothing."""
MONTHS_FROM = 330
"""Days of history from which months are told apart."""
BELIEF = 0.4
"""Standard deviation of what a mark is believed to do, in logarithms, before anything is seen."""
ROUNDS = 25
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


def rhythm(day: Array, figure: Array, asked: Array, calendar: Calendar, country: str = "IR") -> Rhythm:
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
    every = np.concatenate((day, np.asarray(asked, np.int64)))
    marked = marks(every, calendar, country, months=len(day) >= MONTHS_FROM)
    said = marked[: len(day)]
    seen = said.any(axis=0) & ~said.all(axis=0)
    weights, noise = _fit(np.column_stack((trend, said[:, seen])), figure / figure.mean(), trend.shape[1])
    what = marked[len(day) :, seen]
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


def marks(day: Array, calendar: Calendar, country: str, *, months: bool = True) -> Array:
    """Return what the calendar says of some days, int64[n] in any order: float64[n, marks] from 0 to 1."""
    first = int(day.min())
    found = between(np.arange(first, int(day.max()) + 2), calendar, country)
    kept = np.array([months or not name.startswith(MONTH) for name in found.names])
    said: Array = found.values[day - first][:, kept]
    return said
