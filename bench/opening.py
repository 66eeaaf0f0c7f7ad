"""Open a customer of a hundred thousand events through `ganj serve`: the page, JSON and Arrow.

Each way is asked in the moment in which a server says that it listens, ``at once``, while it loads what it needs; of
another some seconds after, ``first``; and then many times more.  All that is known of a customer as JSON holds scores,
for which analyses of all customers are run first.  The ratio is of three hundred milliseconds
over the slowest first answer or ninety-fifth percentile.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.request import Request, urlopen

import numpy as np
from bench.merging import LONG, asked, shop

BAR = 300.0  # milliseconds
REST = 3.0  # seconds
ARROW = "application/vnd.apache.arrow.stream"


def main() -> float:
    told = asked("opening", 20)
    with tempfile.TemporaryDirectory() as folder:
        with shop(Path(folder), told.customers, told.long) as made:
            number = made.find(LONG[0])
        ways = {
            "page": (f"/fa/customers/{number}", "text/html"),
            "page, orders alone": (f"/fa/customers/{number}?lane=order", "text/html"),
            "JSON": (f"/api/v1/customers/{number}/timeline", "application/json"),
            "Arrow": (f"/api/v1/customers/{number}/timeline?limit=1000", ARROW),
        }
        print(f"{'milliseconds':20} {'at once':>8} {'first':>8} {'p50':>8} {'p95':>8} {'bytes':>10}")
        slowest = max(_row(name, Path(folder) / "shop", *way, told.times) for name, way in ways.items())
        _row(
            "JSON with scores",
            Path(folder) / "shop",
            f"/api/v1/customers/{number}",
            "application/json",
            told.times,
        )
    print(f"opening ratio {BAR / slowest:.2f} (bar 1)")
    if slowest > BAR:
        sys.exit(1)
    return BAR / slowest


def _row(name: str, folder: Path, path: str, kind: str, times: int) -> float:
    """Ask a server that has just started, and one that runs; returns the slowest that counts."""
    with _serving(folder) as url:
        begun, _ = _asked(url + path, kind)
    with _serving(folder) as url:
        time.sleep(REST)
        first, size = _asked(url + path, kind)
        took = [_asked(url + path, kind)[0] for _ in range(times)]
    middle, high = np.quantile(took, (0.5, 0.95))
    print(f"{name:20} {begun:8.0f} {first:8.0f} {middle:8.0f} {high:8.0f} {size:10,}", flush=True)
    return max(first, float(high))


def _asked(address: str, kind: str) -> tuple[float, int]:
    begin = time.perf_counter()
    with urlopen(Request(address, headers={"accept": kind}), timeout=60) as answer:
        size = len(answer.read())
    return 1000 * (time.perf_counter() - begin), size


def _said(output: IO[str]) -> str:
    """Read the JSON that the server says when it listens."""
    told = output.readline()
    while told and not told.rstrip().endswith("}"):
        told += output.readline()
    return told


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    words = [sys.executable, "-m", "ganj", "--json", "-w", str(folder), "serve", "--port", "0"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield str(json.loads(_said(server.stdout))["url"]).rstrip("/")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
