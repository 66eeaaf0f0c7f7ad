"""Tables as bytes: an Arrow stream, or CSV for spreadsheets."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

_STARTS = "^[=+\\-@\t\r\n\x00＝＋－＠]"


def arrow_bytes(table: pa.Table) -> bytes:
    """Write an Arrow stream."""
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return out.getvalue()


def csv_bytes(table: pa.Table, *, header: bool = True) -> bytes:
    """Write CSV that spreadsheets open rightly (UTF-8 with mark) and cannot run as formulas."""
    columns = [_calm(table[name]) for name in table.column_names]
    out = io.BytesIO(b"\xef\xbb\xbf" if header else b"")
    out.seek(0, io.SEEK_END)
    options = pcsv.WriteOptions(include_header=header)
    pcsv.write_csv(pa.table(columns, names=_names(table)), out, options)
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
