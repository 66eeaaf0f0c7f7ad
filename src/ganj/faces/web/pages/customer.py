"""One customer: who, what they did, what the analyses say of them, what people wrote of them."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from ganj.calendar import midnight, parse_date
from ganj.faces.web import life, person
from ganj.faces.web.reports import READY, Ready, soon
from ganj.faces.web.visit import Here, Visit
from ganj.workspace import Profile
from ganj.workspace.profiles.lanes import LANES
from ganj.workspace.profiles.timeline import Timeline, Wanted

Asked = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
SHORT = 40  # events of the first view
LONG = 80  # of each later page
FEW = 8  # customers offered for a merge
DIGITS = 11  # of a customer's number, at most


@get("/customers/{number:int}", sync_to_thread=True)
def customer(visit: Here, request: Asked, number: FromPath[int]) -> Response[Any]:
    """Show a customer."""
    asked = wanted(visit, request, SHORT)
    known = visit.workspace.customer(number, asked)
    if known.number != number:  # merged into an older one
        return Redirect(visit.url(f"customers/{known.number}"), status_code=303)
    privacy = visit.workspace.profiles.privacy
    return visit.show(
        "customer.html",
        number=number,
        name=called(visit, known),
        identifiers=person.identifiers(visit, known, privacy),
        traits=person.traits(visit, known, privacy),
        consents=person.consents(visit, known),
        channels=person.channels(visit),
        stage=person.stage(visit, known),
        figures=person.figures(visit, known),
        line=life.picture(visit, known.lifeline),
        lanes=lanes(visit, known, asked),
        bar=period(visit, known, request),
        notes=person.notes(visit, known),
        merges=person.merges(visit, known, privacy),
        household=person.household(visit, known),
        done=str(request.query_params.get("done", "")),
        undo=str(request.query_params.get("note", "") or request.query_params.get("merge", "")),
        **events(visit, number, known.timeline, request),
    )


@get("/customers/{number:int}/timeline", sync_to_thread=True)
def timeline(visit: Here, request: Asked, number: FromPath[int]) -> Response[str]:
    """Answer with events: the first page under other filters, or a later one."""
    page = visit.workspace.profiles.timeline(number, wanted(visit, request, LONG))
    answer = visit.show("_parts/days.html", **events(visit, number, page, request))
    if "before" not in request.query_params:
        answer.headers["hx-replace-url"] = visit.url(f"customers/{number}", **_filters(request))
    return answer


@get("/customers/{number:int}/scores", sync_to_thread=True)
def customer_scores(visit: Here, number: FromPath[int]) -> Response[str]:
    """Answer with what the analyses say, when they are ready."""
    workspace = visit.workspace
    number = workspace.find(f"#{number}")
    buyer = bool(
        len(workspace.store.timelines.sketch(number).where(workspace.profiles.stage_rules.purchases))
    )
    told = soon(lambda: workspace.profiles.scores_of(number, buyer=buyer, waits=True))
    again = visit.url(f"customers/{number}/scores")
    shown = person.scores(visit, told.result) if isinstance(told, Ready) else None
    return visit.show("_parts/said.html", scores=shown, again=again)


@get("/customers/{number:int}/why", sync_to_thread=True)
def customer_why(visit: Here, number: FromPath[int]) -> Response[str]:
    """Answer with why the customer is in each saved segment, or not."""
    workspace = visit.workspace
    told = soon(lambda: workspace.profiles.why(number))
    again = visit.url(f"customers/{number}/why")
    shown = person.segments(visit, told.result) if isinstance(told, Ready) else None
    return visit.show("_parts/why.html", segments=shown, again=again)


@post("/customers/{number:int}/notes", status_code=303, sync_to_thread=True)
def write_note(visit: Here, number: FromPath[int], data: Form) -> Redirect:
    """Keep a note."""
    visit.workspace.profiles.write_note(number, data.get("text", ""), data.get("author", ""))
    return _back(visit, number, "note-written")


@post("/customers/{number:int}/notes/{note:str}", status_code=303, sync_to_thread=True)
def change_note(visit: Here, number: FromPath[int], note: FromPath[str], data: Form) -> Redirect:
    """Change, remove or bring back a note: as the button that was pressed says."""
    workspace, does = visit.workspace, data.get("does", "change")
    if does == "remove":
        workspace.profiles.remove_note(number, note)
        return _back(visit, number, "note-removed", note=note)
    if does == "restore":
        workspace.profiles.restore_note(number, note)
        return _back(visit, number, "note-restored")
    workspace.profiles.change_note(number, note, data.get("text", ""))
    return _back(visit, number, "note-changed")


@post("/customers/{number:int}/consents", status_code=303, sync_to_thread=True)
def say_consent(visit: Here, number: FromPath[int], data: Form) -> Redirect:
    """Keep what the customer said of a channel."""
    given = data.get("given") == "true"
    visit.workspace.profiles.consent(number, data.get("channel", ""), given=given, how=data.get("how", ""))
    return _back(visit, number, "consent")


@get("/customers/{number:int}/others", sync_to_thread=True)
def others(visit: Here, request: Asked, number: FromPath[int]) -> Response[str]:
    """Answer with customers that may be the same person, by a name or an identifier."""
    words = str(request.query_params.get("q", ""))
    mine = visit.workspace.profiles.known(number)
    found = [one for one in visit.workspace.store.search(words, FEW + 1).tolist() if one != mine][:FEW]
    told = visit.workspace.store.people(np.array(found, np.int32)).to_pylist()
    privacy = visit.workspace.profiles.privacy
    people = [
        (
            one["customer"],
            one["name"] or visit.say("Customer {n:count}", "مشتری {n:count}", n=one["customer"]),
            [privacy.shown(kind, one[kind]) for kind in ("phone", "email", "customer_id") if one[kind]],
        )
        for one in told
    ]
    return visit.show("_parts/others.html", number=number, people=people, asked=bool(words.strip()))


@post("/customers/{number:int}/merge", status_code=303, sync_to_thread=True)
def merge_customers(visit: Here, number: FromPath[int], data: Form) -> Redirect:
    """Say that another customer is the same person."""
    other = data.get("other", "")
    merged = visit.workspace.merge(number, int(other) if other.isdecimal() and len(other) < DIGITS else -1)
    return _back(visit, merged.customer, "merged", merge=merged.id)


@post("/customers/{number:int}/unmerge", status_code=303, sync_to_thread=True)
def unmerge_customers(visit: Here, number: FromPath[int], data: Form) -> Redirect:
    """Take a merge back."""
    visit.workspace.unmerge(data.get("merge", ""))
    return _back(visit, number, "unmerged")


def called(visit: Visit, known: Profile) -> str:
    """Return a customer's name, or the number where none is known."""
    return known.name or visit.say("Customer {n:count}", "مشتری {n:count}", n=known.number)


