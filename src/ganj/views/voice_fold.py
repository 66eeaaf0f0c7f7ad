"""What customers said, as the state of `ganj.miners.voice`: small columns that are joined in any order.

Of very many the customers are drawn by lot, each with everything they said, so that no text is parted from its
marks and tickets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.filters import marks
from ganj.histories import Array, Histories

ROWS, LETTERS = 1 << 21, 1 << 26
"""Rows and bytes that are kept; of more, every second, fourth … customer is."""
LONGEST = 2_000
"""Letters that are read of a text."""
ANSWER, REVIEW, OPENED, REPLIED, SOLVED = range(5)
TEAM = ("team", "agent", "staff", "support", "operator")
"""What the one who replied may be called where it is not the customer."""
SCHEMA = pa.schema(
    [
        pa.field("customer", pa.int32()),
        pa.field("lot", pa.uint64()),
        pa.field("time", pa.int64()),
        pa.field("kind", pa.int8()),
        pa.field("score", pa.float64()),
        pa.field("survey", pa.string()),
        pa.field("scale", pa.string()),
        pa.field("words", pa.string()),
        pa.field("ticket", pa.string()),
        pa.field("label", pa.string()),
        pa.field("mood", pa.string()),
        pa.field("by", pa.string()),
    ]
)
TIMES = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Names:
    """How the events and properties of a workspace are called: by member of the schema, tried in order."""

    events: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    score: str
    ticket: tuple[str, ...]
    label: str
    mood: str

    @property
    def selectors(self) -> tuple[str, ...]:
        """All selectors, in order of their kinds."""
        return tuple(one for group in self.events for one in group)

    @property
    def properties(self) -> tuple[str, ...]:
        """All properties that are read as texts, each once."""
        named = (*self.words, *self.ticket, self.label, self.mood, "survey", "kind", "by")
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What some customers said: one table a part, see `SCHEMA`; of very many one customer of 2^level."""

    pieces: tuple[pa.Table, ...]
    customers: int = 0
    level: int = 0

    def __add__(self, other: Heard) -> Heard:
        level = max(self.level, other.level)
        both = (*_drawn(self.pieces, level, self.level), *_drawn(other.pieces, level, other.level))
        return Heard(both, self.customers + other.customers, level).fitted()

    def fitted(self, rows: int = ROWS, letters: int = LETTERS) -> Heard:
        """Halve the customers until what they said is little enough."""
        pieces, level = self.pieces, self.level
        while sum(map(len, pieces)) > rows or sum(piece["words"].nbytes for piece in pieces) > letters:
            level += 1
            pieces = _drawn(pieces, level, level - 1)
        return Heard(pieces, self.customers, level)

    def whole(self) -> pa.Table:
        """Join the parts in the order of customers; within a customer rows stay in order of time."""
        rows = pa.concat_tables([SCHEMA.empty_table(), *self.pieces])
        order = np.argsort(rows["customer"].to_numpy(), kind="stable")
        return rows.take(pa.array(order))


def _drawn(pieces: tuple[pa.Table, ...], level: int, before: int) -> tuple[pa.Table, ...]:
    """Keep the customers whose lot, well mixed, ends in ``level`` zero bits."""
    if level == before:
        return pieces
    kept = []
    for piece in pieces:
        mixed = (piece["lot"].to_numpy() + np.uint64(1)) * TIMES >> np.uint64(24)
        kept.append(piece.filter(pa.array(mixed & np.uint64((1 << level) - 1) == 0)))
    return tuple(kept)


def heard(histories: Histories, names: Names) -> pa.Table:
    """Read what customers said, one row an event that says something."""
    found = marks(histories, names.selectors)
    kinds = np.repeat(np.arange(len(names.events)), [len(group) for group in names.events])
    kind = np.full(len(found), -1, np.int8)
    for bit in range(len(kinds))[::-1]:
        kind[(found >> bit & 1) > 0] = kinds[bit]
    known = np.repeat(histories.customer >= 0, np.diff(histories.offsets))
    at = np.flatnonzero((kind >= 0) & known)
    texts = {name: _text(histories, name, at) for name in names.properties}
    number = histories.columns.get(f"number:{names.score}")
    none = pa.nulls(len(at), pa.string())

    def first(*wanted: str) -> pa.Array:
        told = [texts[name] for name in wanted if name]
        return pc.coalesce(*told) if told else none

    return pa.table(
        {
            "customer": histories.customer[histories.owner[at]],
            "lot": histories.lots[histories.owner[at]],
            "time": histories.time[at],
            "kind": kind[at],
            "score": np.full(len(at), np.nan) if number is None else number[at],
            "survey": first("survey"),
            "scale": first("kind"),
            "words": pc.utf8_slice_codeunits(first(*names.words), 0, LONGEST),
            "ticket": first(*names.ticket),
            "label": first(names.label),
            "mood": first(names.mood),
            "by": first("by"),
        },
        schema=SCHEMA,
    )


def _text(histories: Histories, name: str, at: Array) -> pa.Array:
    """Return a property of some events as texts; null where it is missing or blank."""
    told = histories.category(name)
    if told is None or not told.labels:
        return pa.nulls(len(at), pa.string())
    codes = told.codes[at]
    labels = [label if label.strip() else None for label in told.labels]
    return pa.array(labels, pa.string()).take(pa.array(codes, mask=codes < 0))
