"""What identify and group calls say of customers, as rows of traits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.kernels import json_lines as jl
from ganj.store.collected.lines import KINDS, Lines, texts

IDENTIFIERS = frozenset(
    {
        "email",
        "phone",
        "mobile",
        "phone_number",
        "national_code",
        "national_id",
        "melli_code",
        "id",
        "user_id",
    }
)
"""Said of a person, but kept as identifiers and not as traits."""
MOST = 200
"""Traits of one call."""
LONGEST = 2_000
"""Letters of a value."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
GROUP = KINDS.index("group")


@dataclass
class Said:
    """When something was said, first and last: (µs UTC, place in the load), and as a number."""

    first: tuple[int, int]
    last: tuple[int, int]
    number: float | None


@dataclass
class Traits:
    """Rows of traits: every different thing said of each customer by each source, when first and when last."""

    rows: dict[tuple[int, str, str, str | None], Said] = field(default_factory=dict)

    def read(self, lines: Lines, rows: Array, customer: Array, time: Array) -> None:
        """Read the traits of some lines, in order."""
        span, kind = lines.field("x")
        sources = lines.texts("w", rows)
        groups = lines.texts("g", rows)
        for row, source, group in zip(rows.tolist(), sources, groups, strict=True):
            said: dict[str, Any] = {}
            if kind[row] == jl.OBJECT:
                said = msgspec.json.decode(lines.data[span[row, 0] : span[row, 1]].tobytes())
            if lines.what[row] == GROUP:
                said = {"account": group, **{f"account {name}": value for name, value in said.items()}}
            for name, value in flat(said):
                self._say(int(customer[row]), name, source or "", (int(time[row]), row), value)

    def _say(self, customer: int, name: str, source: str, when: tuple[int, int], value: Any) -> None:
        word = _word(value)
        said = self.rows.get((customer, name, source, word))
        if said is None:
            number = float(value) if _is_number(value) else None
            self.rows[customer, name, source, word] = Said(when, when, number)
        else:
            said.first, said.last = min(said.first, when), max(said.last, when)

    def told(self) -> pa.Table:
        """Return what is said, as rows of ``traits`` without a batch; an empty value is one taken back."""
        told = [
            (*key, said.number, *when)
            for key, said in self.rows.items()
            for when in dict.fromkeys((said.first, said.last))
        ]
        columns = list(map(list, zip(*told, strict=True))) or [[]] * 7
        kinds = (pa.int32(), pa.string(), pa.string(), pa.string(), pa.float64(), pa.int64(), pa.int64())
        names = ("customer", "name", "source", "value", "number", "time", "row")
        arrays = (pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True))
        return pa.table(dict(zip(names, arrays, strict=True)))


def flat(said: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return traits by plain names: small letters and underscores, an object's members on their own."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        plain = plain_name(name)
        if isinstance(value, dict):
            inner = "" if plain in ("address", "location") else plain + "_"
            found |= {
                (inner or "") + plain_name(key): one
                for key, one in value.items()
                if not isinstance(one, dict)
            }
        elif plain not in IDENTIFIERS:
            found[plain] = value
    if "name" not in found:
        parts = [found.get(part) for part in ("first_name", "last_name")]
        both = " ".join(part for part in parts if isinstance(part, str) and part)
        if both:
            found["name"] = both
    return [(name, value) for name, value in list(found.items())[:MOST] if name]


def plain_name(name: str) -> str:
    """Return ``firstName`` and ``First name`` as ``first_name``."""
    return re.sub(r"[^\w]+", "_", _HUMP.sub("_", name.removeprefix("$"))).strip("_").lower()[:100]


def _word(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value[:LONGEST]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return msgspec.json.encode(value).decode()[:LONGEST]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def talking(lines: Lines, customer: Array) -> Array:
    """Return the lines that say something of a known customer: int64[n]."""
    _, kind = lines.field("x")
    said = (kind == jl.OBJECT) | (lines.what == GROUP)
    found: Array = np.flatnonzero(said & (customer >= 0))
    return found


__all__ = ["Traits", "flat", "plain_name", "talking", "texts"]
