"""The queries of the store, each in a file of its own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """Return a query by the name of its file."""
    return files(__package__).joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")
