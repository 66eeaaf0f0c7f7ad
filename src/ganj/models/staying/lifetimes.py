"""Ages at which customers left, or until which they were seen: the share that stays, and whether groups differ.

Everything is a function of two vectors: who was there at an age, and who left at it; both add.

Source: E. L. Kaplan, P. Meier, Nonparametric estimation from incomplete observations, JASA 53, 1958; N. Mantel,
Cancer Chemotherapy Reports 50, 1966 (log-rank); J. D. Kalbfleisch, R. L. Prentice, The statistical analysis of
failure time data, 2002, ch. 1 (limits on the scale of log(-log S)).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.gamma import log_gamma

SURE = 1.959964
"""Deviations of 95 %."""


@dataclass(frozen=True, slots=True, eq=False)
class Ages:
    """Customers by age.

    Attributes
    ----------
    age : ascending, all different: float64[n], above 0
    left : who left at it: float64[n]
    seen : who was seen until it and had not left: float64[n]
    """

    age: Array
    left: Array
    seen: Array

    @classmethod
    def of(cls, age: Array, left: Array, count: Array | None = None) -> Ages:
        """Count customers: ages, whether they left then, and how many each row stands for."""
        times, place = np.unique(np.asarray(age, np.float64), return_inverse=True)
        weight = np.ones(len(place)) if count is None else count
        gone, size = np.asarray(left, bool), len(times)
        return cls(times, np.bincount(place, weight * gone, size), np.bincount(place, weight * ~gone, size))

    @property
    def size(self) -> float:
        """How many customers there are."""
        return float(self.left.sum() + self.seen.sum())

    @property
    def there(self) -> Array:
        """Who was there at each age, before some left: float64[n]."""
        return np.cumsum((self.left + self.seen)[::-1])[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The share that stays beyond each age, float64[n] each, and its limits, 95 %."""

    age: Array
    share: Array
    low: Array
    high: Array

    @property
    def median(self) -> float:
        """The age at which no more than half are left; inf where more than half stay beyond all."""
        below = np.flatnonzero(self.share <= 0.5)
        return float(self.age[below[0]]) if len(below) else math.inf

    def at(self, ages: Array) -> tuple[Array, Array, Array]:
        """Return share and limits at other ages: float64[k] each; 1 before the first."""
        place = np.searchsorted(self.age, ages, side="right")
        told = [np.concatenate(([1.0], of))[place] for of in (self.share, self.low, self.high)]
        return told[0], told[1], told[2]


def kaplan_meier(ages: Ages) -> Curve:
    """Return the share that stays, whatever its shape."""
    there = ages.there
    share = np.cumprod(1 - ages.left / there)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(ages.left / (there * (there - ages.left)))) / np.log(share)
        low, high = (share ** np.exp(sign * SURE * spread) for sign in (-1, 1))
    some = (share > 0) & (share < 1)
    low, high = np.where(some, low, share), np.where(some, high, share)
    return Curve(ages.age, share, np.minimum(low, high), np.maximum(low, high))


def log_rank(groups: Sequence[Ages]) -> float:
    """Return the chance of groups as different as these if all stayed alike (log-rank test); nan for one group."""
    times = np.unique(np.concatenate([one.age for one in groups]))
    left, there = np.zeros((len(groups), len(times))), np.zeros((len(groups), len(times)))
    for k, one in enumerate(groups):
        left[k, np.searchsorted(times, one.age)] = one.left
        after = np.append(one.there, 0.0)
        there[k] = after[np.searchsorted(one.age, times)]
    all_left, all_there = left.sum(axis=0), there.sum(axis=0)
    share = there / all_there
    off = (left - share * all_left).sum(axis=1)
    weight = all_left * (all_there - all_left) / np.maximum(all_there - 1, 1)
    spread = np.diag(share @ weight) - (share * weight) @ share.T
    rest = off[:-1]
    if not len(rest) or not all_left.sum():
        return math.nan
    return beyond(float(rest @ np.linalg.pinv(spread[:-1, :-1]) @ rest), len(rest))


def beyond(square: float, degrees: int) -> float:
    """Return the chance that χ² of so many degrees is larger.

    Source: NIST Digital Library of Mathematical Functions, 8.7.1 (series) and 8.9.2 (continued fraction).
    """
    a, x = degrees / 2, max(square, 0.0) / 2
    if x == 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - float(log_gamma(a)))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, 1000):
            term *= x / (a + n)
            total += term
            if term < total * 1e-16:
                break
        return 1 - front * total
    b, c, d = x + 1 - a, 1e300, 1 / (x + 1 - a)
    told = d
    for n in range(1, 1000):
        b, more = b + 2, -n * (n - a)
        d, c = 1 / (more * d + b), b + more / c
        told *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return front * told


@dataclass(frozen=True, slots=True)
class Weibull:
    """Ages at leaving with a risk that grows (ρ > 1) or falls with age: S(t) = exp(-(t/λ)^ρ)."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return "lambda", "rho"

    def start(self, rows: Ages) -> Array:
        """Return a first guess: float64[2]."""
        return np.array([float(rows.age @ (rows.left + rows.seen)) / max(float(rows.left.sum()), 1.0), 1.0])

    def score(self, parameters: Array, rows: Ages) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes float64[2], and the number of customers."""
        scale, shape = (float(value) for value in parameters)
        logs = np.log(rows.age / scale)
        risk, all_of = np.exp(shape * logs), rows.left + rows.seen
        value = rows.left @ (math.log(shape) - np.log(rows.age) + shape * logs) - all_of @ risk
        by_scale = shape / scale * (all_of @ risk - rows.left.sum())
        by_shape = rows.left @ (1 / shape + logs) - all_of @ (risk * logs)
        return float(value), np.array([by_scale, by_shape]), rows.size

    def survival(self, parameters: Array, age: Array) -> Array:
        """Return the share that stays beyond an age: float64[n]."""
        scale, shape = (float(value) for value in parameters)
        return np.asarray(np.exp(-((np.asarray(age, np.float64) / scale) ** shape)))


WEIBULL = Weibull()
