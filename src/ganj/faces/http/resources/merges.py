"""Who is one person with whom: merges made, listed, taken back."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody

from ganj.faces import merges as faces
from ganj.faces.http.state import workspace_of


@get("/merges", sync_to_thread=True)
def merges(state: State, limit: FromQuery[int] = 100, before: FromQuery[str] = "") -> dict[str, Any]:
    """List merges with their evidence, newest first, those undone too."""
    return faces.listed(workspace_of(state), None, limit, before)


@get("/customers/{number:int}/merges", sync_to_thread=True)
def customer_merges(
    state: State, number: FromPath[int], limit: FromQuery[int] = 100, before: FromQuery[str] = ""
) -> dict[str, Any]:
    """List the merges that a customer came out of."""
    workspace = workspace_of(state)
    return faces.listed(workspace, workspace.find(f"#{number}"), limit, before)


@post("/merges", sync_to_thread=True)
def merge(state: State, data: JSONBody[faces.NewMerge]) -> dict[str, Any]:
    """Say that two customers are one person."""
    return faces.merged(workspace_of(state), data)


@post("/merges/{name:str}/undo", status_code=200, sync_to_thread=True)
def undo_merge(state: State, name: FromPath[str], by: FromQuery[str] = "") -> dict[str, Any]:
    """Take a merge back, an automatic one too."""
    return faces.undone(workspace_of(state), name, by)
