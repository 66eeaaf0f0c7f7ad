"""The tracking plan: what events were seen to say, and what they must."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Redirect

from ganj.errors import BadParameter, GanjError
from ganj.events import words
from ganj.faces.web.visit import Here, Visit
from ganj.store.collected.state import Member
from ganj.text import Text
from ganj.tracking import Rule, drafted

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/sources/plan", sync_to_thread=True)
def plan(visit: Here, event: FromQuery[str] = "", done: FromQuery[str] = "") -> Response[str]:
    """Show what events say; one of them with its rule."""
    return _show(visit, event, done=done)


@post("/sources/plan", status_code=200, sync_to_thread=True)
def save_rule(visit: Here, data: Form) -> Response[Any]:
    """Keep the rule of an event, or remove it where it is empty."""
    event, said = data.get("event", ""), data.get("schema", "").strip()
    planned = visit.workspace.planned
    try:
        if said:
            planned.save(Rule(event=event, schema=_schema(said), blocks=data.get("blocks") == "true"))
        elif event in {rule.event for rule in planned.all()}:
            planned.remove(event)
    except GanjError as mistake:
        return _show(visit, event, said=said, mistake=mistake)
    return Redirect(visit.url("sources/plan", event=event, done="saved"), status_code=303)


def _schema(said: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(said, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as wrong:
        why = Text("it is no JSON object.", "یک شیء JSON نیست.")
        raise BadParameter(parameter="schema", value=said[:60], why=why) from wrong


def _seen(members: Sequence[Member], event: str) -> int:
    """Count how often an event came, as far as what it says tells."""
    return max((one.seen for one in members if one.event == event), default=0)


def _show(
    visit: Visit, event: str, *, said: str = "", mistake: GanjError | None = None, done: str = ""
) -> Response[str]:
    members = visit.workspace.store.collection.schema()
    rules = {rule.event: rule for rule in visit.workspace.planned.all()}
    events = sorted({one.event for one in members} | set(rules))
    event = event or max(events, key=lambda name: _seen(members, name), default="")
    of_event = [one for one in members if one.event == event]
    rule = rules.get(event)
    draft = rule or drafted(
        event or "-",
        [(one.property, one.kind, one.seen) for one in of_event],
        _seen(members, event),
    )
    return visit.show(
        "plan.html",
        mistake.status if mistake else 200,
        events=[(name, visit.of(words(name)), name in rules) for name in events],
        event=event,
        label=visit.of(words(event)) if event else "",
        members=of_event,
        rule=rule,
        schema=said or msgspec.json.format(msgspec.json.encode(draft.schema), indent=2).decode(),
        mistake=mistake,
        done=done,
    )
