"""Where a figure moved: F1 and time a case over RobustSpot's real cases, beside the published answer of one dimension.

A case is a minute at which the errors of a video platform rose; what people found to be the cause must be told exactly,
all dimensions and no other.  Ratio: F1 of the first cause over .30, the bar, and 0 where a case takes half a second.
The row «largest excess of one dimension» is what a table sorted by contribution says.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

BAR = 1.0
WANTED, LONGEST = 0.30, 0.5  # F1, seconds


def main() -> float:
    from models.robustspot import cases, cells, score, told

    every = list(cases())
    longest = 0.0
    found: dict[int, list[Any]] = {1: [], 3: []}
    for case in every:
        for most, answers in found.items():
            begins = time.perf_counter()
            answers.append((told(case, most), case.causes))
            longest = max(longest, time.perf_counter() - begins)
    simple = [(largest(*cells(case)[:5]), case.causes) for case in every]
    print(f"{len(every)} cases")
    print(f"ganj, first cause                    F1 {score(found[1]):.3f}")
    print(f"ganj, up to three causes             F1 {score(found[3]):.3f}")
    print(f"largest excess of one dimension      F1 {score(simple):.3f}")
    print(f"longest case, reading it included    {longest:.3f} s (bar {LONGEST})")
    ratio = score(found[1]) / WANTED if longest < LONGEST else 0.0
    print(f"why ratio {ratio:.2f} (bar {BAR})")
    if ratio < BAR:
        sys.exit(1)
    return ratio


def largest(
    codes: Any, names: list[str], values: Any, now: Any, expected: Any
) -> frozenset[frozenset[tuple[str, str]]]:
    """Return the value with the largest excess over what is expected, of all dimensions."""
    best = (-np.inf, "", "")
    for d, name in enumerate(names):
        gap = np.bincount(codes[:, d], now - expected, len(values[d]))
        best = max(best, (float(gap.max()), name, str(values[d][int(gap.argmax())])))
    return frozenset({frozenset({best[1:]})})


if __name__ == "__main__":
    main()
