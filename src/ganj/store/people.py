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
        members = self.members(customer)
        traits = rows("profile_traits", members=members)
        return {
            "customer": self._derived.snapshot.stands_for(customer),
            "identifiers": rows("profile_identifiers", members=members),
            "traits": {name: (value, source, time) for name, value, source, time in traits},
        }

    def trait_history(self, customer: int) -> list[tuple[str, str, str | None, int | None]]:
        """Return all that was ever said of a customer: (name, value, source, time), newest first by name."""
        return self._derived.database.rows("trait_history", members=self.members(customer))

    def members(self, customer: int) -> list[int]:
        """Return the numbers under which a person came, ascending; one where nothing was merged."""
        standing = self._derived.snapshot.standing
        members: list[int] = standing.members(self._derived.snapshot.stands_for(customer)).tolist()
        return members

    def named(self, identifier: str, kind: str) -> Array:
        """Find customers by one whole identifier, in any spelling; of one kind, or of any if empty."""
        rows = self._derived.database.rows("customers_of", exact=_spellings(identifier), kind=kind)
        return np.array([row[0] for row in rows], np.int32)

    def rows(self, customers: Array, columns: Sequence[str]) -> pa.Table:
        """Return some customers' columns: a trait's name, or a kind of identifier."""
        asked = np.asarray(customers, np.int32)
        told = self._columns(asked, columns)
        values = {(row["customer"], row["name"]): row["value"] for row in told.to_pylist()}
        found = {name: [values.get((number, name)) for number in asked.tolist()] for name in columns}
        if "name" in columns:
            found["name"] = self._named(asked, found["name"])
        arrays = {name: pa.array(column, pa.string()) for name, column in found.items()}
        return pa.table({"customer": pa.array(asked), **arrays})

    def _columns(self, asked: Array, names: Sequence[str]) -> pa.Table:
        origins, customers = self._derived.snapshot.standing.everyone_of(np.unique(asked))
        return self._derived.database.table(
            "people_columns", origins=origins.tolist(), customers=customers.tolist(), names=list(names)
        )

    def _named(self, asked: Array, names: list[Any]) -> list[Any]:
        """Call those without a name by its parts, or by their company."""
        missing = [number for number, name in zip(asked.tolist(), names, strict=True) if not name]
        if not missing:
            return names
        parts = ["full_name", "first_name", "last_name", "company"]
        told = self._columns(np.array(missing, np.int32), parts)
        said = {(row["customer"], row["name"]): row["value"] for row in told.to_pylist()}
        return [name or _called(said, number) for number, name in zip(asked.tolist(), names, strict=True)]

    def search(self, text: str, limit: int) -> Array:
        """Find customers by any identifier, or part of one or of a name, in any spelling."""
        words = text.strip()
        if not words:
            return np.zeros(0, np.int32)
        plain = ascii_digits(words).lower()
        rows = self._derived.database.rows(
            "search", exact=_spellings(words), part=plain, words=match_form(words), limit=limit
        )
        return np.array(sorted(row[0] for row in rows), np.int32)


def _spellings(text: str) -> list[str]:
    """Return the forms an identifier may be kept in."""
    words = text.strip()
    plain = ascii_digits(words)
    forms = {words, plain, plain.lower(), phone(words), national_code(words)}
    return [form for form in forms if form]


def _called(said: dict[tuple[int, str], str], number: int) -> str | None:
    """Put a name together: «Ali Rezaei» from its parts, or the company's."""
    parts = [said.get((number, part)) for part in ("first_name", "last_name")]
    return (
        said.get((number, "full_name"))
        or " ".join(part for part in parts if part)
        or said.get((number, "company"))
    )
