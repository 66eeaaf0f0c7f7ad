"""How the values of a report's table are written on a page, and which customers each opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.faces.web.visit import Visit
from ganj.miner import Column, Table

NUMBERS = frozenset(
    {"count", "customers", "orders", "money", "percent", "ratio", "days", "duration", "number"}
)


class Cell(msgspec.Struct, frozen=True):
    """What stands in a cell: words, whether they are a number, where a click leads."""

    words: str
    number: bool = False
    href: str = ""
    label: str = ""


def header(columns: Iterable[Column], visit: Visit) -> list[dict[str, Any]]:
    """Return the heads of columns: label with its money unit, help, side."""
    return [
        {
            "name": column.name,
            "words": column.label.of(visit.language),
            "unit": visit.of(visit.display.money_unit()) if column.unit == "money" else "",
            "help": column.help.of(visit.language),
            "number": column.unit in NUMBERS,
        }
        for column in columns
    ]


def rows(table: Table, visit: Visit, opens: Any, most: int = 200) -> list[list[Cell]]:
    """Return the first rows of a table; ``opens`` turns a condition into an address."""
    written = [_column(column, table, visit, opens, most) for column in table.columns]
    return [list(row) for row in zip(*written, strict=True)]


def _column(column: Column, table: Table, visit: Visit, opens: Any, most: int) -> list[Cell]:
    links = table.opens.get(column.name, ())[:most]
    hrefs = [opens(where) if where is not None else "" for where in links]
    values = listed(table.values[column.name], most)
    hrefs += [""] * (len(values) - len(hrefs))
    return [cell(column, value, visit, href) for value, href in zip(values, hrefs, strict=True)]


def listed(values: Any, most: int) -> list[Any]:
    """Return the first values as Python values."""
    part = values[:most]
    if isinstance(part, pa.Array | pa.ChunkedArray):
        return list(part.to_pylist())
    return list(part.tolist()) if isinstance(part, np.ndarray) else list(part)


def cell(column: Column, value: Any, visit: Visit, href: str = "") -> Cell:
    """Write one value by its column's unit."""
    number = column.unit in NUMBERS
    if column.unit == "money":
        return Cell(amount(value, visit), number, href, column.label.of(visit.language))
    if column.unit == "date" and value == np.iinfo(np.int64).min:
        value = None
    words = visit.display.value(
        value, column.unit, period=column.period, calendar=column.calendar, choices=column.choices
    )
    return Cell(words, number, href, column.label.of(visit.language))


def amount(value: Any, visit: Visit) -> str:
    """Write money without its unit, which stands in the head of the column."""
    d = visit.display
    name = visit.of(d.money_unit())
    return d.money(value).replace(f" {name}", "")
