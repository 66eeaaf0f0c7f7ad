"""Language, calendar, digits, money, week and zone: each on its own."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from ganj.calendar import WEEKDAYS
from ganj.display import Display
from ganj.errors import GanjError
from ganj.faces.web.forms import offered
from ganj.faces.web.visit import Here, Visit
from ganj.money import IRANIAN, UNITS
from ganj.parameters import build, dump

SATURDAY_FIRST = (5, 6, 0, 1, 2, 3, 4)
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/settings", sync_to_thread=True)
def settings(visit: Here, request: Request[Any, Any, Any]) -> Response[str]:
    """Show the settings with what they look like."""
    return _show(visit, visit.workspace.settings, done=request.query_params.get("done", ""))


@post("/settings", status_code=200, sync_to_thread=True)
def save_settings(visit: Here, data: Form) -> Response[Any]:
    """Keep the settings; a wrong one is said under its field."""
    workspace = visit.workspace
    words = {**dump(workspace.settings), **data}
    try:
        made = build(Display, words)
        made.moment(0)  # an unknown zone says so now, not on the next page
    except GanjError as mistake:
        return _show(visit, workspace.settings, mistake=mistake, status=mistake.status)
    workspace.save_settings(made)
    return Redirect(f"/{made.language}/settings?done=settings", status_code=303)


def shown_in(currency: str) -> tuple[str, ...]:
    """Return the units that stored amounts can be shown in: Iran's among themselves, another only as it is."""
    return tuple(code for code in IRANIAN if code != "RIAL") if currency in IRANIAN else (currency,)


def _show(
    visit: Visit, kept: Display, *, mistake: GanjError | None = None, status: int = 200, done: str = ""
) -> Response[str]:
    return visit.show(
        "settings.html",
        status,
        kept=msgspec.structs.asdict(kept),
        units=[(code, visit.of(UNITS[code].name)) for code in shown_in(kept.currency)],
        days=[(day, visit.of(WEEKDAYS[day])) for day in SATURDAY_FIRST],
        zones=offered("zone", visit),
        mistake=mistake,
        done=done,
    )
