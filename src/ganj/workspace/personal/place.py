"""A place that holds personal data, and the person it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ganj.identity.kinds import PHONE
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace

SHORTEST = 4
"""Letters of an identifier by which a text can be told to name somebody."""


@dataclass(frozen=True)
class Person:
    """Somebody.

    Attributes
    ----------
    workspace : where
    customer : the number they have now
    origins : the numbers under which they came
    links : everything they are known by, (kind, value)
    """

    workspace: Workspace
    customer: int
    origins: tuple[int, ...]
    links: tuple[tuple[str, str], ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What texts may call them: the identifiers, phones also as they are dialled at home; in lower case."""
        told = {value for _, value in self.links}
        told |= {f"0{value[3:]}" for kind, value in self.links if kind == PHONE and value.startswith("+98")}
        return tuple(sorted(word.casefold() for word in told if len(word) >= SHORTEST))

    def named_in(self, text: str) -> bool:
        """Tell whether a text names them."""
        plain = text.casefold()
        return any(word in plain for word in self.words)


@dataclass(frozen=True)
class Place:
    """Where personal data lies.

    Attributes
    ----------
    name : names it in an export
    holds : what it is
    parts : tables, as ``duckdb:NAME`` or ``control:NAME``, and entries of the workspace's folder
    find : gives what is held of somebody
    forget : forgets it for good and says how much; None where it follows from what came in
    searched : False where somebody may be there and cannot be found, as in a picture
    """

    name: str
    holds: Text
    parts: tuple[str, ...]
    find: Callable[[Person], Iterable[dict[str, Any]]]
    forget: Callable[[Person], int] | None = None
    searched: bool = True
