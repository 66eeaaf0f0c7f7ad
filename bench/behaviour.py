"""What the benchmarks of behaviour share: one store of generated events, contenders in a row, the verdict."""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import side_by_side
from bench.fold import write

WEEK = 7 * 86_400_000_000
MONDAY = 3 * 86_400_000_000
HOUR = 3_600_000_000
GAP = 6 * HOUR
NUMBER = f"(time + {MONDAY}) // {WEEK}"
"""The week of an event, Monday first, in SQL."""
CALENDAR: dict[str, Any] = {"period": "week", "calendar": "gregorian", "zone": "UTC", "week_start": 0}

Contenders = tuple[tuple[str, str], ...]
"""Names and functions; the first is ganj."""


def asked(name: str, about: str) -> argparse.Namespace:
    """Read the options and see that the store is there."""
    words = argparse.ArgumentParser(prog=f"python -m bench {name}", description=about)
    words.add_argument("--events", type=int, default=50_000_000)
    words.add_argument("--customers", type=int, default=0, help="one for every 50 events if not given")
    words.add_argument("--repeats", type=int, default=3)
    words.add_argument("--store", type=Path, help="a folder to keep the events in, for other benchmarks too")
    told = words.parse_args()
    if told.store is None:
        told.store = Path(__file__).parent / ".data" / f"{name}-{told.events}"
        shutil.rmtree(told.store, ignore_errors=True)
        atexit.register(shutil.rmtree, told.store, ignore_errors=True)
    if not told.store.exists():  # in a process of its own, whose memory no contender inherits as its peak
        sizes = [str(told.events), str(told.customers or told.events // 50)]
        subprocess.run([sys.executable, "-m", "bench.behaviour", str(told.store), *sizes], check=True)
    return told


def compare(name: str, about: str, bar: float, contenders: Contenders, outside: Contenders = ()) -> float:
    """Run the contenders, see that they agree, and say the ratio.

    Parameters
    ----------
    contenders : ganj, and those it is measured by: the best of them
    outside : those who are told more than the files say; shown, not measured by
    """
    told = asked(name, about)
    print(f"{told.events:,} events; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    results = [
        side_by_side.run(who, f"bench.{name}:{function}", told.repeats, folder=str(told.store))
        for who, function in (*contenders, *outside)
    ]
    side_by_side.same(results)
    ours, *peers = results[: len(contenders)]
    best, first = (min(getattr(peer, kind) for peer in peers) for kind in ("best", "first"))
    print(
        f"first call of a fresh process: {first / ours.first:.1f} times faster; load {os.getloadavg()[0]:.1f}"
    )
    print(f"{name} ratio {best / ours.best:.1f} (bar {bar:.0f})")
    if best / ours.best < bar:
        sys.exit(1)
    return best / ours.best


def mined(miner: Any, folder: str) -> Any:
    """Return the model of a miner, made through the engine as a workspace does."""
    from bench.fold import opened

    from ganj.engines.local import Run

    return Run(miner, opened(folder).snapshot, threads=2).model()


def duckdb_rows(folder: str, query: str) -> list[list[Any]]:
    """Ask DuckDB of the events in a folder."""
    import duckdb

    con = duckdb.connect()
    con.execute("set threads = 2")
    con.read_parquet(f"{folder}/runs/*.parquet").create_view("events")
    found = con.execute(query).fetchall()
    con.close()
    return [list(row) for row in found]


def chdb_rows(query: str) -> list[list[str]]:
    """Ask chDB."""
    import chdb

    told = str(chdb.query(f"{query} settings max_threads = 2", "TSV"))
    return [row.split("\t") for row in told.splitlines()]


def chdb_events(folder: str, columns: str = "customer Int32, time Int64") -> str:
    """Name the events in a folder to chDB."""
    return f"file('{folder}/runs/*.parquet', Parquet, '{columns}')"


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
