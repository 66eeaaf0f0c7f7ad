"""Sessions by week, how deep, how long, bounced, converted: end to end from the sealed files, beside window SQL.

A session ends with six hours of silence.  Ganj's sessions tell of lengths, pages, entries and exits as well;
DuckDB and Polars number the sessions by window functions and group by them, chDB splits each customer's array.
The Polars row «told the order» uses that the files happen to be sorted; it stands outside the ratio.
Sessions with transitions, kernel against SQL: ``python -m bench fold``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bench import behaviour
from bench.behaviour import CALENDAR, GAP, MONDAY, WEEK

BAR = 3.0
VIEWS, BUY = (0, 1), 6
Weeks = list[list[int]]
"""[week, sessions, customers, bounced, pages, µs, with a purchase] by week."""


def main() -> float:
    contenders = (
        ("ganj", "ganj"),
        ("DuckDB", "duckdb_sql"),
        ("Polars", "polars_over"),
        ("chDB", "chdb_arrays"),
    )
    outside = (("Polars, told the order", "polars_sorted"),)
    return behaviour.compare("sessions", __doc__ or "", BAR, contenders, outside)


def ganj(folder: str) -> Weeks:
    from ganj.miners.sessions import Sessions

    miner = Sessions(
        **CALENDAR,
        events=("any",),
        views=tuple(f"event {code}" for code in VIEWS),
        purchases=(f"event {BUY}",),
        gap=timedelta(microseconds=GAP),
    )
    periods = behaviour.mined(miner, folder).periods
    return [
        [int(week), *(int(figure) for figure in row)]
        for (week,), row in zip(periods.keys, periods.values, strict=True)
    ]


def duckdb_sql(folder: str) -> Weeks:
    query = f"""
        with steps as (
            select customer, time, event,
                case when time - lag(time) over (partition by customer order by time) < {GAP} then 0 else 1 end as fresh
            from events
        ),
        numbered as (
            select *, sum(fresh) over (partition by customer order by time rows unbounded preceding) as session
            from steps
        ),
        visits as (
            select customer, min(time) as first, max(time) - min(time) as length, count(*) as events,
                count(*) filter (event in {VIEWS}) as pages, count(*) filter (event = {BUY}) as bought
            from numbered group by customer, session
        )
        select (first + {MONDAY}) // {WEEK} as week, count(*), count(distinct customer),
            count(*) filter (events = 1 and bought = 0), sum(pages), sum(length), count(*) filter (bought > 0)
        from visits group by week order by week
    """
    return [[int(figure) for figure in row] for row in behaviour.duckdb_rows(folder, query)]


def chdb_arrays(folder: str) -> Weeks:
    files = behaviour.chdb_events(folder, "customer Int32, time Int64, event Int32")
    query = f"""
        select intDiv(visit[1].1 + {MONDAY}, {WEEK}) as week, count(), uniqExact(customer),
            countIf(length(visit) = 1 and visit[1].2 != {BUY}), sum(arrayCount(one -> one.2 in {VIEWS}, visit)),
            sum(visit[-1].1 - visit[1].1), countIf(arrayExists(one -> one.2 = {BUY}, visit))
        from (
            select customer, arraySort(one -> one.1, groupArray((time, event))) as all
            from {files} group by customer
        ) array join arraySplit(
            (one, silence) -> silence >= {GAP}, all, arrayDifference(arrayMap(one -> one.1, all))
        ) as visit
        group by week order by week
    """
    return [[int(figure) for figure in row] for row in behaviour.chdb_rows(query)]


def polars_over(folder: str) -> Weeks:
    import polars as pl

    before = pl.col("time").shift(1).over("customer", order_by="time")
    fresh = ((pl.col("time") - before) >= GAP).fill_null(value=True)
    events = pl.scan_parquet(f"{folder}/runs/*.parquet").select(
        "customer", "time", "event", fresh.alias("fresh")
    )
    numbered = events.with_columns(
        pl.col("fresh").cum_sum().over("customer", order_by="time").alias("session")
    )
    return answered(numbered.group_by("customer", "session"))


def polars_sorted(folder: str) -> Weeks:
    import polars as pl

    same = pl.col("customer") == pl.col("customer").shift(1)
    fresh = ~(same & (pl.col("time") - pl.col("time").shift(1) < GAP)).fill_null(value=False)
    events = pl.scan_parquet(f"{folder}/runs/*.parquet").select(
        "customer", "time", "event", fresh.alias("fresh")
    )
    numbered = events.with_columns(pl.col("fresh").cum_sum().alias("session"))
    return answered(numbered.group_by("customer", "session"))


def answered(visits: Any) -> Weeks:
    import polars as pl

    time, event = pl.col("time"), pl.col("event")
    bounced = (pl.col("events") == 1) & (pl.col("bought") == 0)
    found = (
        visits.agg(
            time.min().alias("first"),
            (time.max() - time.min()).alias("length"),
            pl.len().alias("events"),
            event.is_in(VIEWS).sum().alias("pages"),
            (event == BUY).sum().alias("bought"),
        )
        .group_by(((pl.col("first") + MONDAY) // WEEK).alias("week"))
        .agg(
            pl.len().alias("sessions"),
            pl.col("customer").n_unique(),
            bounced.sum().alias("bounced"),
            pl.col("pages").sum(),
            pl.col("length").sum(),
            (pl.col("bought") > 0).sum(),
        )
        .sort("week")
        .collect()
    )
    return [[int(figure) for figure in row] for row in found.rows()]
