"""What a segment says."""

from __future__ import annotations

from typing import Any

import msgspec

from ganj import miners
from ganj.display import Display
from ganj.miner import Miner, Op, Opens
from ganj.misread import misread
from ganj.parameters import build, dump
from ganj.text import Text

_SIGNS: dict[str, Text] = {
    "=": Text("is", "برابر است با"),
    "!=": Text("is not", "برابر نیست با"),
    "<": Text("is less than", "کمتر است از"),
    "<=": Text("is at most", "دست‌بالا است"),
    ">": Text("is more than", "بیشتر است از"),
    ">=": Text("is at least", "دست‌کم است"),
    "in": Text("is one of", "یکی از این‌هاست:"),
    "has": Text("contains", "دارد"),
}


class Condition(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One condition: of a score where ``miner`` is named, else of a trait or of a segment.

    ``column`` is a score's or a trait's name; ``segment`` as column means membership of ``value``.
    """

    column: str
    op: Op
    value: Any
    miner: str = ""
    parameters: dict[str, Any] = {}

    def asks(self) -> Miner[Any, Any] | None:
        """Return the analysis whose scores are asked, if any."""
        return build(miners.find(self.miner), self.parameters) if self.miner else None


class Segment(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Customers of whom all conditions are true."""

    all: tuple[Condition, ...] = ()

    @classmethod
    def read(cls, definition: Any) -> Segment:
        """Read a segment from JSON.

        Raises
        ------
        BadParameter
            The JSON is not a segment.
        """
        try:
            return msgspec.convert(definition, cls)
        except msgspec.ValidationError as wrong:
            raise misread(wrong, parameter="segment", value=definition) from wrong

    @classmethod
    def of(cls, miner: Miner[Any, Any], opens: Opens) -> Segment:
        """Return the customers behind a cell of an analysis."""
        name, parameters = miners.name_of(miner), dump(miner)
        return cls(
            tuple(_condition(where.column, where.op, where.value, name, parameters) for where in opens)
        )

    def sentence(self, display: Display) -> str:
        """Say the conditions in words."""
        joiner = Text(" and ", " و ").of(display.language)
        return joiner.join(said(condition, display) for condition in self.all)


def _condition(column: str, op: Op, value: Any, miner: str, parameters: dict[str, Any]) -> Condition:
    if column.startswith("trait:"):
        return Condition(column.removeprefix("trait:"), op, value)
    return Condition(column, op, value, miner, parameters)


def said(condition: Condition, display: Display) -> str:
    """Say one condition in words."""
    language, label, value = display.language, condition.column, str(condition.value)
    if condition.miner:
        for column in miners.find(condition.miner).scored:
            if column.name == condition.column:
                label = column.label.of(language)
                names = {name: text.of(language) for name, text in column.choices}
                value = _value(condition.value, names, column.unit, display)
    return f"{label} {_SIGNS[condition.op].of(language)} {value}"


def _value(value: Any, names: dict[str, str], unit: str, display: Display) -> str:
    if isinstance(value, list | tuple):
        comma = Text(", ", "، ").of(display.language)
        return comma.join(_value(one, names, unit, display) for one in value)
    if isinstance(value, str):
        return names.get(value, value)
    return display.value(value, "count" if unit == "list" else unit)
