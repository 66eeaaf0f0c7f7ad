"""Frequent itemsets: ganj beside mlxtend and C. Borgelt's programs in C (PyFIM), equal sets and counts.

Groceries ten times over, T10I4D100K and mushroom: the first two are sparse (occurrence deliver), the last is full (bits).
Each contender gets what it takes ready made: offsets and codes, lists, a one-hot table; and returns every set with its
count. Two bars: 20 times as fast as mlxtend, and as fast as the faster of PyFIM's FP-growth and Eclat. The
ratio is the least, over data and peers, of how many times its bar each is held. ``--peer PYTHON`` says whose Python has
the peers, where they are not in this environment.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from bench.patterns.beside import Rows, beside, lines, numbered, rows

from ganj.kernels.itemsets import frequent

BARS = {"mlxtend": 20.0, "pyfim": 1.0}
CASES = {"Groceries × 10": 100, "T10I4D100K": 100, "mushroom": 1625}


def main() -> float:
    words = argparse.ArgumentParser(prog="python -m bench itemsets", description=__doc__)
    words.add_argument("--peer", default=sys.executable)
    python = words.parse_args().peer
    baskets = {
        "Groceries × 10": grocer(),
        "T10I4D100K": numbered("baskets/T10I4D100K.dat.gz"),
        "mushroom": numbered("baskets/mushroom.dat.gz"),
    }
    held = []
    for case, least in CASES.items():
        tries = {"mlxtend": 1, "pyfim fpgrowth": 5, "pyfim eclat": 5}
        ratios = beside(case, baskets[case], least, frequent, tries, python)
        c = min(ratios["pyfim fpgrowth"], ratios["pyfim eclat"])
        held += [ratios["mlxtend"] / BARS["mlxtend"], c / BARS["pyfim"]]
        print(f"  mlxtend {ratios['mlxtend']:.0f} (bar 20), PyFIM at its best {c:.2f} (bar 1)")
    print(f"itemsets ratio {min(held):.2f} (bar 1)")
    if min(held) < 1:
        sys.exit(1)
    return min(held)


def grocer() -> Rows:
    """Return the baskets of a grocer ten times over."""
    code: dict[str, int] = {}
    told = [line.split(",") for line in lines("baskets/groceries.csv")]
    offsets, items = rows([[code.setdefault(name, len(code)) for name in basket] for basket in told])
    sizes = np.tile(np.diff(offsets), 10)
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))), np.tile(items, 10)


if __name__ == "__main__":
    main()
