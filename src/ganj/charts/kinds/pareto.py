"""Sorted bars and the line of their running share: how few bring how much.

``x`` names the kinds, the first ``y`` is the figure.  Where ``x`` is itself a share, as of the best customers,
the picture is that curve, beside the straight line of equal shares.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import across, framed, name_below, reach, tooltip, upright, values_axis
from ganj.charts.sheet import Item, Sheet, number
from ganj.text import Text

RUNNING = Text("Running share", "سهم انباشته")
NAMED = 12
"""Bars that have their name below, at most."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the bars from large to small and the running share over them."""
    column = sheet.chart.y[0]
    if sheet.column(sheet.chart.x).unit == "percent":
        return _curve(sheet, column)
    values = [number(value) for value in sheet.values(column)]
    order = sorted(range(len(values)), key=lambda row: -values[row])
    total = sum(values) or 1.0
    shares = [100 * running / total for running in accumulate(values[row] for row in order)]
    names = [sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row]) for row in order]
    option = framed(sheet, top=14)
    option["tooltip"] = tooltip(sheet, "axis")
    option["xAxis"] = across(sheet, sheet.chart.x, names, room=640 / max(1, len(names)) - 6)
    option["xAxis"]["axisLabel"] |= {"show": len(names) <= NAMED, "interval": 0}
    share_axis = upright(sheet, column, 0, 100, second=True) | {
        "name": "",
        "min": 0,
        "max": 100,
        "interval": 20,
    }
    share_axis["axisLabel"]["words"] = [sheet.display.percent(tick) for tick in range(0, 101, 20)]
    option["yAxis"] = [upright(sheet, column, *reach(values)), share_axis]
    option["series"] = [_bars(sheet, column, order, names), _line(sheet, shares)]
    return option


def _curve(sheet: Sheet, column: str) -> dict[str, Any]:
    """Draw the running share against the share of customers."""
    across_values = sheet.values(sheet.chart.x)
    points = [
        sheet.item([share, value], row, column, "", sheet.rows_of(row, [sheet.chart.x, column]))
        for row, (share, value) in enumerate(zip(across_values, sheet.values(column), strict=True))
    ]
    option = framed(sheet, top=14)
    option["tooltip"] = tooltip(sheet, "axis")
    option["xAxis"] = values_axis(sheet, sheet.chart.x, 0, 100) | {
        "inverse": sheet.rtl,
        "splitLine": {"show": False},
    }
    name_below(sheet, option, sheet.label(sheet.chart.x))
    option["yAxis"] = upright(sheet, column, 0, 100) | {"name": sheet.label(column)}
    line = {"type": "line", "symbol": "circle", "showSymbol": False, "emphasis": {"disabled": True}}
    colour = themes.series(0, sheet.theme)
    even = {"color": sheet.colours["muted"], "width": 1, "type": [4, 4]}
    option["series"] = [
        line
        | {
            "name": sheet.label(column),
            "data": points,
            "lineStyle": {"color": colour, "width": 2},
            "itemStyle": {"color": colour},
            "areaStyle": {"color": colour, "opacity": 0.1},
        },
        line | {"data": [[0, 0], [100, 100]], "lineStyle": even, "silent": True, "tooltip": {"show": False}},
    ]
    return option


def _bars(sheet: Sheet, column: str, order: list[int], names: list[str]) -> dict[str, Any]:
    values = sheet.values(column)
    items: list[Item] = [
        sheet.item(values[row], row, column, name, sheet.rows_of(row, sheet.chart.y))
        for row, name in zip(order, names, strict=True)
    ]
    return {
        "type": "bar",
        "name": sheet.label(column),
        "data": items,
        "barCategoryGap": "18%" if len(items) <= 40 else "0%",
        "itemStyle": {"color": themes.series(0, sheet.theme), "borderRadius": [3, 3, 0, 0]},
        "emphasis": {"disabled": True},
    }


def _line(sheet: Sheet, shares: list[float]) -> dict[str, Any]:
    name = sheet.words(RUNNING)
    gold = themes.series(1, sheet.theme)
    return {
        "type": "line",
        "name": name,
        "yAxisIndex": 1,
        "data": [
            {"value": share, "tip": {"title": "", "rows": [[name, sheet.display.percent(share)]]}}
            for share in shares
        ],
        "symbol": "circle",
        "symbolSize": 6,
        "showSymbol": len(shares) <= NAMED,
        "lineStyle": {"color": gold, "width": 2},
        "itemStyle": {"color": gold},
        "emphasis": {"disabled": True},
    }
