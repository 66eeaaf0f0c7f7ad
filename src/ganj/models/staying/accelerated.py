"""Weibull's accelerated regression: by how much something makes staying longer, all else alike.

Source: J. D. Kalbfleisch, R. L. Prentice, The statistical analysis of failure time data, 2002, ch. 3 (accelerated failure time).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

ROUNDS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Accelerated:
    """What was learned.

    Attributes
    ----------
    weights, errors : of the columns: float64[d], logarithms of how many times longer one more of it stays
    intercept : logarithm of the age that 63 % do not reach where all columns are 0
    shape : ρ; the risk grows with age where it is above 1
    log_likelihood : the highest
    """

    weights: Array
    errors: Array
    intercept: float
    shape: float
    log_likelihood: float


def accelerated(matrix: Array, age: Array, left: Array) -> Accelerated:
    """Fit ln(age) = intercept + columns · weights + noise / ρ by Newton's method.

    Parameters
    ----------
    matrix : float64[n, d]
    age : float64[n], above 0, at which a customer left or until which they were seen
    left : bool[n]
    """
    middle, spread = matrix.mean(axis=0), np.maximum(matrix.std(axis=0), 1e-300)
    whole = np.column_stack((np.ones(len(age)), (matrix - middle) / spread))
    logs, gone = np.log(age), left.astype(np.float64)
    place = np.zeros(whole.shape[1] + 1)
    place[0] = np.log(age.sum() / max(float(gone.sum()), 1.0))
    height, slope, curve = _score(place, whole, logs, gone)
    for _ in range(ROUNDS):
        values, ways = np.linalg.eigh(curve)
        step = ways @ ((ways.T @ slope) / np.maximum(np.abs(values), 1e-9))
        for halved in range(40):
            there = place + step * 0.5**halved
            found = _score(there, whole, logs, gone)
            if found[0] >= height:
                break
        done = found[0] - height < 1e-11 * (1 + abs(height))
        place, (height, slope, curve) = there, found
        if done:
            break
    weights = place[1:-1] / spread
    errors = np.sqrt(np.maximum(np.diag(np.linalg.pinv(curve))[1:-1], 0)) / spread
    return Accelerated(weights, errors, float(place[0] - weights @ middle), float(np.exp(place[-1])), height)


def _score(place: Array, whole: Array, logs: Array, gone: Array) -> tuple[float, Array, Array]:
    """Return the log-likelihood, its slopes float64[p] and minus its bends float64[p, p]."""
    rho = np.exp(np.clip(place[-1], -20, 20))
    z = np.clip(rho * (logs - whole @ place[:-1]), -700, 50)
    risk = np.exp(z)
    off = gone - risk
    height = float(gone @ (np.log(rho) + z - logs) - risk.sum())
    slope = np.append(-rho * (whole.T @ off), gone @ (1 + z) - risk @ z)
    both = rho * (whole.T @ (risk * z - off))
    curve = np.empty((len(place), len(place)))
    curve[:-1, :-1] = rho**2 * (whole * risk[:, None]).T @ whole
    curve[:-1, -1] = curve[-1, :-1] = -both
    curve[-1, -1] = -(gone @ z - risk @ (z + z**2))
    return height, slope, curve
