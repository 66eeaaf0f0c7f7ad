"""Exact shares of a change, the calendar's part, and where it happened: identities, planted causes, known cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganj.calendar import days_from_jalali
from ganj.models.causes.rhythm import rhythm
from ganj.models.causes.scanning import causes, gains
from ganj.models.causes.splitting import logarithmic_mean, mix_and_rate, price_and_mix, split
from models.robustspot import cases, needs_cases, score, told
from reference.why import likelihood

positive = st.floats(0.01, 1e6)


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_the_parts_of_a_product_add_up_and_turn_with_time(factors):
    before, now = (float(np.prod([factor[at] for factor in factors])) for at in (0, 1))
    logs = np.log([factor[1] / factor[0] for factor in factors])
    parts = split(before, now, logs)
    assert parts.sum() == pytest.approx(now - before, rel=1e-6, abs=1e-6 * (now + before))
    np.testing.assert_allclose(split(now, before, -logs), -parts, rtol=1e-6, atol=1e-9 * (now + before))


def test_the_mean_of_two_equal_numbers_is_that_number():
    assert logarithmic_mean(np.array(5.0), np.array(5.0)) == 5
    assert logarithmic_mean(np.array(5.0), np.array(5.0 + 1e-9)) == pytest.approx(5.0)
    assert logarithmic_mean(np.array(1.0), np.array(np.e)) == pytest.approx(np.e - 1)
    assert logarithmic_mean(np.array(1.0), np.array(0.0)) == 0


def test_from_nothing_everything_is_the_first_factors():
    assert split(0, 70, np.array([0.0, 0.0])).tolist() == [70, 0]


def test_prices_that_double_are_prices_and_dearer_goods_are_mix():
    quantity = np.array([[10, 10], [4, 4]])
    doubled = np.array([[100, 200], [80, 160]])
    price, mix = price_and_mix(quantity, doubled)
    assert np.exp([price, mix]) == pytest.approx([2, 1])
    shifted = np.array([[100, 50], [80, 180]])  # the same prices, 10 and 20, of 5 and 9 pieces
    price, mix = price_and_mix(np.array([[10, 5], [4, 9]]), shifted)
    assert np.exp([price, mix]) == pytest.approx([1, (230 / 14) / (180 / 14)])


def test_new_and_dropped_goods_are_mix():
    price, mix = price_and_mix(np.array([[10, 10], [5, 0], [0, 5]]), np.array([[100, 110], [5, 0], [0, 50]]))
    assert np.exp(price) == pytest.approx(1.1)
    assert np.exp(price + mix) == pytest.approx((160 / 15) / (105 / 15))


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 4), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_mix_and_rate_add_up_to_the_change_of_a_ratio(groups):
    table = np.array(groups, float)
    weight, total = table[:, :2] + 1, table[:, 2:]
    mix, rate = mix_and_rate(weight, total)
    ratio = total.sum(axis=0) / weight.sum(axis=0)
    assert (mix + rate).sum() == pytest.approx(ratio[1] - ratio[0], abs=1e-9)


def test_a_shift_between_groups_of_constant_rates_is_mix_alone():
    weight, rates = np.array([[50, 90], [50, 10]]), np.array([[0.1], [0.5]])
    mix, rate = mix_and_rate(weight, weight * rates)
    assert rate == pytest.approx([0, 0])
    assert mix.sum() == pytest.approx(0.14 - 0.30)


def test_the_calendar_is_learned_and_growth_is_not_taken_for_it():
    """Fridays at half, Nowruz at a third, growth of a half a year."""
    draw = np.random.default_rng(4)
    day = np.arange(int(days_from_jalali(1402, 2, 1)), int(days_from_jalali(1404, 12, 1)))
    nowruz = [int(days_from_jalali(year, 1, 1)) + n for year in (1403, 1404, 1405) for n in range(13)]
    busy = np.where((day + 3) % 7 == 4, 0.5, 1.0) * np.where(np.isin(day, nowruz), 1 / 3, 1.0)
    figure = draw.poisson(60 * busy * 1.5 ** ((day - day[0]) / 365))
    before, now = (int(days_from_jalali(*start)) + np.arange(13) for start in ((1404, 11, 20), (1405, 1, 1)))
    found = rhythm(day, figure, np.concatenate((before, now)), "jalali")
    assert found.known
    ratio = found.busy[13:].sum() / found.busy[:13].sum()
    assert ratio == pytest.approx(1 / 3, rel=0.12)
    fridays = (before + 3) % 7 == 4
    assert found.busy[:13][fridays].mean() / found.busy[:13][~fridays].mean() == pytest.approx(0.5, rel=0.08)
    assert 0.8 < found.noise < 1.6


def test_too_short_a_history_says_nothing_of_the_calendar():
    found = rhythm(np.arange(10), np.ones(10), np.arange(10, 14), "gregorian")
    assert not found.known
    assert found.busy.tolist() == [1, 1, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=5))
@settings(max_examples=25, deadline=None)
def test_gains_are_what_the_definition_says(cells):
    has, had = (np.array([cell[at] for cell in cells], float) + at for at in (0, 1))
    now, before = float(has.sum()), float(had.sum())
    wanted = [likelihood(*cell, now, before) if now > 0 else 0.0 for cell in zip(has, had, strict=True)]
    np.testing.assert_allclose(gains(has, had, now, before), np.maximum(wanted, 0), atol=1e-9)


def cube(seed, fell=None, by=0.4):
    """4 channels × 8 cities × 3 gateways with Poisson counts before and now; one combination fell."""
    draw = np.random.default_rng(seed)
    codes = np.stack(np.meshgrid(*map(np.arange, (4, 8, 3)), indexing="ij"), axis=-1).reshape(-1, 3)
    mean = draw.gamma(2, 10, len(codes))
    met = np.all([codes[:, d] == v for d, v in (fell or {}).items()], axis=0) & bool(fell)
    return codes, draw.poisson(mean * np.where(met, by, 1.0)), draw.poisson(mean).astype(float)


@pytest.mark.parametrize("fell", [{1: 3}, {0: 2, 2: 1}, {0: 0, 1: 5}, {2: 0}, {0: 1, 1: 0, 2: 0}])
def test_a_planted_cause_is_found_with_its_dimensions(fell):
    by = 0.05 if len(fell) == 3 else 0.4
    codes, now, before = cube(1, fell, by)
    first, *_ = causes(codes, now, before, behind=1.0, way=-1)
    assert dict(first.where) == fell
    assert first.chance < 0.01
    assert first.apart == pytest.approx(by, rel=0.3, abs=0.06)
    assert first.observed < first.expected


def test_two_causes_are_told_one_after_the_other():
    codes, now, before = cube(2, {0: 2})
    now[codes[:, 1] == 6] *= 3
    assert [dict(one.where) for one in causes(codes, now, before, behind=1.0)][:2] in (
        [{0: 2}, {1: 6}],
        [{1: 6}, {0: 2}],
    )


def test_where_nothing_happened_nothing_is_told():
    told = [len(causes(*cube(seed), behind=1.0)) for seed in range(60)]
    assert np.count_nonzero(told) <= 6  # one in twenty is allowed


def test_all_moving_alike_has_no_cause():
    codes, _, before = cube(3)
    assert causes(codes, 0.5 * before, before, behind=1.0) == []


@needs_cases
def test_some_known_cases_are_found():
    """RobustSpot: 12 of the cases at hand; all of them in ``bench/why.py``."""
    found = [(told(case), case.causes) for case in list(cases())[:12]]
    assert score(found) >= 0.5
