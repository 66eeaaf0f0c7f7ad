"""Upright bars of parts: what a figure is made of, period by period.

Options: ``share`` (every bar is 100 %), ``unfinished`` (the last period is hatched).
"""

from __future__ import annotations

from typing import Any

from ganj.charts.frame import LEGEND, across, framed, legend, reach, tooltip, upright
from ganj.charts.groups import Group, along, groups
from ganj.charts.kinds.bar import bar_series
from ganj.charts.sheet import Sheet, number


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the parts on top of each other, the first at the bottom."""
    parts = groups(sheet)
    column = parts[0].column
    places = [sheet.written(sheet.chart.x, value) for value in along(sheet)]
    totals = [
        sum(number(value) for value in place) for place in zip(*(p.values(sheet) for p in parts), strict=True)
    ]
    share = bool(sheet.setting("share"))
    option = framed(sheet, top=LEGEND + (14 if sheet.unit_words(column) and not share else 0))
    option["tooltip"] = tooltip(sheet, "axis") | {
        "axisPointer": {"type": "shadow", "shadowStyle": {"opacity": 0.06}}
    }
    option["xAxis"] = across(sheet, sheet.chart.x, places)
    option["yAxis"] = upright(sheet, column, *reach(totals))
    if share:
        ticks = (0, 25, 50, 75, 100)
        words = [sheet.display.percent(tick) for tick in ticks]
        option["yAxis"] |= {"name": "", "min": 0, "max": 100, "interval": 25}
        option["yAxis"]["axisLabel"] = option["yAxis"]["axisLabel"] | {"words": words}
    option["series"] = [_part(sheet, part, totals if share else []) for part in parts]
    option["series"][-1]["itemStyle"]["borderRadius"] = [3, 3, 0, 0]
    option["legend"] = legend(sheet, [part.name for part in parts])
    return option


def _part(sheet: Sheet, part: Group, totals: list[float]) -> dict[str, Any]:
    series = bar_series(sheet, part) | {"stack": "all"}
    series["itemStyle"] = series["itemStyle"] | {
        "borderRadius": 0,
        "borderColor": sheet.colours["surface"],
        "borderWidth": 0.5,
    }
    for item, total in zip(series["data"], totals, strict=False):
        if item is not None:
            item["value"] = 100 * number(item["value"]) / total if total else 0
            item["tip"]["rows"].append(["", sheet.display.percent(item["value"])])
    return series
