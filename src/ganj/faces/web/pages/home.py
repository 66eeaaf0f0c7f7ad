"""Home: five figures, what changed, and the first picture of each analysis, arranged as one likes."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from ganj import miners
from ganj.calendar import period_names
from ganj.faces.web import reports
from ganj.faces.web.filters import can_default
from ganj.faces.web.kpis import tiles
from ganj.faces.web.visit import Here, Visit, analyses
from ganj.miners.overview import Overview
from ganj.parameters import build
from ganj.workspace import Mined

Asked = Request[Any, Any, Any]
GRAINS = period_names("week", "month", "quarter")
CHANGES = "changes"


class Place(msgspec.Struct, frozen=True):
    """Where a tile stands: column and row from 0, width of 12 columns, height of 80 px rows."""

    x: int
    y: int
    w: int
    h: int

    @property
    def style(self) -> str:
        """As CSS; a column counts from the side where reading starts."""
        return f"grid-column:{self.x + 1}/span {self.w};grid-row:{self.y + 1}/span {self.h}"


@get("/", sync_to_thread=True)
def home(visit: Here, request: Asked) -> Response[str]:
    """Show the state of the business at a glance."""
    if visit.workspace.store.span() is None:
        return visit.show("welcome.html", waiting=not visit.workspace.batches())
    grain = str(request.query_params.get("period", "month"))
    grain = grain if grain in GRAINS else "month"
    overview = reports.soon(lambda: visit.workspace.mine(Overview(period=grain)))  # type: ignore[arg-type] # one of GRAINS
    shown = arranged(request.cookies.get("home", ""))
    return visit.show(
        "home.html",
        grain=grain,
        grains=[(name, visit.of(text), visit.url("", period=name)) for name, text in GRAINS.items()],
        tiles=tiles(visit, overview.result) if overview else None,
        cards=[(name, place, content(visit, name, grain, wait=False)) for name, place in shown.items()],
        edit=request.query_params.get("edit") == "1",
    )


@get("/home/figures", sync_to_thread=True)
def figures(visit: Here, period: FromQuery[str] = "month") -> Response[str]:
    """Answer with the five figures, however long they take."""
    mined = visit.workspace.mine(Overview(period=period if period in GRAINS else "month"))  # type: ignore[arg-type] # one of GRAINS
    return visit.show("_parts/figures.html", tiles=tiles(visit, mined))


@get("/home/tiles/{name:str}", sync_to_thread=True)
def tile(visit: Here, name: FromPath[str], period: FromQuery[str] = "month") -> Response[str]:
    """Answer with one tile, however long it takes."""
    return visit.show("_parts/tile.html", card=content(visit, name, period, wait=True), name=name)


def content(visit: Visit, name: str, grain: str, *, wait: bool) -> dict[str, Any] | None:
    """Return what a tile shows; None where it is not there within a moment."""
    if name == CHANGES:
        return changes(visit, grain, wait=wait)
    cls = miners.find(name)
    miner = build(cls, {"period": grain} if cls is Overview else {})
    mined = _mined(visit, miner, wait=wait)
    if mined is None:
        return None
    charts = mined.report.charts
    at = min(1, len(charts) - 1) if name == "retention" and _is_wide(mined) else 0
    picture = reports.picture(visit, mined, at, charts[at]) if charts else None
    return {
        "title": visit.of(cls.question),
        "href": visit.url(
            f"analyses/{name}", period=grain if name == "overview" and grain != "month" else ""
        ),
        "picture": picture,
        "findings": [],
    }


def changes(visit: Visit, grain: str, *, wait: bool) -> dict[str, Any] | None:
    """Return what the analyses found, most important first."""
    said: list[dict[str, Any]] = []
    for name, cls in default_analyses():
        miner = Overview(period=grain) if name == "overview" else cls()  # type: ignore[arg-type] # one of GRAINS
        mined = _mined(visit, miner, wait=wait)
        if mined is None:
            return None
        most = 3 if name == "overview" else 2
        said += reports.findings(visit, mined, reports.opener(visit, mined))[:most]
    tones = {"bad": 0, "good": 1, "warn": 2, "plain": 3}
    said.sort(key=lambda one: tones[one["tone"]])
    return {
        "title": visit.say("What changed", "چه تغییر کرد"),
        "href": "",
        "picture": None,
        "findings": said[:5],
    }


def default_analyses() -> list[tuple[str, Any]]:
    """Return the analyses with a place on the first page, in their order."""
    chosen = [(name, cls) for name, cls in analyses() if cls.at_home and can_default(cls)]
    return sorted(chosen, key=lambda one: one[1].at_home)


def arranged(cookie: str) -> dict[str, Place]:
    """Return where each tile stands: as this browser has it, else as it comes."""
    names = ["overview", CHANGES, *(name for name, _ in default_analyses() if name != "overview")]
    kept = {
        name: Place(*(int(part) for part in numbers))
        for name, *numbers in re.findall(r"([a-z_]+)\.(\d\d?)\.(\d\d?\d?)\.(\d\d?)\.(\d\d?)", cookie)
        if name in names
    }
    if set(kept) == set(names) and all(place.x + place.w <= 12 and place.w for place in kept.values()):
        return dict(sorted(kept.items(), key=lambda item: (item[1].y, item[1].x)))
    return {name: _first_place(at, len(names)) for at, name in enumerate(names)}


def _first_place(at: int, count: int) -> Place:
    if at < 2:
        return (Place(0, 0, 8, 5), Place(8, 0, 4, 5))[at]
    alone = at == count - 1 and at % 2 == 0
    return Place(6 * (at % 2), 5 + 5 * (at // 2 - 1), 12 if alone else 6, 5)


def _mined(visit: Visit, miner: Any, *, wait: bool) -> Mined | None:
    if wait:
        return visit.workspace.mine(miner)
    ready = reports.soon(lambda: visit.workspace.mine(miner))
    return ready.result if ready else None


def _is_wide(mined: Mined) -> bool:
    """Tell whether the first picture needs more room than a tile has."""
    return mined.report.charts[0].kind == "heatmap"
