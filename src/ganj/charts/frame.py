"""What pictures have in common: grid, axes, legend, and the words read out instead of a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ganj.charts.metrics import width
from ganj.charts.sheet import ORDERED, Sheet, number, plain_words
from ganj.text import Text

TICKS = 6
"""Labels on an axis of numbers or periods, at most."""
MANY = Text("and {n:count} more", "و {n:count} مورد دیگر")
EMPTY = Text("There is nothing to draw yet", "هنوز چیزی برای نمایش نیست")
LEGEND = 26
NARROW = 520
LINE = 16
"""Px: of a legend, of a phone's width, of a line of words."""


def framed(sheet: Sheet, *, top: int = 0, end: int = 0) -> dict[str, Any]:
    """Return an option with grid and tooltip, without axes and series.

    ``top`` and ``end`` leave room, in px, above and where reading ends.
    """
    return {
        "grid": {
            "top": 14 + top,
            "bottom": 6,
            sheet.start: 6,
            sheet.end: 10 + end,
            "outerBoundsMode": "same",
            "outerBoundsContain": "axisLabel",
        },
        "tooltip": tooltip(sheet),
    }


def tooltip(sheet: Sheet, trigger: str = "item") -> dict[str, Any]:
    """Return a tooltip; without the page's own element it writes plain text, never HTML."""
    ink = sheet.colours
    return {
        "trigger": trigger,
        "renderMode": "richText",
        "confine": True,
        "backgroundColor": ink["surface"],
        "borderColor": ink["line"],
        "textStyle": {"color": ink["text"], "fontSize": 13},
        "axisPointer": {"type": "line", "lineStyle": {"color": ink["muted"], "type": "dotted"}},
    }


def across(sheet: Sheet, name: str, labels: Sequence[str], room: float = 120) -> dict[str, Any]:
    """Return the category axis along the reading direction, reversed where that is right to left."""
    thinned = sheet.column(name).unit in ORDERED
    step = max(1, math.ceil(len(labels) / TICKS)) if thinned else 1
    return {
        "type": "category",
        "data": [plain_words(label, room) for label in labels],
        "inverse": sheet.rtl,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": sheet.colours["line"]}},
        "axisLabel": {
            "color": sheet.colours["muted"],
            "interval": step - 1,
            "hideOverlap": True,
            "margin": 10,
        },
    }


def upright(sheet: Sheet, name: str, low: float, high: float, *, second: bool = False) -> dict[str, Any]:
    """Return the value axis, at the side where reading starts; ``second`` at the other."""
    axis = values_axis(sheet, name, low, high)
    side = sheet.end if second else sheet.start
    unit = sheet.unit_words(name)
    axis |= {"position": side, "name": unit, "nameGap": 12, "nameLocation": "end"}
    axis["nameTextStyle"] = {"color": sheet.colours["muted"], "align": side, "fontSize": 12}
    if second:
        axis["splitLine"] = {"show": False}
    return axis


def values_axis(sheet: Sheet, name: str, low: float, high: float) -> dict[str, Any]:
    """Return an axis of numbers with round ticks, each already written for the reader."""
    whole = sheet.column(name).unit in {"count", "customers", "orders"}
    ticks = round_ticks(low, high, whole=whole)
    return {
        "type": "value",
        "min": ticks[0],
        "max": ticks[-1],
        "interval": ticks[1] - ticks[0],
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": sheet.colours["line"], "width": 1}},
        "axisLabel": {
            "color": sheet.colours["muted"],
            "words": [sheet.tick(name, tick) for tick in ticks],
        },
    }


def axis_name(sheet: Sheet, name: str) -> str:
    """Return a column's label with its unit, for an axis that must say what it measures."""
    label, unit = sheet.label(name), sheet.unit_words(name)
    return f"{label} ({unit})" if unit and unit.lower() not in label.lower() else label


