"""PostHog: events with a ``distinct_id``, alone, in an array or in a batch, and what its clients ask first.

A distinct id is a visitor's or a user's; the browser's client says which by ``$user_id``.  ``$identify``,
``$create_alias``, ``$groupidentify``, ``$set`` and ``$pageview`` become the calls of the other dialects, so that
whoever reads on knows one set of calls.  Properties stay as they were sent.

Source: PostHog, API (posthog.com/docs/api/capture); recorded requests of posthog-python, posthog-node, posthog-js.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ganj.access.ring import Key
from ganj.intake.http.asked import Answer, Asked, Reject, Taken
from ganj.intake.http.clocks import corrected
from ganj.intake.http.content import document
from ganj.intake.http.contexts import MOST_ID
from ganj.intake.http.guards import verdict
from ganj.intake.http.lines import message_id
from ganj.intake.http.messages import UNDECODABLE, Object, Shallow, Unfit, code_of, text_of
from ganj.intake.http.refusals import TooFast, TooFastForPages, UnreadableBody
from ganj.intake.http.routes import KB, Desk, Route, around
from ganj.log import REASONS, Line

LIMIT = 20 << 20
EVENT = 1 << 20


class Event(msgspec.Struct, gc=False):
    """One event."""

    event: str | None = None
    distinct_id: str | None = None
    uuid: str | None = None
    timestamp: str | None = None
    offset: float | None = None
    properties: Shallow | None = None
    set: Shallow | None = msgspec.field(name="$set", default=None)
    api_key: str | None = None
    token: str | None = None


class Deep(Event, gc=False):
    """One event whose values may be deep."""

    properties: Object | None = None
    set: Object | None = msgspec.field(name="$set", default=None)


class Batch(msgspec.Struct, gc=False):
    """Events sent together."""

    batch: list[msgspec.Raw]
    api_key: str | None = None
    token: str | None = None
    sent_at: str | None = None
    historical_migration: bool = False


def capture(asked: Asked, desk: Desk) -> Taken:
    """Take one event, an array of events, or a batch."""
    read = _batch(document(asked, LIMIT))
    events = [_event(raw) for raw in read.batch]
    first = next((event for event in events if isinstance(event, Event)), Event())
    inner = (first.properties or {}).get("token")
    key = _key(
        asked, desk, read.api_key, read.token, first.api_key, first.token, text_of(inner) if inner else None
    )
    sent = None if read.historical_migration else read.sent_at
    context = around(asked, None)
    found = Taken([], dialect="posthog", answer=Answer(body=b'{"status":1}'))
    for index, event in enumerate(events):
        try:
            if isinstance(event, Unfit):
                raise event
            found.lines.append(
                line(event, sent, Line("", asked.received, 0, "track", key.name, "posthog", c=context))
            )
        except Unfit as wrong:
            found.rejects.append(
                Reject(index, wrong.code, bytes(read.batch[index]).decode("utf-8", "replace"))
            )
    return found


def _batch(text: bytes) -> Batch:
    try:
        if text.lstrip()[:1] == b"[":
            return Batch(msgspec.json.decode(text, type=list[msgspec.Raw]))
        if b'"batch"' in text:
            try:
                return msgspec.json.decode(text, type=Batch)
            except msgspec.ValidationError:
                pass  # an event that only speaks of a batch
        raw = msgspec.json.decode(text, type=msgspec.Raw)
    except UNDECODABLE as wrong:
        raise UnreadableBody(why=REASONS[code_of(wrong)]) from wrong
    if text.lstrip()[:1] != b"{":
        raise UnreadableBody(why=REASONS["not_an_object"])
    return Batch([raw])


def _event(raw: msgspec.Raw) -> Event | Unfit:
    try:
        return msgspec.json.decode(raw, type=Event)
    except msgspec.ValidationError:
        pass
    except UNDECODABLE as wrong:
        return Unfit(code_of(wrong))
    try:
        loose = msgspec.json.decode(raw)
        for name in loose.keys() & {"event", "distinct_id", "uuid", "timestamp"}:
            loose[name] = text_of(loose[name])
        code = verdict(loose)
        return Unfit(code) if code else msgspec.convert(loose, Deep)
    except AttributeError:
        return Unfit(code="not_an_object")
    except UNDECODABLE as wrong:
        return Unfit(code_of(wrong))


def line(said: Event, sent: str | None, made: Line) -> Line:
    """Fill the line of an event.

    Raises
    ------
    Unfit
        It has no name, or names nobody.
    """
    p = said.properties or {}
    who = said.distinct_id or text_of(p.get("distinct_id"))
    if not isinstance(who, str) or not who:
        raise Unfit(code="no_user_anon_id")
    if len(who) > MOST_ID:
        raise Unfit(code="bad_id")
    if not said.event:
        raise Unfit(code="no_event")
    made.m, made.p = message_id(said.uuid), p or None
    made.t = _time(said, sent, made.r)
    made.x = said.set or p.get("$set")
    made.c = _context(p, made.c)
    if _is_visitor(said.event, p):
        made.a = who
    else:
        made.u = who
    device = p.get("$device_id")
    if isinstance(device, str) and 0 < len(device) <= MOST_ID:
        made.i = [("device", device)]
    CALLS.get(said.event, _track)(said, p, made)
    if not isinstance(made.x, dict):
        made.x = None
    return made


def _time(said: Event, sent: str | None, received: int) -> int:
    if said.timestamp is None and said.offset is not None and abs(said.offset) < 1e15:
        return received - int(said.offset * 1000)
    return corrected(said.timestamp, sent, received)


def _is_visitor(event: str, p: Object) -> bool:
    """Tell whether a distinct id is a browser's own making: it then also has a device and no user."""
    return "$device_id" in p and not p.get("$user_id") and event not in {"$identify", "$create_alias"}


