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

from bench.faults.stored import identity

import ganj

PAUSE = 0.2


class Probes(threading.Thread):
    """Sends an event every tenth of a second and remembers when it was acknowledged."""

    def __init__(self, url: str, key: str, end: float) -> None:
        super().__init__(daemon=True)
        self.place, self.key, self.end = urlsplit(url), key, end
        self.waiting: dict[uuid.UUID, float] = {}

    def run(self) -> None:
        con = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=30)
        while time.monotonic() < self.end:
            name = uuid.uuid4().hex
            event = {"writeKey": self.key, "messageId": name, "userId": "probe", "event": "Probe"}
            con.request("POST", "/v1/track", json.dumps(event))
            con.getresponse().read()
            self.waiting[identity(name)] = time.monotonic()
            time.sleep(0.1)


def main(folder: str, url: str, key: str, seconds: float) -> dict[str, object]:
    with ganj.open(Path(folder)) as shop:
        shop.store.absorb()  # what lay there before
        end = time.monotonic() + seconds
        probes, seen, events = Probes(url, key, end), [], 0
        probes.start()
        before = time.process_time()
        while time.monotonic() < end:
            events += shop.store.absorb().lines
            now = time.monotonic()
            seen += [now - probes.waiting.pop(name) for name in found(shop, list(probes.waiting))]
            time.sleep(PAUSE)
        cost = time.process_time() - before
    seen.sort()
    return {
        "events": events,
        "cpu": cost / max(events, 1) * 1e6,
        "p50": seen[len(seen) // 2] if seen else None,
        "p99": seen[int(len(seen) * 0.99)] if seen else None,
        "probes": len(seen),
    }


def found(shop: ganj.Workspace, names: list[uuid.UUID]) -> list[uuid.UUID]:
    with shop.store._derived.database.cursor() as cursor:  # noqa: SLF001 - a benchmark looks under the hood
        asked = cursor.execute("select message_id from fresh where list_contains($1, message_id)", [names])
        return [row[0] for row in asked.fetchall()]


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4], float(sys.argv[4]))))
