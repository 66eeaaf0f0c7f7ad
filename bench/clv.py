"""Fit BG/NBD to a million customers: ganj beside lifetimes, at equal likelihood.

Customers are drawn from the model itself and seen up to a year, in whole days.  Both get the same three columns, days
again, day of the last and days seen of each customer; ganj's time includes counting equal customers.  The ratio is of
the shortest of three runs, and the log-likelihoods at both maxima, computed by one formula, may differ by a
millionth.  The peer runs in a process of its own: ``--peer PYTHON`` says whose, where lifetimes is not in this environment.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from ganj.models.beta_geometric import BG_NBD
from ganj.models.fitting import fit
from ganj.models.purchases import of_days

BAR = 50.0
EQUAL = 1e-6
TRUE = {"r": 0.8, "alpha": 30.0, "a": 0.9, "b": 3.0}
PEER = """
import json, sys, time
import numpy as np
from lifetimes import BetaGeoFitter
columns = [column.astype(float) for column in np.load(sys.argv[1])]
best = 1e9
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    found = BetaGeoFitter().fit(*columns)
    best = min(best, time.perf_counter() - start)
print(json.dumps([best, [float(found.params_[name]) for name in ("r", "alpha", "a", "b")]]))
"""


def drawn(size: int) -> np.ndarray:
    """Live the lives of so many customers: int64[3, size], days again, day of the last, days seen."""
    draw = np.random.default_rng(3)
    rate = draw.gamma(TRUE["r"], 1 / TRUE["alpha"], size)
    leaves, seen = draw.beta(TRUE["a"], TRUE["b"], size), draw.integers(30, 366, size)
    again, last, clock = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size)
    here = np.ones(size, bool)
    while here.any():
        clock += draw.exponential(1, size) / np.maximum(rate, 1e-300)
        here &= clock < seen
        again += here
        last = np.where(here, clock, last).astype(np.int64)
        here &= draw.random(size) > leaves
    return np.stack((again, last, seen))


def main() -> float:
    words = argparse.ArgumentParser(prog="python -m bench clv", description=__doc__)
    words.add_argument("--customers", type=int, default=1_000_000)
    words.add_argument("--repeats", type=int, default=3)
    words.add_argument("--peer", default=sys.executable)
    told = words.parse_args()
    columns = drawn(told.customers)
    ours, best = [], np.inf
    for _ in range(told.repeats):
        start = time.perf_counter()
        rows = of_days(*columns)
        ours = fit(BG_NBD, rows).parameters.tolist()
        best = min(best, time.perf_counter() - start)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "columns.npy", columns)
        command = [
            told.peer,
            "-W",
            "ignore",
            "-c",
            PEER,
            str(Path(folder) / "columns.npy"),
            str(told.repeats),
        ]
        theirs, parameters = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    heights = [BG_NBD.score(np.array(place), rows)[0] for place in (ours, parameters)]
    print(f"{told.customers:,} customers, {len(rows.count):,} different ones")
    for name, seconds, place, height in zip(
        ("ganj", "lifetimes"), (best, theirs), (ours, parameters), heights, strict=True
    ):
        shown = " ".join(f"{value:.4f}" for value in place)
        print(f"{name:10} {seconds:8.3f} s   log-likelihood {height:.4f}   {shown}", flush=True)
    print(f"clv ratio {theirs / best:.1f} (bar {BAR:.0f})")
    if theirs / best < BAR or heights[0] < heights[1] - EQUAL * abs(heights[1]):
        sys.exit(1)
    return theirs / best


if __name__ == "__main__":
    main()
