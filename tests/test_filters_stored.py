"""The same conditions in every analysis, on stored events: also on properties of many values."""

import pytest

from ganj.errors import UnknownName
from ganj.miner import Reads
from ganj.miners.funnel import Funnel
from ganj.miners.retention import Retention
from stored import workspace

MANY = 1_200  # more values than a breakdown has


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    rows = [
        {
            "customer": f"c{n % 60}",
            "event": "Page Viewed" if n % 3 else "Order Completed",
            "time": f"2024-01-{1 + n // 60:02}T10:00:{n % 60:02}",
            "amount": None if n % 3 else float(n),
            "properties": {
                "path": f"/blog/{n}" if n % 2 else f"/shop/{n}",
                "x": n / 2,
                "device": "app" if n % 5 else "web",
            },
        }
        for n in range(MANY)
    ]
    rows += [{"customer": f"c{n}", "traits": {"city": "تهران" if n < 20 else "Rey"}} for n in range(60)]
    with workspace(tmp_path_factory.mktemp("filters"), rows) as shop:
        yield shop


def test_a_property_of_many_values_is_read_from_the_events(shop):
    assert "path" in shop.store.snapshot.wide_properties()
    assert "device" in shop.store.properties()
    reads = Reads(columns=("time", "event"), properties=("path", "device"), numbers=("x", "path", "device"))
    seen = {}
    for part in shop.store.histories(reads):
        path, x = part.category("path"), part.columns["number:x"]
        labels = [path.labels[code] for code in path.codes]
        seen |= dict(zip(labels, x.tolist(), strict=True))
        assert sum(part.columns["number:path"] == part.columns["number:path"]) == 0  # no path is a number
        assert len(part.columns["number:device"]) == len(labels)
    assert seen == {(f"/blog/{n}" if n % 2 else f"/shop/{n}"): n / 2 for n in range(MANY)}


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (("path contains /blog",), lambda n: n % 2),
        (("path contains /blog", "device = app"), lambda n: n % 2 and n % 5),
        (("x > 300",), lambda n: n / 2 > 300),
        (("path matches ^/shop/1+0$", "amount >= 0"), lambda n: n in {10, 110, 1110} and n % 3 == 0),
        (("city = تهران",), lambda n: n % 60 < 20),
        (("city = تهران", "amount > 500"), lambda n: n % 60 < 20 and n % 3 == 0 and n > 500),
    ],
)
def test_an_analysis_counts_only_what_fits(shop, where, kept):
    returns = ("Page Viewed", "Order Completed")
    miner = Retention(start="Page Viewed", returns=returns, period="day", where=where)
    table = shop.mine(miner).table("flow").to_pandas()
    by_customer = {}
    for n in range(MANY):
        if kept(n):
            by_customer.setdefault(n % 60, []).append(n)
    active = 0
    for events in by_customer.values():
        first = next((n for n in events if n % 3), None)
        active += len({n // 60 for n in events if first is not None and n >= first})
    assert table["active"].sum() == active


def test_a_cell_of_a_filtered_analysis_opens_its_customers(shop):
    miner = Funnel(steps=("Page Viewed", "Order Completed"), where=("city = تهران", "device = app"))
    mined = shop.mine(miner)
    steps = mined.table("steps")
    for row, opens in enumerate(steps.table.opens["customers"]):
        assert len(shop.opens(miner, opens)) == steps.table.values["customers"][row]
    assert steps.table.values["customers"][0] <= 20


@pytest.mark.parametrize(
    ("miner", "near"),
    [
        (Funnel(steps=("Page Viewed", "Order Completed"), where=("devise = app",)), "device"),
        (Funnel(steps=("Page Viewed[pat = x]", "Order Completed")), "path"),
        (Funnel(steps=("Page View[path = x]", "Order Completed")), "Page Viewed"),
        (Funnel(steps=("Page Viewed", "Order Completed"), where=("customer.device = x",)), "city"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest(shop, miner, near):
    with pytest.raises(UnknownName) as refused:
        shop.mine(miner)
    assert near in refused.value.advice("en")
    assert near in refused.value.advice("fa")
