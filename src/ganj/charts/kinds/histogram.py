"""How a figure is spread: bars that touch, each a range.

``x`` is where a range begins, the first ``y`` how many are in it.  Options: ``to`` (the column where a range
ends), ``mark`` (a list of ``{"value", "label"}``, such as the median).
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import TICKS, across, axis_name, framed, name_below, reach, upright
from ganj.charts.sheet import Item, Sheet
from ganj.text import Text

RANGE = Text("{low} to {high}", "{low} تا {high}")
ABOVE = Text("{low} and more", "{low} و بیشتر")


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the bars without gaps, named by where their ranges begin."""
    column = sheet.chart.y[0]
    rows = range(len(sheet.table))
    option = framed(sheet, top=14 if sheet.unit_words(column) else 0)
    begins = [_begin(sheet, value) for value in sheet.values(sheet.chart.x)]
    option["xAxis"] = across(sheet, sheet.chart.x, begins)
    name_below(sheet, option, axis_name(sheet, sheet.chart.x))
    option["xAxis"]["axisLabel"]["interval"] = max(1, -(-len(begins) // TICKS)) - 1
    option["yAxis"] = upright(sheet, column, *reach(sheet.values(column)))
    option["series"] = [
        {
            "type": "bar",
            "name": sheet.label(column),
            "data": [_item(sheet, row, column) for row in rows],
            "barCategoryGap": "4%",
            "itemStyle": {"color": themes.series(0, sheet.theme), "borderRadius": [2, 2, 0, 0]},
            "emphasis": {"disabled": True},
        }
    ]
    return option


def _begin(sheet: Sheet, value: Any) -> str:
    if isinstance(value, int | float):
        return sheet.tick(sheet.chart.x, value)
    return sheet.written(sheet.chart.x, value)


def _item(sheet: Sheet, row: int, column: str) -> Item:
    to = sheet.setting("to")
    name = sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row], short=True)
    if to:
        end = sheet.values(to)[row]
        high = sheet.written(to, end, short=True)
        name = sheet.display.text(ABOVE if end is None else RANGE, low=name, high=high)
    return sheet.item(sheet.values(column)[row], row, column, name, sheet.rows_of(row, sheet.chart.y))
