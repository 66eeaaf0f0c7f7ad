"""What stands before the application: requests that bring events are answered here, all others go on to it.

The web server's protocol is asked per request where its path leads.  A path of the collection API is read by
`ganj.intake.http`, its lines are given to the log, and the answer is written when the log says that they are on
disk: no task, no framework, a few microseconds an event.  Everything else is the application's, by ASGI, on
the same connections and the same port.

It also ends what lasts too long.  A request must arrive within `PATIENCE` seconds and a second more for every
`RATE` bytes of it, so that nobody can hold connections open by sending a byte now and then.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ganj.faces.http.gate import LONGEST_HEAD, Call, Gate, Head
from ganj.intake.http.answers import refusal, to_site
from ganj.intake.http.asked import Answer, Asked
from ganj.intake.http.collector import Kept
from ganj.intake.http.refusals import BodyTooLarge

LOG = logging.getLogger("ganj.collect")
PATIENCE, RATE = 10.0, 8192
"""Seconds in which a request must come in, and bytes for which it gets a second more."""
HEAD = 64 * 1024
"""Bytes of a request's address and headers."""
MOST_IGNORED = 64 << 20
"""Bytes of a refused body that are read and thrown away, so that its sender gets to read why."""
_BROKEN = Answer(500, b'{"success":false,"code":"Broken"}')