def name_below(sheet: Sheet, option: dict[str, Any], words: str) -> None:
    """Name the axis across, below its labels."""
    option["xAxis"] |= {"name": words, "nameLocation": "middle", "nameGap": 28}
    option["xAxis"]["nameTextStyle"] = {"color": sheet.colours["muted"]}
    option["grid"]["outerBoundsContain"] = "all"


def round_ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Return at most six ticks at round distances (1, 2, 2.5 or 5 of a power of ten) that span the values."""
    span = high - low or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / (TICKS - 1)))
    for factor in (1, 2, 2.5, 5, 10, 20, 25):
        step = max(1.0, math.ceil(power * factor)) if whole else power * factor
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first < TICKS:
            break
    last = max(last, first + 1)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def reach(values: Sequence[Any], *, zero: bool = True) -> tuple[float, float]:
    """Return the lowest and the highest of some values; with zero among them for bars."""
    there = [number(value) for value in values if value is not None] or [0.0, 1.0]
    low, high = min(there), max(there)
    return (min(low, 0.0), max(high, 0.0)) if zero else (low, high)


def legend(sheet: Sheet, names: Sequence[str]) -> dict[str, Any]:
    """Return a legend above the picture, from where reading starts; it scrolls where names are many."""
    return {
        "type": "scroll",
        "data": [{"name": name} for name in (reversed(names) if sheet.rtl else names)],
        "top": 0,
        sheet.start: 6,
        "icon": "roundRect",
        "itemWidth": 12,
        "itemHeight": 8,
        "itemGap": 16,
        "align": sheet.start,
        "textStyle": {"color": sheet.colours["text"], "fontSize": 12, "lineHeight": 18},
        "pages": "fa-IR" if sheet.display.digits == "persian" else "en",
        "pageTextStyle": {"color": sheet.colours["muted"]},
        "pageIconColor": sheet.colours["primary"],
        "pageIconInactiveColor": sheet.colours["line"],
    }


def goal_line(sheet: Sheet, column: str) -> dict[str, Any]:
    """Return the gold line of a goal with its name; the option ``goal`` is a number or value and label."""
    goal = sheet.setting("goal")
    value, name = (goal["value"], goal.get("label")) if isinstance(goal, dict) else (goal, None)
    words = sheet.words(name) if isinstance(name, Text) else name or sheet.words(Text("Goal", "هدف"))
    return {
        "silent": True,
        "symbol": "none",
        "animation": False,
        "lineStyle": {"color": sheet.colours["goal"], "width": 1.5, "type": "solid"},
        "label": {
            "formatter": f"{plain_words(words)} {sheet.written(column, value, short=True)}",
            "color": sheet.colours["goal"],
            "fontWeight": 600,
            "position": "insideStartTop",
            "align": sheet.start,
        },
        "data": [{"yAxis": value}],
    }


def named_columns(names: Sequence[str], limit: float = 150) -> tuple[list[str], int]:
    """Shorten names that stand where reading ends, and return the room they need in px."""
    short = [plain_words(name, limit) for name in names]
    return short, math.ceil(max((width(name) for name in short), default=0)) + 12


def narrow(small: dict[str, Any], wide: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is other where a picture is as narrow as on a phone, and what it is elsewhere."""
    return [{"query": {"maxWidth": NARROW}, "option": small}, {"option": wide}]


def apart(heights: Sequence[float]) -> list[float]:
    """Return how far, in px, lines of words at some heights must move so that none covers another."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    moved = list(heights)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + LINE)
    return [new - old for new, old in zip(moved, heights, strict=True)]


def nothing(sheet: Sheet) -> dict[str, Any]:
    """Return the picture of a table without rows: the sentence that says so."""
    style = {
        "text": sheet.words(EMPTY),
        "fill": sheet.colours["muted"],
        "fontSize": 13,
        "textAlign": "center",
    }
    return {"graphic": [{"type": "text", "left": "center", "top": "middle", "style": style}]}
