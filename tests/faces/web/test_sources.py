"""The pages of sources: keys and webhooks made there work, what is wrong is said, and nothing sent runs there."""

import html
import json
import re
import sqlite3
import time

import pytest
from litestar.testing import TestClient

import ganj
from ganj.display import Display
from ganj.faces.http.app import application
from ganj.log import REASONS, Line
from ganj.surveys import Survey

PLAIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٪", "0123456789%", "\u2068\u2069")
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "key"))
    with ganj.create(tmp_path / "w", Display(language="en")) as made:
        yield made


@pytest.fixture
def site(shop):
    with TestClient(application(shop, insecure=True), base_url="http://127.0.0.1:8765") as opened:
        yield opened


def posted_to(site, **form):
    """Make a webhook on the page; return the address it shows."""
    body = site.post("/en/sources/hooks", data=form).text
    return re.search(r"http://127\.0\.0\.1:8765(/hooks/[\w-]+)", body)[1]


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize(
    "place", ["sources", "sources/plan", "sources/new/database", "sources/new/mailbox", "surveys"]
)
def test_a_page_stands_in_both_languages_with_nothing_yet(site, language, place):
    assert site.get(f"/{language}/{place}").status_code == 200


def test_a_key_is_shown_once_with_the_lines_for_a_site(site, shop):
    body = html.unescape(
        site.post("/fa/sources/keys", data={"name": "shop", "origins": "https://shop.example"}).text
    )
    key = re.search(r"gw_[\w-]+", body)[0]
    assert f'data-key="{key}"' in body
    assert shop.keys.all()[0].origins == ("https://shop.example",)
    assert key not in site.get("/fa/sources").text
    again = site.post("/en/sources/keys", data={"name": "shop"})
    assert again.status_code == 409
    assert "There is a key named" in html.unescape(again.text)


def test_what_is_posted_to_a_webhook_becomes_an_event_of_its_customer(site, shop):
    address = posted_to(site, name="payments")
    sent = {
        "type": "Invoice Paid",
        "data": {"id": 7, "amount": 12.5, "currency": "USD", "customer": {"email": "a@b.ir"}},
    }
    for _ in range(2):  # a sender that tries again is counted once
        assert site.post(address, json=sent).json() == {"success": True, "accepted": 1, "rejected": 0}
    shop.store.absorb()
    assert shop.sql("select event from events").to_pylist() == [{"event": "Invoice Paid"}]
    assert len(shop.store.search("a@b.ir", 5)) == 1


def test_what_is_no_event_is_shown_with_the_reason_and_stored_when_the_mapping_is_mended(site, shop):
    address = posted_to(site, name="forms")
    sent = {"what": EVIL, "whose": "0912 123 4567"}
    assert site.post(address, json=sent).json() == {"success": True, "accepted": 0, "rejected": 1}
    shop.store.absorb()
    body = site.get("/en/sources/of", params={"name": "forms"}).text
    assert "It has no event name." in body
    assert EVIL not in body
    saved = site.post(
        "/en/sources/mapping",
        data={"name": "forms", "event": "what", "phone": "whose"},
        follow_redirects=False,
    )
    assert saved.status_code == 303
    site.post("/en/sources/replay", data={"name": "forms"})
    assert shop.rejected("forms") == []
    assert shop.sql("select event from events").to_pylist() == [{"event": EVIL}]
    assert EVIL not in site.get("/fa/sources/of", params={"name": "forms"}).text


@pytest.mark.parametrize("by", ["page", "api"])
def test_what_was_not_taken_is_stored_when_its_text_is_mended(site, shop, by):
    told = {"code": "no_event", "path": "/v1/track", "text": '{"type":"track","userId":"u1"}'}
    shop.collect([Line("rejected:1", 1, 1, "rejected", "web", "segment", p=told)])
    shop.store.absorb()
    (one,) = shop.rejected("web")

    def mend(text):
        if by == "api":
            return site.post("/api/v1/collection/rejected/amend", json={"id": one.id, "text": text})
        return site.post("/fa/sources/amend", data={"name": "web", "id": one.id, "text": text})

    shown = site.get("/en/sources/of", params={"name": "web"}).text
    assert f">{told['text']}</textarea>" in html.unescape(shown)
    for text, code in ((told["text"], "no_event"), (EVIL, "not_json")):
        said = mend(text)
        assert said.status_code == 422
        assert (REASONS[code].en if by == "api" else REASONS[code].fa) in said.text
        assert EVIL not in said.text
    assert mend(told["text"][:-1] + ',"event":"Signed Up"}').status_code == 200
    assert (shop.rejected("web"), len(shop.sql("select event from events"))) == ([], 1)
    assert mend("{}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"{" * 5_000, 400),
        (b"a=1&b=2", 200),
        (b"[1,2]", 200),
        (b"null", 200),
        (b"x" * 2_000_000, 413),
    ],
)
def test_whatever_is_posted_a_webhook_answers(site, body, status):
    assert site.post(posted_to(site, name="any", event="e"), content=body).status_code == status


