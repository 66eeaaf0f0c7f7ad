"""Event logs out: the rows of a journey as XES (IEEE 1849-2016), for process mining tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
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
Row = tuple[int, str, str, str]


def write(parts: Iterable[pa.Table], path: Path) -> int:
    """Write the rows of a `ganj.miners.journey.Journey` as an event log; returns how many traces it has.

    Parameters
    ----------
    parts : tables of customer, case, activity, time; case by case: ``mined.parts()``
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        return sum(1 for piece in pieces(parts) if file.write(piece) and piece.startswith(TRACE))


def pieces(parts: Iterable[pa.Table]) -> Iterator[str]:
    """Yield an event log piece by piece: its head, each trace, its end."""
    yield HEAD
    for (customer, case), rows in groupby(_rows(parts), key=lambda row: row[:2]):
        head = f'{TRACE}    <string key="concept:name" value={_quoted(case)}/>\n'
        # a bare 0 would be no one's identifier where the log is read again
        head += f'    <string key="customer_id" value="customer-{customer}"/>\n'
        yield head + "".join(_event(activity, when) for _, _, activity, when in rows) + "  </trace>\n"
    yield "</log>\n"


def _rows(parts: Iterable[pa.Table]) -> Iterator[Row]:
    for part in parts:
        times = pa.compute.strftime(part["time"], format="%Y-%m-%dT%H:%M:%SZ").to_pylist()
        names = (part[name].to_pylist() for name in ("customer", "case", "activity"))
        yield from zip(*names, times, strict=True)


def _event(activity: str, when: str) -> str:
    return (
        f'    <event><string key="concept:name" value={_quoted(activity)}/>'
        f'<date key="time:timestamp" value="{when}"/></event>\n'
    )


def _quoted(text: str) -> str:
    """Quote a text; characters that XML cannot hold become a replacement mark."""
    return quoteattr("".join(letter if letter >= " " or letter in "\t\n\r" else "\ufffd" for letter in text))
