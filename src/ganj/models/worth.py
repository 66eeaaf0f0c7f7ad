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
FINITE = 2.5
"""Purchases of which so little is known that their variance has no bound are taken to vary as if this much were."""
FORESEEN = ("alive", "orders", "value", "clv", "orders_low", "orders_high", "value_low", "value_high", "ever")
"""Chance to be there; orders, their value, that value discounted; limits of orders and of the value, eight times of ten;
and the discounted value of all the time to come."""


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

    def forever(self, parameters: Array, rows: Purchases, force: float) -> Array:
        """Return purchases of all the time after it, discounted by a force of interest: float64[n]."""


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

    def squares(self, again: Array, mean: Array) -> tuple[Array, Array]:
        """Return what makes the mean square of the value of n purchases, u·n² + v·n: float64[n] each.

        Given what is known, the sum of n purchases is inverse-gamma times gamma; without a fit values do not vary.
        """
        each = self.expected(again, mean)
        if self.fit is None:
            return each**2, np.zeros(len(each))
        p, q, gamma = (float(value) for value in self.fit.parameters)
        known = np.maximum(p * again + q, FINITE)
        scale = (gamma + again * mean) ** 2 / ((known - 1) * (known - 2))
        return p**2 * scale, p * scale


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
        """Return what is foreseen of each customer: float64[n, 9], columns `FORESEEN`.

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
        least, most = self._worth(alive, orders, days[:, 0], mean)
        ever = self._forever(rows)[of] * each
        return np.column_stack(
            (alive, orders, orders * each, discounted[of] * each, low, high, least, most, ever)
        )

    def _forever(self, rows: Purchases) -> Array:
        """Return discounted purchases of all the time to come: float64[n]; nan without a discount: it has no bound."""
        force = np.log1p(self.discount) / YEAR * self.unit
        if not force:
            return np.full(len(rows.again), np.nan)
        return self.model.forever(self.fit.parameters, rows, force)

    def _worth(self, alive: Array, orders: Array, again: Array, mean: Array) -> tuple[Array, Array]:
        """Return between what the value of each customer's orders is, eight times of ten: float64[n] each.

        What is above zero is taken as log-normal with its mean and mean square.
        """
        shape = self.fit.parameters[0] + again
        if_there = orders / np.maximum(alive, 1e-300)
        some = alive * -np.expm1(-shape * np.log1p(if_there / shape))
        value = orders * self.spend.expected(again, mean)
        return skewed(some, value, self.square(alive, orders, again, mean))

    def square(self, alive: Array, orders: Array, again: Array, mean: Array | None) -> Array:
        """Return the mean square of each customer's orders, or of their value: float64[n].

        Parameters
        ----------
        mean : float64[n], mean value of repeat purchases; None asks for the orders
        """
        if_there = orders / np.maximum(alive, 1e-300)
        square: Array = alive * if_there * (1 + if_there * (1 + 1 / (self.fit.parameters[0] + again)))
        if mean is None:
            return square
        u, v = self.spend.squares(again, mean)
        return np.asarray(u * square + v * orders)

    def unsure(self, rows: Purchases) -> float:
        """Return by how much the orders of all may be off because the parameters are: one standard error."""
        logs = np.log(self.fit.parameters)
        moves = np.eye(len(logs)) * 1e-3
        slope = np.array(
            [(self._all(logs + move, rows) - self._all(logs - move, rows)) / 2e-3 for move in moves]
        )
        return float(np.sqrt(max(float(slope @ self.fit.covariance @ slope), 0.0)))

    def _all(self, logs: Array, rows: Purchases) -> float:
        """Return the orders expected of all customers."""
        return float(self.model.expected(np.exp(logs), rows, self.horizon / self.unit) @ rows.count)


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


def skewed(some: Array, mean: Array, square: Array) -> tuple[Array, Array]:
    """Return the limits, eight of ten, of what is zero or log-normal: float64[n] each.

    Parameters
    ----------
    some : float64[n], the chance that it is above zero
    mean, square : of all, zeros too
    """
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.maximum(square * some / np.maximum(mean, 1e-300) ** 2, 1 + 1e-12)
        spread = np.sqrt(np.log(ratio))
        middle = np.log(mean / some) - spread**2 / 2
        for share in (LOW, HIGH):
            rank = (share - (1 - some)) / some
            there = (rank > 0) & (mean > 0)
            rank = np.where(there, rank, 0.5)
            found.append(np.where(there, np.exp(middle + spread * normal(rank)), 0.0))
    return found[0], found[1]


def normal(share: Array) -> Array:
    """Return the deviation that a normal figure stays below with a chance: float64[n], right to 5e-4.

    Source: M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 1964, 26.2.23.
    """
    tail = np.minimum(share, 1 - share)
    t = np.sqrt(-2 * np.log(tail))
    top = 2.515517 + t * (0.802853 + t * 0.010328)
    off: Array = t - top / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    return np.where(share < 0.5, -off, off)
