"""Exports of known programs: one JSON file each, found by itself.

A preset names, for each table that the program exports, some columns that give it away and what the columns
mean.  What it leaves out is mapped by name and content, as in any file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec

from ganj.errors import UnknownName
from ganj.intake.fields import header_form
from ganj.intake.plan import Level
from ganj.text import Text


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of a program's export.

    Attributes
    ----------
    columns
        Headers that give it away; all must be there.
    mapping
        Column by field; of several names divided by ``|`` the first that is there.
    event
        The event's name, where all rows are the same.
    prefixes
        Letters before an order's number and the event they stand for.
    levels
        Level by column, where the sample would say otherwise.
    skip
        Why a table is not imported.
    """

    columns: tuple[str, ...]
    kind: str = ""
    mapping: dict[str, str] = {}
    event: str = ""
    prefixes: dict[str, str] = {}
    levels: dict[str, Level] = {}
    currency: str = ""
    skip: Text | None = None


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program whose exports are known."""

    name: str
    label: Text
    tables: tuple[Given, ...]


@cache
def presets() -> dict[str, Preset]:
    """Return all presets by name."""
    folder = resources.files("ganj.intake") / "presets"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name
    )
    found = [msgspec.json.decode(file.read_bytes(), type=Preset) for file in files]
    return {preset.name: preset for preset in found}


def preset_for(columns: Sequence[str], name: str = "") -> tuple[Preset, Given] | None:
    """Find the preset whose table has these columns, the most telling first; among one program's if it is named.

    Raises
    ------
    UnknownName
        No such preset.
    """
    if name and name not in presets():
        raise UnknownName.among(Text("preset", "الگوی ورود"), name, presets())
    forms = {header_form(column) for column in columns}
    among = [presets()[name]] if name else list(presets().values())
    hits = [
        (len(given.columns), preset, given)
        for preset in among
        for given in preset.tables
        if all(header_form(column) in forms for column in given.columns)
    ]
    best = max(hits, key=lambda hit: hit[0], default=None)
    return (best[1], best[2]) if best else None


def chosen(given: Given, columns: Sequence[str]) -> dict[str, str]:
    """Return a preset's mapping in the words of a file's header."""
    named = {header_form(column): column for column in reversed(columns)}
    mapping = {}
    for field, choices in given.mapping.items():
        there = [named[header_form(choice)] for choice in choices.split("|") if header_form(choice) in named]
        if there:
            mapping[field] = there[0]
    return mapping
