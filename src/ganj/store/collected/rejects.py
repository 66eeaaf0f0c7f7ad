"""Lines that cannot be loaded, kept with the reason until someone looks at them.

They follow from the log: the same bad line is found again when everything is made anew, under the same name.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import DAY
from ganj.kernels.grouping import different
from ganj.log import Line
from ganj.store.collected.lines import UNREADABLE, Bad, Lines


class Why(msgspec.Struct, gc=False):
    """What a line of the kind ``rejected`` says of its reason."""

    reason: str = ""
    code: str = ""


_WHY = msgspec.json.Decoder(Why)


class Rejects:
    """Rows of the table ``rejected`` of one load.

    Attributes
    ----------
    rows : the lines that may be kept

    Notes
    -----
    In a storm almost none of them is kept for long: only what can be is named and made a text.  What is known of
    each lies in lists of plain values, so that a storm gives the collector of garbage nothing to look through.
    """

    MOST = 10_000
    """Rejected lines that are kept to be looked at; all stay in the log, and are counted."""
    LONGEST = 64_000
    """Bytes of a line that are kept here."""

    def __init__(self) -> None:
        self.rows: list[bytes] = []
        self._sources: list[str] = []
        self._received: list[int] = []
        self._codes: list[str] = []
        self._counted: Counter[tuple[str, int]] = Counter()

    def __len__(self) -> int:
        """Return how many there are, those too that are only counted."""
        return len(self.rows) + self._counted.total()

    def line(self, bad: Bad) -> None:
        """Add a line that cannot be read."""
        if bad.code == UNREADABLE:  # says nothing of where it comes from
            self._add(bad.line, "", 0, bad.code)
            return
        told: dict[str, Any] = {}
        try:
            found = msgspec.json.decode(bad.line)
            told = found if isinstance(found, dict) else {}
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
        source, received = told.get("w"), told.get("r")
        self._add(
            bad.line,
            source if isinstance(source, str) else "",
            received if isinstance(received, int) and 0 < received < 1 << 60 else 0,
            bad.code,
        )

    def refused(self, lines: Lines) -> None:
        """Add messages that the collection API could not take, with the reason it gave; no more than may be kept."""
        newest = np.argsort(lines.received, kind="stable")
        kept = lines.at(np.sort(newest[-self.MOST :]))
        span, _ = kept.field("p")
        sources = _sources(kept)
        for row, (received, begin, end) in enumerate(
            zip(kept.received.tolist(), span[:, 0].tolist(), span[:, 1].tolist(), strict=True)
        ):
            self._add(kept.bytes(row), sources[row], received, _why(kept, row, begin, end))
        rest = lines.at(np.sort(newest[: -self.MOST]))
        days = (rest.received // DAY * DAY).tolist()
        self._counted.update(zip(_sources(rest), days, strict=True))

    def off_plan(self, line: Line, raw: bytes, code: str) -> None:
        """Add an event that breaks a rule of the tracking plan."""
        self._add(raw, line.w, line.r, code)

    def _add(self, line: bytes, source: str, received: int, code: str) -> None:
        self.rows.append(line)
        self._sources.append(source)
        self._received.append(received)
        self._codes.append(code)

    def counts(self) -> dict[tuple[str, int], int]:
        """Count by source and the day they were received, µs of its begin."""
        days = (np.array(self._received, np.int64) // DAY * DAY).tolist()
        return self._counted + Counter(zip(self._sources, days, strict=True))

    def table(self) -> pa.Table:
        """Return the newest rows as they are stored; there are no more than may be kept."""
        received = np.array(self._received, np.int64)
        kept = np.sort(np.argsort(received, kind="stable")[-self.MOST :]).tolist()
        lines = [self.rows[row] for row in kept]
        return pa.table(
            {
                "id": [blake2b(line, digest_size=10).hexdigest() for line in lines],
                "source": [self._sources[row] for row in kept],
                "received": received[kept],
                "code": [self._codes[row] for row in kept],
                "line": [line[: self.LONGEST].decode("utf-8", "replace") for line in lines],
            }
        )


def _sources(lines: Lines) -> list[str]:
    """Return the source of each line."""
    first, place = different(lines.hash("w"))
    words = [word or "" for word in lines.texts("w", first)]
    return [words[one] for one in place.tolist()]


def _why(lines: Lines, row: int, begin: int, end: int) -> str:
    """Return the reason that a line of the kind ``rejected`` gives, of which ``p`` lies between two places."""
    try:
        told = _WHY.decode(lines.data[begin:end].tobytes())
    except msgspec.DecodeError:
        told = Why()
    return told.reason or told.code or lines.texts("e", np.array([row]))[0] or "bad_field"
