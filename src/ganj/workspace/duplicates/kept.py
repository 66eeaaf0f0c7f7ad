"""The pairs that were found and what was said of them; customers are named by identifiers, which outlive numbers."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from ganj.errors import UnknownName
from ganj.identity.duplicates import Step
from ganj.store.control import tables
from ganj.text import Text

Status = Literal["open", "later", "merged", "different"]
Link = tuple[str, str]
PART = 400  # rows of one statement
FAR = 1 << 40  # pairs; nobody turns so many pages

PAIRS = sa.Table(
    "duplicates",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("pair", sa.Text, nullable=False, unique=True),
    sa.Column("left", sa.JSON, nullable=False),
    sa.Column("right", sa.JSON, nullable=False),
    sa.Column("probability", sa.Float, nullable=False),
    sa.Column("weight", sa.Float, nullable=False),
    sa.Column("contributions", sa.JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("found", sa.BigInteger, nullable=False),
    sa.Column("decided", sa.BigInteger),
    sa.Column("decision", sa.JSON),
)


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two customers who may be one person.

    Attributes
    ----------
    id : names it here
    left, right : an identifier of each, (kind, value)
    probability : of being one person
    weight : log2 of the odds; the contributions add up to it
    contributions : what each column says for or against
    status : open, later, merged or different
    found, decided : µs UTC
    decision : who decided, and the merge's id
    """

    id: int
    left: Link
    right: Link
    probability: float
    weight: float
    contributions: tuple[Step, ...]
    status: Status
    found: int
    decided: int | None = None
    decision: dict[str, Any] = {}


class Kept:
    """The table of pairs."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def find(self, number: int) -> Pair:
        """Return a pair.

        Raises
        ------
        UnknownName
            There is none of this number.
        """
        with self._engine.connect() as con:
            known = 0 <= number < 1 << 62  # beyond, SQLite has no number
            row = con.execute(sa.select(PAIRS).where(PAIRS.c.id == number)).first() if known else None
        if row is None:
            raise UnknownName(kind=Text("pair", "جفت"), name=str(number), near="—")
        return _pair(row)

    def all(self, statuses: Sequence[Status], limit: int, offset: int = 0) -> list[Pair]:
        """Return pairs, those put off last, the most probable first."""
        asked = (
            sa.select(PAIRS)
            .where(PAIRS.c.status.in_(statuses))
            .order_by(PAIRS.c.status == "later", PAIRS.c.probability.desc(), PAIRS.c.id)
            .limit(limit)
            .offset(min(offset, FAR))
        )
        with self._engine.connect() as con:
            return [_pair(row) for row in con.execute(asked)]

    def counts(self) -> dict[str, int]:
        """Count the pairs by status."""
        with self._engine.connect() as con:
            rows = con.execute(sa.select(PAIRS.c.status, sa.func.count()).group_by(PAIRS.c.status)).all()
        return {"open": 0, "later": 0, "merged": 0, "different": 0} | {row[0]: row[1] for row in rows}

    def promised(self) -> float:
        """Return how many of the open pairs are one person, as their probabilities promise."""
        with self._engine.connect() as con:
            told = con.execute(
                sa.select(sa.func.sum(PAIRS.c.probability)).where(PAIRS.c.status.in_(("open", "later")))
            ).scalar()
        return float(told or 0.0)

    def told_apart(self) -> list[tuple[Link, Link]]:
        """Return the pairs that were said to be different people."""
        asked = sa.select(PAIRS.c.left, PAIRS.c.right).where(PAIRS.c.status == "different")
        with self._engine.connect() as con:
            return [(_link(row[0]), _link(row[1])) for row in con.execute(asked)]

    def offer(self, pairs: Iterable[dict[str, Any]]) -> None:
        """Put what was found in the place of what was open; what was decided stays as it is."""
        now = _now()
        empty = {"status": "open", "found": now, "decided": None, "decision": None}
        rows = [{**empty, **pair} for pair in pairs]
        with self._engine.begin() as con:
            con.execute(sa.delete(PAIRS).where(PAIRS.c.status == "open"))
            for at in range(0, len(rows), PART):
                said = insert(PAIRS).values(rows[at : at + PART])
                newer = {name: said.excluded[name] for name in ("probability", "weight", "contributions")}
                con.execute(said.on_conflict_do_update(index_elements=["pair"], set_=newer))

    def decide(self, number: int, status: Status, decision: dict[str, Any] | None = None) -> None:
        """Keep what was said of a pair."""
        said = {"status": status, "decided": _now() if status != "open" else None, "decision": decision}
        with self._engine.begin() as con:
            con.execute(sa.update(PAIRS).where(PAIRS.c.id == number).values(**said))

    def merged(self, merges: dict[str, str]) -> None:
        """Keep that pairs were merged without a person looking: the merge's id by the pair's name."""
        now = _now()
        said = sa.update(PAIRS).where(PAIRS.c.pair == sa.bindparam("named"))
        told = [
            {"named": pair, "decision": {"merge": merge, "automatic": True}} for pair, merge in merges.items()
        ]
        with self._engine.begin() as con:
            if told:
                con.execute(
                    said.values(status="merged", decided=now, decision=sa.bindparam("decision")), told
                )

    def forget(self, links: Collection[Link]) -> int:
        """Forget the pairs that name somebody, for good: their bytes are overwritten; returns how many."""
        with self._engine.begin() as con:
            con.execute(sa.text("pragma secure_delete = on"))
            sides = con.execute(sa.select(PAIRS.c.id, PAIRS.c.left, PAIRS.c.right)).all()
            gone = [row.id for row in sides if {_link(row.left), _link(row.right)}.intersection(links)]
            for at in range(0, len(gone), PART):
                con.execute(sa.delete(PAIRS).where(PAIRS.c.id.in_(gone[at : at + PART])))
        return len(gone)


def pair_key(left: Link, right: Link) -> str:
    """Return the name of a pair, whichever way round."""
    return "\x1f".join(sorted("\x1e".join(side) for side in (left, right)))


def _pair(row: sa.Row[Any]) -> Pair:
    told = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    del told["pair"]
    steps = msgspec.convert(told["contributions"], tuple[Step, ...])
    sides = {side: _link(told[side]) for side in ("left", "right")}
    return Pair(**{**told, **sides, "contributions": steps, "decision": told["decision"] or {}})


def _link(told: Sequence[str]) -> Link:
    return told[0], told[1]


def _now() -> int:
    return time.time_ns() // 1000
