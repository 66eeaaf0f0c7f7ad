"""From a score that only orders customers to a chance that comes true as often as it says.

Two maps are tried on scores of rows that were not learned from: Platt's, a logistic curve of the score, and the
isotonic one, any curve that only rises, which needs more rows.  That is taken which does better across halves.

Source: J. Platt, Probabilistic outputs for support vector machines, 1999; B. Zadrozny, C. Elkan, Transforming
classifier scores into accurate multiclass probability estimates, KDD 2002.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

ENOUGH = 500
"""Rows of the rarer answer from which a curve that only rises is tried."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A map that rises: ``score`` float64[k] ascending, ``chance`` float64[k]; logistic where ``slope`` is given."""

    score: Array
    chance: Array
    slope: float = np.nan
    intercept: float = 0.0

    def chances(self, score: Array) -> Array:
        """Return the chance of each score: float64[n]."""
        if not np.isnan(self.slope):
            return sigmoid(self.slope * score + self.intercept)
        found: Array = np.interp(score, self.score, self.chance)
        return found


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + e^-x) without overflow."""
    odds: Array = 0.5 * (1 + np.tanh(0.5 * x))
    return odds


def platt(score: Array, label: Array) -> Calibration:
    """Fit a logistic curve by Newton's method, the labels drawn in a little as Platt says."""
    yes = float(label.sum())
    no = len(label) - yes
    target = np.where(label, (yes + 1) / (yes + 2), 1 / (no + 2))
    spread = max(float(score.std()), 1e-9)
    design = np.column_stack((score / spread, np.ones(len(score))))
    beta = np.array([0.0, np.log((yes + 1) / (no + 1))])
    for _ in range(50):
        chance = sigmoid(design @ beta)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, design.T @ (target - chance))
        beta = beta + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-10:
            break
    slope = max(float(beta[0]) / spread, 0.0)
    return Calibration(np.zeros(0), np.zeros(0), slope, float(beta[1]))


def isotonic(score: Array, label: Array) -> Calibration:
    """Fit the best curve that only rises, by pooling adjacent violators; flat ends stay off 0 and 1."""
    order = np.argsort(score, kind="stable")
    told, first = np.unique(score[order], return_index=True)
    size = np.diff(np.append(first, len(score))).astype(np.float64)
    yes = np.add.reduceat(label[order].astype(np.float64), first)
    blocks: list[list[float]] = []
    for x, n, k in zip(told.tolist(), size.tolist(), yes.tolist(), strict=True):
        blocks.append([n, k, x * n])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][0] >= blocks[-1][1] * blocks[-2][0]:
            n1, k1, x1 = blocks.pop()
            blocks[-1] = [blocks[-1][0] + n1, blocks[-1][1] + k1, blocks[-1][2] + x1]
    whole = np.array(blocks)
    base = label.mean()
    chance = (whole[:, 1] + base) / (whole[:, 0] + 1)  # one more customer of the usual chance
    return Calibration(whole[:, 2] / whole[:, 0], np.maximum.accumulate(chance))


def calibrated(score: Array, label: Array) -> Calibration:
    """Fit the map that does better across halves."""
    if min(label.sum(), (~label).sum()) < ENOUGH:
        return platt(score, label)
    losses = {made: _loss(crossed(made, score, label), label) for made in (platt, isotonic)}
    return min(losses, key=lambda made: losses[made])(score, label)


def crossed(made: Callable[[Array, Array], Calibration], score: Array, label: Array, parts: int = 5) -> Array:
    """Return the chance of each row by a map fitted without it: float64[n]."""
    part = np.arange(len(score)) % parts
    found = np.empty(len(score))
    for k in range(parts):
        found[part == k] = made(score[part != k], label[part != k]).chances(score[part == k])
    return found


def _loss(chance: Array, label: Array) -> float:
    return float(np.mean((chance - label) ** 2))
