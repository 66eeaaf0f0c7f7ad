"""In what two groups differ: worked by hand, against textbooks' numbers, and against slow references."""

from datetime import date, timedelta

import numpy as np
import pytest

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter
from ganj.kernels.effects import false_discovery, least_squares, logistic, risk_ratio
from ganj.miners.compare import Compare
from words import write


def compared(people, **asked):
    miner = Compare(zone="UTC", until=date(2024, 6, 1), fewest=2, support=1, **asked)
    read = as_read(miner, write(*people))
    return run(miner, read), scores(miner, read)


def differences(report):
    table = report.tables["differences"].values
    rows = zip(table["kind"], table["name"], table["one"], table["other"], strict=True)
    return {(kind, name): (int(one), int(other)) for kind, name, one, other in rows}


def test_only_what_came_before_the_outcome_counts():
    people = ["visit@1 order@2 cart@3", "visit@0 cart@1 order@2", "visit@1", "ticket@2", "visit@2"]
    report, found = compared(people)
    assert differences(report) == {
        ("event", "Product Viewed"): (2, 2),
        ("event", "Product Added"): (1, 0),
        ("event", "ticket"): (0, 1),
    }
    table = report.tables["differences"]
    for side in ("one", "other"):
        for said, opens in zip(table.values[side], table.opens[side], strict=True):
            assert len(behind(found, opens)) == said


def test_within_watches_everyone_equally_long():
    people = ["visit@0 cart@9 order@10", "visit@0 order@3", "visit@0 cart@40", "visit@0"]
    report, _ = compared(people, within=timedelta(days=5))
    assert ("event", "Product Added") not in differences(report)


def test_what_makes_the_group_is_marked():
    people = [*("visit@0 order@1" for _ in range(40)), *("ticket@0" for _ in range(40))]
    report, _ = compared(people)
    assert any(report.tables["differences"].values["leak"])
    assert any("defines the group" in one.text.en for one in report.findings)


def test_too_few_are_not_compared():
    miner = Compare(zone="UTC", until=date(2024, 6, 1))
    report = run(miner, as_read(miner, write("visit@0 order@1", "visit@2")))
    assert len(report.tables["differences"]) == 0
    assert report.findings[0].tone == "warn"


def test_benjamini_and_hochberg_1995():
    """Their example, section 3.2: fifteen p-values, of which four are called at 5 %."""
    p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]  # fmt: skip
    assert int((false_discovery(np.array(p)) <= 0.05).sum()) == 4


def test_a_ratio_by_hand():
    ratio, low, high = risk_ratio(np.array([[15.0, 100.0]]), np.array([[150.0, 250.0]]))
    wide = 1.959964 * np.sqrt(1 / 15 - 1 / 150 + 1 / 100 - 1 / 250)
    assert [ratio[0], low[0], high[0]] == pytest.approx([0.25, 0.25 * np.exp(-wide), 0.25 * np.exp(wide)])


def test_logistic_of_one_yes_or_no_is_the_odds_ratio():
    """The slope of a single 0/1 figure is log(ad / bc), its error sqrt(1/a + 1/b + 1/c + 1/d)."""
    figures, outcome = np.array([[1.0], [1.0], [0.0], [0.0]]), np.array([1.0, 0.0, 1.0, 0.0])
    (_, slope), spread = logistic(figures, outcome, np.array([30.0, 10.0, 20.0, 40.0]))
    assert slope == pytest.approx(np.log(30 * 40 / (10 * 20)))
    assert np.sqrt(spread[1, 1]) == pytest.approx(np.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 40))


def test_groups_told_apart_perfectly_have_no_odds():
    assert logistic(np.array([[0.0], [1.0]]), np.array([0.0, 1.0]), np.array([5.0, 5.0])) is None


def test_least_squares_agrees_with_the_design_matrix():
    random = np.random.default_rng(0)
    rows = random.normal(size=(50, 3))
    away = rows - rows.mean(axis=0)
    slopes, errors, _ = least_squares(50, away.T @ away)
    design = np.column_stack((np.ones(50), rows[:, 1:]))
    expected, left, *_ = np.linalg.lstsq(design, rows[:, 0], rcond=None)
    np.testing.assert_allclose(slopes, expected[1:])
    wide = np.sqrt(left[0] / 47 * np.diag(np.linalg.inv(design.T @ design)))[1:]
    np.testing.assert_allclose(errors, wide)


@pytest.mark.parametrize(
    "asked",
    [
        {"one": "a", "those": ("x = 1",)},
        {"one": "a", "other": "a"},
        {"figures": ("days", "days")},
        {"other": "a"},
        {"target": "nothing"},
    ],
)
def test_what_makes_no_sense_is_refused(asked):
    with pytest.raises(BadParameter):
        Compare(**asked)
