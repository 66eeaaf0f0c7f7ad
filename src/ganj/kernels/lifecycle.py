"""States and stages of all customers, counted by period in one pass, with nothing kept of any customer.

What `ganj.kernels.activity` lists for everyone is here counted the moment it is known.
"""

from __future__ import annotations

from typing import Any

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
MOVING = RESPONSE | PURCHASE
FLOWS = 13
_1, _4, _63, _WIDE = np.uint64(1), np.uint64(4), np.uint64(63), np.uint64(FLOWS)


@njit(nogil=True, cache=True)
def _cells(edges: Array) -> tuple[Array, Any]:
    """Cut time into cells no longer than any period, a power of two of µs each.

    Returns
    -------
    period : uint64[cells], that in which each cell begins; at most one more begins within it
    step : uint64, the cells' length as a power of two
    """
    step, shortest, period = 0, np.diff(edges).min(), 0
    while (2 << step) <= shortest:
        step += 1
    found = np.zeros(((edges[-1] - edges[0]) >> step) + 1, np.uint64)
    for cell in range(len(found)):
        while period + 2 < len(edges) and edges[period + 1] <= edges[0] + (cell << step):
            period += 1
        found[cell] = period
    return found, np.uint64(step)


@njit(nogil=True, cache=True)
def _period(time: int, edges: Array, cells: Array, step: Any) -> Any:
    """Return the period of a time, without a branch: uint64."""
    period = cells[np.uint64(time - edges[0]) >> step]
    return period + (np.uint64(edges[period + _1] - 1 - time) >> _63)


@njit(nogil=True, cache=True)
def _active(
    offsets: Array, time: Array, edges: Array, cells: Array, step: Any, code: Array, active: Array
) -> tuple[Array, Array]:  # fmt: skip
    """List the different periods in which each customer is active; ``active`` is empty where every event counts.

    Each place is written always and kept where it counts: what would be guessed wrong is added instead.

    Returns
    -------
    ends : int64[customers + 1], rows ``ends[i]:ends[i + 1]`` are customer ``i``'s
    when : uint32[rows]
    """
    ends, when, n = np.zeros(len(offsets), np.int64), np.empty(len(time) + 1, np.uint32), np.uint64(0)
    begin, last = edges[0], edges[1:]
    for customer in range(len(offsets) - 1):
        before, lo, hi = ~np.uint64(0), np.uint64(offsets[customer]), np.uint64(offsets[customer + 1])
        if len(active) == 0:
            for j in range(lo, hi):
                period = cells[np.uint64(time[j] - begin) >> step]
                period += np.uint64(last[period] - 1 - time[j]) >> _63
                when[n] = period
                n += (before - period) >> _63
                before = period
        else:
            for j in range(lo, hi):
                counts = active[np.uint64(code[j] + 1)]
                period = cells[np.uint64(time[j] - begin) >> step]
                period += np.uint64(last[period] - 1 - time[j]) >> _63
                when[n] = period
                n += np.uint64(counts) & ((before - period) >> _63)
                before = period if counts else before
        ends[customer + 1] = n
    return ends, when[:n]


@njit(nogil=True, cache=True)
def _moving(offsets: Array, code: Array, moves: Array) -> tuple[Array, Array]:
    """List each customer's first event and those after it that may move anybody; as `_active`, uint32 places.

    Where ``code`` is of no length all events are as the first of ``moves``.
    """
    ends, found, n = np.zeros(len(offsets), np.int64), np.empty(offsets[-1] + 1, np.uint32), np.uint64(0)
    for customer in range(len(offsets) - 1):
        lo, hi = np.uint64(offsets[customer]), np.uint64(offsets[customer + 1])
        found[n] = lo
        n += np.uint64(lo < hi)
        if len(code) > 0:
            for j in range(lo + _1, hi):
                found[n] = j
                n += np.uint64(moves[np.uint64(code[j] + 1)])
        elif moves[0]:
            for j in range(lo + _1, hi):
                found[n] = j
                n += _1
        ends[customer + 1] = n
    return ends, found[:n]


