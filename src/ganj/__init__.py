"""ganj: collects what is known of every customer into one history each, and mines those histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganj.errors import GanjError
    from ganj.histories import Histories
    from ganj.miner import Miner
    from ganj.text import Text
    from ganj.workspace import Workspace, create, open  # noqa: A004 - ganj.open is the public name

__all__ = ["GanjError", "Histories", "Miner", "Text", "Workspace", "create", "open"]
__version__ = "0.1.0"

_HOME = {
    "GanjError": "errors",
    "Histories": "histories",
    "Miner": "miner",
    "Text": "text",
    "Workspace": "workspace",
    "create": "workspace",
    "open": "workspace",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import ganj`` is cheap."""
    if name not in _HOME:
        message = f"module 'ganj' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(f"ganj.{_HOME[name]}"), name)
