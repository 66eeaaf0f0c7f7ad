"""Households, trust in sources and the rules of identity: by shell, API and page; what is wrong is said in both languages."""

import json

import pytest
from litestar.testing import TestClient

from ganj.display import Display
from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained
from ganj.faces.http.app import application
from ganj.log import Line
from stored import workspace

EVIL = "<script>alert(1)</script>"
LATER = 2 * 10**15


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    people = {"mother": "مریم یوسفی", "daughter": "سارا یوسفی", "lodger": EVIL}
    rows = [{"customer": who, "traits": {"name": name, "city": "تهران"}} for who, name in people.items()]
    made = workspace(tmp_path_factory.mktemp("identity"), rows, Display())
    said = [
        Line(
            m=source,
            r=LATER + n,
            t=LATER + n,
            k="identify",
            w=source,
            d="segment",
            u="mother",
            x={"city": city},
        )
        for n, (source, city) in enumerate((("crm", "قم"), ("shop", "یزد")))
    ]
    made.collect(said)
    made.store.absorb()
    made.duplicates.households.keep([[("customer_id", who) for who in people]])
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(shop):
    with TestClient(application(shop), base_url="http://127.0.0.1:8765") as opened:
        yield opened


def test_who_lives_together_is_told_everywhere_and_merges_leave_it_true(client, shop):
    told = client.get("/api/v1/households").json()
    assert (told["total"], [one["customer"] for one in told["households"][0]]) == (1, [0, 1, 2])
    assert client.get("/api/v1/customers/0/household").json()[0] == {"customer": 1, "name": "سارا یوسفی"}
    assert client.get("/api/v1/customers/0").json()["household"] == [1, 2]
    page = client.get("/fa/customers/0").text
    assert "خانوار" in page
    assert EVIL not in page
    assert EVIL not in client.get("/fa/duplicates?show=households").text
    merge = shop.merge(0, 1)
    assert client.get("/api/v1/customers/1/household").json() == [{"customer": 2, "name": EVIL}]
    shop.unmerge(merge.id)
    shop.rebuild()
    assert client.get("/api/v1/customers/0").json()["household"] == [1, 2]


def city(client):
    return client.get("/api/v1/customers/0").json()["traits"]["city"]


def test_which_source_is_believed_is_decided_on_every_face_and_the_rest_stays_as_history(client, shop):
    assert city(client) == "یزد"
    order = {"rule": "sources", "sources": ["crm", "shop"], "by": "sara"}
    told = client.put("/api/v1/identity/preferences/city", json=order).json()
    assert told["preferences"] == [{"trait": "city", "rule": "sources", "sources": ["crm", "shop"]}]
    assert city(client) == "قم"
    shop.rebuild()
    assert city(client) == "قم"
    history = client.get("/api/v1/customers/0").json()["sources"]["city"]["history"]
    assert [(one["value"], one["source"]) for one in history][:2] == [("یزد", "shop"), ("قم", "crm")]
    page = client.get("/fa/customers/0").text
    assert "یزد" in page
    assert "settings/identity?trait=city" in page
    assert "crm" in client.get("/fa/settings/identity").text
    gone = client.post("/fa/settings/identity/prefer", data={"trait": "city", "rule": "first"})
    assert (gone.status_code, city(client)) == (200, "تهران")
    assert client.delete("/api/v1/identity/preferences/city").json() == {"preferences": []}
    assert city(client) == "یزد"


@pytest.mark.parametrize(
    ("trait", "order"),
    [
        ("cty", {"rule": "first"}),
        ("city", {"rule": "loudest"}),
        ("city", {"rule": "sources"}),
        ("city", {"rule": "last", "sources": ["crm"]}),
        ("city", {"rule": 7}),
        ("city", {"of": "crm"}),
        ("city", []),
        (EVIL, {"rule": "first"}),
    ],
    ids=str,
)
def test_a_trust_that_cannot_be_is_refused_in_both_languages(client, trait, order):
    for language in ("fa", "en"):
        path = f"/api/v1/identity/preferences/{trait.replace('/', '%2F')}"
        answer = client.put(path, json=order, params={"language": language})
        assert 400 <= answer.status_code < 500
        assert answer.json()["title"]
    assert client.get("/api/v1/identity/preferences").json() == {"preferences": []}


