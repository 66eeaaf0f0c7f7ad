"""One way to read every format: sources in, batches of text cells out, and a sample of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from ganj.intake import accesslog, csv, excel, jsonl, parquet, xes
from ganj.intake.archive import Found, Guarded, opened, whole
from ganj.intake.errors import NothingToRead
from ganj.intake.limits import LIMITS, MB, Limits
from ganj.intake.plan import Source
from ganj.intake.sniff import HEADER_WITHIN, LOOKED_AT, Shape, distinct, header_of, shape_of
from ganj.text import Text

STREAMED = frozenset({"csv", "jsonl", "xes", "access"})
"""Formats that are read once from the beginning; the others are gone through back and forth."""
Told = Callable[[int], None]
"""Called with the bytes gone through so far."""


def sources(path: Path, found: Found, limits: Limits = LIMITS) -> Iterator[Source]:
    """Yield a file's tables and how each is cut: one, but for workbooks.

    Raises
    ------
    NothingToRead
        There is not one row.
    """
    if found.format == "excel":
        yield from _sheets(path, found, limits)
    elif found.format == "parquet":
        with whole(path, found, limits) as stream:
            file = parquet.opened(stream, found.name, limits)
            if file.metadata.num_rows == 0:
                raise NothingToRead.at(found.name)
            yield Source(found, Shape("", "", 0, distinct(file.schema_arrow.names), headed=True))
    elif found.format == "jsonl":
        with opened(path, found, limits) as stream:
            names = jsonl.columns(stream, limits)
        yield Source(found, Shape("utf-8", "", 0, names, headed=True))
    elif found.format == "xes":
        with opened(path, found, limits) as stream:
            names = xes.columns(stream, limits)
        yield Source(found, Shape("utf-8", "", 0, names, headed=True))
    elif found.format == "access":
        yield Source(found, Shape("utf-8", "", 0, accesslog.COLUMNS, headed=True))
    else:
        yield _text(path, found, limits)


def _text(path: Path, found: Found, limits: Limits) -> Source:
    with opened(path, found, limits) as stream:
        head = b""
        while len(head) <= limits.line and (data := stream.read(MB)):
            head += data
            if len(head) >= MB and (head.count(b"\n") > LOOKED_AT or head.count(b"\r") > LOOKED_AT):
                break
        complete = len(head) <= limits.line and not stream.read(1)
    return Source(found, shape_of(head, found.name, limits, complete=complete))


def _sheets(path: Path, found: Found, limits: Limits) -> Iterator[Source]:
    some = False
    for sheet, rows in _glances(path, path.stat().st_mtime_ns, found, limits).items():
        told = [[excel.text_of(cell) or "" for cell in row] for row in rows[: HEADER_WITHIN * 2]]
        at, columns = header_of(told)
        if columns and len(rows) > (at if at is not None else -1) + 1:
            some = True
            yield Source(found, Shape("", "", 0 if at is None else at + 1, columns, at is not None), sheet)
    if not some:
        raise NothingToRead.at(found.name)


@lru_cache(maxsize=1)
def _glances(path: Path, changed: int, found: Found, limits: Limits) -> dict[str, list[list[Any]]]:
    """Return a glance at every sheet; kept for the sample that is asked for next."""
    del changed
    with whole(path, found, limits) as stream:
        book = excel.workbook(stream, found.name, limits)
        return {sheet: excel.glance(book, sheet, found.name) for sheet in excel.sheets(book)}


def cells(
    path: Path, source: Source, ragged: csv.Ragged, told: Told, limits: Limits = LIMITS
) -> Generator[pa.RecordBatch]:
    """Yield a source's rows as batches of texts ``c0`` …, in bounded memory."""
    found, shape = source.found, source.shape
    if found.format in STREAMED:
        with opened(path, found, limits) as stream:
            for batch in _streamed(stream, source, ragged, limits):
                told(_packed(stream.count, found))
                yield batch
    elif found.format == "parquet":
        with whole(path, found, limits) as stream:
            yield from parquet.batches(parquet.opened(stream, found.name, limits), found.name)
    else:
        with whole(path, found, limits) as stream:
            book = excel.workbook(stream, found.name, limits)
            yield from excel.batches(book, source.sheet, shape.skip, len(shape.columns))
    told(found.size)


def _streamed(
    stream: Guarded, source: Source, ragged: csv.Ragged, limits: Limits
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of what is read from its beginning to its end."""
    columns = source.shape.columns
    if source.found.format == "jsonl":
        return jsonl.batches(stream, columns, ragged, limits)
    if source.found.format == "xes":
        return xes.batches(stream, columns, limits)
    if source.found.format == "access":
        return accesslog.batches(stream, ragged, limits)
    return csv.batches(stream, source.shape, ragged, limits)


def _packed(count: int, found: Found) -> int:
    """Guess how far a packed file is: its unpacked size is not known."""
    return count if not (found.packed or found.inside) else min(count // 6, found.size)


def ignore(text: str, why: Text, code: str = "") -> None:
    """Leave a row that fits no columns out of a sample."""
    del text, why, code


def sample(
    path: Path, source: Source, most: int = 64 * MB, head: int = 20_000, limits: Limits = LIMITS
) -> pa.Table:
    """Return the first rows and then some of every batch, up to ``most`` bytes."""
    if source.found.format == "excel":
        seen = _glances(path, path.stat().st_mtime_ns, source.found, limits)[source.sheet][
            source.shape.skip :
        ]
        return pa.Table.from_batches([excel.batch_of(seen, len(source.shape.columns))])
    parts: list[pa.RecordBatch] = []
    taken = 0
    gone = [0]

    def told(count: int) -> None:
        gone[0] = count

    for batch in cells(path, source, ignore, told, limits):
        part = batch.slice(0, max(500, head - taken))
        parts.append(part)
        taken += len(part)
        if gone[0] > most or taken > 5 * head:
            break
    if not taken:
        raise NothingToRead.at(source.name)
    return pa.Table.from_batches(parts)
