"""The last word on a channel holds; identifiers are hidden as the settings say, wherever they lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganj.access.consent import Statement, fold, of_event, of_trait
from ganj.access.masking import CLOSED, Privacy, kind_of, masked


def event(name, time, **properties):
    return {"event": name, "time": time, "source": "site", "channel": None, "properties": properties}


def test_the_last_word_holds_and_every_word_is_kept():
    said = [
        *of_event(event("Consent Given", 10, channel="SMS", how="form")),
        *of_event(event("Consent Withdrawn", 30, channel="text")),
        *of_event(event("Consent Given", 20, channel="sms")),
    ]
    sms = fold(said)["sms"]
    assert not sms.given
    assert [(one.given, one.time) for one in sms.history] == [(False, 30), (True, 20), (True, 10)]


def test_of_two_words_of_one_moment_the_one_that_forbids_holds():
    assert not fold([Statement("email", True, 5), Statement("email", False, 5)])["email"].given


def test_who_unsubscribes_means_mail_unless_a_channel_is_named():
    assert [one.channel for one in of_event(event("Unsubscribed", 1))] == ["email"]
    assert [one.channel for one in of_event(event("Unsubscribed", 1, channels=["push", "phone"]))] == [
        "push",
        "call",
    ]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("email_consent", "true", ("email", True)),
        ("sms_opt_out", "true", ("sms", False)),
        ("sms_opt_out", "0", ("sms", True)),
        ("consent_whatsapp", "بله", ("messenger", True)),
        ("unsubscribed", True, ("email", False)),
        ("email_consent", "maybe", None),  # not a word of consent
        ("city", "true", None),
    ],
)
def test_what_traits_say_of_consent(name, value, told):
    found = of_trait(name, value, "crm", 3)
    assert (found and (found.channel, found.given)) == told


@given(st.permutations([Statement("a", given, time) for given in (True, False) for time in (1, 2, None)]))
def test_the_order_in_which_words_are_heard_does_not_matter(said):
    assert fold(said) == fold(sorted(said, key=str))


def test_national_codes_are_never_whole_by_default():
    usual = Privacy()
    assert usual.given("national_code", "0012345679") != "0012345679"
    assert usual.full("national_code", "0012345679") == ""
    assert usual.given("phone", "+989121234567") == "+989121234567"
    assert CLOSED.given("phone", "+989121234567") == masked("phone", "+989121234567") != "+989121234567"


def test_identifiers_are_hidden_inside_properties_too():
    hidden = Privacy().values({"کد ملی": "0012345679", "of": [{"national-id": 12345679}], "price": 5})
    assert "0012345679" not in str(hidden)
    assert "12345679" not in str(hidden)
    assert hidden["price"] == 5
    assert kind_of("Mobile_Number") == "phone"
