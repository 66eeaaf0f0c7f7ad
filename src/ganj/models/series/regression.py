"""What the calendar, and what else is known ahead, does to a figure: a ridge beside a bending trend.

The figure is ``trend + season + columns @ effects + noise``.  Trend and season are let free, they only keep the
effects honest; the effects are pulled towards nothing as strongly as the data ask for (generalised
cross-validation), so that columns which occurred once or twice say little unless they say it loudly.  Noise that
carries over from period to period is taken out by quasi-differencing, outliers by Huber's weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

PULLS = np.geomspace(1e-4, 300.0, 14)
"""How strongly effects are pulled towards nothing; one is chosen."""
HOLD = 0.3
"""How strongly what stands beside the effects is held, but for the constant: just enough to be told apart."""
KNOTS = {7: 60, 12: 12, 52: 26}
"""Periods between two bends of the trend, by season."""
WAVES = 4
"""Waves that stand for a season of many periods."""
DUMMIES = 24
"""Seasons up to this long are free at each place."""
ROUNDS = 2
HUBER = 2.0
EMPTY = np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """What each column does.

    Attributes
    ----------
    size : float64[columns], change of the figure per unit
    error : float64[columns], standard errors given the pull
    pull : how strongly effects were pulled towards nothing
    left : float64[n], the figure less all that explains it; nan where a period says nothing
    bends : float64[n], the trend
    """

    size: Array
    error: Array
    pull: float
    left: Array
    bends: Array


def effects(values: Array, columns: Array, season: int, known: Array | None = None) -> Effects:
    """Measure the effects of columns on a figure.

    Parameters
    ----------
    values : float64[n], nan where a period says nothing
    columns : float64[n, p]
    season : periods in a cycle; 1 for none
    known : float64[p], effects expected beforehand, towards which those found are pulled; None for nothing

    Notes
    -----
    Source: Hoerl, Kennard, Ridge regression, 1970; Golub, Heath, Wahba, Generalized cross-validation, 1979;
    Cochrane, Orcutt, Application of least squares regression to relationships containing autocorrelated
    error terms, 1949; Huber, Robust estimation of a location parameter, 1964.
    """
    prior = np.zeros(columns.shape[1]) if known is None else known
    there = ~np.isnan(values)
    columns = columns - columns[there].mean(axis=0)
    target = np.where(there, values - np.nanmean(values), 0.0) - columns @ prior
    beside = _beside(len(values), season)
    carry, weight = 0.0, there.astype(np.float64)
    for _ in range(ROUNDS):
        found, rest = _ridge(
            *(_changed(part, carry) * weight[:, None] for part in (target[:, None], beside, columns))
        )
        left = target - beside @ rest - columns @ found.size
        carry = _carry(left, there)
        ahead = _changed(left[:, None], carry)[:, 0]
        spread = 1.4826 * np.median(np.abs(ahead[there])) + 1e-12
        weight = there * np.sqrt(np.minimum(1.0, HUBER * spread / np.maximum(np.abs(ahead), 1e-12)))
    trend = beside[:, : _straight(len(values), season)] @ rest[: _straight(len(values), season)]
    return Effects(found.size + prior, found.error, found.pull, np.where(there, left, np.nan), trend)


def _beside(size: int, season: int) -> Array:
    """Return what stands beside the columns: the trend and the season, float64[n, k]."""
    at = np.arange(size, dtype=np.float64)
    step = KNOTS.get(season, 60)
    bends = _bends(size, step)
    parts = [np.ones(size), at / step, *(np.maximum(at - bend, 0) / step for bend in bends)]
    if 1 < season <= DUMMIES:
        parts += [(at % season == j).astype(np.float64) for j in range(season - 1)]
    elif season > DUMMIES:
        turn = 2 * np.pi * at / (365.2425 / 7 if season == 52 else season)
        parts += [wave(k * turn) for k in range(1, WAVES + 1) for wave in (np.sin, np.cos)]
    return np.column_stack(parts)


def _bends(size: int, step: int) -> Array:
    return np.arange(step, size - step / 2, step)


def _straight(size: int, season: int) -> int:
    """Count the columns of the trend."""
    return 2 + len(_bends(size, KNOTS.get(season, 60)))


def _ridge(target: Array, beside: Array, columns: Array) -> tuple[Effects, Array]:
    """Fit both; ``beside`` is pulled only just enough to be told apart."""
    width = beside.shape[1]
    held = beside.T @ beside + np.diag([1e-12, *[HOLD**2] * (width - 1)])
    both = np.column_stack((columns, target))
    across = beside.T @ both
    left = both.T @ both - across.T @ np.linalg.solve(held, across)
    size, turn = np.linalg.eigh(left[:-1, :-1])
    size = np.maximum(size, 0.0)
    along = turn.T @ left[:-1, -1]
    over = size + PULLS[:, None]
    rest = float(left[-1, -1]) - (along**2 * (2 / over - size / over**2)).sum(axis=1)
    free = np.maximum(len(target) - width - (size / over).sum(axis=1), 1.0)
    best = int(np.argmin(rest / free**2))
    pull = float(PULLS[best])
    made = turn @ (along / over[best])
    error = np.sqrt(rest[best] / free[best] * (turn**2 / over[best]).sum(axis=1))
    others = np.linalg.solve(held, across[:, -1] - across[:, :-1] @ made)
    return Effects(made, error, pull, EMPTY, EMPTY), others


def _carry(left: Array, there: Array) -> float:
    """Return how much of the noise carries over to the next period."""
    both = there[1:] & there[:-1]
    now, then = left[1:][both], left[:-1][both]
    return float(np.clip(now @ then / (then @ then + 1e-12), 0.0, 0.9))


def _changed(part: Array, carry: float) -> Array:
    """Take from each period what carries over from the one before; float64[n, k]."""
    made: Array = part.copy()
    made[1:] -= carry * part[:-1]
    made[0] *= np.sqrt(1 - carry * carry)
    return made
