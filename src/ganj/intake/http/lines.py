"""Makes the lines of the log from messages of Segment's shape: what each type must have, and where it goes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from ganj.intake.http.asked import Reject, Taken
from ganj.intake.http.clocks import corrected, instant
from ganj.intake.http.contexts import MOST_ID, identifiers
from ganj.intake.http.contexts import context as known
from ganj.intake.http.messages import Batch, Message, Object, Parts, Unfit, Usual, mended, parts_of, text_of
from ganj.log import Line

_MOST_MESSAGE_ID = 100
_EVERYWHERE = {"All": True}


@dataclass(slots=True)
class Terms:
    """What holds for all messages of a request.

    Attributes
    ----------
    source, dialect : where they come from
    received : µs UTC
    context : what is added to each message's own, which wins: the batch's, and a browser's address and name
    ip : who sent the request
    keyed : the body carries its key, as RudderStack's never does
    late : by how much the sender's clock is behind ours, the way included; µs
    kind : the type the address names, for messages that do not say theirs
    kept_times : times are of the past and need no correction (an import)
    """

    source: str
    dialect: str
    received: int
    ip: str = ""
    context: Object | None = None
    integrations: Object | None = None
    late: int = 0
    kind: str | None = None
    keyed: bool = False
    kept_times: bool = False


def taken(read: Batch | Parts, terms: Terms, document: bytes) -> Taken:
    """Make the lines of a batch."""
    if isinstance(read, Batch):
        try:
            return Taken(lines(read.batch, terms))
        except Unfit:
            read = parts_of(document)
    return apart(read.batch, terms)


def apart(messages: list[msgspec.Raw], terms: Terms) -> Taken:
    """Make the lines of messages read one by one, and keep those that cannot be."""
    found = Taken([], dialect=terms.dialect)
    for index, raw in enumerate(messages):
        try:
            found.lines.append(line(mended(raw), terms))
        except Unfit as wrong:
            found.rejects.append(Reject(index, wrong.code, bytes(raw).decode("utf-8", "replace")))
    return found


def lines(messages: list[Usual], terms: Terms) -> list[Line]:
    """Make the lines of messages, those that need no thought without a detour.

    Raises
    ------
    Unfit
        One lacks what a message of its type must have.
    """
    if terms.context or terms.integrations or terms.kept_times:
        return [line(said, terms) for said in messages]
    received, source, dialect, late = terms.received, terms.source, terms.dialect, terms.late
    made = []
    for said in messages:
        name, user, visitor = said.message_id, said.user_id or None, said.anonymous_id or None
        if (
            is_simple(said, terms.kind)
            and name
            and len(name) <= _MOST_MESSAGE_ID
            and fits(user)
            and fits(visitor)
        ):
            context, when = known(said.context), instant(said.timestamp)
            if (user or visitor or context.identifiers) and not (context.value and "direct" in context.value):
                made.append(
                    Line(
                        name, received, received if when is None else when + late, "track", source, dialect, said.event,
                        user, visitor, None, None, context.identifiers, said.properties, context.written,
                    )
                )  # fmt: skip
                continue
        made.append(line(said, terms))
    return made


def is_simple(said: Usual, kind: str | None) -> bool:
    """Tell whether a message is an event that says nothing of other clocks, other clients or other receivers."""
    return bool(
        (said.type or kind) == "track" and said.event and not said.integrations and said.sent_at is None
        and said.original_timestamp is None and said.channel is None
    )  # fmt: skip


def fits(name: str | None) -> bool:
    """Tell whether an id is none too long, or not there."""
    return name is None or len(name) <= MOST_ID


def line(said: Message, terms: Terms) -> Line:
    """Make the line of a message.

    Raises
    ------
    Unfit
        It lacks what a message of its type must have.
    """
    kind = said.type or terms.kind or ""
    make = KINDS.get(kind)
    if make is None:
        raise Unfit(code="unknown_type" if kind else "no_type")
    name, user, visitor = said.message_id, said.user_id or None, said.anonymous_id or None
    written: Any = None
    sent: Any = said.context
    if sent.__class__ is msgspec.Raw:
        said.context, written, _ = known(sent)
    context = said.context
    if not name or len(name) > _MOST_MESSAGE_ID:
        name = message_id(name)
    rudder = said.original_timestamp is not None or (said.channel is not None and not terms.keyed)
    if terms.context or said.integrations or terms.integrations or (context and "direct" in context):
        context, written = context_of(said, terms), None
    made = Line(
        name, terms.received, time_of(said, terms, rudder=rudder), kind, terms.source,
        "rudder" if rudder else terms.dialect, None, user, visitor, None, None, None, said.properties, context or None,
    )  # fmt: skip
    make(said, made)
    if written is not None:
        made.c = written
    if user is None and visitor is None and made.i is None:
        raise Unfit(code="no_user_anon_id")
    if (user and len(user) > MOST_ID) or (visitor and len(visitor) > MOST_ID):
        raise Unfit(code="bad_id")
    return made


def message_id(said: str | None) -> str:
    """Return the key of "exactly once": as sent, a hash of one that is too long, a new one where there is none."""
    if not said:
        return uuid.uuid4().hex
    if len(said) <= _MOST_MESSAGE_ID:
        return said
    return "sha256:" + sha256(said.encode()).hexdigest()


def time_of(said: Message, terms: Terms, *, rudder: bool) -> int:
    """Return when it happened, µs UTC, as long before the receipt as it was before the sending.

    RudderStack's ``timestamp`` stands as it is, and so do the times of an import.
    """
    stamp = said.timestamp
    if terms.kept_times or (rudder and stamp is not None):
        return corrected(stamp or said.original_timestamp, None, terms.received)
    if said.sent_at is not None:
        return corrected(stamp or said.original_timestamp, said.sent_at, terms.received)
    when = instant(stamp or said.original_timestamp)
    return terms.received if when is None else when + terms.late


def context_of(said: Message, terms: Terms) -> Object | None:
    """Return a message's context over what holds for the whole request."""
    context = said.context
    if terms.context:
        context = {**terms.context, **context} if context else terms.context
    if context and context.get("direct") is True:
        context = {"ip": terms.ip, **context}
    asked = said.integrations or terms.integrations
    if asked and asked != _EVERYWHERE:
        context = {**(context or {}), "integrations": asked}
    return context


