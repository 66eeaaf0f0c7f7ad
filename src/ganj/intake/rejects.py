"""Rows that are set aside: kept in their own columns, with the reason, for mending and importing again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from ganj.text import Text

FIRST = 20  # kept in memory of each reason, for showing
REASON = Text("Reason", "دلیل")
REASONS_HEADER = f"{REASON.fa} | {REASON.en}"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
REASONS = {
    "blank": Text("The row is empty.", "سطر خالی است."),
    "header": Text("The row repeats the header.", "سطر تکرار سرستون است."),
    "ragged": Text("The row has too many or too few cells.", "شمار خانه‌های سطر درست نیست."),
    "unreadable": Text("«{column}» cannot be read.", "«{column}» خواندنی نیست."),
    "missing": Text("«{column}» is empty.", "«{column}» خالی است."),
}


class Reject:
    """One kind of reason, and its first rows."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        self.count = 0
        self.first: list[tuple[str | None, ...]] = []


class Rejects:
    """Collects the rows set aside during one reading.

    Parameters
    ----------
    path
        Where they are written as CSV, one block of columns for each table; None keeps only the counts and
        the first of each reason.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.reasons: dict[str, Reject] = {}
        self.columns: tuple[str, ...] = ()
        self._file: IO[str] | None = None

    @property
    def count(self) -> int:
        """How many rows were set aside."""
        return sum(reject.count for reject in self.reasons.values())

    def begin(self, columns: Sequence[str]) -> None:
        """Start a table with other columns."""
        if self.columns and self.columns != tuple(columns) and self._file:
            csv.writer(self._file).writerow([])
            self._header(columns)
        self.columns = tuple(columns)

    def take(self, cells: pa.RecordBatch, reasons: pa.Array, columns: dict[str, str]) -> None:
        """Keep the rows of a batch that have a reason; ``columns`` names the column of each field."""
        lost = pc.is_valid(reasons)
        if not pc.any(lost).as_py():
            return
        rows = zip(*(column.to_pylist() for column in cells.filter(lost).columns), strict=True)
        for row, code in zip(rows, reasons.filter(lost).to_pylist(), strict=True):
            self.add(code, row, columns)

    def ragged(self, text: str, why: Text, code: str = "") -> None:
        """Keep a row that fits no columns: of the wrong length, or, where it has a code, for the reason itself.

        Without a text it is only counted.
        """
        reason = why if code else REASONS["ragged"].map(f" ({why.en})", f" ({why.fa})")
        self._keep(code or "ragged", (text,) if text else (), reason)

    def add(self, code: str, row: tuple[str | None, ...], columns: dict[str, str]) -> None:
        """Keep one row under ``blank``, ``header``, ``unreadable:FIELD`` or ``missing:FIELD``."""
        kind, _, field = code.partition(":")
        column = columns.get(field, field)
        reason = REASONS[kind]
        self._keep(
            code, row, Text(reason.en.replace("{column}", column), reason.fa.replace("{column}", column))
        )

    def _keep(self, code: str, row: tuple[str | None, ...], reason: Text) -> None:
        reject = self.reasons.setdefault(code, Reject(reason))
        reject.count += 1
        if row and len(reject.first) < FIRST:
            reject.first.append(row)
        if self.path is not None and any(row):
            self._write(row, reason)

    def _write(self, row: tuple[str | None, ...], reason: Text) -> None:
        if self._file is None and self.path is not None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._header(self.columns)
        padded = [*map(harmless, row), *[""] * (len(self.columns) - len(row))]
        csv.writer(self._file).writerow([*padded, f"{reason.fa} | {reason.en}"])  # type: ignore[arg-type]  # is open

    def _header(self, columns: Sequence[str]) -> None:
        csv.writer(self._file).writerow([*map(harmless, columns), REASONS_HEADER])  # type: ignore[arg-type]  # is open

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def table(self) -> list[dict[str, Any]]:
        """Return each reason with its count and first rows, the most frequent first."""
        ordered = sorted(self.reasons.values(), key=lambda reject: -reject.count)
        return [{"reason": reject.reason, "count": reject.count, "first": reject.first} for reject in ordered]


def workbook(kept: Path, path: Path) -> None:
    """Write the rows set aside as a workbook, every cell as text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with kept.open(encoding="utf-8-sig", newline="") as rows, xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(csv.reader(rows)):
            for place, cell in enumerate(row):
                sheet.write_string(at, place, cell.removeprefix("'"))


def harmless(cell: str | None) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers with a sign stay numbers."""
    text = cell or ""
    if text.startswith(FORMULA) and not text[1:].replace(".", "", 1).replace(",", "").isdigit():
        return "'" + text
    return text
