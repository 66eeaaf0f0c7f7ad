"""A treemap: how large each kind is beside the others.

``x`` names the kinds, the first ``y`` is the area, a second ``y`` is told below it, ``color`` colours.
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import MANY, tooltip
from ganj.charts.groups import colour_of
from ganj.charts.sheet import Item, Sheet, number, plain_words

HEIGHT = 360
MOST = 30
"""Tiles; what is smaller is one tile together."""
NAMED, TOLD = 0.013, 0.03
"""Shares of the area from which a tile has room for its name, and for its figures."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a tile for each kind with its name and figures."""
    values = sheet.values(sheet.chart.y[0])
    rows = sorted(
        (row for row in range(len(values)) if number(values[row]) > 0), key=lambda row: -number(values[row])
    )
    ink = sheet.colours
    series = {
        "type": "treemap",
        "data": _tiles(sheet, rows),
        "top": 4,
        "bottom": 4,
        "left": 4,
        "right": 4,
        "roam": False,
        "nodeClick": False,
        "breadcrumb": {"show": False},
        "itemStyle": {"borderColor": ink["surface"], "borderWidth": 0, "gapWidth": 3, "borderRadius": 6},
        "label": {
            "show": True,
            "position": "insideTopRight" if sheet.rtl else "insideTopLeft",
            "align": sheet.start,
            "verticalAlign": "top",
            "distance": 10,
            "overflow": "truncate",
            "rich": {
                "a": {"fontSize": 14, "fontWeight": 600, "color": ink["text"], "lineHeight": 24},
                "b": {"fontSize": 12, "color": ink["muted"], "lineHeight": 19},
            },
        },
        "emphasis": {"disabled": True},
    }
    return {"tooltip": tooltip(sheet), "series": [series], "ganj": {"height": HEIGHT}}


def _tiles(sheet: Sheet, rows: list[int]) -> list[Item]:
    values = sheet.values(sheet.chart.y[0])
    tiles = [_tile(sheet, row, order) for order, row in enumerate(rows[:MOST])]
    if len(rows) > MOST:
        name = sheet.display.text(MANY, n=len(rows) - MOST)
        rest = sum(number(values[row]) for row in rows[MOST:])
        told = [[sheet.label(sheet.chart.y[0]), sheet.written(sheet.chart.y[0], rest)]]
        label = {"formatter": f"{{b|{name}}}"}
        style = {"color": sheet.colours["faint"]}
        tiles.append(
            {
                "name": name,
                "value": rest,
                "label": label,
                "itemStyle": style,
                "tip": {"title": name, "rows": told},
            }
        )
    total = sum(tile["value"] for tile in tiles)
    for tile in tiles:
        share = tile["value"] / total
        tile["label"]["show"] = share >= NAMED
        if share < TOLD:
            tile["label"]["formatter"] = tile["label"]["formatter"].split("\n")[0]
    return tiles


def _tile(sheet: Sheet, row: int, order: int) -> Item:
    name = sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row])
    kinds = sheet.chart.color or (sheet.chart.x if sheet.column(sheet.chart.x).choices else "")
    at = colour_of(sheet, kinds, sheet.values(kinds)[row], order) if kinds else 0
    item = sheet.item(
        number(sheet.values(sheet.chart.y[0])[row]),
        row,
        sheet.chart.y[0],
        name,
        sheet.rows_of(row, sheet.chart.y),
    )
    figures = [sheet.written(y, sheet.values(y)[row], short=True) for y in sheet.chart.y[:2]]
    item["name"] = plain_words(name)
    item["label"] = {
        "formatter": "\n".join(
            [f"{{a|{plain_words(name).replace('}', '')}}}", *(f"{{b|{f}}}" for f in figures)]
        )
    }
    item["itemStyle"] = {"color": themes.tint(at, sheet.theme)}
    return item
