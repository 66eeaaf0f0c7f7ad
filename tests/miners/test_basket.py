"""What is bought together: published baskets, shuffled ones, and the demo's planted affinities."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baskets import groceries, opened
from folding import behind, learn, run, scores
from ganj.errors import BadParameter, UnknownName
from ganj.events import ORDER
from ganj.histories import NOBODY, Histories, Lines
from ganj.miners.basket import Basket
from ganj.simulate import shop
from ganj.views import basket_fold
from reference import basket as slow
from stored import workspace

ANY = {"level": 1, "longest": 0, "top": 100_000}


def bought(people, first=0, names=None):
    """Histories of customers, each a list of orders, each a list of products."""
    orders = [order for person in people for order in person]
    flat = [product for order in orders for product in order]
    names = names or sorted(set(flat))
    code = {name: number for number, name in enumerate(names)}
    offsets = np.concatenate(([0], np.cumsum([len(order) for order in orders]))).astype(np.int64)
    product = np.array([code[name] for name in flat], np.int32)
    columns = {"time": np.arange(len(orders)), "event": np.zeros(len(orders), np.int32)}
    return Histories(
        np.arange(len(people), dtype=np.int32) + first,
        np.concatenate(([0], np.cumsum([len(person) for person in people]))).astype(np.int64),
        columns,
        Lines(offsets, product, np.ones(len(flat)), np.ones(len(flat))),
        names={"event": (ORDER,), "product": tuple(names)},
    )


def evidence(report, name):
    return next(finding.evidence[name] for finding in report.findings if name in finding.evidence)


@pytest.fixture(scope="module")
def grocer(tmp_path_factory):
    """The grocer's baskets as the orders of 500 customers, stored."""
    offsets, items, names = groceries()
    rows = [
        {
            "customer": f"c{order % 500}",
            "event": ORDER,
            "order": f"o{order}",
            "time": 1_700_000_000_000_000 + order * 60_000_000,
            "product": names[item],
            "quantity": 1.0,
            "price": 1.0,
        }
        for order in range(len(offsets) - 1)
        for item in items[offsets[order] : offsets[order + 1]]
    ]
    with workspace(tmp_path_factory.mktemp("grocer"), rows) as made:
        yield made


def test_published_rules_of_a_grocer(grocer):
    report = grocer.mine(Basket(support=0.001, confidence=0.8, **ANY)).report
    rules = report.tables["rules"].values
    assert evidence(report, "sets") == 13_492
    assert len(rules["lift"]) == evidence(report, "passed") == 410
    assert round(float(rules["lift"][0]), 4) == 11.2353
    assert set(rules["if"][0].split(" + ")) == {"liquor", "red/blush wine"}
    assert rules["then"][0] == "bottled beer"


def test_every_number_of_customers_is_who_it_opens(grocer):
    mined = grocer.mine(Basket(support=0.005, confidence=0.2))
    found, opened_cells = mined.scores(), 0
    for table in mined.report.tables.values():
        for name, cells in table.opens.items():
            for said, opens in zip(table.values[name], cells, strict=True):
                assert len(behind(found, opens)) == said
                opened_cells += said > 0
    assert opened_cells > 100


def test_shuffled_baskets_have_nothing_to_tell():
    baskets = {}
    with opened("baskets/Groceries_dataset.csv.gz") as lines:
        next(lines)
        for line in lines:
            member, day, item = line.strip().split(",")
            baskets.setdefault(member, {}).setdefault(day, []).append(item)
    report = run(Basket(support=5), bought([list(days.values()) for days in baskets.values()]))
    assert "rules" not in report.tables
    assert report.findings[0].tone == "warn"
    assert report.findings[0].text.en.startswith("Nothing goes together")
    assert report.findings[0].evidence["tested"] > 1000


def test_planted_affinities_are_found():
    truth = (made := shop(seed=7, customers=4_000, until=date(2026, 11, 21))).truth["affinities"]
    lines = made.table("orders").to_pandas()
    planted = {(frozenset(rule["given"]), rule["then"]): rule for rule in truth if rule["orders_both"] >= 12}
    people = demo(lines)
    rules = run(Basket(support=5, top=10_000), bought(people)).tables["rules"].values
    told = {
        (frozenset(left.split(" + ")), right): place
        for place, (left, right) in enumerate(zip(rules["if"], rules["then"], strict=True))
    }
    assert len(planted) >= 5
    assert planted.keys() <= told.keys()


def demo(lines):
    """Gather the demo's orders by customer."""
    lines = lines[(lines.event == ORDER) & lines["product"].notna()]
    orders = lines.groupby(["customer_id", "order"], sort=False)["product"].agg(
        lambda names: sorted(set(names))
    )
    return [list(some) for _, some in orders.groupby(level=0, sort=False)]


product = st.sampled_from("abcde")
people = st.lists(st.lists(st.lists(product, max_size=4), max_size=4), min_size=1, max_size=6)
ENOUGH = [[["a", "b"]] * 6 + [["c", "d"]] * 3, [["b", "e"], ["a"]]]


@given(people, st.integers(1, 4), st.sampled_from([0, 0.3, 0.7]), st.sampled_from([0.0, 1.0, 1.5]))
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_trying_every_set(some, least, confidence, lift):
    everyone = some + ENOUGH
    asked = Basket(support=least, confidence=confidence, lift=lift, **ANY)
    histories = bought(everyone, names=list("edcba"))
    report = run(asked, histories)
    wanted = slow.rules(everyone, least, confidence, lift)
    assert rules_of(report) == {key: pytest.approx(row) for key, row in wanted.items()}
    sets = report.tables["itemsets"].values
    counts, _ = slow.frequent(everyone, least)
    assert {frozenset(s.split(" + ")): n for s, n in zip(sets["items"], sets["orders"], strict=True)} == {
        some: n for some, n in counts.items() if len(some) > 1
    }
    found = scores(asked, histories)
    for table in report.tables.values():
        for name, cells in table.opens.items():
            for said, opens in zip(table.values[name], cells, strict=True):
                assert len(behind(found, opens)) == said


