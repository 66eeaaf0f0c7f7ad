"""What comes after what: planted moves, shuffled order, and every number opened."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import behind, run, scores
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.histories import DAY, Histories, Lines
from ganj.miners.sequence import Sequence
from ganj.simulate import shop as simulated
from ganj.views.sequence_found import coins

ANY = {"support": 1, "gap": timedelta(0), "kind": "all", "level": 1, "top": 1000}


def bought(people, names="abcdef"):
    """Histories of customers, each a list of orders (day, products)."""
    orders = [order for person in people for order in person]
    flat = [product for _, order in orders for product in order]
    offsets = np.concatenate(([0], np.cumsum([len(order) for _, order in orders]))).astype(np.int64)
    product = np.array([names.index(name) for name in flat], np.int32)
    time = np.array([day * DAY for day, _ in orders], np.int64)
    return Histories(
        np.arange(len(people), dtype=np.int32),
        np.concatenate(([0], np.cumsum([len(person) for person in people]))).astype(np.int64),
        {"time": time, "event": np.zeros(len(orders), np.int32)},
        Lines(offsets, product, np.ones(len(flat)), 10.0 + product),
        names={"event": (ORDER,), "product": tuple(names)},
    )


def shopper(dice, *, planted):
    """Six orders of one of four things; who is planted takes f within a month of every e."""
    days = np.sort(dice.choice(600, 6, replace=False))
    orders = [(int(day), [str(dice.choice(list("abcd")))]) for day in days]
    if planted:
        day = int(dice.integers(0, 500))
        orders += [(day, ["e"]), (day + int(dice.integers(5, 30)), ["f"])]
    return sorted(orders)


@pytest.fixture(scope="module")
def crowd():
    dice = np.random.default_rng(3)
    return [shopper(dice, planted=k % 4 == 0) for k in range(400)]


def test_a_planted_move_is_found_and_no_other(crowd):
    report = run(Sequence(support=5), bought(crowd))
    moves = report.tables["moves"].values
    assert list(zip(moves["from"], moves["to"], strict=True)) == [("e", "f")]
    assert moves["customers"][0] == moves["had"][0] == 100
    assert 5 <= moves["days"][0] <= 30
    assert moves["price"][0] == pytest.approx(15 / 14)
    assert moves["holm"][0] < 1e-9
    assert report.findings[0].evidence["first"] == "e"


def test_shuffled_order_has_nothing_to_tell(crowd):
    dice = np.random.default_rng(4)
    shuffled = [
        [
            (day, what)
            for (day, _), (_, what) in zip(one, [one[k] for k in dice.permutation(len(one))], strict=True)
        ]
        for one in crowd
    ]
    report = run(Sequence(support=5), bought(shuffled))
    assert "moves" not in report.tables
    assert report.findings[0].text.en.startswith("The order of steps tells nothing")
    assert report.findings[0].evidence["tested"] > 20


def test_what_was_hoped_for_is_compared_with_the_same_customers(crowd):
    values = run(Sequence(support=5, within=timedelta(days=30)), bought(crowd)).tables["sequences"].values
    assert np.all(np.asarray(values["low"]) <= np.asarray(values["then"]))
    assert np.all(np.asarray(values["outcome_holm"]) > 0.001)


def demo(shop):
    """Gather the demo's orders by customer."""
    lines = shop.table("orders").to_pandas()
    lines = lines[(lines.event == ORDER) & lines["product"].notna()]
    days = lines.time.to_numpy().astype("datetime64[us]").astype(np.int64) / DAY
    lines = lines.assign(day=days).sort_values(["customer_id", "day", "product"])
    people = [
        [(day, sorted(set(order))) for day, order in one.groupby("day")["product"]]
        for _, one in lines.groupby("customer_id")
    ]
    return bought(people, sorted(set(lines["product"])))


def test_planted_sequences_of_the_demo_are_found_and_how_long_they_take():
    """What the next order holds was planted; hardly anything else is found."""
    made = simulated(seed=7, customers=4_000, until=date(2026, 11, 21))
    planted = {(one["given"], one["then"]): one for one in made.truth["sequences"] if one["planted"] >= 12}
    moves = run(Sequence(support=12, longest=2, directly=True), demo(made)).tables["moves"].values
    told = list(zip(moves["from"], moves["to"], strict=True))
    assert len(planted) >= 5
    assert planted.keys() <= {*told}
    assert len(told) <= 2 * len(planted)
    for move, customers, lift in zip(told, moves["customers"], moves["lift"], strict=True):
        if move in planted:
            assert customers >= 0.8 * planted[move]["planted"]
            assert lift > 1.5


