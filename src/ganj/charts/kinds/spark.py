"""A spark: the course of a figure beside the figure itself, 32 px high, without axes."""

from __future__ import annotations

from typing import Any

from ganj.charts import theme as themes
from ganj.charts.groups import groups
from ganj.charts.sheet import Sheet

HEIGHT = 32


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw one line with a dot at its last point."""
    line = groups(sheet, 1)[0]
    values = line.values(sheet)
    colour = themes.series(0, sheet.theme)
    last = max((place for place, value in enumerate(values) if value is not None), default=None)
    items: list[Any] = [
        {"value": value, "symbolSize": 6 if place == last else 0} for place, value in enumerate(values)
    ]
    return {
        "grid": {"left": 4, "right": 4, "top": 4, "bottom": 4, "outerBoundsMode": "none"},
        "xAxis": {
            "type": "category",
            "show": False,
            "inverse": sheet.rtl,
            "boundaryGap": False,
            "data": list(range(len(values))),
        },
        "yAxis": {"type": "value", "show": False, "scale": True},
        "series": [
            {
                "type": "line",
                "data": items,
                "silent": True,
                "symbol": "circle",
                "showSymbol": True,
                "showAllSymbol": True,
                "lineStyle": {"width": 1.5, "color": colour},
                "itemStyle": {"color": colour},
                "areaStyle": {"color": colour, "opacity": 0.1},
            }
        ],
        "ganj": {"height": HEIGHT},
    }
