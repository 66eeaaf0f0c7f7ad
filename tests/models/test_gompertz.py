"""GGom/NBD against its integral taken another way, and at its limit, Pareto/NBD."""

from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from ganj.models.gompertz import GGOM_NBD
from ganj.models.pareto import PARETO_NBD
from ganj.models.purchases import Purchases, one

PLACES = st.tuples(
    st.floats(0.2, 3), st.floats(1, 30), st.floats(0.005, 0.2), st.floats(0.2, 3), st.floats(0.05, 20)
)
PEOPLE = st.sampled_from([(0, 0, 30), (3, 10, 30), (20, 25, 30), (2, 2, 39), (100, 50, 90)])


def likelihood(parameters, x, last, end):
    """Return ln L: Bemmaor and Glady 2012."""
    r, alpha, b, s, beta = parameters

    def leaves(t):
        return b * s * exp(b * t) / ((alpha + t) ** (r + x) * (beta + exp(b * t) - 1) ** (s + 1))

    left = quad(leaves, last, end, epsabs=0, epsrel=1e-10)[0]
    stays = (alpha + end) ** -(r + x) * (beta + exp(b * end) - 1) ** -s
    return lgamma(r + x) - lgamma(r) + r * log(alpha) + s * log(beta) + log(stays + left)


@settings(max_examples=25, deadline=None)
@given(place=PLACES, person=PEOPLE)
def test_likelihood_is_the_papers(place, person):
    found = GGOM_NBD.score(np.array(place), one(*person))[0]
    assert found == pytest.approx(likelihood(place, *person), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(place=PLACES, person=PEOPLE)
def test_slopes_are_those_of_the_likelihood(place, person):
    at, rows = np.array(place), one(*person)
    slopes = GGOM_NBD.score(at, rows)[1]
    for i, step in enumerate(np.diag(at * 1e-5)):
        up, down = (GGOM_NBD.score(at + sign * step, rows)[0] for sign in (1, -1))
        assert slopes[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-4, abs=1e-4)


def test_a_risk_that_does_not_change_is_pareto_nbd():
    rows = Purchases(
        np.array([0.0, 3, 26, 5000]), np.array([0.0, 10, 30, 150]), np.array([39.0, 30, 31, 200]), np.ones(4)
    )
    pareto, slow = np.array([0.55, 10.6, 0.61, 11.7]), np.array([0.55, 10.6, 1e-7, 0.61, 11.7e-7])
    assert GGOM_NBD.score(slow, rows)[0] == pytest.approx(PARETO_NBD.score(pareto, rows)[0], rel=1e-6)
    assert GGOM_NBD.alive(slow, rows) == pytest.approx(PARETO_NBD.alive(pareto, rows), rel=1e-4, abs=1e-9)
    assert GGOM_NBD.expected(slow, rows, 52) == pytest.approx(
        PARETO_NBD.expected(pareto, rows, 52), rel=1e-4, abs=1e-9
    )
