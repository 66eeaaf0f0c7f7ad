"""A table or view of a relational database, read again and again for what is new.

With a cursor column (a number that grows, or the time of the last change) only rows from the last value on
are read.  Rows that share the last value may come later than others of the same value, and a slow transaction
may commit an older value late: so reading starts a little before the last value, and remembers which rows
it has seen there.  Without a cursor the whole table is read, and unchanged rows are passed over.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from ganj.errors import GanjError
from ganj.intake.sources import SECRET, Feed, Part, Records, Refused, State, addresses
from ganj.intake.sources.errors import (
    BadCursor,
    NoSuchTable,
    NoSuchTableColumn,
    SignInRefused,
    Unreachable,
    filled,
)
from ganj.intake.sources.reach import Reach
from ganj.parameters import Duration, param
from ganj.text import Text

FIRST, MOST = 5_000, 50_000  # rows of the first part and of others
BACK = 1_000  # numbers: transactions that took theirs earlier may commit later
PLAIN = frozenset({int, float, bool, type(None)})
SIGN_IN = {"28P01", "28000", "1045", "1044", "1698"}
"""What databases call a refused name or password."""
EMPTY = Text(
    "{count} rows have no value in the cursor column {column}, so it cannot be told whether they are new.",
    "ستون {column} در {count} سطر خالی است و نمی‌شود گفت تازه‌اند یا نه.",
)


class Database(Feed, frozen=True, kw_only=True):
    """One table or view of a database."""

    label = Text("Database", "پایگاه داده")
    says = Text(
        "A table or view of PostgreSQL, MySQL, MariaDB or SQLite.",
        "یک جدول یا نما از PostgreSQL، MySQL، MariaDB یا SQLite.",
    )

    url: Annotated[
        str,
        param(
            "Address",
            "نشانی",
            of=SECRET,
            help=Text("postgresql://user:password@host/database", "postgresql://user:password@host/database"),
        ),
    ]
    table: Annotated[
        str, param("Table or view", "جدول یا نما", min_length=1, help=Text("schema.name", "schema.name"))
    ]
    cursor: Annotated[
        str,
        param(
            "Cursor column",
            "ستون نشانگر",
            help=Text(
                "Only grows: a number, or the time of the last change",
                "تنها بزرگ می‌شود: شماره، یا زمان آخرین تغییر",
            ),
        ),
    ] = ""
    key: Annotated[
        tuple[str, ...],
        param(
            "Key columns",
            "ستون‌های کلید",
            help=Text("The table's primary key where empty", "اگر خالی باشد کلید اصلی جدول"),
        ),
    ] = ()
    columns: Annotated[
        tuple[str, ...], param("Columns", "ستون‌ها", help=Text("All where empty", "خالی: همه"))
    ] = ()
    overlap: Annotated[
        Duration,
        param(
            "Look back",
            "بازخوانی",
            advanced=True,
            help=Text(
                "How late a row may be committed with an older time",
                "سطری با زمان پیشین تا چه اندازه دیرتر ثبت می‌شود",
            ),
        ),
    ] = timedelta(minutes=10)

    @property
    def address(self) -> str:
        """The database and the table, without the password."""
        return f"{addresses.shown(addresses.read(self.url))} › {self.table}"

    def pull(self, state: State, reach: Reach) -> Iterator[Part]:
        """Yield the rows that are new, at most `MOST` a part."""
        engine = addresses.engine(addresses.read(self.url), reach)
        try:
            with engine.connect().execution_options(stream_results=True) as connection:
                yield from _Reading(self, connection).parts(state)
        except sa.exc.SQLAlchemyError as wrong:
            raise _mistake(wrong, self.address) from wrong
        finally:
            engine.dispose()


class _Reading:
    """One reading of one table over one connection."""

    def __init__(self, told: Database, connection: sa.Connection) -> None:
        self.told, self.connection = told, connection
        self.table, self.key = _reflected(told, connection)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns that are read."""
        return tuple(column.name for column in self.table.columns)

    def parts(self, state: State) -> Iterator[Part]:
        """Yield what is new."""
        if self.told.cursor:
            yield from self._since(state)
        else:
            for rows in self._chunks(sa.select(self.table)):
                yield self._part([row for _, row in rows], {})

    def _since(self, state: State) -> Iterator[Part]:
        column = self.table.c[self.told.cursor]
        refused = () if state else self._without(column)
        wanted = sa.select(self.table).where(column.is_not(None)).order_by(column)
        last = value_of(state["last"]) if state.get("last") else None
        if last is not None:
            wanted = wanted.where(column >= edge(last, self.told.overlap))
        window = _Window(self.told, last, state.get("seen", []))
        for rows in self._chunks(wanted):
            fresh = [row for value, row in rows if window.take(value, digest(row))]
            yield self._part(fresh, window.state(), refused)
            refused = ()

    def _without(self, column: sa.Column[Any]) -> tuple[Refused, ...]:
        """Say how many rows the cursor cannot order."""
        asked = sa.select(sa.func.count()).select_from(self.table).where(column.is_(None))
        count = self.connection.execute(asked).scalar_one()
        told = filled(EMPTY, count=count, column=column.name)
        return (Refused(self.told.table, told),) if count else ()

    def _chunks(self, wanted: sa.Select[Any]) -> Iterator[list[tuple[Any, dict[str, Any]]]]:
        """Yield the rows of a query with their cursor's value, a few first: a dry run reads no more."""
        names = self.names
        at = names.index(self.told.cursor) if self.told.cursor else 0
        rows = self.connection.execute(wanted, execution_options={"yield_per": FIRST})
        size = FIRST
        chunk: list[tuple[Any, dict[str, Any]]] = []
        for row in rows:
            chunk.append((row[at], dict(zip(names, map(plain, row), strict=True))))
            if len(chunk) >= size:
                yield chunk
                size, chunk = MOST, []
        if chunk:
            yield chunk

    def _part(self, rows: list[dict[str, Any]], state: State, refused: tuple[Refused, ...] = ()) -> Part:
        name = self.told.table.rsplit(".", 1)[-1]
        key = self.key or (() if self.told.cursor else self.names)
        return Part(state=state, records=(Records(name=name, rows=rows, key=key),), refused=refused)


