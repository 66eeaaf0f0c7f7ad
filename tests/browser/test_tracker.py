"""The tracker on sites of another origin, in a real browser, against a real server: what it sends and what it does not."""

import gzip
import json
import re
import time
import urllib.parse

import pytest

from ganj.faces import tracker
from tracked import BUTTON, JOIN, TALL, ask

SIZE = 6_000  # bytes, packed


def test_the_script_is_small():
    assert len(gzip.compress(tracker.source(), 9)) <= SIZE


def test_pages_of_an_application_of_one_page(shop, watch):
    one = watch()
    page = one.visit(shop.put("<a href='#part'>part</a><p id='part'>"))
    for step in (
        "history.pushState({}, '', 'basket?token=abc'); document.title = 'Basket'",
        "history.replaceState({}, '', 'basket?token=abc')",  # the same page
        "document.querySelector('a').click()",  # a place on it
        "history.pushState({}, '', 'pay')",
        "history.back()",
        "location.hash = '/orders'",
        "location.hash = '/orders/7'",
    ):
        page.evaluate(step)
        one.wait(80)
    page.evaluate("ganj.flush()")
    viewed = shop.said("Page Viewed", 6)
    assert [said["url"].rpartition(f"{shop.name}/")[2] for said in viewed] == [
        "index.html",
        "basket?token=•",
        "pay",
        "basket?token=•#part",
        "basket?token=•#/orders",
        "basket?token=•#/orders/7",
    ]
    assert [said["title"] for said in viewed][:2] == ["Shop", "Basket"]
    assert viewed[1]["referrer"].endswith("index.html")
    assert "abc" not in json.dumps(shop.events())


def test_addresses_after_the_hash_and_pages_said_by_the_site(shop, watch):
    one = watch()
    page = one.visit(shop.put("", hash="on"))
    page.evaluate("location.hash = 'cart'")
    one.wait(80)
    page = one.visit(shop.put("", "told.html", page="off"))
    page.evaluate("ganj.page('Told', {kind: 'own'})")
    page.evaluate("ganj.flush()")
    viewed = shop.said("Page Viewed", 3)
    assert [said["url"].rpartition("/")[2] for said in viewed] == [
        "index.html",
        "index.html#cart",
        "told.html",
    ]
    assert (viewed[2]["name"], viewed[2]["kind"]) == ("Told", "own")


def test_a_visit_ends_after_half_an_hour_of_silence_or_with_a_new_campaign(shop, watch):
    one = watch()
    page = one.visit(shop.put(""))
    for name, step in (("A", "00:00"), ("B", "29:00"), ("C", "29:00"), ("D", "31:00")):
        page.clock.fast_forward(step)
        page.evaluate(f"ganj.track('{name}')")
    other = one.context.new_page()  # a second tab is in the same visit
    other.goto(f"{shop.address}/index.html")
    other.evaluate("ganj.track('E')")
    other.goto(f"{shop.address}/index.html?utm_source=news&utm_medium=email")
    other.evaluate("ganj.track('F')")
    for tab in (page, other):
        tab.evaluate("ganj.flush()")
    shop.said("F")
    visit = {name: said["session_id"] for name, said, _, _ in shop.events(*"ABCDEF")}
    assert visit["A"] == visit["B"] == visit["C"]
    assert visit["D"] == visit["E"]
    assert len(set(visit.values())) == 3
    assert len({who for _, _, who, _ in shop.events()}) == 1


WORDS = """<button id="named" data-ganj-event="Coupon Taken" data-ganj-code="N7" data-ganj-value="5.5">Call 0912 345 6789 or a@b.ir</button>
<div data-ganj-mask><a id="masked" href="#x">Sara Ahmadi</a></div>
<div data-ganj-ignore><button id="unseen">secret</button></div>
<p id="prose">words of an article</p>
<label id="label">E-mail <input id="field" value="typed@example.com"></label>
<input id="card" value="6037991234567890"><textarea id="area">my letter</textarea><div id="rich" contenteditable>draft</div>"""


