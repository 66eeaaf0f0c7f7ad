"""Upright bars: a figure for each period or kind.

Options: ``unfinished`` (the last period is not over: hatched; or the flag column that says of each
period whether it is), ``goal``, ``share`` (only with ``stacked``).
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import LEGEND, across, framed, goal_line, legend, narrow, reach, tooltip, upright
from ganj.charts.groups import Group, along, groups
from ganj.charts.metrics import width
from ganj.charts.sheet import Sheet

NAMED = 12
"""Bars that carry their figure, at most."""
FEW, ROOM = 4, 240
"""Names that are all written, on several lines where they are long, and the px they share."""
WIDEST = 56  # px
BETWEEN = 280
"""Px that the bars share on a phone; where a figure is wider than its part it is told by touch only."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw one bar a place, side by side where there are several series."""
    bars = groups(sheet)
    column = bars[0].column
    top = (LEGEND if len(bars) > 1 else 0) + (14 if sheet.unit_words(column) else 0)
    option = framed(sheet, top=top)
    option["tooltip"] = tooltip(sheet, "axis") | {
        "axisPointer": {"type": "shadow", "shadowStyle": {"opacity": 0.06}}
    }
    places = [sheet.written(sheet.chart.x, value) for value in along(sheet)]
    goal = sheet.setting("goal")
    values = [value for bar in bars for value in bar.values(sheet)]
    option["xAxis"] = across(sheet, sheet.chart.x, places)
    if len(places) <= FEW and sheet.column(sheet.chart.x).unit == "category":
        option["xAxis"]["axisLabel"] |= {
            "hideOverlap": False,
            "width": ROOM // len(places),
            "overflow": "break",
        }
    option["yAxis"] = upright(
        sheet, column, *reach([*values, goal["value"] if isinstance(goal, dict) else goal])
    )
    figures = len(values) <= (NAMED if len(bars) == 1 else NAMED // 2)  # side by side bars are narrow
    option["series"] = [bar_series(sheet, bar, figures=figures) for bar in bars]
    if figures and _widest(sheet, bars) > BETWEEN / max(len(values), 1):
        shown = [[{"label": {"show": show}} for _ in bars] for show in (False, True)]
        option["media"] = narrow(*({"series": series} for series in shown))
    if goal is not None:
        option["series"][0]["markLine"] = goal_line(sheet, column)
    if len(bars) > 1:
        option["legend"] = legend(sheet, [bar.name for bar in bars])
    return option


def bar_series(sheet: Sheet, bar: Group, *, figures: bool = False) -> dict[str, Any]:
    """Return the series of one kind of bar, its items opening their cells."""
    values, xs = sheet.values(bar.column), sheet.values(sheet.chart.x)
    items: list[Any] = []
    for row in bar.rows:
        if row is None:
            items.append(None)
            continue
        told = [(bar.name, sheet.written(bar.column, values[row]))]
        item = sheet.item(values[row], row, bar.column, sheet.written(sheet.chart.x, xs[row]), told)
        if figures:
            item["label"] = {"formatter": _figure(sheet, bar.column, values[row])}
        if not sheet.is_over(row, last=row == bar.rows[-1]):
            item["itemStyle"] = hatched(sheet, bar.at)
        items.append(item)
    return {
        "type": "bar",
        "name": bar.name,
        "data": items,
        "barMaxWidth": WIDEST,
        "barCategoryGap": "28%",
        "barGap": "8%",
        "itemStyle": {"color": themes.series(bar.at, sheet.theme), "borderRadius": [3, 3, 0, 0]},
        "label": {"show": figures, "position": "top", "color": sheet.colours["text"], "fontSize": 12},
        "labelLayout": {"hideOverlap": True},
        "emphasis": {"disabled": True},
    }


def _widest(sheet: Sheet, bars: list[Group]) -> float:
    """Return the px of the widest figure that bars carry."""
    return max(
        (width(_figure(sheet, bar.column, value)) for bar in bars for value in bar.values(sheet)), default=0.0
    )


def _figure(sheet: Sheet, column: str, value: Any) -> str:
    """Write the figure that a bar carries, if it has one; money without its unit, which stands beside the axis."""
    money = sheet.column(column).unit == "money" and value is not None
    return sheet.tick(column, value) if money else sheet.written(column, value, short=True)


def hatched(sheet: Sheet, at: int) -> dict[str, Any]:
    """Return the style of what is not over yet: the series' colour in hatches."""
    colour = themes.series(at, sheet.theme)
    lines = {
        "symbol": "rect",
        "dashArrayX": [1, 0],
        "dashArrayY": [2, 3],
        "rotation": -0.7854,
        "color": colour,
    }
    return {"color": themes.tint(at, sheet.theme), "borderColor": colour, "decal": lines}
