"""What one customer did: all of it in a few narrow columns, and pages of it whole.

A customer may have a hundred thousand events.  So a page is found in columns that are numbers, and
only its own stretch of time is read with texts; where it ends is said by ``(time, message_id)``, so that
no event is shown twice or left out however many share a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import Array
from ganj.store.derived import Derived
from ganj.store.reading import Between, Snapshot
from ganj.store.runs import halves, together

NARROW = ("customer", "time", "message_id", "event", "amount")
LARGEST = (1 << 64) - 1


class Place(msgspec.Struct, frozen=True):
    """A place in a timeline: µs UTC, and the message identity's halves."""

    time: int
    high: int = 0
    low: int = 0

    @classmethod
    def read(cls, words: str) -> Place | None:
        """Read what `__str__` wrote; a time alone is the place before all events of that time."""
        time, _, identity = words.partition("-")
        try:
            halved = int(identity or "0", 16)
            made = cls(int(time), halved >> 64, halved & LARGEST)
        except ValueError:
            return None
        return made if len(identity) <= 32 and abs(made.time) < 1 << 62 else None  # 128 bits

    def __str__(self) -> str:
        """Write it as an address has it."""
        return f"{self.time}-{(self.high << 64) | self.low:032x}"


@dataclass(frozen=True, eq=False)
class Sketch:
    """All of a customer's events in narrow columns, in order of (time, message_id).

    Attributes
    ----------
    time : int64[events], µs UTC
    event : int32[events], codes into ``names``
    amount : float64[events], nan where there is none
    high, low : uint64[events], halves of the message identities
    names : labels of the codes
    """

    time: Array
    event: Array
    amount: Array
    high: Array
    low: Array
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Count the events."""
        return len(self.time)

    def place(self, row: int) -> Place:
        """Return where an event stands."""
        return Place(int(self.time[row]), int(self.high[row]), int(self.low[row]))

    def of(self, events: Iterable[str]) -> Array:
        """bool[events]: which have one of some names."""
        wanted = set(events)
        known = np.array([name in wanted for name in self.names] or [False])
        mask: Array = known[self.event]
        return mask

    def where(self, events: Iterable[str]) -> Array:
        """int64[rows] ascending: the events that have one of some names."""
        found: Array = np.flatnonzero(self.of(events))
        return found

    def rows(self, between: Between, before: Place | None, keep: Array | None = None) -> Array:
        """int64[rows] ascending: events of a time, before a place, and of which ``keep`` is true."""
        since, until = between
        start = 0 if since is None else int(np.searchsorted(self.time, since))
        stop = len(self) if until is None else int(np.searchsorted(self.time, until))
        if before is not None:
            stop = min(stop, self._up_to(before))
        found: Array = np.arange(start, max(stop, start))
        return found if keep is None else found[keep[start : max(stop, start)]]

    def _up_to(self, place: Place) -> int:
        """Count the events before a place."""
        start, stop = np.searchsorted(self.time, place.time), np.searchsorted(self.time, place.time, "right")
        high, low = self.high[start:stop], self.low[start:stop]
        at, with_low = np.uint64(place.high), np.uint64(place.low)
        earlier = (high < at) | ((high == at) & (low < with_low))
        return int(start) + int(earlier.sum())


class Timelines:
    """Reads single customers' events from what is derived."""

    def __init__(self, derived: Derived) -> None:
        self._derived = derived

    def sketch(self, customer: int) -> Sketch:
        """Return all of a customer's events in narrow columns."""
        snapshot = self._derived.snapshot
        tables = [one.select(NARROW) for one in snapshot.events_of(customer, NARROW)]
        names = snapshot.names("event")
        if not tables:
            none, whole = np.zeros(0, np.int64), np.zeros(0, np.uint64)
            return Sketch(none, none, np.zeros(0), whole, whole, names)
        all_of_them = pa.concat_tables(tables).combine_chunks()
        time = all_of_them["time"].to_numpy()
        high, low = halves(all_of_them["message_id"])
        order = slice(None) if len(tables) == 1 else np.lexsort((low, high, time))
        event, amount = (all_of_them[name].to_numpy()[order] for name in ("event", "amount"))
        return Sketch(time[order], event, amount, high[order], low[order], names)

    def sources(self, customer: int, times: Array) -> dict[int, str]:
        """Return by time, µs, which source told an event of a customer then; of several the first by name.

        Parameters
        ----------
        times : int64[n]
        """
        if not len(times):
            return {}
        snapshot = self._derived.snapshot
        between = int(times.min()), int(times.max()) + 1
        names, found = snapshot.names("source"), dict[int, str]()
        for table in snapshot.events_of(customer, (*NARROW[:3], "source"), between):
            time, source = table["time"].to_numpy(), table["source"].to_numpy()
            at = np.flatnonzero(np.isin(time, times) & (source >= 0))
            for when, code in zip(time[at].tolist(), source[at].tolist(), strict=True):
                found[when] = min(found.get(when, names[code]), names[code])
        return found

    def told(self, customer: int, sketch: Sketch, rows: Array) -> list[dict[str, Any]]:
        """Tell some events of a sketch in words, newest first, with their properties and lines.

        Parameters
        ----------
        rows : int64[n] ascending, into the sketch
        """
        if not len(rows):
            return []
        snapshot = self._derived.snapshot
        between = int(sketch.time[rows[0]]), int(sketch.time[rows[-1]]) + 1
        wanted = {(int(sketch.high[row]), int(sketch.low[row])) for row in rows}
        near = [_chosen(table, wanted) for table in snapshot.events_of(customer, None, between)]
        near = [table for table in near if len(table)]
        return self._said(together(near, snapshot.promoted), snapshot) if near else []

    def _said(self, events: pa.Table, snapshot: Snapshot) -> list[dict[str, Any]]:
        names: dict[str, Any] = {
            kind: snapshot.names(kind) for kind in ("event", "product", "channel", "source")
        }
        codes = pc.unique(events["order"]).to_pylist()
        names["order"] = dict(self._derived.database.rows("some_order_names", codes=codes))
        high, low = halves(events["message_id"])
        identities = [f"{(int(a) << 64) | int(b):032x}" for a, b in zip(high, low, strict=True)]
        rows = zip(events.drop_columns(["message_id"]).to_pylist(), identities, strict=True)
        return [_told(row, identity, names) for row, identity in reversed(list(rows))]


