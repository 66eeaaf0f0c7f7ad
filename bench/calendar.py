"""Bucket instants into Jalali months and years: ganj beside DuckDB's ICU, and persiantools row by row.

The same twenty million instants of four years, in no order, in Tehran (which changed its clocks until 2022). Both
sides run on one thread from memory and give one number a row; the answers are compared first.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
from persiantools.jdatetime import JalaliDate

from ganj.calendar import buckets

ROWS = 20_000_000
ZONE = "Asia/Tehran"
RATE_BAR = 20e6  # rows a second, months and years of a history
RATIO_BAR = 3.0  # against the year alone, which is one field for ICU; a month is two
ROUNDS = 3


def best(work: Callable[[], object]) -> float:
    """Return the least seconds of a few rounds."""
    took = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return min(took)


def icu(db: duckdb.DuckDBPyConnection, period: str) -> Callable[[], np.ndarray]:
    number = {
        "year": "date_part('year', t)",
        "month": "date_part('year', t) * 12 + date_part('month', t) - 1",
    }[period]
    return lambda: db.execute(f"select {number} n from times").fetchnumpy()["n"]


def one_by_one(moments: np.ndarray) -> float:
    """Return rows a second of persiantools in a loop."""
    zone, begin = ZoneInfo(ZONE), time.perf_counter()
    for second in (moments // 1_000_000).tolist():
        JalaliDate(dt.datetime.fromtimestamp(second, zone).date())
    return len(moments) / (time.perf_counter() - begin)


def main() -> float:
    moments = np.random.default_rng(1).integers(1_585_000_000, 1_711_000_000, ROWS) * 1_000_000
    db = duckdb.connect()
    db.execute(
        f"set threads = 1; set timezone = '{ZONE}'; set calendar = 'persian'; set enable_progress_bar = false"
    )
    column = pa.table({"us": moments})
    db.register("column_of_us", column)
    db.execute("create table times as select make_timestamptz(us) t from column_of_us")
    ratio, slowest = float("inf"), float("inf")
    print(f"{ROWS:,} instants, {ZONE}, one thread, best of {ROUNDS}; M rows/s")
    print(f"{'period':8}{'ganj':>8}{'DuckDB ICU':>12}{'ratio':>8}")
    for period in ("month", "year"):
        theirs = icu(db, period)
        np.testing.assert_array_equal(buckets(moments, period, "jalali", ZONE), theirs())
        ours_rate = ROWS / best(lambda p=period: buckets(moments, p, "jalali", ZONE))
        icu_rate = ROWS / best(theirs)
        ratio, slowest = min(ratio, ours_rate / icu_rate), min(slowest, ours_rate)
        print(f"{period:8}{ours_rate / 1e6:8.1f}{icu_rate / 1e6:12.1f}{ours_rate / icu_rate:8.1f}")
    print(f"row by row with persiantools: {one_by_one(moments[:200_000]) / 1e6:.2f}")
    print(f"slowest of ours {slowest / 1e6:.1f} M rows/s (bar {RATE_BAR / 1e6:.0f})")
    print(f"calendar ratio {ratio:.1f} (bar {RATIO_BAR})")
    if ratio < RATIO_BAR or slowest < RATE_BAR:
        sys.exit(1)
    return ratio
