"""How far customers lie from the crowd in several figures at once, whatever a few of them do.

Figures go together: who orders often spends much.  A distance that knows this finds whom no single figure shows,
such as many orders for almost nothing.  Middle and spread are those of the three quarters that lie closest together, so
that those who are far off do not hide themselves.

Source: P. Rousseeuw, K. van Driessen, A fast algorithm for the minimum covariance determinant estimator,
Technometrics 41(3), 1999, theorem 1 (concentration steps, here from the middle of each figure).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

CLOSE = 0.75
"""Share of the crowd that says what is usual."""
STEPS = 5
LEAST = 0.25
"""A figure's spread is taken as no less, in logarithms: most customers have never returned anything."""


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Where the crowd is.

    Attributes
    ----------
    middle : float64[d]
    inverse : float64[d, d], of the spread
    """

    middle: Array
    inverse: Array

    def away(self, points: Array) -> Array:
        """Return how far points are from the middle, in spreads: float64[n] of float64[n, d]."""
        off = points - self.middle
        found: Array = np.sqrt(np.maximum(((off @ self.inverse) * off).sum(axis=1), 0))
        return found


def crowd(points: Array, times: Array) -> Crowd:
    """Find the crowd among points float64[n, d] that occur int64[n] times each."""
    middle = np.array([weighted_quantile(one, times, 0.5) for one in points.T])
    spread = np.array(
        [weighted_quantile(np.abs(one - m), times, 0.5) for one, m in zip(points.T, middle, strict=True)]
    )
    found = Crowd(middle, np.diag(1 / np.maximum(1.4826 * spread, LEAST) ** 2))
    for _ in range(STEPS):
        away = found.away(points)
        close = away <= weighted_quantile(away, times, CLOSE)
        mass = times[close] / times[close].sum()
        middle = mass @ points[close]
        off = points[close] - middle
        found = Crowd(middle, np.linalg.inv((off.T * mass) @ off + LEAST**2 * np.eye(points.shape[1])))
    return found


def weighted_quantile(values: Array, times: Array, share: float) -> float:
    """Return the least value that this share of all does not pass."""
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(times[order])
    return float(values[order[int(np.searchsorted(passed, share * passed[-1]))]])
