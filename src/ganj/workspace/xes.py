"""Event logs out: the rows of a journey as XES (IEEE 1849-2016), for process mining tools."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pyarrow as pa

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="trace"><string key="concept:name" value=""/></global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
"""
TRACE = "  <trace>\n"
OF_TRACE = "case:"
"""What attributes of a whole trace begin with; its first event tells them."""
NUMBER = re.compile(r"-?\d+\.\d+")
FIXED = ("customer", "case", "activity", "time")
Row = dict[str, Any]


def write(parts: Iterable[pa.Table], path: Path) -> int:
    """Write the rows of a `ganj.miners.journey.Journey` as an event log; returns how many traces it has.

    Parameters
    ----------
    parts : tables of customer, case, activity, time, attributes; case by case: ``mined.parts()``
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        return sum(1 for piece in pieces(parts) if file.write(piece) and piece.startswith(TRACE))


def pieces(parts: Iterable[pa.Table]) -> Iterator[str]:
    """Yield an event log piece by piece: its head, each trace, its end."""
    yield HEAD
    for (customer, case), rows in groupby(_rows(parts), key=itemgetter("customer", "case")):
        head = f'{TRACE}    <string key="concept:name" value={_quoted(case)}/>\n'
        # a bare 0 would be no one's identifier where the log is read again
        head += f'    <string key="customer_id" value="customer-{customer}"/>\n'
        events = list(rows)
        head += "".join(f"    {one}\n" for one in _attributes(events[0], of_trace=True))
        yield head + "".join(map(_event, events)) + "  </trace>\n"
    yield "</log>\n"


def _rows(parts: Iterable[pa.Table]) -> Iterator[Row]:
    for part in parts:
        times = pa.compute.strftime(part["time"], format="%Y-%m-%dT%H:%M:%SZ")
        yield from part.set_column(part.column_names.index("time"), "time", times).to_pylist()


def _event(row: Row) -> str:
    told = "".join(_attributes(row, of_trace=False))
    return (
        f'    <event><string key="concept:name" value={_quoted(row["activity"])}/>'
        f'<date key="time:timestamp" value="{row["time"]}"/>{told}</event>\n'
    )


def _attributes(row: Row, *, of_trace: bool) -> Iterator[str]:
    """Yield what a row says beside the columns every log has: numbers as numbers, all else as text."""
    for name, value in row.items():
        if name in FIXED or value is None or name.startswith(OF_TRACE) != of_trace:
            continue
        tag, text = _typed(str(value))
        key = name.removeprefix(OF_TRACE).removeprefix("event.")
        yield f"<{tag} key={_quoted(key)} value={_quoted(text)}/>"


def _typed(text: str) -> tuple[str, str]:
    """Return the kind of a value and how it is written: numbers are kept with a point, so what has none is a text."""
    whole, point, rest = text.partition(".")
    if not point or not NUMBER.fullmatch(text):
        return "string", text
    return ("int", whole) if rest == "0" else ("float", text)


def _quoted(text: str) -> str:
    """Quote a text; characters that XML cannot hold become a replacement mark."""
    return quoteattr("".join(letter if letter >= " " or letter in "\t\n\r" else "\ufffd" for letter in text))
