"""F21 at the door: a source floods with messages of which none is good; another source's answers come as quickly as before.

``python -m bench.faults.flood [seconds]``: a good source sends 100 batches of 20 a second, first alone, then beside
a source that sends as many batches of bad messages; both to a server that loads what comes.
"""

from __future__ import annotations

import http.client
import json
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from bench.faults.clients import collector, event
from bench.faults.stored import end, told

import ganj

PACE, BATCH = 100, 20
BAR = 1.2
"""How much longer half of the answers may take beside the flood."""


class Source:
    """Sends batches by the clock over one connection, from a process of its own, and notes how long each answer took."""

    def __init__(self, url: str, key: str, prefix: str, seconds: float, *, good: bool) -> None:
        self._url, self._key, self._prefix = urlsplit(url), key, prefix
        self._count, self._good = int(seconds * PACE), good

    def names(self, number: int) -> list[str]:
        """Return the messages of a batch."""
        return [f"{number:04x}{self._prefix}{place}" for place in range(BATCH)]

    def sent(self) -> list[str]:
        """Return all messages."""
        return [name for number in range(self._count) for name in self.names(number)]

    def body(self, number: int) -> bytes:
        """Return a batch as it is sent."""
        names = self.names(number)
        batch = [event(name) if self._good else {"type": "track", "messageId": name} for name in names]
        return json.dumps({"writeKey": self._key, "batch": batch}).encode()

    def send(self) -> tuple[list[float], int, int]:
        """Send everything; returns how long each answer took, s, how many were 200, and the messages refused."""
        bodies = [self.body(number) for number in range(self._count)]
        con = http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=30)
        begun, waits, taken, refused = time.perf_counter(), [], 0, 0
        for number, body in enumerate(bodies):
            time.sleep(max(begun + number / PACE - time.perf_counter(), 0))
            before = time.perf_counter()
            con.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
            answer = con.getresponse()
            said = answer.read()
            waits.append(time.perf_counter() - before)
            taken += answer.status == 200
            refused += len(json.loads(said).get("rejected", ()))
        con.close()
        return waits, taken, refused


def together(pool: ProcessPoolExecutor, sources: list[Source]) -> list[tuple[list[float], int, int]]:
    """Let sources send side by side."""
    return [one.result() for one in [pool.submit(source.send) for source in sources]]


def within(waits: list[float], share: float) -> float:
    """Return how long that share of the answers took at most, ms."""
    return sorted(waits)[int(len(waits) * share)] * 1000


def main(seconds: float) -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "shop"
        with ganj.create(folder, buckets=4) as shop:
            keys = [shop.keys.create(name)[1] for name in ("good", "bad")]
        with collector(folder, command="serve") as (url, _), ProcessPoolExecutor(2) as pool:
            rounds = []
            for turn, crowded in enumerate((False, False, True, False, True)):  # the first warms
                good, bad = (
                    Source(url, key, f"{'gb'[n]}{turn}-", seconds, good=not n) for n, key in enumerate(keys)
                )
                rounds.append((crowded, good, together(pool, [good, bad][: 1 + crowded])))
        fast = compared(rounds[1:])
        whole = all(taken == len(waits) for _, _, told_ in rounds for waits, taken, _ in told_)
        with ganj.open(folder) as shop:
            shop.store.absorb()
            held = told("F21 flood", shop.store, [name for _, good, _ in rounds for name in good.sent()])
            return held and whole and fast and 0 < len(shop.rejected("bad", 10**6)) <= 10_000


def compared(rounds: list[tuple[bool, Source, list[tuple[list[float], int, int]]]]) -> bool:
    """Print how long the good source waited alone and beside the flood."""
    best = {}
    for crowded, name in ((False, "alone"), (True, "beside the flood")):
        waits = [found[0][0] for beside, _, found in rounds if beside == crowded]
        best[crowded] = min(within(one, 0.5) for one in waits)
        halves = ", ".join(f"{within(one, 0.5):.2f} (99 %: {within(one, 0.99):.1f})" for one in waits)
        print(f"F21 good source {name}: half of its answers within ms {halves}")
    refused = sum(found[1][2] for beside, _, found in rounds if beside)
    print(
        f"F21: {best[True] / best[False]:.2f} times as long; {refused} messages refused, each with the reason"
    )
    return best[True] <= BAR * best[False]


if __name__ == "__main__":
    end(main(float(sys.argv[1]) if len(sys.argv) > 1 else 6.0))
