"""Simple forecasts of one series: naive, seasonal naive, exponential smoothing, Theta.

Each is a function of what is known: ``float64[n]`` and the season's length in, ``float64[ahead]`` out.  They work on
whatever scale they are given; `ganj.models.series.scale` brings figures to one where noise is of one size.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ganj.histories import Array
from ganj.kernels.smoothing import smoothed

Simple = Callable[[Array, int, int], Array]

LEVELS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
TRENDS = ((0.0, 1.0),)
DAMPED = tuple((share, phi) for share in (0.05, 0.2, 0.5) for phi in (0.85, 0.95, 0.99))
ENOUGH = 1.5
"""Seasons from which on a season is seen."""
SEASONS = (0.0, 0.05, 0.15, 0.4)


def _settings(trends: tuple[tuple[float, float], ...], season: int) -> Array:
    """Return the settings that are tried: float64[k, 4], see `ganj.kernels.smoothing`."""
    weights = SEASONS if season > 1 else (0.0,)
    return np.array([(a, b, phi, g) for a in LEVELS for b, phi in trends for g in weights])


def naive(values: Array, season: int, ahead: int) -> Array:
    """Go on as the last period was."""
    del season
    return np.full(ahead, _last(values))


def seasonal_naive(values: Array, season: int, ahead: int) -> Array:
    """Repeat the last season."""
    if season < 2 or len(values) < season:
        return naive(values, season, ahead)
    cycle = values[-season:]
    cycle = np.where(np.isnan(cycle), _mean(cycle), cycle)
    return np.resize(cycle, ahead)


def level(values: Array, season: int, ahead: int) -> Array:
    """Smooth the level and the season: ETS(A,N,A)."""
    return _smooth(values, season, ahead, TRENDS)


def damped(values: Array, season: int, ahead: int) -> Array:
    """Smooth the level, a trend that fades, and the season: ETS(A,Ad,A)."""
    return _smooth(values, season, ahead, DAMPED)


def theta(values: Array, season: int, ahead: int) -> Array:
    """Smooth the level, and add half the slope of the whole.

    Notes
    -----
    The season is taken out first as indices of the whole.  Source: Assimakopoulos, Nikolopoulos, The theta
    model, 2000; as smoothing with drift: Hyndman, Billah, Unmasking the Theta method, 2003, eq. 6.
    """
    index = indices(values, season)
    size = len(values)
    plain = values - index[np.arange(size) % season]
    tried = _settings(TRENDS, 1)
    loss, states = smoothed(np.ascontiguousarray(plain), 1, tried)
    best = int(np.argmin(loss))
    alpha = tried[best, 0]
    drift = 0.5 * _slope(plain)
    steps = np.arange(ahead) + (1 - (1 - alpha) ** size) / alpha
    found: Array = states[best, 0] + drift * steps + index[(size + np.arange(ahead)) % season]
    return found


def recent(values: Array, season: int, ahead: int) -> Array:
    """Go on as the middle period of the last four seasons."""
    return np.full(ahead, np.nanmedian(values[-4 * season :]))


def indices(values: Array, season: int) -> Array:
    """Return the season's mean deviation from a moving mean of a whole cycle: float64[season], zero together."""
    size = len(values)
    if season < 2 or size < ENOUGH * season:
        return np.zeros(max(season, 1))
    weights = np.ones(season + 1 - season % 2)
    if season % 2 == 0:
        weights[[0, -1]] = 0.5
    half = len(weights) // 2
    filled = np.where(np.isnan(values), np.interp(np.arange(size), *_known(values)), values)
    middle = np.convolve(filled, weights / weights.sum(), "valid")
    away = filled[half : size - half] - middle
    place = np.arange(half, size - half) % season
    found = np.bincount(place, away, season) / np.maximum(np.bincount(place, minlength=season), 1)
    centred: Array = found - found.mean()
    return centred


def _smooth(values: Array, season: int, ahead: int, trends: tuple[tuple[float, float], ...]) -> Array:
    season = season if len(values) >= ENOUGH * season else 1
    tried = _settings(trends, season)
    loss, states = smoothed(np.ascontiguousarray(values), season, tried)
    best = int(np.argmin(loss))
    phi = tried[best, 2]
    fades = np.cumsum(phi ** np.arange(1, ahead + 1))
    found: Array = states[best, 0] + fades * states[best, 1] + np.resize(states[best, 2:], ahead)
    return found


def _slope(values: Array) -> float:
    at, known = _known(values)
    if len(at) < 2:
        return 0.0
    away = at - at.mean()
    return float(away @ known / (away @ away))


def _known(values: Array) -> tuple[Array, Array]:
    at = np.flatnonzero(~np.isnan(values))
    return (at, values[at]) if len(at) else (np.zeros(1, np.int64), np.zeros(1))


def _last(values: Array) -> float:
    return float(_known(values)[1][-1])


def _mean(values: Array) -> float:
    return float(_known(values)[1].mean())


SIMPLE: dict[str, Simple] = {
    "naive": naive,
    "snaive": seasonal_naive,
    "level": level,
    "damped": damped,
    "theta": theta,
}
