"""Event logs in XES, in and out."""

import gzip
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from litestar.testing import TestClient

import ganj
from ganj.errors import BadFile
from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained
from ganj.faces.http.app import application
from ganj.intake import detect
from ganj.miners.journey import Journey
from ganj.workspace import laid_out, xes
from stored import UTC_SETTINGS

XES = "{http://www.xes-standard.org/}"
FILE = Path(__file__).parents[3] / "shared/data/eventlogs/xes/helpdesk.xes.gz"
LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <float key="of the log" value="1"><float key="deeper" value="2"/></float>
  <trace>
    <string key="concept:name" value="deal 1"/><int key="amount" value="20"/>
    <event><string key="concept:name" value="Open &amp; greet"/><date key="time:timestamp" value="2024-01-01T09:00:00.500+02:00"/>
      <string key="org:resource" value="Sara"><string key="nested" value="no"/></string></event>
    <event><string key="concept:name" value="Close"/><date key="time:timestamp" value="2024-01-03T09:00:00Z"/></event>
  </trace>
  <trace>
    <string key="concept:name" value="deal 2"/><string key="customer_id" value="Reza"/>
    <event><string key="concept:name" value="Close"/><date key="time:timestamp" value="2024-01-02T09:00:00Z"/></event>
  </trace>
</log>
"""


def imported(folder, text):
    file = folder / "log.xes"
    file.write_text(text, encoding="utf-8")
    shop = ganj.create(folder / "shop", UTC_SETTINGS, buckets=2)
    shop.load(shop.plan(file))
    return shop


def test_a_log_is_read_as_events(tmp_path):
    with imported(tmp_path, LOG) as shop:
        told = shop.sql("select event, time, properties from events order by time").to_pylist()
        assert [row["event"] for row in told] == ["Open & greet", "Close", "Close"]
        assert "Sara" in told[0]["properties"]
        assert "nested" not in told[0]["properties"]
        mined = shop.mine(Journey(case="case", until=date(2024, 2, 1)))
        assert mined.table("cases").to_pandas()["cases"].tolist() == [2]
        log = mined.rows().to_pydict()
        assert log["case"] == ["deal 1", "deal 1", "deal 2"] or sorted(log["case"]) == [
            "deal 1",
            "deal 1",
            "deal 2",
        ]


def test_what_goes_out_comes_in_again(tmp_path):
    with imported(tmp_path, LOG) as shop:
        mined = shop.mine(Journey(case="case", until=date(2024, 2, 1)))
        assert xes.write(mined.parts(), tmp_path / "out.xes") == 2
        before = sorted(zip(*(mined.rows()[name].to_pylist() for name in ("case", "activity")), strict=True))
    again = tmp_path / "again"
    again.mkdir()
    with imported(again, (tmp_path / "out.xes").read_text(encoding="utf-8")) as shop:
        mined = shop.mine(Journey(case="case", until=date(2024, 2, 1)))
        rows = zip(*(mined.rows()[name].to_pylist() for name in ("case", "activity")), strict=True)
        assert sorted(rows) == before


def events_of(path):
    """Every trace by its name: its own attributes, and its events in order with theirs; times in µs."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path) as file:
        root = ET.parse(file).getroot()
    found = {}
    for trace in root.iter(f"{XES}trace"):
        told = {one.get("key"): one.get("value") for one in trace if one.tag != f"{XES}event"}
        events = [{one.get("key"): one.get("value") for one in event} for event in trace.iter(f"{XES}event")]
        for event in events:
            moment = datetime.fromisoformat(event["time:timestamp"]).astimezone(UTC)
            event["time:timestamp"] = round(moment.timestamp() * 1e6)
        name = told.pop("concept:name")
        found[name] = ({k: v for k, v in told.items() if k != "customer_id"}, events)
    return found


def in_order(traces):
    """Events of one moment stand as they are stored: those in the order of their names."""
    return {
        name: (told, sorted(events, key=lambda event: (event["time:timestamp"], event["concept:name"])))
        for name, (told, events) in traces.items()
    }


def test_a_log_keeps_cases_order_times_and_attributes(tmp_path):
    """In by a file, out by the shell, and in and out once more."""
    plain = LOG.replace('<string key="nested" value="no"/>', "")
    with imported(tmp_path, plain):
        pass
    first, second = tmp_path / "first.xes", tmp_path / "second.xes"
    words = ("-w", tmp_path / "shop", "mine", "journey", "--case", "case", "--rows")
    assert explained(shell, [str(word) for word in (*words, first)]) == 0
    told = events_of(first)
    assert told == events_of(tmp_path / "log.xes")
    assert told["deal 1"][0] == {"amount": "20"}
    assert told["deal 1"][1][0]["org:resource"] == "Sara"
    assert told["deal 1"][1][0]["time:timestamp"] % 1_000_000 == 500_000
    again = tmp_path / "again"
    again.mkdir()
    with (
        imported(again, first.read_text(encoding="utf-8")) as shop,
        TestClient(application(shop), base_url="http://127.0.0.1") as client,
    ):
        second.write_bytes(client.get("/api/v1/mine/journey/rows?case=case&format=xes").content)
        assert events_of(second) == told
        asked = {"case": "case", "attributes": ["org:resource", "amount"]}
        columns = client.get("/api/v1/mine/journey/rows", params=asked).json()["columns"]
        assert columns == ["customer", "case", "activity", "time", "org:resource", "amount"]
        refused = client.get("/api/v1/mine/journey/rows", params={"attributes": "org:resorce"})
        assert (refused.status_code, "org:resource" in refused.json()["detail"]) == (404, True)


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa">]><log><trace/></log>',
        '<log xes.version="1.0"><trace><event></trace></log>',
        '<log xes.version="1.0"><trace><string key="concept:name" value="1"/></trace></log>',
    ],
    ids=["entities", "damaged", "no event"],
)
def test_what_is_refused(tmp_path, text):
    file = tmp_path / "log.xes"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile):
        detect(file)


@pytest.mark.skipif(not FILE.exists(), reason="the real file is not here")
def test_a_help_desk(tmp_path):
    """Help desk of an Italian software company: 4,580 cases, 21,348 events."""
    with ganj.create(tmp_path / "shop", UTC_SETTINGS) as shop:
        loaded = shop.load(shop.plan(FILE))
        assert (loaded.imported, loaded.customers) == (21_348, 4_580)
        mined = shop.mine(Journey())
        whole = mined.table("cases").to_pandas()
        assert whole["cases"][0] == 4_580
        assert whole["variants"][0] == 226
        mined = shop.mine(laid_out.asked(shop, Journey(case="case"), "xes"))
        laid_out.write(mined, tmp_path / "out.xes")
    told, wanted = events_of(tmp_path / "out.xes"), events_of(FILE)

    assert in_order(told) == in_order(wanted)
