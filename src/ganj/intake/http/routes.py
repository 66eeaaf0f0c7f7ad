"""What an address of the collection API is: which methods, how large a body, who answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import msgspec

from ganj.access.ring import Key
from ganj.intake.http.asked import Answer, Asked, Taken
from ganj.intake.http.clocks import late
from ganj.intake.http.content import document
from ganj.intake.http.lines import Terms, apart, lines, taken
from ganj.intake.http.messages import Batch, Unfit, Usual, batch_of, message_of
from ganj.intake.http.quick import Scan, scanned

KB = 1024
EVENT = 32 * KB
"""Bytes of one event, where its dialect does not say otherwise."""


class Desk(Protocol):
    """What an address asks of the collector."""

    def key(self, asked: Asked, *in_body: str | None) -> Key:
        """Return the key a request came with."""


Take = Callable[[Asked, Desk], Taken | Answer]


class Route(NamedTuple):
    """An address.

    Attributes
    ----------
    take : makes lines or an answer of a request
    methods : that it knows, besides ``OPTIONS``
    limit : bytes of a body, packed or not
    event : bytes of one event
    """

    take: Take
    methods: tuple[str, ...] = ("POST",)
    limit: int = 512 * KB
    event: int = EVENT


def batch(dialect: str, limit: int, *, kept_times: bool = False) -> Take:
    """Return who takes a batch of messages of Segment's shape."""

    def take(asked: Asked, desk: Desk) -> Taken:
        text = document(asked, limit)
        scan = None if kept_times else scanned(text)
        found = None if scan is None else _quickly(scan, asked, desk, dialect)
        if found is not None:
            return found
        read = batch_of(text)
        said = read.write_key
        if said is None and isinstance(read, Batch) and read.batch:
            said = read.batch[0].write_key
        terms = Terms(
            desk.key(asked, said).name, dialect, asked.received, asked.ip, context=around(asked, read.context),
            integrations=read.integrations, late=late(read.sent_at, asked.received), keyed=said is not None, kept_times=kept_times,
        )  # fmt: skip
        return taken(read, terms, text)

    return take


def single(dialect: str, kind: str | None, limit: int) -> Take:
    """Return who takes one message of a type; None: the type it says itself."""

    def take(asked: Asked, desk: Desk) -> Taken:
        return message(asked, desk, document(asked, limit), dialect, kind)

    return take


def message(asked: Asked, desk: Desk, text: bytes, dialect: str, kind: str | None) -> Taken:
    """Take one message of Segment's shape."""
    scan = scanned(text, single=True, kind=kind)
    found = None if scan is None else _quickly(scan, asked, desk, dialect)
    if found is not None:
        return found
    read = message_of(text)
    said = read.write_key
    name = desk.key(asked, said).name
    terms = Terms(
        name,
        dialect,
        asked.received,
        asked.ip,
        context=around(asked, None),
        kind=kind,
        keyed=said is not None,
    )
    if isinstance(read, Usual):
        try:
            return Taken(lines([read], terms))
        except Unfit:
            pass  # it is read once more, and kept as a reject if it is one
    return apart([msgspec.Raw(text)], terms)


def _quickly(scan: Scan, asked: Asked, desk: Desk, dialect: str) -> Taken | None:
    """Take what was walked over; None where it must be read the other way."""
    said = scan.key
    terms = Terms(
        desk.key(asked, said).name, dialect, asked.received, asked.ip, context=around(asked, None),
        late=late(scan.sent, asked.received), keyed=said is not None,
    )  # fmt: skip
    return scan.taken(terms, EVENT)


def around(asked: Asked, context: dict[str, object] | None) -> dict[str, object] | None:
    """Return what a request adds to its messages' contexts; a server's own address says nothing of a customer."""
    if not asked.is_from_browser:
        return context
    seen: dict[str, object] = {"ip": asked.ip}
    agent = asked.header(b"user-agent")
    if agent:
        seen["userAgent"] = agent
    return {**seen, **context} if context else seen
