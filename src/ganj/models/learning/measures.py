"""How good chances are: order, sharpness, error, lift, with the uncertainty of the rows they were tried on.

Source: the area under the curve is the Mann-Whitney statistic (Hanley, McNeil, Radiology 143, 1982); the error is
Brier's score (1950); average precision and lift are of the ordered list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

MEASURES = ("auc", "precision", "brier", "lift")
DRAWS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Rows from the highest chance down, equal ones together.

    Attributes
    ----------
    order : int64[n]
    starts : int64[groups], where equal chances begin
    chance, label : float64[n], in that order
    """

    order: Array
    starts: Array
    chance: Array
    label: Array

    @classmethod
    def of(cls, score: Array, chance: Array, label: Array) -> Ordered:
        """Order rows by score; ``chance`` is what the error is measured of."""
        order = np.argsort(-score, kind="stable")
        told = score[order]
        starts = np.flatnonzero(np.concatenate(([True], told[1:] != told[:-1])))
        return cls(order, starts, chance[order], label[order].astype(np.float64))

    def measured(self, weight: Array) -> Array:
        """Return `MEASURES` of rows counted so often each: float64[4]; weight float64[n] in the rows' own order."""
        weight = weight[self.order]
        yes = np.add.reduceat(weight * self.label, self.starts)
        no = np.add.reduceat(weight * (1 - self.label), self.starts)
        positives, negatives = yes.sum(), no.sum()
        if not positives or not negatives:
            return np.full(4, np.nan)
        so_far, below = np.cumsum(yes), negatives - np.cumsum(no)
        seen = np.cumsum(yes + no)
        brier = float(weight @ (self.chance - self.label) ** 2) / seen[-1]
        tenth = np.interp(0.1 * seen[-1], np.append(0, seen), np.append(0, so_far))
        auc = float(yes @ (below + no / 2)) / (positives * negatives)
        precision = float((yes / positives) @ (so_far / np.maximum(seen, 1e-300)))
        return np.array([auc, precision, brier, tenth / positives / 0.1])


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """`MEASURES` of one way to predict: ``value`` float64[4], ``draws`` float64[draws, 4] of resampled rows."""

    value: Array
    draws: Array

    @property
    def low(self) -> Array:
        """float64[4]: 2.5 %."""
        return _limit(self.draws, 2.5)

    @property
    def high(self) -> Array:
        """float64[4]: 97.5 %."""
        return _limit(self.draws, 97.5)


def _limit(draws: Array, share: float) -> Array:
    known = draws[~np.isnan(draws).any(axis=1)]
    return np.percentile(known, share, axis=0) if len(known) else np.full(draws.shape[1], np.nan)


def measured(score: Array, chance: Array, label: Array, seed: int) -> Measured:
    """Measure, with a bootstrap over customers; equal seeds draw the same customers, so that draws compare."""
    ordered = Ordered.of(score, chance, label)
    dice = np.random.default_rng(seed)
    draws = [ordered.measured(dice.poisson(1.0, len(label)).astype(np.float64)) for _ in range(DRAWS)]
    return Measured(ordered.measured(np.ones(len(label))), np.array(draws))


def auc(score: Array, label: Array) -> float:
    """Return the chance that of a yes and a no the yes has the higher score; ties count half."""
    return float(Ordered.of(score, np.zeros(len(score)), label).measured(np.ones(len(label)))[0])
