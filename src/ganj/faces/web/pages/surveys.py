"""Surveys: what is asked, how many answered, and the links to send."""

from __future__ import annotations

from typing import Annotated, Any

import pyarrow as pa
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from ganj.errors import GanjError
from ganj.faces.http import formats
from ganj.faces.web import forms
from ganj.faces.web.tallying import tallied
from ganj.faces.web.visit import Here, Visit
from ganj.parameters import build
from ganj.surveys import EVENT, KINDS, Survey

Asked = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
COUNTED = """
    select json_extract_string(properties, '$.survey') as survey,
        try_cast(json_extract_string(properties, '$.score') as bigint) as mark, count(*) as answers
    from events where event = 'Survey Answered' group by all
"""


@get("/surveys", sync_to_thread=True)
def surveys(visit: Here, request: Asked) -> Response[str]:
    """List the surveys and take a new one."""
    return _front(visit, request, done=str(request.query_params.get("done", "")))


@post("/surveys", status_code=200, sync_to_thread=True)
def save_survey(visit: Here, request: Asked, data: Form) -> Response[Any]:
    """Keep a survey."""
    try:
        visit.workspace.surveys.save(build(Survey, {name: value for name, value in data.items() if value}))
    except GanjError as mistake:
        return _front(visit, request, given=data, mistake=mistake)
    return Redirect(visit.url("surveys", done="saved"), status_code=303)


@post("/surveys/{name:str}/remove", status_code=200, sync_to_thread=True)
def remove_survey(visit: Here, name: FromPath[str]) -> Redirect:
    """Forget a survey; its answers stay."""
    visit.workspace.surveys.remove(name)
    return Redirect(visit.url("surveys", done="removed"), status_code=303)


@get("/surveys/{name:str}/links", sync_to_thread=True)
def links(visit: Here, request: Asked, name: FromPath[str]) -> Response[Any]:
    """Give a link for each customer as CSV, to be sent by e-mail or SMS."""
    asked = request.query_params
    address = str(asked.get("address", "")) or str(request.base_url)
    rows = list(visit.workspace.surveys.links(name, str(asked.get("segment", "")), address))
    empty: dict[str, list[str]] = {"customer": [], "name": [], "phone": [], "email": [], "link": []}
    return formats.sent(pa.Table.from_pylist(rows) if rows else pa.table(empty), "csv", "links")


def _front(
    visit: Visit,
    request: Asked,
    *,
    given: dict[str, str] | None = None,
    mistake: GanjError | None = None,
    done: str = "",
) -> Response[str]:
    kept = visit.workspace.surveys.all()
    counted = _counted(visit) if kept and EVENT in visit.workspace.store.names("event") else {}
    given = given or {"language": visit.language}
    return visit.show(
        "surveys.html",
        mistake.status if mistake else 200,
        surveys=[(survey, tallied(visit, survey.about, counted.get(survey.name, {}))) for survey in kept],
        kinds={name: visit.of(kind.label) for name, kind in KINDS.items()},
        fields=forms.fields(Survey, given, visit, mistake),
        segments=list(visit.workspace.segments()),
        address=str(request.base_url).rstrip("/"),
        mistake=mistake,
        done=done,
    )


def _counted(visit: Visit) -> dict[str, dict[int | None, int]]:
    """Return by survey and mark how many answers there are; no mark where there are only words."""
    found: dict[str, dict[int | None, int]] = {}
    for row in visit.workspace.sql(COUNTED).to_pylist():
        if row["survey"]:
            found.setdefault(row["survey"], {})[row["mark"]] = row["answers"]
    return found
