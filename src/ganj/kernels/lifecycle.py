"""States and stages of all customers, counted by period in one pass, with nothing kept of any customer.

What `ganj.kernels.activity` lists for everyone is here counted the moment it is known.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel
from ganj.kernels.activity import ACTIVE, FORMER, PROSPECT, PURCHASE, RESPONDER, RESPONSE

ACTIVITY = 4
"""Bit of an event's role, beside `RESPONSE` and `PURCHASE`."""
NEW, RETURNING, RESURRECTING, DORMANT = range(4)
"""States in a period."""
CAME, RESPONDED, CONVERTED, LAPSED, WON_BACK = range(5)
"""Flows between stages."""
ENTERED, QUIT = 5, 9
"""Columns of flows from which on each stage is entered, or left."""
NEVER = -2


@njit(nogil=True, cache=True, inline="always")
def _move(period: int, begun: int, stage: int, lately: Array, flows: Array) -> None:
    """Count a move from one stage to another; ``lately`` is where the customer last lapsed and was won back."""
    flow = LAPSED if stage == FORMER else stage
    if stage == ACTIVE:
        flow = WON_BACK if begun == FORMER else CONVERTED
    if flow < LAPSED or lately[flow] != period:
        flows[period, flow] += 1
    lately[flow] = period
    flows[period, ENTERED + stage] += 1
    if begun >= 0:
        flows[period, QUIT + begun] += 1


@njit(nogil=True, cache=True, inline="always")
def _seen(period: int, before: int, states: Array) -> None:
    """Count a customer as active in a period, ``before`` being the one of the activity before it."""
    states[period, NEW if before == NEVER else RETURNING if before + 1 == period else RESURRECTING] += 1
    states[before + 1, DORMANT] += (before != NEVER) & (before + 1 != period)


@njit(nogil=True, cache=True, inline="always")
def _role(j: int, code: Array, roles: Array) -> int:
    """Return the role of an event."""
    role: int = roles[code[j]] if len(code) else roles[0]
    return role


@njit(nogil=True, cache=True, inline="always")
def _states(lo: int, hi: int, time: Array, edges: Array, code: Array, roles: Array, states: Array) -> None:
    """Count one customer's states."""
    period, before, over = 0, NEVER, edges[0]
    for j in range(lo, hi):
        if time[j] < over or not _role(j, code, roles) & ACTIVITY:
            continue
        while time[j] >= edges[period + 1]:
            period += 1
        _seen(period, before, states)
        before, over = period, edges[period + 1]
    if before != NEVER:
        states[before + 1, DORMANT] += 1


@njit(nogil=True, cache=True, inline="always")
def _stages(
    lo: int, hi: int, time: Array, edges: Array, code: Array, roles: Array, idle: int, horizon: int,
    lately: Array, flows: Array,
) -> tuple[int, int]:  # fmt: skip
    """Count one customer's moves; return the stage now, -1 where there is no event, and the deepest ever."""
    stage, last, deepest, period = -1, 0, 0, 0
    for j in range(lo, hi + 1):
        now = horizon if j == hi else time[j]
        if stage == ACTIVE and now - last > idle:
            while last + idle + 1 >= edges[period + 1]:
                period += 1
            _move(period, ACTIVE, FORMER, lately, flows)
            stage = deepest = FORMER
        if j == hi:
            break
        bits = _role(j, code, roles)
        aim = PROSPECT if stage == -1 else stage
        if bits & RESPONSE and aim == PROSPECT:
            aim = RESPONDER
        if bits & PURCHASE:
            aim, last = ACTIVE, now
        if aim != stage:
            while now >= edges[period + 1]:
                period += 1
            _move(period, stage, aim, lately, flows)
            stage, deepest = aim, max(deepest, aim)
    return stage, deepest


@kernel
def lived(
    offsets: Array, time: Array, edges: Array, code: Array, roles: Array, idle: int, horizon: int
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Count customers by period in each state and at each move, and by stage.

    Parameters
    ----------
    offsets, time : as in `Histories`
    edges : int64[periods + 1], µs; where periods begin, and where the last ends
    code : int32[events], into ``roles``; of no length where every event has the first role
    roles : int64[codes], bits `RESPONSE`, `PURCHASE` and `ACTIVITY`
    idle, horizon : as in `ganj.kernels.activity.moves`

    Returns
    -------
    states : int64[periods + 1, 4]
    flows : int64[periods + 1, 13], see `ganj.miners.lifecycle.Cycles`
    stages : int64[4], customers by their stage now
    ever : int64[3], customers who ever responded or bought, bought, lapsed
    """
    states, flows = np.zeros((len(edges), 4), np.int64), np.zeros((len(edges), 13), np.int64)
    stages, ever = np.zeros(4, np.int64), np.zeros(3, np.int64)
    lately = np.empty(5, np.int64)
    for customer in range(len(offsets) - 1):
        lo, hi = offsets[customer], offsets[customer + 1]
        lately[:] = NEVER
        _states(lo, hi, time, edges, code, roles, states)
        stage, deepest = _stages(lo, hi, time, edges, code, roles, idle, horizon, lately, flows)
        stages[max(stage, 0)] += 1
        for number in range(3):
            ever[number] += deepest > number
    return states, flows, stages, ever
