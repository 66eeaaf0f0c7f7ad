"""The public series: Walmart's stores by week, Australian retail by month, eight products of M5 by day, and sales of three shops.

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


def _electronics(what: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rows = [
        (row[what], day, float(row["Quantity Ordered"]) * float(row["Price Each"]))
        for path in sorted((DATA / "electronics_sales_2019").glob("*.csv.gz"))
        for row in _lines(path)
        for day in [_bought(row)]
        if day is not None
    ]
    return _summed(rows)


def _bought(row: dict[str, str]) -> date | None:
    """Read the day of an order and put its city beside it; None for the headers among them, and for other years."""
    day, _, _ = (row["Order Date"] or "").partition(" ")
    if day.count("/") != 2 or not day.endswith("/19"):
        return None
    month, nth, year = (int(part) for part in day.split("/"))
    _, city, state = row["Purchase Address"].split(", ")
    row["City"] = f"{city}, {state[:2]}"
    return date(2000 + year, month, nth)


def cities() -> Set:
    """Revenue of a shop for electronics in ten cities by day, 2019."""
    return Set("cities", "day", 7, 28, 4, "US", _electronics("City"))


def products() -> Set:
    """Revenue of its ten largest products by day, 2019."""
    return Set("products", "day", 7, 28, 4, "US", _largest(_electronics("Product")))


def _journey(of: dict[str, str] | None) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    table = pq.read_table(DATA / "completejourney" / "transactions_sample.parquet").to_pylist()
    rows = [
        (
            row["store_id"] if of is None else of.get(row["product_id"]) or "",
            row["transaction_timestamp"].date(),
            float(row["sales_value"]),
        )
        for row in table
        if row["transaction_timestamp"].year == 2017
    ]
    return _largest(_summed(rows))


def departments() -> Set:
    """Sales of a grocer's ten largest departments by day, 2017."""
    table = pq.read_table(DATA / "completejourney" / "products.parquet", columns=["product_id", "department"])
    of = {row["product_id"]: row["department"] for row in table.to_pylist()}
    return Set("departments", "day", 7, 28, 4, "US", _journey(of))


def branches() -> Set:
    """Sales of its ten largest stores by day, 2017."""
    return Set("branches", "day", 7, 28, 4, "US", _journey(None))


def _superstore(name: str, *, monthly: bool) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rows = []
    for row in _lines(DATA / "superstore" / "superstore.csv.gz"):
        month, nth, year = (int(part) for part in row["Order Date"].split("/"))
        day = date(year, month, 1) if monthly else date(year, month, nth)
        rows.append((name.format(**row), day, float(row["Sales"])))
    return _summed(rows, monthly=monthly)


def regions() -> Set:
    """Sales of a store by region and category, 48 months."""
    return Set("regions", "month", 12, 6, 3, "US", _superstore("{Region} {Category}", monthly=True))


def categories() -> Set:
    """Its sales by kind of goods (sub-category), the ten largest, 48 months."""
    return Set("categories", "month", 12, 6, 3, "US", _largest(_superstore("{Sub-Category}", monthly=True)))


def _largest(series: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the ten largest series."""
    names = sorted(series, key=lambda name: -float(series[name][1].sum()))[:10]
    return {name: series[name] for name in sorted(names)}


def _lines(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", errors="replace") as file:
        return list(csv.DictReader(file))


def _summed(
    rows: list[tuple[str, date, float]], *, monthly: bool = False
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Add up by name and day, or month; where nothing came is zero."""
    first, last = min(day for _, day, _ in rows), max(day for _, day, _ in rows)
    every = [
        date.fromordinal(n)
        for n in range(first.toordinal(), last.toordinal() + 1)
        if not monthly or date.fromordinal(n).day == 1
    ]
    place = {day: n for n, day in enumerate(every)}
    made: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(every)))
    for name, day, value in rows:
        made[name][place[day]] += value
    return {name: (_days(every), made[name]) for name in sorted(made)}


SETS = {"walmart": walmart, "aus_retail": retail, "m5_small": m5}
LIMITS = {"cities": cities, "departments": departments, "regions": regions, "categories": categories}
"""Sets on which only limits are looked at; how far misses of the past count today was chosen by them, too."""
HELD = {"products": products, "branches": branches}
"""Sets that nothing was chosen by."""


def smape(actual: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Return 200 |y - f| / (|y| + |f|), percent, 0 where both are 0; shaped as given."""
    size = np.abs(actual) + np.abs(said)
    return 200 * np.abs(actual - said) / np.where(size == 0, 1, size)
