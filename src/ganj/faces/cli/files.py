"""Tables as files that people open in spreadsheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

_STARTS = re.compile(r"[=+\-@\t\r\n\x00＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[\d\s.,]+")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write CSV with a byte order mark, by which spreadsheets know Persian letters."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([calm(name) for name in columns])
        out.writerows([calm(value) for value in row] for row in rows)


def calm(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    if isinstance(value, str) and _STARTS.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return "" if value is None else value