def _context(p: Object, around_: Object | None) -> Object | None:
    """Return a context like the other dialects', from the properties that say the same."""
    page = {name: p[own] for own, name in _PAGE.items() if isinstance(p.get(own), str)}
    plain = {name: p[own] for own, name in _PLAIN.items() if isinstance(p.get(own), str)}
    if page:
        plain["page"] = page
    if isinstance(p.get("$lib"), str):
        plain["library"] = {"name": p["$lib"], "version": str(p.get("$lib_version", ""))}
    return {**(around_ or {}), **plain} or None


_PAGE = {"$current_url": "url", "$pathname": "path", "$referrer": "referrer", "title": "title"}
_PLAIN = {
    "$ip": "ip",
    "$raw_user_agent": "userAgent",
    "$session_id": "sessionId",
    "$browser_language": "locale",
    "$timezone": "timezone",
}


def _track(said: Event, p: Object, made: Line) -> None:
    del p
    made.e = said.event


def _page(said: Event, p: Object, made: Line) -> None:
    made.k = "screen" if said.event == "$screen" else "page"
    name = p.get("$screen_name") or p.get("title")
    made.e = name if isinstance(name, str) else None


def _identify(said: Event, p: Object, made: Line) -> None:
    del said
    made.k = "identify"
    before = p.get("$anon_distinct_id")
    if isinstance(before, str) and 0 < len(before) <= MOST_ID:
        made.a = before


def _set(said: Event, p: Object, made: Line) -> None:
    del said, p
    made.k = "identify"


def _alias(said: Event, p: Object, made: Line) -> None:
    del said
    other = text_of(p.get("alias"))
    if not isinstance(other, str) or not 0 < len(other) <= MOST_ID:
        raise Unfit(code="no_previous_id")
    made.k, made.b = "alias", other


def _group(said: Event, p: Object, made: Line) -> None:
    del said
    key = text_of(p.get("$group_key"))
    if not isinstance(key, str) or not 0 < len(key) <= MOST_ID:
        raise Unfit(code="no_group_id")
    made.k, made.g, made.x = "group", key, p.get("$group_set")
    if "$device_id" not in p:
        made.u, made.a = None, None  # a server's client makes the distinct id up


CALLS = {
    "$pageview": _page,
    "$screen": _page,
    "$identify": _identify,
    "$set": _set,
    "$set_once": _set,
    "$unset": _set,
    "$create_alias": _alias,
    "$groupidentify": _group,
    "$group_identify": _group,
}
"""Events that are calls of the other dialects."""


def _key(asked: Asked, desk: Desk, *in_body: str | None) -> Key:
    """Return the key; its client in pages loses for ever what is answered 429."""
    try:
        return desk.key(asked, *in_body)
    except TooFast as fast:
        if asked.is_from_browser:
            raise TooFastForPages(**fast.facts) from fast
        raise


def config(asked: Asked, desk: Desk) -> Answer:
    """Tell the browser's client what there is to do: collect, nothing else."""
    text = asked.path.split("/")[2]
    desk.key(asked, text)
    return Answer(body=msgspec.json.encode({"token": text, **_OFF}))


def flags(asked: Asked, desk: Desk) -> Answer:
    """Tell a client that there are no feature flags."""
    del asked, desk
    return Answer(body=msgspec.json.encode(_NO_FLAGS))


def nothing(asked: Asked, desk: Desk) -> Answer:
    """Thank for a recording of a screen, and keep none."""
    del asked, desk
    return Answer(body=b'{"status":1}')


_OFF: dict[str, Any] = {
    "supportedCompression": ["gzip", "gzip-js"],
    "hasFeatureFlags": False,
    "captureDeadClicks": False,
    "capturePerformance": False,
    "autocapture_opt_out": False,
    "autocaptureExceptions": False,
    "elementsChainAsString": True,
    "sessionRecording": False,
    "heatmaps": False,
    "surveys": False,
    "siteApps": [],
    "defaultIdentifiedOnly": True,
}
_NO_FLAGS: dict[str, Any] = {
    "flags": {},
    "featureFlags": {},
    "featureFlagPayloads": {},
    "errorsWhileComputingFlags": False,
    "requestId": "",
    **_OFF,
}
_CAPTURE = Route(capture, limit=LIMIT, event=EVENT)

ROUTES = {
    **dict.fromkeys(("/batch", "/e", "/capture", "/i/v0/e", "/track", "/engage"), _CAPTURE),
    "/s": Route(nothing, limit=LIMIT),
    "/array/*/config": Route(config, ("GET", "HEAD")),
    **dict.fromkeys(("/flags", "/decide"), Route(flags, ("POST", "GET"), limit=1024 * KB)),
}
