"""Mining a workspace: what comes back, what opens, and how long it stays true."""

import json

import pytest

import ganj
from ganj.errors import UnknownName
from ganj.miner import Where
from ganj.miners.funnel import Funnel
from ganj.miners.overview import Overview
from ganj.miners.retention import Retention
from ganj.miners.rfm import Rfm
from ganj.segments import Condition, Segment
from stored import workspace

ALI = {"customer": "ali", "traits": {"city": "Tehran"}}
SARA = {"customer": "sara", "traits": {"city": "Rey"}}
ORDER = {"event": "Order Completed", "product": "tea", "quantity": 1.0}


def order(who, day, number, amount):
    return {**who, **ORDER, "time": f"2024-{day}T09:00", "order": number, "price": amount, "amount": amount}


@pytest.fixture
def shop(tmp_path):
    rows = [
        {**ALI, "event": "Product Viewed", "time": "2024-01-01T08:00"},
        order(ALI, "01-01", "1", 100.0),
        order(ALI, "02-03", "2", 50.0),
        {**SARA, "event": "Product Viewed", "time": "2024-01-05T08:00"},
        order(SARA, "01-09", "3", 30.0),
        {"customer": "nima", "event": "Product Viewed", "time": "2024-01-07T08:00"},
    ]
    with workspace(tmp_path, rows) as made:
        yield made


def figure(mined, name, table=""):
    return mined.table(table).to_arrow()[name][0].as_py()


def test_the_overview_counts_the_shop(shop):
    mined = shop.mine(Overview())
    assert [figure(mined, name) for name in ("customers", "buyers", "orders", "revenue")] == [3, 2, 3, 180.0]


def test_what_was_left_open_is_said(shop):
    miner = shop.mine(Rfm()).miner
    # the day after the last event, in the workspace's zone and calendar
    assert (str(miner.until), miner.zone, miner.calendar) == ("2024-02-04", "UTC", "gregorian")


def test_json_has_the_agreed_shape(shop):
    said = json.loads(json.dumps(shop.mine(Retention(period="month")).to_json()))
    assert set(said) == {"miner", "parameters", "data_version", "tables", "findings"}
    assert said["miner"] == "retention"
    for table in said["tables"].values():
        assert all(set(column) == {"name", "label", "unit"} for column in table["columns"])
        assert all(len(row) == len(table["columns"]) for row in table["rows"])
    assert all(set(finding) == {"text", "evidence"} for finding in said["findings"])
    # periods are dates for programs
    assert said["tables"]["triangle"]["rows"][0][0] == "2024-01-01"


def test_tables_go_to_pandas_and_polars(shop):
    sheet = shop.mine(Overview()).table("periods")
    assert len(sheet.to_pandas()) == len(sheet.to_polars()) == len(sheet)


def test_a_result_is_kept_until_the_data_change(shop, tmp_path):
    first = shop.mine(Overview())
    assert shop.mine(Overview()).report is first.report
    shop.undo(1)
    assert shop.mine(Overview()).data_version != first.data_version
    assert figure(shop.mine(Overview()), "customers") == 0


def test_a_cell_opens_its_customers(shop):
    miner = Funnel(steps=("Product Viewed", "Order Completed"))
    report = shop.mine(miner).report.tables["steps"]
    opened = [len(shop.opens(miner, where)) for where in report.opens["customers"]]
    assert opened == list(report.values["customers"]) == [3, 2]


def test_every_score_is_of_one_customer(shop):
    scores = shop.mine(Rfm()).scores()
    assert scores["customer"].to_pylist() == sorted(set(scores["customer"].to_pylist()))


def test_an_unknown_event_names_the_nearest(shop):
    with pytest.raises(UnknownName) as wrong:
        shop.mine(Funnel(steps=("Product Vewed", "Order Completed")))
    assert "Product Viewed" in wrong.value.advice("en")
    assert "Product Viewed" in wrong.value.advice("fa")


def test_an_unknown_table_names_the_nearest(shop):
    with pytest.raises(UnknownName, match="perods"):
        shop.mine(Overview()).table("perods")


def test_a_segment_narrows_an_analysis(shop):
    rey = Segment((Condition("city", "=", "Rey"),))
    assert shop.save_segment("rey", rey) == 1
    assert figure(shop.mine(Overview(segment="rey")), "revenue") == 30.0


def test_a_changed_segment_is_not_answered_from_memory(shop):
    shop.save_segment("one city", Segment((Condition("city", "=", "Rey"),)))
    before = figure(shop.mine(Overview(segment="one city")), "revenue")
    shop.save_segment("one city", Segment((Condition("city", "=", "Tehran"),)))
    assert (before, figure(shop.mine(Overview(segment="one city")), "revenue")) == (30.0, 150.0)


def test_a_segment_of_scores_and_traits(shop):
    both = (*Segment.of(Overview(), (Where("orders", ">=", 2),)).all, Condition("city", "=", "Tehran"))
    assert len(shop.members(Segment(both))) == 1


def test_a_removed_segment_is_unknown(shop):
    shop.save_segment("rey", Segment((Condition("city", "=", "Rey"),)))
    shop.remove_segment("rey")
    with pytest.raises(UnknownName):
        shop.members("rey")


def test_customers_are_listed_by_revenue(shop):
    page = shop.customers(ganj.workspace.People(limit=2))
    assert (page.total, page.rows["revenue"].to_pylist()) == (3, [150.0, 30.0])
    rest = shop.customers(ganj.workspace.People(limit=2, offset=2))
    assert rest.rows["orders"].to_pylist() == [0]


def test_a_profile_tells_what_is_known(shop):
    number = int(shop.members(Segment((Condition("city", "=", "Rey"),)))[0])
    known = shop.customer(number)
    assert known.timeline.total == 2
    told = {
        one.analysis: {column.name: value for column, value in one.scores}
        for one in shop.profiles.scores_of(number)
    }
    assert told["overview"]["revenue"] == known.figures.revenue == 30.0


def test_a_customer_that_is_not_there(shop):
    with pytest.raises(UnknownName):
        shop.customer(10_000)


def test_a_notebook_draws_the_result(shop):
    drawn = shop.mine(Overview())._repr_html_()
    assert "<svg" in drawn
    assert "<table" in drawn


def test_a_rebuilt_workspace_says_the_same(shop):
    before = shop.mine(Overview()).to_json()
    shop.rebuild()
    after = shop.mine(Overview()).to_json()
    assert before["tables"] == after["tables"]
    assert not shop.verify()