def test_clicks_tell_buttons_and_never_what_is_typed(shop, watch):
    one = watch()
    page = one.visit(shop.put(TALL + BUTTON + WORDS))
    clicked = ["#go", "#named", "#masked", "#unseen", "#prose", "#card", "#area", "#rich"]
    for place in clicked:
        page.click(place)
    page.click("#label", position={"x": 3, "y": 3})  # clicks its field, too: one click
    page.focus("#go")
    page.keyboard.press("Enter")  # nowhere on the page
    page.evaluate("ganj.flush()")
    clicks = shop.said("Page Clicked", 9)
    assert [one.get("text") for one in clicks] == [
        "Go",
        "Call • or •",
        None,
        None,
        None,
        None,
        None,
        "E-mail",
        "Go",
    ]
    assert (clicks[0]["x"], clicks[0]["y"], clicks[0]["width"], clicks[0]["pointer"]) == (
        200,
        220,
        1440,
        "mouse",
    )
    assert "x" not in clicks[-1]
    assert clicks[0]["element"] == "button#go"
    (named,) = shop.said("Coupon Taken")
    assert (named["code"], named["value"]) == ("N7", 5.5)
    everything = json.dumps(shop.events())
    hidden = ("secret", "unseen", "Sara", "typed@", "6037", "letter", "draft", "3456", "a@b", "article")
    assert [word for word in hidden if word in everything] == []


@pytest.mark.parametrize("off", ["capture", "heat"])
def test_words_and_places_can_be_left_out(shop, watch, off):
    one = watch()
    page = one.visit(
        shop.put(
            TALL + BUTTON + '<form onsubmit="return false"><button id="join">Join</button></form>',
            moves="1",
            outline="1",
            **{off: "off"},
        )
    )
    page.mouse.move(300, 300)
    page.click("#go")
    page.click("#join")
    one.wait(1_600)
    page.evaluate("ganj.flush()")
    clicks = shop.said("Page Clicked", 2)
    names = {name for name, *_ in shop.events()}
    assert all(("x" in one) == (off == "capture") and ("element" in one) == (off == "heat") for one in clicks)
    assert ("Form Submitted" in names) == (off == "heat")
    assert ({"Pointer Moved", "Page Outlined"} <= names) == (off == "capture")


def test_how_far_down_and_how_long(shop, watch):
    one = watch(width=1000, height=800)
    page = one.visit(shop.put(TALL))
    one.wait(600)
    page.evaluate("scrollTo(0, 1200)")
    page.wait_for_timeout(150)
    page.evaluate("scrollTo(0, 0)")  # the deepest counts
    page.wait_for_timeout(150)
    page.clock.fast_forward("00:40")
    hide = "Object.defineProperty(document, 'hidden', {configurable: true, value: %s}); document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(hide % "true")
    page.clock.fast_forward("10:00")  # in another tab
    page.evaluate(hide % "false")
    page.clock.fast_forward("00:20")
    page.evaluate("history.pushState({}, '', 'next')")
    one.wait(100)
    page.evaluate("ganj.flush()")
    left = shop.said("Page Left", 2)
    assert sorted(round(said["seconds"], -1) for said in left) == [20, 40]
    assert [said["scroll"] for said in shop.said("Page Scrolled")] == [50]  # (1200 + 800) of 4000; said once
    assert {said["path"] for said in left} == {f"/{shop.name}/index.html"}


def test_the_mouse_is_followed_once_a_second_and_on_some_pages_only(shop, watch):
    one = watch()
    page = one.visit(shop.put(TALL, moves="1"))
    begun = time.monotonic()
    for step in range(6):  # three seconds of the page's clock, which goes on by itself, too
        page.mouse.move(100 + step, 300 + step)
        one.wait(550)
    took = 6 * 0.55 + time.monotonic() - begun
    page = one.visit(shop.put(TALL, "still.html", moves="0"))
    page.mouse.move(500, 500)
    one.wait(2_000)
    page.evaluate("ganj.flush()")
    shop.said("Page Viewed", 2)
    moves = shop.said("Pointer Moved", 3)
    places = [said["x"] for said in moves]
    assert 3 <= len(set(places)) == len(places) <= took + 1
    assert set(places) <= set(range(100, 106))
    assert {said["pointer"] for said in moves} == {"mouse"}
    assert moves[0]["path"].endswith("index.html")