class Front(HttpToolsProtocol):
    """A connection."""

    cycle: Any  # also a `Call`

    def __init__(self, gate: Gate, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.gate = gate
        self._since: float | None = None
        self._came = 0
        self._head = 0
        self._rests: float | None = None
        self._rest = 0
        self._learn = b""

    # ---- a request comes in

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its parent does
        """Begin to count the time."""
        super().connection_made(transport)
        self._since = time.monotonic()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of what was held."""
        for call in (self.cycle, *(cycle for cycle, _ in self.pipeline)):
            if isinstance(call, Call):
                self._drop(call)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a request whose head is known as it is; let everything else be read."""
        if self._rest:
            self._more(data)
            return
        if self._since is None and (self.cycle is None or self.cycle.response_complete):
            end = data.find(b"\r\n\r\n", 0, LONGEST_HEAD) + 4
            head = self.gate.heads.get(data[:end]) if end > 4 else None
            if head is not None and len(data) - end <= head.length:
                self._known(head, data[end:])
                return
            self._learn = data[:end] if end > 4 and self._rests is not None else b""
        self._came += len(data)
        super().data_received(data)
        self._learn = b""

    def _known(self, head: Head, body: bytes) -> None:
        """Begin a request whose head is known, and answer it if all of it is there."""
        self._unset_keepalive_if_required()
        call = self.cycle = Call(head.route, "POST", head.path, head.query, head.headers, keep_alive=True)
        call.begun, self._rests = True, None
        self._rest = head.length - len(body)
        call.body.append(body)
        if self._rest:
            self._since, self._came = time.monotonic(), len(body)
            call.size = len(body)
            self.gate.held += call.size
        else:
            call.more_body = False
            self._answer(call)

    def _more(self, data: bytes) -> None:
        """Take more of the body of a request whose head was known; what comes after it is another request."""
        call, mine = self.cycle, data[: self._rest]
        self._rest -= len(mine)
        self._came += len(mine)
        call.body.append(mine)
        call.size += len(mine)
        self.gate.held += len(mine)
        if self._rest:
            return
        self._since, call.more_body = None, False
        self._answer(call)
        if len(mine) < len(data):
            self.data_received(data[len(mine) :])

    def is_late(self, now: float) -> bool:
        """Tell whether a request takes too long to come in, and not because we do not read it, or none comes."""
        if self._since is None:
            return self._rests is not None and now - self._rests > self.timeout_keep_alive
        if self.flow.read_paused:
            self._since = now
        return now - self._since > PATIENCE + self._came / RATE

    def on_message_begin(self) -> None:
        """Begin a request."""
        self.url, self.headers, self._head, self._rests = b"", [], 0, None
        if self._since is None:
            self._since, self._came = time.monotonic(), 0

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self.url += url
        self._head += len(url)
        if self._head > HEAD:
            self.transport.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self.headers.append((name.lower(), value))
        self._head += len(name) + len(value)
        if self._head > HEAD:
            self.transport.abort()

    def on_headers_complete(self) -> None:
        """Find where the request leads."""
        place = self.gate.place(self.url)
        if place.route is None:
            self._to_the_application()
            return
        method, keep = self.parser.get_method().decode("ascii"), self.parser.should_keep_alive()
        before, call = (
            self.cycle,
            Call(place.route, method, place.path, place.query, dict(self.headers), keep),
        )
        self.cycle = call
        call.refused = self.gate.refusal_of(call)
        if self._learn and call.refused is None and len(call.headers) == len(self.headers):
            self.gate.learn(self._learn, call)
        self._learn = b""
        if before is None or before.response_complete:
            self._begin(call)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _to_the_application(self) -> None:
        """Do what the parent does at the begin of a request and at its headers, now that it is known to be its own."""
        url, headers = self.url, self.headers
        super().on_message_begin()
        super().on_url(url)
        for name, value in headers:
            super().on_header(name, value)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        call = self.cycle
        if not isinstance(call, Call):
            super().on_body(body)
        elif call.refused is not None:
            if self._came > MOST_IGNORED:
                self.transport.abort()
        else:
            call.body.append(body)
            call.size += len(body)
            self.gate.held += len(body)
            if call.size > call.route.limit:
                call.refused = BodyTooLarge(limit=call.route.limit)
                self._drop(call)

    def on_message_complete(self) -> None:
        """Answer a request that is whole, if its turn has come."""
        self._since = None
        call = self.cycle
        if not isinstance(call, Call):
            super().on_message_complete()
            return
        call.more_body = False
        if call.begun and not call.response_complete:
            self._answer(call)

    # ---- and is answered

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """Begin a request whose turn has come."""
        if isinstance(cycle, Call):
            self._begin(cycle)
        else:
            super()._start_asgi_task(cycle, app)

    def _begin(self, call: Call) -> None:
        call.begun = True
        if not call.more_body:
            self._answer(call)
        elif b"expect" in call.headers:
            if call.refused is None:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            else:
                call.keep_alive = False
                self._answer(call)

    def _answer(self, call: Call) -> None:
        asked = Asked(
            call.method, call.path, call.query, call.headers, b"".join(call.body), self._ip(call),
            time.time_ns() // 1000,
        )  # fmt: skip
        self._drop(call)
        try:
            if call.refused is None:
                said = self.gate.collector.answer(asked)
            else:
                said = to_site(refusal(call.refused), asked)
        except Exception:
            LOG.exception("a request to %s broke the collector", call.route)
            said = _BROKEN
        if isinstance(said, Kept):
            self.gate.keep(self, call, said)
        else:
            self.say(call, said)

    def _ip(self, call: Call) -> str:
        """Return who asks: the peer, or whom a proxy that we trust names last."""
        peer = self.client[0] if self.client else ""
        named = call.headers.get(b"x-forwarded-for")
        if named is None or peer not in self.gate.proxies:
            return peer
        return named.rpartition(b",")[2].strip().decode("latin-1")[:64] or peer

    def say(self, call: Call, answer: Answer) -> None:
        """Write an answer; the connection then goes on with its next request, or ends."""
        call.response_complete = True
        if self.transport.is_closing():
            return
        self.transport.write(self.gate.written(answer, self.server_state.default_headers, call))
        if not call.keep_alive:
            self.transport.close()
            return
        if self.pipeline or self.flow.read_paused:
            self.on_response_complete()
        else:  # no clock is set for each answer: the server looks at all connections every second
            self.server_state.total_requests += 1
            self._rests = time.monotonic()
        if self.flow.write_paused:  # a client that asks and does not listen
            self.flow.pause_reading()

    def resume_writing(self) -> None:
        """Read on when the client has read."""
        super().resume_writing()
        self.flow.resume_reading()

    def _drop(self, call: Call) -> None:
        self.gate.held -= call.size
        call.size = 0
        call.body = []
