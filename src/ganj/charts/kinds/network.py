"""Who goes with whom: names as points, what ties them as arrows, the wider the stronger.

``x`` is where from, ``series`` where to, the first ``y`` how strongly.  Option: ``most`` (arrows that are drawn, the
strongest first).  Places are found here and not in the page, so the picture is the same wherever it is drawn
(Fruchterman & Reingold, Software: Practice and Experience 21, 1991).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ganj.charts import theme as themes
from ganj.charts.frame import tooltip
from ganj.charts.sheet import Item, Sheet, number, plain_words
from ganj.histories import Array

HEIGHT, WIDTH = 460, 620
"""Px; a narrower place scrolls."""
MOST = 40
NAME = 130  # px
THIN, THICK = 1.2, 5.0
SMALL, LARGE = 9.0, 22.0
STEPS = 400
MARGIN = 0.55
"""Room around ends that hang together, in lengths of a tie."""
FLAT = 0.62
"""Height of the picture against its width; names lie across."""
Edge = tuple[int, str, str]
"""Row of the table, and the two ends."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the ends where what goes together lies together."""
    told = _edges(sheet)
    ends = {end: place for place, end in enumerate(dict.fromkeys(e for _, *two in told for e in two))}
    edges = [edge for edge in told if edge[1] != edge[2]]  # what goes with itself alone is a point
    pairs = np.array([(ends[one], ends[other]) for _, one, other in edges], np.int64).reshape(-1, 2)
    places = laid_out([(int(one), int(other)) for one, other in pairs], len(ends))
    whole = np.concatenate((pairs, pairs[:, ::-1])).T
    ties = np.bincount(whole[0], minlength=len(ends))
    middle = np.bincount(whole[0], places[whole[1], 1], len(ends)) / np.maximum(ties, 1)
    series = _style(sheet) | {
        "data": [_node(sheet, end, places[at], int(ties[at]), float(middle[at])) for end, at in ends.items()],
        "links": [_link(sheet, edge, edges) for edge in edges],
    }
    return {"tooltip": tooltip(sheet), "series": [series], "ganj": {"height": HEIGHT, "width": WIDTH}}


def _style(sheet: Sheet) -> dict[str, Any]:
    ink = sheet.colours
    return {
        "type": "graph",
        "layout": "none",
        "preserveAspect": True,
        "edgeSymbol": ["none", "arrow"],
        "edgeSymbolSize": [0, 8],
        "top": 24,
        "bottom": 28,
        "left": 60,
        "right": 60,
        "roam": False,
        "label": {
            "show": True,
            "distance": 4,
            "color": ink["text"],
            "fontSize": 12,
            "textBorderWidth": 2,
            "textBorderColor": ink["surface"],
        },
        "lineStyle": {"color": ink["muted"], "opacity": 0.55, "curveness": 0.06},
        "emphasis": {"focus": "adjacency"},
    }


def _edges(sheet: Sheet) -> list[Edge]:
    """Return the strongest ties, as the table has them."""
    strength = [number(value) for value in sheet.values(sheet.chart.y[0])]
    one, other = (list(map(str, sheet.values(name))) for name in (sheet.chart.x, sheet.chart.series))
    rows = [row for row, value in enumerate(strength) if value > 0]
    best = sorted(rows, key=lambda row: -strength[row])[: sheet.setting("most") or MOST]
    return [(row, one[row], other[row]) for row in sorted(best)]


def _node(sheet: Sheet, end: str, place: Array, ties: int, middle: float) -> Item:
    """Return a point, its name on the side away from those it is tied to."""
    return {
        "name": end,
        "x": round(float(place[0]), 1),
        "y": round(float(place[1]), 1),
        "symbolSize": round(min(LARGE, SMALL * math.sqrt(ties)), 1),
        "itemStyle": {"color": themes.series(0, sheet.theme)},
        "label": {"formatter": plain_words(end, NAME), "position": "top" if place[1] < middle else "bottom"},
        "tip": {"title": end, "rows": []},
    }


def _link(sheet: Sheet, edge: Edge, edges: list[Edge]) -> Item:
    row, source, target = edge
    column = sheet.chart.y[0]
    values = sheet.values(column)
    largest = max(number(values[one]) for one, _, _ in edges)
    arrow = " ← " if sheet.rtl else " → "
    title = arrow.join((source, target))
    item = sheet.item(number(values[row]), row, column, title, sheet.rows_of(row, sheet.chart.y))
    width = THIN + (THICK - THIN) * math.sqrt(number(values[row]) / largest)
    return item | {"source": source, "target": target, "lineStyle": {"width": round(width, 1)}}


def laid_out(edges: list[tuple[int, int]], size: int) -> Array:
    """Return a place of each end: float64[size, 2]; what nothing ties together lies side by side."""
    part = _parts(edges, size)
    shelves: list[tuple[Array, Array]] = []
    for number_of in sorted(set(part.tolist()), key=lambda one: -int((part == one).sum())):
        mine = np.flatnonzero(part == number_of)
        at = {int(end): place for place, end in enumerate(mine)}
        own = [(at[one], at[other]) for one, other in edges if one in at]
        shelves.append((mine, _sprung(own, len(mine))))
    place = np.zeros((size, 2))
    area = sum(float(np.prod(np.ptp(one, axis=0) + 2 * MARGIN)) for _, one in shelves)
    width, across, down, high = math.sqrt(area / FLAT), 0.0, 0.0, 0.0
    for mine, one in shelves:
        wide, tall = np.ptp(one, axis=0) + 2 * MARGIN
        if across and across + wide > 1.15 * width:
            across, down, high = 0.0, down + high, 0.0
        place[mine] = one - one.min(axis=0) + MARGIN + [across, down]
        across, high = across + float(wide), max(high, float(tall))
    return 100 * place


def _parts(edges: list[tuple[int, int]], size: int) -> Array:
    """Return which ends hang together: int64[size], the lowest of them."""
    part = np.arange(size)
    for _ in range(size):
        before = part.copy()
        for one, other in edges:
            part[one] = part[other] = min(part[one], part[other])
        if np.array_equal(before, part):
            break
    return part


def _sprung(edges: list[tuple[int, int]], size: int) -> Array:
    """Return places of ends that hang together: they push each other apart, ties pull them to a length of one."""
    turn = 2 * np.pi * np.arange(size) / max(size, 1) + 0.4
    place = np.column_stack((np.cos(turn), np.sin(turn))) * math.sqrt(size) / 2
    one, other = np.array(edges, np.int64).reshape(-1, 2).T
    for step in range(STEPS):
        gap = place[:, None] - place[None]
        far = np.maximum(np.hypot(*gap.transpose(2, 0, 1)), 1e-3)
        move = (gap / far[..., None] ** 2).sum(axis=1)
        along = place[one] - place[other]
        pull = along * np.hypot(*along.T)[:, None]
        np.add.at(move, one, -pull)
        np.add.at(move, other, pull)
        reach = np.maximum(np.hypot(*move.T), 1e-9)[:, None]
        place += move / reach * np.minimum(reach, 0.2 * (1 - step / STEPS))
    turned: Array = place * [1.0, FLAT]
    return turned