def _track(said: Message, made: Line) -> None:
    if not said.event:
        raise Unfit(code="no_event")
    made.e = said.event
    made.i = identifiers(made.c)


def _page(said: Message, made: Line) -> None:
    made.e = said.name or None
    made.i = identifiers(made.c)
    named = {"name": said.name, "category": said.category}
    extra = {name: value for name, value in named.items() if value}
    if extra:
        made.p = {**extra, **(said.properties or {})}


def _identify(said: Message, made: Line) -> None:
    made.x = traits_of(said)
    made.i = identifiers(made.c)


def _group(said: Message, made: Line) -> None:
    if not said.group_id:
        raise Unfit(code="no_group_id")
    if len(said.group_id) > MOST_ID:
        raise Unfit(code="bad_id")
    made.g, made.x = said.group_id, said.traits
    made.i = identifiers(made.c)


def _alias(said: Message, made: Line) -> None:
    if not said.previous_id:
        raise Unfit(code="no_previous_id")
    if len(said.previous_id) > MOST_ID:
        raise Unfit(code="bad_id")
    made.b, made.x = said.previous_id, said.traits


def _merge(said: Message, made: Line) -> None:
    """Read RudderStack's ``merge``: two identifiers of one person, of any kinds."""
    pairs = said.merge_properties or []
    named = [(p.get("type"), text_of(p.get("value"))) for p in pairs]
    made.k = "alias"
    made.i = [
        (kind, value)
        for kind, value in named
        if kind and value and isinstance(kind, str) and isinstance(value, str)
    ]
    if len(made.i) < 2:
        raise Unfit(code="no_previous_id")


KINDS = {
    "track": _track,
    "page": _page,
    "screen": _page,
    "identify": _identify,
    "group": _group,
    "alias": _alias,
    "merge": _merge,
}
"""What each type must have, and where it goes."""


def traits_of(said: Message) -> Object | None:
    """Return an identify's traits: RudderStack and Jitsu put them into the context."""
    inner = said.context.get("traits") if said.context else None
    if not isinstance(inner, dict):
        return said.traits
    return {**inner, **said.traits} if said.traits else inner
