"""Names of both alphabets meet in what they sound like, and on the keys they were typed with."""

import pytest

from ganj.identity.duplicates.keyboard import retyped, slips
from ganj.identity.duplicates.sounds import sound, sounds, spoken
from ganj.persian import name_form
from ganj.simulate.names import FAMILIES, MEN, WOMEN

NAMES = (*WOMEN, *MEN, *FAMILIES)


@pytest.mark.parametrize(
    ("persian", "latin"),
    [
        ("یوسفی", "Yousefi"),
        ("یوسفی", "Usefi"),  # another first letter: not met
        ("قاسمی", "Ghasemi"),
        ("قاسمی", "Qassemi"),
        ("غلامی", "Gholami"),
        ("شیوا", "Shiva"),
        ("کیوان", "Keivan"),
        ("خسرو", "Khosrow"),
        ("خواجه", "Khajeh"),
        ("فتحی", "Fathi"),  # t and h
        ("فاطمه", "Fatemeh"),
        ("عیسی", "Isa"),
        ("محمّد رضا", "Mohammad-Reza"),
        ("علي‌پور", "Ali Poor"),
        ("ژاله", "Zhaleh"),
    ],
)
def test_a_name_sounds_the_same_in_both_alphabets(persian, latin):
    met = bool(set(spoken(persian)) & set(spoken(latin)))
    assert met == (latin != "Usefi")


def test_every_name_of_the_demo_meets_its_latin_spelling_and_few_others():
    assert [n for n in NAMES if not set(spoken(n.fa)) & set(spoken(n.latin))] == []
    strangers = sum(
        bool(set(spoken(one.fa)) & set(spoken(other.latin)))
        for one in NAMES
        for other in NAMES
        if spoken(one.fa) != spoken(other.fa)
    )
    assert strangers < 0.002 * len(NAMES) ** 2


def test_what_a_name_is_looked_up_by_is_the_same_wherever_readings_meet():
    for one in NAMES:
        for spelling in (one.latin, one.latin.replace("ou", "oo"), one.latin.replace("gh", "q")):
            if set(spoken(one.fa)) & set(sounds(spelling)):
                assert sound(name_form(one.fa)) == sound(name_form(spelling))


def test_a_name_without_consonants_has_no_sound():
    assert (sounds(""), sound("۱۲"), sounds("آ")) == ((), "", ("a",))


def test_keys_pressed_on_the_other_keyboard_are_read_back():
    assert [retyped(word) for word in ("ugd", "lpln", "شمه", "Ugd")] == ["علی", "محمد", "ali", "علی"]


def test_only_a_name_that_others_have_is_believed():
    names = ["علی", "علی", "مریم", "ugd", "xyzq", None, "ali"]
    assert slips(names) == {"ugd": "علی"}


def test_a_common_name_is_not_retyped_into_a_rare_one():
    assert "ugd" not in slips(["ugd", "ugd", "علی"])