def test_rules_are_changed_in_part_by_the_api_and_whole_on_the_page(client, shop):
    before = client.get("/api/v1/identity/rules").json()
    changed = client.patch("/api/v1/identity/rules", json={"limits": {"email": {"most": 2}}}).json()
    assert changed == before | {"limits": {"email": {"most": 2, "days": 0}}}
    page = client.get("/en/settings/identity")
    assert 'name="email"' in page.text
    form = {
        "email": "3",
        "phone": "4",
        "device": "2",
        "device_days": "0",
        "priority": ["customer_id", "phone"],
    }
    saved = client.post(
        "/en/settings/identity", data=form | {"blocked": "test@.*\n\nnobody", "country": "90"}
    )
    assert saved.status_code == 200
    rules = shop.identity_rules
    assert (rules.limit("email").most, rules.limit("phone").most, rules.limit("device").days) == (3, 4, 0)
    assert (rules.blocked, rules.priority, rules.country) == (
        ("test@.*", "nobody"),
        ("customer_id", "phone"),
        "90",
    )
    client.post("/en/settings/identity", data={"does": "defaults"})
    assert client.get("/api/v1/identity/rules").json()["blocked"] == before["blocked"]


@pytest.mark.parametrize(
    "changes",
    [
        {"limts": {}},
        {"limits": {"emial": {"most": 2}}},
        {"limits": {"email": {"most": 0}}},
        {"limits": {"email": 3}},
        {"limits": []},
        {"priority": ["name"]},
        {"blocked": ["("]},
        {"blocked": [".*"]},
        {"country": "x"},
        {"others": None, "weak": 3},
    ],
    ids=str,
)
def test_rules_that_cannot_be_are_refused_and_change_nothing(client, shop, changes):
    before = shop.identity_rules
    for language in ("fa", "en"):
        answer = client.patch("/api/v1/identity/rules", json=changes, params={"language": language})
        assert answer.status_code in {404, 422}, answer.text
        assert answer.json()["title"]
    assert shop.identity_rules == before


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("settings/identity", {"email": "0"}),
        ("settings/identity", {"email": "many"}),
        ("settings/identity", {"blocked": "("}),
        ("settings/identity", {"priority": EVIL}),
        ("settings/identity/prefer", {"trait": EVIL, "rule": "first"}),
        ("settings/identity/prefer", {"trait": "city", "rule": EVIL}),
        ("settings/identity/prefer", {"trait": "city", "rule": "sources"}),
        ("settings/identity/prefer", {}),
        ("duplicates/rules", {"together": "7"}),
    ],
    ids=str,
)
def test_a_form_that_cannot_be_is_shown_again_with_the_reason(client, shop, path, form):
    before = shop.identity_rules, shop.store.persons.preferred()
    for language in ("fa", "en"):
        answer = client.post(f"/{language}/{path}", data=form)
        assert 400 <= answer.status_code < 500
        assert EVIL not in answer.text
    assert (shop.identity_rules, shop.store.persons.preferred()) == before


def test_the_shell_says_the_same(shop, tmp_path, capsys):
    shop.store.control.engine.dispose()
    folder = tmp_path / "shop"
    workspace(tmp_path, [{"customer": "a", "traits": {"city": "قم"}}]).close()

    def told(*words, code=0):
        capsys.readouterr()
        assert explained(shell, ["-w", str(folder), *words]) == code
        return capsys.readouterr()

    rules = json.loads(
        told("--json", "identity", "change", "--limit", "email=3/30", "--block", "test@.*").out
    )
    assert rules["limits"] == {"email": {"most": 3, "days": 30}}
    assert rules["blocked"][-1] == "test@.*"
    assert json.loads(told("--json", "identity", "rules").out) == rules
    assert json.loads(told("--json", "identity", "change", "--defaults").out)["limits"] == {}
    said = json.loads(told("--json", "identity", "prefer", "city", "sources", "--source", "crm").out)
    assert said["preferences"] == [{"trait": "city", "rule": "sources", "sources": ["crm"]}]
    assert "crm" in told("identity", "preferences").out
    assert json.loads(told("--json", "duplicates", "households").out) == {"total": 0, "households": []}
    assert json.loads(told("--json", "duplicates", "rules", "--precision", "0.995").out)["precision"] == 0.995
    for wrong in (("identity", "change", "--limit", "email"), ("identity", "prefer", "cty", "first")):
        for language in ("fa", "en"):
            assert told("--language", language, *wrong, code=2).err
