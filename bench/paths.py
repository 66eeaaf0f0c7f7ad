"""The first five steps of every session, counted by path: end to end from the sealed files, beside SQL and frames.

A session ends with six hours of silence; equal steps in a row are one.  Ganj's paths count the moves, the
steps by place, where sessions stop, and the loops as well; the others only count the paths.  The Polars row
«told the order» uses that the files happen to be sorted; it stands outside the ratio.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bench import behaviour
from bench.behaviour import GAP

BAR = 3.0
STEPS = 5
SHOWN = 200


def main() -> float:
    contenders = (
        ("ganj", "ganj"),
        ("DuckDB", "duckdb_sql"),
        ("Polars", "polars_over"),
        ("chDB", "chdb_arrays"),
    )
    outside = (("Polars, told the order", "polars_sorted"),)
    return behaviour.compare("paths", __doc__ or "", BAR, contenders, outside)


def told(paths: Iterable[tuple[list[int], int]]) -> list[Any]:
    """Return how many paths there are, how many sessions, and the paths taken most often."""
    count: Counter[str] = Counter()
    for steps, times in paths:
        count["-".join(map(str, steps))] += times
    most = sorted(count.items(), key=lambda one: (-one[1], one[0]))[:SHOWN]
    return [len(count), sum(count.values()), [list(one) for one in most]]


def ganj(folder: str) -> list[Any]:
    from ganj.miners.paths import Paths

    sums = behaviour.mined(Paths(gap=timedelta(microseconds=GAP), steps=STEPS), folder).sums
    names = [int(label.split()[-1]) for label in sums.labels]
    paths = sums.tallies["paths"]
    return told(
        ([names[code] for code in key[1:] if code >= 0], int(times))
        for key, times in zip(paths.keys.tolist(), paths.values[:, 0], strict=True)
    )


def duckdb_sql(folder: str) -> list[Any]:
    query = f"""
        with steps as (
            select customer, time, event, lag(event) over each as before,
                case when time - lag(time) over each < {GAP} then 0 else 1 end as fresh
            from events window each as (partition by customer order by time)
        ),
        numbered as (
            select *, sum(fresh) over (partition by customer order by time rows unbounded preceding) as session
            from steps
        ),
        paths as (
            select list(event order by time)[1:{STEPS}] as path from numbered
            where fresh = 1 or event != before group by customer, session
        )
        select path, count(*) from paths group by path
    """
    return told((path, times) for path, times in behaviour.duckdb_rows(folder, query))


def chdb_arrays(folder: str) -> list[Any]:
    files = behaviour.chdb_events(folder, "customer Int32, time Int64, event Int32")
    query = f"""
        select arrayStringConcat(arraySlice(arrayCompact(visit), 1, {STEPS}), ' ') as path, count()
        from (
            select arraySort(one -> one.1, groupArray((time, event))) as all from {files} group by customer
        ) array join arraySplit(
            (one, silence) -> silence >= {GAP}, arrayMap(one -> one.2, all),
            arrayDifference(arrayMap(one -> one.1, all))
        ) as visit
        group by path
    """
    return told(
        ([int(step) for step in path.split()], int(times)) for path, times in behaviour.chdb_rows(query)
    )


def polars_over(folder: str) -> list[Any]:
    import polars as pl

    before = [
        pl.col(name).shift(1).over("customer", order_by="time").alias(f"{name}_before")
        for name in ("time", "event")
    ]
    fresh = ((pl.col("time") - pl.col("time_before")) >= GAP).fill_null(value=True)
    events = pl.scan_parquet(f"{folder}/runs/*.parquet").select("customer", "time", "event", *before)
    numbered = events.with_columns(fresh.alias("fresh")).with_columns(
        pl.col("fresh").cum_sum().over("customer", order_by="time").alias("session")
    )
    kept = numbered.filter(pl.col("fresh") | (pl.col("event") != pl.col("event_before")))
    return answered(kept.group_by("customer", "session").agg(pl.col("event").sort_by("time").head(STEPS)))


def polars_sorted(folder: str) -> list[Any]:
    import polars as pl

    same = pl.col("customer") == pl.col("customer").shift(1)
    fresh = ~(same & (pl.col("time") - pl.col("time").shift(1) < GAP)).fill_null(value=False)
    events = pl.scan_parquet(f"{folder}/runs/*.parquet").select(
        "customer", "time", "event", fresh.alias("fresh")
    )
    numbered = events.with_columns(pl.col("fresh").cum_sum().alias("session"))
    kept = numbered.filter(pl.col("fresh") | (pl.col("event") != pl.col("event").shift(1)))
    return answered(kept.group_by("session", maintain_order=True).agg(pl.col("event").head(STEPS)))


def answered(sessions: Any) -> list[Any]:
    import polars as pl

    path = pl.col("event").cast(pl.List(pl.String)).list.join(" ").alias("path")
    found = sessions.select(path).group_by("path").len().collect()
    return told(([int(step) for step in path.split()], times) for path, times in found.rows())
