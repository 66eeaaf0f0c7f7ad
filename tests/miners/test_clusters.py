"""Clusters: the kinds of buyers that were planted come back, named by what they do; who moved; when there are none."""

from datetime import timedelta

import numpy as np
import pytest

from folding import as_read, behind, learn, run, scores
from ganj.display import Display
from ganj.errors import BadParameter
from ganj.miners.clusters import Clusters
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
    assert "This needs 50 customers; there are 2 of them." in only.text.en


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
