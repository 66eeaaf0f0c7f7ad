"""How strange each figure is as it comes, by nothing but what came before it.

A figure is strange if few of those before it are near it, or few of those at the same place of its season: of a day
its hour, of a week its day.  How strange is strange is what the series itself says: the distance that one in a
hundred of its own figures had so far.  No shape is assumed, so the same rule does for counts, money and rates.

Source: V. Ishimtsev, I. Nazarov, A. Bernstein, E. Burnaev, Conformal k-NN anomaly detector for univariate data
streams, PMLR 60, 2017, whose idea this is, with single figures for its windows and the season beside it.
"""

from __future__ import annotations

import numpy as np

from ganj.histories import Array

PAST, NEAREST = 1000, 10
"""Figures that are looked back at, and how many of them must be near."""
TURNS, ABOUT, ALIKE = 7, 1, 3
"""Seasons that are looked back at, places to either side, and how many of these must be near."""
RARE, HEARD = 0.99, 2000
"""What one in a hundred of so many figures before had is the measure."""
AGAIN = 10
"""Figures after which the measure is taken again."""
PORTION = 512
STRANGE = 1.2
"""Measures from which a figure is told."""
LOUDER = 2.0
"""Times as strange as what was told last a figure must be to be told while that is still fresh."""


def strangeness(values: Array, season: int, first: int) -> Array:
    """Say how strange each figure is; 1 is as strange as one in a hundred before.

    Parameters
    ----------
    values : float64[n], in the order they came; nan where nothing is known
    season : figures in a cycle; 1 for none
    first : figures that are only learned from, and said to be 0

    Notes
    -----
    A figure depends on those before it only.  O(n · `PAST`).
    """
    known = values[:first][~np.isnan(values[:first])]
    floor = 1e-3 * float(known.std() if len(known) else 0.0) + 1e-9
    found = _measured(_alone(values), first, floor)
    if season > 1:
        found = np.maximum(found, _measured(_among(_seasons(values, season), values, ALIKE), first, floor))
    return found


def told(strange: Array, fresh: int) -> Array:
    """Keep what is told: after a strange figure the next so many are 0 unless they are much stranger."""
    out, until, last = np.zeros(len(strange)), -1, 0.0
    for at, one in enumerate(strange.tolist()):
        if at >= until or one >= LOUDER * last:
            out[at] = one
            if one >= STRANGE:
                until, last = at + fresh, one
    return out


def _alone(values: Array) -> Array:
    """Return the mean distance to the nearest figures before: float64[n], nan where there are too few."""
    before = np.concatenate((np.full(PAST, np.nan), values))
    windows = np.lib.stride_tricks.sliding_window_view(before, PAST)
    found = np.full(len(values), np.nan)
    for start in range(0, len(values), PORTION):
        part = slice(start, min(start + PORTION, len(values)))
        found[part] = _among(windows[part], values[part], NEAREST)
    return found


def _seasons(values: Array, season: int) -> Array:
    """Return the figures at the same place of the seasons before, and beside it: float64[n, k], nan where none."""
    back = season * np.arange(1, TURNS + 1)[:, None] + np.arange(-ABOUT, ABOUT + 1)
    at = np.arange(len(values))[:, None] - back[back > 0]
    return np.where(at >= 0, values[np.maximum(at, 0)], np.nan)


def _among(others: Array, values: Array, count: int) -> Array:
    """Return the mean distance to the nearest of some figures: float64[n], nan where there are fewer than asked."""
    away = np.abs(others - values[:, None])
    away[np.isnan(away)] = np.inf
    near = np.partition(away, count - 1, axis=1)[:, :count].mean(axis=1)
    found: Array = np.where(np.isinf(near), np.nan, near)
    return found


def _measured(away: Array, first: int, floor: float) -> Array:
    """Divide distances by what one in a hundred of those before was: float64[n]."""
    out, measure = np.zeros(len(away)), np.inf
    for start in range(first, len(away), AGAIN):
        past = away[max(start - HEARD, 0) : start]
        past = past[~np.isnan(past)]
        measure = float(np.quantile(past, RARE)) if len(past) > 2 * NEAREST else np.inf
        out[start : start + AGAIN] = away[start : start + AGAIN] / (measure + floor)
    return np.nan_to_num(out)
