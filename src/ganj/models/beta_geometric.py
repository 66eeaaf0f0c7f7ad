"""BG/NBD and MBG/NBD: customers buy at their own rate and may leave after a purchase.

Rates are gamma(r, α) over customers; the chance to leave after a purchase is beta(a, b).  In BG/NBD
nobody leaves after the first purchase; in MBG/NBD one may.

Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting your customers" the easy way, Marketing Science
24(2), 2005; E. P. Batislam, M. Denizel, A. Filiztekin, Empirical validation and comparison
of models for customer base analysis, 2007.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.gamma import digamma, log_gamma
from ganj.models.purchases import Purchases

TERMS = 200_000
"""The most terms of a series; it ends far before where the horizon is not a thousand times α + T."""


@dataclass(frozen=True, slots=True)
class BetaGeometric:
    """BG/NBD (``first=0``) or MBG/NBD (``first=1``: one may leave after the first purchase too)."""

    first: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return "r", "alpha", "a", "b"

    def start(self, rows: Purchases) -> Array:
        """Return a first guess in the unit of time of the rows: float64[4]."""
        rate = float(rows.again @ rows.count) / max(float(rows.seen @ rows.count), 1e-300)
        return np.array([1.0, 1 / max(rate, 1e-6), 1.0, 2.0])

    def score(self, parameters: Array, rows: Purchases) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes float64[4], and the number of customers."""
        r, alpha, a, b = (float(value) for value in parameters)
        x = np.arange(rows.again.max(initial=0) + 1)  # what depends on x alone is computed once for each x
        of, g = np.bincount(rows.again.astype(np.int64), rows.count), x + self.first
        both, gone = self._ends(parameters, rows)
        value = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha)
        value += log_gamma(a + b) - log_gamma(a + b + g) + log_gamma(b + g) - log_gamma(b)
        psi = digamma(a + b) - digamma(a + b + g)
        by_x = (digamma(r + x) - digamma(r), psi, psi + digamma(b + g) - digamma(b))
        by_r, by_a, by_b = (float(slope @ of) for slope in by_x)
        ended = rows.again + self.first
        far, near, weight = alpha + rows.seen, alpha + rows.last, rows.count
        slopes = (
            by_r + rows.size * np.log(alpha) - weight @ ((1 - gone) * np.log(far) + gone * np.log(near)),
            r / alpha * rows.size - weight @ ((r + rows.again) * ((1 - gone) / far + gone / near)),
            by_a + weight @ gone / a,
            by_b - weight @ (gone / np.where(ended > 0, b + ended - 1, 1)),
        )
        return float(value @ of + both @ weight), np.array(slopes), rows.size

    def alive(self, parameters: Array, rows: Purchases) -> Array:
        """Return the chance that a customer has not left: float64[n]."""
        return 1 - self._ends(parameters, rows)[1]

    def expected(self, parameters: Array, rows: Purchases, horizon: float) -> Array:
        """Return purchases expected in the time after the observation: float64[n]."""
        r, alpha, a, b = (float(value) for value in parameters)
        g = rows.again + self.first
        z = horizon / (alpha + rows.seen + horizon)
        leave, whole = a - 1, a + b + g - 1
        left = leave * np.log1p(-z)  # Euler's transformation: 1/(a - 1) has no pole in this form
        grown = -np.log1p(-z) if leave == 0 else -np.expm1(left) / leave
        series = _series(a + b + self.first - 1 - r, a, whole + 1, z)
        out: Array = self.alive(parameters, rows) * (whole * grown - np.exp(left) * series)
        return out

    def _ends(self, parameters: Array, rows: Purchases) -> tuple[Array, Array]:
        """Return ln of (still here + left after the last purchase), and the share of the second: float64[n].

        Powers are never taken, only their logarithms: a thousand purchases do not underflow.
        """
        r, alpha, a, b = (float(value) for value in parameters)
        g = rows.again + self.first
        stays = -(r + rows.again) * np.log(alpha + rows.seen)
        leaves = (
            np.log(a) - np.log(np.where(g > 0, b + g - 1, 1)) - (r + rows.again) * np.log(alpha + rows.last)
        )
        leaves = np.where(g > 0, leaves, -np.inf)
        both = np.logaddexp(stays, leaves)
        return both, np.exp(leaves - both)


def _series(rise: float, a: float, whole: Array, z: Array) -> Array:
    """Return Σ over j ≥ 1 of (rise)_j (a)_(j-1) z^j / ((whole)_(j-1) j!): float64[n]."""
    term = rise * z
    total = term.copy()
    for j in range(1, TERMS):
        term = term * ((rise + j) * (a + j - 1) / (j + 1)) / (whole + j - 1) * z
        total += term
        if np.abs(term).max(initial=0) <= 1e-17 * np.abs(total).max(initial=1):
            break
    return total


BG_NBD, MBG_NBD = BetaGeometric(0), BetaGeometric(1)
