"""Conditions of which any one is enough, or which are all true, as deep as is wanted.

``any(city = Qom, all(city = Rey, age > 40))`` is one condition to whoever reads it: it stands wherever a
condition may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from ganj.filters.conditions import BadFilter, Condition, condition
from ganj.parameters import listed
from ganj.text import Text

DEEPEST = 8
_GROUP = re.compile(r"(?P<how>any|all)\s*(?P<parts>\(.*)", re.IGNORECASE | re.DOTALL)


class Group(msgspec.Struct, frozen=True):
    """Several conditions as one.

    Attributes
    ----------
    how : whether one of them is enough or all must be true
    parts : conditions, or groups again
    """

    how: Literal["any", "all"]
    parts: tuple[Condition | Group, ...]

    def __str__(self) -> str:
        """Write it the way it is read."""
        return f"{self.how}({', '.join(map(str, self.parts))})"


Part = Condition | Group


def part(words: str) -> Part:
    """Read a condition, or a group of conditions.

    Raises
    ------
    BadFilter
        One cannot be read, a group is empty, or groups lie deeper in each other than anyone can follow.
    """
    return _part(words, words, DEEPEST)


def each(parts: Iterable[Part]) -> Iterator[Condition]:
    """Yield the single conditions of some conditions and groups."""
    for one in parts:
        if isinstance(one, Group):
            yield from each(one.parts)
        else:
            yield one


def _part(words: str, whole: str, deep: int) -> Part:
    found = _GROUP.fullmatch(words.strip())
    if found is None:
        return condition(words)
    if not _closed(found["parts"]):
        why = Text(
            "the group's parenthesis closes elsewhere than at its end.",
            "پرانتز گروه در پایان آن بسته نمی‌شود.",
        )
        raise BadFilter(words=whole, why=why)
    inner = listed(found["parts"][1:-1])
    if not inner:
        why = Text("there is no condition in the group.", "در گروه شرطی نیست.")
        raise BadFilter(words=whole, why=why)
    if not deep:
        why = Text(f"groups may be {DEEPEST} deep.", f"گروه‌ها دست‌بالا {DEEPEST} لایه دارند.")
        raise BadFilter(words=whole, why=why)
    how: Literal["any", "all"] = "any" if found["how"].lower() == "any" else "all"
    return Group(how, tuple(_part(one, whole, deep - 1) for one in inner))


def _closed(text: str) -> bool:
    """Tell whether the parenthesis that opens a text is the one that its last letter closes."""
    depth, quoted = 0, False
    for at, letter in enumerate(text):
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if not depth:
            return at == len(text) - 1
    return False
