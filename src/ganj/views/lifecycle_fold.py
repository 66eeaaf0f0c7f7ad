"""The life-cycle's counts where periods of the calendar say all, made in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganj.calendar import edges
from ganj.histories import Array, Histories
from ganj.kernels.lifecycle import lived
from ganj.sketches import Tally

MANY = 1 << 14
"""Periods up to which a table of all of them is kept."""

Counts = tuple[Tally, Tally, Array, Array]
"""States and flows by period; customers by stage now, and by stage ever reached."""


def folded(
    histories: Histories,
    span: tuple[int, int] | None,
    periods: tuple[Any, ...],
    roles: tuple[Array, Array],
    idle: int,
    horizon: int,
) -> Counts | None:
    """Count customers in each state, at each move and stage.

    Parameters
    ----------
    span : of the histories
    periods : period, calendar, zone and first weekday
    roles : from `ganj.filters.coded`: responses, purchases, activity
    idle, horizon : as in `ganj.kernels.activity.moves`

    Returns
    -------
    counts : or None where there is no event, or a date is far from all others
    """
    if span is None:
        return None
    first, begins = edges(span[0], max(span[1], horizon), *periods)
    if len(begins) > MANY:
        return None
    states, flows, stages, ever = lived(histories.offsets, histories.time, begins, *roles, idle, horizon)
    return _tally(first, states), _tally(first, flows), stages, ever


def _tally(first: int, table: Array) -> Tally:
    there = np.flatnonzero(table.any(axis=1))
    return Tally((first + there)[:, None], table[there].astype(np.float64))
