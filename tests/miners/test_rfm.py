"""Who are the best customers: ranks with ties, every combination named, a real shop."""

from datetime import date
from itertools import product
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.calendar import day_number
from ganj.errors import BadParameter, GanjError
from ganj.miners.rfm import Rfm
from ganj.sketches import Rows
from ganj.views.rfm_segments import ACTIONS, SEGMENTS, segments_of
from miners.retail import clean, needs_file
from reference import orders as reference
from words import write

AS_OF = date(2024, 4, 15)


def rfm(**more):
    return Rfm(**{"until": AS_OF, "zone": "UTC", **more})


def told(miner, *people):
    return scores(miner, as_read(miner, write(*people)))


def test_the_figures_of_a_customer():
    found = told(rfm(), "order@0=10 order@100=5.5 visit@102", "order@3=1 return@9=0.5", "visit@1")
    assert found["customer"].to_pylist() == [0, 1]
    assert found["recency"].to_pylist() == [5, 102]
    assert found["frequency"].to_pylist() == [2, 1]
    assert found["monetary"].to_pylist() == [15.5, 1]
    assert told(rfm(net=True), "order@3=1 return@9=0.5")["monetary"].to_pylist() == [0.5]


def test_recency_counts_local_days():
    people = ["order@104.9"]  # 14 April 21:36 in London, 15 April in Tehran
    assert told(rfm(until=date(2024, 4, 16)), *people)["recency"].to_pylist() == [2]
    assert told(rfm(until=date(2024, 4, 16), zone="Asia/Tehran"), *people)["recency"].to_pylist() == [1]


def test_without_an_as_of_day_it_is_the_day_after_the_last_order():
    assert told(rfm(until=None), "order@3", "order@10.5")["recency"].to_pylist() == [8, 1]


def test_equal_figures_score_equally_whoever_comes_first():
    people = [f"order@{day}=10" for day in (1, 1, 1, 1, 50, 50, 90, 100, 100)]
    found = told(rfm(), *people)["rfm_r"].to_pylist()
    assert found == [1, 1, 1, 1, 2, 2, 3, 3, 3]


def test_own_limits_replace_the_ranks():
    miner = rfm(bins=3, r_breaks=(7, 30), f_breaks=(2, 4), m_breaks=(10, 100))
    found = told(miner, "order@98=10", "order@97=9 order@97=1", "order@75=3" * 1, "order@74=100 " * 4)
    assert found["rfm_r"].to_pylist() == [3, 2, 2, 1]  # 7 days, 8, 30, 31
    assert found["rfm_f"].to_pylist() == [1, 2, 1, 3]
    assert found["rfm_m"].to_pylist() == [2, 2, 1, 3]


def test_weights_are_a_linear_formula():
    found = told(rfm(weights=(0.5, 0.3, 0.2)), "order@1=1", "order@2=5 order@3=5")
    r, f, m, score = (found[name].to_pylist() for name in ("rfm_r", "rfm_f", "rfm_m", "rfm_score"))
    assert score == pytest.approx([0.5 * a + 0.3 * b + 0.2 * c for a, b, c in zip(r, f, m, strict=True)])


@pytest.mark.parametrize(
    "wrong",
    [{"r_breaks": (30.0,)}, {"bins": 3, "m_breaks": (5.0, 2.0)}, {"weights": (0.0, 0.0, 0.0)}],
)
def test_limits_that_do_not_fit_are_refused(wrong):
    with pytest.raises(BadParameter):
        rfm(**wrong)


@pytest.mark.parametrize("compare", ["2024-04-15", "1403/02/01", "soon"])
def test_an_earlier_day_must_be_earlier(compare):
    with pytest.raises(GanjError):
        run(rfm(compare=compare), as_read(rfm(), write("order@1")))


@pytest.mark.parametrize("bins", [3, 4, 5])
def test_every_combination_of_scores_has_one_name(bins):
    r, f, m = np.array(list(product(range(1, bins + 1), repeat=3))).T
    named = segments_of(r, f, m, bins)
    assert set(named) <= set(range(len(SEGMENTS)))
    best, worst = (r == bins) & (f == bins) & (m == bins), (r == 1) & (f == 1) & (m == 1)
    assert SEGMENTS[int(named[best][0])][0] == "champions"
    assert SEGMENTS[int(named[worst][0])][0] == "lost"


def test_the_map_is_the_one_of_the_page():
    names = [name for name, _ in SEGMENTS]
    grid = {
        (r, f, m): names[int(segments_of([r], [f], [m], 5)[0])] for r, f, m in product(range(1, 6), repeat=3)
    }
    assert set(grid.values()) == set(names) == {name for name, _ in ACTIONS}
    assert grid[5, 1, 5] == "new"
    assert grid[4, 2, 2] == "promising"
    assert grid[4, 3, 3] == "loyal"
    assert grid[3, 5, 3] == "loyal"
    assert grid[3, 3, 2] == "attention"
    assert grid[3, 2, 2] == "sleepy"
    assert grid[2, 5, 4] == grid[1, 4, 4] == "cant_lose"
    assert grid[1, 3, 2] == "at_risk"
    assert grid[2, 1, 2] == "hibernating"


