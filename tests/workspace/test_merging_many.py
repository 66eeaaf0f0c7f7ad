"""Merges among enough customers that every analysis has something to say, not only why it is silent."""

from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

import ganj
from ganj import miners
from ganj.parameters import build
from ganj.simulate import shop as simulated
from ganj.simulate.told import TOLD
from stored import UTC_SETTINGS

NEEDS_MANY = (
    *("anomaly", "attribution", "basket", "churn", "clusters", "clv", "compare", "contracts", "landscape"),
    *("personas", "response", "retention", "sequence", "uplift", "value", "voice"),
)
QUICK = ("basket", "clusters", "clv", "landscape", "personas", "retention")
PAIRS = 8


def tables(customers, sources):
    drawn = simulated(seed=7, customers=customers, until=date(2026, 11, 21), days=365)
    return {source: drawn.table(source) for source in sources}


def made(folder, rows):
    """A workspace of simulated rows."""
    shop = ganj.create(folder / "shop", UTC_SETTINGS, buckets=3)
    for source, table in rows.items():
        pq.write_table(table, folder / f"{source}.parquet")
        shop.load_rows(folder / f"{source}.parquet")
    return shop


def reports(shop, names):
    told = {}
    for name in names:
        mined = shop.mine(build(miners.find(name), miners.find(name).example))
        said = mined.to_json(UTC_SETTINGS)
        said.pop("data_version")
        scored = bool(miners.find(name).scored)
        told[name] = repr(said), repr(mined.scores().to_pydict()) if scored else ""
    return told


@pytest.mark.parametrize(
    ("names", "customers", "sources"),
    [
        pytest.param(QUICK, 200, ("customers", "orders"), id="quick"),
        pytest.param(NEEDS_MANY, 400, tuple(TOLD), id="all", marks=pytest.mark.slow),
    ],
)
def test_undoing_restores_reports_that_need_many_customers(tmp_path, names, customers, sources):
    rows = tables(customers, sources)
    known = rows["orders"]["customer_id"].drop_null().unique().sort().to_pylist()
    pairs = np.random.default_rng(1).choice(known, (PAIRS, 2), replace=False).tolist()
    with made(tmp_path, rows) as shop:
        before = reports(shop, names)
        merges = [shop.merge(*(f"customer_id:{who}" for who in pair)).id for pair in pairs]
        shop.store.seal()
        during = reports(shop, names)
        assert sum(during[name] != before[name] for name in names) >= len(names) - 2
        for merge in merges[::-2] + merges[-2::-2]:
            shop.unmerge(merge)
        assert reports(shop, names) == before
