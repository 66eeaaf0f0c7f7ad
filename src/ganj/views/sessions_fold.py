"""Sums over sessions that are no one's group, made in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganj.breakdown import paged
from ganj.calendar import edges
from ganj.histories import Array, Histories
from ganj.kernels.visits import CUSTOMERS, SESSIONS, visited
from ganj.sketches import Largest, Rows, Tally

BINS = 1 << 14
"""Different lengths that are kept exactly."""
MANY = 1 << 14
"""Periods up to which a table of all of them is kept."""


def folded(
    histories: Histories, roles: tuple[Array, Array], page: str, periods: tuple[Any, ...], since: int, gap: int
) -> dict[str, Any] | None:  # fmt: skip
    """Add up sessions.

    Parameters
    ----------
    roles : from `ganj.filters.coded`: what a visit is made of, pages, purchases
    page : property that names the page
    periods : period, calendar, zone and first weekday
    since, gap : µs, as in `ganj.kernels.visits.visited`

    Returns
    -------
    sums : ``total lengths pages periods entries exits`` of `ganj.miners.sessions.Visits`; None where there is no
        event, or a date is far from all others
    """
    span = histories.span
    if span is None:
        return None
    first, begins = edges(*span, *periods)
    if len(begins) > MANY:
        return None
    code, place, labels = paged(histories, page)
    given = (histories.offsets, histories.time, *roles, code, place, len(labels))
    by_period, entries, exits, lengths, depths, customers = visited(*given, begins, since, gap)
    there = np.flatnonzero(by_period[:, SESSIONS])
    total = by_period[:, :6].sum(axis=0).astype(np.float64)
    total[CUSTOMERS] = customers
    return {
        "total": total,
        "lengths": Rows.of(lengths[:, None], BINS),
        "pages": Rows.counted(depths, BINS),
        "periods": Tally((first + there)[:, None], by_period[there, :6].astype(np.float64)),
        "entries": Largest.of(
            {
                label: row[:6]
                for label, row in zip(labels, entries.astype(np.float64), strict=True)
                if row[SESSIONS]
            }
        ),
        "exits": Largest.of(
            {
                label: row[:3]
                for label, row in zip(labels, exits.astype(np.float64), strict=True)
                if row[0] or row[1]
            }
        ),
    }
