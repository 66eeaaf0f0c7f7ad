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
from ganj.models.forever import of_leaving_after, read_off
from ganj.models.gamma import digamma, log_gamma, trigamma
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
        value = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha)
        value += log_gamma(a + b) - log_gamma(a + b + g) + log_gamma(b + g) - log_gamma(b)
        psi = digamma(a + b) - digamma(a + b + g)
        by_x = (digamma(r + x) - digamma(r), psi, psi + digamma(b + g) - digamma(b))
        by_r, by_a, by_b = (float(slope @ of) for slope in by_x)
        sums = sum((self._sums(parameters, part) for part in rows.blocks()), np.zeros(5))
        both, logs, rates, left, odds = sums.tolist()
        slopes = (
            by_r + rows.size * np.log(alpha) - logs,
            r / alpha * rows.size - rates,
            by_a + left / a,
            by_b - odds,
        )
        return float(value @ of + both), np.array(slopes), rows.size

    def _sums(self, parameters: Array, rows: Purchases) -> Array:
        """Return sums over customers of what depends on times, see `score`: float64[5]."""
        r, alpha = float(parameters[0]), float(parameters[1])
        both, gone = self._ends(parameters, rows)
        ended, far, near = rows.again + self.first, alpha + rows.seen, alpha + rows.last
        late = np.log(far)
        each = (
            both,
            late + gone * (np.log(near) - late),
            (r + rows.again) * ((1 - gone) / far + gone / near),
            gone,
            gone / np.where(ended > 0, parameters[3] + ended - 1, 1),
        )
        return np.array([rows.count @ of for of in each])

    def bend(self, parameters: Array, rows: Purchases) -> Array:
        """Return the second derivatives of the log-likelihood: float64[4, 4]."""
        r, alpha, a, b = (float(value) for value in parameters)
        x = np.arange(rows.again.max(initial=0) + 1)
        of, g = np.bincount(rows.again.astype(np.int64), rows.count), x + self.first
        both = sum((self._bends(parameters, part) for part in rows.blocks()), np.zeros((4, 4)))
        whole = float((trigamma(a + b) - trigamma(a + b + g)) @ of)
        both[0, 0] += (trigamma(r + x) - trigamma(r)) @ of
        both[[0, 1], [1, 0]] += rows.size / alpha
        both[1, 1] -= r / alpha**2 * rows.size
        both[2:, 2:] += whole
        both[3, 3] += (trigamma(b + g) - trigamma(b)) @ of
        return both

    def _bends(self, parameters: Array, rows: Purchases) -> Array:
        """Return the part of `bend` that depends on times: float64[4, 4].

        Of ln(stays + leaves) it is the mean of both ways' own bends, and the spread of their slopes.
        """
        alpha, a, b = (float(value) for value in parameters[1:])
        gone = self._ends(parameters, rows)[1]
        size, far, near = parameters[0] + rows.again, 1 / (alpha + rows.seen), 1 / (alpha + rows.last)
        ended = rows.again + self.first
        less = 1 / np.where(ended > 0, b + ended - 1, np.inf)
        apart = np.stack((np.log(near / far), size * (far - near), np.full(len(size), 1 / a), -less))
        both: Array = (apart * (rows.count * gone * (1 - gone))) @ apart.T
        here, left = rows.count * (1 - gone), rows.count * gone
        both[[0, 1], [1, 0]] -= here @ far + left @ near
        both[1, 1] += here @ (size * far**2) + left @ (size * near**2)
        both[2, 2] -= left.sum() / a**2
        both[3, 3] += left @ less**2
        return both

    def alive(self, parameters: Array, rows: Purchases) -> Array:
        """Return the chance that a customer has not left: float64[n]."""
        return 1 - self._ends(parameters, rows)[1]

    def expected(self, parameters: Array, rows: Purchases, horizon: float | Array) -> Array:
        """Return purchases expected in the time after the observation: float64[n]; horizon one or float64[n]."""
        r, alpha, a, b = (float(value) for value in parameters)
        g = rows.again + self.first
        z = horizon / (alpha + rows.seen + horizon)
        leave, whole = a - 1, a + b + g - 1
        left = leave * np.log1p(-z)  # Euler's transformation: 1/(a - 1) has no pole in this form
        grown = -np.log1p(-z) if leave == 0 else -np.expm1(left) / leave
        series = _series(a + b + self.first - 1 - r, a, whole + 1, z)
        out: Array = self.alive(parameters, rows) * (whole * grown - np.exp(left) * series)
        return out

    def forever(self, parameters: Array, rows: Purchases, force: float) -> Array:
        """Return purchases of all the time after the observation, discounted by a force of interest: float64[n]."""
        r, alpha, a, b = (float(value) for value in parameters)
        if not len(rows.again):
            return np.zeros(0)
        times, of = np.unique(rows.again, return_inverse=True)

        def ahead(logs: Array) -> Array:
            again, rate = np.repeat(times, len(logs)), np.tile(np.exp(logs), len(times))
            told = of_leaving_after(force, r + again, rate, a, b + again + self.first)
            return told.reshape(len(times), len(logs))

        found = read_off(of.reshape(-1), np.log(alpha + rows.seen), ahead)
        return self.alive(parameters, rows) * found

    def _ends(self, parameters: Array, rows: Purchases) -> tuple[Array, Array]:
        """Return ln of (still here + left after the last purchase), and the share of the second: float64[n].

        Powers are never taken, only their logarithms: a thousand purchases do not underflow.
        """
        r, alpha, a, b = (float(value) for value in parameters)
        g, size = rows.again + self.first, r + rows.again
        late = np.log(alpha + rows.seen)
        odds = np.log(a / np.where(g > 0, b + g - 1, 1)) + size * (late - np.log(alpha + rows.last))
        odds = np.where(g > 0, odds, -np.inf)
        less = np.exp(-np.abs(odds))
        gone = np.where(odds > 0, 1, less) / (1 + less)
        return np.maximum(odds, 0) + np.log(1 + less) - size * late, gone


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
