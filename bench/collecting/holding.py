"""How much a machine takes for ever: a collector, the generator of its load and a loader on the same processors.

A rate is held when as much was acknowledged as was asked for and the loader ends no further behind than `BEHIND`
seconds.  ``python -m bench.collecting.holding FOLDER`` is that loader: to each line it is sent it answers with how many
events it has loaded and the processor seconds it took.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ganj
from ganj.faces.http.loading import WITHIN, pause

BEHIND = 1.0
"""Seconds that a loader may be behind: within so long an event must be seen."""
NEARLY = 0.97
"""Share of the rate that must come, since the last requests are still under way when time is up."""
LOWEST, STEP = 10_000.0, 1.5
LASTING = 5.0
PATIENCE = 60.0

Sent = Callable[[float], dict[str, Any]]
"""Sends so many events a second for a while; returns what the load generator found."""


class Loader:
    """A loader in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def told(self) -> tuple[int, float]:
        """Return how many events it has loaded, and its processor seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        return said["events"], said["cpu"]

    def reach(self, events: int) -> None:
        """Wait until it has loaded so many."""
        end = time.monotonic() + PATIENCE
        while self.told()[0] < events and time.monotonic() < end:
            time.sleep(0.2)


@contextmanager
def loader(folder: Path) -> Iterator[Loader]:
    """Run a loader beside whatever else happens."""
    words = [sys.executable, "-m", "bench.collecting.holding", str(folder)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        beside = Loader(process)
        beside.told()  # it has opened the workspace
        try:
            yield beside
        finally:
            process.terminate()


def held(sent: Sent, beside: Loader, sofar: int, rate: float) -> tuple[bool, int]:
    """Try a rate; tell whether it is held, and how many events there are then."""
    found = sent(rate)
    behind = sofar + found["events"] - beside.told()[0]
    good = found["events"] / found["seconds"] >= NEARLY * rate and behind <= BEHIND * rate
    print(
        f"{rate:8.0f} events/s asked for: {found['events'] / found['seconds']:8.0f} acknowledged, the loader is {behind}"
        f" behind: {'held' if good else 'not held'}",
        flush=True,
    )
    beside.reach(sofar + found["events"])
    return good, sofar + found["events"]


def highest(sent: Sent, beside: Loader) -> float:
    """Return the highest rate that is held, to a fifth."""
    rate, sofar = LOWEST, beside.told()[0]
    good, sofar = held(sent, beside, sofar, rate)
    if not good:
        return rate / STEP
    while good:
        rate *= STEP
        good, sofar = held(sent, beside, sofar, rate)
    between = rate / STEP**0.5
    return between if held(sent, beside, sofar, between)[0] else rate / STEP


def main(folder: str) -> None:
    loaded = [0]
    with ganj.open(Path(folder)) as shop:
        threading.Thread(
            target=answering, args=(loaded,), daemon=True
        ).start()  # what comes from now on is counted
        while True:
            begun = time.monotonic()
            loaded[0] += shop.store.absorb(WITHIN).lines
            shop.store.tend()
            time.sleep(pause(begun))


def answering(loaded: list[int]) -> None:
    for _ in sys.stdin:
        print(json.dumps({"events": loaded[0], "cpu": time.process_time()}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
