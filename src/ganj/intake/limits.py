"""How much a file may ask of us before it is taken for a crafted one."""

from __future__ import annotations

import msgspec

MB = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The most that is read.

    Attributes
    ----------
    unpacked
        Bytes that one packed file may unpack to.
    sheet
        Bytes that a workbook may unpack to: a workbook is held in memory.
    ratio
        Bytes that each packed byte may unpack to, once ``fair`` bytes have come out. Real exports
        stay below 60; deflate itself ends at 1,032.
    fair
        Unpacked bytes below which the ratio is not looked at.
    columns
        Columns of a table.
    cells
        Cells between the corners of a sheet.
    line
        Bytes of one line.
    files
        Files in a folder or an archive.
    """

    unpacked: int = 32 * 1024 * MB
    sheet: int = 2 * 1024 * MB
    ratio: int = 300
    fair: int = 32 * MB
    columns: int = 2_000
    cells: int = 40_000_000
    line: int = 4 * MB
    files: int = 5_000


LIMITS = Limits()
