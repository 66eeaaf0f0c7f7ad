"""One portion of the log on its way into the store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.identity.rules import Rules
from ganj.log.keeping import put_aside
from ganj.log.reading import Piece
from ganj.persian import match_forms
from ganj.store import deciding
from ganj.store.collected.books import Books
from ganj.store.collected.known import Known
from ganj.store.collected.lines import KINDS, Bad, Lines, read
from ganj.store.collected.money import Purse
from ganj.store.collected.pieces import corrected
from ganj.store.collected.place import Place
from ganj.store.collected.planned import OFF, Off, flags, off_plan
from ganj.store.collected.refunds import NONE, Refunds
from ganj.store.collected.rejects import Rejects, mend
from ganj.store.collected.seen import Seen
from ganj.store.collected.shaping import Shaped
from ganj.store.collected.tally import Absorbed, Schema, Tally, schema_rows
from ganj.store.collected.told import Told
from ganj.store.collected.traits import Traits, talking
from ganj.store.collected.who import Who
from ganj.store.fresh import side_by_side
from ganj.store.identifying import Identifying
from ganj.store.sql import query
from ganj.store.waiting import Said, Waiting

DECISION, REJECTED, LAST_EVENT = KINDS.index("decision"), KINDS.index("rejected"), KINDS.index("screen")


class Knowing(Protocol):
    """What is known before a portion comes, and notes what it brings: a `ganj.store.collected.loader.Loader`."""

    place: Place
    books: Books
    seen: Seen
    schema: Schema
    who: Who
    known: Known
    rules: Rules
    refunds: Refunds
    waiting: Waiting
    whole_files: list[str]

    @property
    def positions(self) -> dict[str, int]:
        """How far each file of the log is loaded, by stem."""

    def told_whole(self) -> pa.Table:
        """Return the files of the log of which nothing more comes and which no table names so yet."""


class Portion:
    """What is new in the log, a part of it, on its way in.

    Attributes
    ----------
    pieces : of the log
    tally : counts
    events : as `ganj.store.fresh.COLLECTED`
    replaced : ``message_id origin`` of events stored before whose new form is among these
    identities, others : uint8[n, 16], of all messages that are stored by it, and of those that are no event
    """

    def __init__(self, knowing: Knowing, cursor: duckdb.DuckDBPyConnection, pieces: list[Piece]) -> None:
        self._knowing, self._cursor, self.pieces = knowing, cursor, pieces
        self._place = knowing.place
        self._books, self._seen = knowing.books, knowing.seen
        self.tally = Tally()
        self.events: list[pa.Table] = []
        self.replaced = NONE
        self._whole: list[Array] = []
        self._waits, self._decided = True, False
        self._said: list[Said] = []
        self.identities = self.others = np.zeros((0, 16), np.uint8)

    @property
    def only_events(self) -> bool:
        """Tell whether it changes neither who stands for whom nor which properties are breakdowns."""
        return self._waits and not self._decided

    def run(self) -> Absorbed:
        """Read it and store all but its events, which are left in `events`."""
        lines, bad = read([piece.data for piece in self.pieces])
        counts = Absorbed(lines=len(lines) + sum(one.count for one in bad))
        fresh = self._seen.new(lines.identity)
        again = np.flatnonzero(~fresh)
        self.tally.others(lines.at(again), "duplicates")
        counts.duplicates = len(again)
        refused = lines.at(np.flatnonzero(fresh & (lines.what == REJECTED)))
        counts.rejected = self._reject(bad, refused)
        lines = self._on_plan(lines.at(np.flatnonzero(fresh & (lines.what != REJECTED))), counts)
        for part in self._between_decisions(lines, counts):
            self._part(part, counts)
        self._settle()
        self._remember(lines, refused)
        counts.damaged = self._damage()
        return counts

    def _between_decisions(self, lines: Lines, counts: Absorbed) -> Iterator[Lines]:
        """Yield lines up to each decision, or several at once, and do what they say before those after them."""
        begin = 0
        rows = np.flatnonzero(lines.what == DECISION)
        for together in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else ():
            yield lines.at(np.arange(begin, together[0]))
            told = [lines.struct(row) for row in together.tolist()]
            deciding.apply(told, self._identifying())
            mend(self._cursor, told)
            self._knowing.who.forget()
            counts.decisions += len(together)
            self._decided = True
            begin = int(together[-1]) + 1
        yield lines.at(np.arange(begin, len(lines)))

    def _part(self, lines: Lines, counts: Absorbed) -> None:
        lines = lines.at(np.flatnonzero(lines.what < DECISION))
        if not len(lines):
            return
        time, *_ = corrected(lines.time, lines.received)
        identifying = self._identifying()
        said = Told(lines)
        origin = self._knowing.who.of(said, time, lambda people: self._assigned(identifying, people))
        customer = self._now(identifying, origin)
        self._say(lines, origin, time)
        event = np.flatnonzero(lines.what <= LAST_EVENT)
        other = lines.at(np.flatnonzero(lines.what > LAST_EVENT))
        self.tally.others(other, "accepted")
        counts.told += len(other)
        if len(event):
            self._events(said.at(event), customer[event], origin[event], counts)

    def _assigned(self, identifying: Identifying, people: pa.Table) -> Array:
        found = identifying.assign(people)
        self._waits &= not found.merges
        return found.customers

    def _identifying(self) -> Identifying:
        known = self._knowing.known.using(self._cursor, self)
        return Identifying(self._cursor, self._place.buckets, self._knowing.rules, known)

    @staticmethod
    def _now(identifying: Identifying, origin: Array) -> Array:
        customer = origin.copy()
        known = np.flatnonzero(origin >= 0)
        if len(known):
            customer[known] = identifying.now(origin[known])
        return customer

    def _events(self, said: Told, customer: Array, origin: Array, counts: Absorbed) -> None:
        shaped = Shaped(said, self._books, Purse(self._place.currency()))
        order = side_by_side(customer, self._place.buckets)
        self.events.append(shaped.events(customer, origin, order))
        self._whole.append(shaped.whole[order])
        self.tally.events(shaped)
        new = self._knowing.schema.look(shaped, self._books)
        if new:
            columns = ("event", "property", "kind", "example", "first")
            self.say("schema", pa.table(dict(zip(columns, map(list, zip(*new, strict=True)), strict=True))))
        marks = shaped.marks
        counts.events += len(shaped)
        counts.repeated += len(shaped.repeated)
        for name in ("late", "future", "old", "unknown", "unpriced"):
            setattr(counts, name, getattr(counts, name) + int(getattr(marks, name).sum()))

    def _settle(self) -> None:
        """Say what refunds of whole orders come to."""
        self.events, self.replaced = self._knowing.refunds.settle(self._cursor, self.events, self._whole)
        self._waits &= not len(self.replaced)

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
        if not bad and not len(refused):
            return 0
        rejects = Rejects(self._cursor, refused.received)
        rejects.unread(bad)
        rejects.refused(refused)
        return self._count(rejects)

    def _count(self, rejects: Rejects) -> int:
        rejects.keep()
        for (source, day), (count, last) in rejects.counts.items():
            self.tally.bad(source, day, count, last)
        return len(rejects)

    def _on_plan(self, lines: Lines, counts: Absorbed) -> Lines:
        """Count what breaks the tracking plan, and leave out what a rule sets aside."""
        if not (lines.what < DECISION).any():
            return lines
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
        if not blocked:
            return 0
        aside = lines.at(np.array([one.row for one in blocked], np.int64))
        rejects = Rejects(self._cursor, aside.received)
        rejects.off_plan(aside, [f"{OFF} {one.why}" for one in blocked])
        return self._count(rejects)

    def _remember(self, lines: Lines, refused: Lines) -> None:
        """Store what codes and identities are new, how far the log was read, and the counts."""
        for name, table in self._books.taken():
            self.say(name, table)
            self._waits &= name not in ("properties", "demoted")
        kept = lines.what != DECISION  # ours come once, and mean the same the second time
        self.identities = np.concatenate([lines.identity[kept], refused.identity])
        self.others = np.concatenate([lines.identity[kept & (lines.what > LAST_EVENT)], refused.identity])
        read = {piece.stem: piece.end for piece in self.pieces}
        self.say("positions", pa.table({"stem": list(read), "position": list(read.values())}))
        if self._knowing.whole_files:
            self.say("whole", self._knowing.told_whole())
        if self.tally.rows:
            self.say("tallies", self.tally.table())
        if self._knowing.schema.due:
            self.say("seen", schema_rows(self._knowing.schema.flush()))

    @property
    def times(self) -> int:
        """How often the tables were told everything that loads say."""
        return self._knowing.waiting.times

    def say(self, name: str, table: pa.Table) -> None:
        """Have rows stored with the load; see `ganj.store.waiting.DOING`."""
        self._said.append((name, table))

    def put(self) -> None:
        """Put what was said so far into the tables."""
        self._knowing.waiting.put(self._cursor, self._said)
        self._said = []

    def end(self) -> None:
        """Store what was said: it may wait where nothing but events has come, unless much waits."""
        if self._waits and not self._knowing.waiting.much:
            self._knowing.waiting.say(self._cursor, self._said)
        else:
            self.put()

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
