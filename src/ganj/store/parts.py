"""One part of the customers, from the tables of its runs to the arrays an analysis reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ganj.histories import Array, Lines
from ganj.miner import Reads
from ganj.store.runs import numbers, order_of

PROPERTY = "property:"
NUMBER = "number:"


def empty_column(name: str, rows: int) -> Array | None:
    """Return what a column is that no run has; None for columns that runs have."""
    if name == "session":
        return np.full(rows, -1, np.int64)
    if name.startswith(PROPERTY):
        return np.full(rows, -1, np.int32)
    return None


class Part:
    """Events of one bucket, laid end to end, with the order in which they are one.

    Parameters
    ----------
    tables : one a run, each in order, with the columns that are needed
    reads : what is asked for
    properties : number of every promoted property by name
    """

    def __init__(self, tables: list[pa.Table], reads: Reads, properties: dict[str, int]) -> None:
        self._tables = [table for table in tables if len(table)]
        self._reads, self._properties = reads, properties
        self.rows = sum(len(table) for table in self._tables)
        self.customer = self._column("customer", np.int32)
        self._order = self._merged() if len(self._tables) > 1 else None

    def _column(self, name: str, kind: Any) -> Array:
        arrays = [
            numbers(table[name]) if name in table.column_names else np.full(len(table), -1, kind)
            for table in self._tables
        ]
        return arrays[0] if len(arrays) == 1 else np.concatenate([*arrays, np.zeros(0, kind)])

    def _merged(self) -> Array:
        keys = pa.concat_tables([table.select(["customer", "time", "message_id"]) for table in self._tables])
        return order_of(keys, [len(table) for table in self._tables])

    def positions(
        self, events: Array | None, between: tuple[int | None, int | None], customers: Array | None
    ) -> Array | None:
        """Return where the events of these codes, times and customers lie, in order.

        Returns
        -------
        int64[events], or None for all as they lie
        """
        found = self._fitting(events, between)
        if customers is not None:
            near = np.minimum(np.searchsorted(customers, self.customer), len(customers) - 1)
            theirs = customers[near] == self.customer
            found = np.flatnonzero(theirs) if found is None else found[theirs[found]]
        if self._order is None or found is None:
            return self._order if found is None else found
        keep = np.zeros(self.rows, bool)
        keep[found] = True
        return self._order[keep[self._order]]

    def _fitting(self, events: Array | None, between: tuple[int | None, int | None]) -> Array | None:
        from ganj.kernels.sifting import fitting

        since, until = between
        timed = between != (None, None)
        if events is None and not timed:
            return None
        code = np.zeros(0, np.int32) if events is None else self._column("event", np.int32)
        wanted = np.zeros(1, bool) if events is None else np.append(events, False)
        time = self._column("time", np.int64) if timed else np.zeros(0, np.int64)
        first = np.iinfo(np.int64).min if since is None else since
        return fitting(code, wanted, time, first, np.iinfo(np.int64).max if until is None else until)

    def offsets(self, everyone: Array, at: Array | None) -> Array:
        """Return where each customer's events begin: int64[customers + 1]."""
        from ganj.kernels.sifting import begins

        return begins(self.customer if at is None else _picked(self.customer, at), everyone)

    def columns(self, at: Array | None) -> dict[str, Array]:
        """Return the columns asked for, in order."""
        names = (*self._reads.columns, *(PROPERTY + name for name in self._reads.properties))
        return {name: self._asked(name, at) for name in names}

    def coded(self, name: str, at: Array | None) -> Array:
        """Return a promoted property's codes, in order; -1 throughout for one that is none."""
        return self._asked(PROPERTY + name, at)

    def told(self, at: Array | None) -> pa.ChunkedArray:
        """Return the events' properties as JSON, in order; null where there are none."""
        column = pa.chunked_array(
            [chunk for table in self._tables for chunk in table["properties"].chunks], pa.string()
        )
        return column if at is None else column.take(pa.array(at))

    def _asked(self, name: str, at: Array | None) -> Array:
        if name.startswith(PROPERTY) and name.removeprefix(PROPERTY) in self._properties:
            column: Array | None = self._column(f"p{self._properties[name.removeprefix(PROPERTY)]}", np.int32)
        else:
            column = empty_column(name, self.rows)
        if column is None:
            column = self._column(name, COLUMNS.get(name, np.int32))
        return column if at is None else _picked(column, at)

    def lines(self, at: Array | None) -> Lines:
        """Return the order lines of the events, in order."""
        parts = [_lines(table) for table in self._tables]
        sizes = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.offsets) for part in parts)])
        whole = Lines(
            np.cumsum(sizes, dtype=np.int64),
            np.concatenate([*(part.product for part in parts), np.zeros(0, np.int32)]),
            np.concatenate([*(part.quantity for part in parts), np.zeros(0)]),
            np.concatenate([*(part.price for part in parts), np.zeros(0)]),
        )
        return whole if at is None else whole.of_events(at)


COLUMNS: dict[str, Any] = {"time": np.int64, "amount": np.float64, "customer": np.int32}


def _picked(column: Array, at: Array) -> Array:
    from ganj.kernels.sifting import picked

    return picked(column, at)


def _lines(table: pa.Table) -> Lines:
    product, quantity, price = (
        pa.concat_arrays(table[f"line_{name}"].chunks) for name in ("product", "quantity", "price")
    )
    offsets = product.offsets.to_numpy().astype(np.int64)
    return Lines(
        offsets - offsets[0],
        product.flatten().to_numpy(),
        quantity.flatten().to_numpy(),
        price.flatten().to_numpy(),
    )
