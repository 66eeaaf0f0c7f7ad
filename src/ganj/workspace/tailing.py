"""The last lines of the log: what comes in, as it comes in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ganj.log import Line, decode
from ganj.log.reading import segments

if TYPE_CHECKING:
    from ganj.workspace import Workspace

LOOKED_AT = 256 * 1024
"""Bytes at the end of each file that are looked at."""
FILES = 6
"""Files of the log that are looked at, the newest."""


def tail(workspace: Workspace, source: str = "", limit: int = 50) -> list[Line]:
    """Return the newest lines of the log that are not packed yet, newest first, of one source or all."""
    files = [one.path for one in segments(workspace.folder / "log") if one.state != "archived"][-FILES:]
    found = [line for path in files for line in _last(path) if not source or line.w == source]
    return sorted(found, key=lambda line: -line.r)[:limit]


def _last(path: Path) -> list[Line]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            begin = max(size - LOOKED_AT, 0)
            file.seek(begin)
            data = file.read()
    except OSError:  # packed or removed meanwhile
        return []
    lines = data.split(b"\n")[1 if begin else 0 :]
    return [line for text in lines if text.startswith(b'{"m":') and (line := _line(text)) is not None]


def _line(text: bytes) -> Line | None:
    try:
        return decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None  # cut off at the beginning of what is looked at, or being written
