"""Merges and the rules of identity by HTTP; what cannot be done says why and changes nothing."""

import pytest
from litestar.testing import TestClient

from ganj.faces.http.app import application
from stored import workspace

HERE = "http://127.0.0.1"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    rows = [
        {"customer": who, "event": "Page Viewed", "time": f"2024-01-{day:02}T09:00"}
        for day, who in enumerate(("ali", "sara", "reza"), 1)
    ]
    with (
        workspace(tmp_path_factory.mktemp("merges"), rows) as shop,
        TestClient(application(shop), base_url=HERE) as asked,
    ):
        yield asked


def test_merged_listed_and_taken_back(client):
    told = {"one": 0, "other": "customer_id:reza", "evidence": {"why": "same phone"}, "by": "sara"}
    made = client.post("/api/v1/merges", json=told)
    assert (made.status_code, made.json()["customer"]) == (201, 0)
    (one,) = client.get("/api/v1/customers/2/merges").json()["merges"]
    assert (one["id"], one["evidence"], one["by"]) == (made.json()["id"], {"why": "same phone"}, "sara")
    assert client.post("/api/v1/merges", json=told).status_code == 409
    undone = client.post(f"/api/v1/merges/{one['id']}/undo")
    assert undone.json()["undone"]
    assert client.post(f"/api/v1/merges/{one['id']}/undo").status_code == 409
    assert len(client.get("/api/v1/merges").json()["merges"]) == 1


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"one": 0, "other": 99}, 404),
        ({"one": 0, "other": "email:nobody@x.ir"}, 404),
        ({"one": 0, "other": "?"}, 422),
        ({"one": 0}, 400),
        ({"one": [], "other": 1}, 400),
    ],
    ids=str,
)
def test_what_cannot_be_merged_says_why(client, told, status):
    assert client.post("/api/v1/merges", json=told).status_code == status


def test_rules_are_read_changed_and_refused(client):
    rules = client.get("/api/v1/identity/rules").json()
    kept = client.put("/api/v1/identity/rules", json={**rules, "limits": {"email": {"most": 2}}})
    assert kept.json()["limits"]["email"]["most"] == 2
    for wrong in ({"blocked": ["("]}, {"blocked": [".*"]}, {"limits": {"email": {"most": 0}}}):
        assert client.put("/api/v1/identity/rules", json=wrong).status_code == 422, wrong
    assert client.get("/api/v1/identity/rules").json()["limits"]["email"]["most"] == 2
