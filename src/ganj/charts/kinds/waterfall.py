"""Steps from one figure to another: each bar begins where the one before ends.

Options: ``whole`` (the flag column that tells the rows that stand from zero, such as before and now).  A step up and
a step down have colours of their own.
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import framed, narrow, reach, values_axis
from ganj.charts.kinds.hbar import BAR, NAME, SHORT, figure, names_axis
from ganj.charts.metrics import width
from ganj.charts.sheet import Item, Sheet, number, plain_words
from ganj.display import NOTHING
from ganj.display.numbers import LEFT_TO_RIGHT

DOWN, UP = 0, 6
"""Places among the diverging colours."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a lying bar for each row, from where the last one ended, the step at its end."""
    column = sheet.chart.y[0]
    spans = _spans(sheet)
    names = [sheet.written(sheet.chart.x, value) for value in sheet.values(sheet.chart.x)]
    long, short = (
        [sheet.display.isolated(plain_words(name, room)) for name in names] for room in (NAME, SHORT)
    )
    money = sheet.unit_words(column)
    room = max((width(_told(sheet, row)) for row in range(len(names))), default=0)
    option = framed(sheet, top=14 if money else 0, end=int(room) + 8)
    low, high = reach([end for span in spans for end in span])
    option["xAxis"] = values_axis(sheet, column, low, high) | {"inverse": sheet.rtl, "show": False}
    option["xAxis"] |= {"min": low, "max": high or 1}
    option["yAxis"] = names_axis(sheet, long, int(room) if low < 0 else 0)
    option["yAxis"] |= {"name": money}
    option["series"] = [_hidden(spans), _seen(sheet, spans), _below(sheet, spans)]
    option["media"] = narrow({"yAxis": {"data": short}}, {"yAxis": {"data": long}})
    option["ganj"] = {"height": max(120, BAR * len(names) + 40)}
    return option


def _spans(sheet: Sheet) -> list[tuple[float, float]]:
    """Return from where to where each bar reaches, the lower end first."""
    spans, reached = [], 0.0
    whole = sheet.values(sheet.setting("whole")) if sheet.setting("whole") else []
    for row, value in enumerate(sheet.values(sheet.chart.y[0])):
        begins = 0.0 if row < len(whole) and whole[row] else reached
        reached = begins + number(value)
        spans.append((min(begins, reached), max(begins, reached)))
    return spans


def _told(sheet: Sheet, row: int) -> str:
    """Write a step with its sign, a whole without."""
    column = sheet.chart.y[0]
    value = sheet.values(column)[row]
    if value is None:
        return NOTHING
    said = figure(sheet, column, value)
    is_step = not (sheet.setting("whole") and sheet.values(sheet.setting("whole"))[row])
    if not is_step or number(value) <= 0:
        return said
    return f"{LEFT_TO_RIGHT if sheet.rtl else ''}+{said}"


def _colour(sheet: Sheet, row: int) -> str:
    if sheet.setting("whole") and sheet.values(sheet.setting("whole"))[row]:
        return themes.series(0, sheet.theme)
    step = UP if number(sheet.values(sheet.chart.y[0])[row]) >= 0 else DOWN
    return themes.DIVERGING[step][sheet.theme == "dark"]


def _hidden(spans: list[tuple[float, float]]) -> dict[str, Any]:
    """Return the bars on which those that are seen lie; none below a bar that passes zero."""
    lows = [low if low >= 0 else min(high, 0.0) for low, high in spans]
    return _stacked(lows) | {
        "silent": True,
        "itemStyle": {"color": "transparent"},
        "tooltip": {"show": False},
    }


def _seen(sheet: Sheet, spans: list[tuple[float, float]]) -> dict[str, Any]:
    column, items = sheet.chart.y[0], []
    for row, (low, high) in enumerate(spans):
        size = high - low if low >= 0 else (high if high > 0 else low - high)
        name = sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row])
        item: Item = sheet.item(size, row, column, name, sheet.rows_of(row, [column]))
        item["itemStyle"] = {"color": _colour(sheet, row)}
        item["label"] = {"formatter": _told(sheet, row), "position": sheet.end if high > 0 else sheet.start}
        items.append(item)
    shown = {"show": True, "color": sheet.colours["muted"], "fontSize": 12}
    return _stacked(items) | {"name": sheet.label(column), "label": shown}


def _below(sheet: Sheet, spans: list[tuple[float, float]]) -> dict[str, Any]:
    """Return what bars that pass zero have below it."""
    parts = [
        {"value": low if low < 0 < high else 0.0, "itemStyle": {"color": _colour(sheet, row)}}
        for row, (low, high) in enumerate(spans)
    ]
    return _stacked(parts) | {"silent": True}


def _stacked(data: list[Any]) -> dict[str, Any]:
    return {
        "type": "bar",
        "stack": "steps",
        "data": data,
        "barMaxWidth": BAR // 2 + 2,
        "itemStyle": {"borderRadius": 2},
        "emphasis": {"disabled": True},
    }
