"""The public sets, read from the folder of data.

FEBRL 1-3 are made by the Febrl generator of the Australian National University; fake_1000 is Splink's own example. A
record's person stands in its id (``rec-12-dup-3``) or in the column ``cluster``.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

ROOT = Path(os.environ.get("GANJ_DATA", Path(__file__).parents[3] / "shared" / "data"))


class People(NamedTuple):
    """Records, and whose each is."""

    name: str
    table: pa.Table
    truth: list[str]


def there() -> bool:
    return (ROOT / "er_febrl").is_dir()


def _table(text: io.TextIOBase) -> pa.Table:
    rows = list(csv.reader(text, skipinitialspace=True))
    columns = zip(*rows[1:], strict=True)
    return pa.table(
        {
            name.strip(): [value.strip() or None for value in column]
            for name, column in zip(rows[0], columns, strict=True)
        }
    )


def febrl(number: int) -> People:
    """Read FEBRL 1 (500 people, one double each), 2 (4,000, up to five), 3 (2,000, up to five)."""
    with gzip.open(ROOT / "er_febrl" / f"dataset{number}.csv.gz", "rt", encoding="utf-8") as file:
        table = _table(file)
    truth = [record.split("-")[1] for record in table["rec_id"].to_pylist()]
    return People(f"FEBRL {number}", table.drop_columns(["rec_id"]), truth)


def fake_1000() -> People:
    with (ROOT / "er_splink" / "fake_1000.csv").open(encoding="utf-8") as file:
        table = _table(file)
    return People("fake_1000", table.drop_columns(["unique_id", "cluster"]), table["cluster"].to_pylist())


def febrl_records(number: int) -> list[dict[str, str | None]]:
    """Read a set's records with their ids, for dressing them anew."""
    with gzip.open(ROOT / "er_febrl" / f"dataset{number}.csv.gz", "rt", encoding="utf-8") as file:
        return _table(file).to_pylist()


def persian_first_names() -> list[str]:
    """Read the most usual first names, most usual first."""
    with (ROOT / "persian_ref" / "first_names_frequency.csv").open(encoding="utf-8-sig") as file:
        return [row[0] for row in csv.reader(file)][1:800]


def persian_cities() -> list[str]:
    with (ROOT / "persian_ref" / "iran_cities.csv").open(encoding="utf-8") as file:
        names = [row[1] for row in csv.reader(file)][1:]
    return [name for name in names if not name[-1].isdigit()]
