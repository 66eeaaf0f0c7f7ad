"""How far two groups are apart, and figures that go together: effects with their uncertainty."""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np

from ganj.histories import Array
from ganj.kernels.intervals import Z95

ROUNDS = 50
"""The most steps of Newton's method; it takes five to eight where there is an answer."""


def chance(z: Array) -> Array:
    """Return two-sided p-values of standard normal values: float64[n]; nan of nan."""
    return np.array([erfc(abs(float(one)) / sqrt(2)) for one in np.asarray(z).ravel()])


def false_discovery(p: Array) -> Array:
    """Return p-values adjusted for how many were looked at: float64[n], nan where there is none.

    Calling those at most 0.05 real, no more than 5 % of what is called so is false on average.

    Source: Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, 1995.
    """
    out = np.full(len(p), np.nan)
    there = np.flatnonzero(~np.isnan(p))
    order = there[np.argsort(p[there], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    out[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return out


def two_shares(hits: Array, tries: Array) -> Array:
    """Return z of the difference of two shares under one common share: hits, tries float64[n, 2]."""
    share = hits.sum(axis=1) / tries.sum(axis=1)
    wide = np.sqrt(share * (1 - share) * (1 / tries).sum(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        z: Array = (hits[:, 0] / tries[:, 0] - hits[:, 1] / tries[:, 1]) / wide
    return z


def risk_ratio(hits: Array, tries: Array) -> tuple[Array, Array, Array]:
    """Return the ratio of the first share to the second and its 95 % limits; half a case is added to each zero.

    Source: D. Katz et al., Obtaining confidence intervals for the risk ratio in cohort studies, 1978.
    """
    zero = (hits == 0).any(axis=1)[:, None] * 0.5
    hit, of = hits + zero, tries + zero
    ratio = (hit[:, 0] / of[:, 0]) / (hit[:, 1] / of[:, 1])
    wide = Z95 * np.sqrt(np.maximum((1 / hit - 1 / of).sum(axis=1), 0))
    return ratio, ratio * np.exp(-wide), ratio * np.exp(wide)


def standardised(size: Array, mean: Array, spread: Array) -> tuple[Array, Array, Array, Array]:
    """Return Cohen's d of the first group against the second, its 95 % limits, and z of Welch's test.

    Parameters
    ----------
    size, mean, spread : float64[n, 2]; spread is the sum of squared deviations

    Source: L. V. Hedges, I. Olkin, Statistical methods for meta-analysis, 1985, ch. 5, eq. 14 (large samples).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = mean[:, 0] - mean[:, 1]
        pooled = np.sqrt(spread.sum(axis=1) / (size.sum(axis=1) - 2))
        d = np.where(pooled > 0, apart / pooled, np.nan)  # no deviation to measure by: no effect size
        wide = Z95 * np.sqrt((1 / size).sum(axis=1) + d * d / (2 * size.sum(axis=1)))
        z = np.where(pooled > 0, apart / np.sqrt((spread / (size - 1) / size).sum(axis=1)), np.nan)
    return d, d - wide, d + wide, z


def correlation_limits(r: Array, size: int) -> tuple[Array, Array]:
    """Return 95 % limits of Pearson's correlations by Fisher's z; nan below four rows."""
    if size < 4:
        return np.full_like(r, np.nan), np.full_like(r, np.nan)
    with np.errstate(divide="ignore"):
        middle = np.arctanh(r)
    wide = Z95 / np.sqrt(size - 3)
    return np.tanh(middle - wide), np.tanh(middle + wide)


def correlation_chance(r: Array, size: int) -> Array:
    """Return two-sided p-values of Pearson's correlations by Fisher's z; nan below four rows."""
    if size < 4:
        return np.full_like(r, np.nan)
    with np.errstate(divide="ignore"):
        return chance(np.arctanh(r) * np.sqrt(size - 3))


def least_squares(size: int, spread: Array) -> tuple[Array, Array, float] | None:
    """Regress the first figure on the others from their sums of products of deviations.

    Returns
    -------
    slopes, errors : float64[figures - 1], and R²; None where the figures do not tell the slopes apart
    """
    inner, outer, total = spread[1:, 1:], spread[1:, 0], spread[0, 0]
    free = size - len(spread)
    if free < 1 or total <= 0 or not _apart(inner):
        return None
    slopes = np.linalg.solve(inner, outer)
    left = max(total - slopes @ outer, 0.0)
    return slopes, np.sqrt(left / free * np.diag(np.linalg.inv(inner))), float(1 - left / total)


def logistic(figures: Array, outcome: Array, count: Array) -> tuple[Array, Array] | None:
    """Fit log odds by Newton's method (iteratively reweighted least squares).

    Parameters
    ----------
    figures : float64[n, d], standardised; an intercept is added
    outcome : float64[n], 0 or 1
    count : float64[n], how many customers a row stands for

    Returns
    -------
    slopes : float64[1 + d], the intercept first; None where the groups are told apart perfectly or the figures are not
    spread : float64[1 + d, 1 + d], their covariance

    Source: P. McCullagh, J. A. Nelder, Generalized linear models, 1989, ch. 4.4.
    """
    rows = np.column_stack((np.ones(len(figures)), figures))
    slopes = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        odds = 1 / (1 + np.exp(-np.clip(rows @ slopes, -30, 30)))
        weight = count * odds * (1 - odds)
        known = rows.T @ (rows * weight[:, None])
        if not _apart(known):
            return None
        step = np.linalg.solve(known, rows.T @ (count * (outcome - odds)))
        slopes = slopes + step
        if np.abs(step).max() < 1e-10:
            return slopes, np.linalg.inv(known)
        if np.abs(slopes).max() > 30:
            return None
    return None


def partial(
    figures: Array, count: Array, model: tuple[Array, Array], at: int, values: Array
) -> tuple[Array, Array, Array]:
    """Return how probable the outcome is on average if everyone had some value of one figure, all else as it is.

    Limits are those of the log odds by the delta method; that these are the customers is taken as given.

    Parameters
    ----------
    figures, count, model : what `logistic` fitted, and what it found
    at : which figure
    values : float64[k], in its units

    Returns
    -------
    mean, low, high : float64[k]

    Source: J. H. Friedman, Greedy function approximation, 2001, ch. 8.2; W. H. Greene, Econometric analysis, 2012, 17.3.2.
    """
    slopes, spread = model
    rows = np.column_stack((np.ones(len(figures)), figures))
    found = np.empty((len(values), 2))
    for k, value in enumerate(values):
        rows[:, at + 1] = value
        odds = 1 / (1 + np.exp(-np.clip(rows @ slopes, -30, 30)))
        mean = count @ odds / count.sum()
        slant = (count * odds * (1 - odds)) @ rows / count.sum() / max(mean * (1 - mean), 1e-300)
        found[k] = np.log(mean / (1 - mean)), np.sqrt(slant @ spread @ slant)
    middle, wide = found[:, 0], Z95 * found[:, 1]
    mean, low, high = (1 / (1 + np.exp(-one)) for one in (middle, middle - wide, middle + wide))
    return mean, low, high


def _apart(matrix: Array) -> bool:
    """Tell whether a matrix of figures can be solved: none is constant or made up of others."""
    wide = np.sqrt(np.diag(matrix))
    return bool(len(matrix) and (wide > 0).all() and np.linalg.cond(matrix / np.outer(wide, wide)) < 1e10)
