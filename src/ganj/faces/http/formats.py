"""Tables as JSON, CSV or Arrow, by what the reader accepts."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
from litestar import Request, Response

ARROW = "application/vnd.apache.arrow.stream"
CSV = "text/csv"
_STARTS = "^[=+\\-@\t\r\n\x00＝＋－＠]"


def wanted(request: Request[Any, Any, Any]) -> str:
    """Return ``arrow``, ``csv`` or ``json``: ``?format=`` first, then the Accept header."""
    asked = str(request.query_params.get("format", ""))
    accept = request.headers.get("accept", "")
    for name, media in (("arrow", ARROW), ("csv", CSV)):
        if asked == name or (not asked and media in accept):
            return name
    return "json"


def sent(table: pa.Table, kind: str, name: str) -> Response[Any]:
    """Answer with a table as CSV or Arrow."""
    if kind == "arrow":
        return Response(arrow_bytes(table), media_type=ARROW)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(csv_bytes(table), media_type="text/csv; charset=utf-8", headers=headers)


def arrow_bytes(table: pa.Table) -> bytes:
    """Write an Arrow stream."""
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return out.getvalue()


def csv_bytes(table: pa.Table) -> bytes:
    """Write CSV that spreadsheets open rightly (UTF-8 with mark) and cannot run as formulas."""
    columns = [_calm(table[name]) for name in table.column_names]
    out = io.BytesIO(b"\xef\xbb\xbf")
    out.seek(0, io.SEEK_END)
    pcsv.write_csv(pa.table(columns, names=_names(table)), out)
    return out.getvalue()


def _names(table: pa.Table) -> list[str]:
    header = _calm(pa.chunked_array([pa.array(table.column_names, pa.string())]))
    return [str(name) for name in header.to_pylist()]


def _calm(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    kind = column.type
    if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind):
        column = column.cast(pa.string())
    elif pa.types.is_nested(kind):
        column = pa.chunked_array(
            [pa.array([" ".join(map(str, v or ())) for v in column.to_pylist()], pa.string())]
        )
    if not pa.types.is_string(column.type):
        return column
    risky = pc.match_substring_regex(column, _STARTS)
    return pc.if_else(
        pc.fill_null(risky, fill_value=False), pc.binary_join_element_wise("'", column, ""), column
    )
