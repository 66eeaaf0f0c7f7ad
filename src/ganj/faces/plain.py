"""Values as JSON for programs; what is µs UTC inside is an ISO time outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

TIMES = frozenset({"first", "last", "when", "undone"})
"""Fields of imports that hold a time."""


def plain(value: Any) -> Any:
    """Return JSON values of an import, a plan or a setting."""
    return _timed(msgspec.to_builtins(value, str_keys=True, enc_hook=str))


def _timed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _time(inner) if name in TIMES else _timed(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_timed(inner) for inner in value]
    return value


def _time(value: Any) -> Any:
    return datetime.fromtimestamp(value / 1e6, UTC).isoformat() if isinstance(value, int) else value
