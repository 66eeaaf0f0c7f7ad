"""The product's API, asked over HTTP of the real application."""

import io

import pyarrow as pa
import pyarrow.ipc
import pytest
from litestar.testing import TestClient

from ganj.faces.http.app import application
from ganj.faces.http.formats import csv_bytes
from stored import workspace

HERE = "http://127.0.0.1"


def order(who, day, number, amount):
    event = {"event": "Order Completed", "order": number, "product": "tea", "quantity": 1.0}
    return {"customer": who, "time": f"2024-01-{day:02}T09:00", "price": amount, "amount": amount, **event}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    rows = [order("ali", 1, "1", 100.0), order("ali", 20, "2", 50.0), order("=cmd()", 3, "3", 30.0)]
    with (
        workspace(tmp_path_factory.mktemp("api"), rows) as shop,
        TestClient(application(shop), base_url=HERE) as asked,
    ):
        yield asked


def test_the_process_lives(client):
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").status_code == 200


def test_the_analyses_are_listed_with_their_parameters(client):
    listed = {one["name"]: one for one in client.get("/api/v1/mine").json()}
    assert {"overview", "rfm", "retention", "funnel"} <= set(listed)
    assert any(p["name"] == "steps" and p["required"] for p in listed["funnel"]["parameters"])


def test_an_analysis_is_mined(client):
    said = client.get("/api/v1/mine/overview", params={"period": "week"}).json()
    columns = [column["name"] for column in said["tables"]["figures"]["columns"]]
    row = dict(zip(columns, said["tables"]["figures"]["rows"][0], strict=True))
    assert (row["customers"], row["orders"], row["revenue"]) == (2, 3, 180.0)
    assert said["parameters"]["period"] == "week"


def test_a_table_comes_as_arrow_and_csv(client):
    arrow = client.get("/api/v1/mine/overview", params={"format": "arrow", "table": "periods"})
    assert pa.ipc.open_stream(io.BytesIO(arrow.content)).read_all().num_rows > 0
    csv = client.get("/api/v1/mine/rfm/scores", headers={"accept": "text/csv"})
    assert csv.text.startswith("\ufeff")


def test_scores_come_in_pages(client):
    page = client.get("/api/v1/mine/rfm/scores", params={"offset": 1, "limit": 1}).json()
    assert (page["total"], len(page["rows"])) == (2, 1)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("/api/v1/mine/rmf", 404),  # no such analysis
        ("/api/v1/mine/rfm?bins=99", 422),  # out of range
        ("/api/v1/mine/rfm?colour=red", 404),  # no such parameter
        ("/api/v1/mine/funnel", 422),  # steps are missing
        ("/api/v1/customers/999999", 404),
        ("/api/v1/nothing", 404),
    ],
)
def test_a_mistake_is_a_problem_in_one_shape(client, asked, status):
    for language in ("en", "fa"):
        answer = client.get(asked, headers={"accept-language": language})
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["title"]


def test_segments_are_saved_asked_and_removed(client):
    told = {"all": [{"column": "orders", "op": ">=", "value": 2, "miner": "overview"}]}
    own = {"origin": HERE}
    assert client.put("/api/v1/segments/regulars", json=told, headers=own).json()["size"] == 1
    assert client.get("/api/v1/segments/regulars/customers").json()["total"] == 1
    assert client.get("/api/v1/segments").json()[0]["sentence"]
    assert client.delete("/api/v1/segments/regulars", headers=own).json()["removed"]


def test_a_foreign_page_cannot_change_anything(client):
    told = {"all": []}
    foreign = client.put("/api/v1/segments/x", json=told, headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403


def test_sql_reads(client):
    answer = client.post(
        "/api/v1/sql", json={"query": "select count(*) as n from orders"}, headers={"origin": HERE}
    )
    assert answer.json()["rows"] == [[3]]


def test_spreadsheets_cannot_run_what_customers_wrote():
    table = pa.table({"name": ["=1+1", "+98", "-1", "@x", "\tx", "＝1", "fine", None], "n": [-1] * 8})
    lines = csv_bytes(table).decode("utf-8-sig").splitlines()[1:]
    assert all(line.startswith("\"'") for line in lines[:6])
    assert lines[6].startswith('"fine"')
    assert lines[0].endswith("-1")  # a number stays a number
