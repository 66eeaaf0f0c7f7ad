"""The tracking plan."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from ganj.faces.http.state import workspace_of
from ganj.misread import misread
from ganj.tracking import Rule


@get("/tracking-plan", sync_to_thread=True)
def tracking_plan(state: State) -> list[dict[str, Any]]:
    """List the rules: event, JSON Schema of its properties, whether it blocks."""
    return [msgspec.to_builtins(rule) for rule in workspace_of(state).planned.all()]


@put("/tracking-plan/{event:str}", status_code=200, sync_to_thread=True)
def save_rule(state: State, event: FromPath[str], data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Keep the rule of an event; it holds for what is loaded from now on."""
    rule = rule_of({**data, "event": event})
    workspace_of(state).planned.save(rule)
    told: dict[str, Any] = msgspec.to_builtins(rule)
    return told


@delete("/tracking-plan/{event:str}", status_code=200, sync_to_thread=True)
def remove_rule(state: State, event: FromPath[str]) -> dict[str, str]:
    """Take an event out of the plan."""
    workspace_of(state).planned.remove(event)
    return {"removed": event}


def rule_of(told: dict[str, Any]) -> Rule:
    """Read a rule.

    Raises
    ------
    BadParameter
        It is none.
    """
    try:
        return msgspec.convert(told, Rule)
    except msgspec.ValidationError as wrong:
        raise misread(wrong, parameter="rule", value=str(told.get("event", ""))) from wrong
