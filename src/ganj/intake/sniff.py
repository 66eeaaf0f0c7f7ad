"""What a text file does not say of itself: its encoding, its delimiter, and where its header is."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from ganj.intake.errors import LineTooLong, NothingToRead, NotText, TooManyColumns
from ganj.intake.limits import Limits
from ganj.persian import ascii_digits

DELIMITERS = (",", ";", "\t", "|", "||", "،", "؛", "~", "^", "\x1f")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LOOKED_AT = 200  # records
HEADER_WITHIN = 40  # records in which a header is looked for
ARABIC = re.compile(r"[\u0600-\u06ff]")
HIGH_RUN = re.compile(rb"[\x80-\xff]{2,}")
HIGH = re.compile(rb"[\x80-\xff]")
FIGURE = re.compile(r"[-+(]?[$€£﷼]?\s*[\d.,٬٫/:\-\s]*\d[\d.,٬٫/:\-\s%)]*(?:[TZ][\d:.+Z]*)?(?:[AaPp][Mm])?")
SPACES = "  "  # stands for: one or more spaces
WITHIN = (":", SPACES)  # also stand inside cells (times, names): asked only where nothing else cuts steadily
STEADY = 0.85


class Shape(msgspec.Struct, frozen=True):
    """How a text is cut into rows and columns.

    Attributes
    ----------
    encoding
        Python's name of it.
    delimiter
        As written; `SPACES` for runs of spaces.
    skip
        Physical lines up to and with the header.
    columns
        The header's cells, made distinct; ``column 1`` … where there is no header.
    headed
        Whether there is a header.
    """

    encoding: str
    delimiter: str
    skip: int
    columns: tuple[str, ...]
    headed: bool


def encoding_of(head: bytes, name: str) -> str:
    """Tell the encoding from the first bytes; `NotText` where there is none."""
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        return _wide(head, name)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _eight_bit(head)
    return "utf-8"


def _wide(head: bytes, name: str) -> str:
    """UTF-16 without its mark: every other byte of plain signs is NUL."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    for encoding, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many > len(head) * 0.1 and few <= many * 0.02:
            return encoding
    raise NotText.at(name)


def _eight_bit(head: bytes) -> str:
    """Persian Windows or western: Persian letters stand together, accents stand alone."""
    together = sum(len(run) for run in HIGH_RUN.findall(head))
    alone = len(HIGH.findall(head)) - together
    if together > alone:
        return "cp1256"
    return "cp1252" if not re.search(rb"[\x81\x8d\x8f\x90\x9d]", head) else "latin-1"


def shape_of(head: bytes, name: str, limits: Limits, *, complete: bool) -> Shape:
    """Tell how a text is cut, from its first bytes; ``complete`` if they are all there is.

    Raises
    ------
    NothingToRead, NotText, LineTooLong, TooManyColumns
    """
    if not head.strip(b"\0 \r\n\t,;\xef\xbb\xbf") and (complete or b"\0" not in head):
        raise NothingToRead.at(name)
    encoding = encoding_of(head, name)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    if len(head) >= limits.line and not re.search(r"[\r\n]", text):
        raise LineTooLong.at(name, limit=limits.line)
    if not complete:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    delimiter = delimiter_of(text)
    rows, lines = records(text, delimiter)
    if max(map(len, rows), default=0) > limits.columns:
        raise TooManyColumns.at(name, columns=max(map(len, rows)), limit=limits.columns)
    at, columns = header_of(rows)
    skip = lines[at] if at is not None else 0
    return Shape(encoding, delimiter, skip, columns, at is not None)


def records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Cut a text into its first records, and say on which physical line each ends."""
    if delimiter == SPACES:
        text, delimiter = re.sub(r" +", "\x1f", re.sub(r"(?m)^ +", "", text)), "\x1f"
    elif len(delimiter) > 1 or not delimiter.isascii():
        text, delimiter = text.replace(delimiter, "\x1f"), "\x1f"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines = [], []
    csv.field_size_limit(1 << 24)
    try:
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num)
            if len(rows) >= LOOKED_AT:
                break
    except csv.Error:  # what the sample cuts off; the reader proper says what is wrong with the row
        pass
    return rows, lines


def delimiter_of(text: str) -> str:
    """Choose the delimiter under which most records have the same number of cells, and more than one."""
    best, delimiter = (0.0, 0), ","
    for candidate in (*DELIMITERS, *WITHIN):
        if candidate in WITHIN and best[0] >= STEADY:
            break
        widths = Counter(len(row) for row in records(text, candidate)[0] if any(row))
        total = sum(widths.values())
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = (round(count / max(total, 1), 2), width)
        if width > 1 and _better(score, best):
            best, delimiter = score, candidate
    return delimiter


def _better(score: tuple[float, int], best: tuple[float, int]) -> bool:
    """Prefer a clearly steadier cut; between steady ones the one with more columns."""
    if abs(score[0] - best[0]) > 0.15:
        return score[0] > best[0]
    return score[1] > best[1]


def header_of(rows: Sequence[Sequence[str]]) -> tuple[int | None, tuple[str, ...]]:
    """Find the header among the first records: where it is (None: nowhere) and the columns' names."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return None, ()
    width = Counter(len(row) for row in filled).most_common(1)[0][0]
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        used = [cell for cell in row if cell.strip()]
        if len(used) < max(1, min(width, _used(filled)) * 0.6):
            continue
        if _names(used):
            return at, distinct([*row, *[""] * (width - len(row))])
        break
    return None, tuple(f"column {n + 1}" for n in range(width))


def _used(rows: Sequence[Sequence[str]]) -> int:
    """How many cells most rows fill."""
    return Counter(sum(bool(cell.strip()) for cell in row) for row in rows).most_common(1)[0][0]


def _names(cells: Sequence[str]) -> bool:
    """Tell whether cells are names of columns: words, each once, none a figure."""
    figures = sum(is_figure(cell) for cell in cells)
    longest = max(len(cell) for cell in cells)
    return figures <= len(cells) * 0.1 and len(set(cells)) >= len(cells) * 0.8 and longest <= 120


def is_figure(cell: str) -> bool:
    """Tell whether a cell is a number, an amount or a date in figures."""
    return bool(FIGURE.fullmatch(ascii_digits(cell.strip())))


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Trim the columns' names and make each different, letter case aside; an empty one is counted."""
    seen: Counter[str] = Counter()
    out = []
    for number, name in enumerate(names, 1):
        clean = re.sub(r"[\s\u00a0\ufeff\u200e\u200f\0]+", " ", name).strip() or f"column {number}"
        seen[clean.casefold()] += 1
        again = seen[clean.casefold()]
        out.append(clean if again == 1 else f"{clean} ({again})")
    return tuple(out)
