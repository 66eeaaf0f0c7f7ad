"""When a source is due: lengths, times of the calendar, cron; and after failures."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ganj.errors import BadParameter
from ganj.workspace.sources.schedule import due, read

TEHRAN = "Asia/Tehran"


def at(text, zone="UTC"):
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1_000_000)


def after(words, moment, zone="UTC", calendar="gregorian"):
    found = read(words).after(at(moment, zone), zone, calendar)
    return datetime.fromtimestamp(found / 1e6, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("words", "moment", "expected"),
    [
        ("15m", "2025-11-22 10:07", "2025-11-22 10:22"),
        ("daily 03:00", "2025-11-22 02:59", "2025-11-22 03:00"),
        ("daily 03:00", "2025-11-22 03:00", "2025-11-23 03:00"),
        ("روزانه ۰۳:۰۰", "2025-11-22 10:00", "2025-11-23 03:00"),
        ("weekly sat 03:00", "2025-11-22 03:00", "2025-11-29 03:00"),  # a Saturday
        ("هفتگی شنبه ۰۳:۰۰", "2025-11-21 10:00", "2025-11-22 03:00"),
        ("monthly 31 00:00", "2025-11-02 00:00", "2025-11-30 00:00"),  # the last day where there is no 31st
        ("*/10 8-17 * * sat-wed", "2025-11-22 17:50", "2025-11-23 08:00"),
        ("*/10 8-17 * * sat-wed", "2025-11-26 18:00", "2025-11-29 08:00"),  # Thursday and Friday are left out
        ("0 0 1 1 *", "2025-11-22 10:00", "2026-01-01 00:00"),
        ("0 0 13 * 5", "2025-11-22 10:00", "2025-11-28 00:00"),  # either restriction of days, as in cron
    ],
)
def test_the_next_time(words, moment, expected):
    assert after(words, moment) == expected


def test_a_month_is_of_the_workspace_s_calendar():
    assert after("ماهانه ۱ ۰۳:۰۰", "2025-11-22 10:00", TEHRAN, "jalali") == "2025-12-22 03:00"  # 1 Dey 1404
    assert after("0 0 1 1 *", "2025-11-22 10:00", TEHRAN, "jalali") == "2026-03-21 00:00"  # Nowruz 1405


def test_clocks_that_change():
    # 02:30 does not exist on this night in Berlin; the day is not left out
    assert after("daily 02:30", "2025-03-29 12:00", "Europe/Berlin") == "2025-03-30 03:30"
    assert after("daily 02:30", "2025-10-25 12:00", "Europe/Berlin") == "2025-10-26 02:30"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "now",
        "5s",
        "daily",
        "daily 25:00",
        "weekly foo 03:00",
        "* * * *",
        "60 * * * *",
        "*/0 * * * *",
        "monthly 32 00:00",
    ],
)
def test_what_is_no_schedule(words):
    with pytest.raises(BadParameter):
        read(words)


def test_failures_wait_longer_and_longer():
    waits = [(due("15m", 0, "UTC", "gregorian", n)) / 60e6 for n in range(9)]
    assert waits == [15, 15, 15, 15, 15, 16, 32, 64, 128]
    assert due("monthly 1 03:00", 0, "UTC", "gregorian", 1) == 60_000_000
    assert due("15m", 0, "UTC", "gregorian", 99) == 6 * 3_600_000_000