def test_an_address_of_no_webhook_takes_nothing(site):
    assert site.post("/hooks/nonsense", json={}).status_code == 404


def test_a_source_that_cannot_be_reached_says_so_and_keeps_what_was_typed_but_no_password(site):
    answer = site.post(
        "/en/sources/new/mailbox",
        data={"name": "help desk", "host": "127.0.0.1", "user": "me", "password": "hunter2", "every": "15m"},
    )
    assert answer.status_code >= 400
    assert "help desk" in answer.text
    assert "hunter2" not in answer.text


def test_a_rule_is_drafted_from_what_was_seen_kept_and_a_wrong_one_refused(site, shop):
    address = posted_to(site, name="shop", event="Product Viewed")
    site.post(address, json={"customer_id": "c1", "price": 5, "id": 1, "colour": "red"})
    shop.store.absorb()
    body = html.unescape(site.get("/en/sources/plan", params={"event": "Product Viewed"}).text)
    drafted = json.loads(re.search(r"<textarea[^>]*>(.*?)</textarea>", body, re.DOTALL)[1])
    assert "colour" in drafted["properties"]
    wrong = site.post("/en/sources/plan", data={"event": "Product Viewed", "schema": '{"type": "x"}'})
    assert wrong.status_code == 422
    site.post(
        "/en/sources/plan", data={"event": "Product Viewed", "schema": json.dumps(drafted), "blocks": "true"}
    )
    assert shop.planned.all()[0].blocks
    site.post("/en/sources/plan", data={"event": "Product Viewed", "schema": ""})
    assert shop.planned.all() == ()


def test_a_source_that_is_only_tried_shows_what_it_would_bring_and_is_not_kept(site, shop, tmp_path):
    with sqlite3.connect(tmp_path / "crm.db") as con:
        con.execute("create table orders (id integer, customer text, order_date text, total real)")
        rows = [(n, f"c{n}", f"2024-01-0{n}", 5.0) for n in range(1, 8)]
        con.executemany("insert into orders values (?, ?, ?, ?)", [*rows, (8, "c8", "no day", 5.0)])
    con.close()
    form = {"name": "crm", "url": f"sqlite:///{tmp_path / 'crm.db'}", "table": "orders", "currency": "USD"}
    body = html.unescape(site.post("/en/sources/new/database", data={**form, "only": "true"}).text)
    assert "It would bring" in body
    assert "order_date" in body
    assert str(tmp_path) not in body  # an address may hold a password
    assert shop.sources.list() == ()


@pytest.mark.parametrize(
    ("kind", "marks", "figure"),
    [
        ("nps", [10, 9, 9, 8, 3], "NPS 40"),  # three promoters, one detractor of five
        ("csat", [5, 4, 2, 1], "50% satisfied"),
        ("ces", [7, 6, 5], "mean 6"),
        ("words", [], ""),
    ],
)
def test_the_figure_of_a_survey(site, shop, kind, marks, figure):
    shop.surveys.save(Survey(name="autumn", kind=kind, language="en"))
    lines = [
        Line(
            f"a{n}",
            1,
            1,
            "track",
            "survey",
            "ganj",
            "Survey Answered",
            f"u{n}",
            p={"survey": "autumn", "score": mark},
        )
        for n, mark in enumerate(marks)
    ]
    shop.collect(lines)
    shop.store.absorb()
    body = html.unescape(site.get("/en/surveys").text)
    assert figure in body.translate(PLAIN)
    assert ("No answer yet" in body) == (not marks)


@pytest.mark.parametrize(("refused", "shown"), [(19, None), (30, "60%")])
def test_a_source_of_which_much_is_not_taken_today_has_an_alarm(site, shop, refused, shown):
    now = time.time_ns() // 1000
    told = {"code": "no_event", "text": "{}"}
    bad = [Line(f"rejected:{n}", now, now, "rejected", "web", "segment", p=told) for n in range(refused)]
    good = [Line(f"m{n}", now, now, "track", "web", "segment", "Signed Up", "u1") for n in range(20)]
    shop.collect([*bad, *good])
    shop.store.absorb()
    for language, word in (("en", "today"), ("fa", "امروز")):
        body = html.unescape(site.get(f"/{language}/sources").text).translate(PLAIN)
        chips = [chip for chip in re.findall(r'<span class="chip bad">([^<]*)</span>', body) if word in chip]
        assert [shown in chip for chip in chips] == ([True] if shown else [])
