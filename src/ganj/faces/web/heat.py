"""A page's heat laid over its outline, as shapes to draw."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganj.faces.web.visit import Visit
from ganj.miner import Table
from ganj.workspace.outlines import Outline

ACROSS = 1_000
"""The picture's own width; the page's width is laid on it."""
MOST_SPOTS = 1_500
HEAT = ("h1", "h2", "h3", "h4", "h5")
"""From few to many."""
DRAWN = {
    "img": "picture",
    "video": "picture",
    "iframe": "picture",
    "button": "control",
    "input": "control",
    "textarea": "control",
    "select": "control",
    "a": "link",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "p": "text",
    "li": "text",
}


def boxes(outline: Outline | None) -> list[dict[str, Any]]:
    """Return an outline's boxes in the picture's measure, the largest first so that none hides another."""
    if outline is None:
        return []
    scale = ACROSS / outline.width
    told = sorted(outline.boxes, key=lambda box: -box[2] * box[3])
    return [
        {
            "x": round(x * scale, 1),
            "y": round(y * scale, 1),
            "width": round(max(width, 0) * scale, 1),
            "height": round(max(height, 0) * scale, 1),
            "kind": DRAWN.get(kind, "part"),
        }
        for x, y, width, height, kind in told
    ]


def spots(visit: Visit, grid: Table, columns: int, opens: Any) -> list[dict[str, Any]]:
    """Return the warm cells of a grid, the warmest last so that it is drawn on top."""
    events, people = grid.values["events"], grid.values["customers"]
    warm = np.flatnonzero(events > 0)
    warm = warm[np.argsort(events[warm], kind="stable")][-MOST_SPOTS:]
    if not len(warm):
        return []
    ranks = _warmth(events[warm])
    side = ACROSS / columns
    where = grid.opens["customers"]
    return [
        {
            "x": round(float((cell % columns + 0.5) * side), 1),
            "y": round(float((cell // columns + 0.5) * side), 1),
            "heat": HEAT[rank],
            "href": opens(where[cell]),
            "words": visit.say(
                "{events:count} events of {people:count} customers",
                "{events:count} رویداد از {people:count} مشتری",
                events=int(events[cell]),
                people=int(people[cell]),
            ),
        }
        for cell, rank in zip(warm.tolist(), ranks.tolist(), strict=True)
    ]


def _warmth(events: Any) -> Any:
    """Return 0 … 4 by the logarithm of the count, from one to the most: few clicks stay visible beside many."""
    most = np.log(max(float(events.max()), 2.0))
    return np.minimum((np.log(events) / most * len(HEAT)).astype(int), len(HEAT) - 1)


def bands(visit: Visit, scroll: Table, height: float, opens: Any) -> list[dict[str, Any]]:
    """Return the tenths of a page, each with the share of readers who reached its end."""
    share, people = scroll.values["share"], scroll.values["customers"]
    where = scroll.opens["customers"]
    step = height / 10
    return [
        {
            "y": round((tenth - 1) * step, 1),
            "height": round(step, 1),
            "share": round(float(share[tenth]) / 100, 3),
            "href": opens(where[tenth]),
            "said": visit.display.percent(float(share[tenth]), 0),
            "words": visit.say(
                "{share:percent} ({people:count} customers) saw this far",
                "{share:percent} ({people:count} مشتری) تا اینجا دیده‌اند",
                share=float(share[tenth]),
                people=int(people[tenth]),
            ),
        }
        for tenth in range(1, len(share))
    ]
