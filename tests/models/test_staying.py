"""How long customers stay: published figures of lifelines' data, and slow references."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganj.models.contracts import SBG
from ganj.models.fitting import fit
from ganj.models.staying.accelerated import accelerated
from ganj.models.staying.cox import cox
from ganj.models.staying.lifetimes import WEIBULL, Ages, beyond, kaplan_meier, log_rank

people = st.lists(st.tuples(st.integers(1, 6), st.booleans(), st.integers(0, 2)), min_size=3, max_size=25)


def columns(rows):
    age, left, kind = (np.array(column) for column in zip(*rows, strict=True))
    return age.astype(np.float64), left, kind


@given(people)
@settings(max_examples=25, deadline=None)
def test_the_share_that_stays_is_the_product_of_those_who_did(rows):
    age, left, _ = columns(rows)
    curve = kaplan_meier(Ages.of(age, left))
    for at, share in zip(curve.age, curve.share, strict=True):
        slow = 1.0
        for t in sorted({t for t, gone in zip(age, left, strict=True) if gone and t <= at}):
            slow *= 1 - (left & (age == t)).sum() / (age >= t).sum()
        assert share == pytest.approx(slow)
    assert ((curve.low <= curve.share + 1e-12) & (curve.share <= curve.high + 1e-12)).all()


@given(people)
@settings(max_examples=25, deadline=None)
def test_likelihood_is_efron_s_written_out(rows):
    age, left, kind = columns(rows)
    x = kind[:, None] * 0.7 + np.arange(len(age))[:, None] % 2
    if not left.any() or np.ptp(x) == 0:
        return
    found = cox(x, age, left)
    line, slow = x[:, 0] * found.weights[0], 0.0
    for t in np.unique(age[left]):
        gone = np.flatnonzero(left & (age == t))
        for k in range(len(gone)):
            rest = np.exp(line[age >= t]).sum() - k / len(gone) * np.exp(line[gone]).sum()
            slow += line[gone[k]] - math.log(rest)
    assert found.log_likelihood == pytest.approx(slow, abs=1e-7)


@pytest.mark.parametrize(
    ("square", "degrees", "chance"), [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (0.4549364, 1, 0.5), (16.91898, 9, 0.05)]
)  # fmt: skip
def test_chances_of_chi_squared_are_the_tables(square, degrees, chance):
    assert beyond(square, degrees) == pytest.approx(chance, rel=1e-6)


def test_the_paper_s_six_mercaptopurine_trial():
    """Freireich 1963, in every book: log-rank 16.79 (p 4.2e-5), medians 23 and 8, Cox with Efron's ties 1.5721."""
    drug = [6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35]
    none = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    groups = [Ages.of(np.abs(one), np.array(one) > 0) for one in (drug, none)]
    assert [kaplan_meier(one).median for one in groups] == [23, 8]
    assert log_rank(groups) == pytest.approx(4.17e-5, rel=0.01)
    age = np.array(drug + none, np.float64)
    found = cox((np.arange(42) >= 21)[:, None] * 1.0, np.abs(age), age > 0)
    assert found.weights[0] == pytest.approx(1.5721, abs=1e-4)
    assert found.errors[0] == pytest.approx(0.4124, abs=1e-4)


def test_planted_risk_is_found_and_weibull_has_its_shape():
    dice = np.random.default_rng(4)
    x = dice.normal(size=(3000, 2))
    age = 20 * (-np.log(dice.random(3000)) / np.exp(x @ [0.5, -0.3])) ** (1 / 1.5)
    seen = dice.uniform(5, 40, 3000)
    found = cox(x, np.minimum(age, seen), age <= seen)
    assert np.abs((found.weights - [0.5, -0.3]) / found.errors).max() < 2.5
    plain = 20 * (-np.log(dice.random(3000))) ** (1 / 1.5)
    shape = fit(WEIBULL, Ages.of(np.minimum(plain, seen), plain <= seen))
    assert np.abs((shape.parameters - [20, 1.5]) / shape.errors).max() < 2.5


def test_renewals_to_come_are_the_sum_of_the_curve():
    parameters, ages = np.array([0.668, 3.806]), np.array([0.0, 3.0])
    for age, told in zip(ages, SBG.remaining(parameters, ages, 0.1), strict=True):
        later = np.arange(1, 3000)
        kept = SBG.survival(parameters, age + later) / SBG.survival(parameters, np.array([age]))
        assert told == pytest.approx(float((kept / 1.1**later).sum()), rel=1e-6)
    assert np.isinf(SBG.remaining(parameters, ages, 0)).all()
    assert SBG.remaining(np.array([3.0, 2.0]), ages, 0) == pytest.approx([1.0, 2.5])


def table(name):
    """A data set that comes with lifelines (MIT): column by column."""
    with Path(__file__).with_name(name).open() as lines:
        rows = list(csv.DictReader(lines))
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_rossi_s_arrests_are_as_published():
    told = table("rossi.csv")
    names = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
    x = np.array([told[name] for name in names], np.float64).T
    found = cox(x, np.array(told["week"], np.float64), np.array(told["arrest"]) == "1")
    assert found.weights.round(4).tolist() == [-0.3794, -0.0574, 0.3139, -0.1498, -0.4337, -0.0849, 0.0915]
    assert found.errors.round(4).tolist() == [0.1914, 0.0220, 0.3080, 0.2122, 0.3819, 0.1958, 0.0286]
    assert found.log_likelihood == pytest.approx(-658.7477, abs=1e-4)
    assert found.concordance == pytest.approx(0.6403, abs=1e-4)
    longer = accelerated(x, np.array(told["week"], np.float64), np.array(told["arrest"]) == "1")
    assert longer.weights == pytest.approx([0.272, 0.041, -0.225, 0.107, 0.311, 0.059, -0.066], abs=6e-4)
    assert (longer.intercept, np.log(longer.shape)) == pytest.approx((3.990, 0.339), abs=6e-4)
    assert longer.log_likelihood == pytest.approx(-679.917, abs=1e-3)


def test_walton_s_flies_are_as_lifelines_has_them():
    told = table("waltons.csv")
    ages = Ages.of(np.array(told["T"], np.float64), np.array(told["E"]) == "1")
    assert kaplan_meier(ages).median == 56
    found = fit(WEIBULL, ages)
    assert found.parameters == pytest.approx([55.7331, 3.4505], abs=1e-3)
    assert found.log_likelihood == pytest.approx(-672.0622, abs=1e-4)
