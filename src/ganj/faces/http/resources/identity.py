"""By which rules identifiers become people, which source wins a trait, and who lives with whom."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, patch, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody

from ganj.faces import identity as faces
from ganj.faces.http.state import workspace_of
from ganj.parameters import dump


@get("/identity/rules", sync_to_thread=True)
def identity_rules(state: State) -> dict[str, Any]:
    """Say what makes identifiers one person's."""
    return dump(workspace_of(state).identity_rules)


@put("/identity/rules", status_code=200, sync_to_thread=True)
def save_identity_rules(state: State, data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Say anew what makes identifiers one person's; it holds for what comes from now on."""
    return dump(workspace_of(state).save_identity_rules(data))


@patch("/identity/rules", sync_to_thread=True)
def change_identity_rules(state: State, data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Change some of the rules, and keep the others."""
    return faces.change_rules(workspace_of(state), data)


@get("/identity/preferences", sync_to_thread=True)
def preferences(state: State) -> dict[str, Any]:
    """List the traits of which it was decided which source wins."""
    return faces.preferences(workspace_of(state))


@put("/identity/preferences/{trait:str}", status_code=200, sync_to_thread=True)
def prefer(state: State, trait: FromPath[str], data: JSONBody[faces.Preference]) -> dict[str, Any]:
    """Decide which source wins a trait: ``last``, ``first``, ``complete``, or ``sources`` in order of trust."""
    return faces.prefer(workspace_of(state), trait, data)


@delete("/identity/preferences/{trait:str}", status_code=200, sync_to_thread=True)
def prefer_no_more(state: State, trait: FromPath[str], by: FromQuery[str] = "") -> dict[str, Any]:
    """Let whoever spoke last win a trait again."""
    return faces.prefer(workspace_of(state), trait, faces.Preference(by=by))


@get("/households", sync_to_thread=True)
def households(state: State, limit: FromQuery[int] = 50, offset: FromQuery[int] = 0) -> dict[str, Any]:
    """List customers who live together, as the last search for duplicates found them."""
    return faces.households(workspace_of(state), limit, offset)


@get("/customers/{number:int}/household", sync_to_thread=True)
def household(state: State, number: FromPath[int]) -> list[dict[str, Any]]:
    """List who lives with a customer."""
    return faces.household(workspace_of(state), number)
