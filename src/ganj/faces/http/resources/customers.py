"""One customer: everything known, pages of the timeline, notes, consent, and cards for other systems."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody

from ganj.display import Display
from ganj.faces import customers
from ganj.faces.http import formats
from ganj.faces.http.problems import language_of
from ganj.faces.http.state import workspace_of
from ganj.parameters import dump
from ganj.workspace import Workspace
from ganj.workspace.profiles import cards, whole
from ganj.workspace.profiles.timeline import MOST, Wanted

Asked = Request[Any, Any, Any]


class NewNote(msgspec.Struct, forbid_unknown_fields=True):
    """A note to write."""

    text: str
    author: str = ""


class Word(msgspec.Struct, forbid_unknown_fields=True):
    """What a customer said of a channel."""

    given: bool
    how: str = ""


@get("/customers/find", sync_to_thread=True)
def find_customer(state: State, who: FromQuery[str]) -> dict[str, int]:
    """Return the number of the one customer that has an identifier."""
    return {"customer": workspace_of(state).find(who)}


@get("/customers/{number:int}", sync_to_thread=True)
def customer(state: State, request: Asked, number: FromPath[int]) -> Response[Any]:
    """Return everything known of a customer; the timeline alone as CSV or Arrow."""
    workspace = workspace_of(state)
    kind = formats.wanted(request)
    if kind != "json":
        return _sheet(workspace, number, Wanted(limit=MOST), kind)
    profile = workspace.customer(number, wanted(request))
    return Response(whole.whole(workspace, profile, _reader(workspace, request)))


@get("/customers/{number:int}/timeline", sync_to_thread=True)
def customer_timeline(state: State, request: Asked, number: FromPath[int]) -> Response[Any]:
    """Return a page of what happened: ``lane``, ``since``, ``until``, ``before``, ``limit``."""
    workspace, asked = workspace_of(state), wanted(request)
    kind = formats.wanted(request)
    if kind != "json":
        return _sheet(workspace, number, asked, kind)
    page = workspace.profiles.timeline(number, asked)
    return Response(whole.timeline(page, workspace.profiles.privacy))


@get("/customers/{number:int}/segments", sync_to_thread=True)
def customer_segments(state: State, request: Asked, number: FromPath[int]) -> list[dict[str, Any]]:
    """Say why a customer is in each saved segment, or not."""
    workspace = workspace_of(state)
    display = _reader(workspace, request)
    return [whole.membership(one, display) for one in workspace.profiles.why(number)]


@get("/customers/{number:int}/notes", sync_to_thread=True)
def customer_notes(state: State, number: FromPath[int]) -> list[dict[str, Any]]:
    """List what people wrote of a customer, newest first."""
    return [whole.note(one) for one in workspace_of(state).profiles.notes(number)]


@post("/customers/{number:int}/notes", sync_to_thread=True)
def write_note(state: State, number: FromPath[int], data: JSONBody[NewNote]) -> dict[str, str]:
    """Write a note."""
    return {"id": workspace_of(state).profiles.write_note(number, data.text, data.author)}


@patch("/customers/{number:int}/notes/{note:str}", sync_to_thread=True)
def change_note(
    state: State, number: FromPath[int], note: FromPath[str], data: JSONBody[NewNote]
) -> dict[str, str]:
    """Give a note other words."""
    workspace_of(state).profiles.change_note(number, note, data.text)
    return {"id": note}


@delete("/customers/{number:int}/notes/{note:str}", status_code=200, sync_to_thread=True)
def remove_note(state: State, number: FromPath[int], note: FromPath[str]) -> dict[str, str]:
    """Take a note away."""
    workspace_of(state).profiles.remove_note(number, note)
    return {"removed": note}


@post("/customers/{number:int}/notes/{note:str}/restore", status_code=200, sync_to_thread=True)
def restore_note(state: State, number: FromPath[int], note: FromPath[str]) -> dict[str, str]:
    """Bring a removed note back."""
    workspace_of(state).profiles.restore_note(number, note)
    return {"id": note}


@get("/customers/{number:int}/consents", sync_to_thread=True)
def customer_consents(state: State, number: FromPath[int]) -> dict[str, Any]:
    """Say what a customer allowed, by channel, with every word before."""
    return customers.consents_of(workspace_of(state), number)


@put("/customers/{number:int}/consents/{channel:str}", status_code=200, sync_to_thread=True)
def say_consent(
    state: State, number: FromPath[int], channel: FromPath[str], data: JSONBody[Word]
) -> dict[str, Any]:
    """Keep that a customer allowed a channel or forbade it."""
    workspace = workspace_of(state)
    workspace.profiles.consent(number, channel, given=data.given, how=data.how)
    return customers.consents_of(workspace, number)


@post("/embed/customer", sync_to_thread=True)
def issue_card(state: State, request: Asked, data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Sign a short-lived link to a customer's card."""
    return customers.card(workspace_of(state), data, str(request.base_url))


@get("/embed/customer/{token:str}", sync_to_thread=True)
def card_data(state: State, token: FromPath[str]) -> dict[str, Any]:
    """Return what a card shows, as JSON, to whoever holds its token."""
    return cards.told(workspace_of(state), token)


@delete("/embed/key", status_code=200, sync_to_thread=True)
def revoke_cards(state: State) -> dict[str, str]:
    """End every link to a card now."""
    return {"key": workspace_of(state).profiles.revoke_cards()}


@get("/rules", sync_to_thread=True)
def kept_rules(state: State) -> dict[str, Any]:
    """Return the rules of stages, of privacy and of embedding."""
    return {name: dump(one) for name, one in workspace_of(state).profiles.rules().items()}


@patch("/rules/{name:str}", sync_to_thread=True)
def keep_rules(state: State, name: FromPath[str], data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Change some rules of one kind: ``stages``, ``privacy`` or ``embedding``."""
    return {name: dump(workspace_of(state).profiles.keep_rules(name, data))}


def wanted(request: Asked) -> Wanted:
    """Read from an address which part of a timeline is asked for."""
    query, zone = request.query_params, workspace_of(request.app.state).settings.zone
    return customers.wanted(query, query.getall("lane", []), zone)


def _reader(workspace: Workspace, request: Asked) -> Display:
    settings = workspace.settings
    if "language" not in request.query_params:
        return settings
    return msgspec.structs.replace(settings, language=language_of(request))


def _sheet(workspace: Workspace, number: int, asked: Wanted, kind: str) -> Response[Any]:
    page = workspace.profiles.timeline(number, asked)
    return formats.sent(whole.table(page.entries, workspace.profiles.privacy), kind, f"customer-{number}")
