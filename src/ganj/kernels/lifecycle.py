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
MOVING = RESPONSE | PURCHASE


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True)
def _states(lo: int, hi: int, time: Array, edges: Array, code: Array, roles: Array, states: Array) -> None:
    """Count one customer's states; ``states`` lies flat, and places without a sign need no check."""
    one, four, j, end = np.uint64(1), np.uint64(4), np.uint64(lo), np.uint64(hi)
    various, alone, over = len(code) > 0, roles[0], edges[0]
    at, after = np.uint64(0), np.uint64(0)  # the period after this one, and after the one before
    while j < end:
        if time[j] >= over and (roles[code[j]] if various else alone) & ACTIVITY:
            while time[j] >= edges[at]:
                at += one
            over = edges[at]
            period = at - one
            kept, fresh = period == after, after == 0
            state = np.uint64(NEW) if fresh else np.uint64(RETURNING) if kept else np.uint64(RESURRECTING)
            states[period * four + state] += 1
            states[after * four + np.uint64(DORMANT)] += 0 if fresh or kept else 1
            after = at
        j += one
    if after > 0:
        states[after * four + np.uint64(DORMANT)] += 1


@njit(nogil=True, cache=True)
def _stages(
    lo: int, hi: int, time: Array, edges: Array, code: Array, roles: Array, idle: int, horizon: int,
    lately: Array, flows: Array,
) -> tuple[int, int]:  # fmt: skip
    """Count one customer's moves; return the stage now, -1 where there is no event, and the deepest ever.

    Only the first event, responses and purchases move anybody: the others are passed over.
    """
    stage, last, deepest, period = -1, 0, 0, 0
    one, j, end = np.uint64(1), np.uint64(lo), np.uint64(hi)
    various, alone = len(code) > 0, roles[0]
    while j <= end and lo < hi:
        now = max(horizon, time[hi - 1]) if j == end else time[j]
        if stage == ACTIVE and now - last > idle:
            while last + idle + 1 >= edges[period + 1]:
                period += 1
            _move(period, ACTIVE, FORMER, lately, flows)
            stage = deepest = FORMER
        if j == end:
            break
        bits = roles[code[j]] if various else alone
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
        j += one
        while j < end and not (roles[code[j]] if various else alone) & MOVING:
            j += one
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
    lately, flat = np.empty(5, np.int64), states.reshape(-1)
    for customer in range(len(offsets) - 1):
        lo, hi = offsets[customer], offsets[customer + 1]
        lately[:] = NEVER
        _states(lo, hi, time, edges, code, roles, flat)
        stage, deepest = _stages(lo, hi, time, edges, code, roles, idle, horizon, lately, flows)
        stages[max(stage, 0)] += 1
        for number in range(3):
            ever[number] += deepest > number
    return states, flows, stages, ever
