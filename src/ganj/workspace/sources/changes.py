"""Records that change after they were taken: what is new, what came again, and what a changed order means.

A row that came again as it was is passed over.  A changed customer, product, ticket or deal goes in as it now
is; what it says replaces or follows what was said.  An order that was counted is never counted twice: what
its change is worth goes in beside it, as a refund, a cancellation or an adjustment, dated when it was seen.
An event is a thing of the past; one that changed is set aside and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b, md5
from typing import Any

import msgspec

from ganj.events import ADJUST, CANCEL, ORDER, REFUND
from ganj.workspace.sources.kept import Known

MONEY = (ORDER, REFUND, CANCEL, ADJUST)
CENT = 0.005
"""Less than this, in the workspace's currency, is rounding."""
WHO = ("customer_id", "email", "phone", "national_code", "account", "channel", "source")
Row = dict[str, Any]


def key_of(table: str, key: Sequence[str], row: Row) -> bytes:
    """Return a short name for a record."""
    told = msgspec.json.encode([table, *(row.get(column) for column in key)])
    return blake2b(told, digest_size=12).digest()


def version_of(rows: Iterable[Row]) -> bytes:
    """Return a short name for all that a record holds."""
    return blake2b(msgspec.json.encode(list(rows)), digest_size=8).digest()


def money(rows: Iterable[Row]) -> tuple[float, bool]:
    """Return what an order's rows come to, and whether an order is among them."""
    told = list(rows)
    net = sum(row["amount"] or 0.0 for row in told if row["event"] in MONEY)
    return round(net, 6), any(row["event"] == ORDER for row in told)


def corrected(before: Known, version: bytes, rows: list[Row], now: int) -> list[Row]:
    """Return the rows that make of an order as it was taken the order as it is.

    Parameters
    ----------
    rows
        What the order would be if it were new, as `ganj.events.ROWS`.
    now
        µs UTC; when the change was seen.
    """
    if not rows:
        return []
    net, counted = money(rows)
    if counted and not before.counted and abs(before.net or 0.0) < CENT:
        return [{**row, "content": _again(row["content"], version)} for row in rows]
    difference = round(net - (before.net or 0.0), 6)
    if abs(difference) < CENT:
        return [_said(rows[0], version, now, None, 0.0)]
    events = {row["event"] for row in rows}
    event = ADJUST
    if difference < 0:
        event = CANCEL if CANCEL in events and not counted else REFUND if REFUND in events else ADJUST
    return [_said(rows[0], version, now, event, difference)]


def _said(row: Row, version: bytes, now: int, event: str | None, amount: float) -> Row:
    """Return a row about an order without its products; without an event it only describes the customer."""
    told = dict.fromkeys(row)
    told |= {name: row[name] for name in (*WHO, "traits")}
    if event is not None:
        told |= {"event": event, "time": now, "order": row["order"], "amount": amount}
        told |= {"properties": row["properties"]}
    return told | {"row": 0, "content": _again(row["content"], version, event or "")}


def _again(content: bytes, version: bytes, word: str = "") -> bytes:
    """Return the identity of a row that is told once more, of another version."""
    return md5(content + version + word.encode(), usedforsecurity=False).digest()
