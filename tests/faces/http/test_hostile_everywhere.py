"""Every address of the application is given what breaks readers: it refuses or takes it, never fails, and nobody else is held up."""

import html
import itertools
import re
from urllib.parse import quote

import pytest
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

import ganj
from collected import asked, collector
from ganj.display import Display
from ganj.faces.http.app import application
from ganj.intake.http.collector import Kept
from ganj.intake.http.collector import addresses as routes
from ganj.log import REASONS, decode
from hostile import CORPUS, NAMES

KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
)
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
LONG = ("/duplicates/find", "/rebuild", "/verify")  # work of seconds: a few bodies are enough
BODIES = tuple(body for body in CORPUS.values() if len(body) < 450_000)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with ganj.create(tmp_path_factory.mktemp("hostile") / "w", Display(language="en"), buckets=2) as made:
        yield made


@pytest.fixture(scope="module")
def app(shop):
    return application(shop, insecure=True)


@pytest.fixture(scope="module")
def client(app):
    with TestClient(app, base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as opened:
        yield opened


def addresses(app, methods):
    """Every route that knows one of some methods, the Persian pages standing for both languages."""
    for route in app.app.routes:
        known = [method for method in methods if method in getattr(route, "methods", ())]
        if isinstance(route, HTTPRoute) and not route.path.startswith(("/en", "/static", "/schema")):
            yield from ((method, route.path) for method in known)


def filled(path, name):
    """An address with its parameters: numbers where numbers are asked for."""
    number = name if name.lstrip("-").isdigit() else "0"
    return re.sub(r"\{\w+:(\w+)\}", lambda m: number if m[1] == "int" else quote(name, safe=""), path)


def test_no_body_breaks_a_door(app, client):
    sent = 0
    for at, (method, path) in enumerate(addresses(app, CHANGES)):
        bodies = BODIES[at % 5 :: 15] if path.endswith(LONG) else BODIES[at % 5 :: 5]
        for turn, body in enumerate(bodies):
            headers = {"content-type": KINDS[(at + turn) % len(KINDS)]}
            answer = client.request(
                method, filled(path, "x"), content=body, headers=headers, follow_redirects=False
            )
            assert answer.status_code < 500, (method, path, body[:60], answer.text[:300])
            sent += 1
    assert sent > 500


def test_no_name_breaks_an_address(app, client):
    words = (
        "name",
        "page",
        "window",
        "segment",
        "q",
        "sort",
        "search",
        "since",
        "before",
        "limit",
        "offset",
        "of",
        "done",
        "period",
    )
    for (method, path), name in itertools.product(
        addresses(app, ("GET", "DELETE")), (*NAMES, "funnel", "overview")
    ):
        if path.endswith(LONG):
            continue
        said = dict.fromkeys(words, name)
        answer = client.request(method, filled(path, name), params=said, follow_redirects=False)
        assert answer.status_code < 500, (method, path, name[:60], answer.text[:300])
        if "html" in answer.headers.get("content-type", ""):
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text


def test_what_is_made_by_a_hostile_name_is_shown_as_text(client):
    for name in NAMES[:6]:
        client.post("/en/sources/keys", data={"name": name})
        client.post("/en/sources/hooks", data={"name": name, "event": name})
        client.put(f"/api/v1/surveys/{quote(name, safe='')}", json={"kind": "nps", "question": name})
        client.put(f"/api/v1/segments/{quote(name, safe='')}", json={"where": "orders > 0"})
    for place in ("sources", "surveys", "customers", "", "sources/plan"):
        body = client.get(f"/en/{place}").text
        assert "<script>alert" not in body
        assert "<img src=x" not in body
    assert NAMES[0] in html.unescape(client.get("/en/sources").text)


def test_the_corpus_by_every_dialect_is_kept_or_set_aside_and_the_good_is_stored(shop):
    """Each way in takes the whole corpus and one good message after it; then all is loaded, and tried again."""
    answering, exact = collector(), routes()[0]
    lines = []
    for path in exact:
        good = b'{"type":"track","messageId":"%s","userId":"u","event":"Good"}' % path.encode()
        for body in (*CORPUS.values(), good):
            found = answering.answer(asked(body, path))
            if isinstance(found, Kept):
                lines += found.lines.splitlines()
            assert (found.answer if isinstance(found, Kept) else found).status < 500, (path, body[:60])
    shop.collect([decode(line) for line in lines], "shop")
    shop.store.absorb()
    assert shop.sql("select count(*) n from events where event = 'Good'").to_pylist()[0]["n"] > 5
    refused = shop.rejected("shop", 10_000)
    assert {one.code.partition(" ")[0] for one in refused} <= set(REASONS)
    assert 20 < shop.replay(None, "shop").refused <= len(refused)
    assert shop.verify() == ()
