"""Which customers a list shows: conditions that travel in the address of the page.

``of``, ``opens`` and an analysis' own parameters name the customers behind one of its numbers; ``named``
a saved segment; every ``cond`` one more condition.  All of them together hold.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import quote_plus

import msgspec
from litestar.datastructures import MultiDict

from ganj import miners
from ganj.faces.web.forms import asked
from ganj.faces.web.visit import Visit
from ganj.miner import Miner, Op, Opens, Where
from ganj.misread import misread
from ganj.parameters import build, dump, parameters
from ganj.segments import Condition, Segment

OURS = frozenset({"q", "sort", "up", "leaf", "named", "of", "opens", "cond", "done"})
"""Words of a list's address; no parameter of an analysis may be named so."""


class Selection(msgspec.Struct, frozen=True):
    """What a list was asked to show."""

    of: str = ""
    words: dict[str, Any] = {}
    where: tuple[Where, ...] = ()
    named: str = ""
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def read(cls, query: MultiDict[Any]) -> Selection:
        """Read a selection from an address.

        Raises
        ------
        UnknownName, BadParameter
            The address names an analysis or a condition that is none.
        """
        name = str(query.get("of", ""))
        words = asked(query, [p.name for p in parameters(miners.find(name))]) if name else {}
        where = _wheres(query.get("opens", "[]"))
        conditions = tuple(_condition(one) for one in query.getall("cond", []))
        return cls(name, words, where, str(query.get("named", "")), conditions)

    def miner(self) -> Miner[Any, Any] | None:
        """Return the analysis whose number was opened, if any."""
        return build(miners.find(self.of), self.words) if self.of else None

    def segment(self, visit: Visit) -> Segment | None:
        """Return all conditions as one segment; None for everyone."""
        parts: list[Condition] = []
        miner = self.miner()
        if miner is not None and self.where:
            parts += Segment.of(visit.workspace.resolve(miner), self.where).all
        if self.named:
            parts += visit.workspace.definition(self.named).all
        parts += self.conditions
        return Segment(tuple(parts)) if parts else None

    def query(self) -> dict[str, Any]:
        """Return the selection as the words of an address."""
        out: dict[str, Any] = {"of": self.of, **self.words, "named": self.named}
        if self.where:
            out["opens"] = conditions(self.where)
        out["cond"] = [told(condition) for condition in self.conditions]
        return {key: value for key, value in out.items() if value}

    def without(self, index: int) -> Selection:
        """Return the selection without one of the added conditions."""
        kept = self.conditions[:index] + self.conditions[index + 1 :]
        return msgspec.structs.replace(self, conditions=kept)


def opening(visit: Visit, miner: Miner[Any, Any], where: Opens) -> str:
    """Return the address of the customers behind a number."""
    base = visit.url("customers", **Selection(miners.name_of(miner), changed(miner)).query())
    return base + behind(where) if where else base


def behind(where: Opens) -> str:
    """Return the end of an address that names the customers behind one number of an analysis."""
    return "&opens=" + quote_plus(conditions(where))


def conditions(where: Opens) -> str:
    """Write the conditions of a number for an address."""
    return json.dumps([[one.column, one.op, one.value] for one in where], ensure_ascii=False)


def changed(miner: Miner[Any, Any]) -> dict[str, Any]:
    """Return the parameters of an analysis that differ from its defaults."""
    defaults = defaults_of(type(miner))
    return {k: v for k, v in dump(miner).items() if v != defaults.get(k) and v not in (None, "", [], ())}


@cache
def defaults_of(cls: type) -> dict[str, Any]:
    """Return the default of each parameter of an analysis."""
    return {p.name: p.default for p in parameters(cls)}


def told(condition: Condition) -> str:
    """Write a condition for an address."""
    return msgspec.json.encode(condition).decode()


def _condition(words: str) -> Condition:
    try:
        return msgspec.json.decode(words, type=Condition)
    except msgspec.DecodeError as wrong:
        raise misread(wrong, parameter="cond", value=words) from wrong


def _wheres(words: str) -> Opens:
    try:
        return tuple(Where(*one) for one in msgspec.json.decode(words, type=list[tuple[str, Op, Any]]))
    except msgspec.DecodeError as wrong:
        raise misread(wrong, parameter="opens", value=words) from wrong
