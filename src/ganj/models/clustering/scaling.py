"""Figures of different kinds on one scale, so that distances between customers mean something.

* A figure that is never negative and skewed to the right (skewness above 1) is read by its logarithm, log(1 + x/m)
  with m the median of what is above 0: so money in rials and in tomans give the same, and nothing counts as nothing.
* Then its median is taken off, and it is divided by its spread: the larger of the distance between quartiles
  over 1.349 (of normal figures the standard deviation) and the standard deviation between the first and the last
  hundredth.  What is farther than `FAR` spreads away counts as that far, so no single customer draws a centre to itself.
* A figure that is not known lies at the median.
* Two customers with different values of a category are ``weight`` apart (squared), who has none half as much from everyone:
  a share for each value.  Two customers differ in a figure by 2 on average, so that with a weight of 1 a category
  counts half a figure.  Z. Huang (Extensions to the k-means algorithm for clustering large data sets with categorical
  values, 1998) finds weights between a third and the whole of a figure's spread to work, and none that is right for all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.clustering.crowd import Crowd
from ganj.sketches import Numbers

FAR = 4.0
SKEWED = 1.0
NORMAL = 1.349
"""Quartiles of a normal figure are this many standard deviations apart."""
RARE, KINDS = 0.01, 12
"""A value of a category is told apart if this share of the customers has it, and no more than so many are."""


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """How one figure is read.

    Attributes
    ----------
    unit : what is divided by before the logarithm; 0 where none is taken
    centre, spread : of the figure then; a spread of inf makes everyone equal
    """

    unit: float
    centre: float
    spread: float

    @classmethod
    def of(cls, numbers: Numbers) -> Scale:
        """Learn how a figure is distributed."""
        if not numbers.size:
            return cls(0.0, 0.0, np.inf)
        values, count = numbers.values, numbers.count
        unit = 0.0
        if values[0] >= 0 and _skewness(values, count) > SKEWED:
            above = values > 0
            unit = Numbers(numbers.keys[above], count[above], numbers.total[above]).median
        read = _read(values, unit)
        told = Numbers(numbers.keys, count, read * count)
        low, first, centre, third, high = told.quantile(np.array([0.01, 0.25, 0.5, 0.75, 0.99])).tolist()
        spread = max((third - first) / NORMAL, _deviation(np.clip(read, low, high), count))
        spread = spread or _deviation(read, count)  # fewer than one in a hundred differ
        return cls(unit, centre, spread or np.inf)

    def apply(self, values: Array) -> Array:
        """Return how many spreads from the median: float64[n]."""
        away = (_read(values, self.unit) - self.centre) / self.spread
        found: Array = np.clip(np.nan_to_num(away), -FAR, FAR)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """How customers become points.

    Attributes
    ----------
    scales : of each figure
    kinds : of each category, int64[labels + 1]: the column of its shares that a code has, -1 where none;
        the last is for no value
    widths : columns of each category
    weight : squared distance between two values of a category
    """

    scales: tuple[Scale, ...]
    kinds: tuple[Array, ...]
    widths: tuple[int, ...]
    weight: float

    @classmethod
    def of(cls, crowd: Crowd, figures: int, weight: float = 1.0) -> Scaling:
        """Learn from customers; the first ``figures`` of their figures are read."""
        scales = tuple(Scale.of(crowd.column(at)) for at in range(figures))
        kinds = [
            _kinds(codes, crowd.count, len(labels))
            for codes, labels in zip(crowd.codes.T, crowd.labels, strict=True)
        ]
        return cls(scales, tuple(kinds), tuple(int(one.max(initial=-1)) + 1 for one in kinds), weight)

    def apply(self, codes: Array, figures: Array) -> Array:
        """Return points float64[n, p]: the figures, then the shares of each category."""
        parts = [scale.apply(figures[:, at])[:, None] for at, scale in enumerate(self.scales)]
        for at, (kind, width) in enumerate(zip(self.kinds, self.widths, strict=True)):
            share = np.zeros((len(codes), width))
            column = kind[codes[:, at]]
            there = np.flatnonzero(column >= 0)
            share[there, column[there]] = np.sqrt(self.weight / 2)
            parts.append(share)
        whole = np.concatenate(parts, axis=1) if parts else np.zeros((len(figures), 0))
        return np.ascontiguousarray(whole)

    def shown(self, labels: tuple[tuple[str, ...], ...]) -> list[list[str]]:
        """Return what the columns of each category are of: a value, or several as ``…``."""
        found = []
        for kind, width, names in zip(self.kinds, self.widths, labels, strict=True):
            of = [
                [name for name, at in zip(names, kind, strict=False) if at == column]
                for column in range(width)
            ]
            found.append([one[0] if len(one) == 1 else "…" for one in of])
        return found


def _kinds(codes: Array, count: Array, labels: int) -> Array:
    """Give the common values a column each, and all others one together."""
    size = np.bincount(codes[codes >= 0], count[codes >= 0], labels)
    order = np.argsort(-size, kind="stable")[:KINDS]
    common = order[size[order] >= RARE * max(count.sum(), 1)]
    kinds = np.full(labels + 1, -1, np.int64)
    kinds[:-1][size > 0] = len(common)
    kinds[common] = np.arange(len(common))
    return kinds


def _read(values: Array, unit: float) -> Array:
    found: Array = np.log1p(np.maximum(values, 0) / unit) if unit else values
    return found


def _deviation(values: Array, count: Array) -> float:
    mean = values @ count / count.sum()
    return float(np.sqrt((values - mean) ** 2 @ count / count.sum()))


def _skewness(values: Array, count: Array) -> float:
    """Return the third standardised moment; 0 where nothing varies."""
    spread = _deviation(values, count)
    mean = values @ count / count.sum()
    return float(((values - mean) / spread) ** 3 @ count / count.sum()) if spread > 0 else 0.0
