"""Amounts as people write them, and what a rial is worth on a day."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganj.errors import UnknownName
from ganj.money import (
    IRAN,
    UNITS,
    NoRate,
    Rate,
    Rates,
    convert,
    decimal_sign,
    parse_money,
    parse_number,
    rates_from,
    same_money,
    unit,
)

CHANGE = 1_800_000_000_000_000  # a day on which the new rial might begin


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("22700", 22_700, None),
        ("$22,700.00", 22_700, "USD"),  # Zoho
        ("۲۲٬۷۰۰", 22_700, None),
        ("۲۲٬۷۰۰ تومان", 22_700, "IRT"),
        ("٢٢٧٠٠ ريال", 22_700, "IRR"),  # an Arabic keyboard
        ("۲۲,۷۰۰ریال", 22_700, "IRR"),
        ("۱٫۵ میلیون تومان", 1.5, "IRMT"),
        ("1 200 000 IRR", 1_200_000, "IRR"),
        ("22\u00a0700,50".replace(",", "."), 22_700.5, None),  # a no-break space groups
        ("22'700", 22_700, None),  # Switzerland
        ("1,00,000", 100_000, None),  # India
        ("(1,200)", -1_200, None),  # an accountant's minus
        ("1,200-", -1_200, None),  # SAP's minus
        ("−1,200", -1_200, None),  # a typographer's minus
        ("\u200e-۱۲", -12, None),
        ("($1,200.50)", -1_200.5, "USD"),
        ("-$5", -5, "USD"),
        ("$-5", -5, "USD"),
        ("R$ 120.50", 120.5, "BRL"),  # not the dollar in it
        ("€12", 12, "EUR"),
        ("12 eur", 12, "EUR"),
        ("1.2E+05", 120_000, None),  # a spreadsheet's idea of a number
        ("۱۲٫۵", 12.5, None),
        (".5", 0.5, None),
        ("5.", 5, None),
        ("0", 0, None),
    ],
)
def test_amounts(written, value, code):
    read = parse_money(written)
    assert (read.value, read.code) == (value, code)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        ".",
        "تومان",
        "abc",
        "12 apples",
        "2019-01-02",
        "12:30",
        "1,2",  # one digit after a grouping sign: another decimal sign, or a slip; not twelve
        "1.234,56",  # is 1234.56 only where the comma is decimal
        "12/5",
        "1e400",  # infinite
        "NaN",
        "inf",
        "0x10",
        "1,,000",
        "--5",
    ],
)
def test_no_amounts(written):
    assert parse_money(written) is None


def test_the_comma_as_decimal_sign():
    assert parse_number("1.234,56", ",") == 1_234.56
    assert parse_number("22.700", ",") == 22_700
    assert parse_number("22 700,5", ",") == 22_700.5
    assert parse_number("1,234.56", ",") is None
    assert parse_number("۱٬۲۳۴٫۵", ",") == 1_234.5  # the Persian signs mean one thing only
    assert parse_number("12/5", "/") == 12.5  # Windows in Persian, until 2018


@pytest.mark.parametrize(
    ("samples", "sign"),
    [
        (["1,234.56", "12"], "."),
        (["1.234,56", "12"], ","),
        (["12,5"], ","),
        (["12.5"], "."),
        (["1,234", "10.5"], "."),
        (["1.234.567"], ","),  # a sign standing twice groups
        (["1,234,567"], "."),
        (["0.125"], "."),  # no group begins with zero
        (["1234.567"], "."),  # no group has four digits
        (["12.500", "7.250", "1.999"], ","),  # three say so: thousands
        (["12.500"], "."),  # one does not
        (["1,234"], "."),
        (["$1,234", "(5)", "", "abc"], "."),
        (["12/5", "3/25"], "/"),
        ([], "."),
    ],
)
def test_a_columns_decimal_sign(samples, sign):
    assert decimal_sign(samples) == sign


@given(
    st.decimals(-(10**12), 10**12, places=2),
    st.sampled_from([(",", "."), (".", ","), ("٬", "٫"), (" ", "."), ("", ",")]),
)
def test_what_is_written_is_read(amount, signs):
    group, point = signs
    written = f"{amount:,.2f}".replace(",", "g").replace(".", point).replace("g", group)
    assert parse_number(written, "." if point == "٫" else point) == float(amount)


def test_tomans_are_ten_rials():
    tomans = np.array([22_700.0, np.nan, -1.5])
    np.testing.assert_array_equal(convert(tomans, "IRT", "IRR"), [227_000, np.nan, -15])
    assert convert(7.0, "IRR", "IRT") == 0.7
    assert convert(1.0, "IRHT", "IRR") == 10_000
    assert convert(3.0, "IRMT", "IRT") == 3_000_000


@given(st.integers(-(10**14), 10**14))
def test_rials_and_tomans_are_exact(rials):
    assert convert(float(rials * 10), "IRR", "IRT") == rials
    assert convert(float(rials), "IRT", "IRR") == rials * 10


def test_the_new_rial():
    assert convert(1.0, "IRN", "IRR") == 10_000
    assert convert(1.0, "IRN", "IRT") == 1_000
    np.testing.assert_array_equal(convert(np.array([5e7]), "IRR", "IRN"), [5_000])


def test_the_word_rial_is_dated():
    table, when = rates_from(CHANGE), np.array([0, CHANGE - 1, CHANGE, CHANGE + 1])
    worth = table.convert(np.ones(4), "RIAL", "IRR", when)
    assert worth.tolist() == [1, 1, 10_000, 10_000]
    # until the Central Bank names the day, a rial is a rial
    assert rates_from(None).convert(np.ones(4), "RIAL", "IRR", when).tolist() == [1, 1, 1, 1]


def test_rates_of_other_currencies_are_dated_too():
    table = IRAN.with_rates(Rate("USD", 42_000.0, 0), Rate("USD", 1_150_000.0, CHANGE))
    assert table.convert(np.array([2.0, 2.0]), "USD", "IRT", np.array([5, CHANGE])).tolist() == [
        8_400,
        230_000,
    ]
    assert table.convert(1.0, "USD", "IRR") == 1_150_000
    with pytest.raises(NoRate):
        table.convert(np.ones(2), "USD", "IRR", np.array([-1, 5]))  # before the first rate


def test_without_a_rate_nothing_is_guessed():
    with pytest.raises(NoRate, match="no rate from USD to IRR"):
        convert(1.0, "USD", "IRR")
    assert convert(1.0, "USD", "USD") == 1  # the same money needs none
    assert Rates([Rate("EUR", 2.0), Rate("USD", 1.0)]).convert(3.0, "EUR", "USD") == 6


def test_units_by_code():
    assert unit(" irt ").name.fa == "تومان"
    assert set(same_money("IRR")) > {"IRR", "IRT", "IRN"}
    assert same_money("USD") == ("USD",)
    assert all(code == known.code and known.name.fa for code, known in UNITS.items())
    with pytest.raises(UnknownName, match="IRT"):
        unit("IRTT")
