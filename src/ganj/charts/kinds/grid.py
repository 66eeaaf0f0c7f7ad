"""A square of scores, such as RFM: what share of customers and of revenue each cell has.

``x`` is across, ``series`` is up, ``color`` is the segment of a cell or a figure that shades it, ``y`` are the
figures told in it, two at most.
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import LEGEND, legend, tooltip
from ganj.charts.groups import colour_of, kind_name
from ganj.charts.sheet import Item, Sheet, number

HEIGHT = 420
LARGE = {"fontSize": 15, "fontWeight": 600, "lineHeight": 22}
SMALL = {"fontSize": 12, "lineHeight": 18}


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the cells in their segments' colours; a segment is a series, so the legend hides it."""
    named = sheet.chart.color and not _shades(sheet)
    kinds = sheet.values(sheet.chart.color) if named else [None] * len(sheet.table)
    xs, ys = (sorted(set(sheet.values(name))) for name in (sheet.chart.x, sheet.chart.series))
    series = [
        _segment(
            sheet, name, at, [_cell(sheet, row, xs, ys) for row in range(len(kinds)) if kinds[row] == kind]
        )
        for at, kind, name in _segments(sheet, kinds)
    ]
    option: dict[str, Any] = {
        "grid": {"top": LEGEND + 8, "bottom": 52, sheet.start: 60, sheet.end: 8, "outerBoundsMode": "none"},
        "tooltip": tooltip(sheet),
        "xAxis": _axis(sheet, sheet.chart.x, xs) | {"inverse": sheet.rtl},
        "yAxis": _axis(sheet, sheet.chart.series, ys) | {"position": sheet.start},
        "series": series,
        "graphic": [_key(sheet)],
        "ganj": {"height": HEIGHT},
    }
    if sheet.chart.color and not _shades(sheet):
        option["legend"] = legend(sheet, [part["name"] for part in series])
    return option


def _shades(sheet: Sheet) -> bool:
    """Tell whether the colour is a figure, from little to much."""
    return bool(sheet.chart.color) and sheet.column(sheet.chart.color).unit not in {"category", "text"}


def _segments(sheet: Sheet, kinds: list[Any]) -> list[tuple[int, Any, str]]:
    """Return colour, kind and name of each segment, in the order of the choices."""
    column = sheet.chart.color
    if not column or _shades(sheet):
        return [(0, None, "")]
    found = enumerate(dict.fromkeys(kinds))
    named = [
        (colour_of(sheet, column, kind, order), kind, kind_name(sheet, column, kind)) for order, kind in found
    ]
    return sorted(named, key=lambda segment: segment[0])


def _key(sheet: Sheet) -> dict[str, Any]:
    """Return the words that say which of a cell's figures is which, written as the figures are."""
    labels = [sheet.label(name) for name in sheet.chart.y[:2]]
    parts = [f"{{{style}|{label}}}" for style, label in zip("ab", labels, strict=False)]
    rich = {
        "a": {"fontSize": 12, "fontWeight": 600, "fill": sheet.colours["text"], "padding": [0, 6]},
        "b": {"fontSize": 12, "fill": sheet.colours["muted"], "padding": [0, 6]},
    }
    words = "".join(reversed(parts) if sheet.rtl else parts)
    return {"type": "text", "bottom": 18, sheet.end: 8, "style": {"text": words, "rich": rich}}


def _cell(sheet: Sheet, row: int, xs: list[Any], ys: list[Any]) -> Item:
    x, y = sheet.values(sheet.chart.x)[row], sheet.values(sheet.chart.series)[row]
    figures = [sheet.written(name, sheet.values(name)[row], short=True) for name in sheet.chart.y[:2]]
    kind = [sheet.chart.color] if sheet.chart.color and not _shades(sheet) else []
    told = sheet.rows_of(row, [sheet.chart.x, sheet.chart.series, *sheet.chart.y])
    title = sheet.written(kind[0], sheet.values(kind[0])[row]) if kind else ""
    item = sheet.item(
        [xs.index(x), ys.index(y), sheet.values(sheet.chart.y[0])[row]], row, sheet.chart.y[0], title, told
    )
    first, *rest = figures
    item["label"] = {"formatter": f"{{a|{first}}}" + "".join(f"\n{{b|{figure}}}" for figure in rest)}
    if _shades(sheet):
        item["itemStyle"], item["label"]["rich"] = _shade(sheet, row)
    return item


def _shade(sheet: Sheet, row: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a cell's step of heat, and the colours in which words are read on it."""
    values = [number(value) for value in sheet.values(sheet.chart.color)]
    step = min(len(themes.HEAT) - 1, int(len(themes.HEAT) * values[row] / (max(values) or 1.0)))
    ink = sheet.colours["on" if step >= themes.HEAT_DARK_FROM else "ink"]
    return {"color": themes.HEAT[step][sheet.theme == "dark"]}, {
        "a": LARGE | {"color": ink},
        "b": SMALL | {"color": ink},
    }


def _segment(sheet: Sheet, name: str, at: int, cells: list[Item]) -> dict[str, Any]:
    ink = sheet.colours
    colour = themes.series(at, sheet.theme)
    return {
        "type": "heatmap",
        "name": name,
        "color": colour,
        "data": [{"itemStyle": {"color": themes.tint(at, sheet.theme)}} | cell for cell in cells],
        "itemStyle": {"color": colour, "borderColor": ink["surface"], "borderWidth": 3, "borderRadius": 6},
        "label": {
            "show": True,
            "rich": {
                "a": LARGE | {"color": ink["text"]},
                "b": SMALL | {"color": ink["muted"]},
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
        "nameGap": 26,
        "nameTextStyle": {"color": sheet.colours["muted"]},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": {"color": sheet.colours["muted"], "interval": 0},
    }
