"""What people set up and the workspace keeps by name: a row each, as JSON, in a table of the control file."""

from __future__ import annotations

import time
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from ganj.errors import UnknownName
from ganj.text import Text

T = TypeVar("T", bound=msgspec.Struct)


def table(name: str, key: str, *more: sa.Column[Any]) -> sa.Table:
    """Return a table of things by a name, with when each was saved, µs UTC."""
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column(key, sa.Text, primary_key=True),
        sa.Column("told", sa.JSON, nullable=False),
        *more,
        sa.Column("saved", sa.BigInteger, nullable=False),
    )


def put(engine: sa.Engine, into: sa.Table, row: dict[str, Any], unchanged: tuple[str, ...] = ()) -> None:
    """Put a row into a table in place of the one with its key, of which some columns stay as they are."""
    key = [column.name for column in into.primary_key]
    changed = {name: value for name, value in row.items() if name not in (*key, *unchanged)}
    said = insert(into).values(**row).on_conflict_do_update(index_elements=key, set_=changed)
    with engine.begin() as con:
        con.execute(said)


def now() -> int:
    """Return the time, µs UTC."""
    return time.time_ns() // 1000


class Shelf(Generic[T]):
    """Things of one kind, each under its name.

    Parameters
    ----------
    engine : of the control file

    Attributes
    ----------
    table : where they are, made by `table`
    kind, called : what they are, in Python and for people
    """

    table: ClassVar[sa.Table]
    kind: ClassVar[type[Any]]
    called: ClassVar[Text]

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        (self._key,) = self.table.primary_key

    def all(self) -> tuple[T, ...]:
        """List them by name."""
        with self._engine.connect() as con:
            rows = con.execute(sa.select(self.table).order_by(self._key)).all()
        return tuple(self._read(row) for row in rows)

    def find(self, name: str) -> T:
        """Return one.

        Raises
        ------
        UnknownName
            With the nearest names.
        """
        with self._engine.connect() as con:
            row = con.execute(sa.select(self.table).where(self._key == name)).first()
            if row is None:
                raise UnknownName.among(self.called, name, con.execute(sa.select(self._key)).scalars().all())
        return self._read(row)

    def save(self, value: T) -> None:
        """Keep one under its name."""
        told = msgspec.to_builtins(value)
        put(self._engine, self.table, {self._key.name: told[self._key.name], "told": told, "saved": now()})

    def remove(self, name: str) -> None:
        """Forget one; what came of it stays.

        Raises
        ------
        UnknownName
            With the nearest names.
        """
        self.find(name)
        with self._engine.begin() as con:
            con.execute(sa.delete(self.table).where(self._key == name))

    def _read(self, row: sa.Row[Any]) -> T:
        found: T = msgspec.convert(row.told, self.kind)
        return found