def test_fewer_than_a_hundred_buyers_are_scored_in_thirds():
    few, many = (["order@1=1"] * number for number in (99, 100))
    report = run(rfm(), as_read(rfm(), write(*few)))
    assert int(report.tables["summary"].values["bins"][0]) == 3
    assert any("{bins:count}" in finding.text.en for finding in report.findings)
    assert int(run(rfm(), as_read(rfm(), write(*many))).tables["summary"].values["bins"][0]) == 5


def test_moves_since_an_earlier_day():
    # One has risen to the best, one was there and sleeps, one is new.
    people = [
        "order@1=5 " + " ".join(f"order@{day}=50" for day in range(90, 104)),
        "order@10=70 " * 5,
        "order@100=1",
    ]
    miner = rfm(compare="2024-02-15")
    found = told(miner, *people)
    before = dict(zip(found["customer"].to_pylist(), found["rfm_before"].to_pylist(), strict=True))
    assert before[2] == "none"
    table = run(miner, as_read(miner, write(*people))).tables["transitions"]
    assert sum(int(n) for n in table.values["customers"]) == 3


def test_a_length_of_time_is_a_day_before():
    assert rfm(compare="60d").before() == rfm(compare="2024-02-15").before() == date(2024, 2, 15)


person = st.lists(
    st.tuples(st.sampled_from(["order", "return"]), st.integers(0, 104), st.sampled_from([1, 2.5, 2.5, 40])),
    max_size=5,
)


@given(
    people=st.lists(person, min_size=1, max_size=12),
    bins=st.sampled_from([3, 4, 5]),
    net=st.booleans(),
    compare=st.sampled_from(["", "30d", "2024-02-01"]),
)
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_the_slow_reference(people, bins, net, compare):
    miner = rfm(bins=bins, net=net, compare=compare)
    whole = as_read(miner, write(*(" ".join(f"{e}@{d}={a}" for e, d, a in p) for p in people)))
    found, bins = scores(miner, whole), 3  # there are few
    expect = reference.rfm(whole, day_number(AS_OF), "UTC", None, net=net)
    assert found["customer"].to_pylist() == list(expect)
    now = scored(expect, bins)
    for position, name in enumerate(("rfm_r", "rfm_f", "rfm_m")):
        assert found[name].to_pylist() == [score[position] for score in now.values()]
    if compare:
        day = miner.before()
        then = scored(reference.rfm(whole, day_number(day), "UTC", miner.instant(day), net=net), bins)
        named = [segment(then[i]) if i in then else "none" for i in expect]
        assert found["rfm_before"].to_pylist() == named


def scored(figures, bins):
    columns = list(zip(*figures.values(), strict=True)) or [(), (), ()]
    r = reference.ranked([-value for value in columns[0]], bins)
    f, m = (reference.ranked(column, bins) for column in columns[1:])
    return dict(zip(figures, zip(r, f, m, strict=True), strict=True))


def segment(score):
    return SEGMENTS[int(segments_of(*([s] for s in score), 3)[0])][0]


def test_a_million_combinations_are_rounded_alike_however_they_were_cut():
    rng = np.random.default_rng(1)
    values = np.column_stack(
        (-rng.integers(0, 700, 4000), rng.integers(1, 9, 4000), rng.lognormal(3, 1, 4000))
    )
    whole = Rows.of(values, limit=500)
    parts = [Rows.of(values[at], limit=500) for at in np.array_split(rng.permutation(4000), 7)]
    joined = sum(parts[1:], parts[0])
    assert joined.level == whole.level > 0
    np.testing.assert_array_equal(joined.keys, whole.keys)
    np.testing.assert_array_equal(joined.count, whole.count)
    np.testing.assert_allclose(joined.total, whole.total)


@needs_file
def test_online_retail_at_2011_12_10():
    """Issue 2: median recency 51 days, mean frequency 4.272, median monetary 674.485."""
    miner = Rfm(until=date(2011, 12, 10), zone="UTC")
    report, found = (
        run(miner, clean().part(0, 1000), clean().part(1000, len(clean()))),
        scores(miner, clean()),
    )
    row = {name: values[0] for name, values in report.tables["summary"].values.items()}
    assert (row["buyers"], row["recency_median"]) == (4338, 51)
    assert row["frequency_mean"] == pytest.approx(4.272, abs=5e-4)
    assert row["monetary_median"] == pytest.approx(674.485)
    assert row["recency_median"] == median(found["recency"].to_pylist())
    assert row["revenue"] == pytest.approx(8_911_407.90, abs=0.01)
    segments = report.tables["segments"]
    assert int(segments.values["customers"].sum()) == 4338
    for opens, number in zip(segments.opens["customers"], segments.values["customers"], strict=True):
        assert len(behind(found, opens)) == number
