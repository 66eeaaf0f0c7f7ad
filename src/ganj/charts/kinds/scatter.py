"""Points between two figures: who lies where.

``x`` is across, the first ``y`` is up, a second ``y`` is how large a point is; ``series`` or ``color`` colours.
Options: ``name`` (the column that names a point), ``lines`` (``[x, y]``: quarters the picture).
"""

from __future__ import annotations

import math
from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import LEGEND, axis_name, framed, legend, name_below, reach, upright, values_axis
from ganj.charts.groups import colour_of, kind_name
from ganj.charts.sheet import Item, Sheet, number, plain_words

NAMED = 20
"""Points that have their name beside them, at most."""
SMALL, LARGE = 7.0, 40.0  # px


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a point for each row."""
    x, y = sheet.chart.x, sheet.chart.y[0]
    kinds_in = sheet.chart.color or sheet.chart.series
    kinds = sheet.values(kinds_in) if kinds_in else [None] * len(sheet.table)
    there = [
        row
        for row in range(len(kinds))
        if sheet.values(x)[row] is not None and sheet.values(y)[row] is not None
    ]
    order = list(dict.fromkeys(kinds))
    option = framed(sheet, top=14 + (LEGEND if kinds_in else 0))
    option["xAxis"] = values_axis(sheet, x, *reach(sheet.values(x), zero=False)) | {"inverse": sheet.rtl}
    option["xAxis"]["splitLine"] = {"show": False}
    name_below(sheet, option, axis_name(sheet, x))
    option["yAxis"] = upright(sheet, y, *reach(sheet.values(y), zero=False)) | {"name": axis_name(sheet, y)}
    option["series"] = [
        _kind(sheet, kind, place, [row for row in there if kinds[row] == kind])
        for place, kind in enumerate(order)
    ]
    if sheet.setting("lines"):
        option["series"][0]["markLine"] = _quarters(sheet)
    if kinds_in:
        option["legend"] = legend(sheet, [series["name"] for series in option["series"]])
    return option


def _kind(sheet: Sheet, kind: Any, place: int, rows: list[int]) -> dict[str, Any]:
    kinds_in = sheet.chart.color or sheet.chart.series
    at = colour_of(sheet, kinds_in, kind, place) if kinds_in else 0
    return {
        "type": "scatter",
        "name": kind_name(sheet, kinds_in, kind) if kinds_in else "",
        "data": [_point(sheet, row) for row in rows],
        "itemStyle": {"color": themes.series(at, sheet.theme), "opacity": 0.6},
        "label": {"position": "top", "color": sheet.colours["text"], "fontSize": 12},
        "labelLayout": {"hideOverlap": True},
        "emphasis": {"disabled": True},
    }


def _point(sheet: Sheet, row: int) -> Item:
    name_in = sheet.setting("name")
    name = sheet.written(name_in, sheet.values(name_in)[row]) if name_in else ""
    figures = [sheet.chart.x, *sheet.chart.y]
    place = [sheet.values(column)[row] for column in figures[:2]]
    item = sheet.item(place, row, sheet.chart.y[0], name, sheet.rows_of(row, figures))
    item["symbolSize"] = _size(sheet, row)
    if name and len(sheet.table) <= NAMED:
        item["label"] = {"show": True, "formatter": plain_words(name, 140)}
    return item


def _size(sheet: Sheet, row: int) -> float:
    """Return a point's width, its area in proportion to the figure."""
    if len(sheet.chart.y) < 2:
        return SMALL
    values = sheet.values(sheet.chart.y[1])
    largest = max(number(value) for value in values) or 1.0
    return round(max(SMALL, LARGE * math.sqrt(max(0.0, number(values[row])) / largest)), 1)


def _quarters(sheet: Sheet) -> dict[str, Any]:
    x, y = sheet.setting("lines")
    style = {"color": sheet.colours["muted"], "type": "dashed", "width": 1}
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": style,
        "data": [{"xAxis": x}, {"yAxis": y}],
    }
