"""Flows: from where to where, and how many.

``x`` is where from, ``series`` where to, the first ``y`` how many.  In reading right to left the picture runs
that way too.  Options: ``sides`` (True keeps the same names on both sides apart, as for moves between segments;
it is taken for granted where flows run in a circle), ``most`` (flows that are drawn, the widest first; a
picture of more cannot be read, the table has them all).
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import tooltip
from ganj.charts.groups import colour_of
from ganj.charts.metrics import width
from ganj.charts.sheet import Item, Sheet, number, plain_words

HEIGHT = 420
NAME = 150  # px
COLUMN = 110
"""Px that a column of names cannot do without; a narrower place scrolls."""
MOST = 24
HALO = {"textBorderWidth": 2}
"""A name is read over the flows that pass behind it."""
Flow = tuple[int, str, str]
"""Row of the table, and the codes of the two ends."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the flows, each in the colour of where it comes from."""
    flows = _flows(sheet)
    ends = dict.fromkeys(end for _, source, target in flows for end in (source, target))
    last = {target for _, _, target in flows} - {source for _, source, _ in flows}
    names = {end: plain_words(_name(sheet, end), NAME) for end in ends}
    room = int(max((width(names[end]) for end in last), default=0)) + 16
    series = {
        "type": "sankey",
        "data": [_node(sheet, end, order, names[end]) for order, end in enumerate(ends)],
        "links": [_link(sheet, flow) for flow in flows],
        "nodeAlign": "right" if sheet.rtl else "left",
        "nodeGap": 14,  # room for a name each, however thin the node
        "nodeWidth": 12,
        "top": 8,
        "bottom": 8,
        sheet.start: 8,
        sheet.end: room,
        "draggable": False,
        "layoutIterations": 64,
        "label": {"position": sheet.end, "color": sheet.colours["text"], "fontSize": 12, "distance": 6}
        | HALO
        | {"textBorderColor": sheet.colours["surface"]},
        "lineStyle": {"color": "target" if sheet.rtl else "source", "opacity": 0.28, "curveness": 0.5},
        "emphasis": {"focus": "adjacency"},
    }
    return {
        "tooltip": tooltip(sheet),
        "series": [series],
        "ganj": {"height": HEIGHT, "width": COLUMN * _columns(flows) + room},
    }


def _flows(sheet: Sheet) -> list[Flow]:
    sources, targets = (list(map(str, sheet.values(name))) for name in (sheet.chart.x, sheet.chart.series))
    rows = _widest([number(value) for value in sheet.values(sheet.chart.y[0])], sheet.setting("most") or MOST)
    apart = sheet.setting("sides") or _circular([(sources[row], targets[row]) for row in rows])
    side = ("0", "1") if apart else ("", "")
    return [(row, f"{side[0]}:{sources[row]}", f"{side[1]}:{targets[row]}") for row in rows]


def _widest(values: list[float], most: int) -> list[int]:
    """Return the rows of the widest flows, in the order of the table."""
    flowing = [row for row, value in enumerate(values) if value > 0]
    return sorted(sorted(flowing, key=lambda row: -values[row])[:most])


def _circular(links: list[tuple[str, str]]) -> bool:
    """Tell whether flows come back to where they were; such a picture cannot be laid out from side to side."""
    left = set(links)
    while True:
        sources = {source for source, _ in left}
        kept = {link for link in left if link[1] in sources}
        if len(kept) == len(left):
            return bool(left)
        left = kept


def _columns(flows: list[Flow]) -> int:
    """Count the steps of the longest way; flows run in no circle."""
    depth: dict[str, int] = {}
    for _ in flows:
        before = dict(depth)
        for _, source, target in flows:
            depth[target] = max(depth.get(target, 0), depth.get(source, 0) + 1)
        if depth == before:
            break
    return max(depth.values(), default=1)


def _name(sheet: Sheet, end: str) -> str:
    """Return the words of an end, found where it stands in the table."""
    code = end.split(":", 1)[1]
    for name in (sheet.chart.x, sheet.chart.series):
        for value in sheet.values(name):
            if str(value) == code:
                return sheet.written(name, value)
    return code


def _node(sheet: Sheet, end: str, order: int, name: str) -> Item:
    code: Any = end.split(":", 1)[1]
    kinds = sheet.column(sheet.chart.x)
    at = colour_of(sheet, sheet.chart.x, int(code) if kinds.choices and code.isdigit() else code, order)
    return {
        "name": end,
        "itemStyle": {"color": themes.series(at, sheet.theme), "borderWidth": 0},
        "label": {"formatter": name},
        "tip": {"title": _name(sheet, end), "rows": []},
    }


def _link(sheet: Sheet, flow: Flow) -> Item:
    row, source, target = flow
    column = sheet.chart.y[0]
    arrow = " ← " if sheet.rtl else " → "
    title = arrow.join((_name(sheet, source), _name(sheet, target)))
    item = sheet.item(
        number(sheet.values(column)[row]), row, column, title, sheet.rows_of(row, sheet.chart.y)
    )
    ends = (target, source) if sheet.rtl else (source, target)
    return item | {"source": ends[0], "target": ends[1]}
