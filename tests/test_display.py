"""Numbers, money and time as readers see them."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganj.calendar import ordinals
from ganj.display import Display
from ganj.text import Text

FA = Display()
EN = Display(
    language="en", digits="latin", calendar="gregorian", currency="USD", unit="", zone="UTC", week_start=0
)
SATURDAY = 1_795_257_000_000_000  # 2026-11-21 10:30 UTC, 14:00 in Tehran
LRM = "\u200e"


@pytest.mark.parametrize(
    ("x", "en", "fa"),
    [
        (0, "0", "۰"),
        (1234567, "1,234,567", "۱٬۲۳۴٬۵۶۷"),
        (4.2721, "4.27", "۴٫۲۷"),
        (51.0, "51", "۵۱"),
        (674.485, "674", "۶۷۴"),
        (0.03121, "0.0312", "۰٫۰۳۱۲"),
        (-12.5, "−12.5", f"{LRM}−۱۲٫۵"),  # the mark keeps the minus at the left of the digits
        (-1e-12, "0", "۰"),  # no minus before a nothing
        (np.float32(2.5), "2.5", "۲٫۵"),
        (np.int64(7), "7", "۷"),
        (None, "—", "—"),
        (float("nan"), "—", "—"),
        (float("inf"), "—", "—"),
    ],
)
def test_numbers(x, en, fa):
    assert (EN.number(x), FA.number(x)) == (en, fa)


@pytest.mark.parametrize(
    ("x", "en", "fa"),
    [
        (42.1, "42.1%", "۴۲٫۱٪"),
        (42.04, "42%", "۴۲٪"),
        (99.96, "100%", "۱۰۰٪"),
        (0.04, "0.04%", "۰٫۰۴٪"),  # a share below one keeps two places
        (-3.21, "−3.2%", f"{LRM}−۳٫۲٪"),
        (0, "0%", "۰٪"),
        (None, "—", "—"),
    ],
)
def test_percent(x, en, fa):
    assert (EN.percent(x), FA.percent(x)) == (en, fa)


@pytest.mark.parametrize(
    ("rials", "full", "short"),
    [
        (12_000_000, "۱٬۲۰۰٬۰۰۰ تومان", "۱٫۲ میلیون تومان"),
        (98_000, "۹٬۸۰۰ تومان", "۹٬۸۰۰ تومان"),  # short enough as it is
        (9_999_600, "۹۹۹٬۹۶۰ تومان", "۱ میلیون تومان"),  # not «۱۰۰۰ هزار»
        (-5e9, f"{LRM}−۵۰۰٬۰۰۰٬۰۰۰ تومان", f"{LRM}−۵۰۰ میلیون تومان"),
        (3e14, "۳۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ تومان", "۳۰ هزار میلیارد تومان"),
        (None, "—", "—"),
    ],
)
def test_tomans(rials, full, short):
    assert FA.money(rials) == full
    assert FA.money(rials, short=True) == short


def test_money_of_others():
    assert EN.money(22_700) == "$22,700.00"
    assert EN.money(-1_234_000, short=True) == "−$1.23 M"
    assert Display(language="en", digits="latin").money(12_000_000) == "1,200,000 tomans"
    assert Display(language="en", digits="latin").money(12_000_000, short=True) == "1.2 M tomans"
    assert Display(currency="USD", unit="").money(5) == "۵٫۰۰ دلار"
    assert Display(unit="IRN").money(12_345_000) == "۱٬۲۳۴٫۵۰ ریال جدید"
    assert Display(currency="USD", unit="IRT").money(5) == "۵٫۰۰ دلار"  # no rate: the stored money is shown
    assert FA.money_unit() == Text("tomans", "تومان")


def test_dates():
    assert FA.day(SATURDAY) == "شنبه ۳۰ آبان ۱۴۰۵"
    assert EN.day(SATURDAY) == "Saturday 21 November 2026"
    assert FA.date(SATURDAY) == "۳۰ آبان ۱۴۰۵"
    assert EN.date(SATURDAY) == "21 Nov 2026"
    assert FA.date(SATURDAY, today=SATURDAY) == "۳۰ آبان"
    assert FA.date(SATURDAY, today=SATURDAY + 200 * 86_400_000_000) == "۳۰ آبان ۱۴۰۵"
    assert (FA.short_date(SATURDAY), EN.short_date(SATURDAY)) == ("۱۴۰۵/۰۸/۳۰", "2026-11-21")
    assert (FA.moment(SATURDAY), EN.moment(SATURDAY)) == ("۳۰ آبان ۱۴۰۵، ۱۴:۰۰", "21 Nov 2026, 10:30")
    assert FA.between(SATURDAY, SATURDAY) == "۳۰ آبان ۱۴۰۵ تا ۳۰ آبان ۱۴۰۵"
    assert Display(language="en", digits="latin").date(SATURDAY) == "30 Aban 1405"
    assert Display(calendar="gregorian").date(SATURDAY) == "۲۱ نوامبر ۲۰۲۶"


def test_a_day_is_the_readers_day():
    late = SATURDAY + 11 * 3_600_000_000  # 21:30 in London is the next day in Tehran
    assert (EN.date(late), FA.date(late)) == ("21 Nov 2026", "۱ آذر ۱۴۰۵")


def test_dates_of_any_type():
    aware = dt.datetime(2026, 11, 21, 22, tzinfo=dt.UTC)
    assert FA.date(dt.date(2026, 11, 21)) == FA.date(np.datetime64("2026-11-21")) == "۳۰ آبان ۱۴۰۵"
    assert FA.date(aware) == FA.date(np.datetime64("2026-11-21T22:00")) == "۱ آذر ۱۴۰۵"
    assert FA.date(None) == FA.date(float("nan")) == FA.date(np.datetime64("NaT")) == "—"


@pytest.mark.parametrize(
    ("period", "calendar", "en", "fa"),
    [
        ("day", "jalali", "30 Aban 1405", "۳۰ آبان ۱۴۰۵"),
        ("month", "jalali", "Aban 1405", "آبان ۱۴۰۵"),
        ("month", "gregorian", "Nov 2026", "نوامبر ۲۰۲۶"),
        ("quarter", "jalali", "Q3 1405", "پاییز ۱۴۰۵"),
        ("quarter", "gregorian", "Q4 2026", "سه‌ماههٔ چهارم ۲۰۲۶"),
        ("season", "gregorian", "Autumn 2026", "پاییز ۲۰۲۶"),
        ("year", "jalali", "1405", "۱۴۰۵"),  # a year has no thousands
        ("year", "gregorian", "2026", "۲۰۲۶"),
    ],
)
def test_periods(period, calendar, en, fa):
    number = int(ordinals(20_778, period, calendar))
    assert (EN.period(number, period, calendar), FA.period(number, period, calendar)) == (en, fa)


def test_weeks_are_named_by_their_first_day():
    friday = 20_777
    assert FA.period(ordinals(friday, "week", "jalali", 5), "week") == "هفتهٔ ۲۳ آبان ۱۴۰۵"
    assert EN.period(ordinals(friday, "week", "gregorian", 0), "week") == "Week of 16 Nov 2026"


def test_a_winter_names_both_years():
    assert EN.period(ordinals(20_778 + 60, "season", "gregorian"), "season", "gregorian") == "Winter 2026–27"


@pytest.mark.parametrize(
    ("length", "en", "fa"),
    [
        (dt.timedelta(seconds=45), "45 seconds", "۴۵ ثانیه"),
        (dt.timedelta(seconds=59.7), "1 minute", "۱ دقیقه"),  # never 60 seconds
        (dt.timedelta(hours=2, minutes=15), "2 hours 15 minutes", "۲ ساعت و ۱۵ دقیقه"),
        (dt.timedelta(hours=23, minutes=59, seconds=50), "1 day", "۱ روز"),
        (dt.timedelta(days=3, hours=5), "3 days 5 hours", "۳ روز و ۵ ساعت"),
        (dt.timedelta(days=51, hours=5), "51 days", "۵۱ روز"),  # hours no longer matter
        (dt.timedelta(days=1095), "3 years", "۳ سال"),
        (dt.timedelta(days=800), "2 years 2 months", "۲ سال و ۲ ماه"),
        (dt.timedelta(days=-3), "−3 days", f"{LRM}−۳ روز"),
        (dt.timedelta(0), "0 seconds", "۰ ثانیه"),
        (90_000_000, "1 minute 30 seconds", "۱ دقیقه و ۳۰ ثانیه"),  # µs
        (None, "—", "—"),
    ],
)
def test_lengths_of_time(length, en, fa):
    assert (EN.duration(length), FA.duration(length)) == (en, fa)


def test_days():
    assert (EN.days(1), EN.days(51.3), FA.days(2.5)) == ("1 day", "51 days", "۲٫۵ روز")


def test_values_by_unit():
    shop = (("champions", Text("Champions", "قهرمانان")), ("lost", Text("Lost", "از دست‌رفته")))
    said = [
        FA.value(1200, "customers"),
        FA.value(0.5, "ratio"),
        FA.value(1, "category", choices=shop),
        FA.value("champions", "category", choices=shop),
        FA.value(9, "category", choices=shop),
        FA.value(12 * 1405 + 7, "period", period="month", calendar="jalali"),
        FA.value(1405, "year", calendar="jalali"),
        FA.value(["شیر", "ماست"], "list"),
        FA.value(True, "flag"),
        FA.value(np.bool_(False)),
        FA.value(None, "flag"),
        FA.value("RFM", "text"),
        FA.value(12_000_000, "short"),
    ]
    assert said == [
        "۱٬۲۰۰", "۰٫۵۰", "از دست‌رفته", "قهرمانان", "—", "آبان ۱۴۰۵", "۱۴۰۵", "شیر، ماست", "بله", "خیر", "—", "RFM",
        "۱٫۲ میلیون تومان",
    ]  # fmt: skip


def test_changes_carry_their_sign():
    assert [EN.signed(x, "percent") for x in (3.2, -3.2, 0)] == ["+3.2%", "−3.2%", "0%"]
    assert FA.signed(-3.2, "percent") == f"{LRM}−۳٫۲٪"


def test_texts_are_filled():
    finding = Text(
        "{share:percent} of revenue, {amount:money}, comes from {n:count} customers of {name}.",
        "{share:percent} درآمد، {amount:short}، از {n:count} مشتری {name} است.",
    )
    facts = {"share": 42.1, "amount": 12_000_000, "n": 1200, "name": "Digikala"}
    assert (
        EN.text(finding, **facts)
        == "42.1% of revenue, $12,000,000.00, comes from 1,200 customers of Digikala."
    )
    # a Latin name in Persian words is isolated, or it would turn what stands around it
    assert (
        FA.text(finding, **facts) == "۴۲٫۱٪ درآمد، ۱٫۲ میلیون تومان، از ۱٬۲۰۰ مشتری \u2068Digikala\u2069 است."
    )
    assert EN.text(Text("{name}", ""), name="گنج") == "\u2068گنج\u2069"


def test_a_text_in_a_text():
    inner = Text("Champions", "قهرمانان")
    assert EN.text(Text("{who} lead", "{who} پیش‌اند"), who=inner) == "Champions lead"
    assert FA.text(Text("{who} lead", "{who} پیش‌اند"), who=inner) == "قهرمانان پیش‌اند"


def test_names_are_only_names():
    assert EN.text(Text("{name}", ""), name="{0.__class__}") == "{0.__class__}"
    assert EN.text(Text("{self} {text}", ""), self=1, text=2) == "1 2"


@given(st.floats(allow_nan=True, allow_infinity=True) | st.integers())
def test_any_number_can_be_shown(x):
    for reader in (EN, FA):
        for unit in ("number", "count", "percent", "money", "short", "ratio", "days"):
            assert reader.value(x, unit)


@given(st.integers(-(10**14), 10**14))
def test_a_short_form_is_within_half_a_percent(x):
    words = Display(language="en", digits="latin").number(x, short=True).replace("−", "-").replace(",", "")
    figure, _, scale = words.partition(" ")
    value = float(figure) * {"": 1, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}[scale]
    assert abs(value - x) <= 0.005 * abs(x)


def test_the_browser_gets_plain_json():
    said = json.loads(json.dumps(FA.javascript()))
    assert said["months"]["jalali"][7] == "آبان"
    assert said["money"] == {"factor": 0.1, "decimals": 0, "before": "", "after": "تومان"}
    assert (said["group"], said["decimal"], said["percent"], said["rtl"]) == ("٬", "٫", "٪", True)
    assert json.loads(json.dumps(EN.javascript()))["money"]["before"] == "$"
