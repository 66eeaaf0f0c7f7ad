"""One analysis per file.

The file ``next_best.py`` holds the class ``NextBest``: the naming rule is the registry.  Outside
packages add theirs by an entry point in the group ``ganj.miners``.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from ganj.errors import UnknownName
from ganj.miner import Miner
from ganj.text import Text


def names() -> tuple[str, ...]:
    """List the analyses, without importing them."""
    own = {module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")}
    return tuple(sorted(own | added().keys()))


@cache
def added() -> dict[str, EntryPoint]:
    """Return by name the analyses that other packages add; to look reads a file of every package installed."""
    return {point.name: point for point in entry_points(group="ganj.miners")}


@cache
def find(name: str) -> type[Miner[object, object]]:
    """Return the analysis of a name.

    Raises
    ------
    UnknownName
        With the nearest names.
    """
    if name not in names():
        raise UnknownName.among(Text("analysis", "تحلیل"), name, names())
    if name in added():
        found: type[Miner[object, object]] = added()[name].load()
        return found
    module = import_module(f"{__name__}.{name}")
    made: type[Miner[object, object]] = getattr(module, "".join(word.title() for word in name.split("_")))
    return made


def name_of(miner: type | object) -> str:
    """Return the name of an analysis, the inverse of `find`."""
    cls = miner if isinstance(miner, type) else type(miner)
    return cls.__module__.rsplit(".", 1)[-1]
