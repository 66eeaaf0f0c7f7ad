"""Where the plan is kept."""

from __future__ import annotations

import time

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from ganj.errors import UnknownName
from ganj.text import Text
from ganj.tracking.rule import Check, Rule

TABLE = sa.Table(
    "tracking_plan",
    sa.MetaData(),
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("told", sa.JSON, nullable=False),
    sa.Column("saved", sa.BigInteger, nullable=False),
)


class Planned:
    """The plan of a workspace.

    Parameters
    ----------
    engine : of the control file
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._check: tuple[int, Check] | None = None

    def all(self) -> tuple[Rule, ...]:
        """List the rules by event."""
        with self._engine.connect() as con:
            rows = con.execute(sa.select(TABLE.c.told).order_by(TABLE.c.event)).all()
        return tuple(msgspec.convert(row.told, Rule) for row in rows)

    def check(self) -> Check:
        """Return what checks events against the plan of now."""
        with self._engine.connect() as con:
            told = con.execute(sa.select(sa.func.max(TABLE.c.saved), sa.func.count())).one()
        version = hash(tuple(told))
        if self._check is None or self._check[0] != version:
            self._check = (version, Check(self.all()))
        return self._check[1]

    def save(self, rule: Rule) -> None:
        """Keep a rule; it holds for what is loaded from now on.

        Raises
        ------
        BadSchema
            Its schema is none.
        """
        rule.validator()
        told, now = msgspec.to_builtins(rule), time.time_ns()
        said = insert(TABLE).values(event=rule.event, told=told, saved=now)
        with self._engine.begin() as con:
            con.execute(
                said.on_conflict_do_update(index_elements=["event"], set_={"told": told, "saved": now})
            )

    def remove(self, event: str) -> None:
        """Take an event out of the plan.

        Raises
        ------
        UnknownName
            It is not in it.
        """
        known = {rule.event: rule for rule in self.all()}
        if event not in known:
            raise UnknownName.among(Text("event in the plan", "رویداد برنامه"), event, known)
        with self._engine.begin() as con:
            con.execute(sa.delete(TABLE).where(TABLE.c.event == event))
