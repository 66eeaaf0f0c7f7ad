"""What was decided about who is who and the tables have not been told yet, and where moved events lie, in memory.

Somebody waits for a merge and for its undoing, and each statement costs about a millisecond.  So what a decision
changes waits with all else that a load says (`ganj.store.waiting`), and the next decision asks here.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.store.identifying import UNDONE, Row
from ganj.store.sql import query


class Joins:
    """Merges that were made or undone since the tables were told last."""

    def __init__(self) -> None:
        self._merges: dict[str, Row] = {}
        self._undone: dict[str, tuple[int, str]] = {}
        self._looked: dict[str, Row] = {}
        self._lie: dict[int, list[int]] = {}
        self._told = -1
        self._places: tuple[Array, ...] | None = None

    def began(self, told: int) -> None:
        """Begin a load; ``told`` changes whenever the tables are told everything."""
        if told != self._told:
            self._merges, self._undone, self._told = {}, {}, told

    def relocated(self) -> None:
        """Take note that events lie elsewhere now; the tables were told everything before."""
        self._lie, self._places = {}, None

    def note(self, name: str, table: pa.Table) -> None:
        """Take note of what is said to the tables."""
        if name == "merges":
            self._merges |= {row["id"]: (*row.values(), None, None) for row in table.to_pylist()}
        elif name == "undone":
            for row in table.to_pylist():
                self._undone[row["id"]] = row["time"], row["by"]
                self._looked.pop(row["id"], None)
        elif name == "displaced":
            self._lie |= {origin: [] for origin in table["origin"].to_pylist()}
            for origin, customer in zip(
                *(table[name].to_pylist() for name in ("origin", "customer")), strict=True
            ):
                if customer >= 0:
                    self._lie[origin].append(customer)

    # ---- merges

    def merge(self, name: str, read: Callable[[], Row | None]) -> Row | None:
        """Return a merge, as the tables have it where it is not known here; who undoes one has looked at it before."""
        found = self._merges.get(name) or self._looked.get(name) or read()
        if found is not None and found[UNDONE] is None and not (name in self._merges or name in self._undone):
            self._looked = {name: found}
        return found and (*found[:UNDONE], *self._undone.get(name, found[UNDONE:]))

    def edges(
        self, stored: list[tuple[str, int, int]], members: list[int], besides: str
    ) -> list[tuple[int, int]]:
        """Return the origins that merges join, of some origins, those that stand: the tables' and others."""
        inside = set(members)
        found = {name: (one, other) for name, one, other in stored}
        found |= {name: (row[1], row[2]) for name, row in self._merges.items() if row[1] in inside}
        return [pair for name, pair in found.items() if name not in self._undone and name != besides]

    # ---- where events lie

    def lying(self, cursor: duckdb.DuckDBPyConnection, origins: Array) -> Array:
        """Return what the query ``lying`` does, of memory."""
        if self._places is None:
            read = (
                cursor.execute(query(name)).fetchall()
                for name in ("run_bounds", "all_placed", "all_displaced")
            )
            self._places = tuple(np.array(rows, np.int64).reshape(-1, 4) for rows in read)
        runs, placed, displaced = self._places
        asked = origins.tolist()
        new = [(2, origin, customer, customer) for origin in asked for customer in self._lie.get(origin, ())]
        old = _of(displaced, np.array([origin for origin in asked if origin not in self._lie], np.int64))
        return np.concatenate((runs, _of(placed, origins), old, np.array(new, np.int64).reshape(-1, 4)))


def _of(rows: Array, origins: Array) -> Array:
    """Return the rows of some origins; rows are in order of them."""
    starts, stops = (np.searchsorted(rows[:, 1], origins, side) for side in ("left", "right"))
    spans = [np.arange(*span) for span in zip(starts, stops, strict=True)]
    found: Array = rows[np.concatenate([np.zeros(0, np.int64), *spans])]
    return found
