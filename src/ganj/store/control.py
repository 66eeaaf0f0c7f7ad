"""What people decide: settings, presets of files, segments; in SQLite, through SQLAlchemy Core.

The tables are made and changed by the migrations beside this file, when a workspace is opened.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from ganj.display import Display
from ganj.store.folder import room

NEWEST = max(path.name[:4] for path in (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*.py"))
"""The last migration; what lies in the table ``alembic_version`` of an up-to-date file."""

tables = sa.MetaData()
T = TypeVar("T")

SETTINGS = sa.Table(
    "settings", tables, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.JSON)
)
PRESETS = sa.Table(
    "presets",
    tables,
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Column("used", sa.BigInteger, nullable=False),
)
SEGMENTS = sa.Table(
    "segments",
    tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("definition", sa.JSON, nullable=False),
    sa.Column("saved", sa.BigInteger, nullable=False),
)


class Control:
    """The decisions kept in a workspace.

    Parameters
    ----------
    path : the SQLite file; made if there is none
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), json_serializer=_json)
        self.changes = 0
        """How often something was written."""
        sa.event.listen(self._engine, "connect", _durable)
        sa.event.listen(self._engine, "commit", self._written)
        if self._found() != NEWEST:
            self._migrate()

    def _written(self, _: sa.Connection) -> None:
        self.changes += 1

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    @property
    def engine(self) -> sa.Engine:
        """The file, for what other packages keep in tables of their own."""
        return self._engine

    def _found(self) -> str | None:
        with self._engine.connect() as con:
            if not sa.inspect(con).has_table("alembic_version"):
                return None
            return con.execute(sa.text("select version_num from alembic_version")).scalar()

    def _migrate(self) -> None:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", "ganj.store:migrations")
        with room(self._path), self._engine.begin() as con:
            config.attributes["connection"] = con
            command.upgrade(config, "head")

    def _put(self, table: sa.Table, **row: Any) -> None:
        key = [column.name for column in table.primary_key]
        said = insert(table).values(**row)
        changed = {name: value for name, value in row.items() if name not in key}
        with room(self._path), self._engine.begin() as con:
            con.execute(said.on_conflict_do_update(index_elements=key, set_=changed))

    def _get(self, wanted: sa.Select[Any]) -> list[sa.Row[Any]]:
        with self._engine.connect() as con:
            return list(con.execute(wanted).all())

    # ---- settings

    def settings(self) -> Display:
        """Return language, calendar, digits, money, zone and first weekday; the defaults where none is kept."""
        rows = self._get(sa.select(SETTINGS.c.value).where(SETTINGS.c.name == "display"))
        return msgspec.convert(rows[0][0], Display) if rows else Display()

    def save_settings(self, settings: Display) -> None:
        """Keep new settings."""
        self._put(SETTINGS, name="display", value=msgspec.to_builtins(settings))

    # ---- presets of files

    def remember(self, fingerprint: str, plan: dict[str, Any]) -> None:
        """Keep how files with such a header are read."""
        self._put(PRESETS, fingerprint=fingerprint, plan=plan, used=_now())

    def recall(self, fingerprint: str) -> dict[str, Any] | None:
        """Return how files with such a header were read last, or None."""
        rows = self._get(sa.select(PRESETS.c.plan).where(PRESETS.c.fingerprint == fingerprint))
        return dict(rows[0][0]) if rows else None

    # ---- segments

    def segments(self) -> dict[str, dict[str, Any]]:
        """Return the saved segments' definitions by name."""
        rows = self._get(sa.select(SEGMENTS.c.name, SEGMENTS.c.definition).order_by(SEGMENTS.c.name))
        return {row.name: row.definition for row in rows}

    def segment(self, name: str) -> dict[str, Any] | None:
        """Return one segment's definition, or None."""
        return self.segments().get(name)

    def save_segment(self, name: str, definition: dict[str, Any]) -> None:
        """Keep a segment under a name."""
        self._put(SEGMENTS, name=name, definition=definition, saved=_now())

    def remove_segment(self, name: str) -> None:
        """Forget a segment."""
        with room(self._path), self._engine.begin() as con:
            con.execute(sa.delete(SEGMENTS).where(SEGMENTS.c.name == name))


def kept(control: Callable[[], Control], read: Callable[[], T]) -> Callable[[], T]:
    """Return what reads something decided, and asks again only after something was written."""
    known: list[tuple[int, T]] = []

    def now() -> T:
        changes = control().changes
        if not known or known[0][0] != changes:
            known[:] = [(changes, read())]
        return known[0][1]

    return now


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _now() -> int:
    return time.time_ns() // 1000


def _durable(connection: Any, _: Any) -> None:
    """Let readers go on beside a writer, and keep every commit through a power cut."""
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")
    cursor.close()
