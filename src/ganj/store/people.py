"""One customer's profile and timeline, pages of customers, and finding them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import Array
from ganj.persian import ascii_digits, match_form, national_code, phone
from ganj.store.derived import Derived
from ganj.store.runs import together

COLUMNS = ("name", "customer_id", "phone", "email", "city")
"""What lists show of a customer where nothing else is asked."""


class People:
    """Answers about single customers from what is derived."""

    def __init__(self, derived: Derived) -> None:
        self._derived = derived

    def profile(self, customer: int) -> dict[str, Any] | None:
        """Return identifiers ``(kind, value, first, last)`` and traits ``{name: (value, source, time)}``."""
        rows = self._derived.database.rows
        if not 0 <= customer < self._derived.snapshot.customers:
            return None
        traits = rows("profile_traits", customer=customer)
        return {
            "customer": customer,
            "identifiers": rows("profile_identifiers", customer=customer),
            "traits": {name: (value, source, time) for name, value, source, time in traits},
        }

    def timeline(self, customer: int, limit: int, before: int | None) -> list[dict[str, Any]]:
        """Return the last events before a time, newest first, with their properties and lines."""
        snapshot = self._derived.snapshot
        tables = snapshot.events_of(customer)
        if not tables:
            return []
        events = together(tables, snapshot.promoted)
        if before is not None:
            events = events.filter(pc.less(events["time"], before))
        events = events.slice(max(len(events) - limit, 0))
        names = {kind: snapshot.names(kind) for kind in ("event", "product", "channel", "source")}
        names["order"] = self._orders(events)
        return [_told(row, names) for row in reversed(events.to_pylist())]

    def _orders(self, events: pa.Table) -> Any:
        codes = pc.unique(events["order"]).to_pylist()
        return dict(self._derived.database.rows("some_order_names", codes=codes))

    def rows(self, customers: Array, columns: Sequence[str]) -> pa.Table:
        """Return some customers' columns: a trait's name, or a kind of identifier."""
        asked = np.asarray(customers, np.int32)
        told = self._derived.database.table("people_columns", customers=asked.tolist(), names=list(columns))
        values = {(row["customer"], row["name"]): row["value"] for row in told.to_pylist()}
        found = {name: [values.get((number, name)) for number in asked.tolist()] for name in columns}
        if "name" in columns:
            found["name"] = self._named(asked, found["name"])
        arrays = {name: pa.array(column, pa.string()) for name, column in found.items()}
        return pa.table({"customer": pa.array(asked), **arrays})

    def _named(self, asked: Array, names: list[Any]) -> list[Any]:
        """Call those without a name by its parts, or by their company."""
        missing = [number for number, name in zip(asked.tolist(), names, strict=True) if not name]
        if not missing:
            return names
        parts = ["full_name", "first_name", "last_name", "company"]
        told = self._derived.database.table("people_columns", customers=missing, names=parts)
        said = {(row["customer"], row["name"]): row["value"] for row in told.to_pylist()}
        return [name or _called(said, number) for number, name in zip(asked.tolist(), names, strict=True)]

    def search(self, text: str, limit: int) -> Array:
        """Find customers by any identifier, or part of one or of a name, in any spelling."""
        words = text.strip()
        if not words:
            return np.zeros(0, np.int32)
        plain = ascii_digits(words).lower()
        exact = {words, plain, phone(words), national_code(words)} - {None}
        rows = self._derived.database.rows(
            "search", exact=list(exact), part=plain, words=match_form(words), limit=limit
        )
        return np.array(sorted(row[0] for row in rows), np.int32)


def _called(said: dict[tuple[int, str], str], number: int) -> str | None:
    """Put a name together: «Ali Rezaei» from its parts, or the company's."""
    parts = [said.get((number, part)) for part in ("first_name", "last_name")]
    return (
        said.get((number, "full_name"))
        or " ".join(part for part in parts if part)
        or said.get((number, "company"))
    )


def _told(row: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """Tell one event in words."""
    properties, lines = _lines(row, names["product"])
    return {
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
