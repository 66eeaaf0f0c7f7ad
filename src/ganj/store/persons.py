"""Who is one person with whom, and why: merges, the rules they follow, and all that a person has here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from ganj.histories import Array
from ganj.identity.rules import Rules
from ganj.store.control import SETTINGS, Control
from ganj.store.derived import Derived
from ganj.store.folder import room
from ganj.store.identifying import Link


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """Two customers who are (or were) one person.

    Attributes
    ----------
    id : names it for the undo
    customer : who they are now: the older of the two while the merge stands
    one, other : an identifier of each side
    numbers : the numbers under which the two sides came
    time : µs UTC of the message or decision that says so
    automatic : whether the rules did it
    by : who decided it
    evidence : what was said for it
    undone : µs UTC when it was undone; None while it stands
    undone_by : who undid it
    """

    id: str
    customer: int
    one: Link
    other: Link
    numbers: tuple[int, int]
    time: int
    automatic: bool
    by: str = ""
    evidence: dict[str, Any] = {}
    undone: int | None = None
    undone_by: str = ""


class Apart(msgspec.Struct, frozen=True):
    """Two customers who were said to be different people: an identifier of each, µs UTC when, and by whom."""

    one: Link
    other: Link
    time: int
    by: str = ""


class Holding(msgspec.Struct, frozen=True):
    """All that a person has here, for whoever exports or erases it.

    Attributes
    ----------
    origins : the numbers under which they came
    identifiers : (kind, value)
    events, lines : how many events, and order lines in them
    traits : names of what is said of them
    batches : imports that brought something of them, -1 for the log
    merges : ids of merges that name them
    apart : who they were said not to be
    """

    origins: tuple[int, ...]
    identifiers: tuple[Link, ...]
    events: int
    lines: int
    traits: tuple[str, ...]
    batches: tuple[int, ...]
    merges: tuple[str, ...]
    apart: tuple[Apart, ...]


class Persons:
    """Answers about who is who.

    Parameters
    ----------
    derived : what is stored
    control : the settings
    """

    def __init__(self, derived: Derived, control: Callable[[], Control]) -> None:
        self._derived, self._control = derived, control

    # ---- rules

    def rules(self) -> Rules:
        """Return what makes identifiers one person's; the defaults where nothing was decided."""
        with self._control().engine.connect() as con:
            row = con.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.name == "identity")).first()
        return Rules() if row is None else msgspec.convert(row[0], Rules)

    def save_rules(self, rules: Rules) -> None:
        """Keep new rules: they hold for what comes from now on, and for everything after a rebuild."""
        told = insert(SETTINGS).values(name="identity", value=msgspec.to_builtins(rules))
        with room(self._derived.database.path), self._control().engine.begin() as con:
            con.execute(
                told.on_conflict_do_update(index_elements=["name"], set_={"value": told.excluded.value})
            )
        self._derived.collected.forget()

    def preferred(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return which source wins, by trait, where it was decided: the rule and its sources."""
        rows = self._derived.database.rows("preferred")
        return {name: (rule, tuple(sources)) for name, rule, sources in rows}

    # ---- merges

    def merges(self, customer: int | None = None, limit: int = 100, before: int | None = None) -> list[Merge]:
        """Return merges, newest first, those undone too; of one customer, or before a time (µs)."""
        members = None if customer is None else self._members(customer)
        rows = self._derived.database.rows("stored_merges", members=members, limit=limit, before=before)
        return [self._merge(row) for row in rows]

    def known_merges(self, ids: Sequence[str]) -> set[str]:
        """Return those of some ids that name a merge."""
        return {row[0] for row in self._derived.database.rows("known_merges", ids=list(ids))}

    def merge(self, name: str) -> Merge | None:
        """Return a merge by its id."""
        with self._derived.changes:
            row = self._derived.collected.merge(name)
        return None if row is None else self._merge(row)

    def _merge(self, row: tuple[Any, ...]) -> Merge:
        told = msgspec.json.decode(row[9]) if row[9] else {}
        return Merge(
            id=row[0],
            customer=row[12],
            one=(row[3], row[4]),
            other=(row[5], row[6]),
            numbers=(row[1], row[2]),
            time=row[7],
            automatic=row[8],
            by=told.pop("by", ""),
            evidence=told,
            undone=row[10],
            undone_by=row[11] or "",
        )

    def link(self, customer: int) -> Link | None:
        """Return the identifier a customer is known by for ever; None where there is no such customer."""
        with self._derived.database.still():
            rows = self._derived.database.rows("founder", customer=customer)
        rows = rows or self._derived.database.rows(
            "founder", customer=customer
        )  # the tables may have to be told
        return (rows[0][0], rows[0][1]) if rows else None

    def links(self, customers: Array) -> dict[int, Link]:
        """Return the identifier of each of many customers, as `link` does; who is none is not among them."""
        rows = self._derived.database.rows("founders", customers=customers.tolist())
        return {customer: (kind, value) for customer, kind, value in rows}

    def owners(self, links: Sequence[Link]) -> Array:
        """Return the customers that have identifiers now: int32[n], -1 where nobody has."""
        if not links:
            return np.zeros(0, np.int32)
        kinds, values = zip(*links, strict=True)
        rows = self._derived.database.rows("origins_named", kinds=list(kinds), values=list(values))
        return np.array([customer for _, customer in rows], np.int32)

    def apart(self) -> list[Apart]:
        """Return the pairs that were said to be different people, in the order in which it was said."""
        return [_apart(row) for row in self._derived.database.rows("stored_apart")]

    def owner(self, link: Link) -> int | None:
        """Return the customer that has an identifier now; None where nobody has."""
        rows = self._derived.database.rows("owner", kind=link[0], value=link[1])
        return int(rows[0][0]) if rows else None

    def identifiers(self) -> pa.Table:
        """Return every identifier by the number its customer has now: ``customer``, ``kind``, ``value``."""
        return self._derived.database.table("everyones_identifiers")

    def _members(self, customer: int) -> list[int]:
        snapshot = self._derived.snapshot
        members: list[int] = snapshot.standing.members(snapshot.stands_for(customer)).tolist()
        return members

    # ---- everything of a person

    def held(self, name: str, /, **asked: Sequence[Any]) -> pa.Table:
        """Return what a query ``held_NAME`` finds of somebody's numbers or words."""
        return self._derived.database.table(
            f"held_{name}", **{key: list(told) for key, told in asked.items()}
        )

    def holding(self, customer: int) -> Holding:
        """Say all that a person has here: what an export gives and an erasure must reach."""
        members, rows = self._members(customer), self._derived.database.rows
        tables = self._derived.snapshot.events_of(customer)
        batches = {number for table in tables for number in table["batch"].unique().to_pylist()}
        lines = sum(len(table["line_product"].combine_chunks().flatten()) for table in tables)
        return Holding(
            origins=tuple(members),
            identifiers=tuple((row[0], row[1]) for row in rows("profile_identifiers", members=members)),
            events=sum(len(table) for table in tables),
            lines=lines,
            traits=tuple(sorted({row[0] for row in rows("trait_history", members=members)})),
            batches=tuple(sorted(batches)),
            merges=tuple(merge.id for merge in self.merges(customer, limit=1_000_000)),
            apart=tuple(_apart(row) for row in rows("apart_of", members=members)),
        )


def _apart(row: tuple[Any, ...]) -> Apart:
    return Apart((row[0], row[1]), (row[2], row[3]), row[4], row[5])
