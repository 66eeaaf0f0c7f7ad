"""Frequent sequences against published counts and against trying every sequence."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baskets import rows, sequences
from ganj.kernels.prefixspan import Limits, frequent_sequences

HISTORIES = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=8), min_size=1, max_size=10
)


def listed(found):
    steps = [tuple(found.items[a:b].tolist()) for a, b in zip(found.offsets, found.offsets[1:], strict=False)]
    assert len(set(steps)) == len(steps)
    return dict(zip(steps, found.count.tolist(), strict=True))


def occurs(pattern, history, limits, before=None, first=None):
    """Try every way a pattern can lie in a history of (item, time)."""
    if not pattern:
        return True
    for k, (item, time) in enumerate(history):
        near = before is None or (
            time - before >= limits.apart
            and (not limits.gap or time - before <= limits.gap)
            and (not limits.window or time - first <= limits.window)
        )
        begun = time if first is None else first
        if item == pattern[0] and near and occurs(pattern[1:], history[k + 1 :], limits, time, begun):
            return True
    return False


def timed(histories):
    """Turn waits into times."""
    return [
        list(zip([item for item, _ in h], np.cumsum([wait for _, wait in h]).tolist(), strict=True))
        for h in histories
    ]


@given(
    HISTORIES, st.integers(1, 4), st.sampled_from([0, 1, 3, 5]), st.sampled_from([0, 2, 6]), st.integers(0, 2)
)
def test_every_sequence_is_found_and_no_other(histories, least, gap, window, apart):
    histories = timed(histories)
    offsets, items = rows([[item for item, _ in h] for h in histories])
    time = np.array([t for h in histories for _, t in h], np.int64)
    limits = Limits(apart=apart, gap=gap, window=window, longest=3)
    tried = {
        pattern: sum(occurs(pattern, h, limits) for h in histories)
        for size in (1, 2, 3)
        for pattern in product(range(4), repeat=size)
    }
    expected = {pattern: count for pattern, count in tried.items() if count >= least}
    assert listed(frequent_sequences(offsets, items, least, time, limits)) == expected


@given(HISTORIES, st.integers(2, 5), st.integers(0, 1))
def test_full_histories_go_on_as_bits(histories, least, apart):
    """Long ones need several words; of one moment, things are in no order where that is asked for."""
    histories = timed([h * 9 for h in histories] * 2)
    offsets, items = rows([[item for item, _ in h] for h in histories])
    time = np.array([t for h in histories for _, t in h], np.int64)
    limits = Limits(apart=apart, longest=4)
    plain = listed(frequent_sequences(offsets, items, least, time, limits))
    with_gap = replace(limits, gap=10_000)  # as far as any two lie apart, but counted event by event
    assert plain == listed(frequent_sequences(offsets, items, least, time, with_gap))


@pytest.mark.parametrize(
    ("least", "many"), [(584, 9), (438, 64), (365, 173), (292, 518), (219, 1928), (146, 9718)]
)
def test_sign_language(least, many):
    assert len(frequent_sequences(*sequences("SIGN.txt.gz"), least)) == many


def test_clicks_of_a_shop():
    clicks = sequences("BMS1_spmf.txt.gz")
    found = [len(frequent_sequences(*clicks, least)) for least in (596, 60, 42)]
    assert found == [78, 3991, 27403]


def test_what_must_occur_and_how_long():
    signs = sequences("SIGN.txt.gz")
    every = listed(frequent_sequences(*signs, 292))
    needed = set(max(every, key=len)[:2])
    limits = Limits(contains=tuple(needed), shortest=3)
    found = listed(frequent_sequences(*signs, 292, limits=limits))
    assert found
    assert found == {p: c for p, c in every.items() if needed <= set(p) and len(p) >= 3}


def test_the_most_frequent_first():
    signs = sequences("SIGN.txt.gz")
    every = frequent_sequences(*signs, 292)
    found = frequent_sequences(*signs, 292, limits=Limits(top=20))
    assert found.count.tolist() == [c for c in every.count.tolist() if c >= every.count[19]]


def test_a_limit_on_the_number_of_sequences_is_told():
    found = frequent_sequences(*sequences("SIGN.txt.gz"), 146, limits=Limits(most=1000))
    assert not found.complete
    assert len(found) == 1000


def test_no_histories_no_sequences():
    assert len(frequent_sequences(np.zeros(1, np.int64), np.zeros(0, np.int32), 1)) == 0
