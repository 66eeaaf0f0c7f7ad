"""What someone posted, as one level of names."""

from __future__ import annotations

from typing import Any

MOST = 500
"""Values of one message; what follows them is left out."""
DEEP = 12


def flat(value: Any) -> dict[str, Any]:
    """Return every text, number and flag of a document by its place: ``{"a": {"b": [1]}}`` is ``{"a.b.0": 1}``."""
    found: dict[str, Any] = {}
    _walk(value, "", found, DEEP)
    return found


def _walk(value: Any, place: str, found: dict[str, Any], depth: int) -> None:
    if len(found) >= MOST or value is None or value == "":
        return
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        found[place or "value"] = value
    if depth:
        for name, part in inner:
            _walk(part, f"{place}.{name}" if place else str(name), found, depth - 1)
