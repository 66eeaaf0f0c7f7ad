"""Clients that send batches to a collector and remember what was acknowledged; and the collector itself."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from bench.faults.stored import told

import ganj


class Client(threading.Thread):
    """Sends batches, one after the other, and sends again what was not answered 200."""

    def __init__(self, url: str, key: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.place, self._key, self._dice = urlsplit(url), key, random.Random(seed)
        self.acknowledged: list[str] = []
        self.offered: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.waits: list[float] = []
        self.without_word = 0
        self.stop = False

    def run(self) -> None:
        while not self.stop:
            batch = [
                str(uuid.UUID(int=self._dice.getrandbits(128)))
                for _ in range(self._dice.choice((1, 5, 20, 50)))
            ]
            self.offered += batch
            body = json.dumps({"writeKey": self._key, "batch": [event(one) for one in batch]}).encode()
            while not self.stop:
                if self._send(body) == 200:
                    self.acknowledged += batch
                    break
                time.sleep(0.05)

    def _send(self, body: bytes) -> int:
        begun = time.perf_counter()
        con = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=30)
        try:
            con.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
            answer = con.getresponse()
            if answer.status in {429, 503} and not answer.headers["retry-after"]:
                self.without_word += 1
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            con.close()
        self.statuses[status] += 1
        self.waits.append(time.perf_counter() - begun)
        return status


def event(message: str) -> dict[str, object]:
    who = int(message[:4], 16) % 500
    return {"type": "track", "event": "Product Viewed", "messageId": message, "userId": f"u{who}",
            "properties": {"product_id": f"p{who % 40}", "price": 100 + who, "title": "کفش ورزشی" * 20}}  # fmt: skip


class Crowd:
    """Some clients together."""

    def __init__(self, url: str, key: str, count: int = 4) -> None:
        self.clients = [Client(url, key, uuid.uuid4().int) for _ in range(count)]

    def __enter__(self) -> Self:
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.stop = True
        for client in self.clients:
            client.join(40)

    @property
    def statuses(self) -> Counter[int]:
        return sum((client.statuses for client in self.clients), Counter())

    @property
    def acknowledged(self) -> list[str]:
        return [one for client in self.clients for one in client.acknowledged]

    @property
    def offered(self) -> list[str]:
        return [one for client in self.clients for one in client.offered]

    @property
    def only_503(self) -> bool:
        """Tell whether every refusal was a 503 that says when to come again."""
        spoken = set(self.statuses) <= {0, 200, 503}
        return spoken and not any(client.without_word for client in self.clients)

    def slowest(self, share: float = 0.99) -> float:
        waits = sorted(wait for client in self.clients for wait in client.waits)
        return waits[int(len(waits) * share)] if waits else 0.0


def begun(folder: Path) -> str:
    """Make a workspace; returns a write key."""
    with ganj.create(folder, buckets=4) as shop:
        return shop.keys.create("shop")[1]


@contextmanager
def collector(
    folder: Path,
    before: Sequence[str] = (),
    environment: dict[str, str] | None = None,
    command: str = "collect",
) -> Iterator[tuple[str, int]]:
    """Run a collector, or a server, behind other words if any; yields its address and its process number."""
    words = [*before, sys.executable, "-m", "ganj", "-w", str(folder), command, "--port", "0", "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    with ExitStack() as stack:
        stack.callback(process.stdout.close)
        stack.callback(process.wait, 30)
        url = json.loads(process.stdout.readline())["url"]
        pid = inner(process.pid) if before else process.pid
        stack.callback(ended, pid)
        yield url, pid


def inner(pid: int) -> int:
    """Return the process that another one runs: a tracer must outlive what it traces."""
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        pid = int(children[0])
    return pid


def ended(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        print("the collector was gone", flush=True)


def health(url: str) -> tuple[dict[str, object], float]:
    """Return what a collector says of itself, and how long it took."""
    place, before = urlsplit(url), time.perf_counter()
    con = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    con.request("GET", "/healthz")
    said = json.load(con.getresponse())
    con.close()
    return said["collection"], time.perf_counter() - before


def counted(name: str, folder: Path, crowd: Crowd) -> bool:
    """Load what is in the log and print what was lost and doubled."""
    with ganj.open(folder) as shop:
        shop.store.absorb()
        print(f"{name}: answers {dict(crowd.statuses)}  slowest {crowd.slowest() * 1000:.0f} ms", flush=True)
        return told(name, shop.store, crowd.acknowledged, crowd.offered)
