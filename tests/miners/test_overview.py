"""Who are our customers: counts, periods, concentration and spread, against lists and NumPy."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.calendar import buckets
from ganj.miners.overview import Overview
from ganj.moments import Moments
from ganj.sketches import Rows
from miners.retail import clean, needs_file
from reference import orders as reference
from words import write


def overview(**more):
    return Overview(**{"zone": "UTC", "until": date(2024, 6, 1), **more})


def one_row(report, name="figures"):
    return {column: values[0] for column, values in report.tables[name].values.items()}


def told(miner, *people, **more):
    return run(miner, as_read(miner, write(*people, **more)))


def test_the_figures():
    people = ["order@0=10*2 order@40=30*1", "order@3=20 return@9=-5", "visit@1"]
    row = one_row(told(overview(), *people, nobody="order@4=7 visit@4"))
    assert (row["customers"], row["buyers"], row["repeat"], row["orders"], row["lines"]) == (3, 2, 1, 3, 3)
    assert (row["revenue"], row["returned"], row["net_revenue"]) == (60, 5, 55)  # a return is a positive sum
    assert (row["average_basket"], row["median_basket"]) == (20, 20)
    assert (row["unknown_orders"], row["unknown_revenue"]) == (1, 7)


def test_new_means_the_first_order_ever():
    miner = overview(since=date(2024, 2, 1))
    table = told(miner, "order@0=1 order@40=1", "order@35=1", "visit@0").tables["periods"].values
    assert (int(table["buyers"][0]), int(table["new"][0]), int(table["returning"][0])) == (2, 1, 1)
    assert one_row(told(miner, "order@0=1 order@40=1", "visit@0"))["customers"] == 1


def test_an_unfinished_period_is_marked():
    table = told(overview(until=date(2024, 2, 10)), "order@0=1", "order@35=1").tables["periods"].values
    assert list(table["over"]) == [True, False]
    table = told(overview(since=date(2024, 1, 2)), "order@3=1", "order@35=1").tables["periods"].values
    assert list(table["over"]) == [False, True]


def test_the_top_are_all_who_spend_as_much_as_the_last_of_them():
    miner = overview()
    people = [f"order@1={amount}" for amount in [100, 50, 50, 50, *[1] * 16]]
    report = told(miner, *people)
    table = report.tables["concentration"]
    top = dict(zip(table.values["top"], table.values["customers"], strict=True))
    assert (top[1], top[5], top[10], top[20]) == (1, 1, 4, 4)  # three are tied for the second place
    share = dict(zip(table.values["top"], table.values["share"], strict=True))
    assert share[10] == pytest.approx(100 * 250 / 266)


def test_groups_by_a_trait_and_by_a_property():
    people = ["order@0=10[device=phone] order@1=30[device=desk]", "order@3=20[device=phone]", "visit@1"]
    table = told(overview(by="city"), *people, traits={"city": ["Rey", "Qom", "Qom"]}).tables["groups"]
    assert [name for name, _ in table.columns[0].choices] == ["Rey", "Qom"]
    assert list(table.values["customers"]) == [1, 2]
    assert list(table.values["revenue"]) == [40, 20]
    table = told(overview(by="device"), *people).tables["groups"]
    assert [name for name, _ in table.columns[0].choices] == ["desk", "phone"]
    assert list(table.values["customers"]) == [1, 2]  # who ordered with both is counted under each
    assert list(table.values["revenue"]) == [30, 30]


def test_sales_without_a_customer_are_told():
    findings = told(overview(), "order@1=30", nobody="order@4=10").findings
    assert any(finding.evidence.get("share") == 25 for finding in findings)


person = st.lists(
    st.tuples(
        st.sampled_from(["order", "return", "visit"]), st.integers(0, 150), st.sampled_from([0, 1, 2.5, 40])
    ),
    max_size=5,
)


@given(
    people=st.lists(person, min_size=1, max_size=9),
    since=st.sampled_from([None, date(2024, 2, 10)]),
    period=st.sampled_from(["day", "week", "month", "quarter", "year"]),
)
@settings(max_examples=50, deadline=None)
def test_it_agrees_with_the_slow_reference(people, since, period):
    miner = overview(since=since, period=period, calendar="jalali", zone="Asia/Tehran")
    whole = as_read(miner, write(*(" ".join(f"{e}@{d}={a}" for e, d, a in p) for p in people)))
    begins = miner.instant(since)
    ever, inside = reference.orders(whole), reference.orders(whole, since=begins)
    report, found = run(miner, whole), scores(miner, whole)
    row = one_row(report)
    spent = [sum(amount for _, amount in bought) for bought, _ in inside if bought]
    assert row["buyers"] == len(spent)
    assert row["revenue"] == pytest.approx(sum(spent))
    assert row["returned"] == pytest.approx(sum(returned for _, returned in inside))
    table = report.tables["periods"]
    for at, number in enumerate(table.values["period"]):
        lived = [
            [p for p in periods(miner, [time for time, _ in bought]) if p == number] for bought, _ in inside
        ]
        new = [
            orders
            for orders, (bought, _) in zip(lived, ever, strict=True)
            if orders and periods(miner, [bought[0][0]])[0] == number
        ]
        assert int(table.values["orders"][at]) == sum(map(len, lived))
        assert int(table.values["buyers"][at]) == sum(bool(orders) for orders in lived)
        assert int(table.values["new"][at]) == len(new)
    for name in ("active", "buyers", "new", "returning"):
        for opens, number in zip(table.opens[name], table.values[name], strict=True):
            assert len(behind(found, opens)) == number


def periods(miner, times):
    return [int(p) for p in buckets(np.array(times, np.int64), miner.period, *miner.bucketing)]


@given(
    values=st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=60),
    cut=st.integers(0, 60),
)
@settings(max_examples=100, deadline=None)
def test_quantiles_are_numpys(values, cut):
    values = np.array(values)[:, None]
    numbers = (Rows.of(values[:cut]) + Rows.of(values[cut:])).numbers()
    shares = np.linspace(0, 1, 11)
    np.testing.assert_allclose(numbers.quantile(shares), np.quantile(values, shares), rtol=1e-9, atol=1e-6)


def test_rounded_quantiles_stay_within_the_rounding():
    values = np.random.default_rng(3).lognormal(10, 2, 200_000)[:, None]
    numbers = Rows.of(values, limit=1 << 16).numbers()
    shares = np.linspace(0.001, 0.999, 99)
    np.testing.assert_allclose(numbers.quantile(shares), np.quantile(values, shares), rtol=2**-10)
    assert numbers.sum == pytest.approx(values.sum())


@given(
    rows=st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=3, max_size=40),
    cut=st.integers(0, 40),
)
@settings(max_examples=60, deadline=None)
def test_moments_are_numpys(rows, cut):
    rows = np.array(rows) + 1e8  # far from zero, where naive sums of squares cancel
    joined = Moments.of(rows[:cut]) + Moments.of(rows[cut:])
    np.testing.assert_allclose(joined.deviation, rows.std(axis=0, ddof=1), rtol=1e-6, atol=1e-6)


@needs_file
def test_online_retail():
    """Issue 2: 397,884 clean lines, 4,338 customers, 18,532 invoices, 8,911,407.90."""
    miner = Overview(until=date(2011, 12, 10), zone="UTC", by="country")
    report = run(miner, clean().part(0, 3000), clean().part(3000, len(clean())))
    row = one_row(report)
    assert (row["lines"], row["customers"], row["orders"]) == (397_884, 4338, 18_532)
    assert row["revenue"] == pytest.approx(8_911_407.90, abs=0.01)
    spent = np.sort(scores(miner, clean())["revenue"].to_numpy())[::-1]
    assert report.tables["concentration"].values["share"][1] == pytest.approx(
        100 * spent[:217].sum() / spent.sum()
    )
    np.testing.assert_allclose(report.tables["spread"].values["median"][1], np.median(spent))
    groups = report.tables["groups"]
    assert groups.columns[0].choices[0][0] == "United Kingdom"
