"""Tables as JSON, CSV or Arrow, by what the reader accepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from litestar import Request, Response
from litestar.response import Stream

from ganj.errors import BadParameter
from ganj.text import Text
from ganj.workspace.tables import arrow_bytes, csv_bytes

__all__ = [
    "ARROW",
    "CSV",
    "EVENT_LOG",
    "TABLES",
    "XES",
    "arrow_bytes",
    "csv_bytes",
    "sent",
    "streamed",
    "wanted",
]

ARROW = "application/vnd.apache.arrow.stream"
CSV = "text/csv"
XES = "application/xes+xml"
TABLES = (("arrow", ARROW), ("csv", CSV))
EVENT_LOG = ("xes", XES)
JSON = "json"
_MEDIA = {"arrow": ARROW, "csv": CSV, "xes": XES}


def wanted(request: Request[Any, Any, Any], known: Sequence[tuple[str, str]] = TABLES) -> str:
    """Return ``arrow``, ``csv`` … or ``json``: ``?format=`` first, then the Accept header.

    Raises
    ------
    BadParameter
        Another format is asked for.
    """
    asked = str(request.query_params.get("format", ""))
    accept = request.headers.get("accept", "")
    for name, media in known:
        if asked == name or (not asked and media in accept):
            return name
    if asked not in {"", JSON}:
        names = ", ".join((JSON, *(name for name, _ in known)))
        why = Text(f"choose one of: {names}.", f"یکی از این‌ها را برگزینید: {names}.")
        raise BadParameter(parameter="format", value=asked, why=why)
    return JSON


def sent(table: pa.Table, kind: str, name: str) -> Response[Any]:
    """Answer with a table as CSV or Arrow."""
    if kind == "arrow":
        return Response(arrow_bytes(table), media_type=ARROW)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(csv_bytes(table), media_type=CSV, headers=headers)


def streamed(pieces: Iterator[bytes], kind: str, name: str) -> Stream:
    """Answer with a file piece by piece."""
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"'}
    return Stream(pieces, media_type=_MEDIA[kind], headers=headers)
