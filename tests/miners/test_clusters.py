"""Clusters: the kinds of buyers that were planted come back, named by what they do; who moved; when there are none."""

from datetime import date, timedelta

import numpy as np
import pytest

from folding import as_read, behind, learn, run, scores
from ganj.display import Display
from ganj.errors import BadParameter
from ganj.histories import Histories, Lines
from ganj.miners.clusters import Clusters
from ganj.simulate import shop as simulated
from ganj.simulate.buying import PLACED
from ganj.simulate.catalogue import CATEGORIES
from ganj.views.alike import mixed
from miners.kinds_of_people import EACH, UNTIL, opened_as_said, shop
from words import DAY_ZERO, write

EN = Display(language="en", digits="latin")


def asked(**more):
    return Clusters(until=UNTIL, zone="UTC", **more)


def clusters(found):
    return np.array(found["cluster"].to_pylist(), object)


@pytest.fixture(scope="module")
def told():
    miner = asked(compare=timedelta(days=150))
    read = as_read(miner, shop()[0])
    return run(miner, read), scores(miner, read)


def test_the_planted_kinds_are_found(told):
    _, kind = shop()
    named = clusters(told[1])
    for one in range(3):
        members = named[kind == one]
        assert (members == members[0]).mean() > 0.95
    assert len(set(named)) == 3


def test_clusters_are_named_by_what_their_customers_do(told):
    table = told[0].tables["clusters"]
    names = dict(table.columns[0].choices)
    first, second, third = (text.en for text in names.values())
    assert "large orders" in first  # most revenue
    assert "many orders" in second
    assert "long since an order" in third
    assert (np.abs(table.values["customers"] - EACH) < 5).all()
    assert table.values["share"].sum() == pytest.approx(100)
    assert table.values["revenue_share"].sum() == pytest.approx(100)


def test_a_finding_says_the_means_of_both_sides(told):
    said = [EN.text(finding.text, **finding.evidence) for finding in told[0].findings]
    assert any(one.startswith("Customers fall into 3 clusters") for one in said)
    (large,) = [one for one in said if one.startswith("Cluster 1 ")]
    assert "Mean order:" in large
    assert "(others " in large


def test_every_cell_opens_as_many_customers_as_it_says(told):
    report, found = told
    assert opened_as_said(report, found, behind) > 8


def test_who_had_not_bought_yet_came_from_nowhere(told):
    _, kind = shop()
    before = np.array(told[1]["cluster_before"].to_pylist(), object)
    assert (before[kind == 1] == "none").all()  # all large orders are of the last sixty days
    assert (before[kind == 2] != "none").all()


def test_parts_and_their_order_do_not_matter(told):
    miner = asked(compare=timedelta(days=150))
    whole = as_read(miner, shop()[0])
    parts = [whole.part(150, 240), whole.part(0, 150)]
    assert scores(miner, *parts)["cluster"].to_pylist() == told[1]["cluster"].to_pylist()


def test_a_number_and_ward_may_be_asked_for():
    miner = asked(method="ward", groups=4, figures=("orders", "basket"))
    read = as_read(miner, shop()[0])
    report, found = run(miner, read), scores(miner, read)
    assert len(set(clusters(found))) == 4
    assert opened_as_said(report, found, behind) > 4
    tree = report.tables["tree"].values
    assert (tree["left"] < tree["right"]).all()
    assert (tree["height"] >= tree["left_height"]).all()


def test_traits_alone_take_everyone_of_whom_they_are_known_and_name_values():
    miner = asked(figures=(), traits=("club", "age", "unheard"), groups=2)
    histories = write(
        *[""] * 121,
        traits={
            "club": ["gold"] * 60 + ["none"] * 60 + [None],
            "age": [60.0 + n % 7 for n in range(60)] + [20.0 + n % 5 for n in range(60)] + [None],
        },
    )
    report, found = run(miner, as_read(miner, histories)), scores(miner, as_read(miner, histories))
    assert found.num_rows == 120
    names = {text.en for _, text in report.tables["clusters"].columns[0].choices}
    assert any("club: gold" in name and "Age high" in name for name in names)


def test_noise_has_no_clusters_and_everyone_stays_together():
    rng = np.random.default_rng(1)
    miner = asked(figures=(), traits=("a", "b", "c"))
    histories = write(*[""] * 300, traits={name: rng.uniform(0, 1, 300).tolist() for name in "abc"})
    report = run(miner, as_read(miner, histories))
    assert report.tables["clusters"].values["customers"].tolist() == [300]
    assert report.findings[0].tone == "warn"
    assert "no clusters here" in report.findings[0].text.en


def test_too_few_customers_are_refused_with_the_reason():
    (only,) = run(asked(), as_read(asked(), write("order@1=10", "order@2=3"))).findings
    assert "This needs 50 buyers (without orders, liken customers by traits" in only.text.en


@pytest.mark.parametrize(
    "wrong", [{"figures": (), "traits": ()}, {"groups": 1}, {"compare": timedelta(days=-1)}], ids=str
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadParameter):
        Clusters(**wrong)


