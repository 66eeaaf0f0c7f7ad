"""What the application keeps for its handlers."""

from __future__ import annotations

from litestar.datastructures import State

from ganj.workspace import Workspace


def workspace_of(state: State) -> Workspace:
    """Return the workspace that the application serves."""
    found: Workspace = state.workspace
    return found
