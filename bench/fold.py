"""Sessions and transitions of all customers, end to end from the sealed files, beside window SQL.

The question: cut each customer's events into sessions (6 hours without an event end one) and count how
often each of eight events follows each within a session.  Ganj streams its customer-ordered runs into
one kernel; DuckDB, chDB and Polars read the same Parquet files and ask by window functions.  The Polars
row «told the order» leaves the window out because the file happens to be sorted; it is no general
answer, and stands outside the ratio.
"""

from __future__ import annotations

import argparse
import atexit
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from bench import side_by_side

BAR = 3.0
HOUR = 3_600_000_000
GAP = 6 * HOUR
KINDS = 8
SQL = """
with steps as (
    select event, lag(event) over (partition by customer order by time) as before,
        time - lag(time) over (partition by customer order by time) as gap
    from events
)
select count(*) filter (before is null or gap > {gap}) as sessions, count(*) filter (gap <= {gap}) as pairs,
    sum(case when gap <= {gap} then before * 8 + event else 0 end) as mixed
from steps
"""


def main() -> float:
    asked = argparse.ArgumentParser(prog="python -m bench fold", description=__doc__)
    asked.add_argument("--events", type=int, default=50_000_000)
    asked.add_argument("--customers", type=int, default=0, help="one for every 50 events if not given")
    asked.add_argument("--repeats", type=int, default=3)
    told = asked.parse_args()
    folder = Path(__file__).parent / ".data" / f"fold-{told.events}"
    shutil.rmtree(folder, ignore_errors=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write(str(folder), told.events, told.customers or told.events // 50)
    size = sum(path.stat().st_size for path in (folder / "runs").iterdir())
    print(f"{told.events:,} events, {size / 1e6:,.0f} MB in runs", flush=True)
    ratio = compare(str(folder), told.repeats)
    if ratio < BAR:
        sys.exit(1)
    return ratio


def compare(folder: str, repeats: int) -> float:
    ours = side_by_side.run("ganj", "bench.fold:ganj", repeats, folder=folder)
    peers = [
        side_by_side.run(name, f"bench.fold:{function}", repeats, folder=folder)
        for name, function in (("DuckDB", "duckdb_sql"), ("Polars", "polars_over"), ("chDB", "chdb_sql"))
    ]
    trick = side_by_side.run("Polars, told the order", "bench.fold:polars_sorted", repeats, folder=folder)
    side_by_side.same([ours, *peers, trick])
    best = min(peer.best for peer in peers)
    print(f"first call of a fresh process: {min(peer.first for peer in peers) / ours.first:.1f} times faster")
    print(f"fold ratio {best / ours.best:.1f} (bar {BAR:.0f})")
    return best / ours.best


# ---- the events


def write(folder: str, events: int, customers: int) -> None:
    """Write a store whose runs hold generated events, through the store's own sealing."""
    from ganj.store import Store
    from ganj.store.sealing import Sealing

    with Store.create(Path(folder)) as store:
        derived = store._derived  # noqa: SLF001 - events that came from no file
        with derived.database.change() as cursor:
            cursor.execute(
                "insert into customers select range, 'customer_id', range from range(?)", [customers]
            )
            cursor.execute(
                "insert into names select 'event', range, 'event ' || range from range(?)", [KINDS]
            )
            sealing = Sealing(cursor, store.folder / "runs", store.buckets)
            for bucket in range(store.buckets):
                sealing.add(bucket, bucket_of(bucket, store.buckets, events, customers))
            sealing.publish()


def bucket_of(bucket: int, buckets: int, events: int, customers: int) -> Any:
    """Generate one bucket: bursts of events an hour or so apart, with days between them."""
    import pyarrow as pa

    from ganj.store.runs import EVENTS

    random = np.random.default_rng(bucket)
    mine = np.arange(bucket, customers, buckets, dtype=np.int32)
    sizes = random.poisson(events / customers, len(mine))
    customer = np.repeat(mine, sizes)
    n = len(customer)
    steps = np.where(random.random(n) < 0.3, random.exponential(96, n), random.exponential(0.5, n))
    walked = np.cumsum((steps * HOUR).astype(np.int64) + 1)
    starts = np.repeat(np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    time = 1_600_000_000_000_000 + walked - walked[starts]
    nothing = np.full(n, -1, np.int32)
    empty = np.zeros(n + 1, np.int32)
    columns = {
        "customer": customer,
        "origin": customer,
        "time": time,
        "message_id": pa.ExtensionArray.from_storage(
            pa.uuid(), pa.Array.from_buffers(pa.binary(16), n, [None, pa.py_buffer(random.bytes(16 * n))])
        ),
        "event": random.choice(KINDS, n, p=np.arange(KINDS, 0, -1) / 36).astype(np.int32),
        "amount": np.full(n, np.nan),
        "properties": pa.nulls(n, pa.string()),
    }
    for field in EVENTS:
        if pa.types.is_list(field.type):
            columns[field.name] = pa.ListArray.from_arrays(
                pa.array(empty), pa.array([], field.type.value_type)
            )
    return pa.table({f.name: columns.get(f.name, nothing) for f in EVENTS}, schema=EVENTS)


# ---- the contenders: each returns [sessions, pairs, sum of pair codes]


@cache
def opened(folder: str) -> Any:
    from ganj.store import Store

    store = Store(Path(folder))
    atexit.register(store.close)
    return store


def ganj(folder: str) -> list[int]:
    from concurrent.futures import ThreadPoolExecutor

    from ganj.kernels.transitions import transitions
    from ganj.miner import Reads

    store = opened(folder).snapshot
    reads = Reads(columns=("time", "event"))

    def one(number: int) -> Any:
        part = store.bucket(number, reads)
        return transitions(part.offsets, part.time, part.event, GAP, KINDS)

    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(one, range(store.buckets)))
    counts = sum(part[1] for part in parts)
    return [
        sum(part[0] for part in parts),
        int(counts.sum()),
        int((counts * np.arange(64).reshape(8, 8)).sum()),
    ]


def duckdb_sql(folder: str) -> list[int]:
    import duckdb

    con = duckdb.connect()
    con.execute("set threads = 2")
    con.read_parquet(f"{folder}/runs/*.parquet").create_view("events")
    found = con.execute(SQL.format(gap=GAP)).fetchall()[0]
    con.close()
    return [int(figure) for figure in found]


def chdb_sql(folder: str) -> list[int]:
    import chdb

    # ClickHouse's lag looks at the frame and wants the whole of what is before; nothing before is 0.
    window = "over (partition by customer order by time rows between 1 preceding and 1 preceding)"
    inner = (
        f"select event, any(event) {window} as before, time - any(time) {window} as gap, count() {window} as some "
        f"from file('{folder}/runs/*.parquet', Parquet, 'customer Int32, time Int64, event Int32')"
    )
    asked = (
        f"select countIf(some = 0 or gap > {GAP}), countIf(some > 0 and gap <= {GAP}), "
        f"sumIf(toInt64(before) * 8 + event, some > 0 and gap <= {GAP}) from ({inner}) settings max_threads = 2"
    )
    return [int(figure) for figure in str(chdb.query(asked, "TSV")).split()]


def polars_over(folder: str) -> list[int]:
    import polars as pl

    before = [
        pl.col(name).shift(1).over("customer", order_by="time").alias(f"{name}_before")
        for name in ("time", "event")
    ]
    return answered(pl.scan_parquet(f"{folder}/runs/*.parquet").with_columns(before))


def polars_sorted(folder: str) -> list[int]:
    import polars as pl

    same = pl.col("customer") == pl.col("customer").shift(1)
    before = [pl.when(same).then(pl.col(name).shift(1)).alias(f"{name}_before") for name in ("time", "event")]
    return answered(pl.scan_parquet(f"{folder}/runs/*.parquet").with_columns(before))


def answered(steps: Any) -> list[int]:
    import polars as pl

    gap = pl.col("time") - pl.col("time_before")
    within = gap <= GAP
    found = steps.select(
        (gap.is_null() | (gap > GAP)).sum().alias("sessions"),
        within.sum().alias("pairs"),
        pl.when(within)
        .then(pl.col("event_before").cast(pl.Int64) * 8 + pl.col("event"))
        .sum()
        .alias("mixed"),
    ).collect()
    return [int(figure) for figure in found.row(0)]
