"""A heat-map with its number in every cell; cohorts by age is the one people know.

``x`` is across, ``series`` is down, the first ``y`` is the number.  Without ``series`` every ``y`` is a step
across and ``x`` is down.  Options: ``young`` (a flag column: the cell is not over yet, grey) or ``unfinished`` (a flag
column that says whether it is over), ``size`` (a column
told beside each row's name), ``top`` (the number that is full colour), ``fixed`` (the left is the left in every language,
as of places on a page).
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import narrow, tooltip
from ganj.charts.metrics import width
from ganj.charts.sheet import Item, Row, Sheet, number, plain_words

CELL = 30  # px of height
FEW, SMALL, SMALLEST = 6, 13, 18
"""Columns up to which a phone shows numbers, from which they are small, and up to which there are any."""
HEAD, LINE = 54, 14
"""Px in which a head is written where there are few columns, and of a line of it."""
Cell = tuple[int, str, Any, Any]
"""Row of the table, column with the number, place across, place down."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a cell for each number, the first row at the top."""
    every = _long(sheet) if sheet.chart.series else _wide(sheet)
    cells = [cell for cell in every if sheet.values(cell[1])[cell[0]] is not None]
    across = list(dict.fromkeys(cell[2] for cell in cells))
    if sheet.chart.series and all(isinstance(place, int | float) for place in across):
        across.sort()
    down = list(dict.fromkeys(cell[3] for cell in cells))
    top = sheet.setting("top") or _top(sheet, cells)
    columns, rows = ({place: at for at, place in enumerate(places)} for places in (across, down))
    heads = [_across_name(sheet, place) for place in across]
    broken = FEW - 3 < len(heads) <= FEW and max(width(head) for head in heads) > HEAD
    items = [_item(sheet, cell, (columns[cell[2]], rows[cell[3]]), top) for cell in cells]
    return {
        "grid": _grid(sheet, down) | ({"top": 28 + LINE} if broken else {}),
        "tooltip": tooltip(sheet),
        "xAxis": _top_axis(sheet, heads, broken=broken),
        "yAxis": _axis(sheet, [_down_name(sheet, place) for place in down])
        | {"inverse": True, "position": sheet.start},
        "series": [_series(sheet, items, len(across))],
        "media": narrow(
            *({"series": [{"label": {"show": len(across) <= most}}]} for most in (FEW, SMALLEST))
        ),
        "ganj": {"height": max(120, CELL * len(down) + 40)},
    }


def _long(sheet: Sheet) -> list[Cell]:
    across, down = sheet.values(sheet.chart.x), sheet.values(sheet.chart.series)
    return [(row, sheet.chart.y[0], across[row], down[row]) for row in range(len(across))]


def _wide(sheet: Sheet) -> list[Cell]:
    down = sheet.values(sheet.chart.x)
    return [(row, name, name, down[row]) for row in range(len(down)) for name in sheet.chart.y]


def _top(sheet: Sheet, cells: list[Cell]) -> float:
    """Return the number of full colour: the largest, but for whole cohorts, which are always 100 %."""
    numbers = [number(sheet.values(cell[1])[cell[0]]) for cell in cells]
    parts = (
        [value for value in numbers if value < 100]
        if sheet.column(sheet.chart.y[0]).unit == "percent"
        else []
    )
    return max(parts or numbers, default=1.0) or 1.0


def _item(sheet: Sheet, cell: Cell, place: tuple[int, int], top: float) -> Item:
    row, column, _, y = cell
    value = sheet.values(column)[row]
    step = min(len(themes.HEAT) - 1, int(len(themes.HEAT) * max(0.0, number(value)) / top))
    grey = _is_young(sheet, row)
    words = "faint" if grey else "on" if step >= themes.HEAT_DARK_FROM else "ink"
    item = sheet.item([*place, value], row, column, _down_name(sheet, y), _told(sheet, cell))
    item["itemStyle"] = {
        "color": sheet.colours["faint"] if grey else themes.HEAT[step][sheet.theme == "dark"]
    }
    item["label"] = {
        "formatter": sheet.written(column, value, short=True),
        "color": sheet.colours["muted" if grey else words],
    }
    return item


def _is_young(sheet: Sheet, row: int) -> bool:
    young = sheet.setting("young")
    return bool(young and sheet.values(young)[row]) or not sheet.is_over(row, last=False)


def _told(sheet: Sheet, cell: Cell) -> list[Row]:
    row, column, x, _ = cell
    if not sheet.chart.series:
        return [(sheet.label(column), sheet.written(column, sheet.values(column)[row]))]
    return [(sheet.label(sheet.chart.x), sheet.written(sheet.chart.x, x)), *sheet.rows_of(row, sheet.chart.y)]


def _across_name(sheet: Sheet, place: Any) -> str:
    return plain_words(sheet.written(sheet.chart.x, place) if sheet.chart.series else sheet.label(place), 120)


def _down_name(sheet: Sheet, place: Any) -> str:
    name = sheet.chart.series or sheet.chart.x
    words = plain_words(sheet.written(name, place), 200)
    size = sheet.setting("size")
    if not size:
        return words
    row = sheet.values(name).index(place)
    return f"{words} ({sheet.written(size, sheet.values(size)[row])})"


def _grid(sheet: Sheet, down: list[Any]) -> dict[str, Any]:
    room = max((width(_down_name(sheet, place)) for place in down), default=0) + 20
    return {"top": 28, "bottom": 6, sheet.start: int(room), sheet.end: 6, "outerBoundsMode": "none"}


def _axis(sheet: Sheet, names: list[str]) -> dict[str, Any]:
    return {
        "type": "category",
        "data": names,
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
        "axisLabel": {"color": sheet.colours["muted"], "interval": "auto", "margin": 8},
    }


def _top_axis(sheet: Sheet, heads: list[str], *, broken: bool) -> dict[str, Any]:
    """Return the axis across; a few long heads are all told, broken between their words."""
    mirrored = sheet.rtl and not sheet.setting("fixed")
    axis = _axis(sheet, heads) | {"inverse": mirrored, "position": "top"}
    if broken:
        axis["axisLabel"] |= {
            "interval": 0,
            "overflow": "break",
            "width": HEAD,
            "lineHeight": LINE,
            "margin": 4,
        }
    return axis


def _series(sheet: Sheet, items: list[Item], columns: int) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "data": items,
        "label": {"show": columns <= SMALLEST, "fontSize": 12 if columns < SMALL else 10},
        "itemStyle": {"borderColor": sheet.colours["surface"], "borderWidth": 2, "borderRadius": 4},
        "emphasis": {"itemStyle": {"borderColor": sheet.colours["text"], "borderWidth": 1.5}},
    }
