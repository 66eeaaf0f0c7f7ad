"""Alarms on the half of the Numenta Anomaly Benchmark that is given: NAB's standard score, every figure judged as it comes.

Ratio: the score over 55, the bar.  Beside it the scores of two simple rules by the same scorer: a normal distribution of
the figures before (NAB calls it windowed Gaussian and gives 39.6 for all its series), and alarms by lot.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from ganj.models.series.stream import strangeness, told

BAR = 1.0
WANTED = 55.0
WINDOW = 500

Judge = Callable[[Any], np.ndarray]


def main() -> float:
    from models.nab import FRESH, score, series

    every = list(series())

    def ours(one: Any) -> np.ndarray:
        return told(strangeness(one.values, one.season, one.learned), one.learned // FRESH)

    rules: dict[str, Judge] = {"ganj": ours, "windowed Gaussian": gaussian, "by lot": by_lot}
    found = {}
    print(f"{len(every)} series, {sum(len(one.values) for one in every):,} figures")
    for name, rule in rules.items():
        begins = time.perf_counter()
        found[name] = score([(one, rule(one)) for one in every])
        print(f"{name:20}{found[name]:7.1f}{time.perf_counter() - begins:8.1f} s", flush=True)
    ratio = float(found["ganj"] / WANTED)
    print(f"nab ratio {ratio:.2f} (bar {BAR})")
    if ratio < BAR:
        sys.exit(1)
    return ratio


def gaussian(one: Any) -> np.ndarray:
    """Say how many standard deviations each figure lies from the mean of those before."""
    sums = np.concatenate(([[0.0, 0.0]], np.column_stack((one.values, one.values**2)).cumsum(axis=0)))
    at = np.arange(len(one.values))
    first = np.maximum(at - WINDOW, 0)
    mean, square = ((sums[at] - sums[first]) / np.maximum(at - first, 1)[:, None]).T
    return np.asarray(np.abs(one.values - mean) / np.sqrt(np.maximum(square - mean**2, 1e-9)))


def by_lot(one: Any) -> np.ndarray:
    return np.random.default_rng(42).random(len(one.values))


if __name__ == "__main__":
    main()