def _chosen(table: pa.Table, wanted: set[tuple[int, int]]) -> pa.Table:
    """Keep the events of some identities."""
    high, low = halves(table["message_id"])
    highs = np.array([pair[0] for pair in wanted], np.uint64)
    near = np.flatnonzero(np.isin(high, highs))
    rows = [row for row in near.tolist() if (int(high[row]), int(low[row])) in wanted]
    return table.take(pa.array(rows, pa.int64()))


def _told(row: dict[str, Any], identity: str, names: dict[str, Any]) -> dict[str, Any]:
    """Tell one event in words."""
    properties, lines = _lines(row, names["product"])
    return {
        "id": identity,
        "time": row["time"],
        "event": names["event"][row["event"]],
        "amount": None if np.isnan(row["amount"]) else row["amount"],
        "product": _named_by(names["product"], row["product"]),
        "order": names["order"].get(row["order"]),
        "channel": _named_by(names["channel"], row["channel"]),
        "source": _named_by(names["source"], row["source"]),
        "batch": row["batch"],
        "properties": properties,
        "lines": lines,
    }


def _named_by(names: Sequence[str], code: int) -> str | None:
    return names[code] if code >= 0 else None


def _lines(row: dict[str, Any], products: Sequence[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the properties that all lines share, and the lines with what is their own."""
    said = [_read(text) for text in row["line_properties"]]
    shared = _read(row["properties"]) if not said else _shared(said)
    lines = []
    for at, product in enumerate(row["line_product"]):
        figures = {name: row[f"line_{name}"][at] for name in ("quantity", "price", "amount")}
        own = {key: value for key, value in said[at].items() if key not in shared} if said else {}
        lines.append(
            {
                "product": _named_by(products, product),
                **{name: None if np.isnan(figure) else figure for name, figure in figures.items()},
                "properties": own,
            }
        )
    return shared, lines


def _shared(said: list[dict[str, Any]]) -> dict[str, Any]:
    first = said[0]
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in said)}


def _read(text: str | None) -> dict[str, Any]:
    return msgspec.json.decode(text) if text else {}
