"""A shop with three kinds of buyers, each its own way of buying, and their traits."""

from datetime import timedelta
from functools import cache

import numpy as np

from words import DAY_ZERO, write

UNTIL = DAY_ZERO + timedelta(days=300)
KINDS = ("often", "large", "gone")
"""Many small orders until the end; one or two large ones lately; a few small ones long ago."""
EACH = 80


def person(kind, rng):
    days = {"often": np.linspace(30, 285, 14), "large": np.array([245, 275]), "gone": np.array([15, 35, 55])}[
        kind
    ]
    scale = {"often": 20, "large": 900, "gone": 25}[kind]
    return " ".join(f"order@{day + rng.normal(0, 4):.2f}={scale * rng.lognormal(0, 0.2):.2f}" for day in days)


@cache
def shop():
    """Return the histories, and the kind of each customer."""
    rng = np.random.default_rng(6)
    kind = rng.permutation(np.repeat(np.arange(3), EACH))
    places = ("Tehran", "مشهد", "London")  # in no way tied to the kind
    traits = {
        "city": [places[at] for at in rng.integers(0, 3, len(kind))],
        "club": ["gold" if (one == 1) == (rng.random() < 0.9) else "none" for one in kind],
        "age": [float(30 + 10 * one + rng.normal(0, 3)) for one in kind],
    }
    return write(*(person(KINDS[at], rng) for at in kind), traits=traits), kind


def opened_as_said(report, found, behind):
    """Count the cells that open as many customers as they say; stop at one that does not."""
    count = 0
    for name, table in report.tables.items():
        for column in table.columns:
            for row, opens in enumerate(table.opens.get(column.name, ())):
                if opens is not None and column.unit == "customers":
                    assert len(behind(found, opens)) == table.values[column.name][row], (
                        name,
                        column.name,
                        row,
                    )
                    count += 1
    return count
