"""A map of equal tiles: every region as large as another, its neighbours beside it, coloured by a figure.

``x`` is the column from the west, ``series`` the row from the north, the first ``y`` the figure that colours and is
told; ``color`` names a tile.  East is at the right in every language, as on any map.
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import narrow, tooltip
from ganj.charts.sheet import Item, Sheet, number, plain_words

TILE = 66
"""Px of a tile's height."""
PHONE: dict[str, Any] = {"fontSize": 9, "lineHeight": 12, "width": 44}
WIDE: dict[str, Any] = {"fontSize": 12, "lineHeight": 15, "width": 84}
"""How names are written where tiles are narrow, and elsewhere; a name that is longer is broken between its words."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a tile for each row."""
    figures = [number(value) for value in sheet.values(sheet.chart.y[0])]
    xs, ys = (
        sorted({int(number(v)) for v in sheet.values(name)}) for name in (sheet.chart.x, sheet.chart.series)
    )
    items = [_tile(sheet, row, (xs, ys), max(figures) or 1.0) for row in range(len(figures))]
    return {
        "grid": {"top": 4, "bottom": 4, "left": 4, "right": 4, "outerBoundsMode": "none"},
        "tooltip": tooltip(sheet),
        "xAxis": _axis(xs),
        "yAxis": _axis(ys) | {"inverse": True},
        "series": [
            {
                "type": "heatmap",
                "data": items,
                "label": {"show": True, "overflow": "break", **WIDE},
                "itemStyle": {"borderColor": sheet.colours["surface"], "borderWidth": 3, "borderRadius": 6},
                "emphasis": {"itemStyle": {"borderColor": sheet.colours["text"], "borderWidth": 1.5}},
            }
        ],
        "media": narrow(*({"series": [{"label": written}]} for written in (PHONE, WIDE))),
        "ganj": {"height": TILE * len(ys) + 8},
    }


def _axis(places: list[int]) -> dict[str, Any]:
    return {"type": "category", "data": [str(place) for place in places], "show": False}


def _tile(sheet: Sheet, row: int, places: tuple[list[int], list[int]], top: float) -> Item:
    """Return a tile: its step of heat, its name and figure."""
    y, named = sheet.chart.y[0], sheet.chart.color
    value = sheet.values(y)[row]
    step = min(len(themes.HEAT) - 1, int(len(themes.HEAT) * (max(number(value), 0.0) / top) ** 0.5))
    name = sheet.written(named, sheet.values(named)[row])
    at = [
        place.index(int(number(sheet.values(column)[row])))
        for place, column in zip(places, (sheet.chart.x, sheet.chart.series), strict=True)
    ]
    item = sheet.item([*at, number(value)], row, y, plain_words(name), sheet.rows_of(row, sheet.chart.y))
    item["itemStyle"] = {"color": themes.HEAT[step][sheet.theme == "dark"]}
    told = "—" if value is None else sheet.written(y, value, short=True)
    item["label"] = {
        "formatter": f"{plain_words(name)}\n{plain_words(told)}",
        "color": sheet.colours["on" if step >= themes.HEAT_DARK_FROM else "ink"],
    }
    return item
