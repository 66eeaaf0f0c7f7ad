"""Paths of touches that lead to conversions, and who gets the credit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from ganj.histories import Array

TOUCH, CONVERSION = 1, 2
MODELS = ("first", "last", "linear", "position", "decay", "shapley")
"""Columns of credits that follow from each path alone; the removal effect needs them all."""
NOTHING = -1


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Touches in order, and what they led to.

    Attributes
    ----------
    ends : int64[paths + 1], touches ``ends[p]:ends[p + 1]`` are path ``p``
    channel : int64[touches]
    age : float64[touches], µs from the touch to the conversion; 0 where nothing is known
    conversions, value, nulls : float64[paths], how often the path led to a conversion, to which value, and
        how often to none
    """

    ends: Array
    channel: Array
    age: Array
    conversions: Array
    value: Array
    nulls: Array

    @property
    def path(self) -> Array:
        """int64[touches]: the path of each touch."""
        return np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))


@njit(nogil=True, cache=True)
def split(offsets: Array, time: Array, role: Array, lookback: int) -> tuple[Array, Array, Array]:
    """Split each customer's touches into paths: every touch is in just one.

    A conversion takes the touches since the one before it that are no older than ``lookback``; older
    ones, and those after the last conversion, led to nothing.

    Parameters
    ----------
    offsets, time : as in `Histories`, of touches and conversions only
    role : int8[events], `TOUCH` or `CONVERSION`

    Returns
    -------
    begin, end : int64[paths], touches ``begin:end``
    conversion : int64[paths], the event it led to; -1 for none.  One without touches has an empty path.
    """
    most = 2 * len(time) + len(offsets)
    begin, end, conversion = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    size = 0
    for customer in range(len(offsets) - 1):
        lo = offsets[customer]
        for j in range(offsets[customer], offsets[customer + 1]):
            if role[j] != CONVERSION:
                continue
            near = lo
            while near < j and time[j] - time[near] > lookback:
                near += 1
            if near > lo:
                begin[size], end[size], conversion[size] = lo, near, NOTHING
                size += 1
            begin[size], end[size], conversion[size] = near, j, j
            size, lo = size + 1, j + 1
        if lo < offsets[customer + 1]:
            begin[size], end[size], conversion[size] = lo, offsets[customer + 1], NOTHING
            size += 1
    return begin[:size], end[:size], conversion[:size]


@njit(nogil=True, cache=True)
def _weights(
    lo: int, hi: int, channel: Array, age: Array, stamp: Array, p: int, rule: Array, out: Array
) -> None:
    """Write each touch's share of one path by each model: float64[touches, models]."""
    n, first, last, half_life = hi - lo, rule[0], rule[1], rule[2]
    different, faded = 0, 0.0
    youngest = age[hi - 1]  # shares are relative, so ages count from the last touch: no underflow
    for i in range(lo, hi):
        if stamp[channel[i]] != p:
            stamp[channel[i]] = p
            different += 1
            out[i - lo, 5] = 1.0
        else:
            out[i - lo, 5] = 0.0
        out[i - lo, 4] = 2.0 ** (-(age[i] - youngest) / half_life)
        faded += out[i - lo, 4]
    for i in range(n):
        out[i, 0] = 1.0 if i == 0 else 0.0
        out[i, 1] = 1.0 if i == n - 1 else 0.0
        out[i, 2] = 1.0 / n
        out[i, 3] = (1.0 - first - last) / (n - 2) if n > 2 else 0.0
        out[i, 4] /= faded
        out[i, 5] /= different
    ends = 1.0 if n > 2 else first + last
    if n == 1:
        out[0, 3] = 1.0
    else:
        out[0, 3] = first / ends if ends > 0 else 0.5
        out[n - 1, 3] = last / ends if ends > 0 else 0.5


@njit(nogil=True, cache=True)
def credited(
    ends: Array, channel: Array, age: Array, conversions: Array, value: Array, size: int, rule: Array
) -> Array:
    """Share the conversions and their value among the channels of each path.

    Parameters
    ----------
    ends … value : of `Paths`
    size : channels
    rule : float64[3], share of the first and of the last touch, half-life in µs

    Returns
    -------
    float64[channels, models, 2]

    Notes
    -----
    Shapley's value of the game v(S) = conversions of paths whose channels are all in S is exactly
    Σ conversions(T) / |T| over the sets T a channel is in: a path's different channels share it equally.
    So no coalition is ever enumerated.  O(touches).
    Source: L. S. Shapley, A value for n-person games, 1953; J. C. Harsanyi, 1959 (dividends).
    """
    out = np.zeros((size, 6, 2))
    stamp = np.full(size, -1, np.int64)
    longest = 0
    for p in range(len(ends) - 1):
        longest = max(longest, ends[p + 1] - ends[p])
    share = np.zeros((longest, 6))
    for p in range(len(ends) - 1):
        lo, hi = ends[p], ends[p + 1]
        if hi == lo or (conversions[p] == 0 and value[p] == 0):
            continue
        _weights(lo, hi, channel, age, stamp, p, rule, share)
        for i in range(lo, hi):
            for m in range(6):
                out[channel[i], m, 0] += share[i - lo, m] * conversions[p]
                out[channel[i], m, 1] += share[i - lo, m] * value[p]
    return out


