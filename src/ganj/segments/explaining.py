"""Why a customer is in a segment or not: each condition with the customer's own value."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
import numpy as np
import pyarrow as pa

from ganj import miners
from ganj.display import Display
from ganj.errors import GanjError
from ganj.histories import Array
from ganj.miner import Column, Miner, Where
from ganj.segments.condition import Condition, Segment, said
from ganj.segments.matching import match
from ganj.text import Text

DAY = 86_400_000_000


class Known(Protocol):
    """What is asked for one customer's values."""

    def scores_of(self, miner: Miner[Any, Any], customer: int) -> pa.Table:
        """Return an analysis' scores of one customer: one row, or none."""

    def trait_of(self, name: str, customer: int) -> pa.Table:
        """Return one customer's trait: ``customer``, ``value``; one row, or none."""

    def members(self, segment: str) -> Array:
        """Return the customers of a saved segment."""


class Reason(msgspec.Struct, frozen=True):
    """One condition and one customer.

    Attributes
    ----------
    value : the customer's own; None where nothing is known
    true : whether the condition is
    mistake : why it cannot be told, where it cannot
    """

    condition: Condition
    value: Any
    true: bool
    mistake: GanjError | None = None

    def column(self) -> Column | None:
        """Return the column of a score that is asked, for its words and unit."""
        if not self.condition.miner:
            return None
        scored = miners.find(self.condition.miner).scored
        return next((column for column in scored if column.name == self.condition.column), None)

    def sentence(self, display: Display) -> str:
        """Say the condition."""
        return said(self.condition, display)

    def now(self, display: Display) -> str:
        """Say the customer's value; empty where there is nothing to say."""
        if self.condition.column == "segment" and not self.condition.miner:
            return ""
        return _words(self.value, self.column(), display)

    def needed(self, display: Display) -> str:
        """Say what would have to change for the condition to be true; empty where it is true."""
        if self.true or self.mistake is not None:
            return ""
        if self.condition.column == "segment" and not self.condition.miner:
            return _TO_ENTER.of(display.language)
        gap = _gap(self)
        if gap is None:
            return display.text(_TO_BE[self.condition.op], value=_asked(self, display))
        column = self.column()
        dated = column is not None and column.unit == "date"
        words = display.days(-(-gap // DAY)) if dated else _words(gap, column, display)
        return display.text(_TO_MOVE[self.condition.op], gap=words, value=_asked(self, display))


_TO_BE: dict[str, Text] = {
    "=": Text("It would have to be {value}.", "باید {value} باشد."),
    "!=": Text("It would have to be anything but {value}.", "باید چیزی جز {value} باشد."),
    "<": Text("It would have to be less than {value}.", "باید کمتر از {value} باشد."),
    "<=": Text("It would have to be at most {value}.", "باید حداکثر {value} باشد."),
    ">": Text("It would have to be more than {value}.", "باید بیشتر از {value} باشد."),
    ">=": Text("It would have to be at least {value}.", "باید دست‌کم {value} باشد."),
    "in": Text("It would have to be one of {value}.", "باید یکی از این‌ها باشد: {value}."),
    "has": Text("It would have to contain {value}.", "باید {value} را در بر داشته باشد."),
}
_TO_MOVE: dict[str, Text] = {
    "<": Text("It would have to fall by more than {gap}.", "باید بیش از {gap} کم شود."),
    "<=": Text("It would have to fall by {gap}.", "باید {gap} کم شود."),
    ">": Text("It would have to rise by more than {gap}.", "باید بیش از {gap} زیاد شود."),
    ">=": Text("It would have to rise by {gap}.", "باید {gap} زیاد شود."),
}
_TO_ENTER = Text("The customer would have to be in that segment.", "باید در آن بخش باشد.")


def explain(segment: Segment, customer: int, known: Known) -> tuple[Reason, ...]:
    """Return a reason for each condition of a segment, in order."""
    return tuple(_reason(condition, customer, known) for condition in segment.all)


def _reason(condition: Condition, customer: int, known: Known) -> Reason:
    try:
        if condition.column == "segment" and not condition.miner:
            there = customer in known.members(str(condition.value))
            return Reason(condition, there, there)
        table, column = _row(condition, customer, known)
        found = match(table, (Where(column, condition.op, condition.value),))
    except GanjError as mistake:
        return Reason(condition, None, true=False, mistake=mistake)
    value = table[column][0].as_py() if table.num_rows else None
    if isinstance(value, float) and np.isnan(value):
        value = None
    return Reason(condition, value, true=len(found) > 0)


def _row(condition: Condition, customer: int, known: Known) -> tuple[pa.Table, str]:
    miner = condition.asks()
    if miner is None:
        return known.trait_of(condition.column, customer), "value"
    return known.scores_of(miner, customer), condition.column


def _gap(reason: Reason) -> float | None:
    """Return by how much a figure misses its bound, where it is one."""
    value, bound = reason.value, reason.condition.value
    if reason.condition.op not in _TO_MOVE or isinstance(value, bool):
        return None
    if not isinstance(value, int | float) or not isinstance(bound, int | float):
        return None
    return abs(value - bound)


def _asked(reason: Reason, display: Display) -> str:
    value = reason.condition.value
    if isinstance(value, list | tuple):
        comma = Text(", ", "، ").of(display.language)
        return comma.join(_words(one, reason.column(), display) for one in value)
    return _words(value, reason.column(), display)


def _words(value: Any, column: Column | None, display: Display) -> str:
    if column is None:
        return value if isinstance(value, str) else display.value(value)
    if column.unit == "list":
        return display.value(value, "") if isinstance(value, list) else display.value(value, "count")
    return display.value(
        value, column.unit, period=column.period, calendar=column.calendar, choices=column.choices
    )
