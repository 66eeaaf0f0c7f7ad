"""Rules of what goes together, against published counts and exact chances."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baskets import groceries, rows, scattered
from ganj.kernels.itemsets import frequent
from ganj.models.rules import Wanted, holm, rules

BASKETS = st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=25)


@pytest.fixture(scope="module")
def grocer():
    offsets, items, names = groceries()
    return {least: frequent(offsets, items, least) for least in (10, 30, 60, 99, 50)}, names


def exact(both, left, right, baskets):
    ways = sum(comb(left, x) * comb(baskets - left, right - x) for x in range(both, min(left, right) + 1))
    return float(Fraction(ways, comb(baskets, right)))


def sides(found, k, names):
    at = found.left[k]
    left = found.sets.items[found.sets.offsets[at] : found.sets.offsets[at + 1]]
    return {names[item] for item in left}, names[found.right[k]]


@pytest.mark.parametrize(
    ("least", "confidence", "many"),
    [
        (10, 0.8, 410),
        (10, 0.9, 129),
        (10, 0.5, 5668),
        (30, 0.5, 421),
        (60, 0.25, 463),
        (99, 0.5, 15),
        (50, 0.2, 872),
    ],
)
def test_published_counts(grocer, least, confidence, many):
    assert len(rules(grocer[0][least], Wanted(confidence))) == many


def test_sizes_of_the_rules(grocer):
    found = rules(grocer[0][10], Wanted(0.8))
    assert np.bincount(found.sets.size[found.whole]).tolist() == [0, 0, 0, 29, 229, 140, 12]


@pytest.mark.parametrize(
    ("least", "confidence", "left", "right", "lift"),
    [
        (10, 0.8, {"liquor", "red/blush wine"}, "bottled beer", 11.2353),
        (10, 0.5, {"Instant food products", "soda"}, "hamburger meat", 18.9957),
        (60, 0.25, {"herbs"}, "root vegetables", 3.9565),
        (99, 0.5, {"citrus fruit", "root vegetables"}, "other vegetables", 3.0296),
    ],
)
def test_the_rule_of_highest_lift(grocer, least, confidence, left, right, lift):
    sets, names = grocer
    found = rules(sets[least], Wanted(confidence)).best(1)
    assert sides(found, 0, names) == (left, right)
    assert round(float(found.lift[0]), 4) == lift


def test_beer_after_liquor_and_wine(grocer):
    found = rules(grocer[0][10], Wanted(0.8)).best(1)
    assert found.count[0] == 19
    assert found.support[0] == pytest.approx(0.001932, abs=5e-7)
    assert found.confidence[0] == pytest.approx(0.9048, abs=5e-5)
    assert found.holm[0] < 1e-9


def test_real_baskets_have_rules_that_are_no_chance(grocer):
    assert len(rules(grocer[0][99], Wanted(0.5, holm=0.05))) == 15


def test_shuffled_baskets_have_none():
    found = rules(frequent(*scattered(), 5))
    assert len(found) > 1000
    assert (found.holm > 0.05).all()


@given(BASKETS)
def test_measures_are_what_they_say(baskets):
    sets = [set(basket) for basket in baskets]
    found = rules(frequent(*rows(baskets), 1))
    for k in range(len(found)):
        left, right = sides(found, k, range(6))
        both = sum(left | {right} <= basket for basket in sets)
        one, other, n = sum(left <= b for b in sets), sum(right in b for b in sets), len(sets)
        assert found.confidence[k] == both / one
        assert found.lift[k] == pytest.approx(both / n / (one / n * other / n))
        assert found.leverage[k] == pytest.approx(both / n - one / n * other / n, abs=1e-12)
        fails = 1 - both / one
        assert found.conviction[k] == pytest.approx((1 - other / n) / fails if fails else np.inf)
        assert found.chance[k] == pytest.approx(exact(both, one, other, n), rel=1e-9, abs=1e-12)


def test_only_what_was_asked_for(grocer):
    sets, names = grocer
    code = {name: k for k, name in enumerate(names)}
    found = rules(
        sets[50], Wanted(0.2, right=(code["whole milk"],), contains=(code["curd"],), without=(code["soda"],))
    )
    assert len(found)
    for k in range(len(found)):
        left, right = sides(found, k, names)
        assert right == "whole milk"
        assert "curd" in left
        assert "soda" not in left


def test_holm_counts_tests_that_are_not_shown():
    assert holm(np.array([0.01, 0.04, 0.03]), 3).tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.01]), 50).tolist() == pytest.approx([0.5])
