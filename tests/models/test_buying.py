"""BG/NBD, MBG/NBD and Pareto/NBD: the papers' numbers, and a slow reference."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special

from ganj.models.beta_binomial import BG_BB
from ganj.models.beta_geometric import BG_NBD, MBG_NBD
from ganj.models.fitting import fit
from ganj.models.forever import of_leaving_after
from ganj.models.gompertz import GGOM_NBD
from ganj.models.pareto import PARETO_NBD
from ganj.models.purchases import NEW, Purchases, counted, of_days, one
from models.cdnow import customers, needs_file
from reference import btyd

MODELS = {
    "bg": (BG_NBD, btyd.bg_nbd),
    "mbg": (MBG_NBD, btyd.mbg_nbd),
    "pareto": (PARETO_NBD, btyd.pareto_nbd),
}
PUBLISHED = {  # CLVTools' tests, lifetimes' tests; Fader and Hardie
    "bg": ((0.2425945, 4.4136019, 0.7929199, 2.4258881), -9582.429, 2e-4),
    "mbg": ((0.52484, 6.18309, 0.89136, 1.61400), -9582.1357, 1e-3),
    "pareto": ((0.55315, 10.57633, 0.60625, 11.67150), -9594.976, 1e-3),
}
PAPER = {  # printed to five digits or so: what follows from them agrees to four
    "bg": np.array((0.2425945, 4.4136019, 0.7929199, 2.4258881)),
    "pareto": np.array((0.55315, 10.57633, 0.60625, 11.67150)),
}


@pytest.fixture(scope="module")
def cdnow():
    return counted(*customers()[:3])[0]


@needs_file
def test_the_log_is_counted_as_published(cdnow):
    again, later = customers()[0], customers()[3]
    assert np.bincount(np.minimum(again, 7).astype(int)).tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert (again.sum(), later.sum()) == (2457, 1882)
    assert (len(cdnow.again), cdnow.size) == (1016, 2357)


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), max_size=30))
def test_equal_customers_are_one_row(people):
    rows, of = counted(*np.array(people, float).reshape(-1, 3).T)
    assert [(rows.again[i], rows.last[i], rows.seen[i]) for i in of] == people
    assert (len(rows.count), rows.size) == (len(set(people)), len(people))


@needs_file
@pytest.mark.parametrize("name", MODELS)
def test_cdnow_has_the_published_maximum(cdnow, name):
    parameters, height, near = PUBLISHED[name]
    found = fit(MODELS[name][0], cdnow)
    assert found.converged
    assert found.parameters == pytest.approx(parameters, rel=near)
    assert found.log_likelihood == pytest.approx(height, abs=6e-4)


@needs_file
def test_pareto_s_standard_errors_are_clvtools(cdnow):
    errors = fit(PARETO_NBD, cdnow).errors
    assert errors == pytest.approx([0.0476264, 0.8427222, 0.1872594, 6.2105448], rel=1e-3)


@needs_file
def test_customers_after_calibration_are_the_walkthrough_s(cdnow):
    rows, of = counted(*customers()[:3])
    bought = np.minimum(customers()[0], 7).astype(int)
    published = {
        "pareto": [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403],
        "bg": [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157],
    }
    for name, means in published.items():
        expected = MODELS[name][0].expected(PAPER[name], rows, 39)[of]
        found = np.bincount(bought, expected) / np.bincount(bought)
        assert found == pytest.approx(means, abs=2e-3)


@pytest.mark.parametrize(
    ("name", "future", "alive", "new"),
    [("pareto", 25.45647, 0.997874, 1.473434), ("bg", 25.75659, 0.9688523, 1.444004)],
)
def test_one_customer_of_the_walkthrough(name, future, alive, new):
    model, parameters, who = MODELS[name][0], PAPER[name], one(26, 30 + 6 / 7, 31)
    assert model.expected(parameters, who, 52)[0] == pytest.approx(future, rel=2e-4)
    assert model.alive(parameters, who)[0] == pytest.approx(alive, abs=5e-6)
    assert model.expected(parameters, NEW, 52)[0] == pytest.approx(new, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "future"),
    [
        ("pareto", [0.7062289, 0.1442396, 0.02250658, 0.00309267]),
        ("bg", [0.3474606, 0.04283391, 0.004158973, 0.0003583685]),
    ],
)
def test_who_bought_often_and_stopped_is_gone(name, future):
    rows = Purchases(np.array([10.0, 15, 20, 25]), np.full(4, 20.0), np.full(4, 39.0), np.ones(4))
    assert MODELS[name][0].expected(PAPER[name], rows, 52) == pytest.approx(future, rel=2e-3)


def test_hardie_s_sheets():
    parameters = np.array([0.243, 4.414, 0.793, 2.426])
    assert BG_NBD.expected(parameters, one(2, 30.43, 38.86), 39)[0] == pytest.approx(1.226, abs=1e-3)
    weeks = [0.1429, 1, 3, 31.8571, 32, 78]
    found = [BG_NBD.expected(PAPER["bg"], NEW, week)[0] for week in weeks]
    assert found == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], rel=3e-4, abs=1e-4)
    rounded = np.array([0.55, 10.56, 0.61, 11.64])  # the figures follow from these to the last digit
    curve = [PARETO_NBD.expected(rounded, NEW, week)[0] for week in (0, 1, 2, 3, 9)]
    assert curve == pytest.approx([0, 0.05077821, 0.09916088, 0.14542507, 0.38909211], abs=1e-8)


def test_frequent_buyers_do_not_underflow():
    parameters = np.array([0.55, 10.58, 0.61, 11.67])
    rows = Purchases(np.array([132.0, 133]), np.full(2, 200.0), np.full(2, 200.0), np.ones(2))
    assert PARETO_NBD.expected(parameters, rows, 10) == pytest.approx([6.20605, 6.25287], abs=1e-5)
    many = Purchases(np.array([221.0, 254, 161, 204, 5000]), np.full(5, 150.0), np.full(5, 200.0), np.ones(5))
    for model, _ in MODELS.values():
        assert np.isfinite(model.score(parameters, many)[0])
        alive = model.alive(parameters, many)
        assert ((alive >= 0) & (alive <= 1)).all()


RATES = st.tuples(*[st.floats(lo, hi) for lo, hi in ((0.1, 4), (1, 15), (0.1, 4), (1, 15))])
PEOPLE = st.tuples(st.integers(0, 30), st.floats(0.1, 60), st.floats(0, 60))


def row(person):
    x, last, more = person
    last = last if x else 0.0
    return x, last, last + more


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=60, deadline=None)
@given(rates=RATES, people=st.lists(PEOPLE, min_size=1, max_size=5))
def test_it_agrees_with_the_slow_reference(name, rates, people):
    model, slow = MODELS[name]
    rows, _ = counted(*np.array([row(person) for person in people]).T)
    expected = sum(slow(rates, *row(person)) for person in people)
    assert model.score(np.array(rates), rows)[0] == pytest.approx(expected, rel=1e-9, abs=1e-8)


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=40, deadline=None)
@given(rates=RATES, person=PEOPLE)
def test_slopes_are_those_of_the_likelihood(name, rates, person):
    model, rows, place = MODELS[name][0], one(*row(person)), np.array(rates)
    slopes = model.score(place, rows)[1]
    for i, step in enumerate(np.diag(place * 1e-5)):
        up, down = (model.score(place + sign * step, rows)[0] for sign in (1, -1))
        assert slopes[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("model", [BG_NBD, MBG_NBD])
@settings(max_examples=25, deadline=None)
@given(rates=RATES, person=PEOPLE)
def test_bends_are_those_of_the_slopes(model, rates, person):
    rows, place = one(*row(person)), np.array(rates)
    bends = model.bend(place, rows)
    for i, step in enumerate(np.diag(place * 1e-5)):
        up, down = (model.score(place + sign * step, rows)[1] for sign in (1, -1))
        assert bends[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-4, abs=1e-5)


def test_many_rows_have_the_maximum_of_all_not_of_the_coarser_ones():
    again, last, seen = bought(np.random.default_rng(3), np.array([0.6, 30.0, 1.2, 3.0]), 40_000)
    days = [column.astype(np.int64) for column in (again, last * 7, seen * 7)]
    rows, plain = of_days(*days), counted(*days)[0]
    for name in ("again", "last", "seen", "count"):
        np.testing.assert_array_equal(getattr(rows, name), getattr(plain, name))
    few = rows.coarser()
    assert few is None
    whole = Purchases(
        np.tile(rows.again, 3), np.tile(rows.last, 3), np.tile(rows.seen, 3), np.tile(rows.count, 3)
    )
    assert len(whole.coarser().count) < len(rows.count)
    assert whole.coarser().size == whole.size
    assert fit(BG_NBD, whole).parameters == pytest.approx(fit(BG_NBD, rows).parameters, rel=1e-7)


@settings(max_examples=60, deadline=None)
@given(rates=RATES, person=PEOPLE, horizon=st.floats(0.1, 100))
def test_expected_purchases_agree_with_the_paper_s_formula(rates, person, horizon):
    a, b = rates[2:]
    assume(abs(a - 1) > 0.05)  # the printed formula has a pole here, and one at a + b + x = 1
    assume(abs(a + b + person[0] - 1) > 0.05)
    found = BG_NBD.expected(np.array(rates), one(*row(person)), horizon)[0]
    assert found == pytest.approx(btyd.bg_nbd_expected(rates, *row(person), horizon), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("model", [BG_NBD, MBG_NBD, PARETO_NBD])
def test_expected_purchases_have_no_pole(model):
    beside = [
        model.expected(np.array([0.5, 4, at, 2.5]), one(3, 5, 9), 20)[0] for at in (1 - 1e-7, 1, 1 + 1e-7)
    ]
    assert beside == pytest.approx([beside[1]] * 3, rel=1e-6)


def test_a_prior_keeps_what_the_data_leave_open():
    loyal = counted(np.array([4.0, 6, 5, 9, 2]), np.array([9.0, 9, 10, 10, 8]), np.full(5, 10.0))[0]
    found = fit(BG_NBD, loyal, pull=1.0)
    assert found.converged
    assert (found.parameters < 100).all()
    assert fit(BG_NBD, loyal, pull=10.0).log_likelihood < found.log_likelihood


def test_planted_rates_are_recovered():
    draw = np.random.default_rng(7)
    truth, size = np.array([0.6, 8.0, 1.2, 3.0]), 6_000
    found = fit(BG_NBD, counted(*bought(draw, truth, size))[0])
    assert found.converged
    assert (np.abs(found.parameters - truth) < 3 * found.errors).all()


def bought(draw, truth, size):
    """Live lives by BG/NBD, in days: again, last, seen."""
    r, alpha, a, b = truth
    rate, leaves = draw.gamma(r, 1 / alpha, size), draw.beta(a, b, size)
    again, last, seen = np.zeros(size), np.zeros(size), draw.integers(100, 300, size) / 7.0
    here, clock = np.ones(size, bool), np.zeros(size)
    while here.any():
        clock = clock + draw.exponential(1, size) / np.maximum(rate, 1e-12)
        here &= clock < seen
        again += here
        last = np.where(here, clock, last)
        here &= draw.random(size) > leaves
    return again, last, seen


@pytest.mark.parametrize(
    "model", [BG_NBD, MBG_NBD, PARETO_NBD, GGOM_NBD, BG_BB], ids=lambda one: type(one).__name__
)
def test_all_time_to_come_is_the_sum_of_its_steps(model):
    """Discounted 5 % a week, step by step for as long as anything is left."""
    rates = {GGOM_NBD: [0.55, 10.6, 0.01, 0.6, 2.0], BG_BB: [1.2, 0.75, 0.66, 2.8]}.get(
        model, [0.8, 6.0, 0.9, 2.5]
    )
    rows = Purchases(
        *(np.array(column, float) for column in ([0, 3, 12], [0, 20, 25], [30, 39, 26], [1, 1, 1]))
    )
    force, step = 0.05, 1.0 if model is BG_BB else 0.5
    ends = np.arange(0, 300, step)
    grown = np.array([model.expected(np.array(rates), rows, float(end)) for end in ends])
    when = ends[1:] if model is BG_BB else (ends[1:] + ends[:-1]) / 2
    slow = np.exp(-force * when) @ np.diff(grown, axis=0)
    np.testing.assert_allclose(model.forever(np.array(rates), rows, force), slow, rtol=2e-4)


@pytest.mark.parametrize("leaving", [1e-12, 1e-6])
def test_all_the_time_to_come_of_those_who_never_leave_is_found_at_once(leaving):
    shape, rate, force = np.array([0.25, 9.0]), np.array([5.0, 40.0]), 0.0018
    found = of_leaving_after(force, shape, rate, leaving, np.array([2.4, 12.0]))
    np.testing.assert_allclose(found, shape / rate / force, rtol=1e-4)


def test_pareto_s_discounted_transactions_are_the_closed_form():
    """Fader, Hardie, Lee 2005, equation 2, by Tricomi's function of SciPy."""
    r, alpha, s, beta = rates = 0.5532, 10.5777, 0.6063, 11.6699
    x, last, seen = (
        np.array(column, float) for column in ([0, 2, 7, 26], [0, 30.4, 35, 30.9], [39, 38.9, 39, 31])
    )
    rows, force = Purchases(x, last, seen, np.ones(4)), 0.0027
    whole = (r + x) / (alpha + seen) * (beta + seen) ** s * force ** (s - 1)
    closed = whole * special.hyperu(s, s, force * (beta + seen)) * PARETO_NBD.alive(np.array(rates), rows)
    np.testing.assert_allclose(PARETO_NBD.forever(np.array(rates), rows, force), closed, rtol=1e-5)
