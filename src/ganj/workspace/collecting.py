"""Events in: what ganj's own features tell goes the way of all events."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ganj.log import Line, Writer, encode

if TYPE_CHECKING:
    from ganj.workspace import Workspace


class Collecting:
    """The way into the log for ganj's own features; a file of the log is begun when first something is told."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._writer: Writer | None = None
        self._lock = threading.Lock()

    def collect(self, lines: Sequence[Line], source: str) -> None:
        """Append events to the log and return when they are on disk.

        Raises
        ------
        LogFull, LogUnwritable
            They are not kept.
        """
        if not lines:
            return
        told = [line if line.w else msgspec.structs.replace(line, w=source) for line in lines]
        with self._lock:
            if self._writer is None:
                self._writer = Writer(self._workspace.folder / "log")
            writer = self._writer
        writer.append(encode(told))

    def close(self) -> None:
        """Close the file of the log."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
