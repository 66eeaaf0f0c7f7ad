"""From the events of sealed runs, as they lie, to those an analysis reads, customer by customer."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.kernels import kernel

TOGETHER = np.uint64(16)
"""Events that are looked at together."""


@kernel
def fitting(event: Array, wanted: Array, time: Array, since: int, until: int) -> Array:
    """Find the events of some codes and times, without a branch that would be guessed wrong.

    Parameters
    ----------
    event : int32[events]; none where every code is wanted
    wanted : bool[codes + 1]; the last is of events without a code
    time : int64[events], µs UTC; none where every time is
    since, until : µs from which and before which

    Returns
    -------
    int64[fitting], positions, ascending
    """
    rows = max(len(event), len(time))
    at, n = np.empty(rows + 1, np.int64), 0
    if len(time) == 0:
        for j in range(rows):
            at[n] = j
            n += wanted[event[j]]
    elif len(event) == 0:
        for j in range(rows):
            at[n] = j
            n += (time[j] >= since) & (time[j] < until)
    else:
        for j in range(rows):
            at[n] = j
            n += wanted[event[j]] & (time[j] >= since) & (time[j] < until)
    return at[:n]


@kernel
def begins(customer: Array, everyone: Array) -> Array:
    """Return where each customer's events begin.

    Parameters
    ----------
    customer : int32[events], ascending, all of them among ``everyone``
    everyone : int32[customers], ascending

    Returns
    -------
    int64[customers + 1]
    """
    offsets = np.full(len(everyone) + 1, len(customer), np.int64)
    if len(customer) == 0:
        return offsets
    first, who = np.zeros(len(everyone) + 1, np.int64), np.full(len(everyone) + 1, customer[0], np.int32)
    j, n, one, size = np.uint64(1), np.uint64(1), np.uint64(1), np.uint64(len(customer))
    while j < size:
        stop = min(j + TOGETHER, size)
        if customer[stop - one] == customer[j - one]:  # ascending: all between are alike
            j = stop
        while j < stop:  # written always, counted where it is so: nothing to guess
            first[n], who[n] = j, customer[j]
            n += np.uint64(customer[j] != customer[j - one])
            j += one
    at = 0
    for k in range(n):
        while at < len(everyone) and everyone[at] <= who[k]:
            offsets[at] = first[k]
            at += 1
    return offsets


@kernel
def picked(column: Array, at: Array) -> Array:
    """Return a column at some positions: int64[n]."""
    out = np.empty(len(at), column.dtype)
    for n in range(len(at)):
        out[n] = column[at[n]]
    return out
