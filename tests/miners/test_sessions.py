"""Visits: how long, where they begin and end, whether they bring an order."""

import gzip
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter
from ganj.histories import DAY
from ganj.miners.sessions import Sessions
from reference import sessions as slow
from stored import workspace
from words import write

MINUTE = 1 / 1440
LOG = Path(__file__).parents[3] / "shared/data/weblog/apache_logs.gz"


def miner(**more):
    told = {"zone": "UTC", "until": date(2024, 3, 1), "events": ("page", "Product Viewed", "Product Added"),
            "views": ("page", "Product Viewed")}  # fmt: skip
    return Sessions(**{**told, **more})


def person(*events):
    """Events as ``name@minutes``."""
    return " ".join(re.sub(r"@([\d.]+)", lambda m: f"@{float(m[1]) * MINUTE!r}", event) for event in events)


def figures(asked, *people):
    table = run(asked, as_read(asked, write(*people))).tables["figures"].values
    return {name: value[0] for name, value in table.items()}


def of_row(table):
    return {column.name: table.values[column.name][0] for column in table.columns}


@pytest.mark.parametrize(
    ("events", "sessions", "bounced", "converted", "pages"),
    [
        (["page@0"], 1, 1, 0, 1),
        (["page@0", "page@29.9"], 1, 0, 0, 2),
        (["page@0", "page@30"], 2, 2, 0, 2),  # thirty minutes without an event end a session
        (["page@0", "cart@10", "visit@20", "page@45"], 1, 0, 0, 3),
        (["page@0", "order@10"], 1, 0, 1, 1),  # an order is no bounce
        (["page@0", "order@29.9"], 1, 0, 1, 1),
        (["page@0", "order@30"], 1, 1, 0, 1),
        (["order@0", "page@1"], 1, 1, 0, 1),  # an order before the visit
        (["order@5", "page@5"], 1, 0, 1, 1),  # in one instant
        (["page@0", "order@10", "order@11"], 1, 0, 1, 1),  # a session converts once
        (["page@0", "order@10", "page@35"], 2, 1, 1, 2),  # an order does not prolong a visit
        (["order@0", "ticket@5"], 0, 0, 0, 0),
    ],
)
def test_sessions(events, sessions, bounced, converted, pages):
    found = figures(miner(), person(*events))
    assert (found["sessions"], found["bounced"], found["converted"]) == (sessions, bounced, converted)
    assert found["pages"] * sessions == pages if sessions else np.isnan(found["pages"])


def test_how_long_a_session_takes():
    found = figures(
        miner(), person("page@0", "page@20"), person("page@0"), person("page@0", "page@5", "cart@10")
    )
    assert found["mean_time"] == pytest.approx(10 * MINUTE * DAY)
    assert found["median_time"] == pytest.approx(10 * MINUTE * DAY)
    assert found["customers"] == 3


def test_where_visits_begin_and_end():
    people = [
        person("page@0[path=/a?x]", "page@5[path=/b/]", "visit@6"),
        person("page@0[path=/a#top]"),
        person("cart@1"),
    ]
    report = run(miner(), as_read(miner(), write(*people)))
    entries, exits = report.tables["entries"], report.tables["exits"]
    pages = [name for name, _ in entries.columns[0].choices]
    assert dict(zip(pages, entries.values["sessions"].tolist(), strict=True)) == {"/a": 2}
    assert entries.values["bounce_rate"].tolist() == [50]
    ended = {
        name: (n, v)
        for (name, _), n, v in zip(
            exits.columns[0].choices, exits.values["ended"], exits.values["views"], strict=True
        )
    }
    assert ended == {"/a": (1, 2), "Product Viewed": (1, 1)}


def test_a_session_is_of_the_first_value_seen_in_it():
    people = [
        person("page@0", "page@1[device=app]", "page@2[device=desk]", "page@90[device=desk]"),
        person("page@0"),
    ]
    asked = miner(by="device")
    groups = run(asked, as_read(asked, write(*people))).tables["groups"]
    names = [name for name, _ in groups.columns[0].choices]
    assert dict(zip(names, groups.values["sessions"].tolist(), strict=True)) == {"app": 1, "desk": 1, "": 1}


def test_a_visit_over_midnight_belongs_to_the_day_it_began():
    asked = miner(since=date(2024, 1, 2), period="day")
    report = run(asked, as_read(asked, write(person("page@1430", "page@1445", "page@1460", "page@1600"))))
    assert report.tables["figures"].values["sessions"].tolist() == [1]


def test_messages_answered():
    told = ["Message_Sent@0[channel=sms]", "Message_Opened@1[channel=sms]", "Message_Clicked@2[channel=sms]",
            "Message_Sent@3[channel=sms]", "Message_Sent@4[channel=email]", "Message_Opened@9[channel=email]",
            "Message_Opened@10.5[channel=sms]"]  # fmt: skip
    asked = miner(answer=timedelta(days=7))
    table = run(asked, as_read(asked, write(" ".join(told), "Message_Sent@0[channel=sms]"))).tables[
        "messages"
    ]
    rows = {name: [int(table.values[c][n]) for c in ("sent", "opened", "clicked", "customers", "clickers")]
            for n, (name, _) in enumerate(table.columns[0].choices)}  # fmt: skip
    assert rows == {"sms": [3, 1, 1, 2, 1], "email": [1, 1, 0, 1, 0]}  # 7.5 days is too late


