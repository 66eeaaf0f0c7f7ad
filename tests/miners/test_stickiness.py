"""On how many days, weeks or months customers came."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter
from ganj.miners.stickiness import Stickiness
from reference import stickiness as slow
from words import DAY_ZERO, write


def days(**more):
    return Stickiness(zone="UTC", **{"since": DAY_ZERO, "until": DAY_ZERO + timedelta(days=7), **more})


def often(miner, *people):
    return run(miner, as_read(miner, write(*people))).tables["often"].values


def test_the_published_case():
    """Persons active on 1, 2, 3 and 1 days: two on one day, one on two, one on three."""
    people = ["a@0", "a@0 a@1", "a@0 a@0.5 a@1 a@2.9", "a@6.999 a@6"]
    table = often(days(), *people)
    assert table["customers"].tolist() == [2, 1, 1, 0, 0, 0, 0]
    assert table["cumulative"].tolist() == [4, 2, 1, 0, 0, 0, 0]
    assert table["cumulative_share"].tolist()[:3] == [100, 50, 25]


@pytest.mark.parametrize(
    ("more", "customers"),
    [
        ({"at_least": 2}, [1, 0, 0]),
        ({"at_least": 2, "at_most": 2}, [0, 0, 0]),
        ({"at_most": 1}, [1, 0, 0]),
        ({"activity": ("b",)}, [1, 0, 0]),
        ({"activity": ("a[device = app]",)}, [0, 0, 0]),
    ],
)
def test_what_counts_as_active(more, customers):
    assert often(days(**more), "a@0 a@0.1 a@0.2 b@3", "")["customers"].tolist()[:3] == customers


def test_the_last_intervals_are_taken_where_no_first_day_is_given():
    table = often(days(since=None, intervals=2), "a@4.99 a@5", "a@6", "a@0")
    assert table["customers"].tolist() == [2, 0]


def test_the_ratio_is_daily_over_monthly_actives():
    miner = days(since=None, until=date(2024, 2, 11))
    people = ["a@0 a@1 a@2", "a@0", "a@31 a@32 a@33 a@34 a@35"]
    spans = run(miner, as_read(miner, write(*people))).tables["spans"].values
    assert spans["customers"].tolist() == [2, 1]
    assert spans["ratio"].tolist() == pytest.approx(
        [100 * 4 / (31 * 2), 100 * 5 / 10]
    )  # ten days of February
    assert spans["over"].tolist() == [True, False]


def test_limits_that_nothing_fits_are_refused():
    with pytest.raises(BadParameter):
        days(at_least=3, at_most=2)


@given(
    st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([-3, 0, 0.1, 0.9, 1, 3, 6.99, 7, 20, 40])),
                      max_size=8), min_size=1, max_size=5),
    st.tuples(st.sampled_from(["day", "week", "month"]), st.sampled_from(["jalali", "gregorian"])),
    st.sampled_from([None, DAY_ZERO]), st.integers(1, 2), st.sampled_from([("any",), ("a",), ("a", "b")]),
    st.sampled_from(["UTC", "Asia/Tehran", "America/New_York"]),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_it_agrees_with_sets_of_days(told, counted, since, least, activity, zone):
    interval, calendar = counted
    miner = Stickiness(zone=zone, calendar=calendar, since=since, until=date(2024, 2, 20), interval=interval,
                       intervals=9, at_least=least, activity=activity, week_start=5)  # fmt: skip
    histories = as_read(miner, write(*(" ".join(f"{e}@{d}" for e, d in person) for person in told)))
    wanted = slow.stickiness(miner, histories)
    table = run(miner, histories).tables["often"]
    found = scores(miner, histories)
    for row, k in enumerate(table.values["intervals"]):
        customers = wanted.get(int(k), set())
        assert table.values["customers"][row] == len(customers)
        assert set(behind(found, table.opens["customers"][row]).tolist()) == customers
        assert table.values["cumulative"][row] == sum(len(who) for n, who in wanted.items() if n >= k)
    assert table.values["customers"].sum() == sum(len(who) for who in wanted.values())
