"""From the log into the store: whatever is new, in one transaction with how far the log was read.

A crash before the commit leaves nothing, after it everything; so each message is stored once whatever happens.
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ganj.events import CANCEL, FREE, ORDER, REFUND
from ganj.histories import Array
from ganj.log.reading import MOST, Following, Piece, Segment, segments
from ganj.store.collected import heap
from ganj.store.collected.books import CANCELLED, COMPLETED, REFUNDED, Books
from ganj.store.collected.known import Known
from ganj.store.collected.lines import KINDS
from ganj.store.collected.orders import ONCE
from ganj.store.collected.place import Place
from ganj.store.collected.portion import Portion
from ganj.store.collected.refunds import Refunds
from ganj.store.collected.renewing import elsewhere, leave_out, renewed
from ganj.store.collected.seen import Flushed, Seen, halves
from ganj.store.collected.tally import Absorbed, Recent, Schema
from ganj.store.collected.who import Who
from ganj.store.database import Database
from ganj.store.fresh import COLLECTED, FreshFile, Lately, keep
from ganj.store.identifying import Link, Row
from ganj.store.sealing import plain, without
from ganj.store.sql import query

DECISION, REJECTED, LAST_EVENT = KINDS.index("decision"), KINDS.index("rejected"), KINDS.index("screen")
FLUSH = 3 << 19
"""Messages of which identities may lie in the files of fresh events alone before all is sealed."""


class Loader:
    """Reads the log on and stores what is new; one at a time, under the store's lock."""

    def __init__(self, place: Place, database: Database) -> None:
        self.place, self._database, self.waiting = place, database, database.waiting
        self.recent = Recent()
        self.whole_files: list[str] = []
        self._following: Following | None = None
        self._ready, self._stale = False, True

    # ---- what it knows

    def forget(self) -> None:
        """Read everything anew at the next load: an import, an undo or a failure has changed the tables."""
        self._ready, self._stale = False, True

    def prepare(self) -> None:
        """Read what it must know, if it does not know it; not while a load's transaction is open."""
        if self._ready:
            return
        heap.kept()
        self._follow()
        with self._database.cursor() as cursor:
            self.books = Books(cursor, self._tellings)
            self.refunds = Refunds(cursor, self._events_coded, self._stored_orders)
            self.known = Known(cursor)
            rows = cursor.execute(query("seen_files")).fetchall()
            fresh = cursor.execute(query("fresh_files")).fetchall()
            self.fresh = [FreshFile.of(self.place.runs, name, size) for name, size in fresh]
            tail = np.concatenate([np.zeros((0, 16), np.uint8), *(file.identities for file in self.fresh)])
            self.seen = Seen(self.place.runs, [name for (name,) in rows], halves(tail))
            self.schema = Schema([tuple(row) for row in cursor.execute(query("schema_known")).fetchall()])
        self.who = Who(self.place.rules().country)
        self.rules = self.place.rules()
        self._ready = True

    def _follow(self) -> Following:
        """Return how far the log is loaded; that is all a command needs to know that nothing is new."""
        if self._following is None or self._stale:
            files = self._database.rows("log_positions")
            positions = {stem: position for stem, position, _ in files}
            finished = {stem for stem, _, whole in files if whole}
            self._following = Following(self.place.log, positions, finished=finished)
            self._stale = False
        return self._following

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

    def _events_coded(self) -> dict[str, int]:
        return self.books.named["event"].codes

    def _stored_orders(self) -> Iterator[pa.Table]:
        """Read ``order event batch amount`` of all that is stored of orders."""
        columns = ["order", "event", "batch", "amount"]
        with self._database.cursor() as cursor:
            yield cursor.sql(query("orders_in_fresh")).to_arrow_table()
            yield from (file.table.select(columns) for file in self.fresh)
            files = [row[0] for row in cursor.execute(query("run_buckets")).fetchall()]
            gone = cursor.sql(query("replaced")).to_arrow_table()["message_id"]
        for name in files:
            table = pq.read_table(
                self.place.runs / name,
                columns=[*columns, "message_id"] if len(gone) else columns,
                use_threads=False,
            )
            yield without(table.filter(pa.compute.greater_equal(table["order"], 0)), gone)

    def uncounted(self) -> dict[tuple[str, str, str], tuple[int, int]]:
        """Return what events were seen to say and is not written yet; see `Schema.waiting`."""
        return self.schema.waiting() if self._ready else {}

    @property
    def log(self) -> Path:
        """Where the log is."""
        return self.place.log

    @property
    def positions(self) -> dict[str, int]:
        """How far each file of the log is loaded, by stem."""
        if self._following is not None and not self._stale:
            return dict(self._following.positions)
        return {stem: position for stem, position, _ in self._database.rows("log_positions")}

    def merge(self, name: str) -> Row | None:
        """Return a merge by its id as it is now, a row of the table ``merges``, and who the two are."""
        self.prepare()
        found = self.known.joins.merge(name, lambda: self._stored_merge(name))
        return found and (*found, int(self.known.now(np.array([min(found[1], found[2])]))[0]))

    def _stored_merge(self, name: str) -> Row | None:
        with self._database.still():  # what waits to be told to the table is known
            rows = self._database.rows("stored_merge", id=name)
        return rows[0] if rows else None

    def owners(self, links: Sequence[Link]) -> Array:
        """Return the origin that has each identifier, and who stands for it: int32[2, n], -1 where nobody has."""
        self.prepare()
        return self.known.owned(links)

    def __contains__(self, message: str) -> bool:
        """Tell whether a message is stored."""
        from ganj.store.collected.lines import identity

        self.prepare()
        high, low = halves(np.frombuffer(identity(message), np.uint8).reshape(1, 16))
        return bool(self.seen.has(high, low)[0])

    # ---- loading

    def portions(self, until: dict[str, int] | None = None, most: int = MOST) -> Iterator[list[Piece]]:
        """Yield what is new in the log, in portions of one load each; where nothing is new nothing is prepared."""
        known = self._follow()
        following = Following(self.place.log, known.positions, until, known.finished)
        portion: list[Piece] = []
        size = 0
        for piece in following.pieces(most):
            portion.append(piece)
            size += len(piece.data)
            if size >= most // 2:  # a piece ends with a whole group, some bytes before the most
                yield portion
                portion, size = [], 0
        if portion:
            yield portion

    def load(self, cursor: duckdb.DuckDBPyConnection, pieces: list[Piece], written: list[Path]) -> Absorbed:
        """Store a portion with a cursor that is inside a transaction; call `kept` once that is committed.

        Parameters
        ----------
        written : is told of files before they are there, so that a failure can be cleaned up
        """
        self._loaded = Portion(self, cursor, pieces)
        counts = self._loaded.run()
        self._gone = self._renew(cursor, self._loaded.replaced, written)
        self._keep(self._loaded, written)
        self._loaded.end()
        self.lately = Lately(tuple(self.fresh), self.known.following()) if self._loaded.only_events else None
        self.seen.add(*halves(self._loaded.identities))
        return counts

    def _renew(
        self, cursor: duckdb.DuckDBPyConnection, replaced: pa.Table, written: list[Path]
    ) -> list[FreshFile]:
        """Take events whose new form comes with this load out of where they lie; returns files that had some."""
        if not len(replaced):
            return []
        wanted = plain(replaced["message_id"]).combine_chunks()
        old, new = renewed(self.fresh, wanted, self.place.runs, written)
        leave_out(cursor, elsewhere(replaced, old), self.place)
        self.fresh = [file for file in self.fresh if file not in old]
        self._loaded.say("gone", pa.table({"file": [file.path.name for file in old]}))
        for file in new:
            self._add(file)
        return old

    def _keep(self, load: Portion, written: list[Path]) -> None:
        """Write what a load brought."""
        if len(load.identities) or load.events:
            one = len(load.events) == 1  # as nearly always: nothing is put together then
            events = load.events[0] if one else pa.concat_tables([COLLECTED.empty_table(), *load.events])
            self._add(keep(self.place.runs, events, load.others.tobytes(), written))

    def _add(self, file: FreshFile) -> None:
        self.fresh.append(file)
        self._loaded.say("files", pa.table({"file": [file.path.name], "rows": [file.rows]}))

    def kept(self) -> list[FreshFile]:
        """Take note that what was loaded is stored for ever; returns files that nothing names any more."""
        assert self._following is not None  # noqa: S101 - a load has happened
        load = self._loaded
        self.whole_files = []
        for piece in load.pieces:
            self._following.positions[piece.stem] = piece.end  # type: ignore[index] # ours is a dict
        self.recent.add(load.tally.rows, time.time_ns() // 1000)
        return self._gone

    def whole(self) -> Segment | None:
        """Return a sealed file of the log of which everything is loaded; None if there is none."""
        positions = self.positions
        for segment in segments(self.place.log, archived=False):
            if segment.state == "sealed" and positions.get(segment.stem, 0) >= segment.path.stat().st_size:
                return segment
        return None

    def packed(self, segment: Segment) -> None:
        """Take note that nothing more comes of a file; it is stored with what waits to be, where anything does."""
        self.whole_files.append(segment.stem)
        if self._following is not None:
            self._following.finished.add(segment.stem)
        if not self.waiting.loads:
            with self.waiting.loading() as cursor:
                self.waiting.put(cursor, [("whole", self.told_whole())])
            self.whole_files = []

    def told_whole(self) -> pa.Table:
        """Return the files of the log of which nothing more comes and which no table names so yet."""
        return pa.table({"stem": pa.array(self.whole_files, pa.string())})

    def due(self, most: int) -> bool:
        """Tell whether fresh events should be sealed: there are more than so many, or many other messages."""
        return self._ready and (sum(file.rows for file in self.fresh) > most or self.seen.tail >= FLUSH)

    @property
    def files(self) -> list[FreshFile] | None:
        """Files of fresh events; None where it has not looked."""
        return self.fresh if self._ready else None

    def flush(self, cursor: duckdb.DuckDBPyConnection) -> Flushed | None:
        """Write identities to a file within the transaction in which fresh events are sealed; then call `flushed`."""
        self.prepare()
        told, flushed = self._told_orders(), self.seen.flush()
        self.note(cursor, told, flushed)
        return flushed

    def note(self, cursor: duckdb.DuckDBPyConnection, orders: pa.Table, flushed: Flushed | None) -> None:
        """Note within a transaction what goes with sealing: orders that were told, and where identities are."""
        if len(orders):
            cursor.register("told", orders)
            cursor.execute(query("new_told_orders"))
        if flushed is None:
            return
        cursor.execute(query("flushed_seen"), {"gone": flushed.gone})
        cursor.execute(query("new_seen_file"), {"file": flushed.name, "rows": len(flushed)})
        cursor.execute(query("fewer_tallies"))

    def _told_orders(self) -> pa.Table:
        """Return the orders that fresh events tell, so that an import does not tell them again."""
        codes = self.books.named["event"].codes
        wanted = pa.array([codes[name] for name in (*ONCE, REFUND) if name in codes], pa.int32())
        parts = [file.table.select(["order", "event"]) for file in self.fresh]
        told = pa.concat_tables([COLLECTED.empty_table().select(["order", "event"]), *parts])
        about = pa.compute.greater_equal(told["order"], 0)
        return told.filter(pa.compute.and_(about, pa.compute.is_in(told["event"], value_set=wanted)))

    def gathered(self, gone: Container[str], one: FreshFile | None) -> Lately | None:
        """Return what readers see once some files are one; None where more than that is changed."""
        if one is None or not self._ready:
            return None
        files = (one, *(file for file in self.fresh if file.path.name not in gone))
        return Lately(files, self.known.following())

    def tidied(self, gone: Container[str], one: FreshFile | None, flushed: Flushed | None) -> None:
        """Take note that some fresh events lie elsewhere: in one file, or with their identities in no fresh file."""
        if not self._ready:
            return
        self.fresh, self.lately = [file for file in self.fresh if file.path.name not in gone], None
        self.known.joins.relocated()
        if one is not None:
            self.fresh.insert(0, one)
        if flushed is not None:
            tail = np.concatenate([np.zeros((0, 16), np.uint8), *(file.identities for file in self.fresh)])
            self.seen.exchange(flushed, halves(tail))

    def flushed(self, flushed: Flushed | None) -> None:
        """Take note that nothing is fresh any more, and in which file identities are now."""
        self.fresh, self.lately = [], None  # who holds a file keeps it from going
        self.known.joins.relocated()
        if flushed is not None:
            self.seen.exchange(flushed)
