"""What is known of every customer, kept in one folder.

The truth is what came in; customers, codes and sorted runs follow from it and can be made anew.  See
docs/concepts/why-histories-are-files.md.
"""

from ganj.store.derived import Limits
from ganj.store.errors import BadQuery, NotLoaded, QueryTooHeavy, UnknownBatch
from ganj.store.reading import Snapshot
from ganj.store.store import Store
from ganj.store.truth import Batch, BatchInfo, Loaded
from ganj.store.verifying import Problem

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
