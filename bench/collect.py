"""Collection: processor time of an event, waits and memory, beside a web server that does nothing.

Events are 940 bytes each, with Persian text (`bench.collecting.events`), sent by a load generator of our own;
an event is acknowledged when it is on disk.  The floor is nginx that answers ``200`` without looking.

A processor that is shared runs slower without being worse, so bars in microseconds are stretched by how much
longer the typed decoding of the same events takes, here and now, than the microsecond it takes on a quiet machine;
the row says by how much.  The ratio is the smallest of bar by figure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from bench.collecting.events import messages
from bench.collecting.servers import megabytes, nginx, seconds
from bench.faults.clients import begun, collector

QUIET = 1.0
"""Microseconds that `unit` takes where nothing else runs."""
ROWS = (("batches of 50", 50, 64, 6.0), ("batches of 10", 10, 128, 11.0), ("single", 1, 64, 60.0))


class Short(msgspec.Struct, rename="camel"):
    """A message whose objects are not read."""

    type: str
    event: str
    message_id: str
    timestamp: str
    anonymous_id: str
    properties: msgspec.Raw
    context: msgspec.Raw
    user_id: str | None = None


def unit() -> float:
    """Return the microseconds that the typed decoding of an event takes now."""
    sent = [before + b"00000000-0000-4000-8000-000000000000" + after for before, after in messages(50)]
    body, decode = b"[" + b",".join(sent) + b"]", msgspec.json.Decoder(list[Short]).decode
    best = 1.0
    for _ in range(7):
        begun_at = time.process_time()
        for _ in range(200):
            decode(body)
        best = min(best, time.process_time() - begun_at)
    return best / 200 / 50 * 1e6


def load(url: str, key: str, size: int, connections: int, **rest: Any) -> dict[str, Any]:
    """Run the load generator in a process of its own."""
    told = {"url": url, "key": key, "size": size, "connections": connections, "seconds": 8, **rest}
    done = subprocess.run(
        [sys.executable, "-m", "bench.collecting.load", json.dumps(told)], stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def cost(
    name: str, server: tuple[str, int], key: str, size: int, connections: int
) -> tuple[float, dict[str, Any]]:
    """Put a server under load; returns microseconds of its processor an event."""
    url, pid = server
    before = seconds(pid)
    found = load(url, key, size, connections)
    used = (seconds(pid) - before) / max(found["events"], 1) * 1e6
    print(
        f"{name:26} {used:7.2f} µs/event  {found['events'] / found['seconds']:9.0f} events/s"
        f"  wait p50 {found['p50']:6.1f} ms  p99 {found['p99']:6.1f} ms",
        flush=True,
    )
    return used, found


def floor() -> None:
    with nginx() as server:
        if server is None:
            print("nginx is not installed: no floor to compare with")
            return
        for name, size, connections, _ in ROWS:
            cost(f"nginx 200, {name}", server, "", size, connections)


def main() -> float:
    asked = argparse.ArgumentParser(prog="python -m bench collect", description=__doc__)
    asked.add_argument("--seconds", type=float, default=15, help="how long the loader runs beside it")
    told = asked.parse_args()
    floor()
    with tempfile.TemporaryDirectory() as scratch:
        margins = compare(Path(scratch) / "shop", told.seconds)
    for name, figure, bar in margins:
        print(f"{name:44} {figure:8.2f}  bar {bar:8.2f}  {'held' if figure <= bar else 'NOT HELD'}")
    ratio = min(bar / figure for _, figure, bar in margins)
    print(f"collect ratio {ratio:.2f} (bar 1)")
    if ratio < 1:
        sys.exit(1)
    return ratio


def compare(folder: Path, lasting: float) -> list[tuple[str, float, float]]:
    """Measure a collector alone, then at half its rate with a loader beside it."""
    key, margins, fastest = begun(folder), [], {}
    with collector(folder) as server:
        for name, size, connections, bar in ROWS:
            stretched = unit() / QUIET
            used, found = cost(f"ganj collect, {name}", server, key, size, connections)
            stretched = max((stretched + unit() / QUIET) / 2, 1.0)
            margins.append((f"collector, {name}, µs (bar x {stretched:.2f})", used, bar * stretched))
            fastest[size] = found["events"] / found["seconds"]
        margins += beside(folder, server, key, fastest[50] / 2, lasting)
        margins.append(("memory of the collector, MB", megabytes(server[1]), 300.0))
    return margins


def beside(
    folder: Path, server: tuple[str, int], key: str, rate: float, lasting: float
) -> list[tuple[str, float, float]]:
    half = load(server[0], key, 50, 64, rate=rate)
    print(f"at half its rate: wait p50 {half['p50']:.1f} ms  p99 {half['p99']:.1f} ms", flush=True)
    words = [str(folder), server[0], key, str(lasting)]
    loader = subprocess.Popen(
        [sys.executable, "-m", "bench.collecting.seeing", *words], stdout=subprocess.PIPE, text=True
    )
    stretched = max(unit() / QUIET, 1.0)
    load(server[0], key, 50, 16, rate=rate / 4, seconds=lasting + 5)
    seen = json.loads(loader.communicate()[0])
    print(f"loader beside it: {seen}", flush=True)
    return [
        ("acknowledged at half load, p99 ms", half["p99"], 50.0),
        (f"loader, µs (bar x {stretched:.2f})", seen["cpu"], 8.0 * stretched),
        ("seen after the acknowledgement, p99 s", seen["p99"] or 99.0, 1.0),
    ]
