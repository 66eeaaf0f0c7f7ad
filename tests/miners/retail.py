"""Online Retail 2010–11 as histories, made here without the intake: real numbers to hold."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ganj.histories import Category, Histories, Lines

FILE = Path(__file__).parents[3] / "shared/data/online_retail_ii/year_2010_2011.parquet"
needs_file = pytest.mark.skipif(not FILE.exists(), reason="the real file is not here")


@cache
def clean():
    """The clean orders: customer known, quantity and price above 0, no invoice that begins with C."""
    lines = pd.read_parquet(FILE)
    good = (
        lines.CustomerID.notna()
        & (lines.Quantity > 0)
        & (lines.Price > 0)
        & ~lines.Invoice.str.startswith("C")
    )
    lines = lines[good].assign(amount=lambda rows: rows.Quantity * rows.Price)
    orders = lines.groupby(["CustomerID", "Invoice"], as_index=False).agg(
        time=("InvoiceDate", "min"),
        amount=("amount", "sum"),
        lines=("amount", "size"),
        country=("Country", "first"),
    )
    orders = orders.sort_values(["CustomerID", "time", "Invoice"])
    customers, sizes = np.unique(orders.CustomerID, return_counts=True)
    countries, code = np.unique(orders.country, return_inverse=True)
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    ends = np.concatenate(([0], np.cumsum(orders.lines)))
    nothing = np.zeros(int(ends[-1]))
    return Histories(
        np.arange(len(customers), dtype=np.int32),
        np.concatenate(([0], np.cumsum(sizes))),
        {
            "time": orders.time.to_numpy().astype("datetime64[us]").astype(np.int64),
            "event": np.zeros(len(orders), np.int32),
            "amount": orders.amount.to_numpy(),
        },
        Lines(ends, nothing.astype(np.int32), nothing, nothing),
        {"country": Category(code[first].astype(np.int32), tuple(countries))},
        {"event": ("Order Completed",)},
    )
