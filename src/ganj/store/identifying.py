"""Who is who, kept in tables: identifiers find their customers, merges and their undoing move them.

Everything here happens with a cursor that is inside a transaction.  Customers are origins throughout: the
number under which something came never changes; the table ``moved`` says who stands for whom now.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import count
from typing import Any

import duckdb
import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.identity.merging import components, joining
from ganj.identity.rules import Rules
from ganj.identity.stitching import Assigned, Index, Merge
from ganj.store.sql import query
from ganj.store.waiting import DOING

JOINED = pa.schema(
    [
        ("id", pa.string()),
        ("one", pa.int32()),
        ("other", pa.int32()),
        ("one_kind", pa.string()),
        ("one_value", pa.string()),
        ("other_kind", pa.string()),
        ("other_value", pa.string()),
        ("time", pa.int64()),
        ("automatic", pa.bool_()),
        ("evidence", pa.string()),
    ]
)
"""Rows of the table ``merges`` as they begin."""

NONE = np.zeros(0, np.int32)

Link = tuple[str, str]
"""An identifier: kind, value."""

HELD = pa.schema([("node", pa.int64()), ("kind", pa.string()), ("added", pa.int64())])
PERSONS = pa.schema([("origin", pa.int32()), ("customer", pa.int32()), ("turn", pa.int64())])
_turn = count()
"""Of what is said of one origin the last counts."""

Row = tuple[Any, ...]
"""A merge: a row of the table ``merges``."""
UNDONE = 10
"""Column of it: when it was undone."""


class Tables:
    """What a transaction knows of identifiers: a `ganj.identity.stitching.Book`."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def owners(self, links: pa.Table) -> Array:
        """Return the origin that has each identifier: int32[n], -1 where nobody has."""
        self._cursor.register("links", links.append_column("mark", pa.array(np.arange(len(links)))))
        return self._column("links_owned", "customer")

    def held(self, origins: Array) -> pa.Table:
        """Return what the persons behind some origins hold: ``node kind added``."""
        if not len(origins):
            return HELD.empty_table()
        told = {"node": np.arange(len(origins)), "origin": origins.astype(np.int32)}
        self._cursor.register("persons", pa.table(told))
        return self._cursor.sql(query("held")).to_arrow_table()

    def now(self, origins: Array) -> Array:
        """Return who stands for each origin: int32[n]."""
        if not len(origins) or not self._rows("any_moved")[0][0]:
            return origins
        asked = np.unique(origins)
        stands = asked.astype(np.int32)
        for origin, customer in self._rows("stand_for", origins=asked.tolist()):
            stands[np.searchsorted(asked, origin)] = customer
        found: Array = stands[np.searchsorted(asked, origins)]
        return found

    def everyone_of(self, customers: Array) -> tuple[Array, Array]:
        """Return the origins that some customers stand for, and who does: int32[n] both."""
        rows = self._rows("everyone_of", customers=customers.tolist())
        origins, stand = np.array([*rows, *zip(customers, customers, strict=True)], np.int32).reshape(-1, 2).T
        return origins, stand

    def apart(self) -> Array:
        """Return pairs of origins that were told to be different people: int32[n, 2]."""
        return np.array(self._rows("told_apart"), np.int32).reshape(-1, 2)

    def following(self) -> int:
        """Return the number of the next new customer."""
        return int(self._rows("next_customer")[0][0])

    def add(self, identifiers: pa.Table, founded: pa.Table) -> None:
        """Store what is new; see `ganj.identity.stitching.Assigned`."""
        for name, table in (("linked", identifiers), ("founded", founded)):
            self.note(name, table)

    def note(self, name: str, table: pa.Table) -> None:
        """Store rows; see `ganj.store.waiting.DOING`."""
        if len(table):
            self._cursor.register("told", table)
            for one in DOING[name]:
                self._cursor.execute(query(one))

    def merge(self, name: str) -> Row | None:
        """Return a merge by its id."""
        found = self._rows("stored_merge", id=name)
        return found[0] if found else None

    def edges(self, members: list[int], besides: str) -> list[tuple[int, int]]:
        """Return the origins that standing merges of some origins join, but for one merge."""
        stored = self._rows("merges_among", origins=members)
        return [(one, other) for name, one, other in stored if name != besides]

    def lying(self, origins: Array) -> Array:
        """Return where events of some origins may lie in runs: int64[n, 4], rows of the query ``lying``."""
        return np.array(self._rows("lying", origins=origins.tolist()), np.int64).reshape(-1, 4)

    def moved(self, origins: Array, customers: Array) -> None:
        """Take note that others stand for some origins now, and that others may have been told apart."""

    def _rows(self, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._cursor.execute(query(name), given).fetchall()
        return found

    def _column(self, name: str, column: str) -> Array:
        found: Array = self._cursor.sql(query(name)).to_arrow_table()[column].to_numpy()
        return found


class Identifying:
    """Customers being found, merged and told apart inside one transaction.

    Parameters
    ----------
    cursor : inside a transaction
    buckets : parts of the workspace
    rules : what makes identifiers one person's
    tables : what is known, where it is kept at hand
    """

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, buckets: int, rules: Rules, tables: Tables | None = None
    ) -> None:
        self._cursor, self._buckets, self._rules = cursor, buckets, rules
        self._tables = tables or Tables(cursor)

    # ---- identifiers

    def assign(self, people: pa.Table) -> Assigned:
        """Give combinations of identifiers (`ganj.identity.stitching.PEOPLE`) their origins, and store what is new.

        What is merged by it has moved in everything that is stored; `now` tells where to put what comes.
        """
        found = Index(self._rules, self._tables).assign(people)
        self._tables.add(found.identifiers, found.founded)
        if found.merges:
            joined = pa.Table.from_pylist([told(merge) for merge in found.merges], schema=JOINED)
            self._join(joined, self._now(joined))
        return found

    def now(self, origins: Array) -> Array:
        """Return the customer that each origin belongs to now: int32[n]."""
        return self._tables.now(origins)

    # ---- merges

    def merge(self, rows: pa.Table) -> list[bool]:
        """Join customers because somebody decided it; False for those that are one already, or nobody.

        Parameters
        ----------
        rows : of `JOINED`, in order
        """
        ends = self._now(rows)
        joins = joining(ends)
        if joins.any():
            self._join(rows.filter(pa.array(joins)), ends[joins])
        told: list[bool] = joins.tolist()
        return told

    def _now(self, joined: pa.Table) -> Array:
        """Return the customers that some merges join: int32[merges, 2]."""
        sides = np.stack([joined[side].to_numpy() for side in ("one", "other")], axis=1)
        return self.now(sides.ravel()).reshape(-1, 2)

    def _join(self, rows: pa.Table, ends: Array) -> None:
        self._tables.note("merges", rows)
        touched, stands = components(ends)
        origins, stood = self._tables.everyone_of(touched[touched != stands])
        self._changed(origins, stands[np.searchsorted(touched, stood)])

    def unmerge(self, merge: str, time: int, by: str = "") -> bool:
        """Undo a merge: whoever it joined goes back to how they came; False if there is nothing to undo."""
        found = self._tables.merge(merge)
        if found is None or found[UNDONE] is not None:
            return False
        members = np.unique(self._tables.everyone_of(self.now(np.array([found[1]], np.int32)))[0]).tolist()
        edges = self._tables.edges(members, merge) if len(members) > 2 else []  # k are one by k - 1 merges
        alone = [(origin, origin) for origin in members]
        touched, stands = components(np.array(edges + alone, np.int32))
        self._tables.note("undone", pa.table({"id": [merge], "time": [time], "by": [by]}))
        self._changed(touched, stands)
        return True

    def prefer(self, trait: str, rule: str, sources: tuple[str, ...]) -> bool:
        """Keep which source wins a trait."""
        self._do("no_more_preferred", name=trait)
        if rule != "last":
            self._do("new_preferred", name=trait, rule=rule, sources=list(sources))
        return True

    def apart(self, sides: tuple[Link, Link], time: int, by: str, *, stands: bool) -> bool:
        """Keep that two customers are different people, or take it back; False where a side is nobody."""
        one, other = sorted(zip(self.owners(sides).tolist(), sides, strict=True))
        if one[0] < 0 or one[0] == other[0]:
            return False
        row = {"one_kind": one[1][0], "one_value": one[1][1]}
        row |= {"other_kind": other[1][0], "other_value": other[1][1]}
        self._do("no_more_apart", one=one[0], other=other[0])
        if stands:
            self._do("new_apart", one=one[0], other=other[0], time=time, by=by, **row)
        self._tables.moved(NONE, NONE)
        return True

    def owners(self, links: Sequence[Link]) -> Array:
        """Return the origin that has each identifier: int32[n], -1 where nobody has."""
        kinds, values = zip(*links, strict=True)
        return self._tables.owners(pa.table({"kind": list(kinds), "value": list(values)}))

    def _changed(self, origins: Array, customers: Array) -> None:
        """Note who stands for some origins now; what is stored of them moves when it is read or sealed."""
        order = np.argsort(origins)
        origins, customers = origins[order], customers[order]
        before = self.now(origins)
        new = np.flatnonzero(before != customers)
        origins, before, customers = origins[new], before[new], customers[new]
        self._tables.note("moved", _persons(origins, customers))
        self.displaced(origins, customers)
        self._tables.moved(origins, customers)

    def displaced(self, origins: Array, customers: Array) -> None:
        """Note where events of those who moved lie in runs, if that is not where they belong now."""
        told = self._tables.lying(origins)
        runs, placed, before = (told[told[:, 0] == kind, 1:] for kind in range(3))
        places = np.unique(np.concatenate((np.stack((origins, origins), axis=1), placed[:, :2])), axis=0)
        now = customers[np.searchsorted(origins, places[:, 0])]
        away = places[(places[:, 1] != now) & _within(places[:, 1], runs, self._buckets)]
        gone = np.setdiff1d(before[:, 0], away[:, 0])
        self._tables.note(
            "displaced", _persons(np.append(away[:, 0], gone), np.append(away[:, 1], np.full(len(gone), -1)))
        )

    def _do(self, name: str, /, **given: Any) -> None:
        self._cursor.execute(query(name), given)

    def _rows(self, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._cursor.execute(query(name), given).fetchall()
        return found


def _persons(origins: Array, customers: Array) -> pa.Table:
    told = (pa.array(told.astype(np.int32)) for told in (origins, customers))
    return pa.table([*told, pa.array(np.full(len(origins), next(_turn)))], schema=PERSONS)


def _within(customers: Array, runs: Array, buckets: int) -> Array:
    """Tell whose bucket has a run in which they may be: bool[n]; ``runs`` are (bucket, first, last)."""
    first, last = np.full(buckets + 1, np.iinfo(np.int64).max), np.full(buckets + 1, -1)
    first[runs[:, 0]], last[runs[:, 0]] = runs[:, 1], runs[:, 2]
    bucket = customers % buckets
    found: Array = (first[bucket] <= customers) & (customers <= last[bucket])
    return found


def told(merge: Merge) -> dict[str, Any]:
    """Return an automatic merge as a row of `JOINED`."""
    (one_kind, one), (other_kind, other) = merge.links
    words = f"{one_kind}\x1f{one}\x1f{other_kind}\x1f{other}"
    return {
        "id": f"auto-{blake2b(words.encode(), digest_size=10).hexdigest()}",
        "one": merge.one,
        "other": merge.other,
        "one_kind": one_kind,
        "one_value": one,
        "other_kind": other_kind,
        "other_value": other,
        "time": merge.time,
        "automatic": True,
        "evidence": msgspec.json.encode({"message": merge.evidence}).decode(),
    }
