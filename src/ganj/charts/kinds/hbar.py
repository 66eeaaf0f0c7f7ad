"""Lying bars, sorted: which kinds are the largest.

Options: ``top`` (how many bars, 20), ``sorted`` (False keeps the table's order, as for steps and ages),
``colors`` (True gives every kind its own colour, as the same kinds have elsewhere on the page).
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import MANY, framed, reach, values_axis
from ganj.charts.groups import colour_of
from ganj.charts.metrics import width
from ganj.charts.sheet import Item, Sheet, number, plain_words

TOP = 20
BAR = 32  # px of height a bar takes
NAME = 220  # px


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a bar for each row, the figure at its end."""
    column = sheet.chart.y[0]
    values = sheet.values(column)
    order = [row for row in range(len(values)) if values[row] is not None]
    if sheet.setting("sorted", True):
        order.sort(key=lambda row: -number(values[row]))
    drawn = order[: sheet.setting("top", TOP)]
    names = [
        plain_words(sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row]), NAME) for row in drawn
    ]
    items: list[Item | None] = [_item(sheet, row, column) for row in drawn]
    if len(order) > len(drawn):
        names.append(sheet.display.text(MANY, n=len(order) - len(drawn)))
        items.append(None)
    figures = [figure(sheet, column, values[row]) for row in drawn]
    option = framed(
        sheet,
        top=14 if sheet.unit_words(column) and _is_money(sheet, column) else 0,
        end=int(max(map(width, figures), default=0)) + 8,
    )
    option["xAxis"] = values_axis(sheet, column, *reach(values)) | {"inverse": sheet.rtl, "show": False}
    option["yAxis"] = _names(sheet, names) | {
        "name": sheet.unit_words(column) if _is_money(sheet, column) else ""
    }
    option["series"] = [_bars(sheet, items)]
    option["ganj"] = {"height": max(120, BAR * len(names) + 40)}
    return option


def _is_money(sheet: Sheet, column: str) -> bool:
    return sheet.column(column).unit == "money"


def figure(sheet: Sheet, column: str, value: Any) -> str:
    """Write the figure at a bar's end; money without its unit, which stands above the bars."""
    return sheet.tick(column, value) if _is_money(sheet, column) else sheet.written(column, value, short=True)


def _item(sheet: Sheet, row: int, column: str) -> Item:
    name = sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row])
    value = sheet.values(column)[row]
    item = sheet.item(value, row, column, name, sheet.rows_of(row, sheet.chart.y))
    item["label"] = {"formatter": figure(sheet, column, value)}
    item["label"]["position"] = sheet.start if value < 0 else sheet.end
    kinds = sheet.chart.color or (sheet.chart.x if sheet.setting("colors") else "")
    if kinds:
        at = colour_of(sheet, kinds, sheet.values(kinds)[row], row)
        item["itemStyle"] = {"color": themes.series(at, sheet.theme)}
    return item


def _names(sheet: Sheet, names: list[str]) -> dict[str, Any]:
    return {
        "type": "category",
        "data": names,
        "inverse": True,
        "position": sheet.start,
        "nameLocation": "start",
        "nameGap": 4,
        "nameTextStyle": {"color": sheet.colours["muted"], "align": sheet.start},
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": {"color": sheet.colours["text"], "interval": 0, "margin": 10, "fontSize": 12},
    }


def _bars(sheet: Sheet, items: list[Item | None]) -> dict[str, Any]:
    return {
        "type": "bar",
        "data": items,
        "barMaxWidth": 18,
        "itemStyle": {"color": themes.series(0, sheet.theme), "borderRadius": 3},
        "label": {"show": True, "position": sheet.end, "color": sheet.colours["muted"], "fontSize": 12},
        "emphasis": {"disabled": True},
    }
