"""One customer's profile, pages of customers, and finding them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.persian import ascii_digits, match_form, national_code, phone
from ganj.store.derived import Derived

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
