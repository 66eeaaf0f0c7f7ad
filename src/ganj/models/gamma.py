"""Logarithm of the gamma function and its slope, for whole arrays of positive numbers.

NumPy has neither, and SciPy would be 35 MB for these two.

Source: NIST Digital Library of Mathematical Functions, 5.11.1-2 (Stirling's series), 5.5.1 (recurrence).
"""

from __future__ import annotations

import numpy as np

from ganj.histories import Array

FAR = 10
"""From here on Stirling's series is exact to a double's last digits."""

_LOGS = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_SLOPES = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
_BENDS = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)


def log_gamma(x: Array | float) -> Array:
    """Return ln Γ(x): float64, the shape of x; x > 0."""
    x = np.asarray(x, np.float64)
    near = x < FAR
    walked = np.ones_like(x)
    for step in range(FAR):
        walked *= np.where(near, x + step, 1.0)
    y = np.where(near, x + FAR, x)
    series = _horner(_LOGS, 1 / (y * y)) / y
    out: Array = (y - 0.5) * np.log(y) - y + 0.5 * np.log(2 * np.pi) + series - np.log(walked)
    return out


def digamma(x: Array | float) -> Array:
    """Return ψ(x), the slope of ln Γ: float64, the shape of x; x > 0."""
    x = np.asarray(x, np.float64)
    near = x < FAR
    walked = np.zeros_like(x)
    for step in range(FAR):
        walked += np.where(near, 1 / (x + step), 0.0)
    y = np.where(near, x + FAR, x)
    square = 1 / (y * y)
    out: Array = np.log(y) - 0.5 / y - _horner(_SLOPES, square) * square - walked
    return out


def trigamma(x: Array | float) -> Array:
    """Return ψ′(x), the slope of ψ: float64, the shape of x; x > 0."""
    x = np.asarray(x, np.float64)
    near = x < FAR
    walked = np.zeros_like(x)
    for step in range(FAR):
        walked += np.where(near, 1 / (x + step) ** 2, 0.0)
    y = np.where(near, x + FAR, x)
    square = 1 / (y * y)
    out: Array = 1 / y + 0.5 * square + _horner(_BENDS, square) * square / y + walked
    return out


def log_beta(a: Array | float, b: Array | float) -> Array:
    """Return ln B(a, b): float64; a, b > 0."""
    return log_gamma(a) + log_gamma(b) - log_gamma(np.asarray(a) + b)


def _horner(factors: tuple[float, ...], x: Array) -> Array:
    """Return the polynomial of x with these factors, lowest power first."""
    out = np.zeros_like(x)
    for factor in reversed(factors):
        out = out * x + factor
    return out
