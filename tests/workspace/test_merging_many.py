"""Merges among enough customers that every analysis has something to say, not only why it is silent."""

from datetime import date

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ganj
from ganj import miners
from ganj.parameters import build
from ganj.simulate import shop as simulated
from ganj.simulate.told import TOLD
from stored import UTC_SETTINGS
from workspace.test_merging import rounded

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
        pytest.param(miners.names(), 400, tuple(TOLD), id="all", marks=pytest.mark.slow),
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
        assert sum(during[name] != before[name] for name in names) >= 3 * len(names) // 4
        for merge in merges[::-2] + merges[-2::-2]:
            shop.unmerge(merge)
        assert reports(shop, names) == before


def pairs_of(shop):
    """Pairs of customers of any age, half of them named the newer one first."""
    numbers = np.arange(shop.store.snapshot.customers)
    ids = [who for who in shop.store.people(numbers, ("customer_id",))["customer_id"].to_pylist() if who]
    return np.random.default_rng(2).choice(ids, (PAIRS, 2), replace=False).tolist()


def one_from_the_start(rows, pairs):
    """Rows in which the second of each pair has come under the first one's number."""
    first = {other: one for one, other in pairs}
    changed = {}
    for source, table in rows.items():
        ids = [first.get(who, who) for who in table["customer_id"].to_pylist()]
        at = table.schema.get_field_index("customer_id")
        changed[source] = table.set_column(at, "customer_id", pa.array(ids, pa.string()))
    return changed


@pytest.mark.slow
def test_merged_is_as_if_collected_as_one_where_many_customers_are_needed(tmp_path):
    rows = tables(400, tuple(TOLD))
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    with made(tmp_path / "one", rows) as shop:
        pairs = pairs_of(shop)
        for pair in pairs:
            shop.merge(*(f"customer_id:{who}" for who in pair))
        found = dict(alike_reports(shop))
    with made(tmp_path / "other", one_from_the_start(rows, pairs)) as shop:
        for name, said in alike_reports(shop):
            assert said == found[name], name


def alike_reports(shop):
    """What analyses say; who a customer is, is told by what the draws go by, which two shops have in common."""
    lots = shop.store.snapshot.lots(np.arange(shop.store.snapshot.customers)).tolist()
    for name in miners.names():
        mined = shop.mine(build(miners.find(name), miners.find(name).example))
        said = msgspec.json.decode(msgspec.json.encode(mined.to_json(UTC_SETTINGS), enc_hook=str))
        for table in said["tables"].values():
            named(table, lots)
        scores = mined.scores().to_pydict() if miners.find(name).scored else {"customer": []}
        scores["customer"] = [lots[customer] for customer in scores["customer"]]
        yield name, rounded([said["tables"], said["findings"], msgspec.to_builtins(scores, enc_hook=str)])


def named(table, lots):
    """Put lots in the place of customers' numbers."""
    columns = [column["name"] for column in table["columns"]]
    if "customer" in columns:
        at = columns.index("customer")
        table["rows"] = [[*row[:at], lots[row[at]], *row[at + 1 :]] for row in table["rows"]]
