"""Merge two customers and take it back, as a request does: in a shop of many, and two of very long histories.

What is timed is `ganj.Workspace.merge` and ``unmerge``: the decision is on disk in the log and loaded, and whoever asks
next sees it: ``read`` is that first reading of the customer, which tells the tables what was decided.  ``synced`` is
what two bare syncs of a small file cost meanwhile: one of the log, one of the database.

The ratio is of ten milliseconds over the slowest median of the four, a merge and an undo of each kind.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import ganj
from ganj.events import ORDER, ROWS
from ganj.workspace import Workspace

BAR = 10.0  # milliseconds
BEGIN, SPAN = 1_704_067_200_000_000, 700 * 86_400_000_000  # µs
LONG = ("long-one", "long-other")


def asked(bench: str, times: int) -> argparse.Namespace:
    """Return what the command says of the shop, and how often to try."""
    words = argparse.ArgumentParser(prog=f"python -m bench {bench}")
    words.add_argument("--customers", type=int, default=20_000)
    words.add_argument("--long", type=int, default=100_000, help="events of each of two customers")
    words.add_argument("--times", type=int, default=times)
    return words.parse_args()


def main() -> float:
    told = asked("merging", 60)
    with tempfile.TemporaryDirectory() as folder, shop(Path(folder), told.customers, told.long) as made:
        dice = np.random.default_rng(3)
        drawn = dice.choice(told.customers, (told.times, 2), replace=False)
        pairs = [(f"c{one}", f"c{other}") for one, other in drawn.tolist()]
        print(
            f"{'milliseconds':28} {'merge':>7} {'p95':>7} {'undo':>7} {'p95':>7} {'read':>7} {'p95':>7} {'synced':>7}"
        )
        middles = [
            *_row(f"two of {told.customers:,}", made, pairs),
            *_row(f"two with {told.long:,} events each", made, [LONG] * (told.times // 2)),
        ]
    ratio = BAR / max(middles)
    print(f"merging ratio {ratio:.2f} (bar 1)")
    if ratio < 1:
        sys.exit(1)
    return ratio


def shop(folder: Path, customers: int, long: int) -> Workspace:
    """Make a workspace of customers with some orders each, and two with very many page views."""
    made = ganj.create(folder / "shop")
    file = folder / "rows.parquet"
    with pq.ParquetWriter(file, ROWS) as writer:
        first = 0
        for part in _parts(customers, long):
            rows = pa.array(range(first, first + len(part)))
            first += len(part)
            content = [
                hashlib.md5(str(row).encode(), usedforsecurity=False).digest() for row in rows.to_pylist()
            ]
            columns = {"row": rows, "content": pa.array(content, pa.binary(16))}
            columns |= {name: part[name] for name in part.column_names}
            none = pa.nulls(len(part))
            whole = [columns.get(field.name, none).cast(field.type) for field in ROWS]
            writer.write_table(pa.table(whole, schema=ROWS))
    made.load_rows(file)
    return made


def _parts(customers: int, long: int) -> Iterator[pa.RecordBatch]:
    dice = np.random.default_rng(2)
    whose = np.repeat(np.arange(customers), 5)
    yield pa.record_batch(
        {
            "event": [ORDER] * len(whose),
            "time": BEGIN + dice.integers(SPAN, size=len(whose)),
            "order": [f"o{number}" for number in range(len(whose))],
            "customer_id": [f"c{number}" for number in whose],
            "email": [f"c{number}@example.com" for number in whose],
            "amount": dice.integers(1, 90, len(whose)) * 1000.0,
        }
    )
    for name in LONG:
        yield pa.record_batch(
            {
                "event": ["Page Viewed"] * long,
                "time": BEGIN + dice.integers(SPAN, size=long),
                "customer_id": [name] * long,
                "properties": ['{"path": "/"}'] * long,
            }
        )


def _row(name: str, made: Workspace, pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """Merge pairs, read, take them back and read, and print what each took; returns medians of merge and undo."""
    took: list[tuple[float, ...]] = []
    for one, other in pairs:
        began = time.perf_counter()
        merge = made.merge(f"customer_id:{one}", f"customer_id:{other}")
        merged = time.perf_counter()
        made.store.profile(merge.customer)
        read = time.perf_counter()
        made.unmerge(merge.id)
        undone = time.perf_counter()
        made.store.profile(merge.customer)
        synced = _synced(made.folder / "synced")
        took.append((merged - began, undone - read, read - merged, synced))
    middle, high = (1000 * np.quantile(took, share, axis=0) for share in (0.5, 0.95))
    told = zip(middle[:3], high[:3], strict=True)
    print(f"{name:28}", *(f"{a:7.1f} {b:7.1f}" for a, b in told), f"{middle[3]:7.1f}", flush=True)
    return float(middle[0]), float(middle[1])


def _synced(file: Path) -> float:
    """Return the seconds of two syncs of a small file."""
    begin = time.perf_counter()
    handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for _ in range(2):
        os.write(handle, b"x" * 500)
        os.fdatasync(handle)
    os.close(handle)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