def test_fingers_on_a_phone(shop, watch):
    one = watch(width=390, height=800, has_touch=True, is_mobile=True)
    wide = '<meta name="viewport" content="width=device-width">'
    page = one.visit(shop.put('<body style="margin:0;height:3000px">' + BUTTON, head=wide, moves="1"))
    page.touchscreen.tap(150, 220)
    page.evaluate("ganj.flush()")
    (click,) = shop.said("Page Clicked")
    (touch,) = shop.said("Pointer Moved")
    assert (click["pointer"], click["x"], click["y"], click["width"]) == ("touch", 150, 220, 390)
    assert (touch["pointer"], touch["x"], touch["y"]) == ("touch", 150, 220)


def test_a_form_tells_who_it_is_by_the_fields_marked_for_it(shop, watch):
    one = watch()
    page = one.visit(shop.put(JOIN))
    page.fill("[name=mail]", "not an address")
    page.click("#send")  # the browser refuses: nothing is submitted
    page.fill("[name=mail]", "sara@example.com")
    page.click("#quiet")
    page.click("#send")
    page.evaluate("ganj.flush()")
    (form,) = shop.said("Form Submitted")
    assert (form["form"], form["fields"]) == (
        "join",
        ["id", "mail", "tel", "pin", "news", "size", "size", "note"],
    )
    (profile,) = ask(shop.site, "GET", "customers?search=sara@example.com")["rows"]
    assert profile["email"] == "sara@example.com"
    whole = ask(shop.site, "GET", f"customers/{profile['customer']}")
    assert {"09123456789", "+989123456789"} & set(re.findall(r"[+\d]{11,}", json.dumps(whole)))
    told = json.dumps([shop.events(), whole])
    assert [
        word for word in ("hunter2", "hurry", "t0k3n", "Nobody", "newsletter", '"L"') if word in told
    ] == []
    assert '"S"' in told


def test_a_cart_by_the_names_of_e_commerce(shop, watch):
    one = watch()
    page = one.visit(
        shop.put(
            '<button id="add" data-ganj-event="Product Added" data-ganj-product_id="7" data-ganj-price="120000">Add</button>'
        )
    )
    page.click("#add")
    page.evaluate("""() => {
        const products = [{product_id: "7", price: 120000, quantity: 2}, {product_id: "8", price: 10000, quantity: 1}];
        for (const name of ["Checkout Started", "Order Completed", "Order Completed"])  // said twice, counted once
            ganj.track(name, {order_id: "R-1", total: 250000, currency: "IRT", products});
        ganj.flush();
    }""")
    shop.said("Order Completed")
    (added,) = shop.said("Product Added")
    assert added["price"] == 120_000
    orders = ask(shop.site, "POST", "sql", {"query": "select order_id, amount from orders"})["rows"]
    assert [order for order, _ in orders] == ["R-1"]
    lines = ask(
        shop.site, "POST", "sql", {"query": "select product, quantity from order_lines order by product"}
    )
    assert {(product, quantity) for product, quantity in lines["rows"]} >= {("7", 2), ("8", 1)}


CAME = [  # words of the address, the page it came from, the channel
    ("", None, "Direct"),
    ("", "https://www.google.com/", "Organic Search"),
    ("", "https://l.instagram.com/", "Organic Social"),
    ("", "https://blog.example/post", "Referral"),
    ("utm_source=google&utm_medium=cpc&utm_campaign=nowruz", "https://www.google.com/", "Paid Search"),
    ("gclid=x1", "https://www.google.com/", "Paid Search"),
    ("utm_source=news&utm_medium=email", None, "Email"),
]


def test_where_visitors_come_from_is_their_channel(shop, watch):
    address = shop.put("")
    one = watch()
    for at, (words, referrer, _) in enumerate(CAME):
        page = one.visit(f"{address}?n={at}&{words}", **({"referer": referrer} if referrer else {}))
        page.evaluate("ganj.flush(); localStorage.clear()")  # the next is somebody else
    shop.said("Page Viewed", len(CAME))
    told = {
        int(urllib.parse.parse_qs(urllib.parse.urlsplit(said["url"]).query)["n"][0]): (said, channel)
        for _, said, _, channel in shop.events("Page Viewed")
    }
    assert [told[at][1] for at in range(len(CAME))] == [channel for _, _, channel in CAME]
    assert (told[4][0]["utm_campaign"], told[4][0]["utm_source"]) == ("nowruz", "google")
