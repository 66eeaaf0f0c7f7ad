"""Merges sorted runs of events."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array


@njit(cache=True, nogil=True)
def merge(customer: Array, time: Array, high: Array, low: Array, starts: Array) -> Array:
    """Return the order in which runs laid end to end are one: by customer, time, identity.

    Parameters
    ----------
    customer, time : int32[events], int64[events]
    high, low : uint64[events], the two halves of a message's identity
    starts : int64[runs + 1], where each run begins; every run is in order in itself

    Returns
    -------
    positions : int64[events]

    Notes
    -----
    Runs are few (a bucket is compacted beyond a handful), so the least head is found by looking at each.
    """
    runs = len(starts) - 1
    heads = starts[:-1].copy()
    positions = np.empty(len(customer), np.int64)
    for i in range(len(customer)):
        best = -1
        for run in range(runs):
            at = heads[run]
            if at == starts[run + 1]:
                continue
            if best < 0:
                best = run
                continue
            other = heads[best]
            if customer[at] != customer[other]:
                less = customer[at] < customer[other]
            elif time[at] != time[other]:
                less = time[at] < time[other]
            elif high[at] != high[other]:
                less = high[at] < high[other]
            else:
                less = low[at] < low[other]
            if less:
                best = run
        positions[i] = heads[best]
        heads[best] += 1
    return positions
