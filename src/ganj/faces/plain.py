"""Values as JSON for programs; what is µs UTC inside is an ISO time outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from ganj.workspace import Page

INSIDE = frozenset({"list", "period"})
"""Units of scores that drill-down uses and that say nothing to a reader of a list of customers."""

TIMES = frozenset({"first", "last", "when", "undone"})
"""Fields of imports that hold a time."""


def plain(value: Any) -> Any:
    """Return JSON values of an import, a plan or a setting."""
    return _timed(msgspec.to_builtins(value, str_keys=True, enc_hook=str))


def people(page: Page) -> list[dict[str, Any]]:
    """Return the rows of a list of customers: dates as words, what only drill-down reads left out."""
    units = {column.name: column.unit for column in page.columns}
    shown = [name for name in page.rows.column_names if units.get(name) not in INSIDE]
    rows: list[dict[str, Any]] = page.rows.select(shown).to_pylist()
    for name in (name for name in shown if units.get(name) == "date"):
        for row in rows:
            row[name] = _time(row[name])
    return rows


def _timed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _time(inner) if name in TIMES else _timed(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_timed(inner) for inner in value]
    return value


def _time(value: Any) -> Any:
    return datetime.fromtimestamp(value / 1e6, UTC).isoformat() if isinstance(value, int) else value
