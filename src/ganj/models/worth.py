"""What customers are expected to buy in the time to come, and what that is worth today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ganj.histories import Array
from ganj.models.fitting import Fit, fit
from ganj.models.purchases import Purchases, counted
from ganj.models.spend import GAMMA_GAMMA, Spend

MONTH, YEAR = 30.4375, 365.25
"""Days; value is discounted month by month."""


class Buying(Protocol):
    """A fitted kind of buying, such as BG/NBD."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""

    def start(self, rows: Purchases) -> Array:
        """Return a first guess: float64[p], positive."""

    def score(self, parameters: Array, rows: Purchases) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes and the number of customers."""

    def alive(self, parameters: Array, rows: Purchases) -> Array:
        """Return the chance that a customer has not left: float64[n]."""

    def expected(self, parameters: Array, rows: Purchases, horizon: float) -> Array:
        """Return purchases expected in the time after the observation: float64[n]."""


@dataclass(frozen=True, slots=True)
class SpendFit:
    """What a purchase is worth.

    Attributes
    ----------
    fit : of the Gamma-Gamma model; None where purchases do not tell it
    usual : mean of repeat purchases, taken where there is no fit
    """

    fit: Fit | None
    usual: float

    @classmethod
    def of(cls, again: Array, mean: Array, count: Array) -> SpendFit:
        """Fit customers with repeat purchases: numbers of them, their mean value and customers, float64[n]."""
        there = (again > 0) & (mean > 0)
        again, mean, count = again[there], mean[there], count[there]
        if count.sum() < 2 or np.ptp(mean) == 0:
            return cls(None, float(mean[0]) if len(mean) else 0.0)
        usual = float(mean @ (count * again) / (count @ again))
        found = fit(GAMMA_GAMMA, Spend(again, mean, count))
        return cls(found if found.converged and found.parameters[1] > 1 else None, usual)

    def expected(self, again: Array, mean: Array) -> Array:
        """Return the value expected of a customer's purchase: float64[n]."""
        if self.fit is None:
            return np.where(again > 0, mean, self.usual)
        return GAMMA_GAMMA.expected(self.fit.parameters, again, mean)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What follows from the fits for customers seen until a day.

    Attributes
    ----------
    model, fit : how customers buy
    spend : what they spend
    unit : days of one unit of time of ``fit``
    horizon : days to come
    discount : a year, as a share
    """

    model: Buying
    fit: Fit
    spend: SpendFit
    unit: float
    horizon: float
    discount: float

    def foreseen(self, days: Array, mean: Array) -> Array:
        """Return the chance to be there, orders, their value, and the discounted value: float64[n, 4].

        Parameters
        ----------
        days : float64[n, 3], purchases again, days from the first to the last, days seen
        mean : float64[n], mean value of the repeat purchases
        """
        rows, of = counted(days[:, 0], days[:, 1] / self.unit, days[:, 2] / self.unit)
        parameters = self.fit.parameters
        steps = max(1, min(240, round(self.horizon / MONTH)))
        ends = self.horizon * np.arange(1, steps + 1) / steps
        grown = np.stack([self.model.expected(parameters, rows, end / self.unit) for end in ends])
        today = (1 + self.discount) ** (-ends / YEAR)
        discounted = today @ np.diff(grown, axis=0, prepend=0.0)
        each = self.spend.expected(days[:, 0], mean)
        orders = grown[-1][of]
        alive = self.model.alive(parameters, rows)[of]
        return np.column_stack((alive, orders, orders * each, discounted[of] * each))
