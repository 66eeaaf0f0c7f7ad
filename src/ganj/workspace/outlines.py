"""The outline of a page: the boxes on it, which a tracker sends now and then, newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ganj.breakdown import pages
from ganj.histories import Histories
from ganj.miner import Reads

if TYPE_CHECKING:
    from ganj.workspace import Workspace

OUTLINED = "Page Outlined"
READS = Reads(
    events=(OUTLINED,),
    columns=("time", "event"),
    properties=("path", "boxes"),
    numbers=("width", "height"),
    nobody=True,
)
BOX = re.compile(r"(-?\d{1,6}),(-?\d{1,6}),(\d{1,6}),(\d{1,6}),([a-z0-9]{1,12})")
MOST = 300
"""Boxes of one page."""
Box = tuple[float, float, float, float, str]
"""Left, top, width, height in pixels of the page, and what it is: ``img``, ``p``, ``button`` …"""


@dataclass(frozen=True)
class Outline:
    """The boxes of one page as a visitor's window laid them out; lengths in pixels of the page."""

    time: int
    width: float
    height: float
    boxes: tuple[Box, ...]


def outline(workspace: Workspace, page: str, widths: tuple[float, float] = (0, np.inf)) -> Outline | None:
    """Return the newest outline of a page whose width lies between two widths, or None.

    Parameters
    ----------
    page : the address without what follows ``?``
    widths : pixels, from which and below which
    """
    if OUTLINED not in workspace.store.names("event"):
        return None
    found = [_newest(part, page, widths) for part in workspace.store.histories(READS)]
    return max((one for one in found if one), key=lambda one: one.time, default=None)


def _newest(part: Histories, page: str, widths: tuple[float, float]) -> Outline | None:
    if not len(part.time):
        return None
    named, columns = pages(part, "path"), part.columns
    width, height = columns["number:width"], columns["number:height"]
    boxes, labels = columns["property:boxes"], part.names["property:boxes"]
    fits = (width >= max(widths[0], 1)) & (width < widths[1]) & (height > 0) & (boxes >= 0)
    fits &= np.array([*named.labels, ""], object)[named.codes] == page
    at = np.flatnonzero(fits)
    if not len(at):
        return None
    last = at[np.argmax(part.time[at])]
    return Outline(int(part.time[last]), float(width[last]), float(height[last]), _read(labels[boxes[last]]))


def _read(text: str) -> tuple[Box, ...]:
    """Return the boxes of ``left,top,width,height,what;…`` that are boxes: what visitors send is not trusted."""
    found = (BOX.fullmatch(one) for one in text.split(";", MOST)[:MOST])
    return tuple((float(one[1]), float(one[2]), float(one[3]), float(one[4]), one[5]) for one in found if one)
