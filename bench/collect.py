"""Collection: processor time of an event, waits and memory, beside a web server that does nothing.

Events are 940 bytes each, with Persian text (`bench.collecting.events`), sent by a load generator of our own;
an event is acknowledged when it is on disk.  The floor is nginx that answers ``200`` without looking.

Half load is half of the highest rate that a collector, a loader and the load generator hold together on this machine
(`bench.collecting.holding`); waits are taken with all three at work.  How much more an event costs the loader when many
are stored is measured while it catches up with as many as ``--millions`` says.

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
from bench.collecting.holding import LASTING, highest, loader
from bench.collecting.peer import accepted
from bench.collecting.servers import megabytes, nginx, seconds
from bench.faults.clients import begun, collector

QUIET = 1.0
"""Microseconds that typed decoding of an event takes where nothing else runs."""
STEADY = 10_000
"""Events a second that come while a loader is measured."""
FILLING = 60_000
"""Events a second that come while many are to be stored, about what a loader can do."""
EACH = [8.0]
"""Seconds of each load."""
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
    told = {"url": url, "key": key, "size": size, "connections": connections, "seconds": EACH[0], **rest}
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


def waits(name: str, url: str, key: str, rate: float, times: int = 3) -> float:
    """Return the p99 of waits at a rate, ms: the middle one of some tries; every wait counts."""
    tries = [load(url, key, 50, 64, rate=rate, seconds=LASTING) for _ in range(times)]
    for found in tries:
        print(
            f"{name} at {rate:.0f} events/s: wait p50 {found['p50']:.1f} ms  p99 {found['p99']:.1f} ms;"
            f" without the {found['stopped']:.1%} in which the asking side was stopped {found['p99_awake']:.1f} ms",
            flush=True,
        )
    return sorted(float(found["p99"]) for found in tries)[times // 2]


def main() -> float:
    asked = argparse.ArgumentParser(prog="python -m bench collect", description=__doc__)
    asked.add_argument("--each", type=float, default=8, help="seconds of each load")
    asked.add_argument("--seconds", type=float, default=15, help="how long the loader runs beside it")
    asked.add_argument(
        "--millions", type=float, default=10, help="how many million events are stored at last"
    )
    asked.add_argument(
        "--bugsink", type=Path, help="an environment with Bugsink in it, to be measured beside"
    )
    told = asked.parse_args()
    EACH[0] = told.each
    floor()
    if told.bugsink is None:
        print("no peer: see bench/collecting/peer.py for how to have one beside")
    else:
        print(f"{'Bugsink, single':26} {accepted(told.bugsink)}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        margins = [
            *compare(Path(scratch) / "alone"),
            *together(Path(scratch) / "together"),
            *loading(Path(scratch) / "loading", told.seconds, told.millions),
        ]
    for name, figure, bar in margins:
        print(f"{name:44} {figure:8.2f}  bar {bar:8.2f}  {'held' if figure <= bar else 'NOT HELD'}")
    ratio = min(bar / figure for _, figure, bar in margins)
    print(f"collect ratio {ratio:.2f} (bar 1)")
    if ratio < 1:
        sys.exit(1)
    return ratio


Margins = list[tuple[str, float, float]]
"""What was measured: its name, the figure, the bar."""


def compare(folder: Path) -> Margins:
    """Measure a collector alone."""
    key, margins = begun(folder), []
    with collector(folder) as server:
        load(server[0], key, 50, 8, seconds=3)  # its loops are ready by then
        for name, size, connections, bar in ROWS:
            with Unit() as unit:
                used, _ = cost(f"ganj collect, {name}", server, key, size, connections)
            margins.append(
                (f"collector, {name}, µs (bar x {unit.stretched:.2f})", used, bar * unit.stretched)
            )
        margins.append(("memory of the collector, MB", megabytes(server[1]), 300.0))
    return margins


def together(folder: Path) -> Margins:
    """Find what is held with a loader beside the collector, and take the waits at half of that; nginx's beside."""
    key = begun(folder)
    with collector(folder) as server, loader(folder) as beside:
        beside.reach(load(server[0], key, 50, 8, seconds=3)["events"])
        most = highest(lambda rate: load(server[0], key, 50, 64, rate=rate, seconds=LASTING), beside)
        p99 = waits("collector and loader, half load,", server[0], key, most / 2)
    with nginx() as server_:
        if server_ is not None:
            waits("nginx 200", server_[0], "", most / 2, times=1)
    return [("acknowledged at half load, p99 ms", p99, 50.0)]


def loading(folder: Path, lasting: float, millions: float) -> Margins:
    """Measure a loader while events come in steadily, at first and when many millions are stored."""
    key = begun(folder)
    with collector(folder) as server:
        first, seen = beside_of(folder, server, key, lasting)
        if millions <= 0:
            return [first, seen]
        flat = filled(folder, server[0], key, millions)
        last, seen_last = beside_of(folder, server, key, lasting)
    told = f"at {millions:g} M stored: "
    return [first, seen, *flat, *((told + name, figure, bar) for name, figure, bar in (last, seen_last))]


def filled(folder: Path, url: str, key: str, millions: float) -> Margins:
    """Let a loader catch up until many are stored; returns how much more the last million cost than the first."""
    costs: list[float] = []
    with loader(folder) as beside:
        (before, used), sofar = beside.told(), 0
        while sofar < millions * 1e6:
            with Unit() as unit:
                sofar += load(url, key, 50, 64, rate=FILLING, seconds=1e6 / FILLING)["events"]
                beside.reach(sofar)
            after, now = beside.told()
            costs.append((now - used) / (after - before) * 1e6 / unit.stretched)
            before, used = after, now
            print(
                f"{after / 1e6:5.2f} M stored: the last cost the loader {costs[-1]:6.2f} µs/event, divided by {unit.stretched:.2f}",
                flush=True,
            )
    third = max(len(costs) // 3, 1)
    return [
        ("loader, last third of the millions by the first", sum(costs[-third:]) / sum(costs[:third]), 1.2)
    ]


def beside_of(
    folder: Path, server: tuple[str, int], key: str, lasting: float
) -> tuple[tuple[str, float, float], ...]:
    """Run a loader beside the collector while events come in steadily."""
    told = {"url": server[0], "key": key, "size": 50, "connections": 16, "seconds": 600, "rate": STEADY}
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
    print(f"loader beside it, {STEADY} events/s coming: {seen}", flush=True)
    return (
        (f"loader, µs (bar x {unit.stretched:.2f})", seen["cpu"], 8.0 * unit.stretched),
        ("seen after the acknowledgement, p99 s", seen["p99"] or 99.0, 1.0),
    )


if __name__ == "__main__":
    main()
