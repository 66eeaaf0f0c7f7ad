"""Series: smoothing against a slow loop, planted effects found, limits that cover, a calendar that knows its feasts."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganj.calendar import day_number
from ganj.kernels.smoothing import smoothed
from ganj.models.series import stream
from ganj.models.series.calendar import between, of_periods
from ganj.models.series.forecasting import Asked, forecast, smape
from ganj.models.series.regression import effects
from ganj.models.series.scale import Scale
from ganj.models.series.smoothing import SIMPLE, indices
from ganj.models.series.stream import strangeness
from models import nab


def slowly(values, season, alpha, share, phi, gamma):
    """ETS(A,Ad,A) as the book writes it, from a first season of at most three cycles."""
    level, trend = np.nanmean(values[: season if season > 1 else 5]), 0.0
    cycles = [values[k * season : (k + 1) * season] for k in range(min(len(values) // season, 3))]
    means = [np.nanmean(c) for c in cycles]
    slope = (means[-1] - means[0]) / (len(means) - 1) / season if len(means) > 1 else 0.0
    level_of = [[mean + slope * (j - (season - 1) / 2) for j in range(season)] for mean in means]
    away = [
        [c[j] - line[j] for c, line in zip(cycles, level_of, strict=True) if not np.isnan(c[j])]
        for j in range(season)
    ]
    seasons = [float(np.mean(a)) if a and season > 1 else 0.0 for a in away]
    squares = []
    for t, value in enumerate(values):
        said = level + phi * trend + seasons[t % season]
        error = 0.0 if np.isnan(value) else value - said
        if t >= season and not np.isnan(value):
            squares.append(error**2)
        level, trend = level + phi * trend + alpha * error, phi * trend + alpha * share * error
        if season > 1:
            seasons[t % season] += gamma * (1 - alpha) * error
    size = len(values)
    return float(np.mean(squares)), [level, trend, *(seasons[(size + j) % season] for j in range(season))]


@given(
    st.lists(st.floats(-50, 50), min_size=12, max_size=40),
    st.sampled_from([1, 3, 4]),
    st.tuples(st.floats(0.01, 1), st.floats(0, 0.9), st.floats(0.8, 1), st.floats(0, 0.9)),
    st.integers(5, 11),
)
@settings(max_examples=25, deadline=None)
def test_smoothing_is_as_the_book_says(values, season, setting, hole):
    values = np.array(values)
    values[hole] = np.nan
    loss, states = smoothed(values, season, np.array([setting]))
    error, ends = slowly(values, season, *setting)
    assert loss[0] == pytest.approx(error, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(states[0], ends, rtol=1e-9, atol=1e-9)


def test_a_pure_season_goes_on():
    cycle = np.array([3.0, 8.0, 1.0, 4.0])
    values = np.tile(cycle, 8)
    for name in ("snaive", "level", "damped", "theta"):
        np.testing.assert_allclose(SIMPLE[name](values, 4, 6), np.resize(cycle, 6), atol=1e-6, err_msg=name)
    np.testing.assert_allclose(indices(values, 4), cycle - cycle.mean(), atol=1e-12)


def test_theta_adds_half_the_slope():
    values = np.arange(40.0)
    said = SIMPLE["theta"](values, 1, 3)
    np.testing.assert_allclose(np.diff(said), 0.5)


def days(first, last):
    return np.arange(day_number(date.fromisoformat(first)), day_number(date.fromisoformat(last)) + 1)


def column(columns, name):
    return columns.values[:, columns.names.index(name)]


def test_feasts_are_where_they_were():
    day = days("2025-03-01", "2025-04-30")
    known = of_periods(day, "day", "jalali")
    on = {name: day[column(known, name) > 0] for name in known.names}
    assert on["fitr"][0] == day_number(date(2025, 3, 31))
    assert len(on["ramadan"]) == 29  # 2–30 March; the first of the month is sure of neither side
    assert on["nowruz:+0"].tolist() == days("2025-03-21", "2025-03-24").tolist()
    assert on["nowruz:-2"].tolist() == days("2025-03-19", "2025-03-20").tolist()


def test_a_feast_whose_date_is_estimated_is_shared_by_three_days():
    day = days("2027-03-01", "2027-03-20")
    fitr = column(of_periods(day, "day", "jalali"), "fitr")
    assert fitr[fitr > 0].tolist() == [0.25, 0.75, 0.75, 0.25]  # the feast and the day after it
    assert day[np.argmax(fitr)] in days("2027-03-09", "2027-03-12")


def test_a_week_is_the_mean_of_its_days():
    day = days("2025-03-01", "2025-03-28")
    daily, weekly = (
        between(np.append(day, day[-1] + 1), "jalali", "IR"),
        between(np.append(day, day[-1] + 1)[::7], "jalali", "IR"),
    )
    np.testing.assert_allclose(weekly.values, daily.values.reshape(4, 7, -1).mean(axis=1))


def test_planted_effects_are_found():
    rng, size = np.random.default_rng(2), 700
    on = (rng.random((size, 6)) < 0.05).astype(float)
    true = np.array([0.8, -0.6, 0.4, 0.0, 0.0, 0.0])
    values = (
        3
        + np.arange(size) / 500
        + 0.2 * np.sin(2 * np.pi * np.arange(size) / 7)
        + on @ true
        + rng.normal(0, 0.1, size)
    )
    values[100] += 5  # an outlier must not matter
    found = effects(values, on, 7)
    assert np.all(np.abs(found.size - true) < 3 * found.error + 0.02)
    assert np.all(found.error < 0.1)


def test_columns_that_do_nothing_are_pulled_to_nothing():
    rng = np.random.default_rng(3)
    found = effects(rng.normal(0, 1, 300), (rng.random((300, 40)) < 0.1).astype(float), 7)
    assert np.abs(found.size).max() < 0.4


@pytest.mark.parametrize(
    ("values", "kind"),
    [([5.0, 6, 7, 8], "log"), ([-1.0, 2, 3], "plain"), ([0.0, 0, 1, 0, 2], "fitful"), ([0.0] * 4, "plain")],
)
def test_the_scale_suits_the_figure(values, kind):
    scale = Scale.of(np.array(values))
    assert scale.kind == kind
    np.testing.assert_allclose(scale.outward(scale.inward(np.array(values))), values, atol=1e-9)


def test_limits_cover_what_they_say():
    rng, inside = np.random.default_rng(4), {0.8: [], 0.95: []}
    for _ in range(40):
        level = np.cumsum(rng.normal(0, 0.02, 190)) + 4
        values = np.exp(level + 0.3 * np.sin(2 * np.pi * np.arange(190) / 7) + rng.normal(0, 0.15, 190))
        found = forecast(Asked.of(values[:176], None, 7, 14))
        for share, told in inside.items():
            low, high = found.limits(share)
            told.append(np.mean((values[176:] >= low) & (values[176:] <= high)))
    assert 75 <= 100 * np.mean(inside[0.8]) <= 87
    assert 92 <= 100 * np.mean(inside[0.95]) <= 99


def test_nothing_after_an_origin_is_seen():
    rng = np.random.default_rng(5)
    values, columns = rng.gamma(9, 1, 150), rng.random((164, 3))
    changed = values.copy()
    changed[136:] *= 50
    early = [forecast(Asked.of(one[:136], columns[:150], 7, 14)).path for one in (values, changed)]
    np.testing.assert_array_equal(*early)
    trial = forecast(Asked.of(values, columns, 7, 14)).trial
    np.testing.assert_allclose(
        trial.said["level+"][0], forecast(Asked.of(values[:136], columns[:150], 7, 14)).said["level+"]
    )


def test_the_best_models_count_most():
    values = np.tile([1.0, 9.0, 2.0, 7.0, 3.0, 8.0, 4.0], 30) + np.random.default_rng(6).normal(0, 0.1, 210)
    found = forecast(Asked.of(values, None, 7, 7))
    errors = found.trial.errors(found.asked.scale)
    assert sum(found.weights.values()) == pytest.approx(1)
    assert max(found.weights, key=found.weights.__getitem__) == min(found.weights, key=errors.__getitem__)


def test_smape_of_nothing_is_nothing():
    assert smape(np.array([0.0, 2.0]), np.array([0.0, 0.0])).tolist() == [0, 200]


def test_a_figure_is_judged_by_nothing_that_comes_after():
    rng = np.random.default_rng(9)
    values = rng.normal(0, 1, 400) + 3 * np.sin(2 * np.pi * np.arange(400) / 24)
    values[300] = 30
    whole = strangeness(values, 24, 60)
    np.testing.assert_array_equal(strangeness(values[:333], 24, 60), whole[:333])
    assert whole[:60].tolist() == [0.0] * 60
    assert int(np.argmax(whole)) == 300
    quiet = stream.told(whole, 20)
    assert quiet[300] == whole[300]
    assert not np.any(quiet[301:320] >= 1.2)


def test_a_figure_at_the_wrong_hour_is_strange_though_its_size_is_not():
    values = np.tile(np.repeat([0.0, 10.0], 12), 20) + np.random.default_rng(1).normal(0, 0.1, 480)
    values[24 * 15 + 3] = 10.0
    assert strangeness(values, 24, 72)[24 * 15 + 3] > 1.5
    assert strangeness(values, 1, 72)[24 * 15 + 3] < 1.5


def test_the_benchmarks_score_is_its_own():
    """As NAB's documentation has it: nothing found scores 0, each window's first figure 100, a miss is worth -1."""
    one = nab.Series("", np.arange(400) * 300, np.zeros(400), [(100, 120), (300, 320)])
    none, perfect = np.zeros(400), np.zeros(400)
    perfect[[100, 300]] = 1.0
    assert nab.score([(one, none)]) == pytest.approx(0.0)
    assert nab.score([(one, perfect)]) == pytest.approx(100.0)
    false = perfect.copy()
    false[200] = 1.0  # far behind the first window: a whole false alarm
    assert nab.score([(one, false)]) == pytest.approx(100 * (4 - 0.11) / 4)


@pytest.mark.skipif(not nab.NAB.exists(), reason="the benchmark's series are not here")
def test_strange_figures_of_the_benchmark_are_found():
    """A few of its files; all of them: ``python -m bench nab``."""
    found = [
        (one, stream.told(strangeness(one.values, one.season, one.learned), one.learned // nab.FRESH))
        for one in nab.series("art_daily")
    ]
    assert len(found) == 7
    assert nab.score(found) > 70
