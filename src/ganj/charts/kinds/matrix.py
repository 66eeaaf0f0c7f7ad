"""A square of numbers between −1 and 1, as correlations are: red against, turquoise with.

``x`` is across, ``series`` is down, the first ``y`` is the number.  Option: ``reach`` (1).
"""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import narrow, nothing
from ganj.charts.kinds import heatmap
from ganj.charts.sheet import Sheet, number

NARROW = 36
"""Px a column needs for its name; narrower ones have none, the names are down the side."""
NUMBER, PHONE = 30, 90
"""Px a column needs for its number, and as many where a picture is as narrow as on a phone."""
FEW = 4
"""Columns up to which their names are written on a phone too."""
WORDS_ON = {0, 6}
"""Steps so strong that words are written in ``on``."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw the cells in the diverging colours, names whole at the side."""
    option = heatmap.draw(sheet)
    if not option["series"][0]["data"]:
        return nothing(sheet)  # none of the cells has a figure
    reach = sheet.setting("reach", 1.0)
    for item in option["series"][0]["data"]:
        share = min(1.0, max(-1.0, number(item["value"][2]) / reach))
        step = round((share + 1) / 2 * (len(themes.DIVERGING) - 1))
        item["itemStyle"] = {"color": themes.DIVERGING[step][sheet.theme == "dark"]}
        item["label"] |= {"color": sheet.colours["on" if step in WORDS_ON else "ink"]}
        item["label"]["formatter"] = sheet.display.number(item["value"][2], 2)
    room = 560 / len(option["xAxis"]["data"])
    option["xAxis"]["axisLabel"] |= {"interval": 0, "overflow": "truncate", "width": min(110, int(room) - 6)}
    option["xAxis"]["axisLabel"]["show"] = room >= NARROW
    shown = option["xAxis"]["axisLabel"]["show"]
    few = len(option["xAxis"]["data"]) <= FEW
    option["media"] = narrow(
        *(
            {"xAxis": {"axisLabel": {"show": show}}, "series": [{"label": {"show": room >= least}}]}
            for show, least in ((few, PHONE), (shown, NUMBER))
        )
    )
    return option
