"""Rows out of an event log in XES (IEEE 1849, and 1.0): one row an event.

The document is read as it streams by: nothing of it is kept but the event at hand.  A document that
declares a type or entities is refused, so none can grow while it is read or name another file.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

import pyarrow as pa

from ganj.intake.archive import Guarded
from ganj.intake.errors import Damaged, LineTooLong, NothingToRead, NotRows, TooManyColumns
from ganj.intake.limits import MB, Limits

ROWS = 1 << 14
LOOKED_AT = 5_000
"""Events whose attributes name the columns."""
SIMPLE = frozenset({"string", "date", "int", "float", "boolean", "id"})
NAME, WHEN = "concept:name", "time:timestamp"
OWNER, CASE, ACTIVITY, TIME = "customer_id", "case", "activity", "time"
"""Columns that every log has: the trace's customer, the trace, what was done, when."""
Row = dict[str, str]


def columns(stream: Guarded, limits: Limits) -> tuple[str, ...]:
    """Return the columns that the first events use.

    Raises
    ------
    NothingToRead, TooManyColumns
        There is no event; or too many different attributes.
    """
    names = dict.fromkeys((OWNER, CASE, ACTIVITY, TIME))
    some = False
    for count, row in enumerate(events(stream, limits)):
        some = True
        names |= dict.fromkeys(row)
        if count >= LOOKED_AT or len(names) > limits.columns:
            break
    if not some:
        raise NothingToRead.at(stream.called)
    if len(names) > limits.columns:
        raise TooManyColumns.at(stream.called, columns=len(names), limit=limits.columns)
    return tuple(names)


def batches(stream: Guarded, names: tuple[str, ...], limits: Limits) -> Iterator[pa.RecordBatch]:
    """Yield the events: columns ``c0`` … of strings."""
    schema = pa.schema([(f"c{n}", pa.string()) for n in range(len(names))])
    rows: list[Row] = []
    for row in events(stream, limits):
        rows.append(row)
        if len(rows) >= ROWS:
            yield _batch(rows, names, schema)
            rows = []
    if rows:
        yield _batch(rows, names, schema)


def _batch(rows: list[Row], names: tuple[str, ...], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array([row.get(name) or None for row in rows], pa.string()) for name in names]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def events(stream: Guarded, limits: Limits) -> Iterator[Row]:
    """Yield the events of a log, each with the attributes of its trace.

    Raises
    ------
    Damaged, NotRows, LineTooLong
        The document is not well formed; it declares a type or entities; one tag of it is too long.
    """
    log = _Log()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = log.begun, log.ended
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refused
    read = -1
    try:
        while data := stream.read(MB):
            parser.Parse(data, False)
            yield from log.taken()
            read += len(data)
            if read - parser.CurrentByteIndex > limits.line + MB:
                raise LineTooLong.at(stream.called, limit=limits.line)
        parser.Parse(b"", True)
    except expat.ExpatError as mistake:
        raise Damaged.at(stream.called, detail=str(mistake)) from mistake
    except _Declared as mistake:
        raise NotRows.at(stream.called, kind="XML with a DOCTYPE") from mistake
    yield from log.taken()


class _Declared(Exception):
    """The document declares a type or an entity."""


def _refused(*_: object) -> None:
    raise _Declared


class _Log:
    """The place in a log: attributes lie one below their trace or event; deeper ones are left out."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.trace: Row = {}
        self.event: Row = {}
        self.done: list[Row] = []

    def begun(self, tag: str, said: dict[str, str]) -> None:
        """Take a tag's beginning."""
        tag = tag.rpartition(":")[2]
        above = self.path[-1] if self.path else ""
        if tag == "trace":
            self.trace = {}
        elif tag == "event":
            self.event = {}
        elif tag in SIMPLE and above in ("trace", "event") and "key" in said:
            (self.trace if above == "trace" else self.event)[said["key"]] = said.get("value", "")
        self.path.append(tag)

    def ended(self, tag: str) -> None:
        """Take a tag's end."""
        self.path.pop()
        if tag.rpartition(":")[2] == "event":
            self.done.append(self._row())

    def _row(self) -> Row:
        case, activity = self.trace.get(NAME, ""), self.event.get(NAME, "")
        row = {
            OWNER: self.trace.get(OWNER, case),
            CASE: case,
            ACTIVITY: activity,
            TIME: self.event.get(WHEN, ""),
        }
        row |= {f"case:{key}": value for key, value in self.trace.items() if key not in (NAME, OWNER)}
        return row | {key: value for key, value in self.event.items() if key not in (NAME, WHEN)}

    def taken(self) -> list[Row]:
        """Return the events since the last time."""
        done, self.done = self.done, []
        return done
