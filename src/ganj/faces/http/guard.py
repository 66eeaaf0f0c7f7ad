"""Stands before every request: who is asked, who asks, and what the browser may do with the answer.

* **Host**: only names of this machine are answered, so that a page elsewhere cannot make its own name
  point here and read what comes back (DNS rebinding).
* **Origin**: what changes something is refused when a browser says it was sent from another site.
  Every browser sends ``Sec-Fetch-Site`` or ``Origin`` with such a request; programs send neither.
* **Headers**: no script or frame but ours, no guessing of types, no address told to other sites.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar.types import ASGIApp, Receive, Scope, Send

from ganj.text import Text

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "ganj.localhost"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
WRONG_HOST = Text("This server answers to localhost only.", "این سرور تنها به نام localhost پاسخ می‌دهد.")
WRONG_ORIGIN = Text("This request came from another site.", "این درخواست از سایت دیگری آمده است.")


class Guard:
    """Wraps the application; see the module's text.

    Parameters
    ----------
    app : what answers
    hosts : names it may be asked by; empty means any
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = LOOPBACK) -> None:
        self.app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 403 or 421."""
        asked: Any = scope
        if asked["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in asked["headers"]}
        host = headers.get(b"host", "")
        if self._hosts and name_of(host) not in self._hosts:
            await refuse(send, 421, WRONG_HOST)
        elif asked["method"] not in SAFE and is_foreign(headers, host):
            await refuse(send, 403, WRONG_ORIGIN)
        else:
            await self.app(scope, receive, with_headers(send))


def name_of(host: str) -> str:
    """Return the name of a ``Host`` header, without port and brackets, in lower case."""
    return (urlsplit(f"//{host}").hostname or "").rstrip(".")


def is_foreign(headers: dict[bytes, str], host: str) -> bool:
    """Tell whether a browser sent this from another site's page."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get(b"origin")
    return origin is not None and urlsplit(origin).netloc.lower() != host.lower()


def with_headers(send: Send) -> Send:
    """Add `HEADERS` to every answer that does not set them itself."""

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            told = {name.lower() for name, _ in message["headers"]}
            if b"content-security-policy" in told:  # who sets a policy of its own says there who may frame it
                told.add(b"x-frame-options")
            message = {**message, "headers": [*message["headers"], *(h for h in HEADERS if h[0] not in told)]}
        await send(message)

    return sending


async def refuse(send: Send, status: int, why: Text) -> None:
    """Answer with a status and the reason in both languages."""
    body = f"{why.en}\n{why.fa}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    start: Any = {"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS]}
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})
