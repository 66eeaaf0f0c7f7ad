"""Who is new, stays, comes back, falls silent; and the stages of a customer's life."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.calendar import start
from ganj.errors import BadParameter
from ganj.miners.lifecycle import Lifecycle
from reference import lifecycle as slow
from words import write

UNTIL = date(2024, 5, 1)


def months(**more):
    return Lifecycle(zone="UTC", **{"until": UNTIL, "responses": ("visit_page", "Product Viewed"), **more})


def told(miner, *people):
    table = run(miner, as_read(miner, write(*people))).tables["periods"].values
    return {state: table[state].tolist() for state in ("new", "returning", "resurrecting", "dormant")}


@pytest.mark.parametrize(
    ("person", "new", "returning", "resurrecting", "dormant"),
    [
        ("order@0", [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]),
        ("order@0 order@31", [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]),
        ("order@0 order@70", [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 1]),
        (
            "order@0 order@1 order@2",
            [1, 0, 0, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [0, 1, 0, 0],
        ),  # one month is one
        ("visit@0 order@91", [1], [0], [0], [0]),  # April alone; a visit is no activity here
    ],
)
def test_states_by_month(person, new, returning, resurrecting, dormant):
    assert told(months(), person) == {
        "new": new, "returning": returning, "resurrecting": resurrecting, "dormant": dormant
    }  # fmt: skip


def test_new_is_new_for_ever_wherever_the_report_begins():
    assert told(months(since=date(2024, 3, 5)), "order@0 order@70") == {
        "new": [0, 0], "returning": [0, 0], "resurrecting": [1, 0], "dormant": [0, 1]
    }  # fmt: skip


def test_a_jalali_month_is_no_gregorian_one():
    people = ["order@18 order@22"]  # 19 and 23 January 2024: 29 Dey and 3 Bahman 1402
    assert told(months(calendar="jalali"), *people)["returning"][1] == 1
    assert told(months(), *people)["returning"] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("person", "stage"),
    [
        ("", "prospect"),  # known and silent
        ("ticket@1", "prospect"),
        ("visit@1", "responder"),
        ("visit@1 order@30 visit@120", "active"),
        ("order@30", "active"),
        ("order@30 order@1", "active"),
        ("order@20.9 visit@120", "former"),  # 100 days and more before 1 May
        ("order@21", "active"),  # 100 days to the moment
    ],
)
def test_stages(person, stage):
    miner = months(idle=timedelta(days=100), responses=("Product Viewed",))
    assert scores(miner, as_read(miner, write(person)))["lifecycle_stage"].to_pylist() == [stage]


def test_moves_and_their_rates():
    miner = months(idle=timedelta(days=30), responses=("Product Viewed",))
    people = ["visit@0 order@5 order@80", "visit@0", "ticket@0", "ticket@40 visit@41"]
    table = run(miner, as_read(miner, write(*people))).tables["moves"].values
    assert table["came"].tolist() == [3, 1, 0, 0]
    assert table["responded"].tolist() == [2, 1, 0, 0]
    assert table["converted"].tolist() == [1, 0, 0, 0]
    assert table["lapsed"].tolist() == [0, 1, 0, 1]  # 5 + 30 days; 80 + 30 days
    assert table["won_back"].tolist() == [0, 0, 1, 0]
    assert table["prospect_start"].tolist() == [0, 1, 1, 1]
    assert table["responder_start"].tolist() == [0, 1, 2, 2]
    assert table["active_start"].tolist() == [0, 1, 0, 1]
    assert table["former_start"].tolist() == [0, 0, 1, 0]
    assert table["responded_rate"][:2].tolist() == pytest.approx([100 * 2 / 3, 50.0])
    assert table["won_back_rate"][2] == 100


def test_no_idle_time_is_refused():
    with pytest.raises(BadParameter):
        months(idle=timedelta(0))


@st.composite
def people(draw):
    event = st.sampled_from(["order", "visit", "ticket"])
    day = st.sampled_from([0, 0, 0.5, 30.999, 31, 31, 59, 60, 75, 90.5, 91, 120])
    one = st.lists(st.tuples(event, day), max_size=7)
    return [" ".join(f"{e}@{d}" for e, d in person) for person in draw(st.lists(one, min_size=1, max_size=5))]


@given(people(), st.sampled_from(["day", "week", "month", "quarter", "year"]), st.sampled_from(["gregorian", "jalali"]),
       st.sampled_from(["UTC", "Asia/Tehran", "Europe/Berlin"]), st.sampled_from([1, 14, 31, 60]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_counting_customer_by_customer(told, period, calendar, zone, idle):
    miner = Lifecycle(period=period, calendar=calendar, zone=zone, week_start=5, until=UNTIL,
                      idle=timedelta(days=idle), responses=("Product Viewed",))  # fmt: skip
    histories = as_read(miner, write(*told))
    report, found = run(miner, histories), scores(miner, histories)
    table = report.tables["periods"]
    when = table.values["period"]
    if len(when):
        wanted = slow.states(miner, histories, int(when[0]), int(when[-1]))
        for state in ("new", "returning", "resurrecting", "dormant"):
            for row, p in enumerate(when):
                customers = wanted.get((int(p), state), set())
                assert table.values[state][row] == len(customers)
                assert set(behind(found, table.opens[state][row]).tolist()) == customers
    stages = [slow.stage_at(miner, list(slow.events_of(histories, i)), miner.instant(UNTIL)) or "prospect"
              for i in range(len(histories))]  # fmt: skip
    assert found["lifecycle_stage"].to_pylist() == stages
    moves = report.tables["moves"].values
    for row, p in enumerate(moves["period"]):
        began = int(start(int(p), period, calendar, zone, 5))
        at = [slow.stage_at(miner, list(slow.events_of(histories, i)), began) for i in range(len(histories))]
        silent = sum(1 for i in range(len(histories)) if histories.offsets[i] == histories.offsets[i + 1])
        assert moves["prospect_start"][row] == at.count("prospect") + silent
        for stage in ("responder", "active", "former"):
            assert moves[f"{stage}_start"][row] == at.count(stage), (stage, row)


def test_nothing_lapses_where_there_is_no_day_to_look_from():
    miner = Lifecycle(zone="UTC", idle=timedelta(days=1))
    found = scores(miner, as_read(miner, write("order@0")))
    assert found["lifecycle_stage"].to_pylist() == ["active"]
    assert np.asarray(found["stage_since"])[0]
