"""Who may ask, and what a browser is told to allow."""

import pytest
from litestar.testing import TestClient

from ganj.faces.http.app import application
from ganj.faces.http.serve import NotLoopback, is_loopback, serve


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:80", "LOCALHOST", "localhost."])
def test_names_of_this_machine_are_answered(client, host):
    assert client.get("/fa/settings", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "192.168.1.4"]
)
def test_another_name_is_not_answered(client, host):
    """A page elsewhere that makes its own name point here reads nothing."""
    assert client.get("/fa/settings", headers={"host": host}).status_code == 421


def test_with_insecure_any_name_is_answered(shop):
    with TestClient(application(shop, insecure=True), base_url="http://shop.example") as opened:
        assert opened.get("/fa/settings").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # a program
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),  # another port of this machine
        ({"origin": "http://127.0.0.1:8765"}, 200),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),  # a sandboxed frame
    ],
)
def test_nothing_is_changed_from_another_site(client, headers, status):
    answer = client.post("/fa/settings", data={"digits": "persian"}, headers=headers)
    assert answer.status_code == status


def test_the_api_is_guarded_alike(client):
    foreign = {"sec-fetch-site": "cross-site"}
    assert client.request("DELETE", "/api/v1/imports/1", headers=foreign).status_code == 403
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("place", ["/fa/", "/static/css/base.css", "/api/v1/settings", "/fa/nowhere"])
def test_every_answer_says_what_the_browser_may_do(client, place):
    headers = client.get(place).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_body_that_is_too_big_is_refused(client):
    assert client.post("/fa/settings", data={"zone": "x" * 5_000_000}).status_code == 413


def test_other_machines_are_served_only_when_that_is_said(shop):
    assert is_loopback("127.0.0.2")
    assert not is_loopback("0.0.0.0")
    with pytest.raises(NotLoopback):
        serve(shop, "0.0.0.0", 0)
