"""Personal data in files and in memory: what came in, what is being imported, and what was computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ganj.log.reading import Following, damage
from ganj.text import Text
from ganj.workspace.personal.place import Person, Place


def _log(person: Person) -> Iterator[dict[str, Any]]:
    folder = person.workspace.folder / "log"
    for piece in Following(folder, {}).pieces():
        for line in _naming(person, piece.data):
            yield {"file": piece.stem, "line": line}
        for _, data in piece.damaged:
            yield from ({"file": piece.stem, "damaged": line} for line in _naming(person, data))
    yield from _files(person, damage(folder))


def _naming(person: Person, data: bytes | memoryview) -> Iterator[str]:
    text = bytes(data).decode(errors="replace")
    if person.named_in(text):
        yield from (line for line in text.splitlines() if person.named_in(line))


def _files(person: Person, paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield the files whose bytes name somebody."""
    for path in paths:
        if any(True for _ in _naming(person, path.read_bytes())):
            yield {"file": path.relative_to(person.workspace.folder).as_posix()}


def _imports(person: Person) -> Iterator[dict[str, Any]]:
    """Yield the imports that brought something; what a packed file holds is in the events."""
    brought = set(person.workspace.store.persons.holding(person.customer).batches)
    for batch in person.workspace.batches():
        if batch.id in brought:
            yield {"import": batch.id, "kind": batch.kind, "files": [one.name for one in batch.files]}


def _drafts(person: Person) -> Iterator[dict[str, Any]]:
    folder = person.workspace.folder / "drafts"
    return _files(person, sorted(path for path in folder.rglob("*") if path.is_file()))


def _computed(person: Person) -> Iterator[dict[str, Any]]:
    for name, table in person.workspace.answers.kept_of(person.customer):
        yield {"computed": name, "rows": table.to_pylist()}


def _forget_computed(person: Person) -> int:
    return person.workspace.answers.forget()


PLACES = (
    Place("log", Text("Messages as they came", "پیام‌ها، چنان‌که رسیده‌اند"), ("log",), _log),
    Place("imports", Text("Files as they came", "فایل‌ها، چنان‌که رسیده‌اند"), ("imports",), _imports),
    Place(
        "drafts",
        Text("Files that are not imported yet", "فایل‌هایی که هنوز وارد نشده‌اند"),
        ("drafts",),
        _drafts,
    ),
    Place(
        "scores",
        Text("Scores and traits in memory", "امتیازها و ویژگی‌ها در حافظه"),
        ("memory",),
        _computed,
        _forget_computed,
    ),
)
NOTHING = {
    "control.sqlite": "its tables are named",
    "ganj.duckdb": "its tables are named",
    "workspace.json": "the format",
    "lock": "who has the folder open",
    "last-import": "a number",
    "scratch": "emptied whenever the folder is opened, and after every import",
}
