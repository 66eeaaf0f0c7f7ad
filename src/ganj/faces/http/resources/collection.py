"""Collection: what came from where, what events say, what could not be loaded."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody

from ganj.faces.http.state import workspace_of
from ganj.log.reasons import REASONS


class Again(msgspec.Struct):
    """Which rejected messages to try again: some, those of a source, or all."""

    ids: list[str] | None = None
    source: str | None = None


class Amended(msgspec.Struct):
    """A rejected message, by its id, and the text that shall stand for what was sent."""

    id: str
    text: str


@get("/collection/state", sync_to_thread=True)
def collection(state: State, days: FromQuery[int] = 30) -> dict[str, Any]:
    """Return each source's figures of the last days, events a minute, what waits and what is damaged."""
    told: dict[str, Any] = msgspec.to_builtins(
        workspace_of(state).store.collection.state(min(max(days, 1), 100_000))
    )
    return told


@get("/collection/sources/{source:str}/events", sync_to_thread=True)
def collected_events(state: State, source: FromPath[str], days: FromQuery[int] = 30) -> list[dict[str, Any]]:
    """Return a source's figures by event."""
    found = workspace_of(state).store.collection.events(source, min(max(days, 1), 100_000))
    return [msgspec.to_builtins(one) for one in found]


@get("/collection/schema", sync_to_thread=True)
def collected_schema(state: State, event: FromQuery[str | None] = None) -> list[dict[str, Any]]:
    """Return which properties events were seen with: kind of value, an example, how often, first and last seen."""
    return [msgspec.to_builtins(one) for one in workspace_of(state).store.collection.schema(event)]


@get("/collection/rejected", sync_to_thread=True)
def rejected(
    state: State, source: FromQuery[str | None] = None, limit: FromQuery[int] = 100
) -> list[dict[str, Any]]:
    """Return the messages that could not be loaded, the newest first, with the reason in both languages."""
    found = workspace_of(state).rejected(source, min(max(limit, 1), 10_000))
    return [msgspec.to_builtins(one) | {"reason": _reason(one.code)} for one in found]


@post("/collection/rejected/replay", status_code=200, sync_to_thread=True)
def replay(state: State, data: JSONBody[Again]) -> dict[str, int]:
    """Try rejected messages again; says how many were taken and how many are refused still."""
    told: dict[str, int] = msgspec.to_builtins(workspace_of(state).replay(data.ids, data.source))
    return told


@post("/collection/rejected/amend", status_code=200, sync_to_thread=True)
def amend(state: State, data: JSONBody[Amended]) -> dict[str, int]:
    """Try a rejected message with a mended text; where it is still not taken, the answer says why."""
    told: dict[str, int] = msgspec.to_builtins(workspace_of(state).amend(data.id, data.text))
    return told


def _reason(code: str) -> dict[str, str]:
    words = REASONS.get(code)
    return {"en": words.en, "fa": words.fa} if words else {"en": code, "fa": code}
