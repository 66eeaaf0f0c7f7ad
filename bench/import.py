"""Bring files in, from looking at them to the committed workspace.

Online Retail 2010-11 as CSV and as a workbook, and a CSV of twenty million order lines in bounded memory.
Each import runs in a fresh process with its own empty workspace; its peak memory is the whole process'.
``--lines N`` makes the long file shorter, ``--retail PATH`` says where Online Retail is.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import xlsxwriter

ROOT = Path(__file__).parents[1]
RETAIL = ROOT / "../shared/data/online_retail_ii/year_2010_2011.parquet"
LINES = 20_000_000
SECONDS = {"csv": 10.0, "xlsx": 60.0}
MEMORY = 1_000.0  # MB
ANSWER = {"read": 541_909, "customers": 4_372, "orders": 25_900}


def csv_of(table: pa.Table, path: Path) -> Path:
    pacsv.write_csv(table, path)
    return path


def workbook_of(table: pa.Table, path: Path) -> Path:
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Year 2010-2011")
        sheet.write_row(0, 0, table.column_names)
        columns = (column.to_pylist() for column in table.columns)
        for at, row in enumerate(zip(*columns, strict=True), 1):
            sheet.write_row(at, 0, row)
    return path


def long_file(lines: int, path: Path) -> Path:
    """Write order lines of a million customers, five to an order, a million at a time."""
    dice = np.random.default_rng(1)
    writer: pacsv.CSVWriter | None = None
    for part in parts(lines, dice):
        writer = writer or pacsv.CSVWriter(path, part.schema)
        writer.write_table(part)
    if writer is not None:
        writer.close()
    return path


def parts(lines: int, dice: np.random.Generator) -> Iterator[pa.Table]:
    size = 1_000_000
    for first in range(0, lines, size):
        count = min(size, lines - first)
        order = (first + np.arange(count)) // 5
        moment = np.datetime64("2024-01-01T00:00:00", "s") + order * (63_072_000 * 5 // max(lines, 5))
        yield pa.table(
            {
                "order_id": order + 1_000_000,
                "order_date": pa.array(moment).cast(pa.string()),
                "customer_id": order * 7_919 % 1_000_003,
                "sku": pa.array(np.char.add("p", dice.integers(0, 3_000, count).astype(str))),
                "quantity": dice.integers(1, 5, count),
                "unit_price": dice.integers(1, 20_000, count) / 100,
                "city": pa.array(
                    np.array(["Tehran", "Shiraz", "Tabriz", "Rasht"])[order * 7_919 % 1_000_003 % 4]
                ),
            }
        )


def one(path: Path) -> None:
    """Import one file into a new workspace and say how long it took; in a process of its own."""
    from ganj import workspace

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        begin = time.perf_counter()
        shop = workspace.create(Path(folder) / "shop")
        seen = shop.plan(path, currency="IRR")
        planned = time.perf_counter()
        loaded = shop.load(seen)
        done = time.perf_counter()
        counts = {name: getattr(loaded, name) for name in ("read", "customers", "orders")}
        shop.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    print(json.dumps({"detect": planned - begin, "seconds": done - begin, "peak": peak, "counts": counts}))


def measured(path: Path) -> dict:
    ran = subprocess.run(
        [sys.executable, "-m", "bench.import", "--one", str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if ran.returncode:
        sys.exit(ran.stderr)
    told: dict = json.loads(ran.stdout.splitlines()[-1])
    row = f"{path.name:14}{path.stat().st_size / 1e6:9.1f}{told['counts']['read']:13,}{told['detect']:9.1f}"
    print(
        f"{row}{told['seconds']:9.1f}{told['counts']['read'] / told['seconds'] / 1e3:10.0f}{told['peak']:9.0f}"
    )
    return told


def main() -> float:
    wanted = argparse.ArgumentParser()
    wanted.add_argument("--lines", type=int, default=LINES)
    wanted.add_argument("--retail", type=Path, default=RETAIL)
    wanted.add_argument("--one", type=Path)
    asked, _ = wanted.parse_known_args()
    if asked.one:
        one(asked.one)
        return 0.0
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'file':14}{'MB':>9}{'lines':>13}{'detect s':>9}{'all s':>9}{'k lines/s':>10}{'peak MB':>9}")
        retail = pq.read_table(asked.retail)
        for name, make in (("csv", csv_of), ("xlsx", workbook_of)):
            told = measured(make(retail, Path(folder) / f"retail.{name}"))
            if told["counts"] != ANSWER:
                sys.exit(f"wrong answer: {told['counts']}")
            ratios.append(SECONDS[name] / told["seconds"])
        told = measured(long_file(asked.lines, Path(folder) / "long.csv"))
        ratios.append(MEMORY / told["peak"])
    print(
        f"bars: csv {SECONDS['csv']:.0f} s, xlsx {SECONDS['xlsx']:.0f} s, long file {MEMORY:.0f} MB: {ratios}"
    )
    print(f"import ratio {min(ratios):.2f} (bar 1)")
    return min(ratios)


if __name__ == "__main__":
    sys.exit(0 if main() >= 1 or "--one" in sys.argv else 1)
