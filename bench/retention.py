"""Weekly first-time retention of all customers, end to end from the sealed files, beside SQL and data frames.

The question: of the customers who first came in each week, how many came again one, two, … twelve weeks
later?  Ganj streams its customer-ordered runs; DuckDB, chDB and Polars read the same Parquet files, find
each customer's first week, and count distinct customers by cohort and age.
"""

from __future__ import annotations

import argparse
import atexit
import shutil
import sys
from pathlib import Path

from bench import side_by_side
from bench.fold import opened, write

BAR = 3.0
WEEK = 7 * 86_400_000_000
MONDAY = 3 * 86_400_000_000
AGES = 12
NUMBER = f"(time + {MONDAY}) // {WEEK}"


def main() -> float:
    asked = argparse.ArgumentParser(prog="python -m bench retention", description=__doc__)
    asked.add_argument("--events", type=int, default=50_000_000)
    asked.add_argument("--customers", type=int, default=0, help="one for every 50 events if not given")
    asked.add_argument("--repeats", type=int, default=3)
    told = asked.parse_args()
    folder = Path(__file__).parent / ".data" / f"retention-{told.events}"
    shutil.rmtree(folder, ignore_errors=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write(str(folder), told.events, told.customers or told.events // 50)
    return compare(str(folder), told.repeats)


def compare(folder: str, repeats: int) -> float:
    names = (
        ("ganj", "ganj"),
        ("DuckDB", "duckdb_sql"),
        ("Polars", "polars_frames"),
        ("chDB", "chdb_sql"),
    )
    results = [
        side_by_side.run(name, f"bench.retention:{function}", repeats, folder=folder)
        for name, function in names
    ]
    side_by_side.same(results)
    ours, *peers = results
    best = min(peer.best for peer in peers)
    print(f"first call of a fresh process: {min(peer.first for peer in peers) / ours.first:.1f} times faster")
    print(f"retention ratio {best / ours.best:.1f} (bar {BAR:.0f})")
    if best / ours.best < BAR:
        sys.exit(1)
    return best / ours.best


# ---- the contenders: each returns [[cohort, age, customers]], in order


def ganj(folder: str) -> list[list[int]]:
    from ganj.engines.local import Run
    from ganj.miners.retention import Retention

    miner = Retention(
        period="week",
        calendar="gregorian",
        zone="UTC",
        week_start=0,
        ages=AGES,
        start="any",
        returns=("any",),
    )
    cells = Run(miner, opened(folder).snapshot, threads=2).model().cells
    return [
        [int(cohort), int(age), int(count)]
        for (cohort, age), count in zip(cells.keys, cells.values[:, 0], strict=True)
        if count
    ]


def duckdb_sql(folder: str) -> list[list[int]]:
    import duckdb

    con = duckdb.connect()
    con.execute("set threads = 2")
    con.read_parquet(f"{folder}/runs/*.parquet").create_view("events")
    found = con.execute(
        f"""
        with weeks as (select distinct customer, {NUMBER} as week from events),
        firsts as (select customer, min(week) as cohort from weeks group by customer)
        select cohort, week - cohort as age, count(*) from weeks join firsts using (customer)
        where age <= {AGES} group by all order by all
        """
    ).fetchall()
    con.close()
    return [[int(figure) for figure in row] for row in found]


def chdb_sql(folder: str) -> list[list[int]]:
    import chdb

    files = f"file('{folder}/runs/*.parquet', Parquet, 'customer Int32, time Int64')"
    asked = f"""
        select cohort, week - cohort as age, count() from (
            select groupUniqArray(intDiv(time + {MONDAY}, {WEEK})) as weeks, arrayMin(weeks) as cohort
            from {files} group by customer
        ) array join weeks as week where age <= {AGES} group by cohort, age order by cohort, age
        settings max_threads = 2
    """
    return [[int(figure) for figure in row.split("\t")] for row in str(chdb.query(asked, "TSV")).splitlines()]


def polars_frames(folder: str) -> list[list[int]]:
    import polars as pl

    week = ((pl.col("time") + MONDAY) // WEEK).alias("week")
    weeks = pl.scan_parquet(f"{folder}/runs/*.parquet").select("customer", week).unique()
    firsts = weeks.group_by("customer").agg(pl.col("week").min().alias("cohort"))
    found = (
        weeks.join(firsts, on="customer")
        .with_columns((pl.col("week") - pl.col("cohort")).alias("age"))
        .filter(pl.col("age") <= AGES)
        .group_by("cohort", "age")
        .len()
        .sort("cohort", "age")
        .collect()
    )
    return [[int(figure) for figure in row] for row in found.rows()]
