"""Collection: processor time of an event, waits and memory, beside a web server that does nothing.

Events are 940 bytes each, with Persian text (`bench.collecting.events`), sent by a load generator of our own;
an event is acknowledged when it is on disk.  The floor is nginx that answers ``200`` without looking.

A processor that is shared runs slower without being worse, so bars in microseconds are stretched by how much
longer the typed decoding of the same events takes, meanwhile, than the microsecond it takes on a quiet machine;
the row says by how much.  The ratio is the smallest of bar by figure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Self

import msgspec
from bench.collecting.events import messages
from bench.collecting.peer import accepted
from bench.collecting.servers import megabytes, nginx, seconds
from bench.faults.clients import begun, collector

QUIET = 1.0
"""Microseconds that typed decoding of an event takes where nothing else runs."""
HALF = 50_000
"""Events a second of the floor's waits: about half of what a collector takes."""
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


class Unit(threading.Thread):
    """Takes the time of the typed decoding of events again and again, while something else is measured."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        sent = [before + b"00000000-0000-4000-8000-000000000000" + after for before, after in messages(50)]
        self._body = b"[" + b",".join(sent) + b"]"
        self._took: list[float] = []
        self._over = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self.join()

    def run(self) -> None:
        decode = msgspec.json.Decoder(list[Short]).decode
        while not self._over:
            begun_at = time.thread_time()
            for _ in range(50):
                decode(self._body)
            self._took.append(time.thread_time() - begun_at)
            time.sleep(0.03)

    @property
    def stretched(self) -> float:
        """How many times longer than on a quiet machine it took, at the median."""
        return max(sorted(self._took)[len(self._took) // 2] / 50 / 50 * 1e6 / QUIET, 1.0)


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
        half = load(server[0], "", 50, 64, rate=HALF)
        print(
            f"nginx 200 at {HALF} events/s: wait p50 {half['p50']:.1f} ms  p99 {half['p99']:.1f} ms",
            flush=True,
        )


def main() -> float:
    asked = argparse.ArgumentParser(prog="python -m bench collect", description=__doc__)
    asked.add_argument("--seconds", type=float, default=15, help="how long the loader runs beside it")
    asked.add_argument(
        "--bugsink", type=Path, help="an environment with Bugsink in it, to be measured beside"
    )
    told = asked.parse_args()
    floor()
    if told.bugsink is None:
        print("no peer: see bench/collecting/peer.py for how to have one beside")
    else:
        print(f"{'Bugsink, single':26} {accepted(told.bugsink)}", flush=True)
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
    """Measure a collector alone, then with a loader beside it at a tenth of its rate, which both can keep up for ever."""
    key, margins, fastest = begun(folder), [], {}
    with collector(folder) as server:
        load(server[0], key, 50, 8, seconds=3)  # its loops are ready by then
        for name, size, connections, bar in ROWS:
            with Unit() as unit:
                used, found = cost(f"ganj collect, {name}", server, key, size, connections)
            margins.append(
                (f"collector, {name}, µs (bar x {unit.stretched:.2f})", used, bar * unit.stretched)
            )
            fastest[size] = found["events"] / found["seconds"]
        half = load(server[0], key, 50, 64, rate=fastest[50] / 2)
        print(f"at half its rate: wait p50 {half['p50']:.1f} ms  p99 {half['p99']:.1f} ms", flush=True)
        margins.append(("acknowledged at half load, p99 ms", half["p99"], 50.0))
        margins.append(("memory of the collector, MB", megabytes(server[1]), 300.0))
    other = folder.with_name("other")  # where no millions of events of before wait to be loaded
    key = begun(other)
    with collector(other) as server:
        return margins + beside(other, server, key, fastest[50] / 10, lasting)


def beside(
    folder: Path, server: tuple[str, int], key: str, rate: float, lasting: float
) -> list[tuple[str, float, float]]:
    """Run a loader beside the collector while events come in steadily."""
    told = {"url": server[0], "key": key, "size": 50, "connections": 16, "seconds": 600, "rate": rate}
    loading = subprocess.Popen(
        [sys.executable, "-m", "bench.collecting.load", json.dumps(told)], stdout=subprocess.DEVNULL
    )
    words = [str(folder), server[0], key, str(lasting)]
    with Unit() as unit:
        done = subprocess.run(
            [sys.executable, "-m", "bench.collecting.seeing", *words], stdout=subprocess.PIPE, check=True
        )
    loading.terminate()
    loading.wait()
    seen = json.loads(done.stdout)
    print(f"loader beside it, {rate:.0f} events/s coming: {seen}", flush=True)
    return [
        (f"loader, µs (bar x {unit.stretched:.2f})", seen["cpu"], 8.0 * unit.stretched),
        ("seen after the acknowledgement, p99 s", seen["p99"] or 99.0, 1.0),
    ]


if __name__ == "__main__":
    main()
