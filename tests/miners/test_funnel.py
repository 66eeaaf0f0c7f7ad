"""How far customers get: hand-drawn histories, PostHog's own cases, a slow reference."""

import statistics
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter
from ganj.histories import DAY, Histories
from ganj.miners.funnel import Funnel
from reference.funnel import depth
from words import write

SHOP = ("Product Viewed", "Product Added", "Order Completed")


def shop(**more):
    return Funnel(**{"steps": SHOP, "within": timedelta(days=7), "zone": "UTC", **more})


def deepest(miner, *people):
    return scores(miner, as_read(miner, write(*people)))["funnel_step"].to_pylist()


@pytest.mark.parametrize(
    ("person", "step"),
    [
        ("visit@0 cart@1 order@2", 3),
        ("visit@0 order@1 cart@2", 2),  # out of order
        ("cart@0 order@1", 0),  # never began
        ("visit@0 cart@1 order@8", 2),  # too late
        ("visit@0 visit@6 cart@7 order@8", 3),  # a later attempt is in time
        ("visit@0 cart@7", 2),  # the last moment counts
        ("visit@0 cart@1 visit@2 order@3", 3),  # a later first step does not erase the cart
        ("visit@0 cart@1 visit@5 order@9", 2),  # the cart is the old attempt's, and that is too old
        ("visit@0 ticket@1 cart@2", 2),  # what is no step does not matter
        ("order@0 cart@0 visit@0", 3),  # one moment counts in the order of the steps
        ("", 0),
    ],
)
def test_how_far_a_customer_gets(person, step):
    assert deepest(shop(), person) == [step]


@pytest.mark.parametrize(
    ("steps", "person", "step"),
    [
        (("visit", "visit"), "visit@0", 1),  # one event serves one step
        (("visit", "visit"), "visit@0 visit@1", 2),
        (("visit", "visit"), "visit@0 visit@0", 2),  # two events of one moment are two
        (("visit", "cart", "visit"), "visit@0 cart@1", 2),
        (("visit", "cart", "visit"), "visit@0 cart@0", 2),  # the visit of that moment is used already
        (("visit", "cart", "visit"), "visit@0 cart@1 visit@2", 3),
    ],
)
def test_steps_may_be_the_same_event(steps, person, step):
    names = {"visit": "Product Viewed", "cart": "Product Added"}
    assert deepest(shop(steps=tuple(names[s] for s in steps)), person) == [step]


def test_conversion_and_time_of_each_step():
    miner = shop()
    people = ["visit@0 cart@1 order@3", "visit@0 cart@3", "visit@0 cart@2 order@3", "visit@0"]
    table = run(miner, as_read(miner, write(*people))).tables["steps"].values
    assert list(table["customers"]) == [4, 3, 2]
    assert list(table["dropped"]) == [1, 1, 0]
    np.testing.assert_allclose(table["rate"], [100, 75, 50])
    np.testing.assert_allclose(table["step_rate"], [100, 75, 200 / 3])
    np.testing.assert_allclose(table["median_time"][1:], [2 * DAY, 1.5 * DAY])
    np.testing.assert_allclose(table["mean_time"][1:], [2 * DAY, 1.5 * DAY])


def test_a_property_breaks_down_by_its_first_value():
    miner = shop(by="device")
    people = ["visit@0[device=phone] cart@1[device=desk]", "visit@0 cart@1[device=desk] order@2", "visit@0"]
    table = run(miner, as_read(miner, write(*people))).tables["groups"]
    assert [name for name, _ in table.columns[0].choices] == ["", "desk", "phone"]
    assert dict(zip(["", "desk", "phone"], table.values["converted"], strict=True)) == {
        "": 0,
        "desk": 1,
        "phone": 0,
    }


def test_a_group_is_compared_with_another():
    # Newcombe 1998, table II, (a): 56/70 against 48/80 differ by 0.2000, 95 % from 0.0524 to 0.3339.
    people = ["visit@0 order@1"] * 48 + ["visit@0"] * 32 + ["visit@0 order@1"] * 56 + ["visit@0"] * 14
    miner = shop(steps=("Product Viewed", "Order Completed"), by="city")
    report = run(miner, as_read(miner, write(*people, traits={"city": ["Qom"] * 80 + ["Rey"] * 70})))
    table = report.tables["differences"].values
    assert [round(float(table[name][0]), 2) for name in ("difference", "low", "high")] == [20.0, 5.24, 33.39]
    assert bool(table["clear"][0])
    assert any("{best}" in finding.text.en for finding in report.findings)


def test_segments_are_compared():
    miner = shop(against=("vip", "new"))
    histories = as_read(miner, write("visit@0 cart@1 order@2", "visit@0", "visit@0 cart@1"))
    member = {"segment:vip": np.array([1.0, 0, 1.0]), "segment:new": np.array([0, 1.0, 1.0])}
    histories = Histories(
        histories.customer, histories.offsets, histories.columns, None, member, histories.names
    )
    table = run(miner, histories).tables["groups"]
    assert [name for name, _ in table.columns[0].choices] == ["vip", "new"]
    assert list(table.values["entered"]) == [2, 2]
    assert list(table.values["converted"]) == [1, 0]
    found = scores(miner, histories)
    assert [len(behind(found, opens)) for opens in table.opens["entered"]] == [2, 2]


def test_a_step_nobody_has_is_told():
    report = run(shop(), as_read(shop(), write("visit@0 order@1")))
    assert any(f.evidence.get("step") and f.evidence["step"].en == "Added to cart" for f in report.findings)


def test_a_time_that_nothing_fits_in_is_refused():
    with pytest.raises(BadParameter):
        shop(within=timedelta(0))


@given(
    people=st.lists(
        st.lists(st.tuples(st.sampled_from("abcx"), st.integers(0, 12)), max_size=14), min_size=1, max_size=6
    ),
    steps=st.lists(st.sampled_from("abc"), min_size=2, max_size=5),
    within=st.integers(1, 12),
)
@settings(max_examples=150, deadline=None)
def test_it_agrees_with_the_slow_reference(people, steps, within):
    miner = Funnel(steps=tuple(steps), within=timedelta(days=within))
    whole = as_read(miner, write(*(" ".join(f"{e}@{d}" for e, d in person) for person in people)))
    table, found = run(miner, whole).tables["steps"].values, scores(miner, whole)
    names = whole.names["event"]
    events = [(int(t), names[e]) for t, e in zip(whole.time, whole.event, strict=True)]
    attempts = [
        depth(events[a:b], steps, within * DAY)
        for a, b in zip(whole.offsets, whole.offsets[1:], strict=False)
    ]
    assert found["funnel_step"].to_pylist() == [len(times) for times in attempts]
    for k in range(1, len(steps)):
        waits = [times[k] - times[k - 1] for times in attempts if len(times) > k]
        assert int(table["customers"][k]) == len(waits)
        if waits:
            assert table["median_time"][k] == pytest.approx(statistics.median(waits))
            assert table["mean_time"][k] == pytest.approx(statistics.mean(waits))
