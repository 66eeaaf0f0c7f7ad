"""What was decided about a file or folder before a row of it is read; plain JSON, shown to people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from ganj.intake.archive import Found
from ganj.intake.sniff import Shape
from ganj.text import Text

Level = Literal["property", "trait", "product", "left out"]
"""Where a column without a meaning of its own goes: the event, the customer, the product, nowhere."""


class Source(msgspec.Struct, frozen=True):
    """One sheet, or one file of rows: what it is and how it is cut."""

    found: Found
    shape: Shape
    sheet: str = ""

    @property
    def name(self) -> str:
        """What people see."""
        return f"{self.found.name} › {self.sheet}" if self.sheet else self.found.name


class Dates(msgspec.Struct, frozen=True):
    """How a column writes its times.

    Attributes
    ----------
    layouts
        The ways of writing that occur: see `ganj.intake.dates.LAYOUTS`.
    order
        ``ymd``, ``dmy`` or ``mdy``, where the year is not plainly first.
    calendar
        For years of two digits; four digits say it themselves.
    zone
        IANA name, for times that do not carry their own offset.
    """

    layouts: tuple[str, ...] = ("numbers",)
    order: Literal["ymd", "dmy", "mdy"] = "ymd"
    calendar: Literal["gregorian", "jalali"] = "gregorian"
    zone: str = "UTC"


class Sample(msgspec.Struct, frozen=True):
    """One value as it is written and as it is read; times in both calendars."""

    field: str
    column: str
    written: str
    read: str
    jalali: str = ""


class Lookup(msgspec.Struct, frozen=True):
    """A small table whose columns are put beside another's where a key matches: teams beside deals.

    ``source`` is read whole; ``here`` and ``there`` are the key's columns; ``brings`` the columns put beside.
    """

    source: Source
    here: str
    there: str
    brings: tuple[str, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Files or sheets with one header, and how their rows become events.

    Attributes
    ----------
    kind, event
        What the rows are; the event's name where it is the same in all.
    mapping
        Column by field.
    extras
        Level of each column without a field.
    numbers
        Extras that are read as numbers.
    currency, factor
        Of the amounts as written, and what one is in the workspace's currency.
    prefixes
        Letters before an order's number and the event they stand for.
    """

    sources: tuple[Source, ...]
    columns: tuple[str, ...]
    kind: str
    event: str = ""
    preset: str = ""
    mapping: dict[str, str] = {}
    extras: dict[str, Level] = {}
    numbers: tuple[str, ...] = ()
    dates: dict[str, Dates] = {}
    decimal: str = "."
    currency: str = ""
    factor: float = 1.0
    prefixes: dict[str, str] = {}
    lookups: tuple[Lookup, ...] = ()
    samples: tuple[Sample, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Name the header, so that the next file with it is read alike."""
        return fingerprint(self.columns)


class LeftOut(msgspec.Struct, frozen=True):
    """A file that is not imported, and why."""

    name: str
    why: Text


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a file or a folder is read: one table for each header, the biggest first."""

    files: tuple[str, ...]
    tables: tuple[Table, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, as paths."""
        return tuple(Path(file) for file in self.files)

    @property
    def main(self) -> Table:
        """The table with most bytes."""
        return self.tables[0]

    @property
    def kind(self) -> str:
        """The main table's kind."""
        return self.main.kind

    @property
    def preset(self) -> str:
        """The preset that named the columns; empty where none did."""
        return next((table.preset for table in self.tables if table.preset), "")

    @property
    def mapping(self) -> dict[str, str]:
        """Column by field, of the main table."""
        return self.main.mapping

    @property
    def currency(self) -> str:
        """Currency of the amounts as they are written."""
        return next((table.currency for table in self.tables if table.currency), "")

    @property
    def calendar(self) -> str:
        """Calendar of the first column of times."""
        return next((dates.calendar for table in self.tables for dates in table.dates.values()), "")

    @property
    def encoding(self) -> str:
        """Encoding of the main table's first file."""
        return self.main.sources[0].shape.encoding

    @property
    def delimiter(self) -> str:
        """Delimiter of the main table's first file."""
        return self.main.sources[0].shape.delimiter

    @property
    def sheets(self) -> tuple[str, ...]:
        """Sheets that are read."""
        return tuple(source.sheet for table in self.tables for source in table.sources if source.sheet)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Values as written and as read, of the main table."""
        return self.main.samples

    @property
    def notes(self) -> tuple[Text, ...]:
        """Everything that was decided and that a person may want otherwise."""
        return tuple(note for table in self.tables for note in table.notes)

    @property
    def fingerprint(self) -> str:
        """Name the headers of all tables together."""
        return fingerprint(sorted(table.fingerprint for table in self.tables))

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON; `msgspec.convert` makes a plan of it again."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


class Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person says beforehand, so that it is neither guessed nor asked.

    Attributes
    ----------
    kind, preset, mapping
        As in `Table`; a mapping holds for every table that has its columns.
    currency
        Of the amounts in the file.
    base
        Currency of the workspace.
    calendar
        Of the dates in the file.
    order
        ``dmy`` or ``mdy``, for dates such as 03/04/2026.
    zone
        Of the times in the file.
    """

    kind: str = ""
    preset: str = ""
    mapping: dict[str, str] = {}
    currency: str = ""
    base: str = ""
    calendar: str = ""
    order: str = ""
    zone: str = ""


def fingerprint(columns: Sequence[str]) -> str:
    """Hash a header; letter case and spaces around do not matter."""
    text = "\x1f".join(column.strip().casefold() for column in columns)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
