"""What people wrote of a customer: events like any other, changed and removed by later ones.

Nothing is overwritten: a note's earlier words stay in the log, and a note that was removed can be brought back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from ganj.errors import GanjError, UnknownName
from ganj.store.timelines import Sketch
from ganj.text import Text
from ganj.workspace.profiles.telling import tell

if TYPE_CHECKING:
    from ganj.workspace import Workspace

ADDED, CHANGED, REMOVED = "Note Added", "Note Changed", "Note Removed"
EVENTS = (ADDED, CHANGED, REMOVED)
MOST = 10_000
"""Letters of a note."""


class BadNote(GanjError):
    """A note that says nothing, or too much. Facts: ``length``, ``most``."""

    status = 422
    says = Text(
        "A note has between 1 and {most} letters; this one has {length}.",
        "یادداشت باید میان ۱ تا {most} نویسه باشد؛ این یکی {length} نویسه دارد.",
    )
    hint = Text(
        "Write something, or attach long texts elsewhere.",
        "چیزی بنویسید، یا متن بلند را جای دیگری نگه دارید.",
    )


class Note(msgspec.Struct, frozen=True):
    """A note as it reads now.

    Attributes
    ----------
    id : names it, for a change or a removal
    text : what it says; never markup
    author : who wrote it, as far as that was said
    time : µs UTC when it was written
    changed : µs UTC of its last change, or None
    earlier : what it said before, newest first
    removed : whether it was taken away
    """

    id: str
    text: str
    author: str
    time: int
    changed: int | None = None
    earlier: tuple[str, ...] = ()
    removed: bool = False


def fold(events: Iterable[Mapping[str, Any]]) -> tuple[Note, ...]:
    """Return the notes that some events make, given in any order; newest first."""
    notes: dict[str, Note] = {}
    for event in sorted(events, key=lambda one: (one["time"], EVENTS.index(one["event"]))):
        properties = event.get("properties") or {}
        name = str(properties.get("note") or event.get("id") or "")
        text, old = str(properties.get("text") or ""), notes.get(name)
        if event["event"] == ADDED and old is None:
            notes[name] = Note(name, text, str(properties.get("author") or ""), event["time"])
        elif event["event"] == CHANGED and old is not None:
            earlier = (old.text, *old.earlier) if text != old.text else old.earlier
            seen: dict[str, Any] = {
                "text": text,
                "changed": event["time"],
                "earlier": earlier,
                "removed": False,
            }
            notes[name] = msgspec.structs.replace(old, **seen)
        elif event["event"] == REMOVED and old is not None:
            notes[name] = msgspec.structs.replace(old, removed=True)
    return tuple(sorted(notes.values(), key=lambda note: (-note.time, note.id)))


def add(workspace: Workspace, number: int, text: str, author: str = "") -> str:
    """Write a note of a customer and return its name."""
    words, name = _checked(text), uuid.uuid4().hex
    said = {"note": name, "text": words} | ({"author": author.strip()[:200]} if author.strip() else {})
    tell(workspace, number, ADDED, said)
    return name


def change(workspace: Workspace, number: int, note: str, text: str) -> None:
    """Give a note other words.

    Raises
    ------
    UnknownName
        The customer has no such note.
    """
    words = _checked(text)
    _known(workspace, number, note)
    tell(workspace, number, CHANGED, {"note": note, "text": words})


def remove(workspace: Workspace, number: int, note: str) -> None:
    """Take a note away; its words stay in the log.

    Raises
    ------
    UnknownName
        The customer has no such note.
    """
    _known(workspace, number, note)
    tell(workspace, number, REMOVED, {"note": note})


def restore(workspace: Workspace, number: int, note: str) -> None:
    """Bring a removed note back as it was.

    Raises
    ------
    UnknownName
        The customer has no such note.
    """
    old = _known(workspace, number, note)
    tell(workspace, number, CHANGED, {"note": note, "text": old.text})


def of(workspace: Workspace, number: int, sketch: Sketch | None = None) -> tuple[Note, ...]:
    """Return a customer's notes, those taken away too; newest first."""
    timelines = workspace.store.timelines
    sketch = timelines.sketch(number) if sketch is None else sketch
    return fold(timelines.told(number, sketch, sketch.where(EVENTS)))


def standing(workspace: Workspace, number: int, sketch: Sketch | None = None) -> tuple[Note, ...]:
    """Return a customer's notes that were not taken away; newest first."""
    return tuple(note for note in of(workspace, number, sketch) if not note.removed)


def _known(workspace: Workspace, number: int, note: str) -> Note:
    for one in of(workspace, number):
        if one.id == note:
            return one
    raise UnknownName(kind=Text("note", "یادداشت"), name=note, near="—")


def _checked(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if not 0 < len(words) <= MOST:
        raise BadNote(length=len(words), most=MOST)
    return words
