"""The rows of a table sorted into series along an axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ganj.charts.sheet import ORDERED, Sheet, number, plain_words

MOST = 24
"""Series in one picture; the largest are drawn."""


@dataclass(frozen=True)
class Group:
    """One series: a figure of the rows of one kind."""

    name: str
    column: str
    rows: tuple[int | None, ...]
    """For each place along the axis the table's row, None where there is none."""
    at: int
    """Which colour it has; the same for the same kind wherever it is drawn."""

    def values(self, sheet: Sheet) -> list[Any]:
        """Return the figures along the axis."""
        values = sheet.values(self.column)
        return [None if row is None else values[row] for row in self.rows]


def along(sheet: Sheet) -> list[Any]:
    """Return the distinct values of the axis, in their own order where they have one."""
    values = list(dict.fromkeys(sheet.values(sheet.chart.x)))
    if sheet.column(sheet.chart.x).unit in ORDERED:
        return sorted(values, key=lambda value: (value is None, value if value is not None else 0))
    return values


def groups(sheet: Sheet, figures: int | None = None) -> list[Group]:
    """Return the series of a chart: one for each kind of row, or one for each of the first ``figures``."""
    places = {value: place for place, value in enumerate(along(sheet))}
    where = [places[value] for value in sheet.values(sheet.chart.x)]
    if not sheet.chart.series:
        rows: list[int | None] = [None] * len(places)
        for row, place in enumerate(where):
            rows[place] = row
        return [Group(sheet.label(y), y, tuple(rows), at) for at, y in enumerate(sheet.chart.y[:figures])]
    return _split(sheet, where, len(places))


def _split(sheet: Sheet, where: list[int], size: int) -> list[Group]:
    kinds: dict[Any, list[int | None]] = {}
    for row, kind in enumerate(sheet.values(sheet.chart.series)):
        kinds.setdefault(kind, [None] * size)[where[row]] = row
    figures = sheet.values(sheet.chart.y[0])
    made = [
        Group(
            kind_name(sheet, sheet.chart.series, kind),
            sheet.chart.y[0],
            tuple(rows),
            colour_of(sheet, sheet.chart.series, kind, at),
        )
        for at, (kind, rows) in enumerate(kinds.items())
    ]
    if len(made) <= MOST:
        return made
    return sorted(
        made, key=lambda group: -sum(number(figures[row]) for row in group.rows if row is not None)
    )[:MOST]


def kind_name(sheet: Sheet, column: str, kind: Any) -> str:
    """Return the name of a kind, safe inside a picture."""
    return plain_words(sheet.written(column, kind))


def colour_of(sheet: Sheet, column: str, kind: Any, order: int) -> int:
    """Return which series colour a kind has: its place among the choices, so it keeps it everywhere."""
    names = [name for name, _ in sheet.column(column).choices]
    if isinstance(kind, str) and kind in names:
        return names.index(kind)
    return kind if names and isinstance(kind, int) else order
