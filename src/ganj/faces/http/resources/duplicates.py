"""Customers who may be one person: found, merged, told apart, put off, taken back."""

from __future__ import annotations

from typing import Any

from litestar import get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody

from ganj.faces import duplicates as faces
from ganj.faces.http.state import workspace_of
from ganj.parameters import dump


@get("/duplicates", sync_to_thread=True)
def duplicates(
    state: State, status: FromQuery[str] = "open", limit: FromQuery[int] = 50, offset: FromQuery[int] = 0
) -> dict[str, Any]:
    """List pairs, the most probable first; ``status`` is open, later, merged or different."""
    return faces.listed(workspace_of(state), status, limit, offset)


@post("/duplicates/find", status_code=200, sync_to_thread=True)
def find_duplicates(state: State, automatic: FromQuery[bool | None] = None) -> dict[str, Any]:
    """Look for pairs; those that are sure are merged at once, as the rules say or ``automatic`` does."""
    return faces.looked(workspace_of(state), automatic)


@get("/duplicates/rules", sync_to_thread=True)
def duplicate_rules(state: State) -> dict[str, Any]:
    """Say how sure is sure enough."""
    return dump(workspace_of(state).duplicates.rules)


@put("/duplicates/rules", status_code=200, sync_to_thread=True)
def save_duplicate_rules(state: State, data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Change how sure is sure enough."""
    return dump(workspace_of(state).duplicates.save_rules(data))


@get("/duplicates/{pair:int}", sync_to_thread=True)
def duplicate(state: State, pair: FromPath[int]) -> dict[str, Any]:
    """Show one pair and what each column says of it."""
    workspace = workspace_of(state)
    return faces.told(workspace, workspace.duplicates.pair(pair))


@post("/duplicates/{pair:int}/{verb:str}", status_code=200, sync_to_thread=True)
def decide_duplicate(
    state: State, pair: FromPath[int], verb: FromPath[str], data: JSONBody[dict[str, Any] | None] = None
) -> dict[str, Any]:
    """Say of a pair ``merge`` (with ``fields``: whose value stays), ``different``, ``later`` or ``undo``."""
    return faces.decided(workspace_of(state), pair, verb, data or {})
