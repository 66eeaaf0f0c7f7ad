"""Rows out of a web server's access log: one row a page that was shown to a person.

What programs ask for, what pages load, redirects and errors are left out and counted; a line that is none of
an access log is set aside.  A visitor is a number made of address and agent, another one each day; the address
itself stays in the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b

import pyarrow as pa

from ganj.intake.archive import Guarded
from ganj.intake.csv import Ragged
from ganj.intake.errors import LineTooLong, NoVisits
from ganj.intake.limits import MB, Limits
from ganj.intake.requests import LEFT, Asked, left_out, read, visitor
from ganj.log.reasons import REASONS

COLUMNS = ("id", "time", "visitor", "path", "url", "search", "referrer", "status", "bytes", "userAgent")
"""What a row says; `ganj/intake/presets/access_log.json` says what it means."""
UNREAD = "not_an_access_log"
ROWS = 1 << 14
SCHEMA = pa.schema([(f"c{n}", pa.string()) for n in range(len(COLUMNS))])


def batches(stream: Guarded, aside: Ragged, limits: Limits) -> Iterator[pa.RecordBatch]:
    """Yield the page views: columns ``c0`` … of strings; what is left out goes to ``aside``.

    Raises
    ------
    LineTooLong, NoVisits
        A line without an end; or no page was shown to a person.
    """
    rows: list[tuple[str | None, ...]] = []
    some = False
    for raw in _lines(stream, limits):
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        asked = read(text)
        why = left_out(asked) if asked else ""
        if asked is None and text.strip():
            aside(text[:2_000], REASONS[UNREAD], UNREAD)
        elif why:
            aside("", LEFT[why], why)
        elif asked:
            rows.append(_row(asked, raw))
        if len(rows) >= ROWS:
            some = True
            yield _batch(rows)
            rows = []
    if rows:
        yield _batch(rows)
    elif not some:
        raise NoVisits.at(stream.called)


def _lines(stream: Guarded, limits: Limits) -> Iterator[bytes]:
    buffered = io.BufferedReader(stream, MB)
    for raw in iter(lambda: buffered.readline(limits.line), b""):
        if len(raw) >= limits.line:
            raise LineTooLong.at(stream.called, limit=limits.line)
        yield raw


def _row(asked: Asked, raw: bytes) -> tuple[str | None, ...]:
    search = f"?{asked.query}" if asked.query else ""
    return (
        blake2b(raw.strip(), digest_size=8).hexdigest(),
        datetime.fromtimestamp(asked.time / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        asked.user or visitor(asked, "", daily=True),
        asked.path,
        f"https://{asked.host}{asked.path}{search}" if asked.host else None,
        search or None,
        asked.referrer or None,
        str(asked.status),
        str(asked.size),
        asked.agent or None,
    )


def _batch(rows: list[tuple[str | None, ...]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=SCHEMA)
