"""The page a customer answers a survey on: no menu, no cookie, nothing of anyone else."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath

from ganj.errors import GanjError
from ganj.faces.http.state import workspace_of
from ganj.faces.web.visit import environment, stamp
from ganj.surveys import BadMark, BrokenLink, LinkTooOld, Survey
from ganj.text import Language

Asked = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}


@get("/{link:str}", sync_to_thread=True)
def question(state: State, request: Asked, link: FromPath[str]) -> Response[str]:
    """Show the question; opening it answers nothing, so that a mail program may look at it."""
    try:
        survey = workspace_of(state).surveys.asked(link)
    except GanjError as wrong:
        return _over(state, wrong)
    return _page(state, survey, chosen=str(request.query_params.get("score", "")))


@post("/{link:str}", status_code=200, sync_to_thread=True)
def answer(state: State, link: FromPath[str], data: Form) -> Response[str]:
    """Keep the answer and give thanks."""
    surveys = workspace_of(state).surveys
    try:
        survey = surveys.asked(link)
    except GanjError as wrong:
        return _over(state, wrong)
    try:
        surveys.answer(link, data.get("score", ""), data.get("words", ""))
    except BadMark as wrong:
        return _page(state, survey, words=data.get("words", ""), wrong=wrong)
    return _page(state, survey, thanks=True)


router = Router("/s", route_handlers=[question, answer], include_in_schema=False)
"""Where links lead."""


def _page(state: State, survey: Survey, **more: Any) -> Response[str]:
    wrong = more.get("wrong")
    told = {"chosen": "", "words": "", "thanks": False, "wrong": None, **more}
    body = _render(state, survey.language, survey=survey, **told)
    return Response(
        body,
        status_code=wrong.status if wrong else 200,
        media_type="text/html",
        headers=HEADERS,
    )


def _over(state: State, why: GanjError) -> Response[str]:
    """Say that there is nothing to answer; which surveys there are is nobody's business."""
    shown = why if isinstance(why, LinkTooOld) else BrokenLink()
    language = workspace_of(state).settings.language
    body = _render(state, language, survey=None, over=shown)
    return Response(body, status_code=shown.status, media_type="text/html", headers=HEADERS)


def _render(state: State, language: Language, **told: Any) -> str:
    display = workspace_of(state).settings
    digits = "persian" if language == "fa" else "latin"
    reader = msgspec.structs.replace(display, language=language, digits=digits)
    words = {"lang": language, "d": reader, "static": lambda name: f"/static/{name}?v={stamp()}"}
    return environment().get_template("answer.html").render(**words, **told)
