"""Rows out of text: CSV, TSV and everything else with a delimiter."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Protocol

import pyarrow as pa
import pyarrow.csv as pcsv

from ganj.intake.archive import Guarded
from ganj.intake.errors import Damaged, LineTooLong, NotText
from ganj.intake.limits import MB, Limits
from ganj.intake.sniff import SPACES, Shape
from ganj.text import Text

BLOCK = 4 * MB
UNIT = b"\x1f"  # stands for a delimiter of more than one byte
RAGGED = Text("{actual} cells where {expected} are expected", "{actual} خانه به‌جای {expected} خانه")


class Ragged(Protocol):
    """Called with the text of a row that fits no columns, the reason, and its code where it is of a kind of its own."""

    def __call__(self, text: str, why: Text, code: str = "") -> None:
        """Take it."""


class Utf8(io.RawIOBase):
    """A text's bytes as UTF-8 with one-byte delimiters; refuses NUL and lines without end."""

    def __init__(self, inner: Guarded, shape: Shape, limits: Limits) -> None:
        self.inner, self.limits, self.delimiter = inner, limits, shape.delimiter
        self.decoder = codecs.getincrementaldecoder(shape.encoding)(errors="replace")
        self.wide = shape.encoding.startswith("utf-16")
        self.tail, self.since, self.waiting = "", 0, b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # a narrower buffer
        """Fill the buffer with decoded text."""
        while not self.waiting:
            data = self.inner.read(max(len(buffer), 1 << 16)) or b""
            self._watch(data)
            self.waiting = self._plain(self.decoder.decode(data, final=not data))
            if not data and not self.waiting:
                return 0
        part, self.waiting = self.waiting[: len(buffer)], self.waiting[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _watch(self, data: bytes) -> None:
        if not self.wide and b"\0" in data:
            raise NotText.at(self.inner.called)
        at = max(data.rfind(b"\n"), data.rfind(b"\r"))
        self.since = len(data) - at - 1 if at >= 0 else self.since + len(data)
        if self.since > self.limits.line:
            raise LineTooLong.at(self.inner.called, limit=self.limits.line)

    def _plain(self, text: str) -> bytes:
        if self.delimiter == SPACES:
            text, self.tail = self._whole_lines(text)
            text = re.sub(r" +", "\x1f", re.sub(r"(?m)^ +| +$", "", text))
        elif len(self.delimiter) > 1:
            text, self.tail = self._whole_lines(text)
            text = text.replace(self.delimiter, "\x1f")
        elif not self.delimiter.isascii():
            text = text.replace(self.delimiter, "\x1f")
        return text.encode()

    def _whole_lines(self, text: str) -> tuple[str, str]:
        """Return the whole lines and what is left; at the end of the file all is whole."""
        joined = self.tail + text
        if not text:
            return joined, ""
        at = joined.rfind("\n") + 1
        return joined[:at], joined[at:]


def batches(stream: Guarded, shape: Shape, ragged: Ragged, limits: Limits) -> Iterator[pa.RecordBatch]:
    """Yield a text's rows: columns ``c0`` … of strings, empty cells null.

    Rows with the wrong number of cells go to ``ragged`` and are left out.
    """
    names = [f"c{n}" for n in range(len(shape.columns))]
    plain = len(shape.delimiter) == 1 and shape.delimiter.isascii()

    def bad(row: pcsv.InvalidRow) -> str:
        ragged(row.text, _ragged(row))
        return "skip"

    try:
        yield from pcsv.open_csv(
            pa.PythonFile(io.BufferedReader(Utf8(stream, shape, limits), BLOCK), mode="r"),
            pcsv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names, skip_rows=shape.skip),
            pcsv.ParseOptions(
                delimiter=shape.delimiter if plain else "\x1f",
                newlines_in_values=True,
                invalid_row_handler=bad,
            ),
            pcsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid as mistake:
        if "straddling" in str(mistake):
            raise LineTooLong.at(stream.called, limit=BLOCK) from mistake
        if "Empty CSV" in str(mistake):
            return
        raise Damaged.at(stream.called, detail=str(mistake)[:200]) from mistake


def _ragged(row: pcsv.InvalidRow) -> Text:
    counts = {"actual": row.actual_columns, "expected": row.expected_columns}
    return Text(RAGGED.en.format(**counts), RAGGED.fa.format(**counts))
