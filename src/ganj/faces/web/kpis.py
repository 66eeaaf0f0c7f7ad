"""The five figures on top: the last whole period beside the one before."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from ganj.faces.web.cells import listed
from ganj.faces.web.selection import opening
from ganj.faces.web.visit import Visit
from ganj.miner import Column, Table
from ganj.workspace import Mined

FIGURES = ("revenue", "orders", "buyers", "new", "average_basket")
SPARK = 13  # periods


class Tile(msgspec.Struct, frozen=True):
    """One figure: short, in full, against the period before, over the last periods, and whom it opens."""

    label: str
    figure: str
    unit: str
    full: str
    change: float | None
    than: str
    spark: list[float]
    href: str
    good_when_up: bool = True


def tiles(visit: Visit, mined: Mined) -> list[Tile]:
    """Return the five figures of an overview; none where there is no period yet."""
    table = mined.report.tables["periods"]
    if not len(table):
        return []
    over = np.asarray(table.values["over"], bool)
    whole = np.flatnonzero(over)
    at = int(whole[-1]) if len(whole) else len(table) - 1
    columns = {column.name: column for column in table.columns}
    return [_tile(visit, mined, table, columns[name], at) for name in FIGURES]


def _tile(visit: Visit, mined: Mined, table: Table, column: Column, at: int) -> Tile:
    d = visit.display
    values = [float(value) for value in listed(table.values[column.name], len(table))]
    value = values[at]
    money = column.unit == "money"
    figure, unit = parted(d.money(value, short=True) if money else d.count(value, short=True), rtl=d.rtl)
    opens = table.opens.get(column.name, (None,) * len(table))[at]
    then = said(visit, table, at - 1) if at else ""
    return Tile(
        label=f"{column.label.of(visit.language)} · {said(visit, table, at)}",
        figure=figure,
        unit=unit,
        full=d.money(value) if money else d.count(value),
        change=changed(values, at),
        than=visit.say("vs {then}", "نسبت به {then}", then=then) if then else "",
        spark=[one if math.isfinite(one) else 0.0 for one in values[max(at + 1 - SPARK, 0) : at + 1]],
        href=opening(visit, mined.miner, opens) if opens else visit.url("analyses/overview"),
    )


def said(visit: Visit, table: Table, at: int) -> str:
    """Name a period."""
    column = table.columns[0]
    ordinal = listed(table.values[column.name], len(table))[at]
    return visit.display.value(ordinal, column.unit, period=column.period, calendar=column.calendar)


def changed(values: list[float], at: int) -> float | None:
    """Return by how many percent a value differs from the one before; None where that says nothing."""
    if at < 1 or not math.isfinite(values[at]) or not values[at - 1] > 0:
        return None
    return 100 * (values[at] - values[at - 1]) / values[at - 1]


def parted(words: str, *, rtl: bool) -> tuple[str, str]:
    """Part a short figure from its unit, which is written small: «۱٫۲» and «میلیون تومان»."""
    figure, _, unit = words.partition(" ")
    return (figure, unit) if rtl or not figure.startswith(("$", "€", "£")) else (words, "")
