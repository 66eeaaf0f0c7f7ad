"""A tree of what was joined with what: the lower two branches meet, the nearer they are.

A row is a join: ``x`` and the option ``to`` are the places of its two branches, ``low`` the columns of their heights,
the first ``y`` its own height, ``color`` the kind that all of it belongs to, none where it joins several.  ``members``
is how many it holds.
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import LEGEND, framed, legend, upright
from ganj.charts.groups import colour_of, kind_name
from ganj.charts.sheet import Item, Sheet, number, plain_words

HEIGHT = 320


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw each join as a bridge over its branches, from where reading starts."""
    top = [number(value) for value in sheet.values(sheet.chart.y[0])]
    kinds = sheet.values(sheet.chart.color)
    option = framed(sheet, top=LEGEND + 8)
    ends = [number(value) for name in (sheet.chart.x, sheet.setting("to")) for value in sheet.values(name)]
    option["xAxis"] = {
        "type": "value",
        "min": min(ends) - 0.5,
        "max": max(ends) + 0.5,
        "inverse": sheet.rtl,
        "show": False,
    }
    option["yAxis"] = upright(sheet, sheet.chart.y[0], 0.0, max(top)) | {
        "name": sheet.label(sheet.chart.y[0])
    }
    order = [kind for kind in dict.fromkeys(kinds) if _is_one(kind)]
    option["series"] = [_bridge(sheet, row, kinds[row], order) for row in range(len(top))]
    names = [kind_name(sheet, sheet.chart.color, kind) for kind in order]
    option["legend"] = legend(sheet, sorted(names))
    option["ganj"] = {"height": HEIGHT}
    return option


def _is_one(kind: Any) -> bool:
    """Tell whether a join belongs to one kind."""
    return kind is not None and not (isinstance(kind, int) and kind < 0)


def _bridge(sheet: Sheet, row: int, kind: Any, order: list[Any]) -> dict[str, Any]:
    one = _is_one(kind)
    colour = (
        themes.series(colour_of(sheet, sheet.chart.color, kind, order.index(kind)), sheet.theme)
        if one
        else sheet.colours["muted"]
    )
    return {
        "type": "line",
        "name": kind_name(sheet, sheet.chart.color, kind)
        if one
        else plain_words(sheet.label(sheet.chart.y[0])),
        "color": colour,
        "symbol": "circle",
        "symbolSize": 4,
        "lineStyle": {"color": colour, "width": 2 if one else 1.5},
        "itemStyle": {"color": colour},
        "data": _points(sheet, row, kind if one else None),
    }


def _points(sheet: Sheet, row: int, kind: Any) -> list[Item]:
    """Return the four corners of a bridge and its middle, which tells what it joins."""
    left, right = (number(sheet.values(name)[row]) for name in (sheet.chart.x, sheet.setting("to")))
    low, other = (number(sheet.values(name)[row]) for name in sheet.setting("low"))
    high = number(sheet.values(sheet.chart.y[0])[row])
    title = kind_name(sheet, sheet.chart.color, kind) if kind is not None else ""
    told = sheet.rows_of(row, [sheet.setting("members"), sheet.chart.y[0]])
    corners: list[Item] = [{"value": [x, y], "symbol": "none"} for x, y in ((left, low), (left, high))]
    corners.append(sheet.item([(left + right) / 2, high], row, sheet.setting("members"), title, told))
    return corners + [{"value": [x, y], "symbol": "none"} for x, y in ((right, high), (right, other))]
