"""Steps as bars, not a pyramid: how many reach each step, and how many of those before.

``x`` is the step, the first ``y`` how many reach it, ``series`` compares kinds of customers.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ganj.charts import theme as themes
from ganj.charts.frame import LEGEND, across, framed, legend, narrow, reach, upright
from ganj.charts.groups import Group, groups
from ganj.charts.metrics import width as width_of
from ganj.charts.sheet import Item, Sheet, number, plain_words
from ganj.text import Text

OF_BEFORE = Text("{share:percent} of the step before", "{share:percent} از گام پیش")
OF_FIRST = Text("of the first step", "از گام نخست")
FROM_BEFORE = Text("of the step before", "از گام پیش")
HEIGHT = 360
BOTH, TOLD = 7, 14
"""Steps up to which a bar tells figure and share, and up to which it tells the share."""


def draw(sheet: Sheet) -> dict[str, Any]:
    """Draw a bar for each step; what was lost since the step before stands pale above it."""
    parts = groups(sheet, 1)
    column = parts[0].column
    single = len(parts) == 1
    values = [value for part in parts for value in part.values(sheet)]
    option = framed(sheet, top=16 if single else LEGEND + 16)
    steps, short = (_steps(sheet, parts[0], room, told=single) for room in (640, 300))
    option["xAxis"] = across(sheet, sheet.chart.x, []) | {"data": steps}
    option["xAxis"]["axisLabel"] |= {"interval": 0, "hideOverlap": False, "color": sheet.colours["text"]}
    option["xAxis"]["axisLabel"]["rich"] = {
        "a": {"color": sheet.colours["text"], "lineHeight": 20, "fontSize": 13},
        "b": {"color": sheet.colours["muted"], "lineHeight": 18, "fontSize": 12},
    }
    option["yAxis"] = upright(sheet, column, *reach(values)) | {"show": not single, "name": ""}
    option["series"] = [_bars(sheet, part, single=single) for part in parts]
    if single:
        option["series"].append(_lost(sheet, parts[0]))
    else:
        option["legend"] = legend(sheet, [part.name for part in parts])
    option["media"] = narrow({"xAxis": {"data": short}}, {"xAxis": {"data": steps}})
    option["ganj"] = {"height": HEIGHT}
    return option


def _lines(words: str, room: float) -> list[str]:
    """Part a name that is too long into two lines, at the space nearest its middle."""
    spaces = [at for at, letter in enumerate(words) if letter == " "]
    if not spaces or width_of(words) * 13 / 12 <= room:
        return [words]
    at = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return [words[:at], words[at + 1 :]]


def _steps(sheet: Sheet, part: Group, width: float, *, told: bool) -> list[str]:
    """Return the steps' names, and below each what share of the step before reached it."""
    values = [number(value) for value in part.values(sheet)]
    room = width / max(len(values), 1) - 8
    made = []
    for place, row in enumerate(part.rows):
        step = sheet.values(sheet.chart.x)[row] if row is not None else ""
        lines = _lines(sheet.written(sheet.chart.x, step), room)
        name = "\n".join("{a|" + plain_words(line, room, 13).replace("}", "") + "}" for line in lines)
        if told and place and values[place - 1]:
            share = 100 * values[place] / values[place - 1]
            words = sheet.display.text(OF_BEFORE, share=share)
            name += "\n{b|" + (words if width_of(words) <= room else sheet.display.percent(share)) + "}"
        made.append(name)
    return made


def _bars(sheet: Sheet, part: Group, *, single: bool) -> dict[str, Any]:
    values = part.values(sheet)
    return {
        "type": "bar",
        "name": part.name,
        "stack": "one" if single else part.name,
        "data": [_item(sheet, part, place, values) for place in range(len(values))],
        "barMaxWidth": 130 if single else 56,
        "barCategoryGap": "24%",
        "itemStyle": {"color": themes.series(part.at, sheet.theme), "borderRadius": [4, 4, 0, 0]},
        "emphasis": {"disabled": True},
        "z": 3,
    }


def _item(sheet: Sheet, part: Group, place: int, values: list[Any]) -> Item | None:
    row, first = part.rows[place], number(values[0])
    if row is None or values[place] is None:
        return None
    share = sheet.display.percent(100 * values[place] / first if first else 0)
    told = [(part.name, sheet.written(part.column, values[place])), (sheet.words(OF_FIRST), share)]
    if place and number(values[place - 1]):
        told.append(
            (sheet.words(FROM_BEFORE), sheet.display.percent(100 * values[place] / values[place - 1]))
        )
    told += sheet.rows_of(row, sheet.chart.y[1:])
    title = sheet.written(sheet.chart.x, sheet.values(sheet.chart.x)[row])
    item = sheet.item(values[place], row, part.column, title, told)
    single = not sheet.chart.series
    ink = sheet.colours
    words = [f"{{a|{sheet.written(part.column, values[place], short=True)}}}"] * (
        single and len(values) <= BOTH
    )
    words.append(f"{{b|{share}}}")
    item["label"] = {
        "show": len(values) <= TOLD,
        "position": "top",
        "formatter": "".join(reversed(words) if sheet.rtl else words),
        "rich": {
            "a": {"fontWeight": 600, "color": ink["text"], "padding": [0, 3]},
            "b": {"color": ink["muted"], "padding": [0, 3]},
        },
    }
    return item


def _lost(sheet: Sheet, part: Group) -> dict[str, Any]:
    values = [number(value) for value in part.values(sheet)]
    gone = [max(0.0, before - now) for before, now in pairwise(values)]
    return {
        "type": "bar",
        "stack": "one",
        "data": [0.0, *gone],
        "silent": True,
        "barMaxWidth": 130,
        "itemStyle": {
            "color": themes.tint(part.at, sheet.theme),
            "borderRadius": [4, 4, 0, 0],
            "opacity": 0.6,
        },
        "tooltip": {"show": False},
    }
