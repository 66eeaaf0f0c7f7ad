"""BG/BB: customers may buy once in each period (a gift a year, a visit to a fair), and may leave before any.

The chance to buy in a period is beta(α, β) over customers, the chance to leave before one beta(γ, δ).

Source: P. S. Fader, B. G. S. Hardie, J. Shang, Customer-base analysis in a discrete-time noncontractual
setting, Marketing Science 29(6), 2010.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.gamma import digamma, log_beta
from ganj.models.purchases import Purchases

LAST = 20_000
"""The most periods to come that are added up."""


@dataclass(frozen=True, slots=True)
class BetaBinomial:
    """BG/BB; times are whole periods: purchases, period of the last one (0: none), periods seen."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return "alpha", "beta", "gamma", "delta"

    def start(self, rows: Purchases) -> Array:
        """Return a first guess: float64[4]."""
        del rows  # others guess from them
        return np.array([1.0, 1.0, 1.0, 2.0])

    def score(self, parameters: Array, rows: Purchases) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes float64[4], and the number of customers."""
        alpha, beta, gamma, delta = (float(value) for value in parameters)
        logs, end, left = _ways(parameters, rows)
        value = np.logaddexp.reduce(logs, axis=1)
        share = np.exp(logs - value[:, None])
        x, of = rows.again[:, None], rows.count
        buys, stays = digamma(alpha + beta + end), digamma(gamma + delta + end + left)
        first, second = digamma(alpha + beta), digamma(gamma + delta)
        slopes = (
            digamma(alpha + x) - buys - digamma(alpha) + first,
            digamma(beta + end - x) - buys - digamma(beta) + first,
            digamma(gamma + left) - stays - digamma(gamma) + second,
            digamma(delta + end) - stays - digamma(delta) + second,
        )
        return float(value @ of), np.array([(share * slope).sum(axis=1) @ of for slope in slopes]), rows.size

    def alive(self, parameters: Array, rows: Purchases) -> Array:
        """Return the chance that a customer is there in the period after the observation: float64[n]."""
        return self._later(parameters, rows, 0, 1)

    def expected(self, parameters: Array, rows: Purchases, horizon: float | Array) -> Array:
        """Return purchases expected after the observation: float64[n]; horizon one or float64[n], in periods.

        Of a part of a period that much of its purchases is expected.
        """
        most = int(np.ceil(np.max(horizon, initial=0)))
        each = [self._later(parameters, rows, 1, period) for period in range(1, most + 1)]
        grown = np.cumsum(np.stack((np.zeros(len(rows.again)), *each)), axis=0)
        ahead = np.broadcast_to(np.asarray(horizon, np.float64), rows.again.shape)
        whole, at = np.floor(ahead).astype(np.int64), np.arange(len(ahead))
        low, high = grown[whole, at], grown[np.minimum(whole + 1, most), at]
        out: Array = low + (ahead - whole) * (high - low)
        return out

    def forever(self, parameters: Array, rows: Purchases, force: float) -> Array:
        """Return purchases of all periods after the observation, discounted by a force of interest: float64[n].

        Source: the same paper, equation 14 (discounted expected residual transactions), as a sum.
        """
        out = np.zeros(len(rows.again))
        for period in range(1, LAST + 1):
            more = np.exp(-force * period) * self._later(parameters, rows, 1, period)
            out += more
            if more.max(initial=0) <= 1e-9 * -np.expm1(
                -force
            ):  # what is left is at most this over the discount
                break
        return out

    def _later(self, parameters: Array, rows: Purchases, buys: int, period: int) -> Array:
        """Return the chance to be there in a later period, and (``buys=1``) to buy in it: float64[n]."""
        alpha, beta, gamma, delta = (float(value) for value in parameters)
        whole = np.logaddexp.reduce(_ways(parameters, rows)[0], axis=1)
        there = log_beta(gamma, delta + rows.seen + period) - log_beta(gamma, delta)
        bought = log_beta(alpha + rows.again + buys, beta + rows.seen - rows.again) - log_beta(alpha, beta)
        out: Array = np.exp(there + bought - whole)
        return out


def _ways(parameters: Array, rows: Purchases) -> tuple[Array, Array, Array]:
    """Return ln of each way float64[n, ways], the periods it was there, and 1 where it then left.

    The first way is to be there until the end; the others leave after the last purchase or later.  A way
    that a row does not have weighs nothing.
    """
    alpha, beta, gamma, delta = (float(value) for value in parameters)
    quiet = rows.seen - rows.last
    later = np.arange(int(quiet.max(initial=0)))
    there = later < quiet[:, None]
    ends = np.where(there, rows.last[:, None] + later, rows.seen[:, None])
    end = np.concatenate([rows.seen[:, None], ends], axis=1)
    left = np.concatenate([np.zeros(1), np.ones(len(later))]) * np.ones_like(end)
    x = rows.again[:, None]
    logs = log_beta(alpha + x, beta + end - x) - log_beta(alpha, beta)
    logs += log_beta(gamma + left, delta + end) - log_beta(gamma, delta)
    logs[:, 1:][~there] = -np.inf
    return logs, end, left


BG_BB = BetaBinomial()
