"""Where surveys are kept."""

from __future__ import annotations

import sqlalchemy as sa

from ganj.kept import Shelf, table
from ganj.surveys.survey import Survey
from ganj.text import Text


class Surveys(Shelf[Survey]):
    """The surveys of a workspace."""

    table = table("surveys", "name")
    kind = Survey
    called = Text("survey", "نظرسنجی")

    def all(self) -> tuple[Survey, ...]:
        """List the surveys, those of now first."""
        asked = sa.select(self.table).order_by(self.table.c.saved.desc(), self.table.c.name)
        with self._engine.connect() as con:
            return tuple(self._read(row) for row in con.execute(asked))
