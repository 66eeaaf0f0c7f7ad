"""Lines that cannot be loaded, kept with the reason until someone looks at them.

They follow from the log: the same bad line is found again when everything is made anew, under the same name.  What a
person had stored after all is noted in the log, too, and is not listed again.

A storm of them must cost the good source beside it nothing worth telling: all are counted, many at once; only the
newest of each source are looked at one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any

import duckdb
import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import DAY, Array
from ganj.kernels.grouping import different
from ganj.log import MANY, Line
from ganj.store.collected.lines import UNREADABLE, Bad, Lines
from ganj.store.collected.tally import MINUTE
from ganj.store.sql import query

MOST = 10_000
"""Rejected lines of a source that are kept to be looked at; all stay in the log, and are counted."""
SLACK = 2_000
"""By how many there may be too many before the oldest go: throwing some away costs as much as throwing many."""
LATELY = 3_000
"""Lines of a source that are kept of any minute; of more than that …"""
EACH = 50
"""… the newest of each load."""
MENDED = "mended"
"""What a decision is called that names rejected messages which were stored after all: ``ids``."""
LONGEST = 64_000
"""Bytes of a line that are kept here."""


class Why(msgspec.Struct, gc=False):
    """What a line of the kind ``rejected`` says of its reason."""

    reason: str = ""
    code: str = ""


_WHY = msgspec.json.Decoder(Why)


class Rejects:
    """Rows of the table ``rejected`` of one load.

    Parameters
    ----------
    cursor : inside the load's transaction
    received : int64[n] µs UTC, when what is refused now came

    Attributes
    ----------
    counts : by source and day received: how many, those too that are not kept, and µs when the last was received
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, received: Array) -> None:
        self._cursor = cursor
        since = int(received.max()) - MINUTE if len(received) else 0
        told = cursor.execute(query("rejected_lately"), {"since": since}).fetchall()
        self._kept: Counter[str] = Counter({source: count for source, count, _ in told})
        self._lately = {source: count for source, _, count in told}
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
        many = _are_many(lines)
        for row in np.flatnonzero(many).tolist():
            line = lines.struct(row)
            count = line.p.get("count") if isinstance(line.p, dict) else None
            self._count(line.w, line.r // DAY, count if isinstance(count, int) and count > 0 else 1, line.r)
        kept = lines.at(np.flatnonzero(~many))
        self._add(kept, partial(_why, kept))

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
            most = max(LATELY - self._lately.get(source, 0), EACH)
            self._rows += [
                (lines.bytes(row), source, int(lines.received[row]), code(row))
                for row in newest[-most:].tolist()
            ]

    def _count(self, source: str, day: int, count: int, last: int) -> None:
        before, latest = self.counts.get((source, day), (0, 0))
        self.counts[source, day] = before + count, max(latest, last)

    def keep(self) -> None:
        """Store them; the oldest of a source go when there are too many."""
        self._cursor.register("told", self._table())
        self._cursor.execute(query("new_rejected"))
        self._kept.update(source for _, source, _, _ in self._rows)
        if max(self._kept.values(), default=0) > MOST + SLACK:
            self._cursor.execute(query("fewer_rejected"), {"most": MOST})

    def _table(self) -> pa.Table:
        line, source, received, code = zip(*self._rows, strict=True) if self._rows else ((), (), (), ())
        return pa.table(
            {
                "id": pa.array([name(one) for one in line], pa.string()),
                "source": pa.array(source, pa.string()),
                "received": pa.array(received, pa.int64()),
                "code": pa.array(code, pa.string()),
                "line": pa.array([one[:LONGEST].decode("utf-8", "replace") for one in line], pa.string()),
            }
        )


def name(line: bytes) -> str:
    """Return what a rejected line is called; the same line is called the same when all is made anew."""
    return blake2b(line, digest_size=10).hexdigest()


def mend(cursor: duckdb.DuckDBPyConnection, lines: Iterable[Line]) -> None:
    """Do what decisions say of rejected messages: those that were stored after all are not listed again."""
    for line in lines:
        if isinstance(line.p, dict) and line.p.get("verb") == MENDED:
            told = {"ids": [str(one) for one in line.p.get("ids", ())]}
            for done in ("new_mended", "forgotten_rejected"):
                cursor.execute(query(done), told)


def _are_many(lines: Lines) -> Array:
    """Tell which lines of the kind ``rejected`` only say how many were not taken: bool[n]."""
    begin = lines.field("m")[0][:, :1] + 1
    head = np.frombuffer(MANY.encode(), np.uint8)
    found: Array = (lines.data[begin + np.arange(len(head))] == head).all(axis=1)
    return found


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
    when = received if isinstance(received, int) and 0 < received < 1 << 60 else 0
    return source if isinstance(source, str) else "", when


def _why(lines: Lines, row: int) -> str:
    """Return the reason that a line of the kind ``rejected`` gives."""
    begin, end = lines.field("p")[0][row].tolist()
    try:
        told = _WHY.decode(lines.data[begin:end].tobytes())
    except msgspec.DecodeError:
        told = Why()
    return told.reason or told.code or lines.texts("e", np.array([row]))[0] or "bad_field"
