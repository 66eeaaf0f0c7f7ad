"""Lines that cannot be loaded, kept with the reason until someone looks at them.

They follow from the log: the same bad line is found again when everything is made anew, under the same name.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import Any

import msgspec
import pyarrow as pa

from ganj.histories import DAY
from ganj.log import Line
from ganj.store.collected.lines import Bad


class Rejects:
    """Rows of the table ``rejected`` of one load."""

    MOST = 10_000
    """Rejected lines that are kept to be looked at; all stay in the log, and are counted."""
    LONGEST = 64_000
    """Bytes of a line that are kept here."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, int, str, str]] = []

    def line(self, bad: Bad) -> None:
        """Add a line that cannot be read."""
        told: dict[str, Any] = {}
        try:
            found = msgspec.json.decode(bad.line)
            told = found if isinstance(found, dict) else {}
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # what cannot be read says nothing of where it comes from
        source, received = told.get("w"), told.get("r")
        self._add(
            bad.line,
            source if isinstance(source, str) else "",
            received if isinstance(received, int) and 0 < received < 1 << 60 else 0,
            bad.code,
        )

    def refused(self, line: Line, raw: bytes) -> None:
        """Add a message that the collection API could not take, with the reason it gave."""
        told = line.p if isinstance(line.p, dict) else {}
        code = told.get("reason") or told.get("code") or line.e or "bad_field"
        self._add(raw, line.w, line.r, str(code))

    def off_plan(self, line: Line, raw: bytes, code: str) -> None:
        """Add an event that breaks a rule of the tracking plan."""
        self._add(raw, line.w, line.r, code)

    def _add(self, line: bytes, source: str, received: int, code: str) -> None:
        name = blake2b(line, digest_size=10).hexdigest()
        self.rows.append((name, source, received, code, line[: self.LONGEST].decode("utf-8", "replace")))

    def counts(self) -> dict[tuple[str, int], int]:
        """Count by source and the day they were received, µs of its begin."""
        return Counter((source, received // DAY * DAY) for _, source, received, *_ in self.rows)

    def table(self) -> pa.Table:
        """Return the rows as they are stored."""
        columns = ("id", "source", "received", "code", "line")
        return pa.table(dict(zip(columns, map(list, zip(*self.rows, strict=True)), strict=True)))
