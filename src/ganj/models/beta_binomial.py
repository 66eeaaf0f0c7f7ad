"""BG/BB: customers may buy once in each period (a gift a year, a visit to a fair), and may leave before any.

The chance to buy in a period is beta(α, β) over customers, the chance to leave before one beta(γ, δ).

Source: P. S. Fader, B. G. S. Hardie, J. Shang, Customer-base analysis in a discrete-time noncontractual
setting, Marketing Science 29(6), 2010.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.gamma import digamma, log_beta, log_gamma
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
        parts = [self._score(parameters, part) for part in rows.blocks()]
        return sum(value for value, _ in parts), np.sum([slopes for _, slopes in parts], axis=0), rows.size

    def _score(self, parameters: Array, rows: Purchases) -> tuple[float, Array]:
        """Return the log-likelihood and its slopes of some rows."""
        logs, end, left = _ways(parameters, rows)
        value = np.logaddexp.reduce(logs, axis=1)
        share = np.exp(logs - value[:, None])
        x, of = _whole(rows.again)[:, None], rows.count
        buy, skip, both, leave, stay, all_of = _tables(digamma, parameters, int(end.max(initial=0)) + 1)
        buys, stays = both[0] - both[end], all_of[0] - all_of[end + left]
        slopes = (
            buy[x] - buy[0] + buys,
            skip[end - x] - skip[0] + buys,
            leave[left] - leave[0] + stays,
            stay[end] - stay[0] + stays,
        )
        return float(value @ of), np.array([(share * slope).sum(axis=1) @ of for slope in slopes])

    def alive(self, parameters: Array, rows: Purchases) -> Array:
        """Return the chance that a customer is there in the period after the observation: float64[n]."""
        alpha, beta = (float(value) for value in parameters[:2])
        bought = log_beta(alpha + rows.again, beta + rows.seen - rows.again) - log_beta(alpha, beta)
        out: Array = np.exp(bought + self._next(parameters, rows))
        return out

    def expected(self, parameters: Array, rows: Purchases, horizon: float | Array) -> Array:
        """Return purchases expected after the observation: float64[n]; horizon one or float64[n], in periods.

        Of a part of a period that much of its purchases is expected.
        """
        most = int(np.ceil(np.max(horizon, initial=0)))
        each = list(self._each(parameters, rows, most))
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
        for period, each in enumerate(self._each(parameters, rows, LAST), 1):
            more = np.exp(-force * period) * each
            out += more
            if more.max(initial=0) <= 1e-9 * -np.expm1(
                -force
            ):  # what is left is at most this over the discount
                break
        return out

    def _each(self, parameters: Array, rows: Purchases, periods: int) -> Iterator[Array]:
        """Yield the purchases expected in each of the periods to come: float64[n]."""
        alpha, beta, gamma, delta = (float(value) for value in parameters)
        bought = log_beta(alpha + rows.again + 1, beta + rows.seen - rows.again) - log_beta(alpha, beta)
        now = np.exp(bought + self._next(parameters, rows))
        for period in range(1, periods + 1):
            yield now
            now = now * (delta + rows.seen + period) / (gamma + delta + rows.seen + period)

    def _next(self, parameters: Array, rows: Purchases) -> Array:
        """Return ln of being there in the next period over ln of what was seen: float64[n]."""
        gamma, delta = (float(value) for value in parameters[2:])
        whole = [np.logaddexp.reduce(_ways(parameters, part)[0], axis=1) for part in rows.blocks()]
        there = log_beta(gamma, delta + rows.seen + 1) - log_beta(gamma, delta)
        return np.asarray(there - np.concatenate([np.zeros(0), *whole]))


def _whole(values: Array) -> Array:
    """Return whole numbers of periods; rows that are means of others are near them."""
    return np.rint(values).astype(np.int64)


def _tables(function: Callable[[Array], Array], parameters: Array, most: int) -> tuple[Array, ...]:
    """Return a function of α + k, β + k, α + β + k, γ + k, δ + k and γ + δ + k for whole k: float64[most + 1] each."""
    alpha, beta, gamma, delta = (float(value) for value in parameters)
    k = np.arange(most + 1.0)
    return tuple(function(start + k) for start in (alpha, beta, alpha + beta, gamma, delta, gamma + delta))


def _ways(parameters: Array, rows: Purchases) -> tuple[Array, Array, Array]:
    """Return ln of each way float64[n, ways], the periods it was there int64, and 1 where it then left.

    The first way is to be there until the end; the others leave after the last purchase or later.  A way
    that a row does not have weighs nothing.  Times are whole, so each gamma function is computed once for each.
    """
    x, last, seen = (_whole(one)[:, None] for one in (rows.again, rows.last, rows.seen))
    quiet = seen - last
    later = np.arange(int(quiet.max(initial=0)))
    there = later < quiet
    end = np.concatenate([seen, np.where(there, last + later, seen)], axis=1)
    left = np.concatenate([np.zeros(1, np.int64), np.ones(len(later), np.int64)]) * np.ones_like(end)
    buy, skip, both, leave, stay, all_of = _tables(log_gamma, parameters, int(end.max(initial=0)) + 1)
    logs = buy[x] + skip[end - x] - both[end] - (buy[0] + skip[0] - both[0])
    logs += leave[left] + stay[end] - all_of[end + left] - (leave[0] + stay[0] - all_of[0])
    logs[:, 1:][~there] = -np.inf
    return logs, end, left


BG_BB = BetaBinomial()
