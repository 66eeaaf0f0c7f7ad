"""Shifted beta-geometric: how many keep a contract that is renewed once a period.

Each customer has a chance to cancel at every renewal, beta(α, β) over customers.

Source: P. S. Fader, B. G. S. Hardie, How to project customer retention, Journal of Interactive
Marketing 21(1), 2007.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.gamma import digamma, log_beta

STEPS = 100_000
"""The most renewals to come that are added up."""


@dataclass(frozen=True, slots=True)
class Contracts:
    """Contracts by age.

    Attributes
    ----------
    age
        Renewals: float64[n], from 1.
    lost, kept
        Customers who cancelled at that renewal, and customers seen until then who had not: float64[n].
    """

    age: Array
    lost: Array
    kept: Array


def of_survivors(began: float, survivors: Array) -> Contracts:
    """Return the contracts of one cohort, all seen equally long: survivors float64[ages]."""
    left = np.asarray(survivors, np.float64)
    lost = -np.diff(left, prepend=began)
    kept = np.zeros_like(left)
    kept[-1] = left[-1]
    return Contracts(np.arange(1.0, len(left) + 1), lost, kept)


@dataclass(frozen=True, slots=True)
class ShiftedBetaGeometric:
    """SBG model."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return "alpha", "beta"

    def start(self, rows: Contracts) -> Array:
        """Return a first guess: float64[2]."""
        del rows  # others guess from them
        return np.array([1.0, 1.0])

    def score(self, parameters: Array, rows: Contracts) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes float64[2], and the number of customers."""
        alpha, beta = (float(value) for value in parameters)
        age, lost, kept = rows.age, rows.lost, rows.kept
        one = log_beta(alpha, beta)
        value = lost @ (log_beta(alpha + 1, beta + age - 1) - one) + kept @ (
            log_beta(alpha, beta + age) - one
        )
        every = lost + kept
        whole = digamma(alpha + beta) - digamma(alpha + beta + age)
        by_alpha = lost / alpha + every * whole
        by_beta = (
            lost * digamma(beta + age - 1) + kept * digamma(beta + age) + every * (whole - digamma(beta))
        )
        return float(value), np.array([by_alpha.sum(), by_beta.sum()]), float(every.sum())

    def survival(self, parameters: Array, age: Array) -> Array:
        """Return the share that keeps the contract to an age: float64[n]."""
        alpha, beta = (float(value) for value in parameters)
        out: Array = np.exp(log_beta(alpha, beta + np.asarray(age, np.float64)) - log_beta(alpha, beta))
        return out

    def renewal(self, parameters: Array, age: Array) -> Array:
        """Return the chance that one who kept the contract to an age renews it once more: float64[n]."""
        alpha, beta = (float(value) for value in parameters)
        out: Array = (beta + np.asarray(age, np.float64)) / (alpha + beta + np.asarray(age, np.float64))
        return out

    def remaining(self, parameters: Array, age: Array, discount: float) -> Array:
        """Return the renewals to come of one who kept the contract to an age, each as much as it is worth today: float64[n].

        Without a discount (0) that is the mean of the renewals to come, which has no bound where α ≤ 1.

        Source: P. S. Fader, B. G. S. Hardie, Customer-base valuation in a contractual setting: the perils of ignoring
        heterogeneity, Marketing Science 29(1), 2010, equation 6 (discounted expected residual lifetime).
        """
        alpha, beta = (float(value) for value in parameters)
        age = np.asarray(age, np.float64)
        if discount == 0:
            return (beta + age) / (alpha - 1) if alpha > 1 else np.full(len(age), np.inf)
        out, now = np.zeros(len(age)), np.ones(len(age))
        for step in range(STEPS):
            now = now * (beta + age + step) / (alpha + beta + age + step) / (1 + discount)
            out += now
            if now.max(initial=0) <= 1e-9 * discount:  # what is left is at most this over the discount
                break
        return out


SBG = ShiftedBetaGeometric()
