"""The card of a customer inside another system's page: no menu, no cookie, only what its token names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, Router, get
from litestar.datastructures import State
from litestar.params import FromPath

from ganj.access.masking import CLOSED, Privacy
from ganj.errors import GanjError
from ganj.faces.http.guard import POLICY
from ganj.faces.http.state import workspace_of
from ganj.faces.web import life, person
from ganj.faces.web.reports import Ready, soon
from ganj.faces.web.visit import STATIC, Visit, in_language
from ganj.workspace import Workspace
from ganj.workspace.profiles import cards
from ganj.workspace.profiles.timeline import Wanted

EVENTS = 12  # of the card
HOUR = 3_600
HTML = "text/html"
SCRIPT = STATIC / "js" / "ganj-embed.js"


@get("/ganj-embed.js", sync_to_thread=False, include_in_schema=False)
def script() -> Response[str]:
    """Answer with the script that other systems' pages load."""
    headers = {"cross-origin-resource-policy": "cross-origin", "cache-control": f"public, max-age={HOUR}"}
    return Response(_read(SCRIPT), media_type="text/javascript", headers=headers)


@get("/customer/{token:str}", sync_to_thread=True)
def card(state: State, token: FromPath[str]) -> Response[str]:
    """Show a card."""
    workspace = workspace_of(state)
    try:
        claims = cards.read(workspace, token)
    except GanjError as wrong:
        return _over(workspace, wrong)
    visit = _visit(workspace, claims)
    known = workspace.customer(claims.sub, Wanted(limit=EVENTS))
    privacy = _privacy(workspace, claims)
    return _sent(
        workspace,
        visit.render(
            "card.html",
            token=token,
            ends=claims.exp,
            parts=claims.parts,
            name=known.name or visit.say("Customer {n:count}", "مشتری {n:count}", n=known.number),
            stage=person.stage(visit, known),
            identifiers=person.identifiers(visit, known, privacy) if "who" in claims.parts else (),
            consents=person.consents(visit, known) if "who" in claims.parts else (),
            figures=person.figures(visit, known),
            days=life.days(visit, known.timeline.entries, privacy) if "timeline" in claims.parts else (),
            notes=person.notes(visit, known) if "notes" in claims.parts else (),
        ),
    )


@get("/customer/{token:str}/{part:str}", sync_to_thread=True)
def card_part(state: State, token: FromPath[str], part: FromPath[str]) -> Response[str]:
    """Answer with what takes longer: ``scores`` or ``segments``, where the token names it."""
    workspace = workspace_of(state)
    try:
        claims = cards.read(workspace, token)
    except GanjError as wrong:
        return _over(workspace, wrong)
    if part not in {"scores", "segments"} or part not in claims.parts:
        return _over(workspace, cards.NotOnCard(part=part))
    visit, profiles, again = _visit(workspace, claims), workspace.profiles, f"/embed/customer/{token}/{part}"
    told: Any = soon(lambda: profiles.scores_of(claims.sub) if part == "scores" else profiles.why(claims.sub))
    write: Any = person.scores if part == "scores" else person.segments
    shown = write(visit, told.result) if isinstance(told, Ready) else None
    template = "_parts/said.html" if part == "scores" else "_parts/why.html"
    return _sent(workspace, visit.render(template, again=again, embedded=True, **{part: shown}))


router = Router("/embed", route_handlers=[card, card_part], include_in_schema=False)
"""Where cards are."""


def policy(origins: tuple[str, ...]) -> str:
    """Return the content policy of a card: framed by these sites only."""
    framed = " ".join(origins) or "'none'"
    return POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {framed}").replace(
        "form-action 'self'", "form-action 'none'"
    )


def _sent(workspace: Workspace, body: str, status: int = 200) -> Response[str]:
    headers = {
        "content-security-policy": policy(workspace.profiles.embedding.origins),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
    }
    return Response(body, status_code=status, media_type=HTML, headers=headers)


def _over(workspace: Workspace, why: GanjError) -> Response[str]:
    """Say that there is no card; the page around it asks for a new token."""
    visit = Visit(workspace, workspace.settings, "/embed/")
    return _sent(workspace, visit.render("card_over.html", over=why), why.status)


def _visit(workspace: Workspace, claims: cards.Claims) -> Visit:
    dark = "dark" if claims.theme == "dark" else "light"
    return Visit(
        workspace, in_language(workspace.settings, claims.lang), "/embed/", theme=claims.theme, scheme=dark
    )


def _privacy(workspace: Workspace, claims: cards.Claims) -> Privacy:
    return CLOSED if claims.masked else workspace.profiles.privacy


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
