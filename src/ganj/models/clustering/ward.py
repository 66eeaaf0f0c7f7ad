"""Clusters of clusters: micro-clusters joined two by two, each time the two that cost least.

Joining two groups costs what it adds to the inertia, n₁n₂/(n₁+n₂) · |c₁ − c₂|².  A hundred micro-clusters of k-means
stand for everyone, so the tree of a million customers takes no longer than that of a thousand.

Source: J. H. Ward, Hierarchical grouping to optimize an objective function, 1963; G. N. Lance, W. T. Williams, 1967;
T. Zhang, R. Ramakrishnan, M. Livny, BIRCH, 1996 (micro-clusters).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.kernels.clusters import nearest
from ganj.models.clustering.lloyd import Centres, kmeans

MICRO = 100


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Which leaves were joined, in order of cost.

    Attributes
    ----------
    joins : int64[m - 1, 2], what was joined: leaves from 0, earlier joins from m
    height : float64[m - 1], √(2 · added inertia), ascending; between two single points their distance
    weight : float64[m], of the leaves
    """

    joins: Array
    height: Array
    weight: Array

    @property
    def leaves(self) -> int:
        """Count the leaves."""
        return len(self.weight)

    def cut(self, k: int) -> Array:
        """Return the group of each leaf where k groups are left: int64[m], 0 … k - 1, heaviest first."""
        group = list(range(2 * self.leaves - 1))
        for step in range(self.leaves - k):
            for part in self.joins[step].tolist():
                group[part] = self.leaves + step
        for node in reversed(range(len(group))):  # a join's own group is known before its parts' are asked
            group[node] = group[group[node]]
        tops, found = np.unique(group[: self.leaves], return_inverse=True)
        order = np.argsort(-np.bincount(found, self.weight, len(tops)), kind="stable")
        place = np.empty(len(tops), np.int64)
        place[order] = np.arange(len(tops))
        return place[found]


def ward(points: Array, weight: Array) -> Tree:
    """Join weighted points float64[m, d] into one tree."""
    m = len(points)
    heavy = weight.astype(np.float64).copy()
    cost = _cost(points, heavy)
    name = np.arange(m)
    joins, height = np.zeros((max(m - 1, 0), 2), np.int64), np.zeros(max(m - 1, 0))
    for step in range(m - 1):
        a, b = sorted(divmod(int(cost.argmin()), m))
        least = cost[a, b]
        joins[step], height[step] = np.sort(name[[a, b]]), np.sqrt(2 * max(least, 0.0))
        both = heavy[a] + heavy[b] + heavy
        with np.errstate(invalid="ignore"):
            now = ((heavy[a] + heavy) * cost[a] + (heavy[b] + heavy) * cost[b] - heavy * least) / both
        heavy[a] += heavy[b]
        name[a] = m + step
        cost[a], cost[:, a] = now, now
        cost[a, a] = cost[b] = cost[:, b] = np.inf
    return Tree(joins, np.maximum.accumulate(height), weight.astype(np.float64))


def _cost(points: Array, heavy: Array) -> Array:
    apart = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    cost: Array = apart * np.outer(heavy, heavy) / (heavy[:, None] + heavy[None])
    np.fill_diagonal(cost, np.inf)
    return cost


def grown(points: Array, weight: Array, seed: int, micro: int = MICRO) -> tuple[Centres, Tree]:
    """Return micro-clusters of everyone, and their tree."""
    leaves = kmeans(points, weight, micro, seed, starts=1)
    label = nearest(points, leaves.at)[0]
    return leaves, ward(leaves.at, np.bincount(label, weight, len(leaves.at)))
