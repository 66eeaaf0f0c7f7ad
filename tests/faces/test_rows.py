"""The rows of an analysis as files: by the shell, by the shell through a server, by the API, from the page."""

import gzip
import io
import xml.etree.ElementTree as ET

import pyarrow as pa
import pyarrow.csv as pc
import pytest
from litestar.testing import TestClient

import ganj
from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained
from ganj.faces.http.app import application
from ganj.miners.journey import Journey
from ganj.parameters import build
from stored import workspace

XES = "{http://www.xes-standard.org/}"


def event(who, name, day, **properties):
    return {"customer": who, "event": name, "time": f"2024-01-{day:02}T09:00", "properties": properties}


ROWS = [
    event("sara", "Product Viewed", 1, page="=1+1"),
    event("sara", "Order Completed", 2),
    event("ali", "Product Viewed", 3),
    event("ali", "Order Completed", 5),
    event("ali", "Order Completed", 9),
]


@pytest.fixture
def folder(tmp_path):
    with workspace(tmp_path, ROWS) as shop:
        return shop.folder


def asked(*words):
    return explained(shell, [str(word) for word in words])


def traces(text):
    """The activities of each trace of an event log."""
    root = ET.fromstring(text)
    return sorted(
        [one.find(f"{XES}string").get("value") for one in trace.iter(f"{XES}event")]
        for trace in root.iter(f"{XES}trace")
    )


JOURNEYS = sorted(
    [["Product Viewed", "Order Completed"], ["Product Viewed", "Order Completed", "Order Completed"]]
)


def test_the_shell_writes_an_event_log_that_is_read_again(folder, tmp_path):
    assert asked("-w", folder, "mine", "journey", "--rows", tmp_path / "log.xes") == 0
    text = (tmp_path / "log.xes").read_bytes()
    assert traces(text) == JOURNEYS
    (tmp_path / "log.xes.gz").write_bytes(gzip.compress(text))
    with ganj.create(tmp_path / "again") as again:
        again.load(again.plan(tmp_path / "log.xes.gz"))
        assert again.mine(Journey()).table("cases").to_arrow()["events"].to_pylist() == [5]


def test_the_shell_writes_rows(folder, tmp_path):
    words = ("-w", folder, "mine", "activity", "--append", "first Product Viewed before: gap, page")
    for name, read in (("a.csv", pc.read_csv), ("a.arrow", lambda p: pa.ipc.open_stream(p).read_all())):
        assert asked(*words, "--rows", tmp_path / name) == 0
        table = read(tmp_path / name)
        assert table.num_rows == 3
        assert table.column_names[:3] == ["customer", "row", "time"]


@pytest.mark.parametrize(("name", "file"), [("activity", "a.xes"), ("journey", "j.txt"), ("journey", "j")])
def test_another_kind_of_file_is_refused(folder, tmp_path, capsys, name, file):
    assert asked("-w", folder, "--language", "en", "mine", name, "--rows", tmp_path / file) == 2
    assert "csv" in capsys.readouterr().err
    assert not (tmp_path / file).exists()


def test_an_analysis_without_rows_has_no_such_option(folder, capsys):
    assert asked("-w", folder, "mine", "rfm", "--rows", "x.csv") == 2
    assert "--rows" in capsys.readouterr().err


@pytest.fixture
def client(folder):
    with ganj.open(folder) as shop, TestClient(application(shop), base_url="http://127.0.0.1") as client:
        yield client


def test_the_api_streams_rows(client):
    log = client.get("/api/v1/mine/journey/rows", headers={"accept": "application/xes+xml"})
    assert log.headers["content-type"].startswith("application/xes+xml")
    assert traces(log.content) == JOURNEYS
    told = client.get("/api/v1/mine/journey/rows", params={"format": "csv"})
    assert pc.read_csv(io.BytesIO(told.content)).num_rows == 5
    assert "journey.csv" in told.headers["content-disposition"]
    told = client.get("/api/v1/mine/journey/rows", params={"format": "arrow"})
    assert pa.ipc.open_stream(told.content).read_all().num_rows == 5


def test_the_api_gives_rows_as_pages_of_json(client):
    page = client.get("/api/v1/mine/journey/rows", params={"offset": 1, "limit": 3}).json()
    assert page["columns"] == ["customer", "case", "activity", "time"]
    assert len(page["rows"]) == 3
    rest = client.get("/api/v1/mine/journey/rows", params={"offset": 4}).json()
    assert len(rest["rows"]) == 1


@pytest.mark.parametrize(
    "address",
    [
        "rfm/rows",
        "activity/rows?format=xes",
        "activity/rows?format=xlsx",
        "activity?table=rows&format=xlsx",
        "journey/rows?events=Nothing",
    ],
)
def test_what_has_no_rows_says_so(client, address):
    answer = client.get(f"/api/v1/mine/{address}")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_the_page_offers_the_rows(client):
    page = client.get("/en/analyses/journey?steps=").text
    assert "/api/v1/mine/journey/rows?" in client.get("/en/analyses/journey").text
    assert "format=xes" in page
    assert "/rows?" not in client.get("/fa/analyses/rfm").text


def test_a_csv_of_rows_runs_nothing_in_a_spreadsheet(client):
    told = client.get(
        "/api/v1/mine/activity/rows", params={"format": "csv", "cohort": "Product Viewed", "own": "page"}
    )
    assert "'=1+1" in told.text


def test_parameters_are_those_of_the_analysis(client):
    told = client.get("/api/v1/mine/journey/rows", params={"format": "xes", "events": "Order Completed"})
    assert traces(told.content) == [["Order Completed"], ["Order Completed", "Order Completed"]]
    assert build(Journey, {"events": "Order Completed"}).rows_as == ("csv", "arrow", "xes")
