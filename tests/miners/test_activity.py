"""Rows of one activity, and what else their customers did."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, learn, run, scores
from ganj.errors import BadParameter
from ganj.miners.activity import Activity, appends
from reference import activity as slow
from stored import workspace
from words import DAY_ZERO, write


def asked(*texts, **more):
    return Activity(zone="UTC", append=texts, **{"until": date(2025, 1, 1), "own": (), **more})


def table(miner, *people):
    histories = as_read(miner, write(*people))
    return miner.rows(histories, learn(miner, histories)).to_pydict()


PERSON = "visit@0 order@1=10 visit@2 visit@3 order@4=20 visit@5 order@9=40"


@pytest.mark.parametrize(
    ("append", "values"),
    [
        ("first Product Viewed ever: gap", [1, 4, 9]),
        ("last Product Viewed ever: gap", [4, 1, 4]),
        ("first Product Viewed before: gap", [1, 4, 9]),
        ("last Product Viewed before: gap", [1, 1, 4]),
        ("first Product Viewed after: gap", [1, 1, None]),
        ("last Product Viewed after: gap", [4, 1, None]),
        ("first Product Viewed in between: gap", [1, 1, None]),
        ("last Product Viewed in between: gap", [2, 1, None]),
        ("last Order Completed before: amount", [None, 10.0, 20.0]),  # a row is not before itself
    ],
)
def test_relations(append, values):
    found = table(asked(append), PERSON)[append]
    assert [v / timedelta(days=1) if isinstance(v, timedelta) else v for v in found] == values


@pytest.mark.parametrize(
    ("append", "values"),
    [
        ("aggregate Product Viewed ever: count", [4, 4, 4]),
        ("aggregate Product Viewed before: count", [1, 3, 4]),
        ("aggregate Product Viewed after: count", [3, 1, 0]),
        ("aggregate Product Viewed in between: count", [2, 1, 0]),
        ("aggregate Order Completed before: amount", [0, 10, 30]),
        ("aggregate Order Completed after: amount", [60, 40, 0]),
        ("aggregate Order Completed ever: mean", [70 / 3] * 3),
    ],
)
def test_aggregates(append, values):
    assert table(asked(append), PERSON)[append] == pytest.approx(values)


def test_appending_never_drops_or_doubles_a_row():
    told = table(asked("first x ever", "aggregate x in between"), "order@0 order@0", "order@1 x@1 x@2", "x@0")
    assert told["customer"] == [0, 0, 1]
    assert told["row"] == [1, 2, 1]
    assert told["aggregate x in between: count"] == [0, 0, 1]


def test_the_first_and_the_last_row():
    assert table(asked("first x ever", which="first", own=("amount",)), PERSON)["amount"] == [10]
    assert table(asked("first x ever", which="last", own=("amount",)), PERSON)["amount"] == [40]


def test_rows_begin_with_since_and_what_was_before_counts():
    miner = asked("aggregate Order Completed before: count", since=DAY_ZERO + timedelta(days=4))
    assert table(miner, PERSON)["aggregate Order Completed before: count"] == [1, 2]


def test_words():
    one, two = appends(
        ("last Message Sent before: time", "campaign", "AGGREGATE Page Viewed[path = /a, x = 1] in between")
    )
    assert one.names == ("last Message Sent before: time", "last Message Sent before: campaign")
    assert (two.which, two.event, two.when, two.what) == (
        "aggregate", "Page Viewed[path = /a, x = 1]", "in between", ("count",)
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["Order Completed", "last before", "aggregate x ever: time", "first x[ before"]
)
def test_what_cannot_be_asked(text):
    with pytest.raises(BadParameter):
        asked(text)


def test_all_rows_come_from_a_workspace(tmp_path):
    people = [
        {
            "customer": f"c{n}",
            "event": event,
            "time": f"2024-01-{day:02}T10:00:00",
            "properties": {"campaign": "Nowruz"},
        }
        for n in range(30)
        for event, day in (("Message Sent", 1), ("Order Completed", 2 + n % 5), ("Order Completed", 9))
    ]
    with workspace(tmp_path, people) as shop:
        mined = shop.mine(Activity(append=("last Message Sent before: campaign, gap",), own=()))
        rows = mined.rows()
        assert rows.num_rows == 60 == mined.table("appends").to_pandas()["rows"][0]
        assert set(rows["last Message Sent before: campaign"].to_pylist()) == {"Nowruz"}
        assert rows["last Message Sent before: gap"][1].as_py() == timedelta(days=8)
        assert len(list(mined.parts())) > 1
        assert len(mined.table("rows")) == 50


@st.composite
def people(draw):
    event = st.sampled_from(["a", "a", "b=1", "b=2.5", "b"])
    one = st.lists(st.tuples(event, st.sampled_from([0, 0, 1, 1, 2, 3, 8])), max_size=9)
    persons = draw(st.lists(one, min_size=1, max_size=5))
    return [
        " ".join(
            "@".join((e.split("=")[0], str(d))) + ("=" + e.split("=")[1] if "=" in e else "") for e, d in p
        )
        for p in persons
    ]


@given(people(), st.sampled_from(["all", "first", "last"]), st.sampled_from(["ever", "before", "after", "in between"]),
       st.sampled_from(["a", "b"]), st.booleans())  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_it_agrees_with_looking_one_by_one(said, which, when, event, late):
    texts = tuple(f"{how} {event} {when}: {what}" for how, what in (
        ("first", "gap"), ("last", "gap"), ("aggregate", "count"), ("aggregate", "amount")))  # fmt: skip
    since = DAY_ZERO + timedelta(days=1) if late else None
    miner = asked(*texts, cohort="a", which=which, since=since)
    histories = as_read(miner, write(*said))
    found = slow.rows(histories, "a", which, miner.instant(since))
    beside = slow.beside(histories, found, event, when)
    told = miner.rows(histories, learn(miner, histories)).to_pydict()
    time, amount = histories.time, histories.amount
    assert told["customer"] == [i for i, _ in found]
    for text, at in ((texts[0], 0), (texts[1], -1)):
        wanted = [
            abs(int(time[m[at]] - time[j])) if m else None for (_, j), m in zip(found, beside, strict=True)
        ]
        assert [None if v is None else v // timedelta(microseconds=1) for v in told[text]] == wanted
    assert told[texts[2]] == [len(m) for m in beside]
    assert told[texts[3]] == pytest.approx([float(np.nansum(amount[m])) for m in beside])
    sheet = run(miner, histories).tables["appends"]
    for row, where in enumerate(sheet.opens["customers"][1:], 1):
        owners = {i for (i, _), m in zip(found, beside, strict=True) if m}
        assert set(behind(scores(miner, histories), where).tolist()) == owners
        assert sheet.values["customers"][row] == len(owners)
