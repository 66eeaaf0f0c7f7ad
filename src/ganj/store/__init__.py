"""What is known of every customer, kept in one folder.

The truth is what came in; customers, codes and sorted runs follow from it and can be made anew.  See
docs/concepts/why-histories-are-files.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganj.store.derived import Limits
    from ganj.store.errors import BadQuery, NotLoaded, QueryTooHeavy, UnknownBatch
    from ganj.store.reading import Snapshot
    from ganj.store.store import Store
    from ganj.store.truth import Batch, BatchInfo, Loaded
    from ganj.store.verifying import Problem

_HOME = {
    "BadQuery": "errors",
    "Batch": "truth",
    "BatchInfo": "truth",
    "Limits": "derived",
    "Loaded": "truth",
    "NotLoaded": "errors",
    "Problem": "verifying",
    "QueryTooHeavy": "errors",
    "Snapshot": "reading",
    "Store": "store",
    "UnknownBatch": "errors",
}

__all__ = [
    "BadQuery",
    "Batch",
    "BatchInfo",
    "Limits",
    "Loaded",
    "NotLoaded",
    "Problem",
    "QueryTooHeavy",
    "Snapshot",
    "Store",
    "UnknownBatch",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the sandbox starts without the rest of the package."""
    if name not in _HOME:
        message = f"module 'ganj.store' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(f"ganj.store.{_HOME[name]}"), name)
