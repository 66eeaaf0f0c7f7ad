"""Rows out of JSON lines: one object a line; members of members become ``outer.inner``."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

from ganj.intake.archive import Guarded
from ganj.intake.csv import Ragged
from ganj.intake.errors import LineTooLong, NothingToRead, NotText, TooManyColumns
from ganj.intake.limits import MB, Limits
from ganj.text import Text

ROWS = 1 << 14
LOOKED_AT = 2_000
NO_OBJECT = Text("the line is no JSON object", "سطر یک شیء JSON نیست")


def columns(stream: Guarded, limits: Limits) -> tuple[str, ...]:
    """Return the names that the first lines use, in the order they come."""
    names: dict[str, None] = {}
    for count, line in enumerate(lines(stream, limits)):
        row = _object(line)
        names |= dict.fromkeys(row or ())
        if count >= LOOKED_AT or len(names) > limits.columns:
            break
    if len(names) > limits.columns:
        raise TooManyColumns.at(stream.called, columns=len(names), limit=limits.columns)
    if not names:
        raise NothingToRead.at(stream.called)
    return tuple(names)


def batches(
    stream: Guarded, names: tuple[str, ...], ragged: Ragged, limits: Limits
) -> Iterator[pa.RecordBatch]:
    """Yield the rows: columns ``c0`` … of strings; lines that are no object go to ``ragged``."""
    schema = pa.schema([(f"c{n}", pa.string()) for n in range(len(names))])
    rows: list[dict[str, str | None]] = []
    for line in lines(stream, limits):
        row = _object(line)
        if row is None:
            ragged(line.decode(errors="replace"), NO_OBJECT)
        else:
            rows.append(row)
        if len(rows) >= ROWS:
            yield _batch(rows, names, schema)
            rows = []
    if rows:
        yield _batch(rows, names, schema)


def _batch(rows: list[dict[str, str | None]], names: tuple[str, ...], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array([row.get(name) for row in rows], pa.string()) for name in names]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def lines(stream: Guarded, limits: Limits) -> Iterator[bytes]:
    """Yield the lines that hold something."""
    buffer = io.BufferedReader(stream, MB)
    while line := buffer.readline(limits.line + 1):
        if len(line) > limits.line:
            raise LineTooLong.at(stream.called, limit=limits.line)
        if b"\0" in line:
            raise NotText.at(stream.called)
        if line.strip():
            yield line


def _object(line: bytes) -> dict[str, str | None] | None:
    try:
        value = msgspec.json.decode(line.lstrip(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return dict(_flat(value, "")) if isinstance(value, dict) else None


def _flat(value: dict[str, Any], before: str) -> Iterator[tuple[str, str | None]]:
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            yield from _flat(inner, f"{before}{key}.")
        else:
            yield before + key, _text(inner)


def _text(value: Any) -> str | None:
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
