"""Effects of what was given by lot: against definitions, planted effects, the published Hillstrom numbers."""

import math

import numpy as np
import pytest

from ganj.errors import TooLittleData
from ganj.models.causal.choosing import Rows, choose
from ganj.models.causal.effects import always_valid, effect, mismatch, sums, together
from ganj.models.causal.learners import learn
from ganj.models.causal.ranking import Ranked
from ganj.models.learning.sample import Frame


def drawn(seed, size=4000, added=0.3):
    """A lot, what was before (which tells two thirds of the variance), and the outcome."""
    dice = np.random.default_rng(seed)
    before, treated = dice.normal(5, 2, size), dice.random(size) < 0.6
    return before + dice.normal(0, 1.4, size) + added * treated, before, treated.astype(int)


def test_the_effect_is_the_regression_on_treatment_and_what_was_before():
    outcome, before, treated = drawn(1)
    found = effect(sums(outcome, before, treated))
    design = np.column_stack((np.ones(len(outcome)), treated, before))
    weights = np.linalg.lstsq(design, outcome, rcond=None)[0]
    assert found.added == pytest.approx(weights[1], abs=0.002)  # θ is pooled within groups, as there
    assert found.means == pytest.approx((outcome[treated == 0].mean(), outcome[treated == 1].mean()))
    assert found.saved == pytest.approx(4 / 5.96, abs=0.05)


def test_limits_hold_nineteen_times_of_twenty_and_are_narrower_for_what_was_before():
    held = [
        abs(one.added - 0.3) < 1.96 * one.error
        for one in (effect(sums(*drawn(s, 400))) for s in range(5000, 5600))
    ]
    assert 0.91 < np.mean(held) < 0.985
    outcome, before, treated = drawn(2)
    plain = effect(sums(outcome, np.zeros(len(outcome)), treated))
    assert effect(sums(outcome, before, treated)).error < 0.65 * plain.error
    assert plain.saved == 0


def test_campaigns_with_shares_of_their_own_are_joined_without_mixing_them_up():
    """In the second all are likelier to buy and most are treated: pooled, treatment would seem to help."""
    dice = np.random.default_rng(3)
    told = []
    for rate, share in ((0.1, 0.2), (0.6, 0.9)):
        treated = (dice.random(5000) < share).astype(int)
        told.append(sums((dice.random(5000) < rate).astype(float), np.zeros(5000), treated))
    pooled, stratified = effect(told[0] + told[1]), together([effect(one) for one in told])
    assert pooled.added > 0.3
    assert abs(stratified.added) < 3 * stratified.error < 0.1


def test_sizes_that_a_fair_lot_does_not_give():
    assert mismatch((5000, 5000), 0.5) == pytest.approx(1)
    assert mismatch((4800, 5200), 0.5) == pytest.approx(math.erfc(math.sqrt(8)))
    assert math.isnan(mismatch((1, 1), 0))


def test_looking_every_day_errs_no_more_often_than_one_in_twenty():
    dice = np.random.default_rng(4)
    once, every = 0, 0
    for _ in range(400):
        steps = dice.normal(0, 1, 2000).cumsum()[49::50]
        size = np.arange(50, 2001, 50)
        errors = 1 / np.sqrt(size)
        limits = [always_valid(m, e, errors[-1]) for m, e in zip(steps / size, errors, strict=True)]
        outside = [abs(m) > half for m, (half, _) in zip(steps / size, limits, strict=True)]
        assert outside == [chance < 0.05 for _, chance in limits]
        every += any(outside)
        once += bool((np.abs(steps / size) > 1.96 * errors).any())
    assert every / 400 < 0.05
    assert once / 400 > 0.25


def test_the_curve_and_its_coefficient_by_hand():
    """Ranked 4 3 2 1, treated t c t c, bought y n n y: 1, 1, 1 - 0, and 1 - 1 added."""
    ranked = Ranked.of(
        np.array([1.0, 4, 3, 2]), np.array([1.0, 1, 0, 0]), np.array([0, 1, 0, 1]) > 0, np.full(4, 0.5)
    )
    customers, added = ranked.curve()
    assert customers.tolist() == [0, 1, 2, 3, 4]
    assert added.tolist() == [0, 1, 1, 1, 0]
    assert ranked.qini() == pytest.approx(1.0)  # nothing ranks better
    assert ranked.first(0.5) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("learner", "base"), [("x", "linear"), ("t", "linear"), ("dr", "linear"), ("t", "boosting")]
)
def test_learners_find_on_whom_the_effect_is(learner, base):
    """Only those with a positive first column are moved, by a half."""
    dice = np.random.default_rng(5)
    x, treated = dice.normal(0, 1, (3000, 3)), dice.random(3000) < 0.4
    outcome = x[:, 1] + dice.normal(0, 1, 3000) + 0.8 * treated * (x[:, 0] > 0)
    said = learn(learner, base, (x, outcome, treated, np.full(3000, 0.4)), 0)(x)
    moved = x[:, 0] > 0
    steep = {"linear": 0.51, "boosting": 0.8}[base]  # a line through a step of 0.8
    assert said[moved].mean() - said[~moved].mean() == pytest.approx(steep, abs=0.25)
    assert said.mean() == pytest.approx(0.4, abs=0.15)


def test_too_few_customers_are_refused():
    frame = Frame(("a",), np.zeros((50, 1)))
    rows = Rows(frame, np.ones(50), np.arange(50) % 2 > 0, np.full(50, 0.5))
    with pytest.raises(TooLittleData):
        choose(rows, frame, "x", "linear", 0)
