"""Every Jalali day of two centuries, every change of every clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import duckdb
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from ganj import calendar as cal
from ganj.calendar.zones import offset_at, offsets
from ganj.text import Text

FIRST, LAST = int(cal.days_from_jalali(1300, 1, 1)), int(cal.days_from_jalali(1501, 1, 1)) - 1
CENTURIES = np.arange(FIRST, LAST + 1)
ORDINAL = 719_163  # Python's number of 1970-01-01
DAY = 86_400_000_000
CALENDARS = ("gregorian", "jalali")


def jalali(days: int) -> JalaliDate:
    return JalaliDate(dt.date.fromordinal(int(days) + ORDINAL))


# ---- days --------------------------------------------------------------------------------------


def test_equals_persiantools_on_every_day_from_1300_to_1500():
    expected = np.array([(d.year, d.month, d.day) for d in map(jalali, CENTURIES)])
    assert len(expected) == 73_414
    np.testing.assert_array_equal(np.column_stack(cal.jalali_from_days(CENTURIES)), expected)


def test_equals_icu_in_duckdb_on_every_day_from_1300_to_1500():
    with duckdb.connect() as db:
        db.execute("set timezone = 'UTC'; set calendar = 'persian'")
        icu = db.execute(
            "select date_part('year', t) y, date_part('month', t) m, date_part('day', t) d from "
            "(select make_timestamptz(n * 86400000000) t, n from range(?, ?) r(n)) order by n",
            [FIRST, LAST + 1],
        ).fetchnumpy()
    for ours, theirs in zip(cal.jalali_from_days(CENTURIES), (icu["y"], icu["m"], icu["d"]), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_days_come_back(calendar):
    days = np.arange(-400_000, 400_000)
    np.testing.assert_array_equal(cal.days_from(*cal.from_days(days, calendar), calendar), days)


def test_gregorian_days_equal_pythons():
    dates = [dt.date.fromordinal(n) for n in range(1, 800_000, 17)]
    days = np.array([d.toordinal() - ORDINAL for d in dates])
    expected = np.array([(d.year, d.month, d.day) for d in dates])
    np.testing.assert_array_equal(np.column_stack(cal.gregorian_from_days(days)), expected)


def test_leap_years_of_our_days():
    years = np.arange(1370, 1430)
    # the list of the Institute of Geophysics; 1408 comes five years after 1403
    assert years[cal.is_leap_jalali(years)].tolist() == [
        1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428,
    ]  # fmt: skip


def test_nowruz_of_known_years():
    assert cal.date_of(cal.days_from_jalali(1400, 1, 1)) == dt.date(2021, 3, 21)
    assert cal.date_of(cal.days_from_jalali(1403, 1, 1)) == dt.date(2024, 3, 20)
    assert cal.date_of(cal.days_from_jalali(1405, 8, 30)) == dt.date(2026, 11, 21)


def test_a_thirteenth_month_is_the_next_years_first():
    assert cal.days_from_jalali(1404, 13, 1) == cal.days_from_jalali(1405, 1, 1)
    assert cal.month_length(np.array([1403, 1404]), 12, "jalali").tolist() == [30, 29]
    assert cal.month_length(2024, 2, "gregorian") == 29


# ---- periods -----------------------------------------------------------------------------------


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("period", cal.PERIODS)
@pytest.mark.parametrize("week_start", range(7))
def test_periods_are_consecutive_and_begin_on_their_first_day(period, calendar, week_start):
    ordinal = cal.ordinals(CENTURIES, period, calendar, week_start)
    steps = np.diff(ordinal)
    assert set(steps.tolist()) <= {0, 1}
    begins = CENTURIES[1:][steps == 1]
    np.testing.assert_array_equal(
        cal.first_day(ordinal[1:][steps == 1], period, calendar, week_start), begins
    )
    np.testing.assert_array_equal(
        cal.last_day(ordinal[1:][steps == 1] - 1, period, calendar, week_start), begins - 1
    )


def test_periods_of_one_day_by_hand():
    day = cal.day_number(dt.date(2026, 11, 21))  # Saturday, 30 Aban 1405
    said = {
        (p, c): int(cal.ordinals(day, p, c))
        for p in ("month", "quarter", "season", "year")
        for c in CALENDARS
    }
    assert said == {
        ("month", "jalali"): 12 * 1405 + 7,
        ("quarter", "jalali"): 4 * 1405 + 2,
        ("season", "jalali"): 4 * 1405 + 2,
        ("year", "jalali"): 1405,
        ("month", "gregorian"): 12 * 2026 + 10,
        ("quarter", "gregorian"): 4 * 2026 + 3,
        ("season", "gregorian"): 4 * 2026 + 2,  # November is autumn, though the last quarter
        ("year", "gregorian"): 2026,
    }


def test_a_winter_crosses_the_new_year():
    december, february = (cal.day_number(dt.date(*d)) for d in ((2026, 12, 31), (2027, 2, 28)))
    assert cal.ordinals(december, "season", "gregorian") == cal.ordinals(february, "season", "gregorian")


def test_weeks_begin_on_saturday():
    saturday = cal.day_number(dt.date(2026, 11, 21))
    assert cal.weekdays(saturday) == cal.SATURDAY
    assert cal.ordinals(saturday, "week", "jalali") == cal.ordinals(saturday - 1, "week", "jalali") + 1
    assert cal.ordinals(saturday, "week", "jalali", 0) == cal.ordinals(saturday - 1, "week", "jalali", 0)


# ---- zones -------------------------------------------------------------------------------------

SOME_ZONES = (
    "Asia/Tehran",  # changed at midnight: 1 Farvardin had no 00:00; none since 2022
    "America/St_Johns",  # changed at 00:01: the first minute of a day, then yesterday again
    "America/Sao_Paulo",
    "Pacific/Apia",  # has no 2011-12-30
    "Africa/Casablanca",  # four changes a year
    "Australia/Lord_Howe",  # half an hour
    "Asia/Kathmandu",
    "America/Caracas",
    "Europe/Dublin",
    "Antarctica/Troll",  # two hours
    "UTC",
)
instants = st.integers(-2_500_000_000, 3_500_000_000).map(lambda s: s * 1_000_000)


def wall(time: int, zone: str) -> dt.datetime:
    """The slow and obvious way."""
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=time)
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def one_bucket(time: int, period: str, calendar: str, zone: str, week_start: int) -> int:
    date = wall(time, zone).date()
    if period == "day":
        return date.toordinal() - ORDINAL
    if period == "week":
        return (date - dt.timedelta(days=(date.weekday() - week_start) % 7) - dt.date(1970, 1, 5)).days // 7
    there = JalaliDate(date) if calendar == "jalali" else date
    month = there.month - 1
    if period == "season" and calendar == "gregorian":
        return (12 * there.year + month - 2) // 3
    return {"year": there.year, "month": 12 * there.year + month}.get(period, 4 * there.year + month // 3)


@given(
    st.lists(instants, max_size=30),
    st.sampled_from(cal.PERIODS),
    st.sampled_from(CALENDARS),
    st.sampled_from(SOME_ZONES),
    st.integers(0, 6),
)
@example(
    [1_257_042_600_000_000 + m * 60_000_000 for m in range(-90, 90)],
    "month",
    "gregorian",
    "America/St_Johns",
    5,
)
@example([1_616_358_599_999_999, 1_616_358_600_000_000], "day", "jalali", "Asia/Tehran", 5)
def test_buckets_equal_one_by_one(times, period, calendar, zone, week_start):
    found = cal.buckets(np.array(times, np.int64), period, calendar, zone, week_start)
    weeks = {"week": week_start_shift(week_start)}.get(period, 0)
    assert found.tolist() == [one_bucket(t, period, calendar, zone, week_start) + weeks for t in times]


def week_start_shift(week_start: int) -> int:
    """Between the count of weeks from Monday 1970-01-05 and ours; which week is 0 means nothing."""
    monday = cal.day_number(dt.date(1970, 1, 5))
    first = monday - (0 - week_start) % 7
    return int(cal.ordinals(first, "week", "gregorian", week_start)) - (first - monday) // 7


@given(instants, st.integers(0, 2**32 - 1), st.sampled_from(SOME_ZONES))
def test_many_rows_go_the_fast_way_and_say_the_same(time, seed, zone):
    # a few months, so that the table of days pays
    close = time + np.random.default_rng(seed).integers(0, 300 * DAY, 900)
    fast = cal.buckets(close, "month", "jalali", zone)
    np.testing.assert_array_equal(fast, cal.ordinals(cal.local_day(close, zone), "month", "jalali"))
    assert fast[0] == one_bucket(int(close[0]), "month", "jalali", zone, 5)


@pytest.mark.parametrize("names", [SOME_ZONES, pytest.param(None, marks=pytest.mark.slow, id="all")])
def test_every_change_of_a_zone_is_known(names):
    """Both sides of each change, 1900 to 2037, against what the zone files list."""
    from zoneinfo import _zoneinfo  # the Python twin of ZoneInfo shows what it read

    around = range(-8, 7)  # decades, 1900 to 2040
    for name in names or sorted(available_timezones()):
        at, offset = offsets(name, np.array(around))
        changes = [t for t in _zoneinfo.ZoneInfo(name)._trans_utc if -2_208_988_800 <= t < 2_145_916_800]
        probes = np.array([t + s for t in changes for s in (-1, 0)], np.int64)
        ours = offset[np.searchsorted(at, probes * 1_000_000, side="right") - 1] // 1_000_000
        assert ours.tolist() == [offset_at(name, int(t)) for t in probes], name


@given(
    instants,
    st.sampled_from(cal.PERIODS),
    st.sampled_from(CALENDARS),
    st.sampled_from([z for z in SOME_ZONES if z != "America/St_Johns"]),
)
def test_a_period_starts_where_its_bucket_begins(time, period, calendar, zone):
    number = int(cal.buckets(np.array([time]), period, calendar, zone)[0])
    begin = int(cal.start(number, period, calendar, zone))
    end = int(cal.start(number + 1, period, calendar, zone))
    assert begin <= time < end
    around = cal.buckets(np.array([begin - 1, begin, end - 1, end]), period, calendar, zone) - number
    assert around[0] < 0 == around[1] == around[2] < around[3]


def test_a_day_without_midnight_starts_with_the_change():
    second = cal.midnight(cal.parse_date("1400/1/2"), "Asia/Tehran")  # clocks went from 00:00 to 01:00
    assert wall(second, "Asia/Tehran") == dt.datetime.fromisoformat("2021-03-22 01:00")
    assert wall(second - 1, "Asia/Tehran") == dt.datetime.fromisoformat("2021-03-21 23:59:59.999999")


def test_a_day_that_a_zone_left_out_has_no_length():
    lost, next_day = (
        int(cal.start(cal.day_number(dt.date(2011, 12, d)), "day", "gregorian", "Pacific/Apia"))
        for d in (30, 31)
    )
    assert lost == next_day


def test_a_day_begun_twice_starts_the_first_time():
    # 2009-11-01 in Newfoundland: 00:00, one minute later 23:01 of October again
    first = cal.midnight(dt.date(2009, 11, 1), "America/St_Johns")
    assert wall(first, "America/St_Johns") == dt.datetime.fromisoformat("2009-11-01")
    back = cal.local_day(np.array([first, first + 60_000_000]), "America/St_Johns")
    assert (back - cal.day_number(dt.date(2009, 11, 1))).tolist() == [0, -1]


def test_far_dates_do_not_cost_centuries():
    odd = (
        np.array([-2_209_161_600, 253_402_214_400, -62_000_000_000], np.int64) * 1_000_000
    )  # Excel's zero, 9999
    assert cal.buckets(odd, "year", "gregorian", "Asia/Tehran").tolist() == [1899, 9999, 5]


def test_no_rows_and_one_row():
    assert cal.buckets(np.zeros(0, np.int64), "month", "jalali", "Asia/Tehran").tolist() == []
    assert cal.buckets(np.zeros(1, np.int64), "year", "jalali", "UTC").tolist() == [1348]


def test_unknown_zone():
    for name in ("Asia/Teheran", "../etc/passwd", ""):
        with pytest.raises(cal.UnknownZone, match="no time zone"):
            cal.local_day(np.zeros(1, np.int64), name)


# ---- dates as people write them ----------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-21",
        "2026/11/21",
        "2026.11.21",
        "21/11/2026",  # day first: nobody here puts the month first
        "20261121",
        "1405/08/30",
        "1405/8/30",
        "۱۴۰۵/۰۸/۳۰",
        "٣٠-٨-١٤٠٥",  # Arabic digits, year last
        "14050830",
        "۳۰ آبان ۱۴۰۵",
        "30 Aban 1405",
        "21 Nov 2026",
        "21 November, 2026",
        "21st November 2026",
        "۲۱ نوامبر ۲۰۲۶",
        " 2026-11-21T10:30:00Z ",
        "1405/08/30 10:30",
    ],
)
def test_one_day_many_ways_to_write_it(written):
    assert cal.parse_date(written) == dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "1404/12/30",  # 1404 is no leap year
        "2026-02-29",
        "2026-13-01",
        "05/08/30",  # a year of two digits could be either century and either calendar
        "0000-00-00",
        "2026-11",
        "30 Brumaire 1405",
        "1405/08/30/1",
    ],
)
def test_no_date(written):
    with pytest.raises(cal.BadDate):
        cal.parse_date(written)


# ---- days off ----------------------------------------------------------------------------------


def test_nowruz_and_the_feasts_of_the_moon():
    first, last = (cal.day_number(d) for d in (dt.date(2026, 3, 20), dt.date(2026, 4, 2)))
    names = cal.holidays_between(first, last)
    nowruz = names[cal.day_number(dt.date(2026, 3, 21))]
    assert "نوروز" in nowruz.fa
    assert "Nowruz" in nowruz.en
    assert cal.day_number(dt.date(2026, 4, 2)) in names  # Nature's Day
    assert min(names) >= first
    assert max(names) <= last


def test_weekends_change_with_the_law():
    rule = (*cal.FRIDAY, cal.Weekend((4, 5), since=cal.day_number(dt.date(2025, 1, 1))))
    saturdays = np.array([cal.day_number(d) for d in (dt.date(2024, 12, 28), dt.date(2025, 1, 4))])
    assert cal.is_weekend(saturdays, rule).tolist() == [False, True]
    assert cal.is_weekend(saturdays - 1, rule).all()
    assert cal.is_day_off(saturdays - 1).all()


def test_holidays_of_another_country():
    assert cal.is_holiday(np.array([cal.day_number(dt.date(2026, 12, 25))]), "DE").all()
    with pytest.raises(cal.UnknownCountry):
        cal.is_holiday(np.zeros(1, np.int64), "XX")


def test_a_day_of_two_feasts_is_called_by_both():
    both = Text("Nowruz; Eid al-Fitr", "نوروز؛ عید فطر")
    assert cal.feasts(both) == (Text("Nowruz", "نوروز"), Text("Eid al-Fitr", "عید فطر"))
    assert cal.feasts(Text("Nowruz; a day", "نوروز")) == (Text("Nowruz; a day", "نوروز"),)
