"""A loader beside a collector under load: what a load costs, and how long after its receipt an event is seen.

``python -m bench.collecting.seeing FOLDER URL KEY SECONDS`` prints one JSON object.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import ganj
from ganj.faces.http.loading import WITHIN, pause

PATIENCE = 120.0
"""Seconds in which what lay there before must be loaded."""
ROUND = 5_000
"""Events of a load that has caught up."""


class Probes(threading.Thread):
    """Sends an event every tenth of a second and remembers when it was acknowledged."""

    def __init__(self, url: str, key: str, end: float) -> None:
        super().__init__(daemon=True)
        self.place, self.key, self.end = urlsplit(url), key, end
        self.waiting: dict[str, float] = {}
        self.cost = 0.0

    def run(self) -> None:
        con = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=30)
        while time.monotonic() < self.end:
            name = uuid.uuid4().hex
            event = {"writeKey": self.key, "messageId": name, "userId": "probe", "event": "Probe"}
            con.request("POST", "/v1/track", json.dumps(event))
            con.getresponse().read()
            self.waiting[name] = time.monotonic()
            self.cost = time.thread_time()
            time.sleep(0.1)


def main(folder: str, url: str, key: str, seconds: float) -> dict[str, object]:
    with ganj.open(Path(folder)) as shop:
        level(shop)
        tidied(shop)
        level(shop)  # tidying much took seconds, in which more came
        end = time.monotonic() + seconds
        probes, seen, events = Probes(url, key, end), [], 0
        probes.start()
        before = time.process_time()
        while time.monotonic() < end:
            begun = time.monotonic()
            events += shop.store.absorb(WITHIN).lines
            shop.store.tend()
            seen += found(shop, probes)
            time.sleep(pause(begun))
        cost = time.process_time() - before - probes.cost
        probes.join()
        shop.store.absorb()
        seen += found(shop, probes)
    seen.sort()
    return {
        "events": events,
        "cpu": cost / max(events, 1) * 1e6,
        "p50": seen[len(seen) // 2] if seen else None,
        "p99": seen[int(len(seen) * 0.99)] if seen and not probes.waiting else None,
        "probes": len(seen),
        "unseen": len(probes.waiting),
    }


def level(shop: ganj.Workspace) -> None:
    """Load what lay there before, until what comes meanwhile is all that is left."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        begun = time.monotonic()
        lines = shop.store.absorb(WITHIN).lines
        if lines <= ROUND and time.monotonic() - begun < WITHIN / 2:  # it ended because there was no more
            return


def tidied(shop: ganj.Workspace) -> None:
    """Do what was put off while there was much to load: it is counted by who put it off."""
    shop.store.settle()
    before = -1
    while (left := len(list((shop.folder / "log").glob("*.ndjson")))) != before:
        before = left
        shop.store.tend()


def found(shop: ganj.Workspace, probes: Probes) -> list[float]:
    """Return how long after its acknowledgement each event was seen that readers see now and did not before."""
    assert shop.store.snapshot is not None  # taking it is part of the wait
    stored = shop.store.collection.stored
    now = time.monotonic()
    return [now - probes.waiting.pop(name) for name in list(probes.waiting) if stored(name)]


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4], float(sys.argv[4]))))
