"""Where webhooks are posted to: ``/hooks/{secret}``."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, post
from litestar.datastructures import State
from litestar.params import FromPath

from ganj.errors import GanjError
from ganj.faces.http.problems import mistake
from ganj.faces.http.state import workspace_of
from ganj.workspace.hooks import MOST

Asked = Request[Any, Any, Any]


@post("/{secret:str}", status_code=200, request_max_body_size=MOST)
async def take(state: State, request: Asked, secret: FromPath[str]) -> Response[Any]:
    """Keep what was posted; what is no event is kept too, with the reason, so a sender need not try again."""
    from litestar.concurrency import sync_to_thread

    body = await request.body()
    counts = await sync_to_thread(workspace_of(state).hooks.take, secret, body)
    return Response({"success": True, **counts})


router = Router(
    "/hooks", route_handlers=[take], exception_handlers={GanjError: mistake}, include_in_schema=False
)
"""The addresses of webhooks."""
