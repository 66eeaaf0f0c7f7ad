"""In which periods customers are active, and through which stages of a customer's life they go."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.kernels import kernel

PROSPECT, RESPONDER, ACTIVE, FORMER = 0, 1, 2, 3
"""Stages of a customer's life."""
RESPONSE, PURCHASE = 1, 2
"""Bits of an event's role."""


@kernel
def active_periods(offsets: Array, period: Array, fits: Array) -> tuple[Array, Array, Array]:
    """List each customer's different periods with fitting events.

    Parameters
    ----------
    offsets : int64[customers + 1]
    period : int64[events], ascending within a customer
    fits : bool[events]

    Returns
    -------
    ends : int64[customers + 1]
        Rows ``ends[i]:ends[i + 1]`` are customer ``i``'s, in order.
    when : int64[rows]
        The period.
    count : int64[rows]
        Fitting events in it.
    """
    ends = np.zeros(len(offsets), np.int64)
    when = np.empty(len(period), np.int64)
    count = np.zeros(len(period), np.int64)
    row = -1
    for customer in range(len(offsets) - 1):
        first = row + 1
        for j in range(offsets[customer], offsets[customer + 1]):
            if not fits[j]:
                continue
            if row < first or when[row] != period[j]:
                row += 1
                when[row] = period[j]
            count[row] += 1
        ends[customer + 1] = row + 1
    return ends, when[: row + 1], count[: row + 1]


@kernel
def moves(
    offsets: Array, time: Array, role: Array, idle: int, horizon: int
) -> tuple[Array, Array, Array, Array]:
    """Follow each customer from stage to stage.

    Parameters
    ----------
    offsets, time : as in `Histories`
    role : int8[events], bits `RESPONSE` and `PURCHASE`
    idle : µs after the last purchase for which a customer is still active
    horizon : µs as of which the last stage holds

    Returns
    -------
    owner : int64[moves]
    when : int64[moves], µs; a customer becomes a prospect with the first event of any kind
    begun : int8[moves], the stage left; -1 before the first event
    stage : int8[moves], the stage entered
    """
    most = 2 * len(time) + len(offsets)
    owner, when = np.empty(most, np.int64), np.empty(most, np.int64)
    begun, entered = np.empty(most, np.int8), np.empty(most, np.int8)
    size = 0
    for customer in range(len(offsets) - 1):
        stage, last = -1, np.int64(0)
        for j in range(offsets[customer], offsets[customer + 1] + 1):
            over = j == offsets[customer + 1]
            now = horizon if over else time[j]
            if stage == ACTIVE and now - last > idle:
                owner[size], when[size], begun[size], entered[size] = (
                    customer,
                    last + idle + 1,
                    ACTIVE,
                    FORMER,
                )
                size, stage = size + 1, FORMER
            if over:
                break
            aim = stage
            if stage == -1:
                aim = PROSPECT
            if role[j] & RESPONSE and aim == PROSPECT:
                aim = RESPONDER
            if role[j] & PURCHASE:
                aim, last = ACTIVE, time[j]
            if aim != stage:
                owner[size], when[size], begun[size], entered[size] = customer, time[j], stage, aim
                size, stage = size + 1, aim
    return owner[:size], when[:size], begun[:size], entered[:size]
