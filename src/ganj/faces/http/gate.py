"""What all connections share: who reads events, who keeps them, and the answers that wait for the disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import httptools

from ganj.errors import GanjError
from ganj.intake.http.answers import OUTCOME, refusal
from ganj.intake.http.asked import Answer
from ganj.intake.http.collector import Collector, Kept
from ganj.intake.http.refusals import BodyTooLarge
from ganj.intake.http.routes import Route
from ganj.log import LogFull, LogUnwritable, Writer

if TYPE_CHECKING:
    from ganj.faces.http.front import Front

MOST_HEADS, LONGEST_HEAD = 2_000, 2_048
"""Heads of requests that are remembered, and bytes of the longest."""
UNUSUAL = {b"transfer-encoding", b"expect", b"upgrade", b"connection"}
"""Headers by which a request asks for more than to be answered."""
MOST_PLACES = 1_000
"""Addresses that are remembered; clients send to few."""
ROOM = 48 << 20
"""Bytes of bodies on their way in, of all connections."""
SMALL = 64 * 1024
"""A body so small is taken even when there is no room for large ones."""
PROXIES = ("127.0.0.1", "::1")
"""Whose word is taken for a client's address: a proxy on this machine."""
_LINES = {s.value: f"HTTP/1.1 {s.value} {s.phrase}\r\n".encode() for s in HTTPStatus}
_END = b"x-content-type-options: nosniff\r\n\r\n"
_LAST = b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n"


class _NoEvent:
    """Stands where the server's protocol expects an event that wakes a task; there is none to wake."""

    def set(self) -> None:
        """Do nothing."""


_NO_EVENT = _NoEvent()


@dataclass(slots=True, eq=False)
class Call:
    """A request to the collection API while its body comes in; has what the server's protocol asks of a request.

    Attributes
    ----------
    route : its address
    method, path, query, headers : its head
    body, size : what came of it, and how much of that is held
    begun : its turn has come: answers go out in the order of the requests
    refused : why no more of it is kept
    """

    route: Route
    method: str
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    keep_alive: bool
    body: list[bytes] = field(default_factory=list)
    size: int = 0
    begun: bool = False
    refused: GanjError | None = None
    more_body: bool = True
    response_complete: bool = False
    disconnected: bool = False
    message_event: _NoEvent = _NO_EVENT


class Place(NamedTuple):
    """Where an address leads; ``route`` is None for what is not of the collection API."""

    path: str
    query: bytes
    route: Route | None


class Head(NamedTuple):
    """A request's head that was read once and may be taken as read when the same bytes come again.

    Attributes
    ----------
    route, path, query : where it leads
    headers : by lower-case name
    length : bytes of the body that follows
    """

    route: Route
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    length: int


class Gate:
    """What all connections of a server share.

    Parameters
    ----------
    collector, writer : who reads events and who keeps them
    proxies : addresses whose word is taken for the client's own address
    """

    def __init__(self, collector: Collector, writer: Writer, proxies: Iterable[str] = PROXIES) -> None:
        self.collector, self.writer, self.proxies = collector, writer, frozenset(proxies)
        self.held = 0
        self._over: deque[tuple[Front, Call, Answer]] = deque()
        self._called = False
        self._places: dict[bytes, Place] = {}
        self._thanks: tuple[object, bytes] = (None, b"")
        self.heads: dict[bytes, Head] = {}

    def learn(self, head: bytes, call: Call) -> None:
        """Remember the head of a request that was read, if nothing in it asks for more than to be answered.

        Notes
        -----
        Only a head is remembered whose end could not be seen elsewhere: its lines end in both letters, and its body has
        a length.  Whether that is too long, or the head not one, was found when it was read.
        """
        length = call.headers.get(b"content-length", b"")
        plain = length.isdigit() and not UNUSUAL & call.headers.keys()
        if not plain or not call.keep_alive or call.method != "POST" or not head.startswith(b"POST /"):
            return
        if head.count(b"\n") != head.count(b"\r\n") or int(length) > SMALL:
            return
        if len(self.heads) >= MOST_HEADS:
            self.heads.clear()
        self.heads[head] = Head(call.route, call.path, call.query, call.headers, int(length))

    def place(self, url: bytes) -> Place:
        """Return where an address leads."""
        found = self._places.get(url)
        if found is None:
            parsed = httptools.parse_url(url)
            path = (parsed.path or b"/").decode("latin-1")
            path = unquote(path) if "%" in path else path
            found = Place(path, parsed.query or b"", self.collector.route(path))
            if not found.query and len(self._places) < MOST_PLACES:
                self._places[url] = found
        return found

    def written(self, answer: Answer, always: list[tuple[bytes, bytes]], call: Call) -> bytes:
        """Return an answer as it goes over the wire; that to nearly all requests is put together once a second."""
        if answer is not OUTCOME or not call.keep_alive or call.method == "HEAD":
            return written(answer, always, call)
        if self._thanks[0] is not always:  # the list is made anew when the date in it changes
            self._thanks = (always, written(answer, always, call))
        return self._thanks[1]

    def keep(self, front: Front, call: Call, kept: Kept) -> None:
        """Give lines to the log; the answer goes out when they are on disk."""

        def done(wrong: LogUnwritable | None) -> None:
            self._over.append((front, call, kept.answer if wrong is None else _instead(kept, wrong)))
            if not self._called:
                self._called = True
                with suppress(RuntimeError):  # the server has ended
                    front.loop.call_soon_threadsafe(self._release)

        try:
            self.writer.offer(kept.lines, done)
        except (LogFull, LogUnwritable) as refused:
            front.say(call, _instead(kept, refused))

    def _release(self) -> None:
        """Send the answers of a whole group."""
        self._called = False
        while self._over:
            front, call, answer = self._over.popleft()
            front.say(call, answer)

    def refusal_of(self, call: Call) -> GanjError | None:
        """Say why a body is not taken, by what its head says of it."""
        said = call.headers.get(b"content-length", b"")
        size = int(said) if said.isdigit() else 0
        if size > call.route.limit:
            return BodyTooLarge(limit=call.route.limit)
        return LogFull() if size > SMALL and self.held + size > ROOM else None

    def state(self) -> dict[str, Any]:
        """Say how collection does: whether it takes events, why not, and what came."""
        wrong, tallies = self.writer.wrong, self.collector.tallies
        return {
            "collecting": wrong is None,
            "why": None if wrong is None else {"en": wrong.message("en"), "fa": wrong.message("fa")},
            "waiting_bytes": self.writer.waiting,
            "sources": {
                name: {"accepted": tally.accepted, "rejected": tally.rejected}
                for name, tally in sorted(tallies.items())
            },
        }


def _instead(kept: Kept, wrong: GanjError) -> Answer:
    """Return a refusal that the same page may read as the answer it replaces."""
    said = refusal(wrong)
    return replace(said, headers=(*said.headers, *kept.answer.headers))


def written(answer: Answer, always: list[tuple[bytes, bytes]], call: Call) -> bytes:
    """Return an answer as it goes over the wire."""
    parts = [_LINES[answer.status]]
    for name, value in (*always, *answer.headers):
        parts += (name, b": ", value, b"\r\n")
    if answer.status != HTTPStatus.NO_CONTENT:
        parts += (b"content-type: ", answer.kind, b"\r\ncontent-length: %d\r\n" % len(answer.body))
    parts.append(_END if call.keep_alive else _LAST)
    if call.method != "HEAD":
        parts.append(answer.body)
    return b"".join(parts)
