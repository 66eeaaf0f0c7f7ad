"""Columns are understood by their names, and values come to the one form that spellings share."""

import pyarrow as pa
import pytest

from ganj.errors import UnknownName
from ganj.identity.duplicates import meanings, role_of
from ganj.identity.duplicates.people import birthday_form, code_form, comparable, email_form, phone_form


@pytest.mark.parametrize(
    ("column", "role"),
    [
        ("First name", "given"),
        ("given_name", "given"),
        ("نام‌خانوادگي", "family"),  # Arabic yeh, half-space
        ("نام", "name"),
        ("date_of_birth", "birthday"),
        ("soc_sec_id", "document"),
        ("کدملی", "national_code"),
        ("address_2", "area"),
        ("suburb", "city"),
        ("favourite colour", None),
    ],
)
def test_a_column_is_known_by_its_name(column, role):
    assert role_of(column) == role


def test_columns_can_be_told_and_left_out():
    assert meanings(["a", "phone", "city"], {"a": "given", "city": ""}) == {
        "given": ["a"],
        "phone": ["phone"],
    }


@pytest.mark.parametrize("told", [{"b": "given"}, {"a": "nickname"}])
def test_an_unknown_column_or_role_is_refused(told):
    with pytest.raises(UnknownName):
        meanings(["a"], told)


@pytest.mark.parametrize(
    ("read", "one", "other"),
    [
        (phone_form, "۰۹۱۲ ۳۴۵ ۶۷۸۹", "9123456789"),  # the lost zero
        (phone_form, "+98 21 8888 1234", "02188881234"),
        (code_form, "0013542419", "۱۳۵۴۲۴۱۹"),  # two lost zeros
        (birthday_form, "1370/01/05", "25/03/1991"),
        (birthday_form, "13700105", "1991-03-25"),
        (email_form, "<Sara@Example.com>", "mailto:sara@example.com"),
    ],
)
def test_two_spellings_have_one_form(read, one, other):
    assert read(one) == read(other) is not None


@pytest.mark.parametrize(
    ("read", "text"), [(phone_form, "none"), (email_form, "n/a"), (birthday_form, "spring"), (code_form, "-")]
)
def test_what_is_no_value_is_none(read, text):
    assert read(text) is None


def test_a_whole_name_is_split_and_titles_fall_away():
    table = comparable(pa.table({"نام": ["آقای علي كريمی", "کریمی", None]}))
    assert table["given"].to_pylist() == ["علی", None, None]
    assert table["family"].to_pylist() == ["کریمی", "کریمی", None]


def test_several_phones_are_all_kept():
    table = comparable(pa.table({"mobile": ["09123456789", None], "tel": ["02188881234", "021 8888 1234"]}))
    assert table["phones"].to_pylist() == [["+989123456789", "+982188881234"], ["+982188881234"]]
    assert table["phone"].to_pylist() == ["+989123456789", "+982188881234"]
