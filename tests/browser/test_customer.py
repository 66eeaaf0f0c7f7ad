"""A customer's page and card as people use them: in a real browser, the card in a page of another origin."""

import http.server
import json
import threading
import urllib.request

import pytest


def asked(site, path, told=None, method=None):
    """Ask the API as a program does."""
    data = None if told is None else json.dumps(told).encode()
    request = urllib.request.Request(
        f"{site}{path}", data, {"content-type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture
def buyer(site):
    """The customer who brought most."""
    return asked(site, "/api/v1/customers?limit=1")["rows"][0]["customer"]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_stretch_of_the_line_chooses_the_events_of_the_list(site, tab, buyer, language):
    seen = tab()
    page = seen.open(f"{site}/{language}/customers/{buyer}")
    before = page.locator("#timeline time").count()
    box = page.locator("g-life svg").bounding_box()
    y = box["y"] + 20
    page.mouse.move(box["x"] + box["width"] * 0.45, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, y, steps=4)
    with page.expect_response(lambda answer: "/timeline?" in answer.url and "since=" in answer.url):
        page.mouse.up()
    seen.settle()
    assert "since=" in page.url
    assert page.locator("g-life .brush").get_attribute("width")
    assert page.locator("#timeline time").count() != before


def test_a_lane_shows_only_its_kind(site, tab, buyer):
    seen = tab()
    page = seen.open(f"{site}/en/customers/{buyer}")
    with page.expect_response(lambda answer: "lane=order" in answer.url):
        page.check("#asked input[value=order]", force=True)
    seen.settle()
    assert set(page.eval_on_selector_all("#timeline .dot", "all => all.map((one) => one.className)")) == {
        "dot lane0"
    }
    page.reload()  # the address keeps it
    assert page.is_checked("#asked input[value=order]")


def test_a_note_is_written_removed_and_brought_back(site, tab, buyer):
    seen = tab()
    page = seen.open(f"{site}/fa/customers/{buyer}")
    page.fill("#note-text", "<img src=x onerror=alert(1)> یادداشت تازه")
    page.click("#notes form >> nth=0 >> button")
    page.wait_for_selector(".toast")
    assert page.locator("#notes li p").first.inner_text() == "<img src=x onerror=alert(1)> یادداشت تازه"
    page.click("#notes li summary >> nth=0")
    page.click("#notes li button[value=remove] >> nth=0")
    page.wait_for_selector(".toast button[value=restore]")
    assert page.locator("#notes li p").count() == 0
    page.click(".toast button[value=restore]")
    page.wait_for_selector("#notes li p")


def test_why_a_customer_is_not_in_a_segment(site, tab, buyer):
    condition = {"column": "orders", "op": "<", "value": 1, "miner": "overview"}
    asked(site, "/api/v1/segments/nobuyers", {"all": [condition]}, "PUT")
    page = tab().open(f"{site}/en/customers/{buyer}")
    page.click("#why summary >> nth=-1")
    assert "fall" in page.locator("#why li").last.inner_text()


@pytest.fixture
def elsewhere(site, buyer):
    """Another system's page with a card in it, on another origin; its server asks for tokens."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/token"):
                body, kind = (
                    json.dumps(asked(site, "/api/v1/embed/customer", {"customer": buyer})),
                    "application/json",
                )
            else:
                body = f'<!doctype html><script src="{site}/ganj-embed.js" defer></script><ganj-view token-url="/token"></ganj-view>'
                kind = "text/html"
            self.send_response(200)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_card_stands_in_another_page_and_fits_its_height(site, tab, elsewhere):
    asked(site, "/api/v1/rules/embedding", {"origins": [elsewhere]}, "PATCH")
    page = tab().page
    page.goto(elsewhere)
    frame = page.frame_locator("ganj-view iframe")
    frame.locator("#card h1").wait_for()
    frame.locator(".facts").wait_for()
    page.wait_for_function(
        "() => Math.abs(document.querySelector('iframe').getBoundingClientRect().height - 240) > 40"
    )
    frame.locator("[aria-busy]").first.wait_for(state="detached")
    inside = page.frames[1]
    height = page.locator("iframe").bounding_box()["height"]
    page.wait_for_timeout(200)
    assert (
        inside.evaluate("document.documentElement.scrollHeight")
        <= page.locator("iframe").bounding_box()["height"]
    )
    assert height > 240
    first = inside.url
    page.evaluate("document.querySelector('ganj-view').refresh()")  # a new token goes into the same frame
    page.wait_for_function("(first) => true", arg=first)
    frame.locator("#card h1").wait_for()
    page.wait_for_timeout(500)
    assert page.locator("iframe").count() == 1


def test_a_card_is_not_shown_where_it_is_not_allowed(site, tab, elsewhere):
    asked(site, "/api/v1/rules/embedding", {"origins": ["https://crm.example.com"]}, "PATCH")
    seen = tab()
    page = seen.page
    page.goto(elsewhere)
    page.wait_for_selector("iframe")
    page.wait_for_timeout(800)
    assert page.frames[1].url.startswith("chrome-error:")
    assert any("frame-ancestors" in said for said in seen.complaints)
    seen.complaints.clear()