@njit(nogil=True, cache=True)
def shares(ends: Array, channel: Array, age: Array, size: int, rule: Array, model: int) -> Array:
    """Return each touch's share of its path by one of the `MODELS`: float64[touches]; see `credited`."""
    out = np.zeros(len(channel))
    stamp = np.full(size, -1, np.int64)
    longest = 0
    for p in range(len(ends) - 1):
        longest = max(longest, ends[p + 1] - ends[p])
    share = np.zeros((longest, 6))
    for p in range(len(ends) - 1):
        if ends[p + 1] > ends[p]:
            _weights(ends[p], ends[p + 1], channel, age, stamp, p, rule, share)
            for i in range(ends[p], ends[p + 1]):
                out[i] = share[i - ends[p], model]
    return out


def moves(paths: Paths, order: int) -> tuple[Array, Array, Array]:
    """Count the moves of a Markov chain that remembers the last touches.

    Returns
    -------
    keys : int64[moves, 1 + order + 1]
        Whether the path goes on (0), converts (1) or ends (2); the last ``order`` channels, the latest
        first, `NOTHING` before the path; the next channel.
    weight : float64[moves]
    path : int64[moves], on which path the move is
    """
    n = len(paths.channel)
    path = paths.path
    at = np.arange(n)
    depth = at - paths.ends[path]
    state = np.full((n, order), NOTHING, np.int64)
    for back in range(order):
        deep = depth >= back
        state[deep, back] = paths.channel[at[deep] - back]
    before = np.full((n, order), NOTHING, np.int64)
    later = depth > 0
    before[later] = state[at[later] - 1]
    weight = (paths.conversions + paths.nulls)[path]
    going = np.column_stack((np.zeros(n, np.int64), before, paths.channel))
    some = np.diff(paths.ends) > 0
    last = state[paths.ends[1:][some] - 1]
    nowhere = np.full(len(last), NOTHING, np.int64)
    won = np.column_stack((np.full(len(last), 1), last, nowhere))
    lost = np.column_stack((np.full(len(last), 2), last, nowhere))
    keys = np.concatenate((going, won, lost)).astype(np.int64)
    ended = np.flatnonzero(some)
    weight = np.concatenate((weight, paths.conversions[some], paths.nulls[some]))
    return keys, weight, np.concatenate((path, ended, ended))


def removal(keys: Array, weight: Array, channels: int) -> tuple[Array, float]:
    """Ask by how much the chance of a conversion falls if a channel is taken away.

    Whoever would come to the channel then leaves.  The chain's chances are the solution of linear equations, so
    nothing is simulated and no seed is needed.

    Parameters
    ----------
    keys, weight : of `moves`, distinct

    Returns
    -------
    effect : float64[channels]
        1 - chance without the channel / chance with all of them.
    chance : float
        Of a conversion; the share of paths that have one.

    Notes
    -----
    One inverse of the states' matrix, and for each channel one of its own states' block: O(states³).
    Source: E. Anderl et al., Mapping the customer journey, 2016, eq. 1–4; J. G. Kemeny, J. L. Snell, Finite
    Markov Chains, 1960, th. 3.5.4 (chance of ever reaching a state).
    """
    order = keys.shape[1] - 2
    going = keys[:, 0] == 0
    after = np.column_stack((keys[:, -1:], keys[:, 1:order]))[going]  # the next channel becomes the latest
    states, code = np.unique(np.concatenate((keys[:, 1:-1], after)), axis=0, return_inverse=True)
    here, there = code[: len(keys)], code[len(keys) :]
    size = len(states)
    total = np.bincount(here, weight, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total[here] > 0, weight / total[here], 0.0)
    moving = np.zeros((size, size))
    np.add.at(moving, (here[going], there), share[going])
    won = np.bincount(here[keys[:, 0] == 1], share[keys[:, 0] == 1], size)
    visits = np.linalg.inv(np.eye(size) - moving)
    chance = visits @ won
    start = int(np.flatnonzero(np.all(states == NOTHING, axis=1))[0])
    effect = np.zeros(channels)
    for channel in range(channels):
        own = np.flatnonzero(states[:, 0] == channel)
        if len(own) and chance[start] > 0:
            first = np.linalg.solve(visits[np.ix_(own, own)].T, visits[start, own])  # where it is met first
            effect[channel] = first @ chance[own] / chance[start]
    return effect, float(chance[start])
