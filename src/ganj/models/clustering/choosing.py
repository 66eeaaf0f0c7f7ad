"""How many clusters, and whether there are any.

Three questions, each with the answer that the literature gives:

* Is this more than a cloud?  The gap of Tibshirani, Walther and Hastie (2001): how much less inertia k clusters leave
  here than in points strewn evenly over the same box (along the principal axes).  It is compared with the gap of one
  cluster, draw by draw, so the spread of the difference is known.  An even cloud is the hardest to tell from
  clusters: any single heap is left with more inertia than it.
* Would other customers of the same kind give the same clusters?  Hennig's bootstrap (2007): each cluster's Jaccard likeness to
  its nearest on resamples, averaged.  From `STABLE` on clusters are held to be there.
* Which of those?  First those whose mean silhouette (Rousseeuw 1987) is within `NEAR` of the best: the gap alone goes on growing
  where tight clusters are cut up.  Of these the fewest whose gap is within one standard error of the greatest.  Calinski
  and Harabasz' ratio is told beside it.

Where no number passes the first two there are no clusters, and that is the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ganj.histories import Array
from ganj.models.clustering.lloyd import Centres, kmeans
from ganj.models.clustering.ward import grown

SAMPLE, SEEN, STREWN = 2_000, 1_000, 600
"""Customers on which stability is tried, silhouettes are measured, and clouds are compared."""
CLOUDS, AGAIN = 10, 12
"""Even clouds, and resamples."""
STABLE, LESS, SURE = 0.75, 0.05, 3.0
"""Jaccard likeness, part of the inertia (log) and standard errors from which clusters are held to be there."""
NEAR = 0.1
"""Mean silhouettes that are no farther apart are as good."""
Way = Callable[[Array, Array, tuple[int, ...], int], list[Centres]]


def by_kmeans(points: Array, weight: Array, many: tuple[int, ...], seed: int) -> list[Centres]:
    """Return clusters of k-means, of each number asked for."""
    return [kmeans(points, weight, k, seed, starts=3) for k in many]


def by_ward(points: Array, weight: Array, many: tuple[int, ...], seed: int) -> list[Centres]:
    """Return clusters of Ward's tree of micro-clusters, of each number asked for."""
    leaves, tree = grown(points, weight, seed)
    return [Centres(leaves.at, tree.cut(min(k, tree.leaves)), np.nan) for k in many]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What speaks for each number of clusters.

    Attributes
    ----------
    many : int64[n], numbers of clusters, from 2
    silhouette, ratio, gap, error, stability, least : float64[n]
        Mean silhouette; Calinski and Harabasz' ratio; how much more than a cloud (log of inertia) and its
        standard error; mean Jaccard likeness over clusters, and that of the least stable one
    chosen : the number taken; 1 where there are no clusters
    asked : whether a person said the number
    """

    many: Array
    silhouette: Array
    ratio: Array
    gap: Array
    error: Array
    stability: Array
    least: Array
    chosen: int
    asked: bool = False

    @property
    def there(self) -> Array:
        """bool[n]: where there is more than a cloud, and it comes again."""
        found: Array = (self.gap > np.maximum(LESS, SURE * self.error)) & (self.stability >= STABLE)
        return found


def choose(points: Array, weight: Array, way: Way, most: int, seed: int, asked: int = 0) -> Choice:
    """Weigh the numbers from 2 to ``most`` on a sample; ``asked`` is taken whatever speaks for it.

    Parameters
    ----------
    points, weight : float64[n, d], float64[n]: rows of customers and how many each stands for
    """
    rng = np.random.default_rng((seed, 7))
    sample = _customers(points, weight, SAMPLE, rng)
    distinct = len(np.unique(sample, axis=0))
    many = tuple(range(2, max(min(most, distinct - 1), 1) + 1))
    if not many:
        none = np.zeros(0)
        return Choice(none, none, none, none, none, none, none, chosen=1, asked=bool(asked))
    ones = np.ones(len(sample))
    labels = [found.of(sample) for found in way(sample, ones, many, seed)]
    gap, error = gaps(_customers(points, weight, STREWN, rng), way, many, seed)
    stability, least = stable(sample, labels, way, many, seed)
    whole = inertia(sample, np.zeros(len(sample), np.int64))
    within = np.array([inertia(sample, label) for label in labels])
    ks = np.array(many)
    ratio = (whole - within) / (ks - 1) / np.maximum(within / (len(sample) - ks), 1e-300)
    silhouette = silhouettes(sample[:SEEN], [one[:SEEN] for one in labels])
    found = Choice(ks, silhouette, ratio, gap, error, stability, least, chosen=1, asked=bool(asked))
    return replace(found, chosen=asked or best(found))


def best(choice: Choice) -> int:
    """Return the fewest clusters whose gap comes near the greatest, among the clearest that are there; 1 if none are."""
    at = np.flatnonzero(choice.there)
    if not len(at):
        return 1
    at = at[choice.silhouette[at] >= choice.silhouette[at].max() - NEAR]
    top = at[np.argmax(choice.gap[at])]
    return int(choice.many[at[choice.gap[at] >= choice.gap[top] - choice.error[top]][0]])


def _customers(points: Array, weight: Array, size: int, rng: np.random.Generator) -> Array:
    """Return single customers in a random order: all of them, or so many drawn."""
    if weight.sum() <= size:
        every = np.repeat(points, weight.astype(np.int64), axis=0)
        return every[rng.permutation(len(every))]
    passed = np.cumsum(weight)
    at = np.searchsorted(passed, rng.random(size) * passed[-1], side="right")
    drawn: Array = points[np.minimum(at, len(points) - 1)]
    return drawn


def inertia(points: Array, label: Array) -> float:
    """Add up squared distances to the means of groups."""
    size = np.bincount(label)
    means = (
        np.stack([np.bincount(label, column) for column in points.T], axis=1) / np.maximum(size, 1)[:, None]
    )
    return float(((points - means[label]) ** 2).sum())


def silhouettes(points: Array, labels: list[Array]) -> Array:
    """Return the mean silhouette of each grouping: float64[n], -1 … 1."""
    square = (points**2).sum(axis=1)
    far = np.sqrt(np.maximum(square[:, None] + square[None] - 2 * points @ points.T, 0))
    return np.array([_silhouette(far, label) for label in labels])


def _silhouette(far: Array, label: Array) -> float:
    found, at = np.unique(label, return_inverse=True)
    if len(found) < 2:
        return 0.0
    member = np.zeros((len(label), len(found)))
    member[np.arange(len(label)), at] = 1
    size, total = member.sum(axis=0), far @ member
    own, rows = size[at], np.arange(len(at))
    inside = total[rows, at] / np.maximum(own - 1, 1)
    others = total / size
    others[rows, at] = np.inf
    outside = others.min(axis=1)
    each = np.where(own > 1, (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-300), 0)
    return float(each.mean())


def gaps(points: Array, way: Way, many: tuple[int, ...], seed: int) -> tuple[Array, Array]:
    """Return how much more than a cloud each number of clusters explains, and the standard error: float64[n]."""
    ones = np.ones(len(points))
    own = _log_inertia(points, way(points, ones, many, seed))
    middle = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - middle, full_matrices=False)
    along = (points - middle) @ axes.T
    rng = np.random.default_rng((seed, 11))
    clouds = []
    for _ in range(CLOUDS):
        strewn = np.ascontiguousarray(
            rng.uniform(along.min(axis=0), along.max(axis=0), along.shape) @ axes + middle
        )
        clouds.append(_log_inertia(strewn, way(strewn, ones, many, seed)))
    of_clouds = np.array(clouds)
    error = of_clouds.std(axis=0, ddof=1) * np.sqrt(1 + 1 / CLOUDS)
    return of_clouds.mean(axis=0) - own, error


def _log_inertia(points: Array, found: list[Centres]) -> Array:
    """Return the log of the part of the inertia that groups leave: float64[n]."""
    whole = inertia(points, np.zeros(len(points), np.int64))
    left = [inertia(points, one.of(points)) for one in found]
    parts: Array = np.log(np.maximum(left, 1e-12 * whole + 1e-300) / max(whole, 1e-300))
    return parts


def stable(
    points: Array, labels: list[Array], way: Way, many: tuple[int, ...], seed: int
) -> tuple[Array, Array]:
    """Return the mean likeness of clusters on resamples, and that of the least stable cluster: float64[n]."""
    rng = np.random.default_rng((seed, 13))
    ones = np.ones(len(points))
    like: list[list[Array]] = [[] for _ in many]
    for again in range(AGAIN):
        drawn = np.ascontiguousarray(points[rng.integers(0, len(points), len(points))])
        for at, found in enumerate(way(drawn, ones, many, seed + 1 + again)):
            like[at].append(likeness(labels[at], found.of(points)))
    means = [np.mean(one, axis=0) for one in like]
    return np.array([one.mean() for one in means]), np.array([one.min() for one in means])


def likeness(one: Array, other: Array) -> Array:
    """Return for each group of one grouping the greatest Jaccard likeness to a group of another: float64[k]."""
    size = (int(one.max()) + 1, int(other.max()) + 1)
    both = np.bincount(one * size[1] + other, minlength=size[0] * size[1]).reshape(size)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None] - both
    found: Array = (both / np.maximum(either, 1)).max(axis=1)
    return found
