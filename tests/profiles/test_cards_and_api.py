"""Cards, and the API of one customer: what is given to whom, and for how long."""

import io
import json

import pyarrow as pa
import pytest
from litestar.testing import TestClient

from ganj.access.tokens import BadToken
from ganj.faces.http.app import application
from ganj.workspace.profiles import cards
from stored import workspace

HOSTILE = "\"><script>alert(1)</script>{{7*7}}=cmd|' /C calc'!A0\u202e"
PHONE, CODE = "+989121234567", "0012345679"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    who = {
        "customer_id": "C1",
        "phone": PHONE,
        "email": "sara@example.com",
        "national_code": CODE,
        "source": HOSTILE,
    }
    event = {"event": HOSTILE, "time": "2024-05-01T10:00:00", "product": HOSTILE, "amount": 5.0}
    told = [
        {
            **who,
            **event,
            "properties": {HOSTILE: HOSTILE, "کد ملی": CODE},
            "traits": {"name": HOSTILE, HOSTILE: HOSTILE},
        },
        {"customer_id": "C2", "event": "Page Viewed", "time": "2024-05-02T10:00:00"},
    ]
    made = workspace(tmp_path_factory.mktemp("cards"), told)
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(shop):
    with TestClient(application(shop), base_url="http://127.0.0.1:8765", timeout=60) as opened:
        yield opened


def issued(client, **order):
    answer = client.post("/api/v1/embed/customer", json={"phone": "09121234567", **order})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_card_is_masked_framed_by_allowed_sites_only_and_nowhere_kept(shop, client):
    shop.profiles.keep_rules("embedding", {"origins": ["https://crm.example.com"]})
    answer = client.get(issued(client, language="fa", theme="dark")["url"])
    assert answer.status_code == 200
    assert "frame-ancestors https://crm.example.com;" in answer.headers["content-security-policy"] + ";"
    assert "x-frame-options" not in answer.headers
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert '<html lang="fa" dir="rtl" data-theme="dark">' in answer.text
    for whole in (PHONE, PHONE[3:], CODE, "sara@example.com", "<script>alert", "49="):
        assert whole not in answer.text
    assert "set-cookie" not in answer.headers


def test_without_an_allowed_site_no_page_shows_a_card(shop, client):
    shop.profiles.keep_rules("embedding", {"origins": []})
    assert "frame-ancestors 'none'" in client.get(issued(client)["url"]).headers["content-security-policy"]


@pytest.mark.parametrize(
    "origin", ["*", "https://a.b; script-src *", "javascript:alert(1)", "https://a.b/c", "https://", "a.b"]
)
def test_what_is_no_origin_never_becomes_a_header(client, origin):
    assert client.patch("/api/v1/rules/embedding", json={"origins": [origin]}).status_code == 422


def test_a_card_shows_the_parts_of_its_token_and_no_other(client):
    url = issued(client, parts=["figures"])["url"]
    token = url.rsplit("/", 1)[1]
    told = client.get(f"/api/v1/embed/customer/{token}").json()
    assert "figures" in told
    assert not {"identifiers", "timeline", "notes", "scores", "segments"} & set(told)
    assert client.get(f"{url}/scores").status_code == 403
    assert client.get(f"{url}/else").status_code == 403


def test_unmasked_cards_still_keep_national_codes(client):
    token = issued(client, masked=False)["token"]
    told = json.dumps(client.get(f"/api/v1/embed/customer/{token}").json())
    assert PHONE in told
    assert CODE not in told


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"phone": "09120000000"}, 404),
        ({"phone": "", "id": "C2"}, 201),
        ({"phone": "", "customer": 99}, 404),
        ({"phone": ""}, 404),
        ({"minutes": 600}, 422),
        ({"parts": ["all"]}, 422),
        ({"language": "de"}, 422),
        ({"who": 3}, 404),  # no such parameter
        ({"theme": "dark", "language": "en", "minutes": 1}, 201),
    ],
)
def test_orders_of_cards(client, order, status):
    answer = client.post("/api/v1/embed/customer", json={"phone": "09121234567", **order})
    assert answer.status_code == status, answer.text


def test_every_link_ends_when_the_key_is_exchanged(client):
    one = issued(client)
    assert client.get(one["url"]).status_code == 200
    client.delete("/api/v1/embed/key")
    assert client.get(one["url"]).status_code == 401
    assert client.get(f"/api/v1/embed/customer/{one['token']}").status_code == 401
    assert client.get("/embed/customer/a.b.c").status_code == 401


def test_a_card_follows_a_merge_and_is_of_nobody_else(tmp_path):
    told = [{"customer_id": n, "event": "Page Viewed", "time": "2024-05-02T10:00:00"} for n in "abc"]
    with workspace(tmp_path, told) as shop:
        token = shop.profiles.card(cards.Order(id="b")).token
        merge = shop.merge("customer_id:a", "customer_id:b")
        assert cards.told(shop, token)["customer"] == shop.find("a")
        shop.unmerge(merge.id)
        assert cards.told(shop, token)["customer"] == shop.find("b")
        key = cards._key(shop)  # a token of a number that has become someone else's
        claims = cards.read(shop, token)
        wrong = cards.tokens.sign(
            key.raw,
            key.id,
            cards.Claims(**{f: getattr(claims, f) for f in claims.__struct_fields__} | {"sub": 2}),
        )
        with pytest.raises(BadToken):
            cards.read(shop, wrong)


