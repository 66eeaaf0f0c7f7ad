"""What a model of buying expects day by day of all customers, and whether what comes still is what it expects.

Of each customer only the day of the first purchase is known to it: the curve is what the model says of customers of
these first days, not a fit to the curve itself.

Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, Marketing Science 24(2), 2005, figures 2 and 3 (tracking plots).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ganj.histories import Array
from ganj.models.purchases import Purchases
from ganj.models.worth import Buying

SURE = 1.96
"""Deviations around what is expected of a week, 95 %."""
ERRS = 0.01
"""Chance of a false alarm, over all that is tracked together."""
WORTH = 0.1
"""A smaller relative difference is no news, however sure."""
ENOUGH = 10.0
"""Of fewer expected purchases nothing is told."""
ECHO = 0.8
"""The most that neighbouring weeks are taken to repeat each other."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Repeat purchases week by week.

    Attributes
    ----------
    week : int64[n], numbers of calendar weeks
    actual, expected : purchases of these weeks, float64[n]
    held : bool[n], weeks the model had not seen
    people : customers who bought again in these weeks, float64[n]
    """

    week: Array
    actual: Array
    expected: Array
    held: Array
    people: Array

    @property
    def spread(self) -> float:
        """How many times a week's variance is that of independent purchases; from weeks the model has seen."""
        return self._spread[0]

    @property
    def limits(self) -> tuple[Array, Array]:
        """Return between what a week's purchases are 95 times of a hundred, if the model holds: float64[n] each."""
        wide = SURE * np.sqrt(self.spread * np.maximum(self.expected, 0))
        return np.maximum(self.expected - wide, 0), self.expected + wide

    @property
    def sums(self) -> tuple[float, float]:
        """Purchases of all held-out weeks that came, and that were expected."""
        return float(self.actual[self.held].sum()), float(self.expected[self.held].sum())

    @property
    def wide(self) -> float:
        """One deviation of what comes in all held-out weeks together."""
        spread, echo = self._spread
        return float(np.sqrt(spread * self.sums[1] * (1 + echo) / (1 - echo)))

    @property
    def apart(self) -> float:
        """How many deviations all held-out weeks together are from what was expected; nan without such weeks."""
        came, expected = self.sums
        return (came - expected) / self.wide if expected else float("nan")

    @property
    def drifts(self) -> bool:
        """Whether what came is surely, and noticeably, not what was expected."""
        return self.drifting(1)

    def drifting(self, among: int) -> bool:
        """Tell the same where so many tracks are watched, so that one false alarm of all is as rare."""
        came, expected = self.sums
        alarm = NormalDist().inv_cdf(1 - ERRS / (2 * among))
        far = abs(came - expected) > WORTH * expected and abs(self.apart) > alarm
        return bool(far and expected >= ENOUGH)

    @property
    def since(self) -> int:
        """The place of the first week of the last run of held-out weeks that are all on the drift's side."""
        side = np.sign(np.nan_to_num(self.apart))
        other = np.flatnonzero(~self.held | (np.sign(self.actual - self.expected) != side))
        return min(int(other[-1]) + 1 if len(other) else 0, len(self.week) - 1)

    @property
    def _spread(self) -> tuple[float, float]:
        """Return the spread, and how much a week repeats the one before: 0..`ECHO`."""
        seen = ~self.held & (self.expected > 1)
        if seen.sum() < 8:
            return 1.0, 0.0
        off = (self.actual - self.expected)[seen] / np.sqrt(self.expected[seen])
        whole = max(float(off @ off), 1e-300)
        return max(1.0, whole / len(off)), float(np.clip(off[1:] @ off[:-1] / whole, 0, ECHO))


def daily(model: Buying, parameters: Array, began: Array, unit: float) -> Array:
    """Return repeat purchases expected until the end of each day, of all who began: float64[days].

    Parameters
    ----------
    began : float64[days], customers by the day of their first purchase
    unit : days of one unit of time of ``parameters``
    """
    days = len(began)
    none = np.zeros(days)
    curve = model.expected(parameters, Purchases(none, none, none, none), np.arange(days) / unit)
    out: Array = np.convolve(began, curve)[:days]
    return out
