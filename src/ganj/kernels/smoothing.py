"""Exponential smoothing with many settings at once: the settings' losses, and where each one ends."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

FEW = 5
"""Periods whose mean is the first level, where there is no season."""
CYCLES = 3
"""Seasons from which the first one is taken."""


@njit(nogil=True, cache=True)
def _mean(values: Array) -> float:
    total, seen = 0.0, 0
    for value in values:
        if not np.isnan(value):
            total += value
            seen += 1
    return total / max(seen, 1)


@njit(nogil=True, cache=True)
def _first_season(values: Array, season: int) -> Array:
    """Return how the places of a season lay about its mean in the first cycles: float64[season]."""
    away, held = np.zeros(season), np.zeros(season)
    cycles = min(len(values) // season, CYCLES) if season > 1 else 0
    slope = 0.0
    if cycles > 1:  # growth is no season
        slope = (
            (_mean(values[(cycles - 1) * season : cycles * season]) - _mean(values[:season]))
            / (cycles - 1)
            / season
        )
    for cycle in range(cycles):
        part = values[cycle * season : (cycle + 1) * season]
        mean = _mean(part)
        for j in range(season):
            if not np.isnan(part[j]):
                away[j] += part[j] - mean - slope * (j - (season - 1) / 2)
                held[j] += 1
    return away / np.maximum(held, 1.0)


@kernel
def smoothed(values: Array, season: int, settings: Array) -> tuple[Array, Array]:
    """Run damped-trend additive smoothing over a series, once for each setting.

    Parameters
    ----------
    values : float64[n]; nan where a period says nothing, and then states only move on
    season : periods in a cycle; 1 for none
    settings : float64[k, 4], of each: weight of the level, of the trend (as a share of the level's), the
        trend's damping, weight of the season (as a share of what the level leaves)

    Returns
    -------
    loss : float64[k], mean squared error one step ahead, after the first cycle
    states : float64[k, 2 + season], level, trend, and the season of each of the next ``season`` steps

    Notes
    -----
    Source: Hyndman, Koehler, Ord, Snyder, Forecasting with Exponential Smoothing, 2008, ETS(A,Ad,A).
    """
    size, count = len(values), len(settings)
    first_level = _mean(values[: season if season > 1 else FEW])
    first_season = _first_season(values, season)
    loss, states = np.zeros(count), np.zeros((count, 2 + season))
    seasonal = np.zeros(season)
    for k in range(count):
        alpha, beta, phi = settings[k, 0], settings[k, 0] * settings[k, 1], settings[k, 2]
        gamma = settings[k, 3] * (1.0 - alpha)
        level, trend, squares, terms = first_level, 0.0, 0.0, 0
        seasonal[:] = first_season
        for t in range(size):
            j = t % season
            ahead = level + phi * trend
            error = values[t] - ahead - seasonal[j]
            if np.isnan(error):
                error = 0.0
            elif t >= season:
                squares += error * error
                terms += 1
            level = ahead + alpha * error
            trend = phi * trend + beta * error
            if season > 1:
                seasonal[j] += gamma * error
        loss[k] = squares / max(terms, 1)
        states[k, 0], states[k, 1] = level, trend
        for j in range(season):
            states[k, 2 + j] = seasonal[(size + j) % season]
    return loss, states
