"""How well customers are ranked by what treatment adds, and what treating only the first of them brings.

Source: N. Radcliffe, Using control groups to target on predicted lift, Direct Marketing Analytics Journal 1, 2007 (Qini).
The coefficient is the area between the curve and its chord over the same area of the best possible ranking, negative
effects counted, as scikit-uplift defines it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

DRAWS = 100
FIRST = 0.3
"""Share of the customers, the best first, of whom the effect is told beside the coefficient."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Customers who were not learned from, the ones with the largest effect foreseen first.

    Attributes
    ----------
    score : float64[n], descending
    outcome : float64[n]
    treated : bool[n]
    weight : float64[n], 1 for the treated; of others the odds of having been treated
    """

    score: Array
    outcome: Array
    treated: Array
    weight: Array

    @classmethod
    def of(cls, score: Array, outcome: Array, treated: Array, chance: Array) -> Ranked:
        """Put customers in order; ``chance`` is that of having been treated."""
        order = np.argsort(-score, kind="stable")
        weight = np.where(treated, 1.0, chance / (1 - chance))
        return cls(score[order], outcome[order], treated[order], weight[order])

    def curve(self, times: Array | None = None) -> tuple[Array, Array]:
        """Return customers and added outcomes of the treated among them, from none to all; equals are one step."""
        return self._along(np.arange(len(self.score)), _steps(self.score), times)

    def _along(self, order: Array, ends: Array, times: Array | None) -> tuple[Array, Array]:
        weight = self.weight if times is None else self.weight * times
        return _curve(self.outcome[order], self.treated[order], weight[order], ends)

    @property
    def _ideal(self) -> tuple[Array, Array]:
        """The best possible order and its steps, effects known beforehand."""
        worth = np.where(self.treated, self.outcome, -self.outcome)
        order = np.argsort(-worth, kind="stable")
        return order, _steps(worth[order])

    def qini(self) -> float:
        """Return the coefficient."""
        best = _area(*self._along(*self._ideal, None))
        return _area(*self.curve()) / best if best > 0 else 0.0

    def first(self, share: float = FIRST) -> float:
        """Return the effect among the first of the customers."""
        return float(self.firsts(np.array([share]))[0])

    def firsts(self, shares: Array, times: Array | None = None) -> Array:
        """Return the effect among the first shares of the customers, 0 where it cannot be told: float64[k]."""
        weight = self.weight if times is None else self.weight * times
        ends = (len(self.score) * shares + 1e-9).astype(np.int64)
        means, sizes = [], []
        for arm in (self.treated, ~self.treated):
            size, total = (
                np.concatenate(([0.0], np.cumsum(v)))[ends]
                for v in (weight * arm, weight * arm * self.outcome)
            )
            means.append(np.divide(total, size, out=np.zeros(len(ends)), where=size > 0))
            sizes.append(size)
        found: Array = np.where((sizes[0] > 0) & (sizes[1] > 0), means[0] - means[1], 0.0)
        return found

    def limits(self, seed: int, shares: Array) -> tuple[Array, Array]:
        """Return what resampled customers say: coefficients float64[`DRAWS`], and `firsts` float64[`DRAWS`, k]."""
        dice = np.random.default_rng(seed)
        ideal = self._ideal
        qini, firsts = np.zeros(DRAWS), np.zeros((DRAWS, len(shares)))
        for k in range(DRAWS):
            times = dice.poisson(1.0, len(self.score)).astype(np.float64)
            best = _area(*self._along(*ideal, times))
            qini[k] = _area(*self.curve(times)) / best if best > 0 else 0.0
            firsts[k] = self.firsts(shares, times)
        return qini, firsts


def _steps(score: Array) -> Array:
    """Return the last place of each run of equals."""
    return np.append(np.flatnonzero(np.diff(score)), len(score) - 1)


def _curve(outcome: Array, treated: Array, weight: Array, ends: Array) -> tuple[Array, Array]:
    hers, others = weight * treated, weight * ~treated
    with_, without = np.cumsum(hers)[ends], np.cumsum(others)[ends]
    got, would = np.cumsum(hers * outcome)[ends], np.cumsum(others * outcome)[ends]
    expected = np.divide(would * with_, without, out=np.zeros(len(ends)), where=without > 0)
    return np.append(0.0, ends + 1.0), np.append(0.0, got - expected)


def _area(customers: Array, added: Array) -> float:
    """Return the area between a curve and its chord."""
    return float(np.trapezoid(added, customers)) - float(added[-1] * customers[-1] / 2)
