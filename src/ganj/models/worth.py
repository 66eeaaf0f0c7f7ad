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
LOW, HIGH = 0.1, 0.9
"""Eight customers of ten are within these limits."""
DEVIATIONS = 1.2816
"""The same limits of a normal figure."""


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

    def expected(self, parameters: Array, rows: Purchases, horizon: float | Array) -> Array:
        """Return purchases expected in the time after the observation: float64[n]; horizon one or float64[n]."""


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
        """Return the chance to be there, orders, their value, the discounted value, and limits of orders: float64[n, 6].

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
        low, high = limits(alive, orders, parameters[0] + days[:, 0])
        return np.column_stack((alive, orders, orders * each, discounted[of] * each, low, high))

    def together(self, rows: Purchases) -> tuple[float, float]:
        """Return between what the orders of all customers are, eight times of ten, if the model holds.

        Customers vary around what is expected of them, and the parameters are known only so well.
        """
        horizon, logs = self.horizon / self.unit, np.log(self.fit.parameters)
        orders = self.model.expected(self.fit.parameters, rows, horizon)
        alive = self.model.alive(self.fit.parameters, rows)
        if_there = orders / np.maximum(alive, 1e-300)
        square = if_there + if_there**2 * (1 + 1 / (self.fit.parameters[0] + rows.again))
        own = float((alive * square - orders**2) @ rows.count)
        moves = np.eye(len(logs)) * 1e-3
        slope = [
            (self._all(np.exp(logs + move), rows) - self._all(np.exp(logs - move), rows)) / 2e-3
            for move in moves
        ]
        wide = DEVIATIONS * float(np.sqrt(own + np.array(slope) @ self.fit.covariance @ np.array(slope)))
        total = float(orders @ rows.count)
        return max(total - wide, 0.0), total + wide

    def _all(self, parameters: Array, rows: Purchases) -> float:
        """Return the orders expected of all customers."""
        return float(self.model.expected(parameters, rows, self.horizon / self.unit) @ rows.count)


def limits(alive: Array, orders: Array, shape: Array) -> tuple[Array, Array]:
    """Return between what each customer's orders are, eight times of ten: float64[n] each, whole numbers.

    Who left orders nothing; who is there orders at a rate that is gamma with shape r + x, which makes orders
    negative binomial.  That some leave during the time ahead is in the mean alone.
    """
    low, high = np.zeros(len(orders)), np.zeros(len(orders))
    at = np.flatnonzero(orders > 0)
    mean = orders[at] / alive[at]
    share = np.log(mean / (shape[at] + mean))
    chance = shape[at] * -np.log1p(
        mean / shape[at]
    )  # ln of the chance of k orders; a small one does not underflow
    so_far = 1 - alive[at] + alive[at] * np.exp(chance)
    k = 0
    while len(at):
        low[at[so_far < LOW]] = k + 1
        going = so_far < HIGH
        high[at[~going]] = k
        at, share, so_far = at[going], share[going], so_far[going]
        chance = chance[going] + share + np.log((shape[at] + k) / (k + 1))
        so_far = so_far + alive[at] * np.exp(chance)
        k += 1
    return low, high
