"""Tables as files that people open in spreadsheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ganj.errors import BadFile
from ganj.text import Text

_STARTS = re.compile(r"[=+\-@\t\r\n\x00＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[\d\s.,]+")


class NotReadable(BadFile):
    """A file that was named and cannot be read. Facts: ``path``, ``why``."""

    says = Text("{path} cannot be read: {why}", "{path} خوانده نمی‌شود: {why}")
    hint = Text("Check the name and who may read it.", "نام فایل و اجازهٔ خواندنش را بررسی کنید.")


def content(path: Path) -> bytes:
    """Return what a file holds.

    Raises
    ------
    NotReadable
        It is not there, or not for us.
    """
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise NotReadable(path=str(path), why=wrong.strerror or "") from wrong


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, rtl: bool = False) -> None:
    """Write an Excel file where the name ends so, else CSV."""
    if path.suffix.lower() == ".xlsx":
        write_excel(path, columns, rows, rtl=rtl)
    else:
        write_csv(path, columns, rows)


def write_excel(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, rtl: bool) -> None:
    """Write one sheet; texts are written as texts, so none of them can be a formula or a link."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        if rtl:
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name, bold)
        for line, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                _cell(sheet, line, at, value)


def _cell(sheet: Any, line: int, at: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, at, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, at, value)
    else:
        sheet.write_string(line, at, str(value))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write CSV with a byte order mark, by which spreadsheets know Persian letters."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([calm(name) for name in columns])
        out.writerows([calm(value) for value in row] for row in rows)


def calm(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    if isinstance(value, str) and _STARTS.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return "" if value is None else value
