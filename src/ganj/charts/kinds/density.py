"""Where many stand on a plane: squares shaded by a figure, with words at the ends of both directions.

``x`` and ``series`` are the places across and up, the first ``y`` the figure that shades, the others are told.
Options: ``grid`` (``[across, up]``), ``across`` and ``up`` (texts of the lower and the higher end).
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import tooltip
from ganj.charts.sheet import Item, Sheet, number, plain_words
from ganj.text import Text

HEIGHT = 440
WORDS = 24
"""Px of a line of words above and below."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a square for each row; nothing where nobody stands."""
    figures = [number(value) for value in sheet.values(sheet.chart.y[0])]
    xs, ys = (sheet.values(name) for name in (sheet.chart.x, sheet.chart.series))
    wide, tall = sheet.setting("grid") or (_count(xs), _count(ys))
    top = max(figures, default=1.0) or 1.0
    items = [_square(sheet, row, figures[row], top) for row in range(len(figures))]
    low, high = (_words(sheet, words) for words in sheet.setting("across", ("", "")))
    below, above = (_words(sheet, words) for words in sheet.setting("up", ("", "")))
    return {
        "grid": {"top": WORDS, "bottom": 2 * WORDS, "left": 4, "right": 4, "outerBoundsMode": "none"},
        "tooltip": tooltip(sheet),
        "xAxis": _axis(wide) | {"inverse": sheet.rtl},
        "yAxis": _axis(tall),
        "series": [
            {
                "type": "heatmap",
                "data": items,
                "itemStyle": {"borderColor": sheet.colours["surface"], "borderWidth": 1, "borderRadius": 2},
                "emphasis": {"itemStyle": {"borderColor": sheet.colours["text"], "borderWidth": 1.5}},
            }
        ],
        "graphic": [
            _label(sheet, f"↑ {above}", {"top": 4, "left": "center"}),
            _label(sheet, f"↓ {below}", {"bottom": WORDS + 4, "left": "center"}),
            _label(sheet, _pointing(sheet, low, at_start=True), {"bottom": 4, sheet.start: 6}),
            _label(sheet, _pointing(sheet, high, at_start=False), {"bottom": 4, sheet.end: 6}),
        ],
        "ganj": {"height": HEIGHT},
    }


def _count(places: list[Any]) -> int:
    return int(max((number(place) for place in places), default=0)) + 1


def _axis(size: int) -> dict[str, Any]:
    return {"type": "category", "data": [str(place) for place in range(size)], "show": False}


def _words(sheet: Sheet, words: Text | str) -> str:
    return plain_words(sheet.words(words) if isinstance(words, Text) else words, 260)


def _pointing(sheet: Sheet, words: str, *, at_start: bool) -> str:
    """Return words with an arrow to the side they stand at."""
    left = at_start != sheet.rtl
    arrow = "←" if left else "→"
    return f"{arrow} {words}" if at_start else f"{words} {arrow}"


def _label(sheet: Sheet, words: str, place: dict[str, Any]) -> dict[str, Any]:
    style = {"text": words, "fill": sheet.colours["muted"], "fontSize": 12, "fontFamily": themes.FONT}
    return {"type": "text", **place, "style": style}


def _square(sheet: Sheet, row: int, figure: float, top: float) -> Item:
    """Return a square; its step of heat follows the square root, so that thin places are seen too."""
    step = min(len(themes.HEAT) - 1, int(len(themes.HEAT) * (max(figure, 0.0) / top) ** 0.5))
    place = [int(number(sheet.values(name)[row])) for name in (sheet.chart.x, sheet.chart.series)]
    item = sheet.item([*place, figure], row, sheet.chart.y[0], "", sheet.rows_of(row, sheet.chart.y))
    item["itemStyle"] = {"color": themes.HEAT[step][sheet.theme == "dark"]}
    return item
