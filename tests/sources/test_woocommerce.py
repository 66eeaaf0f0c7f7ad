"""A WooCommerce shop: orders, changes, customers and products, page by page, while the shop goes on selling."""

import pytest

import ganj
from ganj.intake.sources.errors import (
    BadAddress,
    BadAnswer,
    CertificateRefused,
    NotEncrypted,
    PrivateAddress,
    SignInRefused,
    Unreachable,
)
from ganj.intake.sources.reach import Reach
from ganj.intake.sources.woocommerce import Woocommerce
from source_servers import certificate, wc_order, woocommerce
from stored import UTC_SETTINGS

HERE = Reach(private=True)
LATER = "2025-11-20T10:00:00"


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "keys" / "key"))


@pytest.fixture
def shop(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=4) as made:
        yield made


@pytest.fixture
def woo():
    with woocommerce() as server:
        yield server


def feed(woo, **words):
    return Woocommerce(**{"url": woo.url, "consumer_key": "ck_live", "consumer_secret": "cs_secret", **words})


def told(woo, **words):
    parameters = {"url": woo.url, "consumer_key": "ck_live", "consumer_secret": "cs_secret", **words}
    return {"name": "woo", "type": "woocommerce", "parameters": parameters, "private": True}


def sums(shop):
    found = shop.sql("select event, count(*) n, sum(amount) amount from events group by event order by event")
    return {row["event"]: (row["n"], row["amount"]) for row in found.to_pylist()}


def numbers(feed, state=None):
    state, found = state or {}, []
    for part in feed.pull(state, HERE):
        state = part.state
        found += [row.get("order_id") or row["id"] for records in part.records for row in records.rows]
    return found, state


TEA = {
    "id": 91, "name": "Tea", "sku": "TEA-1", "price": "50", "type": "simple", "stock_status": "instock",
    "categories": [{"id": 1, "name": "Drinks", "slug": "drinks"}], "date_modified_gmt": "2025-01-01T00:00:00",
}  # fmt: skip
SARA = {
    "id": 26, "email": "sara@example.com", "first_name": "سارا", "last_name": "کریمی", "username": "sara",
    "date_created_gmt": "2024-01-01T00:00:00", "billing": {"phone": "09123456789", "city": "تهران"},
}  # fmt: skip
BEGUN = [
    wc_order(1),
    wc_order(2, "processing"),
    wc_order(3, "pending"),  # nobody paid yet
    wc_order(4, "cancelled"),
    wc_order(5, refunds=[{"id": 50, "reason": "broken", "total": "-40.00"}]),
]
CHANGED = [
    wc_order(1, "refunded", modified=LATER),
    wc_order(2, "completed", total="170.00", modified=LATER),
    wc_order(3, "processing", modified=LATER),
    wc_order(4, "cancelled", modified=LATER),
    wc_order(5, refunds=[{"id": 50, "total": "-40.00"}, {"id": 51, "total": "-15.00"}], modified=LATER),
]


@pytest.fixture
def begun(shop, woo):
    """A shop that was read once."""
    woo.things = {"orders": BEGUN, "products": [TEA], "customers": [SARA]}
    shop.sources.add(told(woo))
    report = shop.sources.run("woo")
    assert (report.error, report.rejected) == (None, 0)
    return shop


def test_orders_customers_and_products_come_together(begun):
    money = {"Order Completed": (3, 450.0), "Order Cancelled": (1, 0.0), "Order Refunded": (1, -40.0)}
    assert sums(begun) == money
    # number, e-mail and phone are one person's
    assert begun.sql("select count(*) n from customers").to_pylist() == [{"n": 1}]
    tea = begun.sql("select sum(quantity) q from order_lines where product = 'TEA-1'").to_pylist()
    assert tea == [{"q": 8}]
    assert begun.sources.run("woo").batches == []  # nothing changed


def test_changed_orders_are_never_counted_twice(begun, woo):
    woo.things["orders"] = CHANGED
    assert begun.sources.run("woo").error is None
    after = sums(begun)
    assert after["Order Completed"] == (4, 600.0)
    assert after["Order Adjusted"] == (1, 20.0)
    assert after["Order Refunded"][1] == -(40.0 + 150.0 + 15.0)
    assert sum(amount for _, amount in after.values()) == 0 + 170 + 150 + 0 + 95
    begun.rebuild()
    assert sums(begun) == after
    assert begun.verify() == ()


def test_pages_are_asked_until_the_last(woo):
    woo.things["orders"] = [wc_order(number) for number in range(1, 251)]
    found, state = numbers(feed(woo, what=("orders",)))
    assert sorted(set(found)) == list(range(1, 251))
    assert [words["page"] for _, words in woo.asked] == ["1", "2", "3"]
    assert state["orders"].keys() == {"after"}


def test_what_moves_up_a_page_is_not_missed(woo):
    """An order goes to the trash while pages are read, so that another slips to a page already read."""
    woo.things["orders"] = [wc_order(number) for number in range(1, 251)]

    def trash(thing, page):
        if page == 1:
            woo.things["orders"] = [one for one in woo.things["orders"] if one["id"] != 7]
            woo.after = lambda *_: None

    woo.after = trash
    found, _ = numbers(feed(woo, what=("orders",)))
    assert set(range(1, 251)) - set(found) <= {7}


def test_a_pass_that_breaks_off_goes_on_where_it_was(woo):
    woo.things["orders"] = [wc_order(number) for number in range(1, 251)]
    parts = feed(woo, what=("orders",)).pull({}, HERE)
    state = next(parts).state
    parts.close()
    woo.asked.clear()
    rest, _ = numbers(feed(woo, what=("orders",)), state)
    assert (min(rest), max(rest)) == (101, 250)


def test_a_shop_inside_or_without_https_needs_leave(woo):
    with pytest.raises(BadAddress, match="https"):
        list(feed(woo).pull({}, Reach()))
    with pytest.raises(PrivateAddress):
        list(feed(woo, url=woo.url.replace("http:", "https:")).pull({}, Reach()))


def test_refusals_are_told_apart(woo):
    with pytest.raises(SignInRefused, match="cannot list"):
        list(feed(woo, consumer_secret="wrong").pull({}, HERE))
    woo.broken = [503]
    with pytest.raises(Unreachable, match="503"):
        list(feed(woo).pull({}, HERE))
    woo.broken = [301]  # no redirect is followed: it may lead inside
    with pytest.raises(BadAnswer, match="301"):
        list(feed(woo).pull({}, HERE))


def test_a_shop_with_a_certificate_of_the_company_s_own(tmp_path):
    made = certificate(tmp_path)
    with woocommerce(certified=made, orders=[wc_order(7)]) as server:
        assert numbers(feed(server, authority=str(made[0]), what=("orders",)))[0]
        for wrong in ({"authority": ""}, {"url": server.url.replace("localhost", "127.0.0.1")}):
            with pytest.raises(CertificateRefused):
                list(feed(server, **{"authority": str(made[0]), **wrong}).pull({}, HERE))
        with pytest.raises(NotEncrypted), woocommerce() as plain:
            list(feed(plain, url=plain.url.replace("http:", "https:")).pull({}, HERE))
