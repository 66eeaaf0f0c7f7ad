"""What a tidying has made ready, and its exchange for what it stands for: one short transaction.

It was made from one state of the store, beside loads.  If by now something that it read is no longer there, because
an import or a decision has rewritten it meanwhile, nothing is exchanged; it is made again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.identity.rules import Rules
from ganj.store.collected.seen import Flushed
from ganj.store.database import Database
from ganj.store.fresh import FreshFile
from ganj.store.identifying import Identifying
from ganj.store.runs import Sealed
from ganj.store.sql import query
from ganj.store.standing import Places, laid_out, standing

NONE = np.zeros(0, np.int32)
NOWHERE = Places(NONE, NONE, NONE)


@dataclass
class Tidied:
    """What was written, and what it stands for.

    Attributes
    ----------
    now : who stood for each origin when it was begun, as in `ganj.store.standing.Standing`
    files, runs : names of files of fresh events and of runs that stand in others now
    written : every file that is new
    new : the runs among them
    gathered : the file of fresh events among them
    identities : the file of messages' identities among them
    placed : origins whose fresh events lie in runs now, under whom: int32[n] both
    settled : origins whose events in runs lie elsewhere now
    replaced : ``bucket message_id`` of events that are in no run any more
    orders : ``order event`` that fresh events told and runs do now
    """

    now: Array
    files: Sequence[str] = ()
    runs: Sequence[str] = ()
    written: list[Path] = field(default_factory=list)
    new: list[Sealed] = field(default_factory=list)
    gathered: FreshFile | None = None
    identities: Flushed | None = None
    placed: tuple[Array, Array] = (NONE, NONE)
    settled: Places = NOWHERE
    replaced: pa.Table | None = None
    orders: pa.Table | None = None

    def stands(self, database: Database) -> bool:
        """Tell whether all is still there: what it stands for, and what was written."""
        return self.named(database) and all(path.exists() for path in self.written)

    def named(self, database: Database) -> bool:
        """Tell whether what it stands for is still what is stored."""
        there = database.rows("still_there", files=list(self.files), runs=list(self.runs))
        return there == [(len(self.files), len(self.runs))]

    def discard(self) -> None:
        """Remove what was written."""
        for path in self.written:
            path.unlink(missing_ok=True)

    def exchange(self, cursor: duckdb.DuckDBPyConnection, buckets: int) -> None:
        """Put what was written in the place of what it stands for, inside a transaction."""
        if self.files:
            cursor.execute(query("no_fresh_files"), {"files": list(self.files)})
        if self.gathered is not None:
            told = {"file": self.gathered.path.name, "rows": self.gathered.rows}
            cursor.execute(query("new_fresh_file"), told)
        if self.runs:
            cursor.execute(query("forgotten_runs"), {"files": list(self.runs)})
        if self.new:
            rows = [dataclasses.asdict(one) for one in self.new]
            cursor.register("sealed", pa.Table.from_pylist(rows))
            cursor.execute(query("new_runs"))
        if self.replaced is not None and len(self.replaced):
            cursor.register("told", self.replaced)
            cursor.execute(query("no_more_replaced"))
        self._settle(cursor, buckets)

    def _settle(self, cursor: duckdb.DuckDBPyConnection, buckets: int) -> None:
        """Note where events lie now, and which of them belong elsewhere by now."""
        origin, customer = self.placed
        told = {
            "origin": np.append(origin, self.settled.origin),
            "customer": np.append(customer, self.settled.now),
        }
        moved = told["origin"] != told["customer"]
        if len(self.settled):
            gone = {"origin": self.settled.origin, "customer": self.settled.lies, "now": self.settled.now}
            cursor.register("settled", pa.table(gone))
            cursor.execute(query("settled_placed"))
        if moved.any():
            cursor.register("lie", pa.table({name: column[moved] for name, column in told.items()}))
            cursor.execute(query("new_lie"))
        now = laid_out(cursor.sql(query("moved")).to_arrow_table())
        affected = np.union1d(self.settled.origin, differing(self.now, now)).astype(np.int32)
        if len(affected):
            Identifying(cursor, buckets, Rules()).displaced(affected, standing(now, affected))


def differing(before: Array, now: Array) -> Array:
    """Return the origins for whom somebody else stands now: int64[n]."""
    size = max(len(before), len(now))
    whole = [np.append(one, np.arange(len(one), size, dtype=one.dtype)) for one in (before, now)]
    return np.flatnonzero(whole[0] != whole[1])
