"""New, returning, resurrecting and dormant customers by week, end to end from the sealed files, beside SQL and frames.

Ganj's life-cycle counts the stages and the moves between them as well; DuckDB, chDB and Polars find each
customer's different weeks and look at the week before and the week after.  The Polars row «told the order»
uses that the files happen to be sorted by customer and time; it stands outside the ratio.
"""

from __future__ import annotations

from typing import Any

from bench import behaviour
from bench.behaviour import CALENDAR, MONDAY, NUMBER, WEEK

BAR = 3.0
States = list[list[int]]
"""[week, new, returning, resurrecting, dormant] by week."""


def main() -> float:
    contenders = (
        ("ganj", "ganj"),
        ("DuckDB", "duckdb_sql"),
        ("Polars", "polars_frames"),
        ("chDB", "chdb_sql"),
    )
    outside = (("Polars, told the order", "polars_sorted"),)
    return behaviour.compare("lifecycle", __doc__ or "", BAR, contenders, outside)


def ganj(folder: str) -> States:
    from ganj.miners.lifecycle import Lifecycle

    miner = Lifecycle(**CALENDAR, activity=("any",), responses=(), purchases=("event 6",))
    states = behaviour.mined(miner, folder).states
    return [
        [int(week), *(int(count) for count in row)]
        for (week,), row in zip(states.keys, states.values, strict=True)
    ]


def laid_out(rows: list[list[Any]]) -> States:
    """Move those of whom a week was the last for a time to the week after: [week, new, …, left] to states."""
    states: dict[int, list[int]] = {}
    for week, new, returning, resurrecting, left in (map(int, row) for row in rows):
        states.setdefault(week, [0] * 4)[:3] = [new, returning, resurrecting]
        states.setdefault(week + 1, [0] * 4)[3] = left
    return [[week, *states[week]] for week in sorted(states) if any(states[week])]


def duckdb_sql(folder: str) -> States:
    query = f"""
        with weeks as (select distinct customer, {NUMBER} as week from events),
        steps as (
            select week, lag(week) over each as before, lead(week) over each as after from weeks
            window each as (partition by customer order by week)
        )
        select week, count(*) filter (before is null), count(*) filter (before = week - 1),
            count(*) filter (before < week - 1), count(*) filter (after is null or after > week + 1)
        from steps group by week
    """
    return laid_out(behaviour.duckdb_rows(folder, query))


def chdb_sql(folder: str) -> States:
    query = f"""
        select week, countIf(before = 0), countIf(before > 0 and before = week - 1),
            countIf(before > 0 and before < week - 1), countIf(after != week + 1)
        from (
            select arraySort(groupUniqArray(intDiv(time + {MONDAY}, {WEEK}))) as weeks
            from {behaviour.chdb_events(folder)} group by customer
        ) array join weeks as week, arrayPushFront(arrayPopBack(weeks), 0) as before,
            arrayPushBack(arrayPopFront(weeks), 0) as after
        group by week
    """
    return laid_out(behaviour.chdb_rows(query))


def polars_frames(folder: str) -> States:
    import polars as pl

    week = ((pl.col("time") + MONDAY) // WEEK).alias("week")
    weeks = pl.scan_parquet(f"{folder}/runs/*.parquet").select("customer", week).unique()
    near = [
        pl.col("week").shift(by).over("customer", order_by="week").alias(name)
        for name, by in (("before", 1), ("after", -1))
    ]
    return answered(weeks.with_columns(near))


def polars_sorted(folder: str) -> States:
    import polars as pl

    week = ((pl.col("time") + MONDAY) // WEEK).alias("week")
    weeks = pl.scan_parquet(f"{folder}/runs/*.parquet").select("customer", week)
    fresh = (pl.col("customer") != pl.col("customer").shift(1)) | (pl.col("week") != pl.col("week").shift(1))
    weeks = weeks.filter(fresh.fill_null(value=True))
    near = [
        pl.when(pl.col("customer") == pl.col("customer").shift(by)).then(pl.col("week").shift(by)).alias(name)
        for name, by in (("before", 1), ("after", -1))
    ]
    return answered(weeks.with_columns(near))


def answered(steps: Any) -> States:
    import polars as pl

    week, before, after = pl.col("week"), pl.col("before"), pl.col("after")
    found = (
        steps.group_by("week")
        .agg(
            before.is_null().sum().alias("new"),
            (before == week - 1).sum().alias("returning"),
            (before < week - 1).sum().alias("resurrecting"),
            (after.is_null() | (after > week + 1)).sum().alias("left"),
        )
        .collect()
    )
    return laid_out([list(row) for row in found.rows()])
