"""Hours on the wall, answers to messages, months and holidays."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.calendar import WEEKDAYS, day_number, from_days, holidays_between
from ganj.errors import BadParameter
from ganj.histories import DAY, Histories
from ganj.kernels.seasons import drawn, effect, expected, months, student
from ganj.miners.timing import Timing
from reference import timing as slow
from words import DAY_ZERO, write


def clock(zone="UTC", **more):
    return Timing(zone=zone, **{"until": date(2024, 4, 1), **more})


def cells(table, *names):
    """{(weekday, hour): values} of rows where the first is not zero."""
    rows = zip(table.values["weekday"], table.values["hour"], *(table.values[n] for n in names), strict=True)
    return {(int(day), int(hour)): tuple(int(v) for v in row) for day, hour, *row in rows if row[0]}


def moment(text):
    """Days since the first of 2024, of a time in UTC."""
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime(2024, 1, 1, tzinfo=UTC)) / timedelta(
        days=1
    )


@pytest.mark.parametrize(
    ("zone", "time", "weekday", "hour"),
    [
        ("UTC", "2024-01-05T23:59:59", 4, 23),
        ("Asia/Tehran", "2024-01-05T20:29:59", 4, 23),
        ("Asia/Tehran", "2024-01-05T20:30:00", 5, 0),  # Saturday begins
        ("America/New_York", "2024-03-10T06:59:59", 6, 1),  # the clock goes from 2 to 3
        ("America/New_York", "2024-03-10T07:00:00", 6, 3),
        ("Asia/Kathmandu", "2024-01-05T18:15:00", 5, 0),  # three quarters of an hour
    ],
)
def test_the_hour_is_the_one_on_the_wall(zone, time, weekday, hour):
    asked = clock(zone)
    report = run(asked, as_read(asked, write(f"order@{moment(time)!r}")))
    assert cells(report.tables["hours"], "events", "customers") == {(weekday, hour): (1, 1)}


def test_the_table_begins_with_the_readers_week():
    table = run(clock(week_start=5), as_read(clock(), write("order@0"))).tables["hours"]
    assert table.values["weekday"][:24].tolist() == [5] * 24
    assert WEEKDAYS[5].en == "Saturday"


@pytest.mark.parametrize(
    ("first", "hour", "times"),
    [("2024-03-10", 2, 0), ("2024-03-10", 3, 1), ("2023-11-05", 1, 2), ("2023-11-05", 2, 1)],
)
def test_a_skipped_hour_had_no_chance_and_a_repeated_one_two(first, hour, times):
    day = date.fromisoformat(first)
    asked = clock("America/New_York", since=day, until=day + timedelta(days=1))
    histories = write(f"order@{moment(f'{first}T17:00:00')!r}")
    whole = asked.scan(as_read(asked, histories))
    assert asked._chances(whole)[24 * 6 + hour] == times


def test_messages_that_may_still_be_answered_are_left_out():
    asked = clock(until=date(2024, 1, 11), within=timedelta(days=2))
    table = run(asked, as_read(asked, write("Message_Sent@8 Message_Opened@8.5 Message_Sent@9.5"))).tables[
        "send"
    ]
    assert cells(table, "sent", "answered") == {(1, 0): (1, 1)}


def test_a_time_that_is_nothing_is_refused():
    with pytest.raises(BadParameter):
        clock(within=timedelta(0))


@st.composite
def people(draw):
    name = st.sampled_from(["order", "order", "Message_Sent", "Message_Opened", "ticket"])
    day = st.sampled_from([0, 0, 0.3, 1, 1.04, 69.29, 69.2916667, 69.3, 80.9, 89.95])
    of = st.sampled_from(["", "[channel=sms]", "[channel=email]"])
    one = st.lists(st.tuples(name, day, of), max_size=8)
    return [" ".join(f"{n}@{d}{o}" for n, d, o in who) for who in draw(st.lists(one, min_size=1, max_size=4))]


@given(
    people(),
    st.sampled_from(["UTC", "Asia/Tehran", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]),
)
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_the_standard_library(told, zone):
    asked = clock(zone, within=timedelta(days=1), until=date(2024, 5, 1), answers=("Message Opened",))
    histories = as_read(asked, write(*told))
    report, found = run(asked, histories), scores(asked, histories)
    wanted = slow.hours(histories, zone, asked.events)
    table = report.tables["hours"]
    assert cells(table, "events", "customers") == {k: (n, len(who)) for k, (n, who) in wanted.items()}
    for row, opens in enumerate(table.opens["customers"]):
        place = int(table.values["weekday"][row]), int(table.values["hour"][row])
        assert set(behind(found, opens).tolist()) == wanted.get(place, (0, set()))[1]
    sent = slow.answers(histories, zone, DAY)
    if sent:
        assert cells(report.tables["send"], "sent", "answered") == {k: tuple(v) for k, v in sent.items()}
    whole = asked.scan(histories)
    if wanted:
        first = min(t for t in histories.time[histories.event == histories.codes(asked.events)[0]])
        begin = slow.wall(first, zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        begin = round(begin.timestamp()) * 1_000_000
        chances = slow.chances(begin, asked.instant(asked.until), zone)
        np.testing.assert_allclose(
            asked._chances(whole), [chances.get((h // 24, h % 24), 0) for h in range(168)]
        )


# ---- rates, months, holidays


@pytest.mark.parametrize(
    ("share", "freedom", "value"),
    [(0.975, 5, 2.5706), (0.975, 11, 2.2010), (0.975, 30, 2.0423), (0.95, 10, 1.8125)],
)
def test_students_quantiles(share, freedom, value):
    assert student(share, freedom) == pytest.approx(value, abs=2e-3)


def test_rates_that_chance_explains_are_the_mean():
    rng = np.random.default_rng(1)
    tries = np.full(24, 500)
    hits = np.full(24, 50)
    k, n = drawn(hits, tries)
    assert k / n == pytest.approx(0.1, abs=1e-6)
    true = rng.beta(20, 180, 24)
    hits = rng.binomial(tries, true)
    k, n = drawn(hits, tries)
    assert np.abs(k / n - true).mean() < np.abs(hits / tries - true).mean()
    small = np.array([0, *tries[1:]])
    k, n = drawn(np.array([0, *hits[1:]]), small)
    assert (k / n)[0] == pytest.approx(hits[1:].sum() / small.sum(), rel=1e-9)  # nothing known: the mean


def test_months_planted_are_found():
    """A shop that grows from nothing: the trend bends, early months are few."""
    rng = np.random.default_rng(2)
    true = np.array([1.4, 0.8, 1, 1, 1, 0.9, 1.1, 1, 1.3, 1, 1, 0.7])
    true /= np.exp(np.log(true).mean())
    month, days = np.arange(36) % 12, np.full(36, 30)
    trend = np.exp(2 + 1.5 * np.linspace(-1, 1, 36) - 0.8 * np.linspace(-1, 1, 36) ** 2)
    index, low, high = months(rng.poisson(30 * true[month] * trend).astype(float), days, month)
    assert index == pytest.approx(100 * true, rel=0.08)
    assert ((low < 100 * true) & (100 * true < high)).mean() >= 10 / 12
    assert low[0] > 100 > high[11]


def test_months_without_events_do_not_break_it():
    index, low, high = months(np.zeros(24), np.full(24, 30), np.arange(24) % 12)
    assert np.isfinite([index, low, high]).all()


def test_the_limits_of_months_hold_their_level():
    rng, held = np.random.default_rng(3), 0
    month, days = np.arange(36) % 12, np.full(36, 30)
    for _ in range(120):
        strange = rng.gamma(20, 1 / 20, 36)  # more spread than chance alone
        index, low, high = months(rng.poisson(300 * strange).astype(float), days, month)
        assert (index > 0).all()
        held += ((low < 100) & (high > 100)).sum()
    assert 0.92 < held / 1440 < 0.975


def test_days_beside_are_compared_with_their_own_weekday():
    days = np.tile([10.0, 20, 20, 20, 20, 5, 5], 10)
    ordinary = np.ones(70, bool)
    ordinary[35] = False
    days[35] = 30
    usual = expected(days, ordinary)
    assert usual[35] == 10
    assert usual[42] == 10  # the odd day is no one's usual
    change, low, _ = effect(days[[35]], usual[[35]])
    assert change == pytest.approx(200)
    assert np.isnan(low)


def year_of_orders(rate):
    """One customer for each order, so many a day as ``rate`` says, over three Jalali years."""
    first, last = day_number(date(2021, 3, 21)), day_number(date(2024, 3, 20))
    days = np.arange(first, last)
    counts = np.random.default_rng(5).poisson(rate(days))
    time = np.repeat(days, counts) * DAY + DAY // 2
    size = len(time)
    columns = {"time": time, "event": np.zeros(size, np.int32), "amount": np.ones(size)}
    return Histories(
        np.arange(size, dtype=np.int32), np.arange(size + 1), columns, names={"event": ("Order Completed",)}
    )


def test_a_planted_season_and_holidays_are_found():
    holidays = np.array(list(holidays_between(day_number(date(2021, 1, 1)), day_number(date(2024, 12, 31)))))

    def rate(days):
        esfand = from_days(days, "jalali")[1] == 12
        return 20 * np.where(esfand, 1.6, 1) * np.where(np.isin(days, holidays), 0.5, 1)

    asked = Timing(zone="UTC", calendar="jalali", since=date(2021, 3, 21), until=date(2024, 3, 20))
    report = run(asked, year_of_orders(rate))
    seasons, found = report.tables["seasons"].values, report.tables["holidays"].values
    assert int(seasons["index"].argmax()) == 11
    assert seasons["clear"][11]
    assert found["effect"][0] == pytest.approx(-50, abs=6)
    assert found["low"][0] < -50 < found["high"][0]
    assert found["low"][1] < 0 < found["high"][1]  # nothing happens the day before
    assert any("Esfand" in str(finding.evidence.get("month")) for finding in report.findings)


def test_too_few_months_are_said_to_be_too_few():
    report = run(clock(), as_read(clock(), write("order@0 order@50")))
    assert "seasons" not in report.tables
    assert any(finding.evidence.get("needs") == 24 for finding in report.findings)


def test_a_customers_usual_hour_is_his_own_once_he_is_known():
    people = [" ".join(f"order@{d}.375" for d in range(20)), "order@1.875", *(["order@0.375"] * 30)]
    told = scores(clock(), as_read(clock(), write(*people, "ticket@1")))["usual_hour"].to_pylist()
    assert told[0] == 9
    assert told[1] == 9  # one order at 21 says little against everyone's 9
    assert told[-1] is None
    assert scores(clock(prior=0.01), as_read(clock(), write(*people)))["usual_hour"].to_pylist()[1] == 21


assert DAY_ZERO.weekday() == 0
