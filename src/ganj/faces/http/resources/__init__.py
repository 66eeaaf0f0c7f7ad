"""One file a part of the API; a file's handlers are found, not listed, and stand under ``/api/v1``."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

from litestar.handlers import HTTPRouteHandler


@cache
def handlers() -> tuple[Any, ...]:
    """Return the handlers of every part."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(
        value for module in modules for value in vars(module).values() if isinstance(value, HTTPRouteHandler)
    )
