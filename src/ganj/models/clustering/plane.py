"""Customers on a plane: the two directions in which they differ most, and the squares of a grid laid over it.

Source: K. Pearson, On lines and planes of closest fit to systems of points in space, 1901.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

EDGE = 0.005
"""The part of the customers beyond each end of the grid; they stand in its outermost squares."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Two directions and the grid over them.

    Attributes
    ----------
    middle : float64[p], the mean of the points
    axes : float64[2, p], of length 1 (or 0 where points differ in one direction only), strongest figure positive
    explained : float64[2], each direction's part of the variance
    likeness : float64[2, p], correlation of each figure with each direction
    low, high : float64[2], ends of the grid
    """

    middle: Array
    axes: Array
    explained: Array
    likeness: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, points: Array, weight: Array) -> Plane:
        """Learn from weighted points float64[n, p]."""
        whole = max(float(weight.sum()), 1.0)
        middle = points.T @ weight / whole
        away = points - middle
        spread = (away * weight[:, None]).T @ away / whole
        values, vectors = np.linalg.eigh(spread)
        order = np.argsort(-values, kind="stable")[:2]
        axes, size = np.zeros((2, points.shape[1])), np.zeros(2)
        axes[: len(order)], size[: len(order)] = vectors[:, order].T, np.maximum(values[order], 0)
        axes[size <= 1e-12] = 0
        strongest = np.abs(axes).argmax(axis=1)
        axes *= np.where(axes[np.arange(2), strongest] < 0, -1, 1)[:, None]
        deviation = np.sqrt(np.maximum(np.diag(spread), 1e-300))
        likeness = np.clip(axes * np.sqrt(size)[:, None] / deviation, -1, 1)
        explained = size / max(float(values.sum()), 1e-300)
        found = cls(middle, axes, explained, likeness, np.zeros(2), np.ones(2))
        ends = [_ends(along, weight) for along in found.project(points).T]
        low, high = np.array(ends).T
        return cls(middle, axes, explained, likeness, low, high)

    def project(self, points: Array) -> Array:
        """Return places on the plane: float64[n, 2].

        Column by column, so that a point has the same place alone and among others.
        """
        found = np.zeros((len(points), 2))
        for at in range(points.shape[1]):
            found += (points[:, at] - self.middle[at])[:, None] * self.axes[:, at]
        return found

    def squares(self, points: Array, grid: tuple[int, int]) -> Array:
        """Return the square each point stands in: int64[n, 2], from 0."""
        wide = np.where(self.high > self.low, self.high - self.low, 1.0)
        share = (self.project(points) - self.low) / wide
        found: Array = np.clip((share * np.array(grid)).astype(np.int64), 0, np.array(grid) - 1)
        return found


def _ends(along: Array, weight: Array) -> tuple[float, float]:
    """Return the places beyond which `EDGE` of the weight lies."""
    order = np.argsort(along, kind="stable")
    passed = np.cumsum(weight[order]) / max(weight.sum(), 1e-300)
    low, high = np.minimum(np.searchsorted(passed, [EDGE, 1 - EDGE]), len(order) - 1)
    return float(along[order[low]]), float(along[order[high]])
