"""Figures of attitude: NPS and its limits, scales, and the slope of marks over waits."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganj.histories import HOUR
from ganj.kernels.intervals import Z95, wilson
from ganj.models.attitude import HIGH, LOW, MIDDLE, SCALES, index, net, per_doubling
from ganj.simulate import shop
from reference import voice as slow

counts = st.integers(0, 60)


@given(counts, counts, counts)
@settings(max_examples=50, deadline=None)
def test_limits_of_the_nps_lie_as_many_errors_away(promoters, passives, detractors):
    n = promoters + passives + detractors
    if promoters + detractors == 0:
        return
    score, low, high = (float(one) / 100 for one in net(*np.array([promoters, detractors, n])))
    assert score == pytest.approx((promoters - detractors) / n)
    assert -1 <= low <= score <= high <= 1
    for limit in (low, high):
        error = np.sqrt(max((promoters + detractors) / n - limit**2, 0) / n)
        assert abs(score - limit) == pytest.approx(Z95 * error, abs=1e-9)


def test_without_passives_the_limits_are_wilson_s():
    _, low, high = net(np.array([7]), np.array([3]), np.array([10]))
    wide = wilson(np.array([7]), np.array([10]))
    assert [float(low[0]), float(high[0])] == pytest.approx([100 * (2 * float(one[0]) - 1) for one in wide])


def test_limits_hold_their_level():
    rng = np.random.default_rng(8)
    for shares in ((0.15, 0.25, 0.6), (0.45, 0.3, 0.25), (0.02, 0.18, 0.8)):
        drawn = rng.multinomial(80, shares, 4_000)
        _, low, high = index(0, drawn)
        true = 100 * (shares[2] - shares[0])
        assert 0.93 < float(((low <= true) & (true <= high)).mean()) < 0.975, shares


def test_without_answers_there_is_no_figure():
    assert np.isnan(net(np.array([0]), np.array([0]), np.array([0]))).all()
    assert np.isnan(index(1, np.zeros((1, 3), np.int64))).all()


@pytest.mark.parametrize(
    ("scale", "marks", "classes"),
    [
        (0, [0, 6, 7, 8, 9, 10, 11, -1], [LOW, LOW, MIDDLE, MIDDLE, HIGH, HIGH, -1, -1]),
        (1, [1, 2, 3, 4, 5, 6, np.nan], [LOW, LOW, MIDDLE, HIGH, HIGH, -1, -1]),
        (2, [1, 3, 4, 5, 7, 8], [LOW, LOW, MIDDLE, HIGH, HIGH, -1]),
    ],
    ids=["nps", "csat", "ces"],
)
def test_marks_are_low_middle_or_high(scale, marks, classes):
    assert SCALES[scale].classes(np.array(marks, float)).tolist() == classes


def test_the_slope_is_that_of_the_loops():
    rng = np.random.default_rng(9)
    hours, customer = rng.lognormal(2.5, 1, 200), rng.integers(0, 60, 200)
    marks = np.clip(np.round(4.8 - 0.3 * np.log2(1 + hours) + rng.normal(0, 0.6, 200)), 1, 5)
    found = per_doubling(hours, marks, customer)
    value, error = slow.slope(hours.tolist(), marks.tolist(), customer.tolist())
    assert (found.value, found.error) == pytest.approx((value, error))


def test_too_few_marks_or_equal_waits_say_nothing():
    assert per_doubling(np.arange(19.0), np.ones(19), np.arange(19)) is None
    assert per_doubling(np.ones(50), np.arange(50.0), np.arange(50)) is None


def test_what_waiting_costs_in_the_demo_is_what_was_planted():
    """``mark - wait_hurts · ln(1 + hours / 24) + …``, clipped to 1-5; of shuffled marks waiting explains nothing."""
    made = shop(seed=1404, customers=8_000, until=date(2026, 11, 21))
    cases, care = made.tickets, made.world.care
    given = (cases.mark > 0) & (cases.solved < made.time.last)
    hours = (cases.solved - cases.opened)[given] / HOUR
    customer, marks = made.sold.customer[cases.order[given]], cases.mark[given].astype(float)
    felt = (
        care.mark - care.wait_hurts * np.log1p(hours / 24) + care.content * made.crowd.satisfaction[customer]
    )
    planted = per_doubling(hours, np.clip(felt, 1, 5), customer).value
    found = per_doubling(hours, marks, customer)
    assert found.size > 400
    assert planted < -0.15
    assert found.limits[0] < planted < found.limits[1] < 0
    shuffled = np.random.default_rng(1).permutation(marks)
    low, high = per_doubling(hours, shuffled, customer).limits
    assert low < 0 < high
