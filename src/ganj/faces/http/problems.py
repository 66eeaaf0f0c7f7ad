"""One shape for every error: problem details of RFC 9457, in the reader's language."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException

from ganj.errors import GanjError
from ganj.text import Text

PROBLEM = "application/problem+json"


class NotReadableAsJson(GanjError):
    """A body that should be JSON and is not, or is nested without end."""

    says = Text("The body cannot be read as JSON.", "بدنهٔ درخواست JSON خواندنی نیست.")
    hint = Text(
        "Nothing of it was used. Send JSON in UTF-8, nested less deeply than a hundred levels.",
        "چیزی از آن به کار نرفت. JSON با کدگذاری UTF-8 و کمتر از صد لایه تودرتو بفرستید.",
    )


def language_of(request: Request[Any, Any, Any]) -> str:
    """Return ``fa`` or ``en``: the query's ``language``, else what the reader prefers, else English."""
    asked = str(request.query_params.get("language", "")) or request.headers.get("accept-language", "")
    return "fa" if asked.lower().startswith("fa") else "en"


def mistake(request: Request[Any, Any, Any], error: GanjError) -> Response[Any]:
    """Answer a mistake that a person made."""
    language = language_of(request)
    body = {
        "type": f"errors#{type(error).__name__}",
        "title": error.message(language),
        "status": error.status,
        "detail": error.advice(language),
    }
    return Response(body, status_code=error.status, media_type=PROBLEM)


def refusal(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refused: unknown address, wrong method, wrong body."""
    if error.status_code == 400 and isinstance(error.__cause__, SerializationException):
        return mistake(request, NotReadableAsJson())
    body = {"type": "about:blank", "title": error.detail, "status": error.status_code, "detail": ""}
    return Response(body, status_code=error.status_code, media_type=PROBLEM, headers=error.headers)
