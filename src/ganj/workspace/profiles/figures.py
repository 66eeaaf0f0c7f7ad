"""What a customer brought and how often: the figures of the overview, of one customer, and the rhythm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from ganj import miners
from ganj.events import ORDER
from ganj.histories import Histories
from ganj.miner import Reads
from ganj.store.timelines import Sketch

if TYPE_CHECKING:
    from ganj.workspace import Workspace

DAY = 86_400_000_000
RHYTHM = 3
"""Orders from which a rhythm is told."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in figures.

    Attributes
    ----------
    events : all of them
    first, last : µs UTC of the first and the last event
    orders, revenue, returned, average_basket, first_order, last_order
        As the overview counts them.
    rhythm : median days between orders, from three orders on
    next_order : µs UTC at which the next order falls due by that rhythm
    """

    events: int
    first: int | None
    last: int | None
    orders: int = 0
    revenue: float = 0.0
    returned: float = 0.0
    average_basket: float | None = None
    first_order: int | None = None
    last_order: int | None = None
    rhythm: float | None = None
    next_order: int | None = None


def figures(workspace: Workspace, number: int, sketch: Sketch) -> Figures:
    """Count one customer's orders and money from the customer's own events."""
    seen = (int(sketch.time[0]), int(sketch.time[-1])) if len(sketch) else (None, None)
    told = _overview(workspace, number, sketch)
    rhythm = _rhythm(sketch)
    last = told.get("last_order")
    due = None if rhythm is None or last is None else last + round(rhythm * DAY)
    return Figures(events=len(sketch), first=seen[0], last=seen[1], rhythm=rhythm, next_order=due, **told)


def _overview(workspace: Workspace, number: int, sketch: Sketch) -> dict[str, Any]:
    """Ask the overview of this customer alone: what one bought does not depend on others."""
    asked = workspace.resolve(miners.find("overview")())
    until = asked.window()[1]
    count = len(sketch) if until is None else int(np.searchsorted(sketch.time, until))
    columns: dict[str, Any] = {
        "time": np.ascontiguousarray(sketch.time[:count], np.int64),
        "event": np.ascontiguousarray(sketch.event[:count], np.int32),
        "amount": np.ascontiguousarray(sketch.amount[:count], np.float64),
    }
    reads: Reads = asked.reads()
    columns |= {name: np.full(count, -1, np.int32) for name in reads.columns if name not in columns}
    alone = Histories(
        np.array([number], np.int32), np.array([0, count], np.int64), columns, names={"event": sketch.names}
    )
    scored = asked.score(alone, None)
    if not len(scored.customer):
        return {}
    return {
        "orders": int(scored.values["orders"][0]),
        "revenue": float(scored.values["revenue"][0]),
        "returned": float(scored.values["returned"][0]),
        "average_basket": _known(float(scored.values["average_basket"][0])),
        "first_order": scored.values["first_order"][0].as_py(),
        "last_order": scored.values["last_order"][0].as_py(),
    }


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else figure


def _rhythm(sketch: Sketch) -> float | None:
    """Return the median days between orders; orders of one moment are one."""
    times = np.unique(sketch.time[sketch.of((ORDER,))])
    return float(np.median(np.diff(times)) / DAY) if len(times) >= RHYTHM else None
