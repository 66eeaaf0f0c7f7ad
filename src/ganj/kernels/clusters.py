"""Which centre is nearest: Lloyd's steps with bounds that spare most distances."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel


@njit(nogil=True, cache=True)
def _two_nearest(point: Array, across: Array, far: Array) -> tuple[int, float, float]:
    """Return the nearest centre, and the squared distances to it and to the second nearest.

    Parameters
    ----------
    point : float64[d]
    across : float64[d, k], the centres figure by figure, so that a figure's distances to all are worked out at once
    far : float64[k], room for them
    """
    far[:] = 0.0
    for j in range(len(point)):
        for c in range(len(far)):
            apart = point[j] - across[j, c]
            far[c] += apart * apart
    best, first, second = 0, np.inf, np.inf
    for c in range(len(far)):
        if far[c] < first:
            best, first, second = c, far[c], first
        elif far[c] < second:
            second = far[c]
    return best, first, second


@kernel
def nearest(points: Array, centres: Array) -> tuple[Array, Array, Array]:
    """Find the two nearest centres of each point.

    Parameters
    ----------
    points : float64[n, d]
    centres : float64[k, d]

    Returns
    -------
    label : int64[n], the nearest; of equally near ones the first
    first, second : float64[n], squared distances to it and to the next; inf where there is no next
    """
    label = np.empty(len(points), np.int64)
    first, second = np.empty(len(points)), np.empty(len(points))
    across, far = centres.T.copy(), np.empty(len(centres))
    for i in range(len(points)):
        label[i], first[i], second[i] = _two_nearest(points[i], across, far)
    return label, first, second


@njit(nogil=True, cache=True)
def _move(point: Array, weight: float, sums: Array, sign: float) -> None:
    """Add a weighted point, and its weight, to the sums of a centre: float64[d + 1]; take it off where the sign is -1."""
    for j in range(len(point)):
        sums[j] += sign * weight * point[j]
    sums[len(point)] += sign * weight


@njit(nogil=True, cache=True)
def settle(
    points: Array,
    weight: Array,
    centres: Array,
    half: Array,
    moved: Array,
    label: Array,
    upper: Array,
    lower: Array,
    sums: Array,
) -> int:
    """Give each point its nearest centre, and move its weight where it changed; bounds spare the rest.

    A point stays with its centre while ``upper`` is below both ``lower`` and half the way from its centre to
    the next one.  A label of -1 is a point that no centre has yet.

    Parameters
    ----------
    points, weight : float64[n, d], float64[n]
    centres : float64[k, d]
    half : float64[k], half the distance from each centre to the nearest other
    moved : float64[k + 3], how far each centre moved; the farthest of these and the next, and which centre was farthest
    label, upper, lower : int64[n], float64[n], float64[n], changed here
    sums : float64[k, d + 1], sums of weighted points and of weights by label, changed here

    Returns
    -------
    changed : how many points changed their centre

    Source: G. Hamerly, Making k-means even faster, 2010.
    """
    changed, k, depth = 0, len(centres), points.shape[1]
    farthest, most, rest = int(moved[k + 2]), moved[k], moved[k + 1]
    across, apart = centres.T.copy(), np.empty(k)
    for i in range(len(points)):
        had = label[i]
        if had >= 0:
            upper[i] += moved[had]
            lower[i] -= rest if had == farthest else most
            bound = max(half[had], lower[i])
            if upper[i] <= bound:
                continue
            far = 0.0
            for j in range(depth):
                far += (points[i, j] - centres[had, j]) ** 2
            upper[i] = np.sqrt(far)
            if upper[i] <= bound:
                continue
        now, first, second = _two_nearest(points[i], across, apart)
        upper[i], lower[i] = np.sqrt(first), np.sqrt(second)
        if now == had:
            continue
        changed += 1
        label[i] = now
        _move(points[i], weight[i], sums[now], 1.0)
        if had >= 0:
            _move(points[i], weight[i], sums[had], -1.0)
    return changed
