"""What the tracker keeps and sends without consent, without a network, and to whom."""

import json
import time
import urllib.parse

import pytest

from tracked import BUTTON, JOIN, TALL, ask

NOTHING = {"local": {}, "session": {}, "cookies": "", "bases": 0}


def test_before_consent_nothing_is_sent_or_kept(shop, watch):
    one = watch()
    page = one.visit(shop.put(TALL + BUTTON + JOIN, consent="required", moves="1", outline="1"))
    page.click("#go")
    page.evaluate("ganj.track('Early'); ganj.identify('u-1'); history.pushState({}, '', 'two')")
    page.click("#send")
    one.wait(1_700)
    assert (one.sent(), one.stored()) == ([], NOTHING)
    page.evaluate("ganj.consent({analytics: true, email: false})")
    shop.said("Page Viewed")
    page.evaluate("ganj.track('Heard')")
    page.evaluate("ganj.consent(false)")
    assert [one["channel"] for one in shop.said("Consent Withdrawn", 2)] == ["email", "analytics"]
    page.click("#go")
    page.evaluate("ganj.track('Late')")
    one.wait(1_300)
    assert one.stored() == {**NOTHING, "local": {"ganj.consent": '{"analytics":false,"email":false}'}}
    names = [name for name, *_ in shop.events()]
    assert {"Consent Given", "Heard"} <= set(names)
    assert not {"Early", "Late", "Form Submitted", "Page Clicked"} & set(names)


@pytest.mark.parametrize("sign", ["doNotTrack: '1'", "globalPrivacyControl: true"])
def test_browsers_that_ask_not_to_be_tracked(shop, watch, sign):
    name, _, value = sign.partition(": ")
    head = f"<script>Object.defineProperty(navigator, '{name}', {{value: {value}}})</script>"
    one = watch()
    page = one.visit(shop.put(TALL + BUTTON, head=head))
    page.click("#go")
    one.wait(1_300)
    assert (one.sent(), one.stored()) == ([], NOTHING)
    one.visit(shop.put("", "ignored.html", head=head, dnt="ignore")).evaluate("ganj.flush()")
    assert len(shop.said("Page Viewed")) == 1


def test_what_happens_offline_is_sent_later_and_stored_once(shop, watch):
    one = watch()
    address = shop.put("")
    page = one.visit(address)
    shop.said("Page Viewed")
    one.context.set_offline(True)
    page.evaluate("for (let n = 0; n < 3; n++) ganj.track('Checked', {n})")
    one.wait(1_300)
    one.context.set_offline(False)
    page.evaluate("ganj.flush(); ganj.flush()")
    shop.said("Checked", 3)
    one.context.set_offline(True)  # the tab is closed without a network
    page.evaluate("ganj.track('Checked', {n: 3}); setTimeout(ganj.consent, 0, {sms: false})")
    page.wait_for_timeout(100)
    page.close()
    one.context.set_offline(False)
    later = one.context.new_page()
    later.clock.install(time=time.time() + 60)
    later.goto(address)
    assert sorted(said["n"] for said in shop.said("Checked", 4)) == [0, 1, 2, 3]
    assert shop.said("Consent Withdrawn")[0]["channel"] == "sms"
    later.wait_for_timeout(600)
    assert len(shop.events("Checked")) == 4
    assert not any("queue" in key for key in later.evaluate("Object.keys(localStorage)"))
    one.tab.complaints.clear()  # the browser says that it was offline


def test_who_it_is_and_nobody_else(shop, watch):
    one = watch()
    head = "<script>setTimeout(() => { ganj.identify('u-9', {name: 'Early'}); ganj.track('First') })</script>"
    page = one.visit(shop.put("", head=head))  # calls before the script is there
    page.evaluate("ganj.group('acme', {seats: 3}); ganj.track('Second', {n: 2}); ganj.alias('u-10')")
    page.evaluate("ganj.reset(); ganj.track('Other'); ganj.flush()")
    shop.said("Other")
    told = {name: (said, who) for name, said, who, _ in shop.events()}
    assert told["First"][1] == told["Second"][1] == told["Page Viewed"][1]
    assert told["Other"][1] != told["Second"][1]
    whole = json.dumps(ask(shop.site, "GET", f"customers/{told['Second'][1]}"))
    assert all(word in whole for word in ("u-9", "u-10", "acme", "Early"))
    asked = {"{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(each.url)) for each in one.asked}
    assert asked == {shop.site, shop.address.rpartition("/")[0]}  # no third party
    assert one.context.cookies() == []
