"""Webhooks: their mappings, and what they sent last."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, delete, get, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from ganj.faces.http.state import workspace_of
from ganj.intake.hooks import flat, guessed, hook_of

Asked = Request[Any, Any, Any]


@get("/hooks", sync_to_thread=True)
def hooks(state: State) -> list[dict[str, Any]]:
    """List the webhooks, each with its mapping, its last document and what was guessed of it."""
    return [
        {**msgspec.to_builtins(kept), "guessed": guessed(flat(kept.sample))}
        for kept in workspace_of(state).hooks.all()
    ]


@put("/hooks/{name:str}", status_code=200, sync_to_thread=True)
def save_hook(
    state: State, request: Asked, name: FromPath[str], data: JSONBody[dict[str, Any]]
) -> dict[str, Any]:
    """Keep a webhook; its address is told once, when it is new."""
    hook = hook_of({**data, "name": name})
    secret = workspace_of(state).hooks.save(hook)
    told: dict[str, Any] = msgspec.to_builtins(hook)
    return {**told, "address": f"{str(request.base_url).rstrip('/')}/hooks/{secret}"} if secret else told


@delete("/hooks/{name:str}", status_code=200, sync_to_thread=True)
def remove_hook(state: State, name: FromPath[str]) -> dict[str, str]:
    """Forget a webhook; its events stay."""
    workspace_of(state).hooks.remove(name)
    return {"removed": name}
