"""Lines that cannot be loaded, kept with the reason until someone looks at them.

They follow from the log: the same bad line is found again when everything is made anew, under the same name.  What a
person had stored after all is noted in the log, too, and is not listed again.

A storm of them must cost the good source beside it nothing worth telling: all are counted, many at once; only the
newest of each source in a load are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import DAY, Array
from ganj.kernels.grouping import different
from ganj.store.collected.lines import UNREADABLE, Bad, Lines

MOST = 10_000
"""Rejected lines of a source that are kept to be looked at; all stay in the log, and are counted."""
EACH = 1_000
"""Those of a source that one load adds."""
LONGEST = 64_000
"""Bytes of a line that are kept here."""


class Why(msgspec.Struct, gc=False):
    """What a line of the kind ``rejected`` says of its reason."""

    reason: str = ""
    code: str = ""


_WHY = msgspec.json.Decoder(Why)


class Rejects:
    """Rows of the table ``rejected`` of one load.

    Attributes
    ----------
    counts : by source and day received: how many, those too that are not kept, and µs when the last was received
    """

    def __init__(self) -> None:
        self._rows: list[tuple[bytes, str, int, str]] = []  # line, source, received, code
        self.counts: dict[tuple[str, int], tuple[int, int]] = {}

    def __len__(self) -> int:
        """Return how many there are, those too that are only counted."""
        return sum(count for count, _ in self.counts.values())

    def unread(self, bad: Iterable[Bad]) -> None:
        """Add lines that cannot be read."""
        for one in bad:
            source, received = _told(one.line, one.code)
            self._count(source, received // DAY, one.count, received)
            if one.line is not None:
                self._rows.append((one.line, source, received, one.code))

    def refused(self, lines: Lines) -> None:
        """Add messages that the collection API could not take, with the reason it gave."""
        self._add(lines, partial(_why, lines))

    def off_plan(self, lines: Lines, codes: Sequence[str]) -> None:
        """Add events that break a rule of the tracking plan, each with its code."""
        self._add(lines, codes.__getitem__)

    def _add(self, lines: Lines, code: Callable[[int], str]) -> None:
        """Count lines that can be read, and keep the newest; ``code`` says why by a line's place."""
        for source, rows in _by_source(lines):
            newest = rows[np.argsort(lines.received[rows], kind="stable")]
            days, first = np.unique(lines.received[newest] // DAY, return_index=True)
            for day, some in zip(days.tolist(), np.split(newest, first[1:]), strict=True):
                self._count(source, day, len(some), int(lines.received[some[-1]]))
            self._rows += [
                (lines.bytes(row), source, int(lines.received[row]), code(row))
                for row in newest[-EACH:].tolist()
            ]

    def _count(self, source: str, day: int, count: int, last: int) -> None:
        before, latest = self.counts.get((source, day), (0, 0))
        self.counts[source, day] = before + count, max(latest, last)

    def table(self) -> pa.Table:
        """Return what is kept as it is stored."""
        line, source, received, code = zip(*self._rows, strict=True)
        return pa.table(
            {
                "id": [blake2b(one, digest_size=10).hexdigest() for one in line],
                "source": source,
                "received": pa.array(received, pa.int64()),
                "code": code,
                "line": [one[:LONGEST].decode("utf-8", "replace") for one in line],
            }
        )


def _by_source(lines: Lines) -> Iterator[tuple[str, Array]]:
    """Yield each source and its lines, in order."""
    first, place = different(lines.hash("w"))
    for number, source in enumerate(lines.texts("w", first)):
        yield source or "", np.flatnonzero(place == number)


def _told(line: bytes | None, code: str) -> tuple[str, int]:
    """Return the source of a line that is not as it should be and when it was received, as far as it says so."""
    if line is None or code == UNREADABLE:
        return "", 0
    told: dict[str, Any] = {}
    try:
        found = msgspec.json.decode(line)
        told = found if isinstance(found, dict) else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    source, received = told.get("w"), told.get("r")
    known = isinstance(received, int) and 0 < received < 1 << 60
    return source if isinstance(source, str) else "", received if known else 0


def _why(lines: Lines, row: int) -> str:
    """Return the reason that a line of the kind ``rejected`` gives."""
    begin, end = lines.field("p")[0][row].tolist()
    try:
        told = _WHY.decode(lines.data[begin:end].tobytes())
    except msgspec.DecodeError:
        told = Why()
    return told.reason or told.code or lines.texts("e", np.array([row]))[0] or "bad_field"
