"""What tells groups from the rest: differences in standard deviations, and of shares by Cohen's h.

Source: J. Cohen, Statistical power analysis for the behavioral sciences, 1988: from 0.2 a difference is small, from
0.5 to be seen with the naked eye, from 0.8 large.
"""

from __future__ import annotations

import numpy as np

from ganj.histories import Array

SEEN = 0.5


def shifts(points: Array, weight: Array, label: Array, groups: int) -> Array:
    """Return how far the mean of each group is from that of all others, in standard deviations of everyone.

    Parameters
    ----------
    points : float64[n, p]
    weight : float64[n]
    label : int64[n], below ``groups``

    Returns
    -------
    float64[groups, p]
        0 for a figure that does not vary, and for a group that is everyone.
    """
    size = np.bincount(label, weight, groups)[:, None]
    sums = np.zeros((groups, points.shape[1]))
    for at in range(points.shape[1]):
        sums[:, at] = np.bincount(label, weight * points[:, at], groups)
    rest = weight.sum() - size
    mean = points.T @ weight / max(weight.sum(), 1)
    spread = np.sqrt(((points - mean) ** 2).T @ weight / max(weight.sum(), 1))
    away = sums / np.maximum(size, 1) - (sums.sum(axis=0) - sums) / np.maximum(rest, 1)
    found: Array = np.where((spread > 1e-12) & (rest > 0), away / np.where(spread > 1e-12, spread, 1), 0.0)
    return found


def share_shifts(
    codes: Array, weight: Array, label: Array, groups: int, kinds: int
) -> tuple[Array, Array, Array]:
    """Return shares of each value in each group and in all others, and Cohen's h between them: float64[groups, kinds].

    Customers without a value count among those of whom a share is taken.
    """
    there = codes >= 0
    both = np.bincount(label[there] * kinds + codes[there], weight[there], groups * kinds).reshape(
        groups, kinds
    )
    size = np.bincount(label, weight, groups)[:, None]
    rest = weight.sum() - size
    inside = both / np.maximum(size, 1)
    outside = (both.sum(axis=0) - both) / np.maximum(rest, 1)
    effect = 2 * (np.arcsin(np.sqrt(inside)) - np.arcsin(np.sqrt(np.clip(outside, 0, 1))))
    return inside, outside, np.where(rest > 0, effect, 0.0)
