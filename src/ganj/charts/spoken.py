"""The words that stand for a picture where it cannot be seen."""

from __future__ import annotations

from ganj.charts.sheet import Sheet, number
from ganj.text import Text

NONE = Text("{title}. There is nothing to draw yet.", "{title}. هنوز چیزی برای نمایش نیست.")
RANGE = Text(
    "{title}. {rows:count} rows; {label}: lowest {low} ({at_low}), highest {high} ({at_high}).",
    "{title}. {rows:count} ردیف؛ {label}: کمترین {low} ({at_low})، بیشترین {high} ({at_high}).",
)


def spoken(sheet: Sheet) -> str:
    """Say what a picture shows: its title and the ends of its first figure, with where they are."""
    title = sheet.words(sheet.chart.title)
    figures = (
        [n for n, value in enumerate(sheet.values(sheet.chart.y[0])) if value is not None]
        if sheet.chart.y
        else []
    )
    if not figures:
        return sheet.display.text(NONE, title=title)
    name = sheet.chart.y[0]
    values = sheet.values(name)
    low, high = (end(figures, key=lambda row: number(values[row])) for end in (min, max))
    return sheet.display.text(
        RANGE,
        title=title,
        rows=len(sheet.table),
        label=sheet.label(name),
        low=sheet.written(name, values[low]),
        high=sheet.written(name, values[high]),
        at_low=place(sheet, low),
        at_high=place(sheet, high),
    )


def place(sheet: Sheet, row: int) -> str:
    """Name a row by its series and its place on the axis."""
    names = [name for name in (sheet.chart.series, sheet.chart.x) if name]
    return " / ".join(sheet.written(name, sheet.values(name)[row]) for name in names)
