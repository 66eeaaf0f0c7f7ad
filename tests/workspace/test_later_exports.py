"""A later export of the same orders knows more: what it says of them is counted once, and taken back whole."""

import pytest

import ganj
from intake_files import write

HEAD = "order_number,order_date,customer_id,product,quantity,unit_price,order_status\n"
FIRST = ("1,2026-01-02,u1,tea,2,100,completed", "2,2026-01-03,u2,cup,1,70,completed")
LATER = {  # what the later file says of the first order → what comes in, and what all orders then come to
    "completed": ({}, 270.0),
    "refunded": ({"Order Refunded": -200.0}, 70.0),
    "cancelled": ({"Order Cancelled": -200.0}, 70.0),
    "لغو شده": ({"Order Cancelled": -200.0}, 70.0),
}


@pytest.fixture
def shop(tmp_path):
    with ganj.create(tmp_path / "shop", buckets=2) as made:
        yield made


def told(shop, path, *lines):
    """Import lines of orders; returns the counts."""
    return shop.load(shop.plan(write(path, HEAD + "\n".join(lines) + "\n"), currency="IRR"))


def money(shop, since=0):
    rows = shop.sql(
        f"select event, sum(amount) from events where import > {since} group by event"
    ).to_pylist()
    return {row["event"]: next(v for k, v in row.items() if k != "event") for row in rows}


@pytest.mark.parametrize("status", LATER)
def test_what_became_of_an_order_since(shop, tmp_path, status):
    told(shop, tmp_path / "a.csv", *FIRST)
    changed = (FIRST[0].replace("completed", status), FIRST[1])
    for _ in range(2):  # the second time nothing is new
        told(shop, tmp_path / "b.csv", *changed)
    news, net = LATER[status]
    assert money(shop, since=1) == news
    assert sum(money(shop).values()) == net
    assert list(shop.verify()) == []
    shop.undo(1)
    alone = {"completed": 270.0, "refunded": 70.0}.get(status, 70.0)  # as if only the later file had come
    assert sum(money(shop).values()) == alone
    assert list(shop.verify()) == []


def test_an_order_never_paid_brings_nothing_and_may_be_paid_later(shop, tmp_path):
    failed = FIRST[0].replace("completed", "failed")
    for lines in ([failed], [failed, FIRST[1]], FIRST):
        told(shop, tmp_path / "a.csv", *lines)
    assert money(shop) == {"Order Cancelled": 0.0, "Order Completed": 270.0}
    assert list(shop.verify()) == []


def test_equal_lines_of_an_order_that_was_returned(shop, tmp_path):
    line = FIRST[0].replace("completed", "refunded")
    told(shop, tmp_path / "a.csv", line, line)
    told(shop, tmp_path / "b.csv", line, line)
    assert money(shop) == {"Order Completed": 400.0, "Order Refunded": -400.0}
    assert list(shop.verify()) == []
