"""Sources that are pulled: set up, tried, run."""

from __future__ import annotations

from typing import Any

from litestar import Request, delete, get, patch, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from ganj.faces import sources as told
from ganj.faces.http.problems import language_of
from ganj.faces.http.state import workspace_of

Asked = Request[Any, Any, Any]


def _language(state: State, request: Asked) -> str:
    asked = "language" in request.query_params
    return str(language_of(request) if asked else workspace_of(state).settings.language)


@get("/sources", sync_to_thread=True)
def sources(state: State, request: Asked) -> list[dict[str, Any]]:
    """List the sources with what their last run brought; never their secrets."""
    language = _language(state, request)
    return [told.source(one, language) for one in workspace_of(state).sources.list()]


@get("/sources/kinds", sync_to_thread=True)
def source_kinds(state: State, request: Asked) -> list[dict[str, Any]]:
    """List the kinds of sources with their parameters."""
    return told.kinds(_language(state, request))


@post("/sources", sync_to_thread=True)
def add_source(state: State, request: Asked, data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Set up a source: ``name``, ``type``, ``parameters``, ``answers``, ``every``, ``private``; it is tried first."""
    made = workspace_of(state).sources.add(data)
    return told.source(made, _language(state, request))


@post("/sources/check", status_code=200, sync_to_thread=True)
def try_source(state: State, request: Asked, data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Try a source that is not set up: fetch a first part and say what would come of it."""
    return told.look(workspace_of(state).sources.look(data), _language(state, request))


@get("/sources/{name:str}", sync_to_thread=True)
def source(state: State, request: Asked, name: FromPath[str]) -> dict[str, Any]:
    """Return one source."""
    return told.source(workspace_of(state).sources.known(name), _language(state, request))


@post("/sources/{name:str}/check", status_code=200, sync_to_thread=True)
def check_source(state: State, request: Asked, name: FromPath[str]) -> dict[str, Any]:
    """Try a source again: what its first part would bring; nothing is kept."""
    return told.look(workspace_of(state).sources.look(name), _language(state, request))


@post("/sources/{name:str}/run", status_code=200, sync_to_thread=True)
def run_source(state: State, request: Asked, name: FromPath[str]) -> dict[str, Any]:
    """Fetch what is new, now; ``again=1`` from the beginning."""
    found = workspace_of(state).sources
    if request.query_params.get("again") in ("1", "true"):
        found.again(name)
    return told.report(found.run(name), _language(state, request))


@patch("/sources/{name:str}", sync_to_thread=True)
def change_source(
    state: State, request: Asked, name: FromPath[str], data: JSONBody[dict[str, Any]]
) -> dict[str, Any]:
    """Change ``every``, ``paused``, ``private``, ``answers`` or some ``parameters``."""
    return told.source(workspace_of(state).sources.change(name, data), _language(state, request))


@delete("/sources/{name:str}", status_code=200, sync_to_thread=True)
def remove_source(state: State, name: FromPath[str]) -> dict[str, str]:
    """Forget a source; what it brought stays."""
    workspace_of(state).sources.remove(name)
    return {"removed": name}
