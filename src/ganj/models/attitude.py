"""Figures of attitude with their uncertainty: NPS, shares of the satisfied, and what waiting costs.

Source: F. Reichheld, The one number you need to grow, HBR 2003 (NPS); M. Dixon, K. Freeman, N. Toman, Stop trying to
delight your customers, HBR 2010 (CES); B. Rocks, Interval estimation for the Net Promoter Score, The American
Statistician 70, 2016 (its variance and intervals).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.kernels.intervals import Z95, wilson
from ganj.text import Text

LOW, MIDDLE, HIGH = range(3)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of marks.

    Attributes
    ----------
    name, label : for programs and for people
    limits : marks below the first are low, from the second on high
    ends : the least and the highest mark
    """

    name: str
    label: Text
    limits: tuple[float, float]
    ends: tuple[float, float]

    def classes(self, marks: Array) -> Array:
        """Return `LOW`, `MIDDLE` or `HIGH` for each mark; -1 where there is none or it is not on the scale."""
        low, high = self.ends
        found = np.digitize(marks, self.limits)
        return np.where((marks >= low) & (marks <= high), found, -1)


SCALES = (
    Scale("nps", Text("Recommendation (NPS)", "توصیه به دیگران (NPS)"), (6.5, 8.5), (0, 10)),
    Scale("csat", Text("Satisfaction (CSAT)", "رضایت (CSAT)"), (2.5, 3.5), (1, 5)),
    Scale("ces", Text("Ease (CES)", "آسانی کار (CES)"), (3.5, 4.5), (1, 7)),
    Scale("stars", Text("Stars of reviews", "ستارهٔ نظرها"), (2.5, 3.5), (1, 5)),
)
NPS = 0


def net(promoters: Array, detractors: Array, answers: Array, z: float = Z95) -> tuple[Array, Array, Array]:
    """Return the Net Promoter Score and its limits, each float64[n] from -100 to 100; nan without answers.

    The score is a difference d of two shares of the same answers, with variance (p + q - d²) / n.  The limits are
    the scores that lie ``z`` standard errors from the one seen (a score interval): with no passives it is
    Wilson's, and it never leaves the scale.
    """
    promoters, detractors, n = (np.asarray(one, np.float64) for one in (promoters, detractors, answers))
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (promoters - detractors) / n
        spread = np.maximum((promoters + detractors) / n, 1 / (n + 1))
        half = z * np.sqrt(np.maximum(spread * (n + z * z) - n * score**2, 0))
        low, high = ((n * score + sign * half) / (n + z * z) for sign in (-1, 1))
    return 100 * score, 100 * low, 100 * high


def index(scale: int, counts: Array) -> tuple[Array, Array, Array]:
    """Return a scale's figure with its limits: the NPS, or the percent of high marks.

    Parameters
    ----------
    counts : int64[n, 3], answers that are low, middle and high
    """
    total = counts.sum(axis=1)
    if scale == NPS:
        return net(counts[:, HIGH], counts[:, LOW], total)
    low, high = wilson(counts[:, HIGH], total)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * counts[:, HIGH] / total, 100 * low, 100 * high


@dataclass(frozen=True, slots=True)
class Slope:
    """By how much marks fall when the wait doubles: the slope, its standard error, and how many pairs told it."""

    value: float
    error: float
    size: int

    @property
    def limits(self) -> tuple[float, float]:
        """The 95 % limits."""
        return self.value - Z95 * self.error, self.value + Z95 * self.error


def per_doubling(hours: Array, marks: Array, customer: Array) -> Slope | None:
    """Regress marks on log2(1 + hours); None where there are too few or all waited alike.

    The standard error allows for a spread that grows with the wait and for several tickets of one customer
    (cluster-robust sandwich, CR1).

    Source: A. C. Cameron, D. L. Miller, A practitioner's guide to cluster-robust inference, J. Human Resources 50, 2015.
    """
    x = np.log2(1 + hours)
    groups, group = np.unique(customer, return_inverse=True)
    n, k = len(x), len(groups)
    if n < FEW or k < FEW // 2 or np.ptp(x) == 0:
        return None
    off = x - x.mean()
    spread = float(off @ off)
    slope = float(off @ marks) / spread
    left = marks - marks.mean() - slope * off
    scored = np.bincount(group.reshape(-1), off * left, k)
    error = np.sqrt(float(scored @ scored) * k / (k - 1) * (n - 1) / (n - 2)) / spread
    return Slope(slope, float(error), n)


FEW = 20
"""Marks after a wait below which nothing is said of waiting."""
