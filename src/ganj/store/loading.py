"""Turns the staged rows of one import into customers, codes and events, inside one transaction.

Each step is one query of ``queries/``, named for what it leaves behind.  The order of steps is the
order of dependence: what was loaded before is left out first, so that it can bring nothing; then
customers are known, then codes exist, then lines become events.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ganj.events import CANCEL, REFUND
from ganj.identity.rules import Rules
from ganj.identity.stitching import PEOPLE
from ganj.persian import match_forms
from ganj.store.identifying import Identifying
from ganj.store.sql import query
from ganj.store.truth import Loaded

MOST_VALUES = 1_000
"""A property with more different values is no breakdown (facts leave ten bits for a code)."""

NAMES = ("name", "full_name", "first_name", "last_name", "company")
"""Traits that a customer is called by."""


@dataclass(frozen=True)
class Import:
    """What a load needs to know of its import.

    Attributes
    ----------
    batch : its number
    now : µs UTC when it began; the time of rows that have none
    staged : where its rows are
    buckets : parts of the workspace
    runs : folder of sealed runs
    slice : rows that are coded and grouped at once
    rules : what makes identifiers one person's
    """

    batch: int
    now: int
    staged: Path
    buckets: int
    runs: Path
    slice: int
    rules: Rules


class Load:
    """One import being loaded with a cursor that is inside a transaction."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, told: Import) -> None:
        self._cursor, self._told = cursor, told
        self._staged = {"staged": str(told.staged)}
        self._again = told.staged.with_suffix(".cancelled.parquet")

    def run(self) -> Loaded:
        """Do every step; afterwards ``arriving`` holds the new events and everything else is in place."""
        try:
            return self._run()
        finally:
            self._again.unlink(missing_ok=True)

    def _run(self) -> Loaded:
        self._cancelled()
        for name in ("surplus", "left_out"):
            self._do(name, **self._staged)
        self._do("macros")
        self._customers()
        first_order = self._number("next_order")
        for name in ("new_names", "new_products", "product_traits", "new_orders"):
            self._do(name, **self._staged)
        self._properties()
        self._grown(first_order)
        self._events()
        counts = self._counts()
        self._do("new_ledger", **self._staged, batch=self._told.batch)
        self._traits()
        return counts

    def _do(self, name: str, **given: Any) -> duckdb.DuckDBPyConnection:
        return self._cursor.execute(query(name), given)

    def _number(self, name: str, **given: Any) -> int:
        return int(self._do(name, **given).fetchall()[0][0])

    def _table(self, name: str, **given: Any) -> pa.Table:
        return self._cursor.sql(query(name), params=given).to_arrow_table()

    def _cancelled(self) -> None:
        """Turn what an earlier import counted, and this one says was cancelled, into money taken back."""
        if self._number("cancellations", **self._staged, cancel=CANCEL):
            told = self._cursor.sql(query("cancelled_since"), params={**self._staged, "cancel": CANCEL})
            told.write_parquet(str(self._again), compression="lz4")
            self._staged = {"staged": str(self._again)}

    def _customers(self) -> None:
        """Give every row's identifiers a customer."""
        self._do("people", **self._staged)
        told = self._table("told_people", now=self._told.now, evidence=f"import {self._told.batch} row ")
        people = told.drop_columns(["row"]).cast(PEOPLE)
        found = Identifying(self._cursor, self._told.buckets, self._told.rules).assign(people)
        self._found("found_people", row=told["row"], customer=found.customers)
        self._do("assigned")
        self._do("macros_of_rows")

    def _found(self, name: str, **columns: Any) -> None:
        self._cursor.register(name, pa.table(columns))

    def _properties(self) -> None:
        """Promote what has few values to codes."""
        self._do("said_properties", **self._staged)
        self._do("new_properties")
        self._do("wide_properties", most=MOST_VALUES)
        self._do("demoted_names")
        self._do("new_property_names")

    def _grown(self, first_order: int) -> None:
        """Take back the events of stored orders that get new lines; they are grouped again with them."""
        self._do("grown_orders", **self._staged, first_new=first_order)
        self._do("grown_in_fresh")
        buckets = {row[0] for row in self._do("grown_buckets", buckets=self._told.buckets).fetchall()}
        files = [
            str(self._told.runs / name)
            for name, bucket in self._do("run_buckets").fetchall()
            if bucket in buckets
        ]
        if files:
            self._do("grown_in_runs", files=files, buckets=self._told.buckets)
        self._do("forget_fresh_lines")
        self._do("forget_fresh")
        self._do("earlier_lines")
        self._do("forget_runs")

    def _events(self) -> None:
        """Code the lines, then group them into events."""
        told = self._told
        self._do("facts", **self._staged)
        self._do("macro_of_lines")
        with self._as_written():
            self._sliced("arriving_lines", now=told.now, buckets=told.buckets)
        self._do("macro_of_events")
        self._sliced("arriving", now=told.now, buckets=told.buckets, batch=told.batch)
        if self._number("any_moved"):
            self._do("moved_arriving", buckets=told.buckets)
            self._do("moved_arriving_lines")

    @contextmanager
    def _as_written(self) -> Iterator[None]:
        """Join in the order written: filters make the planner take the rows for few and hold them all, not the codes.

        The setting is of the whole database, so it is taken back beside a transaction that may have failed.
        """
        beside = self._cursor.cursor()
        beside.execute("set global disabled_optimizers = 'join_order,build_side_probe_side'")
        try:
            yield
        finally:
            beside.execute("reset global disabled_optimizers")
            beside.close()

    def _sliced(self, name: str, **given: int) -> None:
        """Make a table some buckets at a time: what a slice sorts and looks up does not grow with the import."""
        rows = pq.read_metadata(self._told.staged).num_rows
        slices = min(max(1, rows // self._told.slice), self._told.buckets)
        for slice_ in range(slices):
            step = name if slice_ == 0 else f"more_{name}"
            self._do(step, **self._staged, **given, slices=slices, slice=slice_)

    def _traits(self) -> None:
        self._do("said_traits", **self._staged, now=self._told.now)
        self._do("older_traits")
        self._do("new_traits", batch=self._told.batch)
        named = self._table("all_names", names=list(NAMES))
        self._found("found_names", customer=named["customer"], words=match_forms(named["words"]))
        self._do("older_known_as")
        self._do("new_known_as")

    def _counts(self) -> Loaded:
        told = self._table("counted", **self._staged, refund=REFUND, cancel=CANCEL).to_pylist()[0]
        staged = told.pop("staged")
        return Loaded(
            **told,
            read=staged,
            imported=staged - told["duplicates"],
            events=self._number("arrived_events"),
            batch=self._told.batch,
        )
