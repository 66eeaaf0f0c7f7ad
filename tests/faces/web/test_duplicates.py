"""The queue of pairs on its page, in the API and the shell."""

import json

import pytest

pytest.importorskip("splink")

from litestar.testing import TestClient

import ganj
from ganj.display import Display
from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained
from ganj.faces.http.app import application
from stored import workspace

EVIL = "<script>alert(1)</script>"
PEOPLE = [
    ("A", {"name": "مریم یوسفی", "birthday": "1370/01/05", "city": EVIL, "mobile": "09123456789"}),
    ("B", {"name": "Maryam Yousefi", "birthday": "1991-03-25", "city": "Tehran", "mobile": "9123456789"}),
    ("C", {"name": "رضا کریمی", "birthday": "1365/05/05", "mobile": "09351112233"}),
    ("D", {"name": "رضا كريمي", "birthday": "۱۳۶۵/۵/۵", "mobile": "09351112234", EVIL: "1"}),
]


@pytest.fixture
def shop(tmp_path):
    made = workspace(tmp_path, [{"customer": who, "traits": traits} for who, traits in PEOPLE], Display())
    made.duplicates.find(automatic=False)
    yield made
    made.close()


@pytest.fixture
def client(shop):
    with TestClient(application(shop), base_url="http://127.0.0.1:8765", timeout=60) as opened:
        yield opened


def first(shop):
    return shop.duplicates.queue()[0]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_pair_stands_side_by_side_with_what_speaks_for_it(client, words, language):
    page = client.get(f"/{language}/duplicates")
    said = words(page.text)
    assert page.status_code == 200
    assert ("هم‌آوا" if language == "fa" else "sounds the same") in said or "رضا" in said
    assert EVIL not in page.text
    assert page.text.count('type="radio"') % 2 == 0


def test_a_merge_on_the_page_keeps_what_was_chosen_and_can_be_taken_back(client, shop):
    pair = next(pair for pair in shop.duplicates.queue() if {pair.left[1], pair.right[1]} == {"A", "B"})
    side = "left" if pair.left[1] == "B" else "right"
    gone = client.post(f"/fa/duplicates/{pair.id}/merge", data={"keep name": side}, follow_redirects=False)
    assert gone.status_code == 303
    one, other = shop.duplicates.customers(pair)
    assert one == other
    assert shop.store.profile(one)["traits"]["name"][0] == "Maryam Yousefi"
    assert str(pair.id) in client.get("/fa/duplicates?show=merged").text
    client.post(f"/fa/duplicates/{pair.id}/undo", data={})
    assert len(set(shop.duplicates.customers(pair))) == 2


@pytest.mark.parametrize(("path", "status"), [("999999/merge", 404), ("1/marry", 404)])
def test_what_is_not_there_is_said_on_the_page(client, path, status):
    assert client.post(f"/fa/duplicates/{path}", data={}).status_code == status


def test_a_second_word_on_a_pair_is_refused_with_the_reason(client, shop, words):
    pair = first(shop)
    client.post(f"/fa/duplicates/{pair.id}/different", data={})
    again = client.post(f"/fa/duplicates/{pair.id}/merge", data={})
    assert again.status_code == 409
    assert "دو نفر متفاوت" in words(again.text)


def test_the_rules_are_changed_and_a_wild_one_is_refused(client, shop):
    client.post("/fa/duplicates/rules", data={"automatic": "false", "precision": "0.95", "least": "0.2"})
    assert (shop.duplicates.rules.precision, shop.duplicates.rules.automatic) == (0.95, False)
    assert client.post("/fa/duplicates/rules", data={"precision": "ten"}).status_code == 422


def test_an_empty_workspace_says_what_to_do(empty, words):
    assert "جست‌وجو کن" in words(empty.get("/fa/duplicates").text)
    assert empty.post("/fa/duplicates/find", data={}, follow_redirects=False).status_code == 303


def test_the_api_lists_shows_and_decides(client, shop):
    told = client.get("/api/v1/duplicates").json()
    assert told["counts"]["open"] == len(told["pairs"]) > 0
    number = told["pairs"][0]["id"]
    assert client.get(f"/api/v1/duplicates/{number}").json()["contributions"][0]["weight"] < 0
    assert client.post(f"/api/v1/duplicates/{number}/later", json={}).json()["status"] == "later"
    merged = client.post(f"/api/v1/duplicates/{number}/merge", json={"fields": {"name": "left"}}).json()
    assert merged["status"] == "merged"
    assert merged["left"]["customer"] == merged["right"]["customer"]
    assert client.post(f"/api/v1/duplicates/{number}/undo", json={}).json()["status"] == "open"
    assert client.post("/api/v1/duplicates/find?automatic=false").json()["merged"] == 0
    assert client.put("/api/v1/duplicates/rules", json={"precision": 0.9}).json()["precision"] == 0.9


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "duplicates?status=odd", None, 404),
        ("GET", "duplicates?limit=-5&offset=-9", None, 200),
        ("GET", "duplicates?offset=99999999999999999999", None, 200),
        ("GET", "duplicates/123456", None, 404),
        ("GET", "duplicates/99999999999999999999999", None, 404),
        ("POST", "duplicates/1/merge", {"fields": {"name": "middle"}}, 422),
        ("POST", "duplicates/1/merge", {"fields": ["name"]}, 422),
        ("PUT", "duplicates/rules", {"precision": 2}, 422),
        ("PUT", "duplicates/rules", {"speed": 2}, 404),
    ],
)
def test_bad_requests_are_explained(client, method, path, body, status):
    answer = client.request(method, f"/api/v1/{path}", json=body)
    assert answer.status_code == status
    assert status == 200 or answer.json()["title"]


def test_the_shell_finds_lists_merges_and_takes_back(tmp_path, capsys):
    made = workspace(tmp_path, [{"customer": who, "traits": traits} for who, traits in PEOPLE], Display())
    made.close()

    def said(*words):
        assert explained(shell, ["-w", str(tmp_path / "shop"), "duplicates", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    assert said("find", "--no-merge")["merged"] == 0
    number = str(said("list")["pairs"][0]["id"])
    assert said("merge", number, "--keep", "name=left")["status"] == "merged"
    assert said("undo", number)["status"] == "open"
    assert said("different", number)["status"] == "different"
    assert said("list", "--status", "different")["pairs"][0]["id"] == int(number)
    with ganj.open(tmp_path / "shop") as again:
        assert again.duplicates.counts()["different"] == 1
