"""The rows of an analysis as a file: CSV and XES piece by piece, Arrow whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from ganj import miners
from ganj.errors import GanjError
from ganj.miner import Miner
from ganj.text import Text
from ganj.workspace import xes
from ganj.workspace.tables import arrow_bytes, csv_bytes

MOST = 100
"""Properties that an event log carries where none are named."""

if TYPE_CHECKING:
    from ganj.workspace import Workspace
    from ganj.workspace.mined import Mined


class NoSuchRows(GanjError):
    """An analysis that has no rows, or none of that kind. Facts: ``name``, ``kind``, ``kinds``."""

    status = 422
    says = Text(
        "The analysis {name} cannot give its rows as {kind}.", "تحلیل {name} سطرهایش را به شکل {kind} نمی‌دهد."
    )
    hint = Text("It gives: {kinds}.", "شکل‌هایی که می‌دهد: {kinds}.")


def check(cls: type[Miner[Any, Any]], kind: str) -> None:
    """Refuse a kind of file that an analysis does not give, before anything is computed."""
    if kind not in cls.rows_as:
        raise NoSuchRows(name=miners.name_of(cls), kind=kind, kinds=", ".join(cls.rows_as) or "—")


def asked(workspace: Workspace, miner: Miner[Any, Any], kind: str) -> Miner[Any, Any]:
    """Return the analysis with what its file of rows is to carry: of an event log all properties that are breakdowns.

    Raises
    ------
    NoSuchRows
        The analysis does not give its rows as that.
    """
    check(type(miner), kind)
    if kind != "xes" or getattr(miner, "attributes", None) != ():
        return miner
    known = (name for name in workspace.store.properties() if name != "case")  # the trace's own name
    told = (f"event.{name}" if name in xes.FIXED else name for name in known)
    named = ("amount", "channel", "source", "product", *told)
    return msgspec.structs.replace(miner, attributes=named[:MOST])


def pieces(mined: Mined, kind: str) -> Iterator[bytes]:
    """Yield the rows as a file; CSV and XES never hold more than a part of the customers.

    Raises
    ------
    NoSuchRows
        The analysis has no rows, or none of that kind.
    """
    check(type(mined.miner), kind)
    return {"csv": _csv, "arrow": _arrow, "xes": _xes}[kind](mined)


def write(mined: Mined, path: Path) -> None:
    """Write the rows to a file whose name says by its ending as what."""
    told = pieces(mined, path.suffix.removeprefix(".").lower())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines(told)


def _csv(mined: Mined) -> Iterator[bytes]:
    for number, part in enumerate(mined.parts()):
        yield csv_bytes(part, header=number == 0)


def _arrow(mined: Mined) -> Iterator[bytes]:
    yield arrow_bytes(mined.rows())


def _xes(mined: Mined) -> Iterator[bytes]:
    return (piece.encode() for piece in xes.pieces(mined.parts()))


def first(parts: Iterator[pa.Table], offset: int, limit: int) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the names of the columns and some rows, reading no further than these."""
    names: list[str] = []
    rows: list[dict[str, Any]] = []
    for part in parts:
        names = part.column_names
        rows += part.slice(min(offset, part.num_rows), limit - len(rows)).to_pylist()
        offset = max(offset - part.num_rows, 0)
        if len(rows) >= limit:
            break
    return names, rows
