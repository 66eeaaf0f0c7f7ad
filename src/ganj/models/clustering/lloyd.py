"""k-means: seeds far apart, several starts on a sample, polished on everyone.

The sum of squared distances to the nearest centre, the inertia, is what is made small.  Starts on a sample of
`SAMPLE` rows find the shape; Lloyd's steps on all rows, with Hamerly's bounds, then need few rounds.  Rows are
worked on in pieces of a fixed size and added up in order, so the same rows give the same bytes on any number of cores.

Source: D. Arthur, S. Vassilvitskii, k-means++: the advantages of careful seeding, 2007 (with several candidates for
each seed, of which the best is taken); S. Lloyd, 1982; G. Hamerly, 2010.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from ganj.histories import Array
from ganj.kernels.clusters import nearest, settle

T = TypeVar("T")

SAMPLE = 8_192
"""Rows on which starts are tried."""
MIDDLE = 1 << 17
"""Rows on which the best start is polished first where there are more, so that few steps are left for all."""
PIECE = 1 << 16
"""Rows that are worked on at once."""
STARTS, FIRST, ROUNDS = 10, 12, 300
"""Starts; Lloyd's steps by which they are told apart where a sample stands for more rows; the most steps."""
TOLERANCE = 1e-4
"""Centres that moved, squared and together, less than this part of the variance of a figure are where they belong."""


@dataclass(frozen=True, slots=True, eq=False)
class Centres:
    """Groups by the nearest of some points.

    Attributes
    ----------
    at : float64[m, d]
    group : int64[m], which group each belongs to; several may share one
    inertia : weighted sum of squared distances to the nearest
    rounds : Lloyd's steps on all rows
    """

    at: Array
    group: Array
    inertia: float
    rounds: int = 0

    def of(self, points: Array) -> Array:
        """Return the group of each point: int64[n]."""
        found: Array = self.group[nearest(points, self.at)[0]]
        return found

    @property
    def size(self) -> int:
        """Count the groups."""
        return int(self.group.max()) + 1


def kmeans(points: Array, weight: Array, k: int, seed: int, starts: int = STARTS) -> Centres:
    """Return at most k centres.

    Parameters
    ----------
    points : float64[n, d], n at least 1
    weight : float64[n], positive
    """
    rng = np.random.default_rng((seed, k))
    some, heavy = sampled(points, weight, SAMPLE, rng)
    steps = ROUNDS if some is points else FIRST
    tried = [lloyd(some, heavy, seeds(some, heavy, k, rng), steps) for _ in range(starts)]
    best = min(tried, key=lambda one: one.inertia)
    for size in (MIDDLE, len(points)):
        if len(some) < size <= len(points):
            some, heavy = sampled(points, weight, size, rng)
            best = lloyd(some, heavy, best.at)
    return best


def sampled(points: Array, weight: Array, size: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw so many rows in proportion to their weights, with replacement; all of them where there are no more."""
    if len(points) <= size:
        return points, weight
    passed = np.cumsum(weight)
    at = np.searchsorted(passed, np.sort(rng.random(size)) * passed[-1], side="right")
    kept, times = np.unique(np.minimum(at, len(points) - 1), return_counts=True)
    return points[kept], times * (passed[-1] / size)


def seeds(points: Array, weight: Array, k: int, rng: np.random.Generator) -> Array:
    """Draw k rows far apart: each the best of a few drawn in proportion to squared distance; float64[<= k, d]."""
    tries = 2 + int(np.log(k))
    chosen = [int(np.searchsorted(np.cumsum(weight), rng.random() * weight.sum(), side="right"))]
    gap = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < k:
        passed = np.cumsum(gap * weight)
        if passed[-1] <= 0:
            break  # no more distinct rows
        drawn = np.searchsorted(passed, rng.random(tries) * passed[-1], side="right")
        drawn = np.minimum(drawn, len(points) - 1)
        gaps = [np.minimum(gap, ((points - points[at]) ** 2).sum(axis=1)) for at in drawn]
        best = int(np.argmin([one @ weight for one in gaps]))
        gap = gaps[best]
        chosen.append(int(drawn[best]))
    return np.ascontiguousarray(points[chosen])


def lloyd(points: Array, weight: Array, centres: Array, most: int = ROUNDS) -> Centres:
    """Move centres to the means of the rows nearest to them until they rest."""
    work = _Rows(np.ascontiguousarray(points, np.float64), np.ascontiguousarray(weight, np.float64))
    rest = TOLERANCE * float(points.var(axis=0).mean())
    centres, moved = np.array(centres, np.float64), np.zeros(len(centres))
    sums = np.zeros((len(centres), points.shape[1] + 1))
    rounds = 0
    for _ in range(most):
        changed = work.settle(centres, moved, sums)
        rounds += 1
        there = sums[:, -1] > 0
        means = np.where(there[:, None], sums[:, :-1] / np.where(there, sums[:, -1], 1)[:, None], centres)
        moved = np.sqrt(((means - centres) ** 2).sum(axis=1))
        centres = means
        if not changed or (moved**2).sum() <= rest:
            break
    centres = centres[sums[:, -1] > 0]
    return Centres(centres, np.arange(len(centres)), work.inertia(centres), rounds)


class _Rows:
    """Rows with their labels and bounds, in pieces."""

    def __init__(self, points: Array, weight: Array) -> None:
        self.points, self.weight = points, weight
        self.label = np.full(len(points), -1, np.int64)
        self.upper, self.lower = np.zeros(len(points)), np.zeros(len(points))

    def settle(self, centres: Array, moved: Array, sums: Array) -> int:
        """Label every row, add what changed to ``sums``, and count the changes."""
        between = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=2))
        np.fill_diagonal(between, np.inf)
        next_far = np.sort(moved)[-2] if len(moved) > 1 else 0.0
        far = np.concatenate((moved, [moved.max(), next_far, float(moved.argmax())]))
        found = self._each(partial(self._piece, centres, between.min(axis=1) / 2, far))
        for _, part in found:
            sums += part
        return sum(changed for changed, _ in found)

    def inertia(self, centres: Array) -> float:
        """Add up weighted squared distances to the nearest centre."""
        return sum(self._each(partial(self._distance, centres)))

    def _each(self, work: Callable[[slice], T]) -> list[T]:
        """Work on all pieces, several at once; results in the order of the rows."""
        pieces = [slice(start, start + PIECE) for start in range(0, len(self.points), PIECE)]
        if len(pieces) == 1:
            return [work(pieces[0])]
        with ThreadPoolExecutor(os.cpu_count() or 1, "centres") as pool:
            return list(pool.map(work, pieces))

    def _distance(self, centres: Array, at: slice) -> float:
        return float(nearest(self.points[at], centres)[1] @ self.weight[at])

    def _piece(self, centres: Array, half: Array, moved: Array, at: slice) -> tuple[int, Array]:
        part = np.zeros((len(centres), centres.shape[1] + 1))
        bounds = (self.label[at], self.upper[at], self.lower[at])
        changed = settle(self.points[at], self.weight[at], centres, half, moved, *bounds, part)
        return changed, part
