"""The application: the API, the pages, what stands before them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Redirect
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp

from ganj import charts
from ganj.errors import GanjError
from ganj.faces import tracker
from ganj.faces.http import api, hooks
from ganj.faces.http.gate import Gate
from ganj.faces.http.guard import LOOPBACK, Guard
from ganj.faces.http.problems import refusal
from ganj.faces.web import answering, embedded, mistakes
from ganj.faces.web.drafts import Drafts
from ganj.faces.web.pages import handlers
from ganj.faces.web.visit import STATIC, visit
from ganj.workspace import Workspace

LOG = logging.getLogger("ganj.http")
LIMIT = 4 * 1024 * 1024  # of a request's body; files have their own, in the import's page
FOR_EVER = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)


def application(workspace: Workspace, *, insecure: bool = False, gate: Gate | None = None) -> ASGIApp:
    """Return the whole application over one workspace.

    With ``insecure`` it answers to any name, since it may be reached from other machines.  ``gate`` is what takes
    events before it; its health is told with the application's own.
    """
    app = Litestar(
        route_handlers=[
            *pages(),
            *static(),
            tracker.script,
            answering.router,
            embedded.script,
            embedded.router,
            hooks.router,
            api.router,
            *api.health,
            root,
        ],
        state=State({"workspace": workspace, "gate": gate, "drafts": Drafts(workspace)}),
        dependencies={"visit": Provide(visit, sync_to_thread=False)},
        exception_handlers={
            GanjError: mistakes.page_of,
            NotFoundException: not_found,
            HTTPException: mistakes.refused,
            Exception: mistakes.broken,
        },
        request_max_body_size=LIMIT,
        openapi_config=None,
        pdb_on_exception=False,
        logging_config=None,
    )
    return Guard(app, frozenset() if insecure else LOOPBACK)


@get("/", sync_to_thread=False, include_in_schema=False)
def root(state: State) -> Redirect:
    """Open the pages in the workspace's language."""
    return Redirect(f"/{state.workspace.settings.language}/", status_code=307)


def pages() -> list[Router]:
    """Return the same pages under both languages."""
    return [
        Router(f"/{language}", route_handlers=handlers(), include_in_schema=False)
        for language in ("fa", "en")
    ]


def static() -> list[Router]:
    """Return what browsers keep: our files, and ECharts, which lies with the charts."""
    drawing = Path(charts.__file__).parent / "assets"
    places = {"/static": STATIC, "/static/charts": drawing}
    return [
        create_static_files_router(
            path, [folder], cache_control=FOR_EVER, include_in_schema=False, name=path.replace("/", "-")
        )
        for path, folder in places.items()
        if folder.is_dir()
    ]


def not_found(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer an unknown address: a page to people, a problem to programs."""
    if request.url.path.split("/")[1] in {"fa", "en"}:
        return mistakes.nowhere(request)
    return refusal(request, error)
