"""Rows on their way in: written as files that become an import, once, with the state that follows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ganj.events import ROWS
from ganj.intake import Plan, Rejects, Table, detect
from ganj.intake import rows as read_rows
from ganj.intake.archive import Found
from ganj.intake.plan import Source
from ganj.intake.sniff import Shape
from ganj.intake.sources import Records, Refused
from ganj.text import Text
from ganj.workspace.sources.changes import Row, corrected, key_of, money, version_of
from ganj.workspace.sources.kept import Known

CORRECTIONS = "corrections.parquet"
OVERWRITTEN = ("customers", "products", "tickets", "deals")
"""Kinds whose rows say how something stands: what they say now follows what they said."""
CHANGED = Text("it was taken before, and has changed since", "پیش‌تر گرفته شده و سپس تغییر کرده است")
Keyed = tuple[bytes, bytes, list[Row]]
"""A record: its key, its version, its rows."""


class Sheet:
    """The rows of one table, being written to a file; of each row, which record it belongs to."""

    def __init__(self, path: Path, records: Records) -> None:
        self.path, self.told = path, records
        self.stream: BinaryIO = path.open("wb")
        self.count = 0
        self.owners: list[bytes | None] = []
        self.versions: dict[bytes, bytes] = {}
        self.changed: list[Keyed] = []

    def write(self, rows: Iterable[Row], key: bytes | None = None) -> None:
        """Add rows."""
        for row in rows:
            self.stream.write(msgspec.json.encode(row) + b"\n")
            self.owners.append(key)
            self.count += 1

    def close(self) -> None:
        """Finish the file."""
        self.stream.close()


class Spool:
    """What one import will hold: a file for each table, and one of corrections.

    Parameters
    ----------
    folder
        Where the files are written until they are imported.
    plans
        By table, how its rows are read; what is not there yet is detected, once, and put there.
    answers
        What is known of the rows beforehand; of the workspace and of the person.
    """

    def __init__(self, folder: Path, plans: dict[str, Any], answers: dict[str, Any]) -> None:
        self.folder, self.plans, self.answers = folder, plans, answers
        folder.mkdir(parents=True, exist_ok=True)
        self.sheets: dict[str, Sheet] = {}
        self.refused: list[Refused] = []

    @property
    def count(self) -> int:
        """Rows so far."""
        return sum(sheet.count + len(sheet.changed) for sheet in self.sheets.values())

    def add(self, records: Records, known: dict[bytes, Known]) -> None:
        """Add the rows of a table that are new or changed."""
        sheet = self._sheet(records)
        for key, version, rows in keyed(records):
            before = known.get(key) if key else None
            earlier = sheet.versions.get(key) or (before.version if before else None)
            if key and earlier == version:
                continue
            if earlier is not None:
                self._changed(sheet, (key, version, rows))
            else:
                sheet.write(rows, key or None)
            if key:
                sheet.versions[key] = version

    def _sheet(self, records: Records) -> Sheet:
        if records.name not in self.sheets:
            file = f"{safe(records.name)}.jsonl"
            self.sheets[records.name] = Sheet(self.folder / file, records)
        return self.sheets[records.name]

    def _changed(self, sheet: Sheet, record: Keyed) -> None:
        kind = self.plans.get(sheet.told.name, {}).get("kind", "")
        if kind in OVERWRITTEN:
            sheet.write(record[2], record[0])
        elif kind == "orders":
            sheet.changed.append(record)
        else:
            self.refused += [Refused(msgspec.json.encode(row).decode(), CHANGED) for row in record[2]]

    # ---- becoming an import

    def plan(self) -> Plan | None:
        """Return how the files are read; None where nothing is in them."""
        tables: list[Table] = []
        files: list[str] = []
        for sheet in self.sheets.values():
            sheet.close()
            if sheet.count:
                tables.append(self.table(sheet, len(files)))
                files.append(str(sheet.path))
        return Plan(files=tuple(files), tables=tuple(tables)) if files else None

    def table(self, sheet: Sheet, number: int) -> Table:
        """Return how a table is read: as it was understood the first time."""
        name = sheet.told.name
        if name not in self.plans:
            found = understood(sheet, self.answers)
            self.plans[name] = msgspec.to_builtins(msgspec.structs.replace(found, sources=()))
        told = msgspec.convert(self.plans[name], Table)
        source = _source(sheet.path, number, "jsonl", told.columns)
        return msgspec.structs.replace(told, sources=(source,))

    def corrections(self, known: dict[bytes, Known], now: int) -> tuple[Path | None, dict[bytes, Known]]:
        """Write what changed orders come to beside what was taken, and say what is then known of them."""
        found: list[Row] = []
        learned: dict[bytes, Known] = {}
        for sheet in self.sheets.values():
            if not sheet.changed:
                continue
            for (key, version, _), rows in zip(sheet.changed, self._read(sheet), strict=True):
                before = learned.get(key) or known[key]
                found += corrected(before, version, rows, now)
                net, counted = money(rows)
                learned[key] = Known(version, net, bool(counted or before.counted))
        if not found:
            return None, learned
        path = self.folder / CORRECTIONS
        pq.write_table(pa.Table.from_pylist(found, schema=ROWS), path)
        return path, learned

    def _read(self, sheet: Sheet) -> Iterator[list[Row]]:
        """Yield of each changed record what it would be if it were new."""
        path = self.folder / f"changed-{sheet.path.name}"
        again = Sheet(path, sheet.told)
        for number, (_, _, rows) in enumerate(sheet.changed):
            again.write(rows, number.to_bytes(8, "big"))
        again.close()
        plan = Plan(files=(str(path),), tables=(self.table(again, 0),))
        found: list[list[Row]] = [[] for _ in sheet.changed]
        for batch in read_rows(plan, [path], progress=lambda _: None, rejects=Rejects(None)):
            for row in batch.to_pylist():
                found[int.from_bytes(again.owners[row["row"]] or b"", "big")].append(row)
        yield from found

    def discard(self) -> None:
        """Remove the files."""
        for sheet in self.sheets.values():
            sheet.close()
        for file in self.folder.iterdir():
            file.unlink()
        self.sheets, self.refused = {}, []


def understood(sheet: Sheet, answers: dict[str, Any]) -> Table:
    """Make sense of a table; the key of a table of whole orders is their number."""
    said = sheet.told.answers | {k: v for k, v in answers.items() if v}
    found = detect(sheet.path, **said).main
    key = sheet.told.key
    if (
        found.kind == "orders"
        and len(key) == 1
        and not {"order", "product", "product_name"} & set(found.mapping)
    ):
        said["mapping"] = {**said.get("mapping", {}), "order": key[0]}
        found = detect(sheet.path, **said).main
    return found


def with_corrections(plan: Plan | None, path: Path) -> Plan:
    """Return a plan that reads the corrections, too."""
    files = (*(plan.files if plan else ()), str(path))
    source = _source(path, len(files) - 1, "parquet", tuple(ROWS.names))
    table = Table(sources=(source,), columns=tuple(ROWS.names), kind="rows")
    return Plan(files=files, tables=(*(plan.tables if plan else ()), table))


def _source(path: Path, number: int, form: Any, columns: tuple[str, ...]) -> Source:
    size = path.stat().st_size
    found = Found(number, (), packed=False, format=form, name=path.name, size=size)
    return Source(found, Shape("utf-8" if form == "jsonl" else "", "", 0, columns, headed=True))


def keyed(records: Records) -> Iterator[Keyed]:
    """Yield the records of some rows, those of one record together; without a key every row by itself."""
    if not records.key:
        yield from ((b"", b"", [row]) for row in records.rows)
        return
    for key, rows in groupby(records.rows, lambda row: key_of(records.name, records.key, row)):
        told = list(rows)
        yield key, version_of(told), told


def safe(name: str) -> str:
    """Return a name that any file system takes."""
    return re.sub(r"[^\w.\-]+", "_", name).strip(".")[:80] or "table"
