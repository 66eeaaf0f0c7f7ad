"""What a page says when something went wrong: what happened, what is safe, one button. Never a stack."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from ganj.errors import GanjError
from ganj.faces.http.problems import NotReadableAsJson, mistake, refusal
from ganj.faces.web.visit import Visit, visit
from ganj.text import Text

LOG = logging.getLogger("ganj.http")
Asked = Request[Any, Any, Any]

SAFE = Text("Nothing was changed.", "چیزی تغییر نکرد.")
LOST = Text("There is no page at this address.", "صفحه‌ای با این نشانی نیست.")
LOST_HINT = Text(
    "It may have been moved, or its address mistyped.", "شاید جابه‌جا شده یا نشانی نادرست نوشته شده است."
)
NOT_SO = Text("This cannot be asked like that.", "این را نمی‌شود این‌گونه خواست.")
NOT_SO_HINT = Text(
    "Go back and use the page's own buttons; what was sent was not used.",
    "برگردید و از دکمه‌های خود صفحه استفاده کنید؛ آنچه فرستاده شد به کار نرفت.",
)
TOO_BIG = Text("What was sent is too large.", "آنچه فرستاده شد بیش از اندازه بزرگ است.")
TOO_BIG_HINT = Text("Send something smaller.", "چیز کوچک‌تری بفرستید.")
BROKEN = Text("Something went wrong on our side.", "خطایی در خود برنامه رخ داد.")
BROKEN_HINT = Text(
    "Your data is safe. The server's log has the details under the number {number}.",
    "داده‌های شما در امان است. جزئیات با شمارهٔ {number} در گزارش سرور آمده است.",
)


def page_of(request: Asked, error: GanjError) -> Response[Any]:
    """Answer a mistake that a person made, on a page or to a program."""
    if not is_page(request):
        return mistake(request, error)
    seen = visit(request.app.state, request)
    return show(seen, error.message(seen.language), error.advice(seen.language), error.status)


def nowhere(request: Asked) -> Response[str]:
    """Answer an address that leads nowhere."""
    seen = visit(request.app.state, request)
    return show(seen, seen.of(LOST), seen.of(LOST_HINT), 404)


def refused(request: Asked, error: HTTPException) -> Response[Any]:
    """Answer what the framework refused: to people in words, to programs as a problem."""
    if not is_page(request):
        return refusal(request, error)
    seen = visit(request.app.state, request)
    what, hint = (TOO_BIG, TOO_BIG_HINT) if error.status_code == 413 else (NOT_SO, NOT_SO_HINT)
    return show(seen, seen.of(what), seen.of(hint), error.status_code)


def broken(request: Asked, error: Exception) -> Response[Any]:
    """Answer what we did not foresee; the log gets the stack, the reader a number to name it by."""
    if isinstance(error, UnicodeDecodeError | RecursionError) and _where(error) == "decode_json":
        return page_of(request, NotReadableAsJson())  # the framework lets these two of its decoder through
    number = secrets.token_hex(3)
    LOG.error("%s %s failed (%s)", request.method, request.url.path, number, exc_info=error)
    if not is_page(request):
        body = {"type": "about:blank", "title": BROKEN.en, "status": 500, "detail": number}
        return Response(body, status_code=500, media_type="application/problem+json")
    seen = visit(request.app.state, request)
    return show(seen, seen.of(BROKEN), BROKEN_HINT.of(seen.language).format(number=number), 500)


def _where(error: BaseException) -> str:
    """Return the name of the function that raised."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return "" if at is None else at.tb_frame.f_code.co_name


def is_page(request: Asked) -> bool:
    """Tell a reader of pages from a program, by the address."""
    return request.url.path.split("/")[1] in {"fa", "en"}


def show(seen: Visit, what: str, hint: str, status: int) -> Response[str]:
    """Show what happened; where only a part was asked for, in its place."""
    template = "_parts/mistake.html" if seen.partial else "mistake.html"
    return seen.show(template, status, what=what, hint=hint, safe=seen.of(SAFE))
