"""Published baskets and sequences, as the miners of patterns take them."""

import gzip
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parents[1] / "../shared/data"


def opened(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return gzip.open(path, "rt") if path.suffix == ".gz" else path.open()


def rows(lists):
    """Write lists of codes as offsets and items."""
    offsets = np.concatenate(([0], np.cumsum([len(x) for x in lists]))).astype(np.int64)
    return offsets, np.fromiter(chain.from_iterable(lists), np.int32)


def groceries():
    """Return the 9,835 baskets of a grocer, and the names of the 169 items."""
    code = {}
    with opened("baskets/groceries.csv") as lines:
        baskets = [[code.setdefault(x, len(code)) for x in line.rstrip("\n").split(",")] for line in lines]
    return *rows(baskets), list(code)


def numbered(name):
    with opened(f"baskets/{name}") as lines:
        return rows([[int(x) for x in line.split()] for line in lines])


def sequences(name):
    """Return sequences of single items in the format of SPMF."""
    with opened(f"sequences/{name}") as lines:
        return rows([[int(x) for x in line.split() if int(x) >= 0] for line in lines])


def scattered():
    """Return baskets whose items were shuffled: nothing goes with anything."""
    baskets, code = {}, {}
    with opened("baskets/Groceries_dataset.csv.gz") as lines:
        next(lines)
        for line in lines:
            member, day, item = line.strip().split(",")
            baskets.setdefault((member, day), []).append(code.setdefault(item, len(code)))
    return rows(list(baskets.values()))
