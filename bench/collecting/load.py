"""A load generator: connections that send batches of events and wait for each answer.

``python -m bench.collecting.load '{"url": …, "key": …, "size": 50, "connections": 64, "seconds": 10, "rate": 0}'``
prints one JSON object: events acknowledged, answers by status, milliseconds until the answer.  With a ``rate`` in
events a second requests are due at set times and the wait counts from then, so that a server which stalls cannot
make its figures look better by slowing the asking.

Where processors are shared with others the asking side is stopped, too, now and then.  It looks at the clock every few
milliseconds; waits during which it did not get to that are told apart (``stopped``, their share), since nobody knows how
long the server took.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import socket
import sys
import time
import uuid
from collections import Counter
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import uvloop
from bench.collecting.events import ORDER, VISITOR, messages

from ganj.histories import Array

KINDS, VISITS = 1000, 10
"""Different messages that are sent again and again, and events of a visitor before another comes in their place."""
LOOK, STOPPED = 0.002, 0.012
"""Seconds between looks at the clock, and from when on one that is late says that this side was stopped."""
_VISITOR, _ORDER = VISITOR.encode(), ORDER.encode()


class Asking(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, number: int) -> None:
        self.load, self.number, self.sent, self.got = load, number, 0, b""
        self.due = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.due = self.load.begun + self.load.gap * self.number / self.load.connections
        self.next()

    def next(self) -> None:
        now = time.perf_counter()
        if now >= self.load.end:
            self.transport.close()
        elif self.load.gap and now < self.due:
            self.load.loop.call_later(self.due - now, self.send)
        else:
            self.send()

    def send(self) -> None:
        self.begun = self.due if self.load.gap else time.perf_counter()
        self.due += self.load.gap
        if not self.transport.is_closing():
            self.transport.write(self.load.request())

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        if len(body) < int(length or 0):
            return
        self.got = b""
        self.load.answered(int(head[9:12]), time.perf_counter() - self.begun)
        self.next()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.load.left()


class Load:
    """All connections together."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.size, self.connections = told["size"], told["connections"]
        self.gap = self.size * self.connections / told["rate"] if told.get("rate") else 0.0
        self.url, self.seconds = urlsplit(told["url"]), told["seconds"]
        self.path = told.get("path") or ("/v1/batch" if self.size > 1 else "/v1/track")
        self.key = told.get("key", "")
        self.messages = messages(KINDS)
        self.run, self.made, self.renewed = uuid.uuid4().hex[:20].encode(), 0, 0
        self.forms: dict[int, tuple[list[bytes], list[int]]] = {}
        self.first = uuid.uuid4().int & 0xFFFFFFFF
        self.statuses: Counter[int] = Counter()
        self.waits: list[float] = []
        self.ends: list[float] = []
        self.stops: list[tuple[float, float]] = []
        self.open = self.connections

    def request(self) -> bytes:
        """Put the next request together: only its numbers are new, all else of a form was joined before."""
        if self.made >= self.renewed:
            self.forms, self.renewed = {}, self.made + VISITS * KINDS
        first = self.made % KINDS
        form = self.forms.get(first)
        if form is None:
            form = self.forms[first] = self.form(first)
        parts, events = form
        numbers = [b"%011d" % number for number in range(self.made, self.made + self.size)]
        parts[1::2] = [numbers[event] for event in events]
        self.made += self.size
        return b"".join(parts)

    def form(self, first: int) -> tuple[list[bytes], list[int]]:
        """Return the bytes of requests that begin with a message, every second piece a number, and whose it is."""
        visitor = b"%08x" % ((self.first + self.made // (VISITS * KINDS)) & 0xFFFFFFFF)
        said = [self.messages[(first + one) % KINDS] for one in range(self.size)]
        events = [
            b"".join((before, self.run, b"-", _ORDER, after.replace(_VISITOR, visitor, 1)))
            for before, after in said
        ]
        body = events[0] if self.size == 1 else b'{"batch":[' + b",".join(events) + b"]}"
        whose = [number for number, event in enumerate(events) for _ in range(event.count(_ORDER))]
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.url.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Write-Key: {self.key}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        pieces = (head.encode() + body).split(_ORDER)
        return [piece for one in pieces for piece in (one, b"")][:-1], whose

    def answered(self, status: int, wait: float) -> None:
        self.statuses[status] += 1
        self.waits.append(wait)
        self.ends.append(time.perf_counter())

    async def look(self) -> None:
        """Note when this side was stopped."""
        before = time.perf_counter()
        while True:
            await asyncio.sleep(LOOK)
            now = time.perf_counter()
            if now - before > STOPPED:
                self.stops.append((before, now))
            before = now

    def awake(self) -> Array:
        """Tell which waits this side was never stopped in: bool[waits]."""
        ends = np.array(self.ends or [0.0])
        begins = ends - np.array(self.waits or [0.0])
        good = np.ones(len(ends), np.bool_)
        for begin, end in self.stops:
            good &= (ends < begin) | (begins > end)
        return good

    def left(self) -> None:
        self.open -= 1
        if not self.open:
            self.over.set()

    async def go(self) -> dict[str, Any]:
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        gc.collect()
        gc.disable()  # a pause of the asking side would be counted as the server's
        with suppress(PermissionError):  # as would be its waiting for a processor: clients are other machines
            os.nice(-10)
        self.begun = begun = time.perf_counter() + (0.2 if self.gap else 0)  # by then all are connected
        self.end = begun + self.seconds
        for number in range(self.connections):
            await self.loop.create_connection(
                lambda n=number: Asking(self, n), self.url.hostname, self.url.port
            )
        looking = asyncio.create_task(self.look())
        await asyncio.wait_for(self.over.wait(), self.seconds + 30)
        looking.cancel()
        took = time.perf_counter() - begun
        waits = np.array(self.waits or [0.0]) * 1000
        good = self.awake()
        return {
            "stopped": float(1 - good.mean()),
            "p99_awake": float(np.quantile(waits[good], 0.99)) if good.any() else float("nan"),
            "events": self.statuses[200] * self.size,
            "seconds": took,
            "statuses": dict(self.statuses),
            "p50": float(np.quantile(waits, 0.5)),
            "p99": float(np.quantile(waits, 0.99)),
            "sent": self.made,
        }


def free() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    print(json.dumps(uvloop.run(Load(json.loads(sys.argv[1])).go())))
