"""Cox's regression: by how much something makes leaving likelier at every age, whatever the risk's course is.

Source: D. R. Cox, Regression models and life-tables, JRSS B 34, 1972; B. Efron, The efficiency of Cox's likelihood
function for censored data, JASA 72, 1977 (ties).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

ROUNDS = 50
PAIRS = 3_000
"""Customers whose order is compared, each with each."""
RIDGE = 1e-9
"""Of the customers' number: keeps a column finite that parts the two perfectly."""


@dataclass(frozen=True, slots=True, eq=False)
class Cox:
    """What was learned.

    Attributes
    ----------
    weights, errors : of the columns: float64[d], logarithms of how many times likelier leaving is for one more
    log_likelihood : the partial one
    concordance : share of pairs of whom the one who left first was thought likelier to
    """

    weights: Array
    errors: Array
    log_likelihood: float
    concordance: float


@dataclass(frozen=True, slots=True, eq=False)
class _Ordered:
    """Customers from the longest age to the shortest, and at each age those who left.

    Attributes
    ----------
    matrix : float64[n, d]
    gone : int64[k], rows who left
    until : int64[k], of each the last row that was there at the same age
    first, last : int64[k], the place in ``gone`` where those who left at the same age begin, and end
    """

    matrix: Array
    gone: Array
    until: Array
    first: Array
    last: Array

    @classmethod
    def of(cls, matrix: Array, age: Array, left: Array) -> _Ordered:
        order = np.lexsort((~left, -age))  # those who left come first among equals
        told, gone = age[order], np.flatnonzero(left[order])
        until = np.searchsorted(-told, -told[gone], side="right") - 1
        begins = np.flatnonzero(np.diff(told[gone], prepend=np.inf))
        tie = np.cumsum(np.diff(told[gone], prepend=np.inf) != 0) - 1
        ends = np.append(begins[1:], len(gone))
        return cls(matrix[order], gone, until, begins[tie], ends[tie])


def cox(matrix: Array, age: Array, left: Array) -> Cox:
    """Fit by Newton's method.

    Parameters
    ----------
    matrix : float64[n, d]
    age : float64[n], at which a customer left or until which they were seen
    left : bool[n]
    """
    middle, spread = matrix.mean(axis=0), np.maximum(matrix.std(axis=0), 1e-300)
    rows = _Ordered.of((matrix - middle) / spread, age, left)
    weights = np.zeros(matrix.shape[1])
    height, slope, curve = _score(rows, weights)
    for _ in range(ROUNDS):
        step = np.linalg.solve(curve + RIDGE * len(age) * np.eye(len(weights)), slope)
        for halved in range(30):
            there = weights + step * 0.5**halved
            found = _score(rows, there)
            if found[0] >= height - 1e-12 * abs(height):
                break
        weights, done = there, found[0] - height < 1e-10 * (1 + abs(height))
        height, slope, curve = found
        if done:
            break
    errors = np.sqrt(np.maximum(np.diag(np.linalg.pinv(curve)), 0))
    told = concordance(rows.matrix @ weights, -np.sort(-age), left[np.lexsort((~left, -age))])
    return Cox(weights / spread, errors / spread, height, told)


def _score(rows: _Ordered, weights: Array) -> tuple[float, Array, Array]:
    """Return the partial log-likelihood, its slopes float64[d] and minus its bends float64[d, d]."""
    line = rows.matrix @ weights
    line = line - line.max(initial=0)
    risk, d = np.exp(line), rows.matrix.shape[1]
    pairs = [(i, j) for i in range(d) for j in range(i, d)]
    sums = np.cumsum(risk), np.cumsum(risk[:, None] * rows.matrix, axis=0)
    own = _up_to(risk[rows.gone]), _up_to(risk[rows.gone, None] * rows.matrix[rows.gone])
    share = (np.arange(len(rows.gone)) - rows.first) / np.maximum(rows.last - rows.first, 1)
    whole = sums[0][rows.until] - share * (own[0][rows.last] - own[0][rows.first])
    mean = sums[1][rows.until] - share[:, None] * (own[1][rows.last] - own[1][rows.first])
    mean = mean / whole[:, None]
    curve = np.zeros((d, d))
    for i, j in pairs:
        both = risk * rows.matrix[:, i] * rows.matrix[:, j]
        tied = _up_to(both[rows.gone])
        second = np.cumsum(both)[rows.until] - share * (tied[rows.last] - tied[rows.first])
        curve[i, j] = curve[j, i] = (second / whole - mean[:, i] * mean[:, j]).sum()
    height = float(line[rows.gone].sum() - np.log(whole).sum())
    return height, (rows.matrix[rows.gone] - mean).sum(axis=0), curve


def _up_to(values: Array) -> Array:
    """Return the sum before each place, and of all: [k + 1, ...]."""
    return np.concatenate((np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)))


def concordance(line: Array, age: Array, left: Array) -> float:
    """Return the share of comparable pairs in the right order, ties half (Harrell's C); of at most `PAIRS` customers."""
    step = max(1, len(line) // PAIRS)
    line, age, left = line[::step], age[::step], left[::step]
    sooner = left[:, None] & ((age[:, None] < age) | ((age[:, None] == age) & ~left))
    right = (line[:, None] > line) + 0.5 * (line[:, None] == line)
    return float((sooner * right).sum() / max(int(sooner.sum()), 1))
