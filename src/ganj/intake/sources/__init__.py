"""What ganj pulls by itself: one file a source, found by itself.

A source is a value: a frozen class whose fields are its parameters, so that its form, its options in the
shell and its JSON follow.  It knows how to fetch what is new since a state, and nothing of storage: what it
yields is either rows, which go the way of every imported file (detection, mapping, rows set aside), or
files, or lines of collected events.  After each part it says the state from which to go on; that state is
kept together with the part, so a crash in between neither loses nor doubles.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from ganj.errors import BadParameter, UnknownName
from ganj.intake.sources.reach import Reach
from ganj.log.line import Line
from ganj.parameters import Abstract, build, parameters
from ganj.text import Text

State = dict[str, Any]
"""How far a source was read: plain JSON, its own business."""
SECRET = "secret"  # noqa: S105 - the word that marks a parameter
"""What the parameter of a password says in ``of``: it is sealed, and never shown again."""
HIDDEN = "***"


class Records(msgspec.Struct, kw_only=True):
    """Rows of one table, as a file would hold them.

    Attributes
    ----------
    name
        Of the table; with one name the columns mean the same for ever.
    rows
        Column → value as JSON knows it; columns of rows that lack them are empty.
    key
        Columns that tell one record from another; empty where nothing does.
    answers
        What is known beforehand and need not be guessed: `ganj.intake.plan.Answers`.
    """

    name: str
    rows: list[dict[str, Any]]
    key: tuple[str, ...] = ()
    answers: dict[str, Any] = {}


class Refused(msgspec.Struct, frozen=True):
    """Something that did not become an event: as it was, and why.

    Attributes
    ----------
    count
        How many, where they are only counted.
    code
        One of `ganj.log.REASONS`, where it should have been an event: it is kept among the rejected ones.
    """

    text: str
    reason: Text
    count: int = 1
    code: str = ""


class Part(msgspec.Struct, kw_only=True):
    """What came of one fetch, and the state after it.

    Attributes
    ----------
    records, lines, file
        Rows of tables; collected events; or one whole file, with the words to tell about it afterwards.
    refused
        What was set aside.
    settled
        Called when all of it is on disk and will never be asked for again (``None``), or with the mistake for
        which it was refused for good.
    """

    state: State
    records: tuple[Records, ...] = ()
    lines: tuple[Line, ...] = ()
    file: Path | None = None
    refused: tuple[Refused, ...] = ()
    settled: Callable[[Exception | None], None] | None = None


class Feed(msgspec.Struct, metaclass=Abstract, frozen=True, kw_only=True):
    """A source; subclasses are frozen, too, and add their parameters."""

    label: ClassVar[Text]
    says: ClassVar[Text]
    every: ClassVar[str] = "15m"
    """How often it is asked unless said otherwise."""

    @abstractmethod
    def pull(self, state: State, reach: Reach) -> Iterator[Part]:
        """Yield what is new since a state (``{}``: from the beginning), in parts of bounded size.

        Raises
        ------
        GanjError
            It cannot be reached or read; what was yielded before stays good.
        """

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it is, for people: without secrets."""

    def reread(self, text: str) -> tuple[Line, ...]:
        """Return the events of a text that was refused, as they are understood now; none where it still is not."""
        del text
        return ()


@cache
def feeds() -> dict[str, type[Feed]]:
    """Return the kinds of sources by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        feed = getattr(importlib.import_module(f"{__name__}.{module.name}"), "FEED", None)
        if feed is not None:
            found[module.name] = feed
    return found


def feed_named(name: str) -> type[Feed]:
    """Return a kind of source; raise `UnknownName`."""
    if name not in feeds():
        raise UnknownName.among(Text("kind of source", "نوع منبع"), name, feeds())
    return feeds()[name]


def secret_names(kind: type[Feed]) -> tuple[str, ...]:
    """Name the parameters of a kind that are secrets."""
    return tuple(p.name for p in parameters(kind) if p.of == SECRET)


def made(kind: type[Feed], words: Mapping[str, Any]) -> Feed:
    """Make a source of its parameters; a mistake in a secret does not tell the secret.

    Raises
    ------
    UnknownName, BadParameter
    """
    try:
        return build(kind, words)
    except BadParameter as wrong:
        if wrong.facts["parameter"] not in secret_names(kind):
            raise
        hidden = type(wrong)(**{**wrong.facts, "value": HIDDEN})
    raise hidden
