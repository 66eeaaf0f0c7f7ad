"""The public series: Walmart's stores by week, Australian retail by month, eight products of M5 by day.

Each set says how it is cut: the season, how far ahead, and how many origins, each ``ahead`` periods after the last.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

DATA = Path(__file__).parents[3] / "shared" / "data"
"""Beside the checkout."""


@dataclass(frozen=True)
class Set:
    """Series of one kind; ``series`` holds name → (first day of each period, figures)."""

    name: str
    period: str
    season: int
    ahead: int
    origins: int
    country: str
    series: dict[str, tuple[np.ndarray, np.ndarray]]

    def cuts(self, values: np.ndarray) -> list[int]:
        """Return the origins: how many periods are known at each."""
        return [len(values) - self.ahead * back for back in range(self.origins, 0, -1)]


def _days(dates: list[date]) -> np.ndarray:
    return np.array(dates, "datetime64[D]").astype(np.int64)


def _gathered(rows: list[tuple[str, date, float]]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    by: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for name, day, value in rows:
        by[name].append((day, value))
    made = {}
    for name, pairs in sorted(by.items()):
        pairs.sort()
        made[name] = (_days([day for day, _ in pairs]), np.array([value for _, value in pairs]))
    return made


def walmart() -> Set:
    """45 stores, 143 weeks that end on Fridays."""
    with gzip.open(DATA / "ts_walmart" / "Walmart.csv.gz", "rt") as file:
        rows = []
        for row in csv.DictReader(file):
            day, month, year = (int(part) for part in row["Date"].replace("/", "-").split("-"))
            rows.append((f"{int(row['Store']):02}", date(year, month, day), float(row["Weekly_Sales"])))
    return Set("walmart", "week", 52, 13, 3, "US", {k: (d - 6, y) for k, (d, y) in _gathered(rows).items()})


def retail() -> Set:
    """Turnover by state and industry, 72 months or more."""
    table = pq.read_table(DATA / "ts_aus_retail" / "aus_retail.parquet").to_pylist()
    rows = [(row["Series ID"], _month(row["Month"]), float(row["Turnover"])) for row in table]
    long = {k: v for k, v in _gathered(rows).items() if len(v[1]) >= 72}
    some = {key: long[key] for key in list(long)[:: 10 if "--few" in sys.argv else 1]}
    return Set("aus_retail", "month", 12, 12, 3, "AU", some)


def _month(value: object) -> date:
    """Read ``1982-04-01`` or ``1982 Apr``."""
    text = str(value)
    if "-" in text:
        return date.fromisoformat(text[:10])
    year, month = text.split()
    return date(
        int(year),
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].index(month) + 1,
        1,
    )


def m5() -> Set:
    """Eight products of M5, units by day."""
    with gzip.open(DATA / "ts_m5_small" / "m5_sales_exog_small.csv.gz", "rt") as file:
        rows = [
            (row["unique_id"], date.fromisoformat(row["ds"][:10]), float(row["y"]))
            for row in csv.DictReader(file)
        ]
    return Set("m5_small", "day", 7, 28, 4, "US", _gathered(rows))


SETS = {"walmart": walmart, "aus_retail": retail, "m5_small": m5}


def smape(actual: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Return 200 |y - f| / (|y| + |f|), percent, 0 where both are 0; shaped as given."""
    size = np.abs(actual) + np.abs(said)
    return 200 * np.abs(actual - said) / np.where(size == 0, 1, size)