def test_no_gap_is_refused():
    with pytest.raises(BadParameter):
        miner(gap=timedelta(0))


@st.composite
def people(draw):
    name = st.sampled_from(
        ["page", "visit", "cart", "order", "ticket", "Message_Sent", "Message_Opened", "Message_Clicked"]
    )
    minute = st.sampled_from([0, 0, 1, 10, 29.99, 30, 31, 60, 61, 1430, 1445, 20000])
    of = st.sampled_from(["", "[path=/a]", "[path=/b,channel=sms]", "[channel=email]"])
    one = st.lists(st.tuples(name, minute, of), max_size=9)
    return [
        person(*(f"{n}@{m}{o}" for n, m, o in who)) for who in draw(st.lists(one, min_size=1, max_size=4))
    ]


@given(people(), st.sampled_from([1, 30, 31]), st.sampled_from([1, 600, 20000]))
@settings(max_examples=80, deadline=None)
def test_it_agrees_with_plain_lists(told, gap, answer):
    asked = miner(gap=timedelta(minutes=gap), answer=timedelta(minutes=answer), top=1000)
    histories = as_read(asked, write(*told))
    report, found = run(asked, histories), scores(asked, histories)
    wanted = slow.sessions(asked, histories)
    got = report.tables["figures"].values
    assert got["sessions"][0] == len(wanted)
    assert got["customers"][0] == len({one["customer"] for one in wanted})
    assert got["bounced"][0] == sum(len(one["times"]) == 1 and not one["bought"] for one in wanted)
    assert got["converted"][0] == sum(one["bought"] for one in wanted)
    if wanted:
        lengths = [one["times"][-1] - one["times"][0] for one in wanted]
        assert got["mean_time"][0] == pytest.approx(np.mean(lengths))
        assert got["median_time"][0] == pytest.approx(np.median(lengths))
    for place, name, amount in ((0, "entries", "sessions"), (-1, "exits", "ended")):
        counts = Counter(one["pages"][place] for one in wanted if one["pages"])
        table = report.tables[name]
        labels = [label for label, _ in table.columns[0].choices]
        assert dict(zip(labels, table.values[amount].tolist(), strict=True)) == counts
        for label, opens in zip(labels, table.opens["customers"], strict=True):
            who = {one["customer"] for one in wanted if one["pages"] and one["pages"][place] == label}
            assert set(behind(found, opens).tolist()) == who
    sent = slow.messages(asked, histories)
    if sent:
        table = report.tables["messages"]
        rows = zip(
            table.columns[0].choices, *(table.values[c] for c in ("sent", "opened", "clicked")), strict=True
        )
        assert {name: [int(n) for n in row] for (name, _), *row in rows} == sent


# ---- a real log

LINE = re.compile(r'(\S+) \S+ \S+ \[([^\]]+)\] "(?:GET|POST|HEAD|OPTIONS) (\S+)')


def lines():
    with gzip.open(LOG, "rt", encoding="utf-8") as file:
        for found in map(LINE.match, file):
            if found:
                yield found[1], datetime.strptime(found[2], "%d/%b/%Y:%H:%M:%S %z"), found[3]


@pytest.mark.skipif(not LOG.exists(), reason="the log is not here")
def test_a_real_log_against_pandas(tmp_path):
    import pandas as pd

    log = pd.DataFrame(lines(), columns=["ip", "time", "path"])
    log["path"] = log["path"].str.replace(r"[?#].*", "", regex=True).str.rstrip("/").replace("", "/")
    log = log.sort_values(["ip", "time"], kind="stable")
    fresh = log.groupby("ip")["time"].diff().isna() | (
        log.groupby("ip")["time"].diff() >= pd.Timedelta("30min")
    )
    log["session"] = fresh.cumsum()
    by = log.groupby("session")
    lengths = by["time"].max() - by["time"].min()
    rows = [
        {"customer": ip, "event": "Page Viewed", "time": time.isoformat(), "properties": {"path": path}}
        for ip, time, path in lines()
    ]
    with workspace(tmp_path, rows) as shop:
        assert "path" in shop.store.snapshot.wide_properties()
        mined = shop.mine(Sessions(page="path", top=5, period="day"))
        table = of_row(mined.report.tables["figures"])
        assert (table["sessions"], table["customers"]) == (fresh.sum(), log["ip"].nunique())
        assert table["bounced"] == (by.size() == 1).sum()
        assert table["pages"] == pytest.approx(by.size().mean())
        assert table["median_pages"] == by.size().median()
        assert table["mean_time"] == pytest.approx(lengths.mean() / pd.Timedelta(microseconds=1))
        views = dict(log["path"].value_counts())
        exits = mined.report.tables["exits"]
        seen = exits.values["views"].tolist()  # noqa: PD011 - a table of ours
        assert seen == [views[page] for page, _ in exits.columns[0].choices]
        assert (table["sessions"], table["customers"], table["bounced"]) == (3052, 1753, 1607)
