"""Sorted bars and the line of their running share: how few bring how much.

``x`` names the kinds, the first ``y`` is the figure.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import across, framed, reach, tooltip, upright
from ganj.charts.sheet import Item, Sheet, number
from ganj.text import Text

RUNNING = Text("Running share", "سهم انباشته")
NAMED = 12
"""Bars that have their name below, at most."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the bars from large to small and the running share over them."""
    column = sheet.chart.y[0]
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
