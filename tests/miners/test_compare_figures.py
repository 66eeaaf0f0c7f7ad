"""Comparison, end to end: against plain lists, against SciPy's figures, on stored segments and traits."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from folding import as_read, behind, run, scores
from ganj.kernels.effects import chance, false_discovery, logistic, risk_ratio, standardised, two_shares
from ganj.kernels.intervals import newcombe
from ganj.miners.compare import Compare
from ganj.segments import Condition, Segment
from reference import compare as slow
from stored import workspace
from words import write

OUTCOME = "Order Completed"


def asked(**more):
    return Compare(
        zone="UTC", until=date(2024, 6, 1), **{"fewest": 2, "support": 1, "figures": ("any", "days"), **more}
    )


def table(report, name):
    sheet = report.tables[name]
    return [dict(zip((c.name for c in sheet.columns), row, strict=True))
            for row in zip(*(list(sheet.values[c.name]) for c in sheet.columns), strict=True)]  # fmt: skip


@st.composite
def people(draw):
    event = st.sampled_from(["visit@{}", "cart@{}", "order@{}=7", "ticket@{}"])
    one = st.lists(st.tuples(event, st.sampled_from([0, 0, 1, 1.5, 4, 30])), max_size=6)
    persons = draw(st.lists(one, min_size=4, max_size=12))
    return [" ".join(event.format(day) for event, day in person) for person in persons]


@given(people(), st.sampled_from([0, 3]), st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_every_number_agrees_with_plain_lists_and_opens_its_customers(said, within, support):
    miner = asked(within=timedelta(days=within), support=support)
    histories = as_read(miner, write(*said))
    report, found = run(miner, histories.part(0, 2), histories.part(2, len(said))), scores(miner, histories)
    sides = slow.lives(histories, *slow.by_outcome(OUTCOME, within * slow.DAY))
    sizes = [sum(one["side"] == side for one in sides) for side in (0, 1)]
    assert [row["customers"] for row in table(report, "groups")] == sizes
    told = {row["name"]: [row["one"], row["other"]] for row in table(report, "differences")}
    names = {name for one in sides for name in one["had"]}
    enough = min(sizes) >= 2
    wanted = {name: slow.hits(sides, name) for name in names} if enough else {}
    assert told == {name: pair for name, pair in wanted.items() if sum(pair) >= support}  # minimum support
    for row in table(report, "counts"):
        pair = slow.values(sides, row["name"])
        assert [row["one_mean"], row["other_mean"]] == pytest.approx([np.mean(one) for one in pair])
    for row in table(report, "correlations"):
        both = [
            [*slow.values(sides, name)[0], *slow.values(sides, name)[1]]
            for name in (row["first"], row["second"])
            if name != "group"
        ]
        marks = [1] * sizes[0] + [0] * sizes[1]
        pair = both if len(both) == 2 else [marks, *both]
        if all(len(set(one)) > 1 for one in pair):
            assert row["r"] == pytest.approx(stats.pearsonr(*pair).statistic, abs=1e-9)
    every_cell_opens(report, found)


def every_cell_opens(report, found):
    for name, sheet in report.tables.items():
        assert sheet.opens, name
        for column, opens in sheet.opens.items():
            if column in {"one", "other", "customers", "inside"}:
                for said, where in zip(sheet.values[column], opens, strict=True):
                    assert where is not None
                    assert len(behind(found, where)) == said, (name, column)


# ---- the figures

SIDES = [([15, 100], [150, 250]), ([56, 48], [70, 80]), ([9, 3], [10, 10]), ([5, 0], [56, 29])]


@pytest.mark.parametrize(("hits", "tries"), SIDES[:3])
def test_ratio_and_its_limits_are_scipys(hits, tries):
    ours = risk_ratio(np.array([hits], float), np.array([tries], float))
    theirs = stats.contingency.relative_risk(hits[0], tries[0], hits[1], tries[1])
    limits = theirs.confidence_interval(0.95)
    assert [one[0] for one in ours] == pytest.approx(
        [theirs.relative_risk, limits.low, limits.high], rel=1e-6
    )


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [
        ([56, 48], [70, 80], 0.0524, 0.3339),
        ([9, 3], [10, 10], 0.1705, 0.8090),
        ([5, 0], [56, 29], -0.0381, 0.1926),
    ],
)
def test_differences_are_newcombes(hits, tries, low, high):
    """R. G. Newcombe 1998, table II, method 10 (score, without correction): contrasts (a), (c) and (f)."""
    found = newcombe(np.array(hits[::-1], float), np.array(tries[::-1], float))
    assert found[1:] == pytest.approx([low, high], abs=5e-5)


@pytest.mark.parametrize(("hits", "tries"), SIDES[:2])
def test_the_chance_of_two_shares_is_that_of_the_square(hits, tries):
    """The pooled z test of two shares is Pearson's chi-square of the table."""
    rows = [[hits[0], tries[0] - hits[0]], [hits[1], tries[1] - hits[1]]]
    p = chance(two_shares(np.array([hits], float), np.array([tries], float)))[0]
    assert p == pytest.approx(stats.chi2_contingency(rows, correction=False).pvalue, rel=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_multiplicity_is_held_as_scipy_does(p):
    assert false_discovery(np.array(p)) == pytest.approx(stats.false_discovery_control(p))


def test_means_are_compared_as_scipy_does():
    random = np.random.default_rng(3)
    pair = random.gamma(2, 3, 60), random.gamma(3, 3, 90)
    size, mean, spread = (
        np.array([[f(one) for one in pair]]) for f in (len, np.mean, lambda x: len(x) * np.var(x))
    )
    d, low, high, z = standardised(size.astype(float), mean, spread)
    assert z[0] == pytest.approx(stats.ttest_ind(*pair, equal_var=False).statistic)
    pooled = np.sqrt((59 * pair[0].var(ddof=1) + 89 * pair[1].var(ddof=1)) / 148)
    assert d[0] == pytest.approx((pair[0].mean() - pair[1].mean()) / pooled)
    error = np.sqrt(1 / 60 + 1 / 90 + d[0] ** 2 / (2 * 150))  # Hedges and Olkin 1985, ch. 5, eq. 8
    assert [low[0], high[0]] == pytest.approx([d[0] - 1.95996 * error, d[0] + 1.95996 * error], rel=0.02)


def test_the_odds_are_the_likeliest():
    random = np.random.default_rng(5)
    x = random.normal(size=(200, 2))
    y = (random.random(200) < 1 / (1 + np.exp(0.4 - x @ [1.2, -0.5]))).astype(float)
    design = np.column_stack((np.ones(200), x))

    def unlikely(b):
        return np.logaddexp(0, design @ b).sum() - y @ (design @ b)

    best = optimize.minimize(unlikely, np.zeros(3), method="BFGS", options={"gtol": 1e-9})
    slopes, spread = logistic(x, y, np.ones(200))
    assert slopes == pytest.approx(best.x, abs=1e-5)
    chances = 1 / (1 + np.exp(-design @ best.x))
    known = np.linalg.inv((design * (chances * (1 - chances))[:, None]).T @ design)
    assert spread == pytest.approx(known, rel=1e-3)


def planted():
    """Sixty customers: who viewed more often ordered more often, and was known for longer."""
    random = np.random.default_rng(3)
    for _ in range(60):
        views, days = random.poisson(3), random.integers(0, 20)
        ordered = random.random() < 1 / (1 + np.exp(2.5 - 0.7 * views))
        visits = [f"visit@{days * k / max(views, 1)}" for k in range(views)]
        yield " ".join([f"ticket@{days}", *visits, *(["order@30"] if ordered else [])])


def test_what_a_figure_does_alone_is_as_if_everyone_had_it():
    """Partial dependence against customers gone through one by one, and odds that scipy finds."""
    figures = ("Product Viewed", "days")
    miner = asked(figures=figures, support=1)
    histories = as_read(miner, write(*planted()))
    report = run(miner, histories.part(0, 20), histories.part(20, 60))
    sides = slow.lives(histories, *slow.by_outcome(OUTCOME, 0))
    rows = np.column_stack([np.concatenate(slow.values(sides, name)) for name in figures])
    outcome = np.repeat([1.0, 0.0], [len(one) for one in slow.values(sides, "days")])
    told = table(report, "dependence")
    assert len(told) > 6
    for row in told:
        wanted = slow.partial(rows, outcome, figures.index(row["figure"]), row["mean"])
        assert [row["alone"], row["alone_low"], row["alone_high"]] == pytest.approx(
            [100 * one for one in wanted], abs=1e-3
        )
    views = [row["alone"] for row in told if row["figure"] == "Product Viewed"]
    assert views == sorted(views)


def test_what_a_figure_does_to_another_is_a_line():
    miner = asked(figures=("any", "days"), target="days")
    histories = as_read(miner, write(*planted()))
    report = run(miner, histories)
    sides = slow.lives(histories, *slow.by_outcome(OUTCOME, 0))
    x, y = (np.concatenate(slow.values(sides, name)) for name in miner.figures)
    line = stats.linregress(x, y)
    left = np.sqrt(((y - line.intercept - line.slope * x) ** 2).sum() / (len(x) - 2))
    for row in table(report, "dependence"):
        if row["figure"] == "days":
            assert np.isnan(row["alone"])
            continue
        wide = (
            1.959964
            * left
            * np.sqrt(1 / len(x) + (row["mean"] - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())
        )
        middle = line.intercept + line.slope * row["mean"]
        assert [row["alone"], row["alone_low"], row["alone_high"]] == pytest.approx(
            [middle, middle - wide, middle + wide]
        )
    (told,) = table(report, "regression")
    assert told["p"] == pytest.approx(told["q"])


def test_correlations_are_held_against_how_many_there_are():
    miner = asked(figures=("Product Viewed", "any", "days"))
    rows = table(run(miner, as_read(miner, write(*planted()))), "correlations")
    p = [2 * stats.norm.sf(abs(np.arctanh(row["r"])) * np.sqrt(57)) for row in rows]
    assert [row["q"] for row in rows] == pytest.approx(stats.false_discovery_control(p))
    assert [row["clear"] for row in rows] == [row["q"] <= 0.05 for row in rows]


def test_chance_alone_is_seldom_called():
    """Sixty behaviours that have nothing to do with the group: adjusted, hardly one is called beyond chance."""
    random = np.random.default_rng(8)
    persons = [
        " ".join(
            [f"e{k}@1" for k in range(60) if random.random() < 0.5] + (["order@2"] if n % 2 else ["x@2"])
        )
        for n in range(200)
    ]
    miner = asked()
    rows = [
        row for row in table(run(miner, as_read(miner, write(*persons))), "differences") if row["name"] != "x"
    ]
    assert len(rows) == 60
    assert sum(row["clear"] for row in rows) <= 1
    share = chance(
        two_shares(*(np.array([[row["one"], row["other"]] for row in rows], float), np.full((60, 2), 100.0)))
    )
    assert (share <= 0.05).sum() <= 9  # unadjusted, about three are


# ---- groups of segments and traits, in a store


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    rows = []
    for n in range(60):
        who = f"c{n}"
        rows.append({"customer": who, "traits": {"city": "قم" if n % 3 else "ری", "age": 20 + n}})
        rows += [
            {"customer": who, "event": "Product Viewed", "time": f"2024-01-0{1 + k}"}
            for k in range(1 + n % 4)
        ]
        rows += [{"customer": who, "event": "Product Added", "time": "2024-01-09"}] if n % 5 == 0 else []
    with workspace(tmp_path_factory.mktemp("compare"), rows) as opened:
        opened.save_segment("old", Segment((Condition("age", ">=", 50),)))
        opened.save_segment("young", Segment((Condition("age", "<", 30),)))
        yield opened


def every_row_opens(shop, miner):
    report = shop.mine(miner).report
    for sheet in report.tables.values():
        for column in {"one", "other", "customers", "inside"} & set(sheet.opens):
            for said, where in zip(sheet.values[column], sheet.opens[column], strict=True):
                assert len(shop.opens(miner, where)) == said
    return report


def test_segment_against_segment(shop):
    miner = Compare(one="old", other="young", traits=("city", "age"), fewest=5, support=1)
    report = every_row_opens(shop, miner)
    assert [row["customers"] for row in table(report, "groups")] == [30, 10]
    ages = next(row for row in table(report, "counts") if row["name"] == "age")
    assert (ages["one_mean"], ages["other_mean"]) == (np.mean(range(50, 80)), np.mean(range(20, 30)))
    added = next(row for row in table(report, "differences") if row["name"] == "Product Added")
    assert (added["one"], added["other"]) == (6, 2)


def test_a_segment_against_everyone_else(shop):
    report = every_row_opens(shop, Compare(one="old", fewest=5, support=1))
    assert [row["customers"] for row in table(report, "groups")] == [30, 30]


def test_a_group_by_a_trait_and_by_any_of_several(shop):
    report = every_row_opens(shop, Compare(those=("city = ری",), traits=("city",), fewest=5, support=1))
    assert [row["customers"] for row in table(report, "groups")] == [20, 40]
    assert all(row["leak"] for row in table(report, "differences") if row["kind"] == "city")
    report = every_row_opens(shop, Compare(those=("any(city = ری, age >= 75)",), fewest=5, support=1))
    assert [row["customers"] for row in table(report, "groups")] == [24, 36]
