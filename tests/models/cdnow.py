"""The CDNOW sample, 2,357 customers, from its log of orders; weeks, until 1997-09-30."""

import gzip
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

FILE = Path(__file__).parents[3] / "shared/data/cdnow/CDNOW_sample.txt.gz"
needs_file = pytest.mark.skipif(not FILE.exists(), reason="the real file is not here")
END = date(1997, 9, 30)


@cache
def customers():
    """Return again, last, seen, later (purchases of the 39 weeks after), mean repeat value of each."""
    days = defaultdict(lambda: defaultdict(float))
    with gzip.open(FILE, "rt") as lines:
        for line in lines:
            _, who, day, _, value = line.split()
            days[who][date(int(day[:4]), int(day[4:6]), int(day[6:]))] += float(value)
    return np.array([told(bought) for bought in days.values()]).T


def told(bought):
    inside = sorted(day for day in bought if day <= END)
    first, again = inside[0], len(inside) - 1
    spent = sum(bought[day] for day in inside[1:]) / again if again else 0
    return again, (inside[-1] - first).days / 7, (END - first).days / 7, len(bought) - len(inside), spent
