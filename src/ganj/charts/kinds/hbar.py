"""Lying bars, sorted: which kinds are the largest.

Options: ``top`` (how many bars, 20), ``sorted`` (False keeps the table's order, as for steps and ages), ``least``
(rows whose figure is below it are left out), ``low`` and ``high`` (columns between which the figure lies).
``color`` gives kinds the colours they have elsewhere.
Several ``y`` stand side by side; the first sorts.
"""

from __future__ import annotations

import math
from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import LEGEND, MANY, framed, legend, narrow, reach, values_axis
from ganj.charts.groups import colour_of
from ganj.charts.metrics import lines, width
from ganj.charts.sheet import Item, Sheet, number, plain_words

TOP = 20
BAR, THIN = 32, 18
"""Px of height a bar takes, alone and beside others."""
NAME, SHORT = 220, 116
"""Px of a name, and of one on a phone."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a bar for each row and figure, the figure at its end."""
    order, rest = _order(sheet)
    names = [
        plain_words(sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row]), NAME) for row in order
    ]
    names += [sheet.display.text(MANY, n=rest)] if rest else []
    figures = sheet.chart.y
    several = len(figures) > 1
    money = any(_is_money(sheet, column) for column in figures)
    room = max((width(figure(sheet, y, sheet.values(y)[row])) for y in figures for row in order), default=0)
    option = framed(sheet, top=(LEGEND if several else 0) + (14 if money else 0), end=int(room) + 8)
    low, high = reach([value for column in _columns(sheet) for value in sheet.values(column)])
    option["xAxis"] = values_axis(sheet, figures[0], low, high) | {"inverse": sheet.rtl, "show": False}
    option["xAxis"] |= {"min": low, "max": high or 1}
    option["yAxis"] = names_axis(sheet, names, int(room) if low < 0 else 0)
    option["yAxis"] |= {"name": sheet.unit_words(figures[0]) if money else ""}
    option["series"] = [_bars(sheet, order, at) for at in range(len(figures))]
    if several:
        option["legend"] = legend(sheet, [part["name"] for part in option["series"]])
    if sheet.setting("low"):
        option["series"][0]["markLine"] = _ranges(sheet, order)
        option["series"][0]["markLine"]["label"]["color"] = sheet.colours["muted"]
    height = max(BAR, THIN * len(figures) + 12) * len(names) + 40 + (LEGEND if several else 0)
    short = ["\n".join(map(sheet.display.isolated, lines(name, SHORT))) for name in names]
    names = [sheet.display.isolated(name) for name in names]
    option["yAxis"]["data"] = names
    option["media"] = narrow({"yAxis": {"data": short}}, {"yAxis": {"data": names}})
    option["ganj"] = {"height": max(120, height)}
    return option


def _order(sheet: Sheet) -> tuple[list[int], int]:
    """Return the rows that are drawn, in order, and how many are not."""
    values = sheet.values(sheet.chart.y[0])
    least = sheet.setting("least", -math.inf)
    order = [row for row in range(len(values)) if values[row] is not None and number(values[row]) >= least]
    if sheet.setting("sorted", default=True):
        order.sort(key=lambda row: -number(values[row]))
    top = sheet.setting("top", TOP)
    return order[:top], max(0, len(order) - top)


def _columns(sheet: Sheet) -> list[str]:
    return [*sheet.chart.y, *(sheet.setting(end) for end in ("low", "high") if sheet.setting(end))]


def _is_money(sheet: Sheet, column: str) -> bool:
    return sheet.column(column).unit == "money"


def figure(sheet: Sheet, column: str, value: Any) -> str:
    """Write the figure at a bar's end; money without its unit, which stands above the bars."""
    return sheet.tick(column, value) if _is_money(sheet, column) else sheet.written(column, value, short=True)


def _item(sheet: Sheet, row: int, column: str) -> Item:
    name = sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row])
    value = sheet.values(column)[row]
    item = sheet.item(value, row, column, name, sheet.rows_of(row, _columns(sheet)))
    item["label"] = {"formatter": figure(sheet, column, value), "show": not _is_ranged(sheet, row)}
    item["label"]["position"] = sheet.start if number(value) < 0 else sheet.end
    kinds = sheet.chart.color
    if kinds and len(sheet.chart.y) == 1:
        at = colour_of(sheet, kinds, sheet.values(kinds)[row], row)
        item["itemStyle"] = {"color": themes.series(at, sheet.theme)}
    return item


def _ranges(sheet: Sheet, order: list[int]) -> dict[str, Any]:
    """Return the lines between which each figure lies, and the figure beyond the line's end."""
    lows, highs = (sheet.values(sheet.setting(end)) for end in ("low", "high"))
    figures = sheet.values(sheet.chart.y[0])
    ends = [
        [
            {"coord": [lows[row], place], "label": _beyond(sheet, figures[row])},
            {"coord": [highs[row], place]},
        ]
        for place, row in enumerate(order)
        if _is_ranged(sheet, row)
    ]
    style = {"color": sheet.colours["text"], "width": 1.5, "type": "solid"}
    return {
        "silent": True,
        "symbol": "none",
        "animation": False,
        "label": {"show": True, "fontSize": 12},
        "lineStyle": style,
        "data": ends,
    }


def _beyond(sheet: Sheet, value: Any) -> dict[str, Any]:
    """Return the figure as a label of its line, at the end that is farther from zero."""
    end = "start" if number(value) < 0 else "end"
    return {"formatter": figure(sheet, sheet.chart.y[0], value), "position": end}


def _is_ranged(sheet: Sheet, row: int) -> bool:
    """Tell whether limits of a row's figure are known."""
    ends = [sheet.values(sheet.setting(end)) for end in ("low", "high") if sheet.setting(end)]
    return bool(ends) and all(values[row] is not None for values in ends)


def names_axis(sheet: Sheet, names: list[str], room: int = 0) -> dict[str, Any]:
    """Lay out the names; ``room``, px, between them and the bars is for figures below zero."""
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
        "axisLabel": {
            "color": sheet.colours["text"],
            "interval": 0,
            "margin": 10 + room,
            "fontSize": 12,
            "lineHeight": 14,  # of names on two lines
        },
    }


def _bars(sheet: Sheet, order: list[int], at: int) -> dict[str, Any]:
    column = sheet.chart.y[at]
    ranged = bool(sheet.setting("low"))
    return {
        "type": "bar",
        "name": sheet.label(column),
        "data": [_item(sheet, row, column) for row in order],
        "barMaxWidth": BAR // 2 + 2 if len(sheet.chart.y) == 1 else THIN - 4,
        "barGap": "20%",
        "itemStyle": {
            "color": themes.series(at, sheet.theme),
            "borderRadius": 3,
            "opacity": 0.55 if ranged else 1,
        },
        "label": {
            "show": True,
            "position": sheet.end,
            "color": sheet.colours["muted"],
            "fontSize": 12,
            "opacity": 1,
        },
        "emphasis": {"disabled": True},
    }
