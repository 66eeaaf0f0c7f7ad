"""Weekly first-time retention of all customers, end to end from the sealed files, beside SQL and data frames.

The question: of the customers who first came in each week, how many came again one, two, … twelve weeks
later?  Ganj streams its customer-ordered runs; DuckDB, chDB and Polars read the same Parquet files, find
each customer's first week, and count distinct customers by cohort and age.
"""

from __future__ import annotations

from typing import Any

from bench import behaviour
from bench.behaviour import CALENDAR, MONDAY, NUMBER, WEEK

BAR = 3.0
AGES = 12


def main() -> float:
    contenders = (
        ("ganj", "ganj"),
        ("DuckDB", "duckdb_sql"),
        ("Polars", "polars_frames"),
        ("chDB", "chdb_sql"),
    )
    outside = (("Polars, told the order", "polars_sorted"),)
    return behaviour.compare("retention", __doc__ or "", BAR, contenders, outside)


# ---- the contenders: each returns [[cohort, age, customers]], in order


def ganj(folder: str) -> list[list[int]]:
    from ganj.miners.retention import Retention

    miner = Retention(**CALENDAR, ages=AGES, start="any", returns=("any",))
    cells = behaviour.mined(miner, folder).cells
    return [
        [int(cohort), int(age), int(count)]
        for (cohort, age), count in zip(cells.keys, cells.values[:, 0], strict=True)
        if count
    ]


def duckdb_sql(folder: str) -> list[list[int]]:
    query = f"""
        with weeks as (select distinct customer, {NUMBER} as week from events),
        firsts as (select customer, min(week) as cohort from weeks group by customer)
        select cohort, week - cohort as age, count(*) from weeks join firsts using (customer)
        where age <= {AGES} group by all order by all
        """
    return [[int(figure) for figure in row] for row in behaviour.duckdb_rows(folder, query)]


def chdb_sql(folder: str) -> list[list[int]]:
    query = f"""
        select cohort, week - cohort as age, count() from (
            select groupUniqArray(intDiv(time + {MONDAY}, {WEEK})) as weeks, arrayMin(weeks) as cohort
            from {behaviour.chdb_events(folder)} group by customer
        ) array join weeks as week where age <= {AGES} group by cohort, age order by cohort, age
    """
    return [[int(figure) for figure in row] for row in behaviour.chdb_rows(query)]


def polars_frames(folder: str) -> list[list[int]]:
    import polars as pl

    week = ((pl.col("time") + MONDAY) // WEEK).alias("week")
    weeks = pl.scan_parquet(f"{folder}/runs/*.parquet").select("customer", week).unique()
    firsts = weeks.group_by("customer").agg(pl.col("week").min().alias("cohort"))
    return answered(weeks.join(firsts, on="customer"))


def polars_sorted(folder: str) -> list[list[int]]:
    import polars as pl

    week = ((pl.col("time") + MONDAY) // WEEK).alias("week")
    weeks = pl.scan_parquet(f"{folder}/runs/*.parquet").select("customer", week)
    same = pl.col("customer") == pl.col("customer").shift(1)
    weeks = weeks.filter(~(same & (pl.col("week") == pl.col("week").shift(1))).fill_null(value=False))
    cohort = pl.when(~same.fill_null(value=False)).then(pl.col("week")).forward_fill().alias("cohort")
    return answered(weeks.with_columns(cohort))


def answered(weeks: Any) -> list[list[int]]:
    import polars as pl

    found = (
        weeks.with_columns((pl.col("week") - pl.col("cohort")).alias("age"))
        .filter(pl.col("age") <= AGES)
        .group_by("cohort", "age")
        .len()
        .sort("cohort", "age")
        .collect()
    )
    return [[int(figure) for figure in row] for row in found.rows()]
