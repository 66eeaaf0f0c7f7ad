"""The heat-map: clicks, moves and reading depth laid over the outline of a page."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from ganj.errors import GanjError
from ganj.faces.http.resources.pictures import MOST_BODY
from ganj.faces.web import heat, reports
from ganj.faces.web.visit import Here, Visit
from ganj.miners.heatmap import Heatmap
from ganj.parameters import build
from ganj.text import Text
from ganj.workspace import Mined
from ganj.workspace.outlines import Outline, outline
from ganj.workspace.pictures import Picture

Asked = Request[Any, Any, Any]
Files = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
ACROSS = 50
"""Cells across the page."""
LONGEST = 12
"""Widths of the page that are shown at most."""
KINDS = {
    "clicks": Text("Clicks", "کلیک‌ها"),
    "moves": Text("Moves", "حرکت نشانگر"),
    "touches": Text("Touches", "لمس‌ها"),
    "reading": Text("How far down", "تا کجا خوانده‌اند"),
}
EVENTS = {
    "clicks": "Page Clicked",
    "moves": "Pointer Moved",
    "touches": "Pointer Moved",
    "reading": "Page Scrolled",
}
ONLY = {"moves": ("pointer != touch",), "touches": ("pointer = touch",)}
"""What is told apart within an event."""
WINDOWS = {
    "": (Text("All windows", "همهٔ پنجره‌ها"), (0.0, np.inf), ()),
    "wide": (Text("Computers", "رایانه"), (768.0, np.inf), ("width >= 768",)),
    "narrow": (Text("Phones", "گوشی"), (0.0, 768.0), ("width < 768",)),
}
PASSED = ("page", "since", "until", "segment")
ASKED = ("kind", "window", "under", *PASSED)
DONE = {
    "kept": Text("The picture is kept.", "تصویر نگه داشته شد."),
    "removed": Text("The picture was removed.", "تصویر برداشته شد."),
}


@get("/heatmap", sync_to_thread=True)
def heatmap(visit: Here, request: Asked) -> Response[str]:
    """Show where on a page customers click, move and touch, and how far down they read."""
    asked = {name: str(request.query_params.get(name, "")) for name in ASKED}
    return _front(visit, asked, done=str(request.query_params.get("done", "")))


@post("/heatmap/picture", request_max_body_size=MOST_BODY, status_code=200, sync_to_thread=True)
def keep_picture(visit: Here, data: Files) -> Response[Any]:
    """Keep a page's picture."""
    asked = {name: str(data.get(name, "")) for name in ASKED}
    file = data.get("picture")
    body = file.file.read(MOST_BODY) if isinstance(file, UploadFile) else b""
    try:
        visit.workspace.pictures.save(asked["page"], str(data.get("laid", "")), body)
    except GanjError as mistake:
        return _front(visit, asked, mistake=mistake)
    return Redirect(visit.url("heatmap", **asked | {"under": ""}, done="kept"), status_code=303)


@post("/heatmap/picture/remove", status_code=200, sync_to_thread=True)
def remove_picture(visit: Here, data: Form) -> Response[Any]:
    """Forget a page's picture."""
    asked = {name: data.get(name, "") for name in ASKED}
    try:
        visit.workspace.pictures.remove(asked["page"], data.get("laid", ""))
    except GanjError as mistake:
        return _front(visit, asked, mistake=mistake)
    return Redirect(visit.url("heatmap", **asked | {"under": ""}, done="removed"), status_code=303)


def _front(
    visit: Visit, asked: dict[str, str], *, mistake: GanjError | None = None, done: str = ""
) -> Response[str]:
    kind = asked["kind"] if asked["kind"] in KINDS else "clicks"
    window = asked["window"] if asked["window"] in WINDOWS else ""
    asked |= {"kind": "" if kind == "clicks" else kind, "window": window}
    blank: dict[str, Any] = {
        "picture": None,
        "photo": None,
        "drawn": None,
        "outlined": False,
        "pages": [],
        "page": "",
    }
    context: dict[str, Any] = {**blank, "analysis": "", "mistake": mistake}
    status = mistake.status if mistake else 200
    if EVENTS[kind] in visit.workspace.store.names("event"):
        try:
            context |= _seen(visit, asked, kind, window)
        except GanjError as wrong:
            context["mistake"], status = wrong, wrong.status
    return visit.show(
        "heat.html",
        status,
        asked=asked,
        kind=kind,
        window=window,
        done=visit.of(DONE[done]) if done in DONE else "",
        kinds=[(name, visit.of(text)) for name, text in KINDS.items()],
        windows=[(name, visit.of(text)) for name, (text, _, _) in WINDOWS.items()],
        bar=reports.bar(visit, Heatmap, asked),
        **context,
    )


def _seen(visit: Visit, asked: dict[str, str], kind: str, window: str) -> dict[str, Any]:
    """Mine the page and lay what is found over its outline."""
    _, widths, where = WINDOWS[window]
    words: dict[str, Any] = {name: asked[name] for name in PASSED if asked[name]}
    told = {**words, "where": [*where, *ONLY.get(kind, ())], "columns": ACROSS, "lengths": LONGEST}
    told |= {"events": [EVENTS[kind]], "scrolls": ["Page Scrolled"] if kind == "reading" else []}
    mined = visit.workspace.mine(build(Heatmap, told))
    names = _names(mined)
    shown = asked["page"] or (names[0] if names else "")
    found = outline(visit.workspace, shown, widths)
    photo = visit.workspace.pictures.of(shown, window)
    drawn = None if asked["under"] == "outline" and found else photo
    return {
        "pages": [(name, visit.display.isolated(name)) for name in names],
        "page": shown,
        "lead": reports.lead(visit, mined),
        "findings": [
            one
            for one in reports.findings(visit, mined, reports.opener(visit, mined))
            if kind != "reading" or one["tone"] != "warn"  # scrolling has no place on the page
        ],
        "picture": _picture(visit, mined, kind, drawn or found),
        "photo": photo,
        "drawn": drawn,
        "outlined": found is not None,
        "analysis": visit.url("analyses/heatmap", **{**words, "events": EVENTS[kind], "page": shown}),
    }


def _names(mined: Mined) -> list[str]:
    """Return the pages, the busiest first."""
    table = mined.report.tables.get("pages")
    column = next((one for one in table.columns if one.name == "page"), None) if table else None
    return [name for name, _ in column.choices] if column else []


def _picture(visit: Visit, mined: Mined, kind: str, found: Outline | Picture | None) -> dict[str, Any] | None:
    """Return the shapes; None where nothing has a place on the page."""
    tables, opens = mined.report.tables, reports.opener(visit, mined)
    height = min(found.height / found.width, LONGEST) * heat.ACROSS if found else 0.0
    boxes = heat.boxes(found) if isinstance(found, Outline) else []
    picture: dict[str, Any] = {"boxes": boxes, "spots": [], "bands": [], "page": round(height, 1)}
    if kind == "reading" and "scroll" in tables:
        height = height or 1_400.0
        picture["bands"] = heat.bands(visit, tables["scroll"], height, opens)
    elif kind != "reading" and "grid" in tables:
        grid = tables["grid"]
        if not isinstance(found, Outline):  # a picture may show the upper part of a page only
            height = max(height, len(grid) / ACROSS * (heat.ACROSS / ACROSS))
        picture["spots"] = heat.spots(visit, grid, ACROSS, opens)
    if not picture["spots"] and not picture["bands"]:
        return None
    return {**picture, "height": round(max(height, 300.0), 1), "radius": 1.6 * heat.ACROSS / ACROSS}
