"""Anomalies: which customers are unusual, in one figure or in several together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.apart import Crowd, crowd, weighted_quantile
from ganj.sketches import Rows, from_ordered_bits, ordered_bits
from ganj.views.anomaly_fold import FIGURES, REASONS, SUSPICIOUS

FENCE = 3.0
"""Interquartile ranges above the upper quartile that are far out (Tukey, Exploratory Data Analysis, 1977)."""
FAR = 6.0
"""Spreads from the crowd that are far, at least."""
NARROW = 0.5
"""An interquartile range of logarithms is taken as no less."""
FEW = 30
"""Customers below which nobody is unusual."""
SEVERAL = 2
"""Signs that make a customer suspicious."""


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """What is usual of customers.

    Attributes
    ----------
    cuts : int64[figures], key of each figure from which on a customer is unusual
    crowd : where customers are in all figures together; None for few
    far : distance from which on a customer is unusual
    """

    cuts: tuple[int, ...]
    crowd: Crowd | None
    far: float

    def reasons(self, single: tuple[Array, ...], joint: Array) -> Array:
        """Return which of the reasons hold: bool[n, reasons].

        Parameters
        ----------
        single : of each figure, int64[n] keys
        joint : float64[n, figures + 1], all figures rounded together, and how many signs records show
        """
        high = np.column_stack([keys >= cut for keys, cut in zip(single, self.cuts, strict=True)])
        return np.column_stack((high, self.together(joint)))

    def together(self, joint: Array) -> Array:
        """Return who is an unusual mix, and who is suspicious: bool[n, 2]."""
        figures = joint[:, :-1]
        high = (figures > 0) & (figures >= np.array([_number(cut) for cut in self.cuts]))
        chosen = [code in SUSPICIOUS for code, *_ in FIGURES]
        signs = high[:, chosen].sum(axis=1) + joint[:, -1]
        far = (
            np.zeros(len(joint), bool) if self.crowd is None else self.crowd.away(_laid(figures)) >= self.far
        )
        return np.column_stack((far & ~high.any(axis=1), signs >= SEVERAL))


def usual(spread: tuple[Rows, ...], joint: Rows) -> Usual:
    """Learn what is usual from the distributions of figures, and of all of them together."""
    cuts = tuple(_cut(rows, least) for rows, (_, _, least) in zip(spread, FIGURES, strict=True))
    if joint.count.sum() < FEW:
        return Usual(cuts, None, np.inf)
    points = _laid(numbers(joint)[:, :-1])
    found = crowd(points, joint.count)
    away = found.away(points)
    low, high = (weighted_quantile(away, joint.count, share) for share in (0.25, 0.75))
    return Usual(cuts, found, max(high + FENCE * (high - low), FAR))


def counted(known: Usual, spread: tuple[Rows, ...], joint: Rows) -> Array:
    """Count the customers of each reason: int64[reasons]."""
    single = [
        int(rows.count[rows.keys[:, 0] >= cut].sum()) for rows, cut in zip(spread, known.cuts, strict=True)
    ]
    together = (joint.count[:, None] * known.together(numbers(joint))).sum(axis=0)
    counts = zip(REASONS, [*single, *together.tolist()], strict=True)  # each reason has its count
    return np.array([count for _, count in counts], np.int64)


def numbers(joint: Rows) -> Array:
    """Return the numbers that rows stand for: float64[k, d]."""
    found: Array = from_ordered_bits(joint.keys.reshape(-1)).reshape(joint.keys.shape)
    return found


def _laid(figures: Array) -> Array:
    return np.log1p(np.maximum(figures, 0))


def _cut(rows: Rows, least: float) -> int:
    """Return the key from which on a figure is unusual; none reaches the greatest there is."""
    told, cut = rows.numbers(), np.inf
    if told.size >= FEW:
        low, high = (float(np.log1p(told.quantile(share))) for share in (0.25, 0.75))
        cut = max(float(np.expm1(high + FENCE * max(high - low, NARROW))), least)
    return int(ordered_bits(np.array([cut]), rows.level)[0])


def _number(key: int) -> float:
    return float(from_ordered_bits(np.array([key]))[0])


def limit_of(key: int) -> float:
    """Return the number from which on a figure is unusual, nan where none is."""
    found = _number(key)
    return found if np.isfinite(found) else float("nan")