def test_everything_of_a_customer_as_json(shop, client):
    told = client.get("/api/v1/customers/0").json()
    assert told["name"] == HOSTILE
    assert {one["kind"]: one["value"] for one in told["identifiers"]}["phone"] == PHONE
    assert CODE not in json.dumps(told, ensure_ascii=False)
    assert told["sources"]["name"]["history"][0]["source"] == HOSTILE
    assert told["stage"]["name"] == "prospect"
    assert set(told) >= {
        "consents",
        "figures",
        "scores",
        "absent",
        "segments",
        "notes",
        "merges",
        "timeline",
        "total",
        "next",
    }
    assert client.get("/api/v1/customers", params={"identifier": "09121234567"}).json()["total"] == 1
    assert client.get("/api/v1/customers/find", params={"who": "sara@EXAMPLE.com"}).json() == {"customer": 0}


def test_a_timeline_as_arrow_and_csv(client):
    arrow = client.get(
        "/api/v1/customers/0/timeline", headers={"accept": "application/vnd.apache.arrow.stream"}
    )
    rows = pa.ipc.open_stream(io.BytesIO(arrow.content)).read_all().to_pylist()
    assert [row["lane"] for row in rows] == ["stage", "other"]
    csv = client.get("/api/v1/customers/0/timeline?format=csv&lane=other").text
    assert csv.count("\n") == 2
    assert "\n=" not in csv


def test_notes_and_consent_by_the_api(client):
    note = client.post("/api/v1/customers/1/notes", json={"text": HOSTILE, "author": "a"}).json()["id"]
    assert client.get("/api/v1/customers/1/notes").json()[0]["text"] == HOSTILE
    assert client.patch(f"/api/v1/customers/1/notes/{note}", json={"text": "b"}).status_code == 200
    assert client.delete(f"/api/v1/customers/1/notes/{note}").status_code == 200
    assert client.get("/api/v1/customers/1/notes").json() == []
    said = client.put("/api/v1/customers/1/consents/sms", json={"given": False, "how": "call"}).json()
    assert said["sms"]["given"] is False


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "/api/v1/customers/99", None),
        ("get", "/api/v1/customers/0/timeline?lane=nothing", None),
        ("get", "/api/v1/customers/0/timeline?before=x", None),
        ("get", "/api/v1/customers/0/timeline?since=yesterday", None),
        ("get", "/api/v1/customers/0/timeline?limit=-1", None),
        ("get", "/api/v1/customers/0/timeline?limit=1e9", None),
        ("post", "/api/v1/customers/0/notes", {"text": ""}),
        ("post", "/api/v1/customers/77/notes", {"text": "a"}),
        ("delete", "/api/v1/customers/0/notes/nothing", None),
        ("put", "/api/v1/customers/99/consents/sms", {"given": True}),
        ("patch", "/api/v1/rules/stages", {"idle": "long"}),
        ("patch", "/api/v1/rules/nothing", {}),
        ("patch", "/api/v1/rules/privacy", {"phone": "loud"}),
        ("get", "/fa/customers/99", None),
        ("get", "/fa/customers/0/timeline?before=1-zz", None),
        ("get", "/fa/customers/0?since=never", None),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, method, path, body):
    answer = client.request(method, path, **({"json": body} if body is not None else {}))
    assert 400 <= answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("language", ["fa", "en"])
def test_hostile_words_stay_words_on_the_page(shop, client, language):
    shop.profiles.write_note(0, HOSTILE, HOSTILE)
    shop.profiles.consent(0, HOSTILE, given=True, how=HOSTILE)
    for part in ("", "/timeline", "/scores", "/why", "/others?q=C"):
        answer = client.get(f"/{language}/customers/0{part}")
        assert answer.status_code == 200, part
        assert "<script>alert" not in answer.text
        assert "49=cmd" not in answer.text
        assert CODE not in answer.text


def test_the_page_keeps_notes_consent_and_merges(client):
    form = {"text": "از فرم"}
    answer = client.post("/fa/customers/1/notes", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/fa/customers/1?done=note-written")
    assert "از فرم" in client.get("/fa/customers/1").text
    assert client.post("/fa/customers/1/notes", data={"text": ""}).status_code == 422
    client.post("/fa/customers/1/consents", data={"channel": "email", "given": "true"})
    merged = client.post("/fa/customers/1/merge", data={"other": "0"}, follow_redirects=False)
    assert merged.headers["location"].startswith("/fa/customers/0?done=merged&merge=")
    gone = client.get("/fa/customers/1", follow_redirects=False)  # its number leads to whom it belongs now
    assert (gone.status_code, gone.headers["location"]) == (303, "/fa/customers/0")
    name = merged.headers["location"].rsplit("=", 1)[1]
    client.post("/fa/customers/0/unmerge", data={"merge": name})
    assert client.get("/fa/customers/1").status_code == 200


def test_rules_are_kept_by_the_page(shop, client):
    sent = {"responses": ["Page Viewed"], "purchases": ["Order Completed"], "idle": "90d"}
    assert client.post("/fa/settings/customers/stages", data=sent).status_code == 200
    assert shop.profiles.stage_rules.idle.days == 90
    wrong = client.post("/fa/settings/customers/stages", data={**sent, "idle": "صد"})
    assert wrong.status_code == 422
    assert "قاعده" in client.get("/fa/settings/customers").text
    assert client.post("/fa/settings/customers/nothing", data=sent).status_code == 404