def test_directly_next_is_no_further_than_the_next_moment():
    people = [[(0, ["a"]), (400, ["b"]), (401, ["c"])]] * 40
    asked = {"support": 2, "level": 1, "kind": "all", "gap": timedelta(days=90), "longest": 2}
    told = [
        run(Sequence(directly=directly, **asked), bought(people)).tables["sequences"].values
        for directly in (True, False)
    ]
    assert [sorted(one["sequence"]) for one in told] == [["a › b", "b › c"], ["b › c"]]
    assert dict(zip(told[0]["sequence"], told[0]["days"], strict=True)) == {"a › b": 400, "b › c": 1}


def test_few_customers_are_too_few(crowd):
    report = run(Sequence(), bought(crowd[:29]))
    assert list(report.tables) == ["steps"]
    assert report.findings[0].evidence["moving"] == 29


def test_only_closed_or_maximal_and_with_what_is_asked(crowd):
    many = [
        run(Sequence(**ANY | {"kind": kind, "support": 30}), bought(crowd))
        for kind in ("all", "closed", "maximal")
    ]
    sizes = [len(report.tables["sequences"]) for report in many]
    assert sizes[0] >= sizes[1] > sizes[2] > 0
    long = run(Sequence(**ANY | {"shortest": 3, "support": 30}), bought(crowd)).tables["sequences"].values
    assert set(long["steps"]) == {3}
    only = run(Sequence(**ANY | {"contains": ("e", "f")}), bought(crowd)).tables["sequences"].values
    assert all("e" in told and "f" in told for told in only["sequence"])


@pytest.mark.parametrize(
    "asked",
    [
        {"within": timedelta(0)},
        {"gap": timedelta(days=-1)},
        {"shortest": 4, "longest": 3},
        {"contains": ("a", "b", "c", "d"), "longest": 3},
    ],
)
def test_what_nothing_fits_in_is_refused(asked):
    with pytest.raises(BadParameter):
        Sequence(**asked)


def test_unlike_coins_fall_as_all_their_ways_do():
    chances = np.array([0.1, 0.5, 0.9, 0.3])
    ways = np.array([[(way >> k) & 1 for k in range(4)] for way in range(16)])
    weight = np.prod(np.where(ways, chances, 1 - chances), axis=1)
    for count in range(5):
        assert coins(count, chances) == pytest.approx(weight[ways.sum(axis=1) >= count].sum())


order = st.tuples(st.integers(0, 9), st.lists(st.sampled_from("abc"), min_size=1, max_size=2))
person = st.lists(order, max_size=5, unique_by=lambda one: one[0]).map(sorted)


@given(st.lists(person, min_size=1, max_size=6), st.sampled_from([0, 3]))
@settings(max_examples=25, deadline=None)
def test_every_sequence_is_counted_and_opens_its_customers(people, gap):
    everyone = people + [[(0, ["a"]), (2, ["b"])]] * 30
    asked = Sequence(**ANY | {"gap": timedelta(days=gap), "longest": 2})
    histories = bought(everyone)
    report, found = run(asked, histories), scores(asked, histories)
    values = report.tables["sequences"].values
    told = dict(zip(values["sequence"], np.asarray(values["customers"]).tolist(), strict=True))
    assert told == slow(everyone, gap)
    for table in report.tables.values():
        for name, cells in table.opens.items():
            for said, opens in zip(table.values[name], cells, strict=True):
                assert len(behind(found, opens)) == said


def slow(people, gap):
    """Count the customers of every two steps by trying all pairs of orders."""
    counts = {}
    for one in people:
        pairs = {
            f"{x} › {y}"
            for day, first in one
            for later, second in one
            if day < later and (not gap or later - day <= gap)
            for x in first
            for y in second
        }
        for pair in pairs:
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def test_of_very_many_customers_a_sample_is_kept_however_parts_are_joined(crowd):
    whole, asked = bought(crowd), Sequence(support=5)
    parts = [asked.scan(whole.part(a, b)) for a, b in ((0, 90), (90, 400))]
    one, other = (replace(state).fitted(900) for state in (parts[0] + parts[1], parts[1] + parts[0]))
    assert one.level == other.level == 2
    assert one.whole().customer.tolist() == other.whole().customer.tolist()
    report = asked.report(asked.learn(one))
    assert all(opens is None for opens in report.tables["steps"].opens["customers"])
