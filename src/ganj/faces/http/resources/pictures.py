"""Pictures of pages, over which heat-maps are laid."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery

from ganj.faces.http.state import workspace_of
from ganj.workspace.pictures import Picture

Asked = Request[Any, Any, Any]
MOST_BODY = 24 * 1024 * 1024  # bytes that are read; how much is kept, and why not more, the workspace says
SHUT = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=31536000, immutable",
}
"""A picture is shown as a picture and as nothing else; its name says its content, so it may be kept."""


@get("/pictures", sync_to_thread=True)
def pictures(state: State) -> list[dict[str, Any]]:
    """List the pictures of pages: page, kind of window, size; ``id`` is where its bytes are."""
    return [_told(one) for one in workspace_of(state).pictures.all()]


@put("/pictures", status_code=200, request_max_body_size=MOST_BODY)
async def save_picture(
    state: State, request: Asked, page: FromQuery[str], window: FromQuery[str] = "wide"
) -> dict[str, Any]:
    """Keep a page's picture; the body is a PNG, JPEG or WebP file of at most 8 MB, ``window`` is wide or narrow."""
    return _told(workspace_of(state).pictures.save(page, window, await request.body()))


@get("/pictures/{name:str}", sync_to_thread=True)
def picture(state: State, name: FromPath[str]) -> Response[bytes]:
    """Return a picture's bytes."""
    told, data = workspace_of(state).pictures.data(name)
    headers = {**SHUT, "content-disposition": f'inline; filename="page.{told.kind}"'}
    return Response(data, media_type=told.type, headers=headers)


@delete("/pictures", status_code=200, sync_to_thread=True)
def remove_picture(state: State, page: FromQuery[str], window: FromQuery[str] = "wide") -> dict[str, str]:
    """Forget a page's picture."""
    workspace_of(state).pictures.remove(page, window)
    return {"removed": page}


def _told(one: Picture) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(one)
    return told
