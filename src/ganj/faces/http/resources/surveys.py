"""Surveys: what is asked, and a link for each customer."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa
from litestar import Request, Response, delete, get, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody

from ganj.faces.http import formats
from ganj.faces.http.state import workspace_of
from ganj.parameters import build
from ganj.surveys import Survey

Asked = Request[Any, Any, Any]


@get("/surveys", sync_to_thread=True)
def surveys(state: State) -> list[dict[str, Any]]:
    """List the surveys, newest first."""
    return [msgspec.to_builtins(survey) for survey in workspace_of(state).surveys.all()]


@put("/surveys/{name:str}", status_code=200, sync_to_thread=True)
def save_survey(state: State, name: FromPath[str], data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Keep a survey under its name."""
    survey = build(Survey, {**data, "name": name})
    workspace_of(state).surveys.save(survey)
    told: dict[str, Any] = msgspec.to_builtins(survey)
    return told


@delete("/surveys/{name:str}", status_code=200, sync_to_thread=True)
def remove_survey(state: State, name: FromPath[str]) -> dict[str, str]:
    """Forget a survey; its answers stay."""
    workspace_of(state).surveys.remove(name)
    return {"removed": name}


@get("/surveys/{name:str}/links", sync_to_thread=True)
def survey_links(
    state: State,
    request: Asked,
    name: FromPath[str],
    segment: FromQuery[str] = "",
    address: FromQuery[str] = "",
    format: FromQuery[str] = "json",  # noqa: A002 - the word of the address
) -> Response[Any]:
    """Make a link for each customer of a segment, or of all: JSON or CSV."""
    where = address or str(request.base_url)
    rows = list(workspace_of(state).surveys.links(name, segment, where))
    if format == "csv":
        return formats.sent(pa.Table.from_pylist(rows), "csv", f"survey-{name}")
    return Response({"survey": name, "links": rows})
