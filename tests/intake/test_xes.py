"""Event logs in XES, in and out."""

from datetime import date
from pathlib import Path

import pytest

import ganj
from ganj.errors import BadFile
from ganj.intake import detect
from ganj.miners.journey import Journey
from ganj.workspace import xes
from stored import UTC_SETTINGS

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
