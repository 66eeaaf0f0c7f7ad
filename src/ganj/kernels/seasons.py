"""Figures that come round: rates drawn to their mean, months against a trend, single days against their neighbours."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from ganj.histories import Array

STEPS = 50
"""Of reweighted least squares; ten are enough for counts that are not nearly all zero."""

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


def months(events: Array, days: Array, month: Array) -> tuple[Array, Array, Array]:
    """Compare the months of the year with each other, the trend taken out.

    Events are counts whose mean is days × exp(trend + effect of the month's name), the trend a parabola in
    time, and whose variance is so many times the mean as the counts themselves say (quasi-Poisson, fitted
    by reweighted least squares).  Effects are measured from their mean.

    Parameters
    ----------
    events : float64[n], whole months in order
    days : int64[n]
    month : int64[n], 0 … 11; each must occur

    Returns
    -------
    index, low, high : float64[12]
        100 is a usual month; 95 % limits by Student's t with n - 14 degrees of freedom.

    Source: P. McCullagh and J. A. Nelder, Generalized linear models, 1989, 6.2.
    """
    count = len(events)
    time = np.linspace(-1, 1, count)
    design = np.column_stack((np.eye(12)[month], time, time**2 - (time**2).mean()))
    mean = np.maximum(events, 0.5)
    for _ in range(STEPS):
        view = np.log(mean / days) + (events - mean) / mean
        root = np.sqrt(mean)[:, None]
        solved, *_ = np.linalg.lstsq(design * root, view * root[:, 0], rcond=None)
        mean = days * np.exp(np.clip(design @ solved, -30, 30))
    freedom = count - design.shape[1]
    variance = max(((events - mean) ** 2 / mean).sum() / freedom, 1.0)  # never less than of counts by chance
    apart = np.eye(12) - 1 / 12
    effect = apart @ solved[:12]
    inverse = np.linalg.pinv(design.T @ (design * mean[:, None]))[:12, :12]
    half = student(0.975, freedom) * np.sqrt(np.maximum(np.diag(apart @ inverse @ apart.T) * variance, 0))
    half = np.minimum(half, 100)  # beyond all meaning, and within a float
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
