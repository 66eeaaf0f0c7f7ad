"""Where the plan is kept."""

from __future__ import annotations

import sqlalchemy as sa

from ganj.kept import Shelf, table
from ganj.text import Text
from ganj.tracking.rule import Check, Rule


class Planned(Shelf[Rule]):
    """The plan of a workspace: rules by event.

    Parameters
    ----------
    engine : of the control file
    """

    table = table("tracking_plan", "event")
    kind = Rule
    called = Text("event in the plan", "رویداد برنامه")

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine)
        self._check: tuple[int, Check] | None = None

    def check(self) -> Check:
        """Return what checks events against the plan of now."""
        with self._engine.connect() as con:
            told = con.execute(sa.select(sa.func.max(self.table.c.saved), sa.func.count())).one()
        version = hash(tuple(told))
        if self._check is None or self._check[0] != version:
            self._check = (version, Check(self.all()))
        return self._check[1]

    def save(self, value: Rule) -> None:
        """Keep a rule; it holds for what is loaded from now on.

        Raises
        ------
        BadSchema
            Its schema is none.
        """
        value.validator()
        super().save(value)
