"""Uncertainty of shares: Wilson's interval and Newcombe's for a difference."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array

Z95 = 1.959963984540054
"""Standard normal quantile of 97.5 %."""


def wilson(hits: Array, tries: Array, z: float = Z95) -> tuple[Array, Array]:
    """Return the limits of shares ``hits / tries``; nan where nothing was tried.

    It never leaves [0, 1] and holds its level where shares are near 0 or 1 or samples are small, where
    the textbook's ± does not.

    Returns
    -------
    low, high : float64[n]

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    hits, tries = np.asarray(hits, np.float64), np.asarray(tries, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = hits / tries
        middle = (share + z * z / (2 * tries)) / (1 + z * z / tries)
        half = z * np.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries)) / (1 + z * z / tries)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def newcombe(hits: Array, tries: Array, z: float = Z95) -> tuple[float, float, float]:
    """Compare two shares: the second less the first, and the limits of that difference.

    Parameters
    ----------
    hits, tries : [2]

    Returns
    -------
    difference, low, high : float
        nan where either was not tried.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions, 1998,
    method 10.
    """
    hits, tries = np.asarray(hits, np.float64), np.asarray(tries, np.float64)
    low, high = wilson(hits, tries, z)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = hits / tries
    difference = share[1] - share[0]
    below = np.hypot(share[1] - low[1], high[0] - share[0])
    above = np.hypot(high[1] - share[1], share[0] - low[0])
    return float(difference), float(difference - below), float(difference + above)
