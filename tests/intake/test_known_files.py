"""Real files with published answers; skipped where they are not at hand."""

import duckdb
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from ganj import intake
from intake_files import imported, real


def asked(table, query):
    with duckdb.connect() as connection:
        connection.register("rows", table)
        return connection.sql(query).fetchall()


@pytest.fixture(scope="module")
def retail():
    return imported(real("online_retail_ii/year_2010_2011.parquet"), base="GBP")


def test_online_retail_as_it_is(retail):
    plan, table, rejects = retail
    assert (plan.preset, rejects.count) == ("online_retail", 0)
    raw = 'select count(*), count(distinct customer_id), count(distinct "order"), round(sum(amount), 2) from rows'
    assert asked(table, raw) == [(541_909, 4_372, 25_900, 9_747_747.93)]


def test_online_retail_clean(retail):
    clean = """
        select count(*) filter (price > 0), count(distinct customer_id), count(distinct "order"), round(sum(amount), 2)
        from rows where event = 'Order Completed' and customer_id is not null
    """
    assert asked(retail[1], clean) == [(397_884, 4_338, 18_532, 8_911_407.90)]


def test_online_retail_is_counted_before_it_is_imported(retail):
    shown = intake.check(retail[0])
    assert (shown.read, shown.good, shown.identical) == (541_909, 541_909, 5_268)
    assert (shown.customers, shown.without_customer) == (4_372, 135_080)
    assert round(shown.amount, 2) == 9_747_747.93


def test_online_retail_from_csv_is_the_same_lines(retail, tmp_path):
    some = pq.read_table(real("online_retail_ii/year_2010_2011.parquet")).slice(0, 20_000)
    pacsv.write_csv(some, tmp_path / "retail.csv")
    table = imported(tmp_path / "retail.csv", base="GBP")[1].sort_by("row")
    ours = retail[1].sort_by("row").slice(0, 20_000)
    assert table["content"].to_pylist() == ours["content"].to_pylist()


def test_repeated_headers_of_daily_files():
    _, table, rejects = imported(real("online_retail_ii/raw_by_day_2010-12-01_to_06.csv.gz"), base="GBP")
    assert {code: reject.count for code, reject in rejects.reasons.items()} == {"header": 4}
    assert len(table) == len(set(table["row"].to_pylist()))


def test_superstore():
    plan, table, _ = imported(real("superstore"), base="USD")
    assert plan.main.dates["time"].order == "mdy"
    whole = 'select count(*), count(distinct "order"), count(distinct customer_id), round(sum(amount), 2) from rows'
    assert asked(table, whole) == [(9_994, 5_009, 793, 2_297_200.86)]
    extras = plan.main.extras
    assert {extras["Segment"], extras["Country"]} == {"trait"}
    assert {extras["Category"], extras["Sub-Category"]} == {"product"}
    assert {extras["City"], extras["State"], extras["Region"], extras["Ship Mode"], extras["Profit"]} == {
        "property"
    }


def test_electronics_twelve_files_as_one():
    plan, table, rejects = imported(real("electronics_sales_2019"), base="USD")
    assert len(plan.main.sources) == 12
    assert len(table) + rejects.count == 186_850
    whole = 'select count(*), count(distinct "order"), round(sum(amount), 2) from rows'
    assert asked(table, whole) == [(185_950, 178_437, 34_492_035.97)]
    assert {code: reject.count for code, reject in rejects.reasons.items()} == {"blank": 545, "header": 355}


def test_complete_journey():
    plan, table, _ = imported(real("completejourney"), base="USD")
    orders = """
        select count(*), count(distinct customer_id) from rows where event in ('Order Completed', 'Free Order Completed')
    """
    assert asked(table, orders) == [(75_000, 2_377)]
    joined = asked(
        table,
        "select event, count(*) from rows where event in ('Campaign Joined', 'Coupon Redeemed') group by 1 order by 1",
    )
    assert joined == [("Campaign Joined", 6_589), ("Coupon Redeemed", 2_102)]
    assert {left.name for left in plan.left_out} == {"coupons.parquet", "promotions_sample.parquet"}


def test_crm_sales():
    plan, table, _ = imported(real("crm_sales"), base="USD")
    won = "select count(*), sum(amount), count(distinct customer_id) from rows where event = 'Deal Won'"
    assert asked(table, won) == [(4_238, 10_005_534.0, 85)]
    assert plan.main.lookups[0].brings == ("manager", "regional_office")


def test_zoho():
    plan, table, rejects = imported(real("zoho_crm_sample"), base="USD")
    assert {entry.preset for entry in plan.tables} == {"zoho"}
    assert rejects.count == 0
    counts = dict(asked(table, "select event, count(*) from rows where event is not null group by event"))
    assert counts == {
        "Lead Created": 3_900, "Call Made": 4_100, "Meeting Held": 2_978, "Deal Created": 3_632, "Deal Won": 1_425,
        "Deal Lost": 485, "Deal Stage Changed": 1_722, "Order Completed": 971, "Order Cancelled": 329, "Ticket Opened": 797,
    }  # fmt: skip
    assert all(left.why.fa for left in plan.left_out)


@pytest.mark.parametrize(
    ("name", "kind", "rows", "who"),
    [
        ("rfm_orders/rfm_data_orders.parquet", "orders", 4_906, 995),
        ("clickstream/simple-onlineshop.csv.gz", "events", 32_283, 3_751),
        ("telco_churn/Telco-Customer-Churn.csv", "customers", 7_043, 7_043),
        ("marketing_campaign/marketing_campaign.csv", "customers", 2_240, 2_240),
        ("iranian_churn/Customer_Churn.csv", "customers", 3_150, 3_150),
        ("hillstrom/hillstrom.csv.gz", "customers", 64_000, 64_000),
        ("nps_fr/nps_fr.csv.gz", "customers", 13_954, 13_954),
        ("tweets_airline/Tweets_6col.csv.gz", "answers", 14_640, 0),
    ],
)
def test_the_kind_is_recognised(name, kind, rows, who):
    plan, table, _ = imported(real(name), base="USD")
    assert plan.kind == kind
    assert asked(table, "select count(*), count(distinct customer_id) from rows") == [(rows, who)]