def wanted(visit: Visit, request: Asked, limit: int) -> Wanted:
    """Read from an address which part of the timeline is asked for."""
    query, zone = request.query_params, visit.display.zone
    since, until = (str(query.get(name, "")).strip() for name in ("since", "until"))
    return Wanted(
        lanes=tuple(query.getall("lane", [])),
        since=int(midnight(parse_date(since), zone)) if since else None,
        until=int(midnight(parse_date(until), zone)) if until else None,
        before=str(query.get("before", "")),
        limit=limit,
    )


def events(visit: Visit, number: int, page: Timeline, request: Asked) -> dict[str, Any]:
    """Return a page of the timeline, and where the next one is."""
    more = {**_filters(request), "before": page.next}
    return {
        "days": life.days(visit, page.entries, visit.workspace.profiles.privacy),
        "older": visit.url(f"customers/{number}/timeline", **more) if page.next else "",
        "total": page.total,
    }


def lanes(visit: Visit, known: Profile, asked: Wanted) -> list[dict[str, Any]]:
    """Return the lanes that hold anything, as filters."""
    counts = dict(known.lifeline.lanes) if known.lifeline else {}
    return [
        {
            "name": lane.name,
            "words": visit.of(lane.label),
            "count": visit.display.count(counts[lane.name]),
            "on": lane.name in asked.lanes,
            "number": number,
        }
        for number, lane in enumerate(LANES)
        if lane.name in counts
    ]


def period(visit: Visit, known: Profile, request: Asked) -> dict[str, Any]:
    """Return what the choice of a period needs."""
    since, until = (str(request.query_params.get(name, "")) for name in ("since", "until"))
    last = known.lifeline.last if known.lifeline else 0
    said = visit.say("All the time", "همهٔ زمان‌ها")
    if since and until:
        first, after = (int(midnight(parse_date(words), visit.display.zone)) for words in (since, until))
        said = visit.display.between(first, after - 1)
    return {
        "since": since,
        "until": until,
        "last": f"{_day(last)}",
        "said": said,
        "ready": [(key, visit.of(text)) for key, text in READY.items()],
    }


def _day(time: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(time / 1e6, UTC).date().isoformat()


def _filters(request: Asked) -> dict[str, Any]:
    query = request.query_params
    told = {"lane": query.getall("lane", []), "since": query.get("since"), "until": query.get("until")}
    return {name: value for name, value in told.items() if value}


def _back(visit: Visit, number: int, done: str, **more: str) -> Redirect:
    return Redirect(visit.url(f"customers/{number}", done=done, **more), status_code=303)
