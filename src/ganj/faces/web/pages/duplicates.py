"""Which customers are one person? A queue of pairs, side by side, with what speaks for and against."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from ganj.errors import GanjError
from ganj.faces.duplicates import STATUSES
from ganj.faces.identity import households
from ganj.faces.web import forms, pairs, person
from ganj.faces.web.visit import Here, Visit
from ganj.parameters import dump
from ganj.workspace.duplicates import DuplicateRules, Pair

Asked = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
LENGTH = 30
"""Pairs of the queue that are shown beside the one that is looked at."""
DECIDED = 100
HOMES = "households"
DIGITS = 10  # of a place in a list, at most


@get("/duplicates", sync_to_thread=True)
def duplicates(visit: Here, request: Asked) -> Response[str]:
    """Show the queue and its first pair, or the one asked for; or the pairs that were decided."""
    return _front(visit, request)


@post("/duplicates/find", status_code=200, sync_to_thread=True)
def find_duplicates(visit: Here, request: Asked) -> Response[Any]:
    """Look for pairs anew."""
    try:
        found = visit.workspace.duplicates.find()
    except GanjError as mistake:
        return _front(visit, request, mistake=mistake)
    told = f"found:{found.customers}:{found.merged}:{found.pairs}"
    return Redirect(visit.url("duplicates", done=told), status_code=303)


@post("/duplicates/rules", status_code=200, sync_to_thread=True)
def save_duplicate_rules(visit: Here, request: Asked, data: Form) -> Response[Any]:
    """Change how sure is sure enough."""
    told: dict[str, Any] = dict(data)
    # a box that is not ticked sends nothing but the hidden field before it
    told |= {name: data.get(name) == "true" for name in ("automatic", "households")}
    try:
        visit.workspace.duplicates.save_rules(told)
    except GanjError as mistake:
        return _front(visit, request, mistake=mistake, given=told)
    return Redirect(visit.url("duplicates", done="rules"), status_code=303)


@post("/duplicates/{pair:int}/{verb:str}", status_code=200, sync_to_thread=True)
def decide_pair(
    visit: Here, request: Asked, pair: FromPath[int], verb: FromPath[str], data: Form
) -> Response[Any]:
    """Say what a pair is."""
    fields = {name.removeprefix("keep "): side for name, side in data.items() if name.startswith("keep ")}
    try:
        pairs.say(visit, pair, verb, fields)
    except GanjError as mistake:
        return _front(visit, request, mistake=mistake)
    next_ = str(pair) if verb == "undo" else ""
    return Redirect(visit.url("duplicates", done=f"{verb}:{pair}", pair=next_), status_code=303)


def _front(
    visit: Visit,
    request: Asked,
    *,
    mistake: GanjError | None = None,
    given: dict[str, Any] | None = None,
) -> Response[str]:
    shown = str(request.query_params.get("show", "open"))
    shown = shown if shown in (*STATUSES, HOMES) else "open"
    about = visit.workspace.duplicates
    queue = about.queue(LENGTH if shown == "open" else DECIDED, 0, STATUSES.get(shown, ()))
    chosen = _chosen(visit, queue, request.query_params.get("pair")) if shown == "open" else None
    return visit.show(
        "duplicates.html",
        mistake.status if mistake else 200,
        shown=shown,
        counts=about.counts(),
        promised=about.promised(),
        queue=pairs.named(visit, queue),
        chosen=pairs.side_by_side(visit, chosen) if chosen else None,
        around=_around(queue, chosen),
        **_households(visit, request, shown),
        fields=forms.fields(DuplicateRules, given or dump(about.rules), visit, mistake),
        rules=about.rules,
        mistake=mistake,
        done=str(request.query_params.get("done", "")).split(":"),
    )


def _households(visit: Visit, request: Asked, shown: str) -> dict[str, Any]:
    """Return how many households there are, and a page of them where they are asked for."""
    words = str(request.query_params.get("from", ""))
    begin = int(words) if words.isdecimal() and len(words) < DIGITS else 0
    if shown != HOMES:
        return {"homes": visit.workspace.duplicates.households.count()}
    told = households(visit.workspace, DECIDED, begin)
    after = begin + DECIDED if begin + DECIDED < told["total"] else None
    before = max(begin - DECIDED, 0) if begin else None
    members = [person.members(visit, household) for household in told["households"]]
    return {"homes": told["total"], "households": members, "more": (before, after)}


def _chosen(visit: Visit, queue: list[Pair], asked: Any) -> Pair | None:
    """Return the pair that is looked at: the one asked for if it still waits, else the first."""
    if asked and str(asked).isdecimal() and len(str(asked)) < DIGITS:
        try:
            pair = visit.workspace.duplicates.pair(int(asked))
        except GanjError:
            pair = None
        if pair is not None and pair.status in {"open", "later"}:
            return pair
    return queue[0] if queue else None


def _around(queue: list[Pair], chosen: Pair | None) -> tuple[int | None, int | None]:
    """Return the pairs before and after the one that is looked at."""
    numbers = [pair.id for pair in queue]
    at = numbers.index(chosen.id) if chosen is not None and chosen.id in numbers else -1
    before = numbers[at - 1] if at > 0 else None
    after = numbers[at + 1] if 0 <= at < len(numbers) - 1 else None
    return before, after
