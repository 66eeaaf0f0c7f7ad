"""A dry run: every row is read, nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.events import ADJUST, CANCEL, ORDER, REFUND
from ganj.intake.plan import Plan
from ganj.intake.rejects import Rejects
from ganj.intake.rows import hashes, rows
from ganj.text import Text

FIRST = 20
WHO = ("customer_id", "email", "phone", "national_code", "account")


class Reason(msgspec.Struct, frozen=True):
    """Why rows would be set aside: how many, and the first of them in their own columns."""

    reason: Text
    count: int
    first: tuple[tuple[str | None, ...], ...]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would bring.

    Attributes
    ----------
    read
        Rows in the files.
    good
        Rows that become events or describe somebody.
    identical
        Rows that repeat another one of the same import; they are kept.
    cancelled
        Rows of cancelled or returned orders.
    amount
        Of orders less what was given back, in the workspace's currency.
    first, last
        µs UTC.
    examples
        The first rows as they would be stored.
    """

    read: int
    good: int
    rejected: int
    identical: int
    cancelled: int
    without_customer: int
    customers: int
    orders: int
    amount: float
    first: int | None
    last: int | None
    events: dict[str, int]
    reasons: tuple[Reason, ...] = ()
    examples: tuple[dict[str, Any], ...] = ()


class _Tally:
    """Counts rows as they pass."""

    def __init__(self) -> None:
        self.good = self.cancelled = self.nobody = 0
        self.amount = 0.0
        self.events: dict[str, int] = {}
        self.seen: dict[str, list[np.ndarray]] = {"who": [], "order": [], "content": []}
        self.times: list[int] = []
        self.examples: list[dict[str, Any]] = []

    def add(self, batch: pa.RecordBatch) -> None:
        self.good += len(batch)
        for entry in pc.value_counts(batch["event"]).to_pylist():
            self.events[entry["values"] or ""] = self.events.get(entry["values"] or "", 0) + entry["counts"]
        who = pc.coalesce(*(batch[name] for name in WHO))
        self.nobody += who.null_count
        self.amount += self._money(batch)
        span = pc.min_max(batch["time"]).as_py()
        self.times += [moment for moment in span.values() if moment is not None]
        orders = batch["order"].filter(pc.equal(batch["event"], ORDER))
        self.seen["who"].append(np.unique(hashes(who.drop_null())))
        self.seen["order"].append(np.unique(hashes(orders.drop_null())))
        # half of a 128-bit hash tells rows of one import apart
        self.seen["content"].append(np.frombuffer(b"".join(batch["content"].to_pylist()), np.int64)[::2])
        if len(self.examples) < FIRST:
            self.examples += batch.slice(0, FIRST - len(self.examples)).drop_columns(["content"]).to_pylist()

    def _money(self, batch: pa.RecordBatch) -> float:
        counted = pc.is_in(batch["event"], pa.array([ORDER, REFUND, CANCEL, ADJUST]))
        self.cancelled += pc.sum(pc.is_in(batch["event"], pa.array([REFUND, CANCEL]))).as_py() or 0
        return pc.sum(batch["amount"].filter(counted)).as_py() or 0.0

    def different(self, name: str) -> int:
        parts = self.seen[name]
        return len(np.unique(np.concatenate(parts))) if parts else 0


def check(plan: Plan, *, progress: Callable[[float], None] = lambda _: None) -> Check:
    """Read everything a plan would import and say what it would bring.

    Raises
    ------
    BadFile
        A file turns out to be damaged or crafted.
    """
    rejects = Rejects(None)
    tally = _Tally()
    for batch in rows(plan, [Path(file) for file in plan.files], progress=progress, rejects=rejects):
        tally.add(batch)
    reasons = tuple(Reason(told["reason"], told["count"], tuple(told["first"])) for told in rejects.table())
    return Check(
        read=tally.good + rejects.count,
        good=tally.good,
        rejected=rejects.count,
        identical=tally.good - tally.different("content"),
        cancelled=tally.cancelled,
        without_customer=tally.nobody,
        customers=tally.different("who"),
        orders=tally.different("order"),
        amount=tally.amount,
        first=min(tally.times, default=None),
        last=max(tally.times, default=None),
        events=dict(sorted(tally.events.items(), key=lambda item: -item[1])),
        reasons=reasons,
        examples=tuple(tally.examples),
    )
