"""Lines over time: how a figure moves.

Options: ``area`` (fill below), ``compare`` (columns drawn dashed beside the first), ``unfinished`` (the last
period is not over: dashed; or the flag
column that says of each period whether it is), ``finished`` (a flag column: periods that are not are left out), ``goal`` (a number, or ``{"value", "label"}``), ``fan`` (pairs of columns, low and
high, the widest first; ``low`` and ``high`` are the same for one pair), ``zero`` (False lets the axis begin near the values).
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import (
    LEGEND,
    across,
    apart,
    axis_name,
    framed,
    goal_line,
    legend,
    name_below,
    named_columns,
    reach,
    tooltip,
    upright,
)
from ganj.charts.groups import Group, along, groups
from ganj.charts.sheet import Sheet

NAMED_AT_END = 4
HEIGHT = 340  # px


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw one line for each series, named at its end where they are few."""
    lines = [_finished(sheet, line) for line in groups(sheet)]
    compared = [Group(sheet.label(name), name, lines[0].rows, 0) for name in sheet.setting("compare", ())]
    everything = lines + compared
    few = len(everything) <= NAMED_AT_END
    names = [line.name for line in everything]
    ends, room = named_columns(names) if few and len(everything) > 1 else ([""] * len(names), 0)
    column = lines[0].column
    option = framed(sheet, top=_top(sheet, column, few=few), end=room)
    option["tooltip"] = tooltip(sheet, "axis")
    option["xAxis"] = across(sheet, sheet.chart.x, _places(sheet)) | {"boundaryGap": False}
    if sheet.column(sheet.chart.x).unit not in {"period", "date", "moment", "category", "text"}:
        name_below(sheet, option, axis_name(sheet, sheet.chart.x))
    option["yAxis"] = upright(sheet, column, *_reach(sheet, everything))
    option["series"] = [
        part
        for line, end, up in zip(everything, ends, _lifts(sheet, everything, option["yAxis"]), strict=True)
        for part in _line(sheet, line, (end, up), dashed=line in compared)
    ] + _fan(sheet, lines[0])
    if sheet.setting("goal") is not None:
        option["series"][0]["markLine"] = goal_line(sheet, column)
    if not few:
        option["legend"] = legend(sheet, names)
    return option


def _finished(sheet: Sheet, line: Group) -> Group:
    """Leave out what is not over, where a part of a period says another thing than a whole one."""
    flag = sheet.setting("finished")
    if not flag:
        return line
    over = sheet.values(flag)
    rows = tuple(row if row is not None and over[row] else None for row in line.rows)
    return Group(line.name, line.column, rows, line.at)


def _top(sheet: Sheet, column: str, *, few: bool) -> int:
    return (0 if few else LEGEND) + (14 if sheet.unit_words(column) else 0)


def _places(sheet: Sheet) -> list[str]:
    return [sheet.written(sheet.chart.x, value) for value in along(sheet)]


def _reach(sheet: Sheet, lines: list[Group]) -> tuple[float, float]:
    values = [value for line in lines for value in line.values(sheet)]
    for pair in _bands(sheet):
        values += [value for name in pair for value in sheet.values(name)]
    goal = sheet.setting("goal")
    values += [goal["value"] if isinstance(goal, dict) else goal]
    return reach(values, zero=sheet.setting("zero", True))


def _line(sheet: Sheet, line: Group, end: tuple[str, float], *, dashed: bool) -> list[dict[str, Any]]:
    """Return a line's series; two where its last period is not over, the second dashed."""
    items = _items(sheet, line)
    whole = _series(sheet, line, items, dashed=dashed)
    last = line.rows[-1]
    if not dashed and len(items) > 1 and last is not None and not sheet.is_over(last, last=True):
        tail = _series(sheet, line, [None] * (len(items) - 2) + items[-2:], dashed=True)
        whole["data"] = [*items[:-1], None]
        tail |= {"tooltip": {"show": False}, "lineStyle": tail["lineStyle"] | {"opacity": 1}}
        tail["itemStyle"] = whole["itemStyle"]
        parts = [whole, tail]
    else:
        parts = [whole]
    name, up = end
    if name:
        parts[-1]["endLabel"] = {
            "show": True,
            "formatter": name,
            "color": sheet.colours["text"],
            "distance": 8,
        }
        parts[-1]["endLabel"]["offset"] = [0, -up]
    return parts


def _lifts(sheet: Sheet, lines: list[Group], axis: dict[str, Any]) -> list[float]:
    """Return how far up, in px, each name at a line's end must move to be read beside the others."""
    span = axis["max"] - axis["min"]
    ends = [
        next((value for value in reversed(line.values(sheet)) if value is not None), 0.0) for line in lines
    ]
    return apart([(value - axis["min"]) / span * (HEIGHT - 60) for value in ends])


def _series(sheet: Sheet, line: Group, items: list[Any], *, dashed: bool) -> dict[str, Any]:
    colour = themes.series(line.at, sheet.theme)
    lonely = sum(item is not None and item["value"] is not None for item in items) == 1
    made: dict[str, Any] = {
        "type": "line",
        "name": line.name,
        "data": items,
        "symbol": "circle",
        "symbolSize": 7,
        "showSymbol": lonely,
        "lineStyle": {"width": 2, "color": colour} | ({"type": [5, 4], "opacity": 0.6} if dashed else {}),
        "itemStyle": {"color": colour},
        "emphasis": {"disabled": True},
    }
    if sheet.setting("area") and not dashed:
        made["areaStyle"] = {"color": colour, "opacity": 0.1}
    return made


def _items(sheet: Sheet, line: Group) -> list[Any]:
    values, xs = sheet.values(line.column), sheet.values(sheet.chart.x)
    made: list[Any] = []
    for row in line.rows:
        if row is None:
            made.append(None)
            continue
        told = [(line.name, sheet.written(line.column, values[row]))]
        made.append(sheet.item(values[row], row, line.column, sheet.written(sheet.chart.x, xs[row]), told))
    return made


def _bands(sheet: Sheet) -> list[list[str]]:
    one = [[sheet.setting("low"), sheet.setting("high")]] if sheet.setting("low") else []
    return [*sheet.setting("fan", ()), *one]


def _fan(sheet: Sheet, line: Group) -> list[dict[str, Any]]:
    """Return the bands of a forecast: each a bottom that is not seen and its height above it."""
    colour = themes.series(line.at, sheet.theme)
    made: list[dict[str, Any]] = []
    for number, (low, high) in enumerate(_bands(sheet)):
        lows, highs = (Group("", name, line.rows, line.at).values(sheet) for name in (low, high))
        heights = [None if a is None or b is None else b - a for a, b in zip(lows, highs, strict=True)]
        band = {
            "type": "line",
            "stack": f"fan{number}",
            "stackStrategy": "all",  # a band may begin below zero and end above it
            "symbol": "none",
            "silent": True,
            "lineStyle": {"opacity": 0},
        }
        band |= {"tooltip": {"show": False}, "emphasis": {"disabled": True}}
        made += [
            band | {"data": lows},
            band | {"data": heights, "areaStyle": {"color": colour, "opacity": 0.14}},
        ]
    return made
