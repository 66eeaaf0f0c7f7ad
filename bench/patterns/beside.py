"""Our time and the peers' on the same rows, in one run, equal patterns made sure of."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from bench.patterns.peers import digest

DATA = Path(__file__).parents[3] / "shared/data"
Rows = tuple[Any, Any]
"""offsets int64[rows + 1] and items int32[...]"""


def lines(name: str) -> list[str]:
    """Read the lines of a published file."""
    path = DATA / name
    if not path.exists():
        sys.exit(f"{name} is needed and is not beside the checkout")
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as told:
        return [line.strip() for line in told]


def rows(lists: list[list[int]]) -> Rows:
    """Lay out lists of codes."""
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in lists]))).astype(np.int64)
    return offsets, np.fromiter(chain.from_iterable(lists), np.int32)


def numbered(name: str) -> Rows:
    """Read rows of numbers; those below 0 only part them."""
    return rows([[int(word) for word in line.split() if int(word) >= 0] for line in lines(name)])


def beside(
    case: str, given: Rows, least: int, ask: Callable[..., Any], peers: dict[str, int], python: str
) -> dict[str, float]:
    """Return how many times as long each peer takes; ``peers`` says how often each is tried.

    Stops the run where a peer finds other patterns, or other counts.
    """
    found = ask(*given, least)  # compiles
    best = quickest(ask, given, least)
    ends = pairwise(found.offsets)
    patterns = zip((found.items[a:b].tolist() for a, b in ends), found.count.tolist(), strict=True)
    own = list(digest(patterns, ordered=hasattr(found, "histories")))
    print(f"{case}: {own[0]:,} patterns in at least {least:,} of {len(given[0]) - 1:,}")
    took_of: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for part, values in zip(("offsets", "items"), given, strict=True):
            np.save(Path(folder) / f"{part}.npy", values)
        for name, times in peers.items():
            script = Path(__file__).with_name("peers.py")
            command = [python, str(script), name, folder, str(least), str(times)]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            took, *mark = json.loads(done.stdout.splitlines()[-1])
            if mark != own:
                sys.exit(f"{name} finds {mark[0]:,} patterns, or others than ganj's {own[0]:,}")
            best, took_of[name] = min(best, quickest(ask, given, least)), took
    print(f"  {'ganj':18} {best:8.4f} s")
    for name, took in took_of.items():
        print(f"  {name:18} {took:8.4f} s   {took / best:6.1f} times", flush=True)
    return {name: took / best for name, took in took_of.items()}


def quickest(ask: Callable[..., Any], given: Rows, least: int) -> float:
    """Return the shortest of five times; asked before and after every peer, since machines are not always as quick."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        ask(*given, least)
        times.append(time.perf_counter() - start)
    return min(times)
