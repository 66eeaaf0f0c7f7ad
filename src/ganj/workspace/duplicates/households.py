"""People who live together: found beside the duplicates, kept, and told of each customer.

Mother and daughter share a last name, an address and a land line and are two people.  Who they are is kept by
identifiers, so that a household stays what it is when customers are merged or everything is made anew.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ganj.store.control import tables

if TYPE_CHECKING:
    from ganj.workspace import Workspace
    from ganj.workspace.duplicates.kept import Link

PART = 5_000  # rows of one statement
FAR = 1 << 40  # households; nobody turns so many pages

MEMBERS = sa.Table(
    "households",
    tables,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("household", sa.Integer, nullable=False),
    sa.Column("found", sa.BigInteger, nullable=False),
)


class Households:
    """Who lives with whom, as the last search found it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._engine = workspace.store.control.engine

    def keep(self, households: Sequence[Sequence[Link]]) -> None:
        """Put what was found in the place of what was known."""
        found = time.time_ns() // 1000
        rows = [
            {"kind": kind, "value": value, "household": number, "found": found}
            for number, members in enumerate(households)
            for kind, value in members
        ]
        with self._engine.begin() as con:
            con.execute(sa.delete(MEMBERS))
            for at in range(0, len(rows), PART):
                con.execute(sa.insert(MEMBERS), rows[at : at + PART])

    def forget(self, links: Collection[Link]) -> int:
        """Forget somebody for good: the bytes are overwritten; returns how many rows named them."""
        gone = sa.delete(MEMBERS).where(sa.tuple_(MEMBERS.c.kind, MEMBERS.c.value).in_(list(links)))
        with self._engine.begin() as con:
            con.execute(sa.text("pragma secure_delete = on"))
            return con.execute(gone).rowcount

    def count(self) -> int:
        """Count the households that were found."""
        with self._engine.connect() as con:
            asked = sa.select(sa.func.count(sa.distinct(MEMBERS.c.household)))
            return int(con.execute(asked).scalar() or 0)

    def page(self, limit: int = 50, offset: int = 0) -> list[list[int]]:
        """Return households as the numbers their members have now, each ascending; those merged into one are none."""
        numbers = sa.select(MEMBERS.c.household).distinct().order_by(MEMBERS.c.household)
        asked = numbers.limit(limit).offset(min(offset, FAR))
        chosen = sa.select(MEMBERS).where(MEMBERS.c.household.in_(asked)).order_by(MEMBERS.c.household)
        with self._engine.connect() as con:
            rows = con.execute(chosen).all()
        members: dict[int, set[int]] = {}
        for row, owner in zip(rows, self._owners([(row.kind, row.value) for row in rows]), strict=True):
            members.setdefault(row.household, set()).update([owner] if owner >= 0 else [])
        return [sorted(people) for people in members.values() if len(people) > 1]

    def of(self, customer: int) -> list[int]:
        """Return who lives with a customer, by number, ascending; without the customer."""
        origins = self._workspace.store.snapshot.standing.members(customer)
        links = list(self._workspace.store.persons.links(origins).values())
        mine = sa.tuple_(MEMBERS.c.kind, MEMBERS.c.value).in_(links)
        asked = sa.select(MEMBERS.c.household).where(mine)
        chosen = sa.select(MEMBERS.c.kind, MEMBERS.c.value).where(MEMBERS.c.household.in_(asked))
        with self._engine.connect() as con:
            rows = [(row.kind, row.value) for row in con.execute(chosen)]
        return sorted(set(self._owners(rows)) - {customer, -1})

    def _owners(self, links: list[Link]) -> list[int]:
        found: list[int] = self._workspace.store.persons.owners(links).tolist()
        return found
