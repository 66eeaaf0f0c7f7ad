"""What collected messages become: events under their standard names, orders, money, channels, traits, people."""

import math

import pytest

from collecting import NOW, SECOND, collect, event, events, identify, page, workspace
from ganj.log import Line


def one(tmp_path, line, **settings):
    with workspace(tmp_path, line, **settings) as shop:
        (found,) = events(shop)
    return found


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Order Completed", "Order Completed"),
        ("Completed Order", "Order Completed"),  # version 1 of Segment's spec
        ("order_completed", "Order Completed"),
        ("purchase", "Order Completed"),  # Google Analytics 4
        ("Viewed Product Category", "Product List Viewed"),
        ("Products Searched", "Product Searched"),
        ("$pageview", "Page Viewed"),  # PostHog
        ("Trial Started", "Trial Started"),  # B2B
        ("بنر دیده شد", "بنر دیده شد"),  # the sender's own
        ("  Spaced  ", "Spaced"),
    ],
)
def test_names(tmp_path, sent, stored):
    assert one(tmp_path, event(sent))["event"] == stored


def test_pages_and_screens(tmp_path):
    with workspace(tmp_path, page(e="Home", p={"path": "/"}), page(k="screen", e="Cart", at=-1)) as shop:
        told = events(shop)
    assert [one["event"] for one in told] == ["Page Viewed", "Screen Viewed"]
    assert '"name":"Home"' in told[0]["properties"]


def test_an_order_with_its_lines_in_the_workspaces_currency(tmp_path):
    order = {
        "order_id": "o1", "revenue": 1_500, "total": 1_700, "currency": "IRT",
        "products": [
            {"product_id": "p1", "price": 500, "quantity": 2, "name": "کفش"},
            {"sku": "p2", "price": "500"},
        ],
    }  # fmt: skip
    with workspace(tmp_path, event("Order Completed", p=order), currency="IRR") as shop:
        (told,) = events(shop)
        lines = shop.sql(
            "select product, quantity, price, amount from order_lines order by product"
        ).to_pylist()
        about = shop.sql("select traits from products where product = 'p1'").to_pylist()
    assert (told["order_id"], told["amount"]) == ("o1", 15_000.0)
    assert [tuple(line.values()) for line in lines] == [
        ("p1", 2.0, 5_000.0, 10_000.0),
        ("p2", 1.0, 5_000.0, 5_000.0),
    ]
    assert "کفش" in about[0]["traits"]


@pytest.mark.parametrize(
    ("properties", "amount"),
    [
        ({"revenue": 10, "total": 12}, 10.0),
        ({"total": 12}, 12.0),
        ({"value": "12.5"}, 12.5),
        ({"products": [{"product_id": "a", "price": 3, "quantity": 2}]}, 6.0),
        ({"revenue": "۱۲۳"}, 123.0),
        ({"revenue": 0.1}, 0.1),
        ({"revenue": 123456789.123456789}, 123456789.123456789),
        ({"revenue": 1e22}, 1e22),
        ({"revenue": 10, "currency": "USD"}, None),  # no rate from dollars to rials
        ({"revenue": None}, None),
        ({"revenue": [1]}, None),
        ({"revenue": True}, None),
    ],
)
def test_what_an_order_is_worth(tmp_path, properties, amount):
    assert one(tmp_path, event("Order Completed", p={"order_id": "o", **properties}))["amount"] == amount


def test_what_is_cancelled_or_returned_comes_off(tmp_path):
    told = [
        event("Order Refunded", at=3, p={"order_id": "a", "total": 30}),
        event("Order Refunded", at=2, p={"order_id": "a", "total": 20}),  # in parts
        event("Order Cancelled", at=1, p={"order_id": "b", "total": 50}),
        event("Order Completed", at=0, p={"order_id": "c", "total": 0}),
    ]
    with workspace(tmp_path, *told) as shop:
        found = [(one["event"], one["amount"]) for one in events(shop)]
    assert found == [
        ("Order Refunded", -30.0), ("Order Refunded", -20.0), ("Order Cancelled", -50.0), ("Free Order Completed", 0.0),
    ]  # fmt: skip


def test_an_order_counts_once_whoever_tells_it(tmp_path):
    first = event("Order Completed", p={"order_id": "a", "total": 30})
    with workspace(
        tmp_path, first, event("Order Completed", at=-1, w="server", p={"order_id": "a", "total": 30})
    ) as shop:
        collect(shop, event("purchase", at=-2, p={"order_id": "a", "total": 30}))
        found = [(one["event"], one["amount"]) for one in events(shop)]
    assert found == [("Order Completed", 30.0), ("Order Repeated", None), ("Order Repeated", None)]


@pytest.mark.parametrize("first", ["import", "collection"])
def test_an_order_counts_once_imported_and_collected(tmp_path, first):
    (tmp_path / "orders.csv").write_text(
        "customer_id,order_id,order_date,total\nu1,a,2025-11-20,30\nu1,b,2025-11-21,40\n"
    )
    line = event("Order Completed", p={"order_id": "a", "total": 30})
    with workspace(tmp_path, currency="USD") as shop:
        if first == "collection":
            collect(shop, line)
        shop.load(shop.plan(tmp_path / "orders.csv", currency="USD"))
        if first == "import":
            collect(shop, line)
        (told,) = shop.sql(
            "select count(*) n, sum(amount) amount from events where event = 'Order Completed'"
        ).to_pylist()
    assert told == {"n": 2, "amount": 70.0}


def test_a_product_that_is_viewed_has_a_line(tmp_path):
    told = one(tmp_path, event("Product Added", p={"product_id": "p1", "price": 20, "quantity": 3}))
    assert told["product"] == "p1"
    assert one(tmp_path / "x", event("Signed Up", p={"id": "p1"}))["product"] is None


