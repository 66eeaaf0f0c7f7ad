"""The last lines of the log: what comes in, as it comes in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from ganj.log import Line, decode
from ganj.log.reading import segments

if TYPE_CHECKING:
    from ganj.workspace import Workspace

LOOKED_AT = 256 * 1024
"""Bytes at the end of each file that are looked at."""
FILES = 6
"""Files of the log that are looked at, the newest."""
PACKED = 2
"""Packed files that are looked at where the others hold too little: unpacking one takes a moment."""


def tail(workspace: Workspace, source: str = "", limit: int = 50) -> list[Line]:
    """Return the newest lines of the log, newest first, of one source or all; of packed files the last few only."""
    files = segments(workspace.folder / "log")
    plain = [one.path for one in files if one.state != "archived"][-FILES:]
    found = [line for path in plain for line in _last(path) if not source or line.w == source]
    for packed in reversed([one.path for one in files if one.state == "archived"][-PACKED:]):
        if len(found) >= limit:
            break
        found += [line for line in _packed(packed) if not source or line.w == source]
    return sorted(found, key=lambda line: -line.r)[:limit]


def _last(path: Path) -> tuple[Line, ...]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            begin = max(size - LOOKED_AT, 0)
            file.seek(begin)
            data = file.read()
    except OSError:  # packed or removed meanwhile
        return ()
    return _lines(data, whole=not begin)


@lru_cache(maxsize=2 * PACKED)
def _packed(path: Path) -> tuple[Line, ...]:
    """Return the last lines of a packed file, which never changes."""
    data = b""
    try:
        with pa.input_stream(str(path), compression="zstd") as file:
            while part := file.read(4 * LOOKED_AT):
                data = (data + part)[-LOOKED_AT:]
    except OSError:
        return ()
    return _lines(data, whole=len(data) < LOOKED_AT)


def _lines(data: bytes, *, whole: bool) -> tuple[Line, ...]:
    lines = data.split(b"\n")[0 if whole else 1 :]
    return tuple(line for text in lines if text.startswith(b'{"m":') and (line := _line(text)) is not None)


def _line(text: bytes) -> Line | None:
    try:
        return decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None  # cut off at the beginning of what is looked at, or being written
