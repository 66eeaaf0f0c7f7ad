"""Who comes back, and when: hand-drawn triangles, a slow reference, a real shop."""

from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter
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


moments = st.one_of(st.integers(0, 1200), st.integers(0, 30)).map(lambda n: n / 8)
busy = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["order", "order", "visit", "Signed_Up"]),
            moments,
            st.sampled_from(["web", "app", ""]),
        ),
        max_size=8,
    ),
    min_size=1,
    max_size=6,
)


def told(people):
    written = [[f"{e}@{d}" + (f"[channel={c}]" if c else "") for e, d, c in person] for person in people]
    return write(*(" ".join(person) for person in written))


@given(
    people=busy,
    period=st.sampled_from(["day", "week", "month"]),
    cohorts=st.sampled_from(["first", "recurring"]),
    counting=st.sampled_from(["on", "on_or_after"]),
    windows=st.sampled_from(["", "calendar", "rolling"]),
    semantics=st.sampled_from(["ganj", "mixpanel", "amplitude"]),
    brackets=st.sampled_from([(), (), (1, 3, 7), (2, 2)]),
    at_least=st.sampled_from([1, 1, 2]),
)
@settings(max_examples=40, deadline=None)
def test_windows_brackets_and_semantics_agree_with_the_slow_reference(people, **asked):
    miner = Retention(
        start="Order Completed",
        returns=("Order Completed", "Product Viewed"),
        zone="Asia/Tehran",
        calendar="jalali",
        week_start=5,
        until=date(2024, 6, 10),
        ages=7,
        **asked,
    )
    whole = as_read(miner, told(people))
    report, found = run(miner, whole), scores(miner, whole)
    table = report.tables["triangle"]
    columns = {age: n for n, age in enumerate(sorted(set(table.values["age"])))}
    cohorts = [
        int(c) if miner.period != "hour" else (int(c) + 1_800_000_000) // 3_600_000_000
        for c in table.values["cohort"]
    ]
    shown = zip(cohorts, table.values["age"], table.values["customers"], strict=True)
    assert {(c, columns[a]): int(n) for c, a, n in shown if n} == reference.cells(miner, whole)
    for number, opens in zip(table.values["customers"], table.opens["customers"], strict=True):
        if number:
            assert len(behind(found, opens)) == number


@given(
    people=busy,
    cohorts=st.sampled_from(["first", "recurring"]),
    counting=st.sampled_from(["on", "on_or_after"]),
)
@settings(max_examples=15, deadline=None)
def test_a_group_is_the_report_of_the_events_with_its_value(people, cohorts, counting):
    plain = months(
        returns=("Order Completed", "Product Viewed"),
        cohorts=cohorts,
        counting=counting,
        until=date(2024, 7, 1),
        ages=5,
    )
    miner = msgspec.structs.replace(plain, by="channel")
    whole = told(people)
    groups = run(miner, as_read(miner, whole)).tables["groups"]
    names = [name for name, _ in groups.columns[0].choices]
    got = {}
    for group, age, back in zip(
        groups.values["group"], groups.values["age"], groups.values["back"], strict=True
    ):
        got[names[group], int(age)] = int(back)
    channel = whole.columns.get("channel")
    labels = ["", *whole.names.get("channel", ())]
    expected = {}
    for code, label in enumerate(labels, -1):
        mine = whole.keep(channel == code) if channel is not None else whole
        cells = run(plain, as_read(plain, mine)).tables["triangle"].values
        for age, n, over, size in zip(
            cells["age"], cells["customers"], cells["over"], cells["size"], strict=True
        ):
            if over and size:
                expected[label, int(age)] = expected.get((label, int(age)), 0) + int(n)
    assert got == expected


@pytest.mark.parametrize(
    ("semantics", "people", "cells"),
    [
        ("mixpanel", "order@0.5 order@1.5", [1, 0, 0]),  # just 24 hours later is still Day 0: (0, 24]
        ("ganj", "order@0.5 order@1.5", [1, 1, 0]),  # [24, 48)
        (
            "amplitude",
            "order@0.74930 order@1.7084",
            [1, 1, 0],
        ),  # 17:59 and 17:00 the day after: floored to the hour
        ("ganj", "order@0.74930 order@1.7084", [1, 0, 0]),
    ],
)
def test_rolling_days(semantics, people, cells):
    miner = months(
        period="day", windows="rolling", semantics=semantics, counting="on", ages=2, until=date(2024, 1, 9)
    )
    assert triangle(miner, people)[0] == cells


def test_mixpanel_counts_then_or_later_unless_told():
    asked = {"period": "day", "ages": 3, "until": date(2024, 1, 9)}
    assert triangle(months(semantics="mixpanel", **asked), "order@0 order@3.5")[0] == [1, 1, 1, 1]
    assert triangle(months(semantics="mixpanel", counting="on", **asked), "order@0 order@3.5")[0] == [
        1,
        0,
        0,
        1,
    ]


def test_weighted_and_simple_means():
    people = ["order@0 order@40", "order@1", "order@2", "order@40 order@65"]  # 1 of 3, and 1 of 1
    shares = {}
    for mean in ("weighted", "simple"):
        miner = months(mean=mean, until=date(2024, 4, 1))
        curve = run(miner, as_read(miner, write(*people))).tables["curve"].values
        shares[mean] = float(curve["share"][1])
        assert curve["low"][1] < shares[mean] < curve["high"][1]
    assert shares == {"weighted": 50.0, "simple": pytest.approx(100 * (1 / 3 + 1) / 2)}


def test_reference_previous_divides_by_the_age_before():
    miner = months(reference="previous", counting="on_or_after")
    table = (
        run(miner, as_read(miner, write("order@0 order@40 order@70", "order@1 order@41")))
        .tables["triangle"]
        .values
    )
    assert [float(v) for v in table["share"][:4]] == [100, 100, 50, 0]


def test_filters_on_start_and_return():
    people = "order@0[channel=web] order@1[channel=app] order@40[channel=app] order@70[channel=web]"
    miner = months(start="Order Completed[channel = app]", returns=("Order Completed[channel = web]",))
    assert triangle(miner, people)[0] == [1, 0, 1, 0]


def test_few_customers_are_not_spoken_of_in_shares():
    miner = months()
    finding = run(miner, as_read(miner, write("order@0 order@40", "order@1"))).findings
    assert any("Too few" in one.text.en and one.tone == "warn" for one in finding)


@pytest.mark.parametrize("brackets", [(0, 2), (399, 2)])
def test_brackets_that_cannot_be_are_refused(brackets):
    with pytest.raises(BadParameter):
        Retention(brackets=brackets)


@needs_file
def test_online_retail_december_2010():
    """Issue 2: December 2010 cohort of Online Retail by calendar month."""
    miner = Retention(zone="UTC", calendar="gregorian", until=date(2011, 12, 10), measure="customers")
    report = run(miner, clean().part(0, 2000), clean().part(2000, len(clean())))
    table = report.tables["cohorts"].values
    row = [int(table["size"][0]), *(int(table[f"age_{age}"][0]) for age in range(1, 13))]
    assert row == [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]
    assert int(table["size"].sum()) == 4338