def rules_of(report):
    if "rules" not in report.tables:
        return {}
    values = report.tables["rules"].values
    names = ("orders", "support", "confidence", "lift", "customers", "offer_to")
    rows = zip(*(values[name] for name in names), strict=True)
    keys = zip(values["if"], values["then"], strict=True)
    return {
        (frozenset(left.split(" + ")), right): (n, s / 100, c / 100, lift, k, offer)
        for (left, right), (n, s, c, lift, k, offer) in zip(keys, rows, strict=True)
    }


def test_sales_to_nobody_are_baskets_and_no_customers():
    histories = bought([[["a", "b"]] * 20 + [["c"]] * 20, [["a", "b"]]], first=NOBODY)
    values = run(Basket(support=2), histories).tables["rules"].values
    assert values["orders"].tolist() == [21, 21]
    assert values["customers"].tolist() == [1, 1]
    assert scores(Basket(support=2), histories)["customer"].to_pylist() == [0]


def test_only_what_was_asked_for(grocer):
    asked = Basket(support=0.005, contains=("curd",), consequent=("whole milk",), without=("yogurt",))
    report = grocer.mine(asked).report
    rules, sets = report.tables["rules"].values, report.tables["itemsets"].values
    assert set(rules["then"]) == {"whole milk"}
    assert all("curd" in left and "yogurt" not in left for left in rules["if"])
    assert all("curd" in items and "yogurt" not in items for items in sets["items"])


def test_a_product_that_nobody_sells_is_refused_and_so_is_what_no_set_can_be(grocer):
    for asked in ({"contains": ("whole mylk",)}, {"goods": "category"}):
        with pytest.raises(UnknownName):
            grocer.mine(Basket(**asked))
    for asked in ({"contains": ("a",), "without": ("a",)}, {"price_least": 5.0, "price_most": 4.0}):
        with pytest.raises(BadParameter):
            Basket(**asked)


def test_constraints_name_categories_where_baskets_are_of_categories(tmp_path):
    shelves = {"pen": "paper", "pad": "paper", "tea": "food"}
    rows = [
        {
            "customer": "c1",
            "event": ORDER,
            "order": f"o{n}",
            "time": 1_700_000_000_000_000 + n,
            "product": name,
        }
        | {"quantity": 1.0, "price": 1.0, "product_traits": f'{{"category": "{shelf}"}}'}
        for n in range(20)
        for name, shelf in shelves.items()
    ]
    with workspace(tmp_path, rows) as made:
        asked = Basket(goods="category", contains=("food",), level=1, lift=0)
        assert made.mine(asked).report.tables["itemsets"].values["items"] == ["food + paper"]
        for wrong in (Basket(goods="category", contains=("pen",)), Basket(contains=("food",))):
            with pytest.raises(UnknownName):
                made.mine(wrong)


def test_only_sets_of_a_price():
    histories = bought([[["a", "b"], ["a", "b", "c"], ["d"]]] * 20)
    histories.lines.price[:] = 10.0**histories.lines.product
    for asked, wanted in (
        ({"price_least": 100.0}, {"a + c", "b + c", "a + b + c"}),
        ({"price_least": 12.0, "price_most": 110.0}, {"a + c", "b + c"}),
        ({"price_most": 11.0}, {"a + b"}),
    ):
        tables = run(Basket(support=2, lift=0, **ANY, **asked), histories).tables
        sets, rules = tables["itemsets"].values, tables["rules"].values
        assert set(sets["items"]) == wanted
        assert sorted(set(np.round(rules["price"]))) == sorted(set(np.round(sets["price"])))


def test_closed_and_maximal_sets_are_fewer(grocer):
    many = [
        evidence(grocer.mine(Basket(support=0.005, kind=kind, **ANY)).report, "sets")
        for kind in ("all", "closed", "maximal")
    ]
    assert many[0] >= many[1] > many[2] > 0


def test_few_orders_of_several_products_are_too_few():
    report = run(Basket(), bought([[["a", "b"]] * 9 + [["c"]] * 50]))
    assert list(report.tables) == ["products"]
    assert report.findings[0].text.en.startswith("What goes together needs")
    assert report.findings[0].evidence == {"few": 10, "several": 9, "orders": 59}


def test_of_very_many_orders_a_sample_is_kept_however_parts_are_joined(monkeypatch):
    monkeypatch.setattr(basket_fold.Baskets.fitted, "__defaults__", (300,))
    dice = np.random.default_rng(5)
    people = [[list(dice.choice(list("abcdef"), 3, replace=False)) for _ in range(5)] for _ in range(80)]
    whole, asked = bought(people, names=list("abcdef")), Basket(support=2, level=1)
    parts = [whole.part(0, 11), whole.part(11, 50), whole.part(50, 80)]
    one, other = learn(asked, whole), learn(asked, *parts[::-1])
    assert one.level == other.level == 2
    assert one.orders == other.orders
    assert 60 <= one.orders <= 100
    assert one.count.tolist() == other.count.tolist()
    report = run(asked, whole)
    assert evidence(report, "part") == 4
    assert all(opens is None for opens in report.tables["products"].opens["customers"])
