"""Keys of programs: made, listed, revoked."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from ganj.access.ring import WRITE
from ganj.faces.http.state import workspace_of


class NewKey(msgspec.Struct, forbid_unknown_fields=True):
    """What a key is for. ``origins`` are sites whose pages may use it; ``rate`` events a second, 0 without a limit."""

    name: str = ""
    kind: str = WRITE
    origins: list[str] = []
    rate: int = 0


@get("/keys", sync_to_thread=True)
def keys(state: State) -> list[dict[str, Any]]:
    """List the keys, the newest first; of each only its first letters are known."""
    return [msgspec.to_builtins(key) for key in workspace_of(state).keys.all()]


@post("/keys", sync_to_thread=True)
def create_key(state: State, data: JSONBody[NewKey]) -> dict[str, Any]:
    """Make a key; its text is told this once."""
    made, text = workspace_of(state).keys.create(
        data.name, kind=data.kind, origins=data.origins, rate=data.rate
    )
    return {"key": text, **msgspec.to_builtins(made)}


@delete("/keys/{name:str}", status_code=200, sync_to_thread=True)
def revoke_key(state: State, name: FromPath[str]) -> dict[str, Any]:
    """End a key, by its name or its first letters; collectors know within seconds."""
    ended: dict[str, Any] = msgspec.to_builtins(workspace_of(state).keys.revoke(name))
    return ended