@pytest.mark.parametrize(
    ("context", "properties", "channel"),
    [
        ({"campaign": {"source": "google", "medium": "cpc"}}, {}, "Paid Search"),
        ({"campaign": {"source": "instagram", "medium": "story"}}, {}, "Organic Social"),
        ({}, {"url": "https://shop.ir/?utm_source=sms&utm_medium=sms"}, "SMS"),
        ({}, {"url": "https://shop.ir/?gclid=x"}, "Paid Search"),
        ({"page": {"referrer": "https://www.google.com/", "url": "https://shop.ir/"}}, {}, "Organic Search"),
        ({"page": {"referrer": "https://www.shop.ir/a", "url": "https://shop.ir/"}}, {}, None),  # from itself
        ({"page": {"referrer": "https://t.me/x", "url": "https://shop.ir/"}}, {}, "Organic Social"),
        ({"page": {"referrer": "https://blog.example/", "url": "https://shop.ir/"}}, {}, "Referral"),
        ({}, {"url": "https://shop.ir/"}, "Direct"),
        ({}, {"channel": "تلفن"}, "تلفن"),
    ],
)
def test_channels(tmp_path, context, properties, channel):
    assert one(tmp_path, page(c=context, p=properties))["channel"] == channel


@pytest.mark.parametrize(
    ("happened", "stored", "figure"),
    [
        (-SECOND, -SECOND, None),
        (-3 * 86_400 * SECOND, -3 * 86_400 * SECOND, "late"),
        (2 * 3_600 * SECOND, 2 * 3_600 * SECOND, "future"),
        (3 * 86_400 * SECOND, 0, "future"),  # a clock days ahead is wrong
        (-NOW + 1, 0, "old"),
    ],
)
def test_clocks(tmp_path, happened, stored, figure):
    with workspace(tmp_path) as shop:
        counts = collect(shop, event(t=NOW + happened))
        assert shop.store.span() == (NOW + stored, NOW + stored)
    assert [name for name in ("late", "future", "old") if getattr(counts, name)] == (
        [figure] if figure else []
    )


def test_a_message_is_stored_once_for_ever(tmp_path):
    with workspace(tmp_path, event(m="x"), event(m="x"), event(m="y")) as shop:
        assert collect(shop, event(m="x"), event(m="z")).duplicates == 1
        assert len(events(shop)) == 3
    import ganj

    with ganj.open(tmp_path / "shop") as shop:
        assert collect(shop, event(m="z"), event(m="y")).duplicates == 2
        assert len(events(shop)) == 3


def test_what_is_said_of_people(tmp_path):
    lines = [
        identify(
            traits={
                "email": "A@Example.com",
                "firstName": "آرش",
                "lastName": "راد",
                "age": 33,
                "address": {"city": "Qom"},
            }
        ),
        identify(at=-1, w="crm", traits={"age": 34}),
        identify(at=-2, traits={"city": None}),
    ]
    with workspace(tmp_path, *lines) as shop:
        profile = shop.store.profile(0)
        assert shop.store.search("آرش").tolist() == [0]
    assert {kind: value for kind, value, *_ in profile["identifiers"]} == {
        "customer_id": "u1",
        "email": "a@example.com",
    }
    told = {name: value[:2] for name, value in profile["traits"].items()}
    assert told["age"] == ("34", "crm")
    assert told["name"] == ("آرش راد", "web")
    assert "city" not in told


def test_a_visitor_who_signs_in_is_one_customer(tmp_path):
    lines = [
        event("Product Viewed", None, 5, a="8f2d-77"),
        identify("u1", 4, a="8f2d-77"),
        event("Order Completed", "u1", 3, p={"order_id": "1", "total": 5}),
    ]
    with workspace(tmp_path, *lines) as shop:
        assert {one["customer"] for one in events(shop)} == {0}
        collect(shop, event("Product Viewed", "u1", 2), event("Page Viewed", None, 1, a="8f2d-77"))
        assert {one["customer"] for one in events(shop)} == {0}


def test_an_event_of_nobody_is_kept(tmp_path):
    assert one(tmp_path, event(user=None))["customer"] is None


def test_properties_are_breakdowns_until_they_have_too_many_values(tmp_path):
    lines = [event(p={"colour": f"c{n % 7}", "serial": f"s{n}"}) for n in range(1_500)]
    with workspace(tmp_path, *lines) as shop:
        assert "colour" in shop.store.properties()
        assert "serial" not in shop.store.properties()
        assert len(shop.store.names("property:colour")) == 7
        collect(shop, event(p={"colour": "c3"}), event(p={"colour": 'نو "quoted"'}))
        assert shop.store.names("property:colour")[-1] == 'نو "quoted"'


def test_the_context_fills_what_an_event_does_not_tell(tmp_path):
    context = {"page": {"path": "/a", "title": "عنوان"}, "sessionId": 77, "os": {"name": "iOS"}}
    told = one(tmp_path, event(c=context, p={"path": "/own"}))
    assert told["properties"] == '{"path":"/own","title":"عنوان","session_id":77,"os":"iOS"}'


def test_decisions_lie_in_the_same_log(tmp_path):
    lines = [event(user="u1", at=2), event(user="u2", at=1)]
    decided = {"verb": "merge", "one": ["customer_id", "u1"], "other": ["customer_id", "u2"]}
    with workspace(tmp_path, *lines) as shop:
        told = collect(shop, Line(m="d", r=NOW, t=NOW, k="decision", w="ganj", d="ganj", p=decided))
        assert told.decisions == 1
        assert {one["customer"] for one in events(shop)} == {0}
        collect(shop, event(user="u2"))
        assert {one["customer"] for one in events(shop)} == {0}
    assert not math.isnan(told.lines)
