"""A square of scores, such as RFM: what share of customers and of revenue each cell has.

``x`` is across, ``series`` is up, ``color`` is the segment of a cell, ``y`` are the figures told in it (two at
most), the first decides how strong a cell is.
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import LEGEND, legend, tooltip
from ganj.charts.groups import colour_of, kind_name
from ganj.charts.sheet import Item, Sheet

HEIGHT = 420


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the cells in their segments' colours; a segment is a series, so the legend hides it."""
    kinds = sheet.values(sheet.chart.color) if sheet.chart.color else [None] * len(sheet.table)
    names = {
        kind: kind_name(sheet, sheet.chart.color, kind) if sheet.chart.color else ""
        for kind in dict.fromkeys(kinds)
    }
    xs, ys = (sorted(set(sheet.values(name))) for name in (sheet.chart.x, sheet.chart.series))
    series = []
    for order, (kind, name) in enumerate(names.items()):
        at = colour_of(sheet, sheet.chart.color, kind, order) if sheet.chart.color else 0
        cells = [_cell(sheet, row, xs, ys) for row in range(len(kinds)) if kinds[row] == kind]
        series.append(_segment(sheet, name, at, cells))
    option: dict[str, Any] = {
        "grid": {"top": LEGEND + 8, "bottom": 52, sheet.start: 60, sheet.end: 8, "outerBoundsMode": "none"},
        "tooltip": tooltip(sheet),
        "xAxis": _axis(sheet, sheet.chart.x, xs) | {"inverse": sheet.rtl},
        "yAxis": _axis(sheet, sheet.chart.series, ys) | {"position": sheet.start},
        "series": series,
        "ganj": {"height": HEIGHT},
    }
    if sheet.chart.color:
        option["legend"] = legend(sheet, list(names.values()))
    return option


def _cell(sheet: Sheet, row: int, xs: list[Any], ys: list[Any]) -> Item:
    x, y = sheet.values(sheet.chart.x)[row], sheet.values(sheet.chart.series)[row]
    figures = [sheet.written(name, sheet.values(name)[row], short=True) for name in sheet.chart.y[:2]]
    kind = [sheet.chart.color] if sheet.chart.color else []
    told = sheet.rows_of(row, [sheet.chart.x, sheet.chart.series, *sheet.chart.y])
    title = sheet.written(kind[0], sheet.values(kind[0])[row]) if kind else ""
    item = sheet.item(
        [xs.index(x), ys.index(y), sheet.values(sheet.chart.y[0])[row]], row, sheet.chart.y[0], title, told
    )
    first, *rest = figures
    item["label"] = {"formatter": f"{{a|{first}}}" + "".join(f"\n{{b|{figure}}}" for figure in rest)}
    return item


def _segment(sheet: Sheet, name: str, at: int, cells: list[Item]) -> dict[str, Any]:
    ink = sheet.colours
    colour = themes.series(at, sheet.theme)
    return {
        "type": "heatmap",
        "name": name,
        "color": colour,
        "data": [cell | {"itemStyle": {"color": themes.tint(at, sheet.theme)}} for cell in cells],
        "itemStyle": {"color": colour, "borderColor": ink["surface"], "borderWidth": 3, "borderRadius": 6},
        "label": {
            "show": True,
            "rich": {
                "a": {"fontSize": 15, "fontWeight": 600, "color": ink["text"], "lineHeight": 22},
                "b": {"fontSize": 12, "color": ink["muted"], "lineHeight": 18},
            },
        },
        "emphasis": {"itemStyle": {"borderColor": colour, "borderWidth": 2}},
    }


def _axis(sheet: Sheet, name: str, places: list[Any]) -> dict[str, Any]:
    return {
        "type": "category",
        "data": [sheet.written(name, place) for place in places],
        "name": sheet.label(name),
        "nameLocation": "middle",
        "nameGap": 28,
        "nameTextStyle": {"color": sheet.colours["muted"]},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": {"color": sheet.colours["muted"], "interval": 0},
    }
