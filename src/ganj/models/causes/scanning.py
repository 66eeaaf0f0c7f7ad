"""Where a figure moved apart from the rest: a scan of every combination of up to three dimensions.

Under the hypothesis that nothing special happened, all combinations moved by one common ratio.  For a combination
with ``c`` observed now and ``b`` before, of ``C`` and ``B`` in all, the logarithm of the likelihood ratio of "it moved
by a ratio of its own" against that is half the G of the table ``c, b; C - c, B - b`` (Kulldorff's scan statistic, over
cells of a cube instead of circles on a map, and with a past that was drawn by chance as well).  The best combination is a cause; its cells are then expected to be
as they are, and the rest is scanned again.  A combination explains its parts, so a finer one must do clearly
better to be preferred: the ripple that a cause leaves in all its parts is what tells them apart.

Source: M. Kulldorff, A spatial scan statistic, Communications in Statistics 26(6), 1997; over subsets of attributes
D. B. Neill, Fast subset scan, Journal of the Royal Statistical Society B 74(2), 2012.  The noise is measured on the
same combinations, as in B. Devlin, K. Roeder, Genomic control for association studies, Biometrics 55, 1999.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ganj.histories import Array
from ganj.kernels.counting import packed

DEEPEST = 3
FINER = 0.9
"""What the gain of a combination is multiplied with for each dimension beyond the first."""
AGAINST = 0.8
"""What it is multiplied with where it moved against the whole."""
HALF_OF_CHI = 0.4549
"""Median of chi-squared with one degree of freedom."""
LIKELY = 0.05
"""A gain that comes by accident more often than this is no cause."""
LEAST = 0.25
"""A further cause gains at least this much of what the first one does."""
FEW = 5.0
"""Combinations that expect less are not measured for noise."""

Scanned = tuple[Array, Array, Array]


@dataclass(frozen=True, slots=True)
class Cause:
    """A combination that moved apart from the rest.

    Attributes
    ----------
    where : (dimension, code) pairs, dimensions ascending
    observed, expected : sums over its cells; expected as at first, before the common ratio
    apart : its own ratio to what is expected, over the rest's
    gain : logarithm of the likelihood ratio, of the noise's size
    chance : how likely a gain like this is by accident among all combinations looked at; at most 1
    """

    where: tuple[tuple[int, int], ...]
    observed: float
    expected: float
    apart: float
    gain: float
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """The combinations of some dimensions.

    Attributes
    ----------
    dimensions : which
    group : int64[cells], the combination that each cell is of
    first : int64[groups], a cell of each
    """

    dimensions: tuple[int, ...]
    group: Array
    first: Array


def groupings(codes: Array, deepest: int = DEEPEST) -> list[Grouping]:
    """List the combinations of up to so many dimensions, of codes int64[cells, d]."""
    found = []
    for size in range(1, min(codes.shape[1], deepest) + 1):
        for dimensions in combinations(range(codes.shape[1]), size):
            code, _ = packed(codes[:, dimensions])
            _, first, group = np.unique(code, return_index=True, return_inverse=True)
            found.append(Grouping(dimensions, group, first))
    return found


def causes(
    codes: Array,
    observed: Array,
    expected: Array,
    *,
    behind: float,
    most: int = 3,
    way: int = 0,
) -> list[Cause]:
    """Find the combinations that moved apart from the rest, the greatest gain first.

    Parameters
    ----------
    codes : int64[cells, d]
    observed, expected : float64[cells], not negative, over their noise where that is not Poisson's
    behind : how much was seen for each 1 that is expected: 2 where the past was twice as long
    most : at most so many
    way : 1 where the whole rose, -1 where it fell: what moved the same way explains it rather

    Returns
    -------
    list[Cause]
        Those less likely than 1 in 20 by accident among all that were looked at.
    """
    every = groupings(codes)
    believed = expected.astype(np.float64)
    scanned = _scanned(every, observed, believed * behind)
    found: list[Cause] = []
    while len(found) < most:
        best = _best(every, scanned, (float(observed.sum()), float(believed.sum()) * behind), way)
        if best is None:
            break
        gain, grouping, at, apart = best
        cells = grouping.group == at
        believed = np.where(cells, believed * apart, believed)
        scanned = _scanned(every, observed, believed * behind)
        gain /= _noise(scanned)  # of what is left when this is told: it is in many combinations itself
        chance = min(1.0, sum(len(gains_) for gains_, *_ in scanned) * math.erfc(math.sqrt(gain)))
        where = tuple((d, int(codes[grouping.first[at], d])) for d in grouping.dimensions)
        if chance > LIKELY or where in {one.where for one in found} or gain < LEAST * _first(found):
            break
        sums = float(observed[cells].sum()), float(expected[cells].sum())
        found.append(Cause(where, *sums, apart, gain, chance))
    return found


def _first(found: list[Cause]) -> float:
    return found[0].gain if found else 0.0


def _best(
    every: list[Grouping], scanned: list[Scanned], whole: tuple[float, float], way: int
) -> tuple[float, Grouping, int, float] | None:
    """Return the greatest gain, its combination, and by what ratio that moved over the rest."""
    top = 0.0
    best = None
    for grouping, (gain, has, wants) in zip(every, scanned, strict=True):
        if not len(gain):
            continue
        against = way * (has * (whole[1] - wants) - wants * (whole[0] - has)) < 0
        weighed = np.where(against, AGAINST * gain, gain)
        at = int(np.argmax(weighed))
        worth = float(weighed[at]) * FINER ** (len(grouping.dimensions) - 1)
        if worth > top * (1 + 1e-9):
            top = worth
            best = float(gain[at]), grouping, at, float(has[at]), float(wants[at])
    if best is None:
        return None
    gain_, grouping, at, has_, wants_ = best
    rest = (whole[0] - has_) / (whole[1] - wants_)
    return (gain_, grouping, at, has_ / wants_ / rest) if rest > 0 else None


def _scanned(every: list[Grouping], now: Array, before: Array) -> list[Scanned]:
    """Return of each grouping the gains, and what each combination has now and had before."""
    found = []
    for grouping in every:
        size = len(grouping.first)
        has, had = (np.bincount(grouping.group, values, size) for values in (now, before))
        found.append((gains(has, had, float(now.sum()), float(before.sum())), has, had))
    return found


def gains(has: Array, had: Array, now: float, before: float) -> Array:
    """Return the logarithms of the likelihood ratios, 0 where a combination is everything or nothing.

    Parameters
    ----------
    has, had : float64[k], each combination's now and before
    now, before : the whole's
    """
    whole = now + before
    usable = (had > 1e-9 * before) & (before - had > 1e-9 * before) & (now > 0)
    gain = np.zeros(len(has))
    for seen, share in ((has, now), (had, before)):
        for cell, row in ((seen, has + had), (share - seen, whole - has - had)):
            gain += _term(cell, row * share / whole if whole > 0 else row)
    found: Array = np.where(usable, np.maximum(gain, 0.0), 0.0)
    return found


def _term(has: Array, wants: Array) -> Array:
    positive = (has > 1e-12) & (wants > 1e-12)
    found: Array = np.where(
        positive, has * np.log(np.where(positive, has, 1.0) / np.where(positive, wants, 1.0)), 0.0
    )
    return found


def _noise(scanned: list[Scanned]) -> float:
    """Return how much wider than told the gains lie when most combinations did nothing; at least 1."""
    told = [2 * gain[wants >= FEW] for gain, _, wants in scanned]
    every = np.concatenate(told) if told else np.zeros(0)
    every = every[every > 0]
    return max(1.0, float(np.median(every)) / HALF_OF_CHI) if len(every) > 8 else 1.0
