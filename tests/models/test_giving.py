"""BG/BB on the gifts of 11,104 donors, six years: the numbers of BTYD's walkthrough."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganj.models.beta_binomial import BG_BB
from ganj.models.fitting import fit
from ganj.models.purchases import Purchases, one

DONORS = {  # year of the last gift: donors by number of gifts, most first
    6: [1203, 728, 512, 357, 234, 129],
    5: [335, 284, 225, 173, 119],
    4: [240, 181, 155, 78],
    3: [322, 255, 129],
    2: [613, 277],
    1: [1091],
}
PUBLISHED = np.array([1.2035, 0.7497, 0.6568, 2.7838])


def donors():
    rows = [(last - i, last, 6, count) for last, counts in DONORS.items() for i, count in enumerate(counts)]
    return Purchases(*np.array([*rows, (0, 0, 6, 3464)], float).T)


def test_the_donors_have_the_published_maximum():
    rows = donors()
    assert (len(rows.count), rows.size) == (22, 11_104)
    found = fit(BG_BB, rows)
    assert found.converged
    assert found.parameters == pytest.approx(PUBLISHED, abs=6e-4)
    assert found.log_likelihood == pytest.approx(-33225.58, abs=6e-3)
    later = BG_BB.expected(found.parameters, rows, 5) @ rows.count
    assert later == pytest.approx(12884.2, rel=1e-4)


def test_donors_of_the_walkthrough():
    alive = [BG_BB.alive(PUBLISHED, one(x, t, 6))[0] for x, t in ((0, 0), (2, 4), (6, 6))]
    assert alive == pytest.approx([0.11, 0.59, 0.93], abs=5e-3)
    future = [BG_BB.expected(PUBLISHED, one(x, t, 6), 10)[0] for x, t in ((0, 0), (4, 5))]
    assert future == pytest.approx([0.1302169, 3.627858], rel=1e-4)


RATES = st.tuples(*[st.floats(0.2, 5)] * 4)


@settings(max_examples=40, deadline=None)
@given(rates=RATES, seen=st.integers(1, 6))
def test_all_that_may_happen_adds_up_to_one(rates, seen):
    ways = [(i.bit_count(), i.bit_length()) for i in range(2**seen)]
    chances = [np.exp(BG_BB.score(np.array(rates), one(x, t, seen))[0]) for x, t in ways]
    assert sum(chances) == pytest.approx(1, abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(rates=RATES)
def test_slopes_are_those_of_the_likelihood(rates):
    rows, place = donors(), np.array(rates)
    slopes = BG_BB.score(place, rows)[1]
    for i, step in enumerate(np.diag(place * 1e-5)):
        up, down = (BG_BB.score(place + sign * step, rows)[0] for sign in (1, -1))
        assert slopes[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-5, abs=1e-2)
