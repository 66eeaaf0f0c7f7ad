"""Gamma-Gamma spend and sBG contracts against their published numbers; the gamma function itself."""

from math import lgamma

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganj.models.contracts import SBG, of_survivors
from ganj.models.fitting import fit
from ganj.models.gamma import digamma, log_gamma, trigamma
from ganj.models.spend import GAMMA_GAMMA, Spend
from models.cdnow import customers, needs_file


@given(st.floats(1e-6, 1e6))
def test_ln_gamma_is_python_s(x):
    assert float(log_gamma(x)) == pytest.approx(lgamma(x), rel=1e-13, abs=2e-14)


@given(st.floats(1e-3, 1e4))
def test_digamma_follows_its_recurrence_and_slope(x):
    assert float(digamma(x + 1)) == pytest.approx(float(digamma(x)) + 1 / x, rel=1e-12, abs=1e-12)


def test_digamma_has_its_known_values():
    known = [-0.5772156649015329, -1.9635100260214235, 0.42278433509846714]  # −γ, ψ(1/2), 1 − γ
    assert digamma(np.array([1, 0.5, 2])) == pytest.approx(known, abs=1e-14)


@given(st.floats(1e-3, 1e4))
def test_trigamma_follows_its_recurrence(x):
    assert float(trigamma(x + 1)) == pytest.approx(float(trigamma(x)) - 1 / x**2, rel=1e-9, abs=1e-9)
    assert float(trigamma(1.0)) == pytest.approx(np.pi**2 / 6, rel=1e-14)


@needs_file
def test_spend_of_cdnow_s_repeat_buyers():
    again, _, _, _, mean = customers()
    rows = Spend(again[again > 0], mean[again > 0], np.ones(int((again > 0).sum())))
    found = fit(GAMMA_GAMMA, rows)
    assert (len(rows.again), found.converged) == (946, True)
    assert found.parameters == pytest.approx([6.25, 3.74, 15.44], abs=0.01)
    assert found.log_likelihood == pytest.approx(-4055.9177, abs=1e-3)
    ten = GAMMA_GAMMA.expected(found.parameters, again[:2], mean[:2])
    assert ten == pytest.approx([24.658619, 18.911489], rel=1e-3)
    assert GAMMA_GAMMA.expected(found.parameters, again, mean).mean() == pytest.approx(35.2529588, rel=1e-3)


@pytest.mark.parametrize(
    ("survivors", "parameters", "height", "later"),
    [
        (
            [869, 743, 653, 593, 551, 517, 491],
            [0.668088, 3.806095],
            -1611.158,
            [0.4604, 0.4358, 0.4142, 0.3951, 0.3780],
        ),
        (
            [631, 468, 382, 326, 289, 262, 241],
            [0.704077, 1.182043],
            -1680.265,
            [0.2201, 0.2044, 0.1912, 0.1799, 0.1700],
        ),
    ],
    ids=["high end", "regular"],
)
def test_contracts_of_fader_and_hardie(survivors, parameters, height, later):
    found = fit(SBG, of_survivors(1000, np.array(survivors)))
    assert found.converged
    assert found.parameters == pytest.approx(parameters, abs=2e-6)
    assert found.log_likelihood == pytest.approx(height, abs=6e-4)
    assert SBG.survival(found.parameters, np.arange(8, 13)) == pytest.approx(later, abs=1e-4)
