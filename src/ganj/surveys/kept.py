"""Where surveys are kept."""

from __future__ import annotations

import time

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from ganj.errors import UnknownName
from ganj.surveys.survey import Survey
from ganj.text import Text

TABLE = sa.Table(
    "surveys",
    sa.MetaData(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("told", sa.JSON, nullable=False),
    sa.Column("saved", sa.BigInteger, nullable=False),
)


class Surveys:
    """The surveys of a workspace.

    Parameters
    ----------
    engine : of the control file
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Survey, ...]:
        """List the surveys, newest first."""
        with self._engine.connect() as con:
            rows = con.execute(sa.select(TABLE.c.told).order_by(TABLE.c.saved.desc(), TABLE.c.name)).all()
        return tuple(msgspec.convert(row.told, Survey) for row in rows)

    def find(self, name: str) -> Survey:
        """Return one.

        Raises
        ------
        UnknownName
            With the nearest names.
        """
        known = {survey.name: survey for survey in self.all()}
        if name not in known:
            raise UnknownName.among(Text("survey", "نظرسنجی"), name, known)
        return known[name]

    def save(self, survey: Survey) -> None:
        """Keep a survey under its name."""
        told, now = msgspec.to_builtins(survey), time.time_ns() // 1000
        said = insert(TABLE).values(name=survey.name, told=told, saved=now)
        with self._engine.begin() as con:
            con.execute(said.on_conflict_do_update(index_elements=["name"], set_={"told": told}))

    def remove(self, name: str) -> None:
        """Forget a survey; its answers stay."""
        self.find(name)
        with self._engine.begin() as con:
            con.execute(sa.delete(TABLE).where(TABLE.c.name == name))
