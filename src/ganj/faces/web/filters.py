"""Conditions as sentences with blanks: what can be asked of customers, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ganj import miners
from ganj.calendar import midnight, parse_date
from ganj.errors import BadParameter
from ganj.faces.web.cells import NUMBERS
from ganj.faces.web.visit import Visit, analyses
from ganj.miner import Column
from ganj.miners.overview import Overview
from ganj.parameters import parameters
from ganj.persian import ascii_digits
from ganj.segments import Condition
from ganj.text import Text

SAYS = {
    "=": Text("is", "برابر است با"),
    "!=": Text("is not", "نیست"),
    ">=": Text("is at least", "دست‌کم"),
    "<=": Text("is at most", "دست‌بالا"),
    "has": Text("contains", "شامل"),
}
NOT_A_NUMBER = Text("a number is needed.", "عددی لازم است.")


class Blank(msgspec.Struct, frozen=True):
    """What can be asked of one column: its key in a form, words, ways to compare, values to choose from."""

    key: str
    words: str
    ops: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...] = ()
    number: bool = False
    date: bool = False
    unit: str = ""


def groups(visit: Visit) -> list[tuple[str, list[Blank]]]:
    """Return everything that can be asked, by where it comes from."""
    out = [
        (visit.of(cls.title), [_of_score(visit, name, column) for column in cls.scored])
        for name, cls in analyses()
        if cls.scored and can_default(cls)
    ]
    traits = [_of_trait(visit, name, kind) for name, kind in visit.workspace.store.traits().items()]
    return [*out, (visit.say("Traits", "ویژگی‌ها"), traits)] if traits else out


def can_default(cls: type) -> bool:
    """Tell whether an analysis runs without being told anything."""
    return not any(parameter.required for parameter in parameters(cls))


def blanks(visit: Visit) -> Iterator[Blank]:
    """Return all blanks."""
    for _, group in groups(visit):
        yield from group


def blank(visit: Visit, key: str) -> Blank | None:
    """Return the blank of a key."""
    return next((one for one in blanks(visit) if one.key == key), None)


def condition(visit: Visit, answers: Mapping[str, Any]) -> Condition | None:
    """Return the condition that a filled sentence says; None where it is not filled.

    Raises
    ------
    BadParameter
        A number or date cannot be read.
    """
    key, op, words = (str(answers.get(name, "")).strip() for name in ("key", "op", "value"))
    asked = blank(visit, key)
    if asked is None or not words:
        return None
    miner, _, column = key.partition("|")
    value = _value(visit, asked, words)
    return Condition(column, op if op in dict(asked.ops) else asked.ops[0][0], value, miner)  # type: ignore[arg-type] # one of the ops offered


def _of_score(visit: Visit, miner: str, column: Column) -> Blank:
    key, words = f"{miner}|{column.name}", column.label.of(visit.language)
    if column.choices:
        values = tuple((name, visit.of(text)) for name, text in column.choices)
        return Blank(key, words, _ops(visit, "=", "!="), values)
    if column.unit == "flag":
        values = (("true", visit.say("Yes", "بله")), ("false", visit.say("No", "خیر")))
        return Blank(key, words, _ops(visit, "="), values)
    if column.unit == "list":
        return Blank(key, words, _ops(visit, "has"), number=True)
    if column.unit == "date":
        return Blank(key, words, _ops(visit, ">=", "<="), date=True)
    number = column.unit in NUMBERS
    unit = visit.of(visit.display.money_unit()) if column.unit == "money" else ""
    return Blank(
        key, words, _ops(visit, ">=", "<=", "=") if number else _ops(visit, "="), number=number, unit=unit
    )


def _of_trait(visit: Visit, name: str, kind: str) -> Blank:
    if kind == "number":
        return Blank(f"|{name}", name, _ops(visit, ">=", "<=", "="), number=True)
    return Blank(f"|{name}", name, _ops(visit, "=", "!="))


def _ops(visit: Visit, *signs: str) -> tuple[tuple[str, str], ...]:
    return tuple((sign, visit.of(SAYS[sign])) for sign in signs)


def _value(visit: Visit, asked: Blank, words: str) -> Any:
    if asked.date:
        day = parse_date(words)
        return None if day is None else midnight(day, visit.display.zone)
    if asked.number:
        try:
            number = float(ascii_digits(words).replace(",", "").replace("٬", "").replace("٫", "."))
        except ValueError as wrong:
            raise BadParameter(parameter=asked.words, value=words, why=NOT_A_NUMBER) from wrong
        factor = visit.display.javascript()["money"]["factor"] if asked.unit else 1.0
        return int(number / factor) if (number / factor).is_integer() else number / factor
    return {"true": True, "false": False}.get(words, words) if asked.values else words


def overview_columns() -> tuple[Column, ...]:
    """Return the figures every customer has."""
    return Overview.scored


def narrowest(visit: Visit, conditions: tuple[Condition, ...]) -> Condition | None:
    """Return the condition that leaves the fewest customers, when all together leave none."""
    from ganj.segments import Segment

    sized = [(len(visit.workspace.members(Segment((one,)))), at) for at, one in enumerate(conditions)]
    return conditions[min(sized)[1]] if sized else None


def miner_of(key: str) -> str:
    """Return the title of the analysis a key speaks of, in English; empty for a trait."""
    name = key.partition("|")[0]
    return miners.find(name).title.en if name else ""
