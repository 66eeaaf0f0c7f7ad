"""Times as files write them: layouts, the order of day and month, both calendars, zones."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganj.calendar import parse_date
from ganj.intake.calendars import times_in
from ganj.intake.dates import read
from ganj.intake.plan import Answers, Dates

UTC = dt.UTC


def detected(texts, *, persian=False, named=True, **answers):
    found = times_in(pa.array(texts), Answers(**answers), persian=persian, named=named)
    return found[0] if found else None


def moments(texts, dates):
    return [
        m and dt.datetime.fromtimestamp(m / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S")
        for m in read(pa.array(texts), dates)[0].to_pylist()
    ]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-21", "2026-11-21 00:00:00"),
        ("2026-11-21 08:26:00.000000", "2026-11-21 08:26:00"),
        ("2026-11-21T08:26:00Z", "2026-11-21 08:26:00"),
        ("2026-11-21T08:26:00+03:30", "2026-11-21 04:56:00"),
        ("21.11.2026 8:26", "2026-11-21 08:26:00"),
        ("11/21/2026 8:26 PM", "2026-11-21 20:26:00"),
        ("16 Apr, 2021 00:02:00", "2021-04-16 00:02:00"),
        ("April 16, 2021", "2021-04-16 00:00:00"),
        ("17/May/2015:10:05:03 +0000", "2015-05-17 10:05:03"),
        ("20261121", "2026-11-21 00:00:00"),
        ("1795222800", "2026-11-21 01:00:00"),
        ("1795222800000", "2026-11-21 01:00:00"),
        ("۱۴۰۵/۰۸/۳۰", "2026-11-21 00:00:00"),
        ("1405/8/30 14:20", "2026-11-21 14:20:00"),
        ("14050830", "2026-11-21 00:00:00"),
        ("۳۰ آبان ۱۴۰۵", "2026-11-21 00:00:00"),
        ("شنبه ۳۰ آبان ۱۴۰۵ ساعت ۱۴:۲۰", "2026-11-21 14:20:00"),
        ("14:20 - 1405/08/30", "2026-11-21 14:20:00"),
        ("۱۴۰۵/۰۸/۳۰ ۰۲:۲۰ ب.ظ", "2026-11-21 14:20:00"),
    ],
)
def test_a_time_is_read(written, moment):
    dates = detected([written], zone="UTC")
    assert moments([written], dates) == [moment]


def test_day_first_is_decided_over_the_whole_column():
    assert detected(["01/02/2026", "03/04/2026", "25/04/2026"]).order == "dmy"
    assert detected(["01/02/2026", "03/04/2026", "04/25/2026"]).order == "mdy"


def test_a_sorted_column_that_says_nothing_else_tells_by_its_steps():
    days = [f"{day:02d}/12/2010" for day in range(1, 13) for _ in range(3)]
    found = times_in(pa.array(days), Answers(), persian=False, named=True)
    assert found is not None
    assert (found[0].order, found[1]) == ("dmy", False)
    assert detected(days, order="mdy").order == "mdy"


def test_two_digits_of_a_year_follow_the_file():
    assert moments(["99/05/06"], detected(["99/05/06", "99/05/31"], persian=True, zone="UTC")) == [
        "2020-07-27 00:00:00"
    ]
    assert moments(["04/19/19"], detected(["04/19/19"], zone="UTC")) == ["2019-04-19 00:00:00"]


def test_what_is_no_date_is_none_and_the_rest_stays():
    dates = Dates(("numbers",), "ymd", "gregorian", "UTC")
    assert moments(["2026-02-30", "1403/12/30", "1404/12/30", "2026-13-01", "2026-01-02 25:00", "soon"], dates) == [
        None, "2025-03-20 00:00:00", None, None, None, None,
    ]  # fmt: skip


def test_local_times_are_of_the_file_s_zone():
    # Tehran kept daylight saving until 2022: 21 March 2022 00:00 +03:30, 23 March +04:30
    dates = Dates(("numbers",), "ymd", "gregorian", "Asia/Tehran")
    assert moments(["2022-03-21 12:00", "2022-03-23 12:00"], dates) == [
        "2022-03-21 08:30:00",
        "2022-03-23 07:30:00",
    ]


@pytest.mark.parametrize(
    "texts", [["12.5", "13.75"], ["09123456789"], ["1 2", "x"], ["10.0.0.1"], ["12345", "54321"]]
)
def test_other_figures_are_no_times(texts):
    assert detected(texts, named=False) is None


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2060, 1, 1)),
    st.sampled_from(["{y}/{m:02d}/{d:02d}", "{y}-{m}-{d}", "{d}.{m}.{y}"]),
)
def test_a_column_reads_what_one_date_reads(day, pattern):
    written = pattern.format(y=day.year, m=day.month, d=day.day)
    order = "dmy" if pattern.startswith("{d}") else "ymd"
    wall = read(pa.array([written]), Dates(("numbers",), order, "gregorian", "UTC"))[1]
    assert np.datetime64(parse_date(written)) == np.datetime64(wall[0].as_py(), "us")
