"""What every kind of picture is drawn on: the table, the reader's way of writing, colours and direction."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ganj.charts import theme as themes
from ganj.charts.metrics import cut
from ganj.display import Display
from ganj.miner import Chart, Column, Table
from ganj.text import Text

Item = dict[str, Any]
Row = tuple[str, str]
ORDERED = {"period", "date", "number", "count", "days", "ratio", "percent", "money", "duration", "moment"}
"""Units whose values have an order of their own; rows of other units stay as the table has them."""
UNIT_WORDS = {
    "customers": Text("customers", "مشتری"),
    "orders": Text("orders", "سفارش"),
    "days": Text("days", "روز"),
}
WORD_JOINER = "\u2060"


@dataclass(frozen=True)
class Sheet:
    """One picture being drawn."""

    chart: Chart
    table: Table
    display: Display
    theme: themes.Theme

    @property
    def rtl(self) -> bool:
        """Tell whether the reader reads from right to left."""
        return self.display.rtl

    @property
    def start(self) -> str:
        """Return the side where reading starts."""
        return "right" if self.rtl else "left"

    @property
    def end(self) -> str:
        """Return the side where reading ends."""
        return "left" if self.rtl else "right"

    @cached_property
    def colours(self) -> dict[str, str]:
        """Return the theme's colours by token."""
        return themes.colours(self.theme)

    def words(self, text: Text) -> str:
        """Return a text in the reader's language."""
        return text.of(self.display.language)

    def setting(self, name: str, default: Any = None) -> Any:
        """Return one of the chart's options."""
        return self.chart.options.get(name, default)

    def column(self, name: str) -> Column:
        """Return a column of the table."""
        return next(column for column in self.table.columns if column.name == name)

    def label(self, name: str) -> str:
        """Return a column's label."""
        return self.words(self.column(name).label)

    @cached_property
    def _read(self) -> dict[str, list[Any]]:
        return {}

    def values(self, name: str) -> list[Any]:
        """Return a column's values as plain Python; what is not there is None."""
        if name not in self._read:
            self._read[name] = [plain_value(value) for value in self.table.values[name]]
        return self._read[name]

    @cached_property
    def _words(self) -> dict[tuple[str, Any, bool], str]:
        return {}

    def written(self, name: str, value: Any, *, short: bool = False) -> str:
        """Write a value of a column as the reader sees it; ``short`` for within a picture."""
        if not isinstance(value, str | int | float):
            return self._write(name, value, short=short)
        key = (name, value, short)
        if key not in self._words:
            self._words[key] = self._write(name, value, short=short)
        return self._words[key]

    def _write(self, name: str, value: Any, *, short: bool) -> str:
        column = self.column(name)
        if short and column.unit in {"money", "count", "customers", "orders", "number"}:
            write = self.display.money if column.unit == "money" else self.display.number
            return write(value, short=True)
        return self.display.value(
            value, column.unit, period=column.period, calendar=column.calendar, choices=column.choices
        )

    def is_over(self, row: int, *, last: bool) -> bool:
        """Tell whether a row's period is over.

        The option ``unfinished`` is True where the last period is not, or names the flag column that says of each
        period whether it is over.
        """
        said = self.setting("unfinished")
        return bool(self.values(said)[row]) if isinstance(said, str) else not (said and last)

    def item(self, value: Any, row: int, column: str, title: str = "", rows: Sequence[Row] = ()) -> Item:
        """Return a data item: its value, its small table, and the cell of the table it opens."""
        made: Item = {"value": value}
        if rows:
            made["tip"] = {"title": title, "rows": [list(pair) for pair in rows]}
        door = next((name for name in (column, *self._doors) if self._is_open(name, row)), None)
        if door is not None:
            made |= {"row": row, "column": door}
        return made

    @cached_property
    def _doors(self) -> tuple[str, ...]:
        """The columns that open the customers of a row, where the figure that is drawn opens none of its own."""
        named = [column.name for column in self.table.columns if column.unit == "customers"]
        return tuple(sorted(named, key=lambda name: name != "customers"))

    def _is_open(self, column: str, row: int) -> bool:
        opens = self.table.opens.get(column)
        return opens is not None and opens[row] is not None

    def rows_of(self, row: int, names: Iterable[str]) -> list[Row]:
        """Return label and written value of some columns of a row, for its small table."""
        return [(self.label(name), self.written(name, self.values(name)[row])) for name in names]

    def unit_words(self, name: str) -> str:
        """Return the unit that stands once beside an axis; empty where numbers say it themselves."""
        column = self.column(name)
        if column.unit == "money":
            before = self.display.javascript()["money"]["before"]
            return "" if before else self.words(self.display.money_unit())
        return self.words(UNIT_WORDS.get(column.unit, Text("", "")))

    def tick(self, name: str, value: float) -> str:
        """Write a tick of a value axis: short, and without the unit that stands beside the axis."""
        unit = self.column(name).unit
        if unit == "money" and self.unit_words(name):
            return self.display.number(value * self.display.javascript()["money"]["factor"], short=True)
        if unit in {"percent", "money", "duration"}:
            return self.written(name, value, short=True)
        return self.display.number(value, short=True)


def plain_value(value: Any) -> Any:
    """Return a value as JSON has it: no NumPy types, and None for NaN, infinities and missing dates."""
    if isinstance(value, np.generic) and not isinstance(value, np.datetime64):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def plain_words(words: str, room: float = math.inf, size: float = 12) -> str:
    """Return untrusted words so that ECharts takes no part of them for a template or a style."""
    return cut(" ".join(words.split()), room, size).replace("{", "{" + WORD_JOINER)


def number(value: Any) -> float:
    """Return a value as a float; 0 for what is not there."""
    return 0.0 if value is None else float(value)