class _Window:
    """The rows of late: those read within the overlap before the newest value, each by its digest."""

    def __init__(self, told: Database, last: Any, seen: Sequence[str]) -> None:
        self.overlap, self.reached = told.overlap, last
        self.before = Counter(seen)
        self.recent: deque[tuple[Any, str]] = deque()

    def take(self, value: Any, row: str) -> bool:
        """Tell whether a row is new; rows come ordered by value."""
        if self.reached is None or value > self.reached:
            self.reached = value
            self.before.clear()  # what lay before is behind; what is left of it was deleted
        self.recent.append((value, row))
        first = edge(self.reached, self.overlap)
        while self.recent[0][0] < first:
            self.recent.popleft()
        if self.before[row] > 0:
            self.before[row] -= 1
            return False
        return True

    def state(self) -> State:
        """Return where to go on; a reading that breaks off forgets nothing of what it has not come to yet."""
        seen = [*(row for _, row in self.recent), *self.before.elements()]
        return {"last": told_of(self.reached), "seen": seen}


def _reflected(told: Database, connection: sa.Connection) -> tuple[sa.Table, tuple[str, ...]]:
    """Return the table with the columns that are read, as the driver gives them, and its key."""
    schema, _, name = told.table.rpartition(".")
    looked = sa.inspect(connection)
    try:
        columns = looked.get_columns(name, schema or None)
    except sa.exc.NoSuchTableError as missing:
        there = [*looked.get_table_names(schema or None), *looked.get_view_names(schema or None)]
        raise NoSuchTable(table=told.table, tables=", ".join(sorted(there)[:20]) or "—") from missing
    known = {column["name"]: column for column in columns}
    key = told.key or tuple(looked.get_pk_constraint(name, schema or None)["constrained_columns"])
    for asked in (*told.columns, *told.key, *([told.cursor] if told.cursor else [])):
        if asked not in known:
            raise NoSuchTableColumn(column=asked, columns=", ".join(known))
    if told.cursor and isinstance(known[told.cursor]["type"], (sa.LargeBinary, sa.JSON, sa.Boolean)):
        raise BadCursor(column=told.cursor, type=str(known[told.cursor]["type"]))
    wanted = {*told.columns, told.cursor, *key} if told.columns else set(known)
    # Untyped columns: what the driver returns is taken as it is, odd dates of SQLite too.
    read = [sa.Column(column, sa.types.NullType()) for column in known if column in wanted]
    return sa.Table(name, sa.MetaData(), *read, schema=schema or None), key


def _mistake(wrong: sa.exc.SQLAlchemyError, address: str) -> GanjError:
    """Return a database's refusal in our words."""
    inner = getattr(wrong, "orig", None) or wrong
    detail = str(inner).strip().split("\n")[0][:300]
    code = getattr(inner, "sqlstate", None) or str(next(iter(getattr(inner, "args", ())), ""))
    if code in SIGN_IN or "password authentication failed" in detail:
        return SignInRefused(address=address, detail=detail)
    return Unreachable(address=address, detail=detail)


def edge(value: Any, overlap: timedelta) -> Any:
    """Return the value from which rows may still come, or come again."""
    if isinstance(value, datetime):
        return value - overlap
    return value - BACK if isinstance(value, int | Decimal) else value


def digest(row: dict[str, Any]) -> str:
    """Return a short name for all that a row holds."""
    return blake2b(msgspec.json.encode(list(row.values())), digest_size=9).hexdigest()


def plain(value: Any) -> Any:
    """Return a value as JSON has it, and as a file would write it."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, str):
        return value.replace("\0", "")
    return value if isinstance(value, bool | int | float | dict | list) else str(value)


def told_of(value: Any) -> list[str] | None:
    """Return a cursor's value with its type."""
    if isinstance(value, datetime):
        return ["time", value.isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    if isinstance(value, float):
        return ["fraction", repr(value)]
    if isinstance(value, Decimal | int):
        return ["number", str(value)]
    return None if value is None else ["text", str(value)]


def value_of(told: Sequence[str]) -> Any:
    """Return what `told_of` wrote."""
    kind, text = told
    if kind == "fraction":
        return float(text)
    if kind == "number":
        return int(text) if text.lstrip("-").isdigit() else Decimal(text)
    return {"time": datetime.fromisoformat, "day": date.fromisoformat}.get(kind, str)(text)


FEED = Database
