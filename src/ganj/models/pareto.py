"""Pareto/NBD: customers buy at their own rate and may leave at any time.

Rates of buying are gamma(r, α), rates of leaving gamma(s, β) over customers.  The likelihood's integral over
the time of leaving is taken by Gauss and Legendre's rule in ln(min(α, β) + t), where the integrand has no
singularity near; that is exact to rounding, gives slopes by the same points, and needs no hypergeometric
function, whose series overflow for frequent buyers.

Source: D. C. Schmittlein, D. G. Morrison, R. Colombo, Counting your customers, Management Science 33(1),
1987; P. S. Fader, B. G. S. Hardie, A note on deriving the Pareto/NBD model, 2005.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.forever import of_staying
from ganj.models.gamma import digamma, log_gamma
from ganj.models.purchases import Purchases

POINTS, WEIGHTS = np.polynomial.legendre.leggauss(40)

NOTHING = 45.0
"""What has fallen by exp(-45) adds nothing to a double."""


def start(rows: Purchases) -> Array:
    """Return a first guess of r, α, s and β in the unit of time of the rows: float64[4]."""
    rate = float(rows.again @ rows.count) / max(float(rows.seen @ rows.count), 1e-300)
    return np.array([1.0, 1 / max(rate, 1e-6), 1.0, 1 / max(rate, 1e-6)])


@dataclass(frozen=True, slots=True)
class ParetoNBD:
    """Pareto/NBD."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return "r", "alpha", "s", "beta"

    def start(self, rows: Purchases) -> Array:
        """Return a first guess in the unit of time of the rows: float64[4]."""
        return start(rows)

    def score(self, parameters: Array, rows: Purchases) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes float64[4], and the number of customers."""
        parts = [self._score(parameters, part) for part in rows.blocks()]
        return sum(value for value, _ in parts), np.sum([slopes for _, slopes in parts], axis=0), rows.size

    def _score(self, parameters: Array, rows: Purchases) -> tuple[float, Array]:
        """Return the log-likelihood and its slopes of some rows."""
        r, alpha, s, beta = (float(value) for value in parameters)
        x, end = rows.again, rows.seen
        when, logs, whole = _ways(parameters, rows)
        gone = np.exp(logs - whole[:, None])
        here = 1 - gone.sum(axis=1)
        value = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha) + s * np.log(beta) + whole
        late, lost = alpha + when, beta + when
        slopes = (
            digamma(r + x)
            - digamma(r)
            + np.log(alpha)
            - _mean(gone, np.log(late))
            - here * np.log(alpha + end),
            r / alpha - (r + x) * (_mean(gone, 1 / late) + here / (alpha + end)),
            np.log(beta) + (1 - here) / s - _mean(gone, np.log(lost)) - here * np.log(beta + end),
            s / beta - (s + 1) * _mean(gone, 1 / lost) - s * here / (beta + end),
        )
        return float(value @ rows.count), np.array([slope @ rows.count for slope in slopes])

    def alive(self, parameters: Array, rows: Purchases) -> Array:
        """Return the chance that a customer has not left: float64[n]."""
        whole = _ways(parameters, rows)[2]
        out: Array = np.exp(_stays(parameters, rows) - whole)
        return out

    def expected(self, parameters: Array, rows: Purchases, horizon: float | Array) -> Array:
        """Return purchases expected in the time after the observation: float64[n]; horizon one or float64[n]."""
        r, alpha, s, beta = (float(value) for value in parameters)
        far = -np.log1p(horizon / (beta + rows.seen))
        grown = -far if s == 1 else -np.expm1((s - 1) * far) / (s - 1)
        rate = (r + rows.again) / (alpha + rows.seen)
        out: Array = self.alive(parameters, rows) * rate * (beta + rows.seen) * grown
        return out

    def forever(self, parameters: Array, rows: Purchases, force: float) -> Array:
        """Return purchases of all the time after the observation, discounted by a force of interest: float64[n]."""
        r, alpha, s, beta = (float(value) for value in parameters)
        lost = (beta + rows.seen)[:, None]
        there = of_staying(force, lambda times: np.exp(-s * np.log1p(times / lost)))
        out: Array = self.alive(parameters, rows) * (r + rows.again) / (alpha + rows.seen) * there
        return out


def _ways(parameters: Array, rows: Purchases) -> tuple[Array, Array, Array]:
    """Return times of leaving float64[n, 40], ln of their shares float64[n, 40], and ln of all ways float64[n]."""
    r, alpha, s, beta = (float(value) for value in parameters)
    near = min(alpha, beta)
    span = np.log1p((rows.seen - rows.last) / (near + rows.last))
    falls = (r + rows.again) / (alpha + rows.last) + (s + 1) / (beta + rows.last)
    falls = falls * (near + rows.last) - 1  # it falls ever faster from there: the integrand is log-concave
    span = np.where(falls > 0, np.minimum(span, NOTHING / np.maximum(falls, 1e-300)), span)
    walked = span[:, None] * (POINTS + 1) / 2
    when = rows.last[:, None] + (near + rows.last)[:, None] * np.expm1(walked)
    logs = (
        np.log(near + when) - (s + 1) * np.log(beta + when) - (r + rows.again)[:, None] * np.log(alpha + when)
    )
    with np.errstate(divide="ignore"):  # who was seen until the last purchase had no time to leave
        logs += np.log(s * WEIGHTS / 2) + np.log(span)[:, None]
    top = logs.max(axis=1)
    stays = _stays(parameters, rows)
    top = np.maximum(top, stays)
    whole = top + np.log(np.exp(logs - top[:, None]).sum(axis=1) + np.exp(stays - top))
    return when, logs, whole


def _stays(parameters: Array, rows: Purchases) -> Array:
    """Return ln of buying so often and not leaving: float64[n]."""
    r, alpha, s, beta = (float(value) for value in parameters)
    out: Array = -(r + rows.again) * np.log(alpha + rows.seen) - s * np.log(beta + rows.seen)
    return out


def _mean(shares: Array, of: Array) -> Array:
    """Return sums over the points: float64[n]."""
    out: Array = np.einsum("ij,ij->i", shares, of)
    return out


PARETO_NBD = ParetoNBD()
