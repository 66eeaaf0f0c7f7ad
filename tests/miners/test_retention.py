"""Who comes back, and when: hand-drawn triangles, a slow reference, a real shop."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.miners.retention import Retention
from miners.retail import clean, needs_file
from reference import retention as reference
from words import write


def months(**more):
    return Retention(zone="UTC", until=more.pop("until", date(2024, 5, 1)), **more)


def triangle(miner, *people):
    """Return the counts of each cohort, ages in order."""
    table = run(miner, as_read(miner, write(*people))).tables["triangle"]
    found = {}
    for cohort, count in zip(table.values["cohort"], table.values["customers"], strict=True):
        found.setdefault(int(cohort), []).append(int(count))
    return list(found.values())


@pytest.mark.parametrize(
    ("people", "cells"),
    [
        (["order@0 order@40"], [[1, 1, 0, 0], [0, 0, 0], [0, 0], [0]]),
        (
            ["order@0 order@1"],
            [[1, 0, 0, 0], [0, 0, 0], [0, 0], [0]],
        ),  # again in the first month is no return
        (
            ["order@0 order@40 order@41"],
            [[1, 1, 0, 0], [0, 0, 0], [0, 0], [0]],
        ),  # twice in a month counts once
        (
            ["order@40 order@100"],
            [[1, 0, 1], [0, 0], [0]],
        ),  # the first cohort is the first month with a start
        (["order@0", "order@31"], [[1, 0, 0, 0], [1, 0, 0], [0, 0], [0]]),  # 31 January is still January
        (
            ["order@0 order@130"],
            [[1, 0, 0, 0], [0, 0, 0], [0, 0], [0]],
        ),  # after the as-of day: May is not counted
    ],
)
def test_the_first_time_triangle(people, cells):
    assert triangle(months(), *people) == cells


def test_recurring_customers_join_every_month_they_order_in():
    people = ["order@0 order@40 order@100"]
    assert triangle(months(cohorts="recurring"), *people) == [[1, 1, 0, 1], [1, 0, 1], [0, 0], [1]]


def test_on_or_after_counts_those_who_come_later():
    assert triangle(months(counting="on_or_after"), "order@0 order@100") == [
        [1, 1, 1, 1],
        [0, 0, 0],
        [0, 0],
        [0],
    ]


def test_start_and_return_may_differ():
    miner = months(start="Signed Up", returns=("Order Completed",))
    people = ["order@1 Signed_Up@20 order@40", "Signed_Up@2"]  # an order before signing up is no return
    assert triangle(miner, *people)[0] == [2, 1, 0, 0]


def test_first_means_first_ever_also_when_the_report_begins_later():
    assert triangle(months(since=date(2024, 2, 1)), "order@0 order@40 order@70", "order@40") == [
        [1, 0, 0],
        [0, 0],
        [0],
    ]


def test_a_report_begins_with_the_whole_period():
    assert triangle(months(since=date(2024, 2, 20)), "order@32 order@61")[0] == [1, 1, 0]


def test_a_month_that_is_not_over_is_marked_and_left_out_of_the_mean():
    miner = months(until=date(2024, 2, 15))
    report = run(miner, as_read(miner, write("order@0 order@33", "order@1")))
    cells = report.tables["triangle"].values
    over = dict(zip(zip(cells["cohort"], cells["age"], strict=True), cells["over"], strict=True))
    assert list(over.values()) == [True, False, False]
    assert list(report.tables["curve"].values["age"]) == [0]


def test_jalali_months_are_other_months():
    people = ["order@19 order@20"]  # 20 January 2024 is 30 Dey, 21 January is 1 Bahman
    assert triangle(months(), *people)[0][:2] == [1, 0]
    assert triangle(months(calendar="jalali"), *people)[0][:2] == [1, 1]


def test_weeks_begin_on_the_day_asked_for():
    people = ["order@4 order@5"]  # Friday and Saturday
    weekly = {"period": "week", "until": date(2024, 1, 20)}
    assert triangle(months(**weekly, week_start=0), *people)[0][:2] == [1, 0]
    assert triangle(months(**weekly, week_start=5), *people)[0][:2] == [1, 1]


def test_the_period_formula():
    # January: a, b, c. February: a, b and the new d. March: a returns nobody; c returns after an absence.
    people = ["order@0 order@40 order@70", "order@1 order@41", "order@2 order@75", "order@45"]
    miner = months(until=date(2024, 4, 1))
    flow = run(miner, as_read(miner, write(*people))).tables["flow"].values
    told = {
        name: [int(v) for v in flow[name]] for name in ("start", "new", "kept", "returned", "left", "active")
    }
    assert told == {
        "start": [0, 3, 3],
        "new": [3, 1, 0],
        "kept": [0, 2, 1],
        "returned": [0, 0, 1],
        "left": [0, 1, 2],
        "active": [3, 3, 2],
    }
    np.testing.assert_allclose(flow["formula"], [np.nan, 100 * (3 - 1) / 3, 100 * 2 / 3])
    np.testing.assert_allclose(flow["stayed"], [np.nan, 100 * 2 / 3, 100 / 3])


def test_money_of_a_cell_is_what_was_bought_in_it():
    miner = months(measure="revenue")
    table = run(miner, as_read(miner, write("order@0=5 order@1=7 order@40=3"))).tables["cohorts"].values
    assert float(table["age_1"][0]) == 3


events = st.sampled_from(["order", "visit", "Signed_Up"])
histories = st.lists(st.lists(st.tuples(events, st.integers(0, 150)), max_size=8), min_size=1, max_size=8)


@given(
    people=histories,
    period=st.sampled_from(["day", "week", "month", "quarter"]),
    calendar=st.sampled_from(["gregorian", "jalali"]),
    cohorts=st.sampled_from(["first", "recurring"]),
    counting=st.sampled_from(["on", "on_or_after"]),
    start=st.sampled_from(["Order Completed", "Signed Up"]),
)
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_the_slow_reference(people, period, calendar, cohorts, counting, start):
    miner = Retention(
        period=period,
        calendar=calendar,
        cohorts=cohorts,
        counting=counting,
        start=start,
        returns=("Order Completed", "Product Viewed"),
        zone="Asia/Tehran",
        week_start=5,
        until=date(2024, 6, 10),
        ages=7,
    )
    whole = as_read(miner, write(*(" ".join(f"{e}@{d}" for e, d in person) for person in people)))
    report, found = run(miner, whole), scores(miner, whole)
    expected, flow = reference.retention(miner, whole)
    table = report.tables["triangle"]
    cells = zip(table.values["cohort"], table.values["age"], table.values["customers"], strict=True)
    assert {(int(p), int(k)): int(n) for p, k, n in cells if n} == expected
    for opens, number in zip(table.opens["customers"], table.values["customers"], strict=True):
        assert len(behind(found, opens)) == number
    table = report.tables["flow"].values
    for row, number in enumerate(table["period"]):
        told = {
            name: int(table[name][row]) for name in ("start", "new", "kept", "returned", "left", "active")
        }
        assert told == flow(int(number))


@needs_file
def test_online_retail_december_2010():
    """Issue 2: December 2010 cohort of Online Retail by calendar month."""
    miner = Retention(zone="UTC", calendar="gregorian", until=date(2011, 12, 10), measure="customers")
    report = run(miner, clean().part(0, 2000), clean().part(2000, len(clean())))
    table = report.tables["cohorts"].values
    row = [int(table["size"][0]), *(int(table[f"age_{age}"][0]) for age in range(1, 13))]
    assert row == [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]
    assert int(table["size"].sum()) == 4338
