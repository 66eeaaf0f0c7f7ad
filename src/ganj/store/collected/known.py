"""Identifiers and whose they are, in memory: a load asks for a few of very many.

The tables stay what counts; here is what a load would have to search all of them for.  An identifier takes about
thirty bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import Array
from ganj.store.collected.codes import Codes, hashes
from ganj.store.collected.joins import Joins
from ganj.store.identifying import HELD, Link, Row, Tables
from ganj.store.sql import query
from ganj.store.standing import laid_out, standing

TAIL = 16_384
"""New records beside the sorted ones before they are put among them."""


class Records:
    """What customers hold: the kind of each identifier and when it came, by customer.

    Parameters
    ----------
    columns : int32[n] customers, int16[n] kinds, int64[n] µs
    """

    def __init__(self, columns: tuple[Array, ...]) -> None:
        self._sorted, self._tail = _by_customer(columns), _by_customer(tuple(c[:0] for c in columns))

    def add(self, columns: tuple[Array, ...]) -> None:
        """Add records."""
        self._tail = _by_customer(_ended(self._tail, columns))
        if len(self._tail[0]) > max(TAIL, len(self._sorted[0]) // 16):
            self._sorted = _by_customer(_ended(self._sorted, self._tail))
            self._tail = tuple(column[:0] for column in self._tail)

    def of(self, customers: Array) -> tuple[Array, Array, Array]:
        """Return the records of some customers: the place of the customer, the kind, when it came."""
        place, kind, came = _ended(_of(self._sorted, customers), _of(self._tail, customers))
        return place, kind, came


def _ended(one: tuple[Array, ...], other: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(np.concatenate(pair) for pair in zip(one, other, strict=True))


def _by_customer(columns: tuple[Array, ...]) -> tuple[Array, ...]:
    order = np.argsort(columns[0], kind="stable")
    return tuple(column[order] for column in columns)


def _of(columns: tuple[Array, ...], customers: Array) -> tuple[Array, ...]:
    starts, stops = (np.searchsorted(columns[0], customers, side) for side in ("left", "right"))
    sizes = stops - starts
    rows = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    return np.repeat(np.arange(len(customers)), sizes), *(column[rows] for column in columns[1:])


class Saying(Protocol):
    """A load: a `ganj.store.collected.portion.Portion`."""

    @property
    def times(self) -> int:
        """How often the tables were told everything that loads say."""

    def say(self, name: str, table: pa.Table) -> None:
        """Have rows stored with the load; see `ganj.store.waiting`."""


class Known(Tables):
    """What the tables know of identifiers, and what this load adds.

    Parameters
    ----------
    cursor : reads the tables
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        super().__init__(cursor)
        told = cursor.sql(query("identifiers_known")).to_arrow_table()
        self._kinds: list[str] = []
        customer = told["customer"].to_numpy()
        self._codes = Codes(_keys(told), customer)
        self._records = Records((customer, self._kind_of(told["kind"]), told["added"].to_numpy()))
        self._following = super().following()
        self._moved: Array = laid_out(cursor.sql(query("moved")).to_arrow_table())
        self._told_apart: Array | None = None
        self.joins = Joins()

    def using(self, cursor: duckdb.DuckDBPyConnection, load: Saying) -> Known:
        """Read the rest with the cursor of a load from now on, and let that load say what is new."""
        self._cursor, self._load = cursor, load
        self.joins.began(load.times)
        return self

    def note(self, name: str, table: pa.Table) -> None:
        """Have rows stored with the load."""
        if len(table):
            self._load.say(name, table)
            self.joins.note(name, table)

    def merge(self, name: str) -> Row | None:
        """Return a merge by its id, as it is now."""
        return self.joins.merge(name, lambda: super(Known, self).merge(name))

    def edges(self, members: list[int], besides: str) -> list[tuple[int, int]]:
        """Return the origins that standing merges of some origins join, but for one merge."""
        return self.joins.edges(self._rows("merges_among", origins=members), members, besides)

    def lying(self, origins: Array) -> Array:
        """Return where events of some origins may lie in runs: int64[n, 4], rows of the query ``lying``."""
        return self.joins.lying(self._cursor, origins)

    def moved(self, origins: Array, customers: Array) -> None:
        """Take note that others stand for some origins now, and that others may have been told apart."""
        self._told_apart = None
        if not len(origins):
            return
        more = int(origins.max()) + 1 - len(self._moved)
        if more > 0:
            self._moved = np.append(self._moved, len(self._moved) + np.arange(more * 2, dtype=np.int32))
        self._moved[origins] = customers

    def apart(self) -> Array:
        """Return pairs of origins that were told to be different people: int32[n, 2]."""
        if self._told_apart is None:
            self._told_apart = super().apart()
        return self._told_apart

    def _kind_of(self, kinds: pa.ChunkedArray) -> Array:
        for kind in pc.unique(kinds).to_pylist():
            if kind not in self._kinds:
                self._kinds.append(kind)
        found: Array = pc.index_in(kinds, value_set=pa.array(self._kinds, pa.string())).to_numpy()
        return found.astype(np.int16)

    def owners(self, links: pa.Table) -> Array:
        """Return the origin that has each identifier: int32[n], -1 where nobody has."""
        return self._codes.find(_keys(links))

    def owned(self, links: Sequence[Link]) -> Array:
        """Return the origin that has each identifier, and who stands for it: int32[2, n], -1 where nobody has."""
        kinds, values = zip(*links, strict=True)
        origins = self.owners(pa.table({"kind": list(kinds), "value": list(values)}))
        return np.stack((origins, self.now(origins)))

    def held(self, origins: Array) -> pa.Table:
        """Return what the persons behind some origins hold: ``node kind added``."""
        if not len(origins):
            return HELD.empty_table()
        members, node = self._members(origins)
        place, kind, added = self._records.of(members)
        kinds = pa.array(self._kinds, pa.string()).take(pa.array(kind))
        return pa.table([pa.array(node[place]), kinds, pa.array(added)], schema=HELD)

    def everyone_of(self, customers: Array) -> tuple[Array, Array]:
        """Return the origins that some customers stand for, and who does: int32[n] both."""
        members, node = self._members(customers)
        return members, customers[node]

    def _members(self, origins: Array) -> tuple[Array, Array]:
        """Return the origins that some stand for, themselves too, and the place of who does."""
        moved = np.flatnonzero(self._moved != np.arange(len(self._moved)))
        order = np.argsort(origins)
        at = np.minimum(np.searchsorted(origins[order], self._moved[moved]), len(origins) - 1)
        mine = origins[order][at] == self._moved[moved]
        members = np.concatenate((origins, moved[mine]))
        return members, np.concatenate((np.arange(len(origins)), order[at[mine]]))

    def now(self, origins: Array) -> Array:
        """Return who stands for each origin: int32[n]."""
        return standing(self._moved, origins)

    def following(self) -> int:
        """Return the number of the next new customer."""
        return self._following

    def add(self, identifiers: pa.Table, founded: pa.Table) -> None:
        """Note what a load brought, and have it stored; see `ganj.identity.stitching.Assigned`."""
        super().add(identifiers, founded)
        new = identifiers.filter(pc.is_valid(identifiers["added"]))
        customer = new["customer"].to_numpy()
        self._codes.put(_keys(new), customer)
        self._records.add((customer, self._kind_of(new["kind"]), new["added"].to_numpy()))
        if len(founded):
            self._following = max(self._following, pc.max(founded["customer"]).as_py() + 1)


def _keys(links: pa.Table) -> Array:
    """Return the hash of each identifier: uint64[n]."""
    return hashes(pc.binary_join_element_wise(links["kind"], links["value"], "\x1f"))
