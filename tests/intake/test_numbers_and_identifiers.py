"""Numbers, amounts and identifiers as people and spreadsheets write them, a column at a time."""

import pyarrow as pa
import pytest

from ganj.intake.normal import cleaned, emails, identifiers, numbers, telephones, texts


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("22700", 22700.0),
        ("-3.5", -3.5),
        ("۲۲٬۷۰۰", 22700.0),
        ("٢٢٧٠٠", 22700.0),
        ("۲۲٬۷۰۰ تومان", 22700.0),
        ("$22,700.00", 22700.0),
        ("(1,200)", -1200.0),
        ("1,200-", -1200.0),
        ("$1,117.10K", 1117100.0),
        ("۲٫۵ میلیون", 2_500_000.0),
        ("15%", 15.0),
        ("1.5e3", 1500.0),
        ("twelve", None),
        ("1,2,3", None),
        ("inf", None),
    ],
)
def test_a_number_is_read(written, number):
    assert numbers(pa.array([written, "1"])).to_pylist() == [number, 1.0]


def test_a_decimal_comma_is_the_column_s():
    assert numbers(pa.array(["1.234,50", "12,5", "7"]), ",").to_pylist() == [1234.5, 12.5, 7.0]


def test_identifiers_lose_what_spreadsheets_add():
    assert identifiers(pa.array(["17850.0", "17850", "CG-12520", "۱۰۰۱", None])).to_pylist() == [
        "17850", "17850", "CG-12520", "1001", None,
    ]  # fmt: skip


def test_telephones_are_one_writing():
    written = pa.array(["09123456789", "9123456789", "+98 912 345 6789", "۰۹۱۲۳۴۵۶۷۸۹", "805-247-8982", "12"])
    assert telephones(written).to_pylist() == ["+989123456789"] * 4 + ["8052478982", None]


def test_addresses_are_lower_case_or_nothing():
    assert emails(pa.array(["Sara@Example.COM", "sara at example"])).to_pylist() == ["sara@example.com", None]


def test_texts_are_persian_and_nothing_is_null():
    assert texts(cleaned(pa.array([" كيان\u00a0", "-", "N/A", "", "ندارد"]))).to_pylist() == [
        "کیان",
        None,
        None,
        None,
        None,
    ]
