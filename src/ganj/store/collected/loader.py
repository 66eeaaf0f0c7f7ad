"""From the log into the store: whatever is new, in one transaction with how far the log was read.

A crash before the commit leaves nothing, after it everything; so each message is stored once whatever happens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ganj.events import CANCEL, FREE, ORDER, REFUND
from ganj.histories import Array
from ganj.identity.rules import Rules
from ganj.log.keeping import put_aside
from ganj.log.reading import MOST, Following, Piece, Segment, segments
from ganj.persian import match_forms
from ganj.store import deciding
from ganj.store.collected.books import CANCELLED, COMPLETED, REFUNDED, Books
from ganj.store.collected.lines import KINDS, Bad, Lines, read
from ganj.store.collected.money import Purse
from ganj.store.collected.pieces import corrected
from ganj.store.collected.planned import OFF, Off, flags, off_plan
from ganj.store.collected.rejects import Rejects
from ganj.store.collected.seen import Flushed, Seen, arrow, halves
from ganj.store.collected.shaping import Shaped
from ganj.store.collected.tally import Absorbed, Recent, Schema, Tally, schema_rows
from ganj.store.collected.told import Told
from ganj.store.collected.traits import Traits, talking
from ganj.store.collected.who import Who
from ganj.store.database import Database, query
from ganj.store.identifying import Identifying
from ganj.tracking import Check

DECISION, REJECTED, LAST_EVENT = KINDS.index("decision"), KINDS.index("rejected"), KINDS.index("screen")
FLUSH = 1 << 18
"""Identities of messages that may lie in the database before they are written to a file."""


@dataclass(frozen=True)
class Place:
    """Where collected events go.

    Attributes
    ----------
    log, runs : folders
    buckets : parts of the workspace
    currency : of the workspace, asked at each load
    rules : what makes identifiers one person's, asked at each load
    plan : what events must say, asked at each load
    """

    log: Path
    runs: Path
    buckets: int
    currency: Callable[[], str]
    rules: Callable[[], Rules]
    plan: Callable[[], Check]


class Loader:
    """Reads the log on and stores what is new; one at a time, under the store's lock."""

    def __init__(self, place: Place, database: Database) -> None:
        self.place, self._database = place, database
        self.recent = Recent()
        self._following: Following | None = None
        self._ready = False

    # ---- what it knows

    def forget(self) -> None:
        """Read everything anew at the next load: an import, an undo or a failure has changed the tables."""
        self._ready = False

    def _prepare(self) -> None:
        if self._ready:
            return
        with self._database.cursor() as cursor:
            self.books = Books(cursor, self._tellings)
            rows = cursor.execute(query("seen_files")).fetchall()
            tail = cursor.sql(query("seen_tail")).to_arrow_table()
            self.seen = Seen(
                self.place.runs,
                [name for (name,) in rows],
                (tail["high"].to_numpy(), tail["low"].to_numpy()),
            )
            self.schema = Schema([tuple(row) for row in cursor.execute(query("schema_known")).fetchall()])
            files = cursor.execute(query("log_positions")).fetchall()
        positions = {stem: position for stem, position, _ in files}
        self._following = Following(
            self.place.log, positions, finished={stem for stem, _, whole in files if whole}
        )
        self.who = Who(self.place.rules().country)
        self.rules = self.place.rules()
        self._ready = True

    def _tellings(self) -> tuple[Array, Array]:
        """Return what orders were told before, by whom they count: completed, cancelled, refunded by an import."""
        names = {word: code for code, word in ((c, w) for w, c in self.books.named["event"].codes.items())}
        hows = {COMPLETED: (ORDER, FREE), CANCELLED: (CANCEL,), REFUNDED: (REFUND,)}
        how = {names[word]: number for number, words in hows.items() for word in words if word in names}
        found: list[tuple[Array, Array]] = []
        for table in self._stored_orders():
            event, batch = table["event"].to_numpy(), table["batch"].to_numpy()
            kind = (
                np.array([how.get(code, -1) for code in range(int(event.max()) + 1)])[event]
                if len(event)
                else event
            )
            good = (kind >= 0) & ((kind != REFUNDED) | (batch > 0))
            found.append((table["order"].to_numpy()[good], kind[good]))
        return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])

    def _stored_orders(self) -> Iterator[pa.Table]:
        with self._database.cursor() as cursor:
            yield cursor.sql(query("orders_in_fresh")).to_arrow_table()
            files = [row[0] for row in cursor.execute(query("run_buckets")).fetchall()]
        for name in files:
            table = pq.read_table(
                self.place.runs / name, columns=["order", "event", "batch"], use_threads=False
            )
            yield table.filter(pa.compute.greater_equal(table["order"], 0))

    @property
    def log(self) -> Path:
        """Where the log is."""
        return self.place.log

    @property
    def positions(self) -> dict[str, int]:
        """How far each file of the log is loaded, by stem."""
        if self._ready and self._following is not None:
            return dict(self._following.positions)
        return {stem: position for stem, position, _ in self._database.rows("log_positions")}

    def __contains__(self, message: str) -> bool:
        """Tell whether a message is stored."""
        from ganj.store.collected.lines import identity

        self._prepare()
        high, low = halves(np.frombuffer(identity(message), np.uint8).reshape(1, 16))
        return bool(self.seen.has(high, low)[0])

    # ---- loading

    def portions(self, until: dict[str, int] | None = None, most: int = MOST) -> Iterator[list[Piece]]:
        """Yield what is new in the log, in portions of one load each."""
        self._prepare()
        assert self._following is not None  # noqa: S101 - prepared
        following = Following(self.place.log, self._following.positions, until, self._following.finished)
        portion: list[Piece] = []
        size = 0
        for piece in following.pieces(most):
            portion.append(piece)
            size += len(piece.data)
            if size >= most:
                yield portion
                portion, size = [], 0
        if portion:
            yield portion

    def load(self, cursor: duckdb.DuckDBPyConnection, pieces: list[Piece]) -> Absorbed:
        """Store a portion with a cursor that is inside a transaction; call `kept` once that is committed."""
        load = _Load(self, cursor, pieces)
        self._loaded = load
        return load.run()

    def kept(self, flushed: Flushed | None = None) -> None:
        """Take note that what was loaded is stored for ever, and in which file what was before it."""
        assert self._following is not None  # noqa: S101 - a load has happened
        load = self._loaded
        for piece in load.pieces:
            self._following.positions[piece.stem] = piece.end  # type: ignore[index] # ours is a dict
        if flushed is not None:  # first: what is added now is in no file
            self.seen.exchange(flushed)
        self.seen.add(*load.identities)
        self.recent.add(load.tally.rows, time.time_ns() // 1000)

    def whole(self) -> Segment | None:
        """Return a sealed file of the log of which everything is loaded; None if there is none."""
        positions = self.positions
        for segment in segments(self.place.log):
            if segment.state == "sealed" and positions.get(segment.stem, 0) >= segment.path.stat().st_size:
                return segment
        return None

    def packed(self, segment: Segment) -> None:
        """Take note that nothing more comes of a file."""
        with self._database.change() as cursor:
            cursor.execute(query("whole_log_file"), {"stem": segment.stem})
        if self._following is not None:
            self._following.finished.add(segment.stem)

    def due(self) -> bool:
        """Tell whether identities should be written to a file."""
        return self.seen.tail >= FLUSH

    def flush(self, cursor: duckdb.DuckDBPyConnection) -> Flushed | None:
        """Write identities to a file within the transaction of a load; `kept` is told of it once that is committed.

        Those of the load itself are in no file yet: they stay in the database.
        """
        flushed = self.seen.flush()
        if flushed is None:
            return None
        cursor.execute(query("flushed_seen"), {"gone": flushed.gone})
        cursor.register("told", arrow(self._loaded.identities))
        cursor.execute(query("new_seen"))
        cursor.execute(query("new_seen_file"), {"file": flushed.name, "rows": len(self.seen)})
        cursor.register("told", schema_rows(self.schema.flush()))
        cursor.execute(query("seen_schema"))
        cursor.execute(query("fewer_tallies"))
        return flushed


class _Load:
    """One portion on its way in."""

    def __init__(self, loader: Loader, cursor: duckdb.DuckDBPyConnection, pieces: list[Piece]) -> None:
        self._loader, self._cursor, self.pieces = loader, cursor, pieces
        self._place = loader.place
        self._books, self._seen = loader.books, loader.seen
        self.tally = Tally()
        self.identities: tuple[Array, Array] = (np.zeros(0, np.uint64), np.zeros(0, np.uint64))

    def run(self) -> Absorbed:
        lines, bad = read(b"".join(piece.data for piece in self.pieces))
        counts = Absorbed(lines=len(lines) + len(bad))
        fresh = self._seen.new(lines.identity)
        again = np.flatnonzero(~fresh)
        self.tally.others(lines.at(again), "duplicates")
        counts.duplicates = len(again)
        counts.rejected = self._reject(bad, lines.at(np.flatnonzero(fresh & (lines.what == REJECTED))))
        lines = self._on_plan(lines.at(np.flatnonzero(fresh)), counts)
        for part in self._between_decisions(lines, counts):
            self._part(part, counts)
        self._remember(lines)
        counts.damaged = self._damage()
        return counts

    def _between_decisions(self, lines: Lines, counts: Absorbed) -> Iterator[Lines]:
        """Yield lines up to each decision, or several at once, and do what they say before those after them."""
        begin = 0
        rows = np.flatnonzero(lines.what == DECISION)
        for together in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else ():
            yield lines.at(np.arange(begin, together[0]))
            deciding.apply([lines.struct(row) for row in together.tolist()], self._identifying())
            self._loader.who.forget()
            counts.decisions += len(together)
            begin = int(together[-1]) + 1
        yield lines.at(np.arange(begin, len(lines)))

    def _part(self, lines: Lines, counts: Absorbed) -> None:
        lines = lines.at(np.flatnonzero(lines.what < DECISION))
        if not len(lines):
            return
        time, *_ = corrected(lines.time, lines.received)
        identifying = self._identifying()
        said = Told(lines)
        origin = self._loader.who.of(said, time, lambda people: identifying.assign(people).customers)
        customer = self._now(identifying, origin)
        self._say(lines, origin, time)
        event = np.flatnonzero(lines.what <= LAST_EVENT)
        other = lines.at(np.flatnonzero(lines.what > LAST_EVENT))
        self.tally.others(other, "accepted")
        counts.told += len(other)
        if len(event):
            self._events(said.at(event), customer[event], origin[event], counts)

    def _identifying(self) -> Identifying:
        return Identifying(self._cursor, self._place.buckets, self._loader.rules)

    @staticmethod
    def _now(identifying: Identifying, origin: Array) -> Array:
        customer = origin.copy()
        known = np.flatnonzero(origin >= 0)
        if len(known):
            customer[known] = identifying.now(origin[known])
        return customer

    def _events(self, said: Told, customer: Array, origin: Array, counts: Absorbed) -> None:
        shaped = Shaped(said, self._books, Purse(self._place.currency()))
        events = shaped.events(customer, origin, self._place.buckets)
        self._store("new_collected", events)
        order_lines = shaped.lines_of(customer, self._place.buckets)
        if order_lines is not None:
            self._store("new_collected_lines", order_lines)
        told = shaped.counted_orders()
        if len(told):
            self._store("new_told_orders", told)
        self.tally.events(shaped)
        new = self._loader.schema.look(shaped, self._books)
        if new:
            columns = ("event", "property", "kind", "example", "first")
            self._store(
                "new_schema", pa.table(dict(zip(columns, map(list, zip(*new, strict=True)), strict=True)))
            )
        marks = shaped.marks
        counts.events += len(shaped)
        counts.repeated += len(shaped.repeated)
        for name in ("late", "future", "old", "unknown", "unpriced"):
            setattr(counts, name, getattr(counts, name) + int(getattr(marks, name).sum()))

    def _say(self, lines: Lines, origin: Array, time: Array) -> None:
        """Store what is said of customers."""
        rows = talking(lines, origin)
        if not len(rows):
            return
        traits = Traits()
        traits.read(lines, rows, origin, time)
        told = traits.told()
        if not len(told):
            return
        self._store("new_collected_traits", told)
        named = self._cursor.sql(query("collected_names")).to_arrow_table()
        if len(named):
            self._cursor.register(
                "found_names", pa.table({"customer": named["customer"], "words": match_forms(named["words"])})
            )
            for name in ("older_known_as", "new_known_as"):
                self._cursor.execute(query(name))

    def _reject(self, bad: list[Bad], refused: Lines) -> int:
        rejects = Rejects()
        for one in bad:
            rejects.line(one)
        for row in range(len(refused)):
            rejects.refused(refused.struct(row), refused.bytes(row))
        return self._keep_rejects(rejects)

    def _keep_rejects(self, rejects: Rejects) -> int:
        if rejects.rows:
            self._store("new_rejected", rejects.table())
            self._cursor.execute(query("fewer_rejected"), {"most": rejects.MOST})
            for (source, received), count in rejects.counts().items():
                self.tally.bad(source, received, count)
        return len(rejects.rows)

    def _on_plan(self, lines: Lines, counts: Absorbed) -> Lines:
        """Count what breaks the tracking plan, and leave out what a rule sets aside."""
        check = self._place.plan()
        off = off_plan(lines, check)
        if not off:
            return lines
        counts.off_plan += len(off)
        self.tally.rows += flags(lines, off)
        blocked = [one for one in off if check.blocks(one.event)]
        counts.rejected += self._set_aside(lines, blocked)
        keep = np.ones(len(lines), bool)
        keep[[one.row for one in blocked]] = False
        return lines.at(np.flatnonzero(keep))

    def _set_aside(self, lines: Lines, blocked: list[Off]) -> int:
        rejects = Rejects()
        for one in blocked:
            rejects.off_plan(lines.struct(one.row), lines.bytes(one.row), f"{OFF} {one.why}")
        return self._keep_rejects(rejects)

    def _remember(self, lines: Lines) -> None:
        """Store what codes and identities are new, how far the log was read, and the counts."""
        for name, table in self._books.taken():
            self._store(name, table)
        self.identities = halves(lines.identity)
        if len(lines):
            self._store("new_seen", pa.table({"high": self.identities[0], "low": self.identities[1]}))
        for stem, position in {piece.stem: piece.end for piece in self.pieces}.items():
            self._cursor.execute(query("no_log_files"), {"stem": stem})
            self._cursor.execute(query("new_log_files"), {"stem": stem, "position": position})
        if self.tally.rows:
            self._store("new_tallies", self.tally.table())

    def _damage(self) -> int:
        """Put aside what no checksum proves."""
        found = [(piece.stem, at, data) for piece in self.pieces for at, data in piece.damaged]
        for stem, at, data in found:
            put_aside(self._place.log, f"{stem}-{at}.group", data)
            row = {"stem": stem, "begin": at, "bytes": len(data), "found": time.time_ns() // 1000}
            self._cursor.execute(query("new_damaged"), row)
        return len(found)

    def _store(self, name: str, table: pa.Table) -> None:
        self._cursor.register("told", table)
        self._cursor.execute(query(name))
