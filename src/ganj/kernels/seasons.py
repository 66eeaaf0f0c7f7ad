"""Figures that come round: rates drawn to their mean, months against a trend, single days against their neighbours."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from ganj.histories import Array

FEWEST = 6
"""Days from which limits are given."""


def student(share: float, freedom: int) -> float:
    """Return a quantile of Student's t; exact to three digits from five degrees of freedom on.

    Source: M. Abramowitz and I. A. Stegun, Handbook of mathematical functions, 1964, 26.7.5.
    """
    x, n = NormalDist().inv_cdf(share), freedom
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return float(x + sum(term / n**power for power, term in enumerate(terms, 1)))


def drawn(hits: Array, tries: Array) -> tuple[Array, Array]:
    """Draw rates towards their mean, as far as chance explains their spread.

    Each rate is taken as drawn from one beta distribution; its mean is the mean rate and its strength is
    estimated from how much more the rates vary than chance alone lets them.  Where they vary no more,
    every rate is the mean.

    Returns
    -------
    hits, tries : float64[n]
        With the strength of the prior added: their ratio is the drawn rate.

    Source: J. C. Kleinman, Proportions with extraneous variance: single and independent samples, 1973.
    """
    hits, tries = np.asarray(hits, np.float64), np.asarray(tries, np.float64)
    total, kinds = tries.sum(), int((tries > 0).sum())
    if not total or kinds < 2:
        return hits, tries
    mean = hits.sum() / total
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.nansum(tries * (hits / tries - mean) ** 2)
    effective = total - (tries**2).sum() / total
    chance = mean * (1 - mean)
    between = (spread - chance * (kinds - 1)) / max(effective, 1e-9)
    alike = chance <= 0 or between <= chance / total  # no more spread than chance
    strength = 1e9 * total if alike else max(chance / between - 1, 0.0)
    return hits + strength * mean, tries + strength


def months(rate: Array, month: Array) -> tuple[Array, Array, Array]:
    """Compare the months of the year with each other, the trend taken out.

    The logarithm of a month's daily rate is a straight line in time and an effect of its name; effects are
    measured from their mean.

    Parameters
    ----------
    rate : float64[n] > 0, whole months in order
    month : int64[n], 0 … 11; each must occur

    Returns
    -------
    index, low, high : float64[12]
        100 is a usual month; 95 % limits by Student's t with n - 13 degrees of freedom.
    """
    count = len(rate)
    design = np.column_stack((np.eye(12)[month], np.arange(count) - (count - 1) / 2))
    solved, *_ = np.linalg.lstsq(design, np.log(rate), rcond=None)
    freedom = count - 13
    left = np.log(rate) - design @ solved
    variance = (left @ left) / freedom
    apart = np.eye(12) - 1 / 12
    effect = apart @ solved[:12]
    cover = apart @ (np.linalg.inv(design.T @ design)[:12, :12] * variance) @ apart.T
    half = student(0.975, freedom) * np.sqrt(np.maximum(np.diag(cover), 0))
    return 100 * np.exp(effect), 100 * np.exp(effect - half), 100 * np.exp(effect + half)


def expected(days: Array, ordinary: Array, weeks: int = 4) -> Array:
    """Return what each day would have had: the mean of ordinary days of its weekday, up to some weeks away.

    Parameters
    ----------
    days : float64[n], consecutive days
    ordinary : bool[n]

    Returns
    -------
    float64[n]
        nan where there are fewer than two such days.
    """
    sums, counts = np.zeros(len(days)), np.zeros(len(days))
    for step in [7 * week for week in range(1, weeks + 1)]:
        for shift in (step, -step):
            at = np.arange(len(days)) + shift
            inside = (at >= 0) & (at < len(days))
            good = inside & ordinary[np.where(inside, at, 0)] if len(days) else inside
            sums[good] += days[at[good]]
            counts[good] += 1
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: Array = np.where(counts >= 2, sums / counts, np.nan)
    return mean


def effect(found: Array, usual: Array) -> tuple[float, float, float]:
    """Return by how many percent some days differ from what is usual for them, and 95 % limits.

    A ratio of sums; its spread is that of the days about it, so that one strange day widens it.  Limits are
    nan below six days.

    Source: W. G. Cochran, Sampling techniques, 1977, 6.4.
    """
    known = ~np.isnan(usual)
    found, usual = found[known], usual[known]
    if not len(found) or not usual.sum():
        return (float("nan"),) * 3
    ratio = found.sum() / usual.sum()
    size = len(found)
    if size < FEWEST:
        return 100 * (ratio - 1), float("nan"), float("nan")
    away = found - ratio * usual
    half = student(0.975, size - 1) * np.sqrt(size / (size - 1) * (away @ away)) / usual.sum()
    return 100 * (ratio - 1), 100 * (ratio - half - 1), 100 * (ratio + half - 1)
