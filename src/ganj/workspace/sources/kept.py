"""What is kept of sources: definitions and sealed secrets, how far each was read, which records came of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from ganj.access.sealing import seal, unseal
from ganj.errors import GanjError, UnknownName
from ganj.intake.sources import Feed, State, feed_named, made, secret_names
from ganj.parameters import dump
from ganj.store.control import Control
from ganj.text import Text

tables = sa.MetaData()
SOURCES = sa.Table(
    "sources",
    tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("definition", sa.JSON, nullable=False),
    sa.Column("secrets", sa.LargeBinary),
    sa.Column("made", sa.BigInteger, nullable=False),
)
RUNS = sa.Table(
    "source_runs",
    tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("batch", sa.Integer, nullable=False),
    sa.Column("state", sa.JSON, nullable=False),
    sa.Column("report", sa.JSON),
)
RECORDS = sa.Table(
    "source_records",
    tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("batch", sa.Integer, primary_key=True),
    sa.Column("version", sa.LargeBinary, nullable=False),
    sa.Column("net", sa.Float),
    sa.Column("counted", sa.Boolean),
)
LEARN = "insert into source_records (name, key, batch, version, net, counted) values (?, ?, ?, ?, ?, ?)"
ASKED_AT_ONCE = 500  # keys in one query
KIND = Text("source", "منبع")


class SourceExists(GanjError):
    """A name that a source already has. Facts: ``name``."""

    status = 409
    says = Text("There is a source named {name!r} already.", "منبعی به نام «{name}» از پیش هست.")
    hint = Text("Choose another name, or remove that one first.", "نام دیگری برگزینید یا نخست آن را بردارید.")


class Definition(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A source as it was set up, without its secrets.

    Attributes
    ----------
    type, parameters
        The kind of source, and what it was told.
    answers
        What a person said of its rows: as with a file, `ganj.intake.plan.Answers`.
    every
        When it is asked: see `ganj.workspace.sources.schedule`.
    private
        Whether it may reach this machine and private networks.
    paused
        Whether it waits.
    plans
        By table, how its columns were understood the first time, and are ever since.
    """

    name: str
    type: str
    parameters: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    every: str = ""
    private: bool = False
    paused: bool = False
    plans: dict[str, Any] = {}


class Known(msgspec.Struct, frozen=True):
    """What is known of a record: the version that was taken last, its money, and whether it counted as an order."""

    version: bytes
    net: float | None = None
    counted: bool | None = None


class Kept:
    """The tables of sources in a workspace's control file."""

    def __init__(self, control: Control) -> None:
        self.engine = control.engine

    # ---- definitions

    def names(self) -> tuple[str, ...]:
        """List the sources."""
        with self.engine.connect() as con:
            return tuple(con.execute(sa.select(SOURCES.c.name).order_by(SOURCES.c.name)).scalars())

    def definition(self, name: str) -> Definition:
        """Return a source's definition; raise `UnknownName`."""
        with self.engine.connect() as con:
            row = con.execute(sa.select(SOURCES.c.definition).where(SOURCES.c.name == name)).first()
        if row is None:
            raise UnknownName.among(KIND, name, self.names())
        return msgspec.convert({**row[0], "name": name}, Definition)

    def add(self, told: Definition, feed: Feed, after: int = 0) -> None:
        """Keep a new source.

        Parameters
        ----------
        after : the newest import: what came before it under the name is not of this source

        Raises
        ------
        SourceExists
            Another has its name.
        """
        if told.name in self.names():
            raise SourceExists(name=told.name)
        parameters, sealed = _parted(told.name, feed)
        told.parameters = parameters
        with self.engine.begin() as con:
            begun = time.time_ns() // 1000
            con.execute(
                SOURCES.insert().values(name=told.name, definition=_json(told), secrets=sealed, made=begun)
            )
            con.execute(RUNS.insert().values(name=told.name, batch=after, state={}, report=None))

    def save(self, told: Definition, feed: Feed | None = None) -> None:
        """Keep a changed definition; with ``feed`` its parameters and secrets too."""
        changed: dict[str, Any] = {}
        if feed is not None:
            told.parameters, changed["secrets"] = _parted(told.name, feed)
        with self.engine.begin() as con:
            said = SOURCES.update().where(SOURCES.c.name == told.name)
            con.execute(said.values(definition=_json(told), **changed))

    def remove(self, name: str) -> None:
        """Forget a source; what it brought stays."""
        self.definition(name)
        with self.engine.begin() as con:
            for table in (RECORDS, RUNS, SOURCES):
                con.execute(sa.delete(table).where(table.c.name == name))

    def feed(self, told: Definition) -> Feed:
        """Return a source as a value, its secrets opened."""
        with self.engine.connect() as con:
            sealed = con.execute(sa.select(SOURCES.c.secrets).where(SOURCES.c.name == told.name)).scalar()
        secrets = unseal(sealed, _about(told.name)) if sealed else {}
        return made(feed_named(told.type), {**told.parameters, **secrets})

    # ---- how far

    def run(self, name: str) -> tuple[State, int, dict[str, Any]]:
        """Return how far a source was read, the last import that came of it, and its last report."""
        with self.engine.connect() as con:
            asked = sa.select(RUNS.c.state, RUNS.c.batch, RUNS.c.report).where(RUNS.c.name == name)
            row = con.execute(asked).one()
        return dict(row.state), int(row.batch), dict(row.report or {})

    def save_run(self, name: str, **changed: Any) -> None:
        """Keep a state with the import it came with, or a report."""
        with self.engine.begin() as con:
            con.execute(RUNS.update().where(RUNS.c.name == name).values(**changed))

    # ---- records

    def known(self, name: str, keys: Sequence[bytes]) -> dict[bytes, Known]:
        """Return what is known of records: of each what its last import said."""
        found: dict[bytes, Known] = {}
        with self.engine.connect() as con:
            for start in range(0, len(keys), ASKED_AT_ONCE):
                some = keys[start : start + ASKED_AT_ONCE]
                asked = sa.select(RECORDS).where(RECORDS.c.name == name, RECORDS.c.key.in_(some))
                for row in con.execute(asked.order_by(RECORDS.c.batch)):
                    found[row.key] = Known(row.version, row.net, row.counted)
        return found

    def learn(self, name: str, batch: int, records: Iterable[tuple[bytes, Known]]) -> None:
        """Keep what an import that is about to be committed says of records."""
        rows = [(name, key, batch, known.version, known.net, known.counted) for key, known in records]
        if rows:
            with self.engine.begin() as con:
                con.exec_driver_sql(LEARN, rows)

    def learned_after(self, name: str, batch: int) -> set[int]:
        """Return the imports after one of which records were learned."""
        with self.engine.connect() as con:
            asked = sa.select(RECORDS.c.batch).where(RECORDS.c.name == name, RECORDS.c.batch > batch)
            return set(con.execute(asked.distinct()).scalars())

    def unlearn(self, name: str, batches: Iterable[int]) -> None:
        """Forget what imports said that never came to be, or were taken back."""
        with self.engine.begin() as con:
            con.execute(sa.delete(RECORDS).where(RECORDS.c.name == name, RECORDS.c.batch.in_(list(batches))))


def _parted(name: str, feed: Feed) -> tuple[dict[str, Any], bytes | None]:
    """Return the parameters that may be shown, and the others sealed."""
    told = dump(feed)
    secrets = {word: told.pop(word) for word in secret_names(type(feed))}
    return told, seal(secrets, _about(name)) if secrets else None


def _about(name: str) -> str:
    return f"source {name}"


def _json(told: Definition) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(told)
    return plain
