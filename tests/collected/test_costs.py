"""What channels cost, sent by a program: of nobody, whoever is named, and held against what channels brought."""

from datetime import date

import pytest
from litestar.testing import TestClient

from collecting import event, workspace
from ganj.faces.http.app import application
from ganj.miners.attribution import Attribution

DAY = 86_400
SINCE = date(2025, 11, 1)


def cost(channel, at, user="robot", name="Cost Recorded", **told):
    return event(name, user, at * DAY, p={"channel": channel, **told})


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    click = [
        event("Message Clicked", f"u{n}", 9 * DAY, p={"channel": "sms" if n < 3 else "ad"}) for n in range(5)
    ]
    order = [
        event("Order Completed", f"u{n}", 8 * DAY, p={"order_id": n, "total": 100}) for n in (0, 1, 2, 3)
    ]
    costs = [
        cost("sms", 9, cost=30),
        cost("sms", 8, user="u1", amount=15),
        cost("sms", 8, name="cost_recorded", value="15"),
        cost("ad", 8, spend=80),
        cost("ad", 40, cost=1_000),  # before the range asked for
        cost("ad", 8, note="without an amount"),
    ]
    with workspace(tmp_path_factory.mktemp("costs"), *click, *order, *costs) as opened:
        yield opened


def test_costs_stand_against_conversions(shop):
    mined = shop.mine(Attribution(model="last", since=SINCE))
    table = mined.table("channels").to_pandas().set_index("channel")
    assert table["cost"].to_dict() == {"sms": 60, "ad": 80}
    assert table["cpa"].to_dict() == {"sms": 20, "ad": 80}
    assert table["roas"].to_dict() == {"sms": 5, "ad": 1.25}
    assert "A conversion costs 8 tomans by ad and 2 tomans by sms." in " ".join(
        one.in_words(shop.settings) for one in mined.findings
    )


def test_costs_are_nobodys(shop):
    """Neither the program that sends them nor the customer it names has them; nobody is new."""
    assert len(shop.sql("select customer from customers")) == 5
    assert not len(shop.sql("select customer from events where event = 'Cost Recorded' and customer >= 0"))


def test_the_api_and_the_page_say_what_a_conversion_costs(shop):
    with TestClient(application(shop), base_url="http://127.0.0.1") as client:
        asked = {"model": "last", "since": str(SINCE)}
        told = client.get("/api/v1/mine/attribution", params=asked).json()["tables"]["channels"]
        at = [column["name"] for column in told["columns"]].index("cpa")
        assert {row[0]: row[at] for row in told["rows"]} == {"sms": 20, "ad": 80}
        page = client.get("/en/analyses/attribution", params=asked).text
        assert "Cost of one conversion" in page
        assert "A conversion costs" in page
