"""What keyboards, spreadsheets and PDFs do to Persian words and numbers, and what is made of them."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ganj import persian

Z = persian.ZWNJ

LETTERS = [
    # written, displayed, matched
    ("كيان", "کیان", "کیان"),  # an Arabic keyboard
    ("علي", "علی", "علی"),
    ("على", "علی", "علی"),  # Egyptian yeh
    ("خانۀ ما", "خانهٔ ما", "خانه ما"),
    ("خانه‌ٔ ما".replace(Z, ""), "خانهٔ ما", "خانه ما"),
    ("مي" + Z + "رود", "می" + Z + "رود", "میرود"),
    ("می رود", "می رود", "می رود"),  # a space is a space: closing it up would join names
    ("سلام" + Z, "سلام", "سلام"),  # nothing to join to
    (Z + "سلام " + Z + "  دنيا", "سلام دنیا", "سلام دنیا"),
    ("بهـــــار", "بهار", "بهار"),
    ("مُحَمَّد", "مُحَمَّد", "محمد"),  # vowels are shown and not compared
    ("رضاﺋﯽ", "رضائی", "رضایی"),  # shapes out of a PDF
    ("ﻻله", "لاله", "لاله"),  # a ligature
    ("مسؤول", "مسؤول", "مسوول"),
    ("أحمد إيراني آذر", "أحمد إیرانی آذر", "احمد ایرانی اذر"),
    ("۱۲٣ abc", "۱۲٣ abc", "123 abc"),  # digits stay as they are shown
    ("Ali\u00a0 REZA\t", "Ali REZA", "ali reza"),
    ("\u202bمتن\u202c\ufeff", "متن", "متن"),  # marks of direction
    ("", "", ""),
    (" \u200b ", "", ""),
]


@pytest.mark.parametrize(("written", "shown", "matched"), LETTERS)
def test_letters(written, shown, matched):
    assert persian.display_form(written) == shown
    assert persian.match_form(written) == matched


words = st.text(
    st.sampled_from("اآأبپتيیىكکهۀة ٔ\u064b\u200c\u200c \t\u00a0\u200f۱٢3aBـﻻﯽß\ue000\n"), max_size=12
)


@given(words)
def test_forms_settle_at_once(word):
    shown, matched = persian.display_form(word), persian.match_form(word)
    assert persian.display_form(shown) == shown
    assert persian.match_form(matched) == matched
    assert persian.match_form(shown) == matched


@settings(deadline=None)
@given(st.lists(st.none() | words, max_size=20))
@example(["كيان " + Z, Z + " علي", None, "", "ﻻله"] + [f"كيان {n}" for n in range(2_000)])  # a long column
@example(["\ue000", "a\ue000b"])
def test_a_column_says_the_same(texts):
    column = pa.array(texts, pa.string())
    assert persian.display_forms(column).to_pylist() == [
        t if t is None else persian.display_form(t) for t in texts
    ]
    assert persian.match_forms(column).to_pylist() == [
        t if t is None else persian.match_form(t) for t in texts
    ]


def test_chunks_and_dictionaries_are_columns_too():
    chunks = pa.chunked_array([["علي"], ["علي", None]])
    assert persian.match_forms(chunks).to_pylist() == ["علی", "علی", None]
    assert persian.match_forms(chunks.dictionary_encode().combine_chunks()).to_pylist() == [
        "علی",
        "علی",
        None,
    ]


def test_names():
    one = {
        persian.name_form(n)
        for n in ("آقای علی‌رضا کریمی", "عليرضا كريمي", "علی رضا  کریمی", "دکتر سید علیرضا کریمی")
    }
    assert one == {"علیرضاکریمی"}
    assert persian.name_form("خانم") == "خانم"  # a title alone is still a name
    assert persian.name_form("Mr. John O-Neil") == persian.name_form("john oneil")


MOBILES = [
    ("09123456789", "+989123456789"),
    ("9123456789", "+989123456789"),  # the spreadsheet ate the zero
    ("9123456789.0", "+989123456789"),  # and made it a fraction
    ("9.123456789E+09", "+989123456789"),  # every digit is still there
    ("9.12E+09", None),  # seven digits are gone; zeros would be a stranger's number
    ("+98 912 345 6789", "+989123456789"),
    ("98-912-345-6789", "+989123456789"),
    ("00989123456789", "+989123456789"),
    ("+98(0)9123456789", "+989123456789"),  # both prefixes
    ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "+989123456789"),
    ("٠٩١٢٣٤٥٦٧٨٩", "+989123456789"),
    ("'09123456789", "+989123456789"),  # a spreadsheet's text mark
    ('="09123456789"', "+989123456789"),
    ("\u202a+989123456789\u202c", "+989123456789"),  # copied out of a contact list
    ("0912345678", None),  # nine digits and a zero
    ("091234567890", None),
    ("02188776655", None),  # a land line
    ("+491701234567", None),
    ("۰۹۱۲ یا ۰۹۳۵", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "number"), MOBILES)
def test_mobiles(written, number):
    assert persian.mobile(written) == number


def test_a_column_of_mobiles_says_the_same():
    texts = [written for written, _ in MOBILES] + [None]
    assert persian.mobiles(pa.array(texts)).to_pylist() == [number for _, number in MOBILES] + [None]
    assert persian.mobiles(pa.array([9_123_456_789, 12])).to_pylist() == ["+989123456789", None]
    assert persian.mobiles(pa.array([9_123_456_789.0])).to_pylist() == ["+989123456789"]


def test_phones_abroad_and_at_home():
    assert persian.phone("021-8877 6655") == "+982188776655"
    assert persian.phone("2188776655") is None  # without the zero it could be anything
    assert persian.phone("+49 170 1234567") == "+491701234567"
    assert persian.phone("+98 12") is None
    written = ["0912 345 6789", "02188776655", "x", None]
    assert persian.phones(pa.array(written)).to_pylist() == ["+989123456789", "+982188776655", None, None]


CODES = [
    ("0084575948", "0084575948"),
    ("84575948", "0084575948"),  # two zeros lost
    ("499370899", "0499370899"),
    ("0499370899", "0499370899"),
    ("۰۷۹۰۴۱۹۹۰۴", "0790419904"),
    ("790419904.0", "0790419904"),
    ("008-457594-8", "0084575948"),
    ("0084575947", None),  # check digit
    ("1111111111", None),  # passes the sum, belongs to nobody
    ("0000000000", None),
    ("1234567", None),
    ("12345678901", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "code"), CODES)
def test_national_codes(written, code):
    assert persian.national_code(written) == code


@given(st.lists(st.integers(0, 10**11).map(str) | st.sampled_from([w for w, _ in CODES]), max_size=50))
def test_a_column_of_national_codes_says_the_same(texts):
    found = persian.national_codes(pa.array(texts, pa.string())).to_pylist()
    assert found == [persian.national_code(text) for text in texts]


@given(st.integers(10**8, 10**9 - 1))
def test_one_check_digit_in_ten_is_right(stem):
    assert sum(persian.national_code(f"{stem}{digit}") is not None for digit in range(10)) <= 1


def test_companies_accounts_and_cards():
    # numbers of persian-tools' own tests
    assert persian.legal_id("10380284790") == "10380284790"
    assert persian.legal_id("10380284792") is None
    assert persian.sheba("IR82 0540 1026 8002 0817 9090 02") == "IR820540102680020817909002"
    assert persian.sheba("820540102680020817909002") == "IR820540102680020817909002"
    assert persian.sheba("IR820540102680020817909003") is None
    assert persian.card("6037-7016-8909-5443") == "6037701689095443"
    assert persian.card("6219861034529008") is None
    assert persian.card("0000000000000000") is None


def test_a_code_is_never_shown_whole():
    assert persian.mask_national_code("0084575948") == "008•••••48"
    assert persian.mask_mobile("+989123456789") == "+98912•••6789"
    assert persian.mask_card("6037701689095443") == "603770••••••5443"
    assert persian.mask_email("sara@example.com") == "s•••@example.com"
    assert persian.mask_national_code("123") == "•••"  # too short to show any of it
    assert "5" not in persian.mask_national_code("5555")