@njit(nogil=True, cache=True)
def _states(ends: Array, when: Array, periods: int) -> Array:
    """Count customers by period in each state: int64[periods, 4]."""
    states = np.zeros(periods * 4, np.int64)
    for customer in range(len(ends) - 1):
        lo, hi = np.uint64(ends[customer]), np.uint64(ends[customer + 1])
        if lo == hi:
            continue
        before = np.uint64(when[lo])
        states[before * _4 + np.uint64(NEW)] += 1
        for k in range(lo + _1, hi):
            period = np.uint64(when[k])
            kept = period == before + _1
            states[period * _4 + (np.uint64(RETURNING) if kept else np.uint64(RESURRECTING))] += 1
            states[(before + _1) * _4 + np.uint64(DORMANT)] += 0 if kept else 1
            before = period
        states[(before + _1) * _4 + np.uint64(DORMANT)] += 1
    return states.reshape((periods, 4))


@njit(nogil=True, cache=True)
def _move(period: Any, flow: int, begun: int, stage: int, flows: Array) -> None:
    """Count a move from one stage to another, and a flow if it is one."""
    at = period * _WIDE
    flows[at + np.uint64(max(flow, 0))] += flow >= 0
    flows[at + np.uint64(ENTERED + stage)] += 1
    if begun >= 0:
        flows[at + np.uint64(QUIT + begun)] += 1


@njit(nogil=True, cache=True)
def _stages(
    offsets: Array, time: Array, edges: Array, cells: Array, step: Any, moving: tuple[Array, Array], code: Array,
    roles: Array, idle: int, horizon: int, flows: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """Count all moves into ``flows``, which lie flat; return customers by stage at the end, and by the deepest ever.

    Who lapses or is won back several times in a period is counted once.
    """
    ends, found = moving
    stages, deep, various, bits = np.zeros(4, np.int64), np.zeros(4, np.int64), len(code) > 0, roles[0]
    for customer in range(len(offsets) - 1):
        stage, last, deepest, lapsed, won = -1, 0, 0, ~np.uint64(0), ~np.uint64(0)
        k, size = np.uint64(ends[customer]), np.uint64(ends[customer + 1])
        while k <= size and offsets[customer] < offsets[customer + 1]:
            now = time[found[k]] if k < size else max(horizon, time[offsets[customer + 1] - 1])
            if stage == ACTIVE and now - last > idle:
                period = _period(last + idle + 1, edges, cells, step)
                _move(period, LAPSED if period != lapsed else -1, ACTIVE, FORMER, flows)
                stage, deepest, lapsed = FORMER, FORMER, period
            if k == size:
                break
            bits = roles[np.uint64(code[found[k]] + 1)] if various else bits
            aim = PROSPECT if stage == -1 else stage
            if bits & RESPONSE and aim == PROSPECT:
                aim = RESPONDER
            if bits & PURCHASE:
                aim, last = ACTIVE, now
            if aim != stage:
                period, flow = _period(now, edges, cells, step), aim
                if stage == FORMER:
                    flow, won = WON_BACK if period != won else -1, period
                _move(period, flow, stage, aim, flows)
                stage, deepest = aim, max(deepest, aim)
            k += _1
        stages[max(stage, 0)] += 1
        deep[deepest] += 1
    return stages, deep


@kernel
def lived(
    offsets: Array, time: Array, edges: Array, code: Array, roles: Array, idle: int, horizon: int
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Count customers by period in each state and at each move, and by stage.

    Parameters
    ----------
    offsets, time : as in `Histories`
    edges : int64[periods + 1], µs; where periods begin, and where the last ends; every event lies between
    code : int32[events], into ``roles``; of no length where every event has the first role
    roles : int64[codes + 1], bits `RESPONSE`, `PURCHASE` and `ACTIVITY`; the last is of events without a code
    idle, horizon : as in `ganj.kernels.activity.moves`

    Returns
    -------
    states : int64[periods + 1, 4]
    flows : int64[periods + 1, 13], see `ganj.miners.lifecycle.Cycles`
    stages : int64[4], customers by their stage now
    ever : int64[3], customers who ever responded or bought, bought, lapsed
    """
    flows = np.zeros((len(edges), FLOWS), np.int64)
    cells, step = _cells(edges)
    known = np.roll(roles, 1) if len(code) > 0 else roles  # what has no code comes first: no place has a sign
    active = known & ACTIVITY != 0
    ends, when = _active(
        offsets, time, edges, cells, step, code, active[: 0 if active.all() else len(active)]
    )
    moving = _moving(offsets, code, known & MOVING != 0)
    stages, deep = _stages(
        offsets, time, edges, cells, step, moving, code, known, idle, horizon, flows.reshape(-1)
    )
    return _states(ends, when, len(edges)), flows, stages, deep[::-1].cumsum()[-2::-1].copy()
