"""Frequent itemsets against published counts and against trying every set."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baskets import groceries, numbered, rows
from ganj.kernels.itemsets import frequent

KINDS = ("all", "closed", "maximal")
BASKETS = st.lists(st.lists(st.integers(0, 7), max_size=9), max_size=30)


def listed(found):
    sets = [tuple(found.items[a:b].tolist()) for a, b in zip(found.offsets, found.offsets[1:], strict=False)]
    assert len(set(sets)) == len(sets)
    return dict(zip(sets, found.count.tolist(), strict=True))


def tried(baskets, least, longest=8):
    sets = [set(basket) for basket in baskets]
    every = (c for size in range(1, longest + 1) for c in combinations(range(8), size))
    counts = {c: sum(set(c) <= basket for basket in sets) for c in every}
    return {c: count for c, count in counts.items() if count >= least}


def outermost(counts, kind):
    def covered(inner):
        return any(
            set(inner) < set(outer) and (kind == "maximal" or counts[outer] == counts[inner])
            for outer in counts
        )

    return {c: count for c, count in counts.items() if kind == "all" or not covered(c)}


@given(BASKETS, st.integers(1, 6), st.sampled_from(KINDS))
def test_every_set_is_found_and_no_other(baskets, least, kind):
    assert listed(frequent(*rows(baskets), least, kind=kind)) == outermost(tried(baskets, least), kind)


@given(st.lists(st.lists(st.integers(0, 7), min_size=3, max_size=9), min_size=6, max_size=14))
def test_full_baskets_go_on_as_bits(baskets):
    many = baskets * 12
    assert listed(frequent(*rows(many), 20)) == tried(many, 20)


@given(BASKETS, st.integers(1, 3))
def test_sets_may_be_kept_short(baskets, longest):
    assert listed(frequent(*rows(baskets), 2, longest=longest)) == tried(baskets, 2, longest)


@pytest.mark.parametrize("kind", KINDS)
def test_groceries(kind):
    offsets, items, names = groceries()
    assert (len(offsets) - 1, len(items), len(names)) == (9835, 43367, 169)
    found = [len(frequent(offsets, items, least, kind=kind)) for least in (984, 492, 197, 99, 50, 10)]
    assert (
        found
        == {
            "all": [8, 31, 122, 333, 1001, 13492],
            "closed": [8, 31, 122, 333, 1001, 13464],
            "maximal": [8, 27, 91, 243, 708, 7794],
        }[kind]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_sparse_baskets(kind):
    baskets = numbered("T10I4D100K.dat.gz")
    found = [len(frequent(*baskets, least, kind=kind)) for least in (1000, 500, 200, 100)]
    assert (
        found
        == {
            "all": [385, 1073, 13255, 27532],
            "closed": [385, 1073, 13107, 26806],
            "maximal": [370, 585, 1938, 4054],
        }[kind]
    )


def test_full_baskets_of_mushrooms():
    assert len(frequent(*numbered("mushroom.dat.gz"), 1625)) == 53_583


def test_a_limit_on_the_number_of_sets_is_told():
    baskets = numbered("mushroom.dat.gz")
    found = frequent(*baskets, 1625, most=10_000)
    assert not found.complete
    assert len(found) <= 10_000
    assert frequent(*baskets, 4000).complete


def test_no_baskets_no_sets():
    assert len(frequent(np.zeros(1, np.int64), np.zeros(0, np.int32), 1, kind="closed")) == 0
