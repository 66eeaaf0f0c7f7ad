"""Rows out of workbooks: xlsx, xlsb, xls and ods, each sheet a table."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

import pyarrow as pa
import python_calamine as calamine

from ganj.intake.errors import Damaged, Locked, TooManyCells, TooManyColumns
from ganj.intake.limits import MB, Limits

ROWS = 1 << 15
HEAD, SOME = 20_000, 500  # rows of a glance
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
ROW = re.compile(rb'<row\b[^>]*?\br="(\d{1,7})"')
COLUMN = re.compile(rb'\br="([A-Z]{1,3})\d')
HALF_SECOND = dt.timedelta(microseconds=500_000)


def workbook(stream: IO[bytes], name: str, limits: Limits) -> calamine.CalamineWorkbook:
    """Open a workbook; sheets that span more cells than any real one are refused before they are built."""
    _span(stream, name, limits)
    stream.seek(0)
    try:
        return calamine.CalamineWorkbook.from_filelike(stream)
    except calamine.PasswordError as mistake:
        raise Locked.at(name) from mistake
    except (calamine.CalamineError, OSError, ValueError) as mistake:
        raise Damaged.at(name, detail=str(mistake)[:200]) from mistake


def _span(stream: IO[bytes], name: str, limits: Limits) -> None:
    """Measure each sheet's corners; a reader of sheets builds all cells between them."""
    stream.seek(0)
    if not zipfile.is_zipfile(stream):
        return
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            if re.fullmatch(r"/?xl/worksheets/[^/]*\.xml", info.filename):
                with archive.open(info) as sheet:
                    rows, columns = _corners(sheet, name)
                if columns > limits.columns:
                    raise TooManyColumns.at(name, columns=columns, limit=limits.columns)
                if rows * columns > limits.cells:
                    raise TooManyCells.at(name, cells=rows * columns, limit=limits.cells)


def _corners(sheet: IO[bytes], name: str) -> tuple[int, int]:
    """Return the last row and the last column that a sheet's cells name."""
    row, letters, tail = 1, {b"A"}, b""
    try:
        while data := sheet.read(4 * MB):
            text = tail + data
            rows = ROW.findall(text)
            row = max(row, max(map(int, rows), default=1))
            letters.update(COLUMN.findall(text))
            tail = text[-64:]
    except (zipfile.BadZipFile, OSError, EOFError) as mistake:
        raise Damaged.at(name, detail=str(mistake)[:200]) from mistake
    return row, max(map(_number, letters))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def sheets(book: calamine.CalamineWorkbook) -> tuple[str, ...]:
    """List the sheets with cells that a person can see."""
    shown = (calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet)
    return tuple(sheet.name for sheet in book.sheets_metadata if (sheet.visible, sheet.typ) == shown)


def _raw(book: calamine.CalamineWorkbook, sheet: str, name: str) -> Iterator[list[Any]]:
    try:
        yield from book.get_sheet_by_name(sheet).iter_rows()
    except (calamine.CalamineError, calamine.WorksheetNotFound, ValueError) as mistake:
        raise Damaged.at(name, detail=str(mistake)[:200]) from mistake


def glance(book: calamine.CalamineWorkbook, sheet: str, name: str) -> list[list[Any]]:
    """Return a sheet's first rows and then some of every chunk: loading a sheet is dear and done once."""
    cells = _raw(book, sheet, name)
    found = list(islice(cells, HEAD))
    while chunk := list(islice(cells, ROWS)):
        found += chunk[:SOME]
    return found


def batches(book: calamine.CalamineWorkbook, sheet: str, skip: int, width: int) -> Iterator[pa.RecordBatch]:
    """Yield a sheet's rows below its header: columns ``c0`` … of strings."""
    cells = islice(_raw(book, sheet, sheet), skip, None)
    while chunk := list(islice(cells, ROWS)):
        yield batch_of(chunk, width)


def batch_of(chunk: Sequence[Sequence[Any]], width: int) -> pa.RecordBatch:
    """Return rows of cells as columns of text."""
    columns = list(zip(*chunk, strict=True))[:width]
    columns += [()] * (width - len(columns))
    arrays = [_column(column, len(chunk)) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, names=[f"c{n}" for n in range(width)])


def _column(cells: Sequence[Any], length: int) -> pa.Array:
    """Return one column of a chunk as text; columns of one plain type take a shorter way."""
    if not cells:
        return pa.nulls(length, pa.string())
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return pa.array([cell or None for cell in cells], pa.string())
    return pa.array(list(map(text_of, cells)), pa.string())


def text_of(cell: Any) -> str | None:
    """Return a cell as the text a CSV of the same sheet would hold."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        # a sheet counts in fractions of days: the last digits of a second are noise
        return (cell + HALF_SECOND).replace(microsecond=0).isoformat(" ")
    return None if cell is None else str(cell)
