"""The tracker on a site of another origin, in a real browser, against a real server."""

import gzip
import json
import time

import pytest

from ganj.faces import tracker
from tracked import ask, eventually, pages, told, write_key

SIZE = 6_000  # bytes, packed
SHOP = """<!doctype html><html><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">{snippet}</head>
<body style="margin:0;width:1000px;height:3000px"><header style="height:60px">Our shop</header>
<button id="buy" style="position:absolute;left:100px;top:200px;width:200px;height:40px"
  data-ganj-event="Product Added" data-ganj-product_id="7" data-ganj-price="120000">Buy 0912 3456789</button>
<div data-ganj-ignore><button id="hidden">secret</button></div>
<a id="next" href="#" onclick="history.pushState({{}}, '', '/basket?token=abc'); document.title='Basket'; return false">Basket</a>
<form id="join" onsubmit="return false"><input name="mail" data-ganj="email" value="sara@example.com">
<input name="pin" type="password" value="1234"><button id="send">Join</button></form></body></html>"""


@pytest.fixture
def shop(tmp_path):
    """A folder of pages served from an origin of its own; returns the folder and the address."""
    folder = tmp_path / "pages"
    folder.mkdir()
    with pages(folder) as address:
        yield folder, address


@pytest.fixture
def key(new_site):
    return write_key(new_site)


def put(folder, site, key, **more):
    words = "".join(f' data-{name}="{value}"' for name, value in {"bots": "keep", **more}.items())
    snippet = tracker.snippet(site, key).replace("></script>", f"{words}></script>")
    (folder / "index.html").write_text(SHOP.format(snippet=snippet), encoding="utf-8")


SENT = {
    "Page Viewed",
    "Page Clicked",
    "Product Added",
    "Form Submitted",
    "Page Outlined",
    "Page Left",
    "Page Scrolled",
}


def visit(page):
    """Do what a visitor does, then leave."""
    page.wait_for_timeout(1_800)
    page.mouse.move(150, 220)
    page.click("#buy")
    page.click("#hidden")
    page.click("#next")
    page.wait_for_timeout(100)
    page.click("#send")
    page.mouse.wheel(0, 1_200)
    page.wait_for_timeout(700)
    page.goto("about:blank")


def test_the_script_is_small():
    assert len(gzip.compress(tracker.source(), 9)) <= SIZE


def test_what_a_visitor_does_is_seen_within_a_second(shop, new_site, key, tab):
    folder, address = shop
    put(folder, new_site, key, moves="1", outline="1")
    visit(tab().open(address))
    events = eventually(new_site, lambda found: {name for name, _, _ in found} >= SENT)
    assert {name for name, _, _ in events} >= SENT
    assert len({customer for _, _, customer in events}) == 1
    paths = [said["path"] for name, said, _ in events if name == "Page Viewed"]
    assert paths == ["/", "/basket"]
    clicks = [said for name, said, _ in events if name == "Page Clicked"]
    assert clicks[0]["x"] == 200
    assert clicks[0]["y"] == 220
    assert clicks[0]["text"] == "Buy •"  # long numbers are nobody's business
    assert "secret" not in json.dumps(clicks)
    (added,) = [said for name, said, _ in events if name == "Product Added"]
    assert added["price"] == 120_000
    everything = json.dumps(events)
    assert "1234" not in everything
    assert "token=abc" not in everything
    (profile,) = ask(new_site, "GET", "customers")["rows"]
    assert profile["email"] == "sara@example.com"


def test_without_consent_nothing_leaves_the_browser(shop, new_site, key, tab):
    folder, address = shop
    put(folder, new_site, key, consent="required")
    page = tab().open(address)
    page.click("#buy")
    page.wait_for_timeout(1_500)
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('ganj.'))") == []
    assert told(new_site) == []
    page.evaluate("ganj.consent(true)")
    eventually(new_site, lambda found: len(found) >= 2)
    page.evaluate("ganj.consent(false)")
    events = eventually(new_site, lambda found: any(name == "Consent Withdrawn" for name, _, _ in found))
    page.click("#buy")
    page.wait_for_timeout(1_500)
    assert [name for name, _, _ in told(new_site)] == [name for name, _, _ in events]
    assert {"Consent Given", "Consent Withdrawn"} <= {name for name, _, _ in events}


def test_do_not_track_is_respected(shop, new_site, key, tab):
    folder, address = shop
    put(folder, new_site, key)
    (folder / "dnt.html").write_text(
        "<script>Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})</script>"
        + (folder / "index.html").read_text("utf-8"),
        encoding="utf-8",
    )
    page = tab().open(f"{address}/dnt.html")
    page.click("#buy")
    page.wait_for_timeout(1_500)
    assert told(new_site) == []


def test_what_happens_offline_is_sent_later_and_stored_once(shop, new_site, key, tab):
    folder, address = shop
    put(folder, new_site, key)
    one = tab()
    page = one.open(address)
    eventually(new_site, lambda found: len(found) == 1)
    page.context.set_offline(True)
    for _ in range(3):
        page.evaluate("ganj.track('Checked', {n: 1})")
    page.wait_for_timeout(2_500)
    page.context.set_offline(False)
    page.evaluate("ganj.flush(); ganj.flush()")
    events = eventually(new_site, lambda found: sum(name == "Checked" for name, _, _ in found) >= 3)
    time.sleep(1)
    assert (
        sum(name == "Checked" for name, _, _ in told(new_site))
        == 3
        == sum(n == "Checked" for n, _, _ in events)
    )
    one.complaints.clear()  # the browser says that it was offline
