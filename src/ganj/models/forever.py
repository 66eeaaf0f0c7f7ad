"""Purchases of all the time to come, each as much as one today is worth: what a customer who is still there has left.

With a force of interest δ a purchase at time t counts e^(-δt).  Of one who buys at rate λ and is there at t with chance
S(t), that is λ ∫ e^(-δt) S(t) dt; the models differ in S, and in what is known of it after what was seen.

Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, RFM and CLV: using iso-value curves for customer base analysis, Journal of
Marketing Research 42(4), 2005 (discounted expected residual transactions); the integrals are computed, not the series.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ganj.histories import Array
from ganj.models.gamma import log_beta

STEP = 0.3
"""Of the logarithm of time; both ends of the integrand fall exponentially, so equal steps are exact to 1e-5."""
SOON, LATE = 1e-6, 30.0
"""The first and the last time, in lengths of 1/δ."""
NOTHING = 16.0
"""What has fallen by exp(-16) adds nothing to the digits that are told."""
FARTHEST = -60.0
"""Log-odds, against the middle, below which a chance of leaving is none: what lies there is put there, in one."""
WIDTH = 0.5
"""Of the log-odds of a chance."""
NODES = 12
"""Times of observation at which it is computed for each number of purchases; between them it is read off."""
ROWS = 256


def moments(force: float) -> tuple[Array, Array]:
    """Return times and weights of ∫ e^(-δt) f(t) dt: float64[k] each."""
    logs = np.arange(np.log(SOON), np.log(LATE), STEP)
    times = np.exp(logs) / force
    return times, STEP * times * np.exp(-force * times)


def of_staying(force: float, there: Callable[[Array], Array]) -> Array:
    """Return ∫ e^(-δt) S(t) dt of each row: float64[n].

    Parameters
    ----------
    there : gives S of times float64[k] for each row: float64[n, k]
    """
    times, weights = moments(force)
    found: Array = there(times) @ weights
    return found


def of_leaving_after(force: float, shape: Array, rate: Array, a: float, b: Array) -> Array:
    """Return E[λ / (δ + λp)] with λ ~ gamma(shape, rate) and p ~ beta(a, b), all independent: float64[n].

    It is the same integral where one leaves with chance p after a purchase, so that S(t) = e^(-λpt); with λ taken out of
    it, what is left is ∫ e^(-δt) shape/rate E[(1 + pt/rate)^-(shape+1)] dt.
    """
    times, weights = moments(force)
    found = np.empty(len(shape))
    for begin in range(0, len(shape), ROWS):
        part = slice(begin, begin + ROWS)
        odds, share = _chances(a, b[part])
        k, c = shape[part, None], rate[part, None]
        total = np.zeros(len(odds))
        for time, weight in zip(times, weights, strict=True):
            total += weight * (share * np.exp(-(k + 1) * np.log1p(odds * time / c))).sum(axis=1)
        found[part] = total * shape[part] / rate[part]
    return found


def _chances(a: float, b: Array) -> tuple[Array, Array]:
    """Return chances of beta(a, b) and their shares, on a grid of their log-odds: float64[n, k] each.

    Where hardly anybody leaves (a near 0) the log-odds lie as far apart as 1/a: the grid ends before.
    """
    middle = np.log(a / b)[:, None]
    far = -NOTHING / a - 2
    grid = np.arange(max(far, FARTHEST), NOTHING / max(float(b.min()), 0.5) + 4, WIDTH)
    logit = middle + grid
    p, q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
    share = np.exp(a * p + b[:, None] * q - log_beta(a, b)[:, None])
    if far < FARTHEST:
        share[:, 0] += np.maximum(1 / WIDTH - share.sum(axis=1), 0)
    return np.exp(p), share / share.sum(axis=1, keepdims=True)


def read_off(at: Array, place: Array, told: Callable[[Array], Array]) -> Array:
    """Return a smooth function of many places from few: float64[n].

    Parameters
    ----------
    at : int64[n], the row of `told` for each place
    place : float64[n]
    told : gives the function, above 0, at nodes float64[NODES]: float64[rows, NODES]

    Source: J.-P. Berrut, L. N. Trefethen, Barycentric Lagrange interpolation, SIAM Review 46(3), 2004, section 5
    (Chebyshev's nodes of the second kind).
    """
    low, high = float(place.min()), float(place.max()) + 1e-9
    turn = np.cos(np.pi * np.arange(NODES) / (NODES - 1))
    nodes = (low + high) / 2 + (high - low) / 2 * turn
    weight = (-1.0) ** np.arange(NODES)
    weight[[0, -1]] /= 2
    values = np.log(told(nodes))
    off = place[:, None] - nodes
    share = weight / np.where(off == 0, 1e-300, off)
    found: Array = np.exp((share * values[at]).sum(axis=1) / share.sum(axis=1))
    return found
