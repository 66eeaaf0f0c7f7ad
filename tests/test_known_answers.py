"""Published answers on real files, from the file to the committed workspace; skipped where they are not at hand."""

import pytest

from ganj import workspace
from intake_files import real


@pytest.fixture(scope="module")
def retail(tmp_path_factory):
    with workspace.create(tmp_path_factory.mktemp("retail") / "shop") as shop:
        path = real("online_retail_ii/year_2010_2011.parquet")
        shop.loaded = shop.load(shop.plan(path))
        yield shop


def asked(shop, query):
    return [tuple(row.values()) for row in shop.sql(query).to_pylist()]


EVENTS = "select event, count(*), count(distinct customer), round(sum(amount), 2) from events group by 1 order by 2 desc"


def test_online_retail_raw(retail):
    told = retail.loaded
    assert (told.read, told.imported, told.customers, told.orders) == (541_909, 541_909, 4_372, 25_900)
    assert (told.without_customer, told.identical, round(told.amount, 2)) == (135_080, 5_268, 9_747_747.93)


def test_online_retail_clean(retail):
    known = "from events where event = 'Order Completed' and customer is not null and customer >= 0"
    assert asked(retail, f"select count(*), count(distinct customer), round(sum(amount), 2) {known}") == [
        (18_532, 4_338, 8_911_407.9)
    ]


def test_the_same_file_again_changes_nothing_and_an_undo_takes_all_back(retail):
    before = asked(retail, EVENTS)
    again = retail.load(retail.plan(real("online_retail_ii/year_2010_2011.parquet")))
    assert (again.imported, again.duplicates) == (0, 541_909)
    assert asked(retail, EVENTS) == before
    part = retail.load(retail.plan(real("online_retail_ii/raw_by_day_2010-12-01_to_06.csv.gz")))
    assert (part.imported, part.rejected) == (0, 4)
    retail.undo(again.batch)
    assert asked(retail, EVENTS) == before


@pytest.mark.parametrize(
    ("name", "read", "imported", "orders", "amount"),
    [
        ("superstore", 9_994, 9_994, 5_009, 2_297_200.86),
        ("electronics_sales_2019", 186_850, 185_950, 178_437, 34_492_035.97),
    ],
)
def test_a_folder_is_one_import(tmp_path, name, read, imported, orders, amount):
    with workspace.create(tmp_path / "shop") as shop:
        told = shop.load(shop.plan(real(name)))
        assert (told.read, told.imported, told.orders) == (read, imported, orders)
        assert round(told.amount, 2) == amount


def test_complete_journey(tmp_path):
    with workspace.create(tmp_path / "shop") as shop:
        shop.load(shop.plan(real("completejourney")))
        buyers = "select count(distinct customer), sum(lines) from orders where event <> 'Order Refunded'"
        assert asked(shop, buyers) == [(2_377, 75_000)]
