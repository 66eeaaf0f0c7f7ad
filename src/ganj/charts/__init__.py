"""Pictures of reports: one ECharts option, built here, drawn in a page or without a browser.

::

    option(chart, table, display, theme)    the option: plain JSON, every word already written
    svg(option)  png(option)                the picture, for notebooks, mails and downloads
    kinds()                                 what can be drawn; each is one file of ``ganj/charts/kinds``

Beside ECharts' own keys an option has ``ganj``: the height it asks for, the words read instead of the
picture, and the colours that change with the theme.  A data item has ``tip`` (its small table) and,
where a number opens, the ``row`` and ``column`` of the table's cell.  An axis of numbers has ``words``.
"""

from __future__ import annotations

import json
import pkgutil
from importlib import import_module
from typing import Any

from ganj.charts import kinds as drawn
from ganj.charts import theme as themes
from ganj.charts.drawing import HEIGHT, NoChartAssets, png, svg
from ganj.charts.frame import nothing
from ganj.charts.metrics import ASSETS
from ganj.charts.placed import placed
from ganj.charts.sheet import Sheet
from ganj.charts.spoken import spoken
from ganj.display import Display
from ganj.errors import UnknownName
from ganj.miner import Chart, Table
from ganj.text import Text

__all__ = ["ASSETS", "HEIGHT", "NoChartAssets", "kinds", "option", "png", "svg"]

MOTION = 150  # ms


def kinds() -> tuple[str, ...]:
    """List the kinds of pictures, without importing them."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(drawn.__path__)))


def option(chart: Chart, table: Table, display: Display, theme: themes.Theme = "light") -> dict[str, Any]:
    """Build the ECharts option of a chart: plain JSON, with every word as this reader sees it.

    Raises
    ------
    UnknownName
        There is no picture of the chart's kind.
    """
    if chart.kind not in kinds():
        raise UnknownName.among(Text("picture", "نمودار"), chart.kind, kinds())
    sheet = Sheet(placed(chart), table, display, theme)
    draw = import_module(f"{drawn.__name__}.{chart.kind}").draw
    made: dict[str, Any] = draw(sheet) if len(table) else nothing(sheet)
    return finished(sheet, made)


def finished(sheet: Sheet, made: dict[str, Any]) -> dict[str, Any]:
    """Add what every option has: type, motion, the words read out, and what the page needs."""
    words = spoken(sheet)
    whole = {
        "textStyle": {"fontFamily": themes.FONT, "color": sheet.colours["text"], "fontSize": 12},
        "animationDuration": MOTION,
        "animationDurationUpdate": MOTION,
        "aria": {"enabled": True, "label": {"description": words}},
    } | made
    used = json.dumps(whole)
    swap = {mine: other for mine, other in themes.exchange(sheet.theme).items() if mine in used}
    own = {"kind": sheet.chart.kind, "theme": sheet.theme, "exchange": swap, "words": words, "height": HEIGHT}
    whole["ganj"] = own | made.get("ganj", {})
    return whole
