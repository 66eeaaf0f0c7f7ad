"""Gamma-Gamma: what customers spend at a purchase, given the mean of those they made.

Source: P. S. Fader, B. G. S. Hardie, The Gamma-Gamma model of monetary value, 2013.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.gamma import digamma, log_gamma


@dataclass(frozen=True, slots=True)
class Spend:
    """Purchases and their mean value: again, mean, count float64[n]; money, purchases and mean above zero."""

    again: Array
    mean: Array
    count: Array


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Gamma-Gamma model; a customer's number of purchases must not tell their value."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return "p", "q", "gamma"

    def start(self, rows: Spend) -> Array:
        """Return a first guess in the rows' money: float64[3]."""
        middle = float(rows.mean @ rows.count / rows.count.sum())
        return np.array([2.0, 3.0, middle])

    def score(self, parameters: Array, rows: Spend) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes float64[3], and the number of customers."""
        p, q, gamma = (float(value) for value in parameters)
        x, z = rows.again, rows.mean
        all_of = np.log(gamma + x * z)
        value = log_gamma(p * x + q) - log_gamma(p * x) - log_gamma(q) + q * np.log(gamma)
        value += p * x * np.log(x * z) - np.log(z) - (p * x + q) * all_of
        more = digamma(p * x + q)
        slopes = (
            x * (more - digamma(p * x) + np.log(x * z) - all_of),
            more - digamma(q) + np.log(gamma) - all_of,
            q / gamma - (p * x + q) / (gamma + x * z),
        )
        size = float(rows.count.sum())
        return float(value @ rows.count), np.array([slope @ rows.count for slope in slopes]), size

    def expected(self, parameters: Array, again: Array, mean: Array) -> Array:
        """Return the value expected of a purchase: float64[n], the rows' money; again may be zero."""
        p, q, gamma = (float(value) for value in parameters)
        out: Array = p * (gamma + again * mean) / (p * again + q - 1)
        return out


GAMMA_GAMMA = GammaGamma()