def test_figures_are_those_of_the_definition():
    miner = asked(
        figures=("recency", "orders", "basket", "revenue", "tenure", "rhythm", "returns", "activity")
    )
    histories = write("order@10=100 order@20=50 return@25=50 visit@30", "visit@1", "order@40=30")
    people = learn(miner, as_read(miner, histories)).alike.crowd
    rows = sorted(people.figures.tolist())
    day = (UNTIL - DAY_ZERO).days
    assert rows[1] == [day - 20, 2, 75, 150, day - 10, 10, 50, 4]
    assert rows[0][:5] == [day - 40, 1, 30, 30, day - 40]
    assert np.isnan(rows[0][5])  # no time between orders


def rand_index(one, other):
    """Return the adjusted Rand index of two divisions: 0 by chance, 1 where they are the same (Hubert, Arabie 1985)."""
    _, one = np.unique(one, return_inverse=True)
    _, other = np.unique(other, return_inverse=True)
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    both, rows, columns, whole = (
        (x * (x - 1) / 2).sum() for x in (table, table.sum(axis=1), table.sum(axis=0), table.sum())
    )
    expected = rows * columns / whole
    return (both - expected) / ((rows + columns) / 2 - expected)


def fifths(values):
    return np.searchsorted(np.quantile(values, [0.2, 0.4, 0.6, 0.8]), values)


def demo(seed, customers):
    """Return the orders of the simulated shop with their lines, and each customer's kind, which only the simulation knows."""
    made = simulated(seed=seed, customers=customers, until=date(2026, 11, 21))
    sold, cart, size = made.sold, made.cart, len(made.crowd)
    placed = np.flatnonzero(sold.fate == PLACED)
    orders = placed[np.lexsort((sold.time[placed], sold.customer[placed]))]
    place = np.full(len(sold.time), -1)
    place[orders] = np.arange(len(orders))
    lines = np.flatnonzero(place[cart.order] >= 0)
    lines = lines[np.argsort(place[cart.order[lines]], kind="stable")]
    worth = np.bincount(place[cart.order[lines]], (cart.price * cart.quantity)[lines], len(orders))
    ends = np.cumsum(np.bincount(place[cart.order[lines]], minlength=len(orders)))
    of = {
        name: at[lines]
        for name, at in (("product", cart.product), ("quantity", cart.quantity), ("price", cart.price))
    }
    categories = tuple(CATEGORIES[at].name for at in made.goods.category)
    histories = Histories(
        np.arange(size, dtype=np.int32),
        np.concatenate(([0], np.cumsum(np.bincount(sold.customer[orders], minlength=size)))),
        {"time": sold.time[orders], "event": np.zeros(len(orders), np.int32), "amount": worth},
        lines=Lines(np.concatenate(([0], ends)), of["product"].astype(np.int32), of["quantity"].astype(float), of["price"]),
        names={"event": ("Order Completed",), "product": tuple(made.goods.name), "product.category": categories},
    )  # fmt: skip
    return histories, made.crowd.segment


def test_the_demo_s_planted_kinds_are_found_by_what_customers_buy():
    """Whom the shop simulates as five kinds; those of one order are hard to tell.  Naive: fifths by the mean order."""
    histories, kind = demo(seed=1, customers=1200)
    miner = Clusters(until=date(2026, 11, 21), zone="Asia/Tehran", mix="product.category")
    read = as_read(miner, histories)
    found = scores(miner, read)
    kind = kind[found["customer"].to_numpy()]
    mean = np.bincount(histories.owner, histories.amount) / np.maximum(np.bincount(histories.owner), 1)
    naive = rand_index(fifths(mean[found["customer"].to_numpy()]), kind)
    assert 0.1 < naive < 0.2
    assert rand_index(clusters(found), kind) > 0.5
    opened_as_said(run(miner, read), found, behind)


def test_shares_are_those_of_money_in_each_order():
    """An order of two categories, one of one; a customer without orders; of a product nothing is known."""
    lines = Lines(
        np.array([0, 2, 3, 4]),
        np.array([0, 1, 0, 2], np.int32),
        np.array([1.0, 3, 1, 1]),
        np.array([10.0, 10, 7, 1]),
    )
    names = {
        "event": ("Order Completed",),
        "product": ("tea", "pan", "?"),
        "product.category": ("food", "kitchen", ""),
    }
    columns = {"time": np.arange(3), "event": np.zeros(3, np.int32), "amount": np.ones(3)}
    histories = Histories(
        np.arange(3, dtype=np.int32), np.array([0, 2, 2, 3]), columns, lines=lines, names=names
    )
    told, share = mixed(histories, "product.category")
    assert told == ("product.category=food", "product.category=kitchen")
    assert share[0].tolist() == [62.5, 37.5]
    assert np.isnan(share[1:]).all()


@pytest.mark.parametrize("mix", ["city", "product"])
def test_what_is_bought_is_told_by_a_trait_of_products(mix):
    with pytest.raises(BadParameter):
        asked(mix=mix)
