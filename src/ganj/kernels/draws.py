"""How often each customer is drawn anew: the bootstrap, folded in one pass and without a list of customers.

A resample draws as many customers as there are, with replacement; each is then drawn about Poisson(1) times,
almost independently of the others.  So each replicate weighs a customer by a number that follows from a hash of
the customer, the replicate and the seed, and parts that are scanned apart agree without knowing of each other.

Source: N. Chamandy, O. Muralidharan, A. Najmi, S. Naidu, Estimating uncertainty for massive data streams, 2012.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ganj.histories import Array

MOST_DRAWN = 12
"""More often than this a customer is drawn once in ten thousand million."""
_ABOVE = np.cumsum([math.exp(-1) / math.factorial(k) for k in range(MOST_DRAWN)])
_STEP, _ONE, _TWO = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)
_R30, _R27, _R31, _R11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@njit(nogil=True, cache=True)
def _mixed(word: np.uint64) -> np.uint64:
    """Scatter 64 bits (SplitMix64)."""
    word = (word ^ (word >> _R30)) * _ONE
    word = (word ^ (word >> _R27)) * _TWO
    return word ^ (word >> _R31)


@njit(nogil=True, cache=True)
def _drawn(lots: Array, replicates: int, seed: int, above: Array) -> Array:
    out = np.zeros((len(lots), replicates), np.uint8)
    for i in range(len(lots)):
        base = _mixed(lots[i] * _STEP + _mixed(np.uint64(seed) + _STEP))
        for r in range(replicates):
            chance = (_mixed(base + np.uint64(r + 1) * _STEP) >> _R11) * 2.0**-53
            k = 0
            while k < len(above) and chance >= above[k]:
                k += 1
            out[i, r] = k
    return out


def drawn(lots: Array, replicates: int, seed: int) -> Array:
    """Say how often each customer is in each replicate: uint8[customers, replicates], Poisson(1).

    Parameters
    ----------
    lots : uint64[customers], see `ganj.histories.Histories.lots`
    """
    found: Array = _drawn(np.ascontiguousarray(lots), replicates, seed, _ABOVE)
    return found


@njit(nogil=True, cache=True)
def weighed(code: Array, owner: Array, amount: Array, size: int, weight: Array) -> Array:
    """Add up amounts by code, in each replicate as often as the owner is in it.

    Parameters
    ----------
    code : int64[n], below ``size``
    owner : int64[n], rows of ``weight``
    amount : float64[n]
    weight : uint8[customers, replicates]

    Returns
    -------
    float64[size, replicates]
    """
    out = np.zeros((size, weight.shape[1]))
    for i in range(len(code)):
        if amount[i] != 0.0:
            for r in range(weight.shape[1]):
                out[code[i], r] += amount[i] * weight[owner[i], r]
    return out
