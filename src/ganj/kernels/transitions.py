"""Cuts histories into sessions and counts what follows what within them."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array


@njit(cache=True, nogil=True)
def transitions(offsets: Array, time: Array, event: Array, gap: int, kinds: int) -> tuple[int, Array]:
    """Count sessions, and how often each event is followed by each within a session.

    Parameters
    ----------
    offsets : int64[customers + 1]
    time : int64[events], µs, ascending within a customer
    event : int32[events], codes below ``kinds``
    gap : µs without an event after which a new session begins
    kinds : number of event codes

    Returns
    -------
    sessions : how many there are
    counts : int64[kinds, kinds], from, to
    """
    counts = np.zeros((kinds, kinds), np.int64)
    sessions = 0
    for customer in range(len(offsets) - 1):
        start = offsets[customer]
        stop = offsets[customer + 1]
        if start == stop:
            continue
        sessions += 1
        for at in range(start + 1, stop):
            if time[at] - time[at - 1] > gap:
                sessions += 1
            else:
                counts[event[at - 1], event[at]] += 1
    return sessions, counts
