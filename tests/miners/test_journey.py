"""How cases run, where they wait, what is done again."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, learn, run, scores
from ganj.histories import DAY, Histories
from ganj.miners.journey import Journey
from reference import journey as slow
from words import write

FILE = Path(__file__).parents[3] / "shared/data/eventlogs/bpic2012_events.parquet"


def asked(**more):
    return Journey(zone="UTC", **{"until": date(2025, 1, 1), **more})


def table(report, name):
    sheet = report.tables[name]
    columns = [
        [c.choices[v][1].en if name == "variants" else c.choices[v][0] for v in sheet.values[c.name]]
        if c.choices
        else list(sheet.values[c.name])
        for c in sheet.columns
    ]
    return {
        row[0]: dict(zip((c.name for c in sheet.columns), row, strict=True))
        for row in zip(*columns, strict=True)
    }


def test_a_process():
    miner = asked()
    report = run(miner, as_read(miner, write("a@0 b@1 c@3", "a@0 b@2 b@3 c@4", "a@0 b@1 c@2")))
    told = table(report, "variants")
    assert [(name, row["cases"]) for name, row in told.items()] == [("a › b › c", 2), ("a › b › b › c", 1)]
    assert told["a › b › c"]["mean_time"] == 2.5 * DAY
    b = table(report, "activities")["b"]
    assert (b["times"], b["cases"], b["again"], b["starts"]) == (4, 3, 1, 0)
    sheet = report.tables["follows"].values
    assert sheet["spent"].sum() == pytest.approx(100)
    whole = report.tables["cases"].values
    assert (whole["cases"][0], whole["variants"][0], whole["median_time"][0] / DAY) == (3, 2, 3)


def test_cases_of_a_customer():
    miner = asked(case="deal")
    people = ["a@0[deal=1] a@1[deal=2] b@2[deal=1] c@3[deal=2] x@4", "a@0[deal=1] c@9[deal=1]"]
    report = run(miner, as_read(miner, write(*people)))
    told = table(report, "variants")
    assert {name: (row["cases"], row["customers"]) for name, row in told.items()} == {
        "a › b": (1, 1),
        "a › c": (2, 2),
    }


def test_the_event_log():
    miner = asked(case="deal")
    histories = as_read(miner, write("a@0[deal=1] a@1[deal=2] b@2[deal=1]"))
    log = miner.rows(histories, learn(miner, histories)).to_pydict()
    assert (log["case"], log["activity"]) == (["1", "1", "2"], ["a", "b", "a"])


@pytest.mark.skipif(not FILE.exists(), reason="the real file is not here")
def test_loan_applications_of_2012():
    """BPI Challenge 2012: 13,087 applications at a Dutch bank."""
    log = pq.read_table(FILE).to_pandas()
    log = log.assign(when=log["time:timestamp"].astype("int64"), at=range(len(log)))
    log = log.sort_values(["case", "when", "at"])
    cases, sizes = np.unique(log["case"], return_counts=True)
    names, event = np.unique(log["concept:name"], return_inverse=True)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    columns = {"time": log["when"].to_numpy(), "event": event.astype(np.int32)}
    histories = Histories(np.arange(len(cases), dtype=np.int32), ends, columns, names={"event": tuple(names)})
    miner = asked()
    report = run(miner, histories.part(0, 5000), histories.part(5000, len(cases)))
    told = {name: row["cases"] for name, row in table(report, "activities").items()}
    assert told["A_SUBMITTED"] == 13_087
    assert told["A_APPROVED"] == told["A_REGISTERED"] == told["A_ACTIVATED"] == 2_246
    assert (told["A_CANCELLED"], told["A_DECLINED"]) == (2_807, 7_635)
    whole = report.tables["cases"].values
    assert whole["median_time"][0] / DAY == pytest.approx(0.809, abs=0.0005)
    assert whole["mean_time"][0] / DAY == pytest.approx(8.624, abs=0.0005)
    assert whole["events"][0] == len(log) == 262_200
    assert len(behind(scores(miner, histories), report.tables["activities"].opens["customers"][0])) == 13_087


@st.composite
def people(draw):
    step = st.sampled_from(["a@{}[deal=1]", "a@{}[deal=2]", "b@{}[deal=1]", "b@{}[deal=2]", "c@{}"])
    one = st.lists(st.tuples(step, st.sampled_from([0, 0, 1, 1, 2.5, 7, 40])), max_size=8)
    persons = draw(st.lists(one, min_size=1, max_size=5))
    return [" ".join(step.format(day) for step, day in person) for person in persons]


@given(people(), st.sampled_from(["", "deal"]))
@settings(max_examples=80, deadline=None)
def test_it_agrees_with_going_case_by_case(said, case):
    miner = asked(case=case)
    histories = as_read(miner, write(*said))
    report, found = run(miner, histories), scores(miner, histories)
    cases = slow.cases(miner, histories)
    told = table(report, "variants")
    wanted = slow.variants(cases)
    assert {name: row["cases"] for name, row in told.items()} == {
        " › ".join(p): len(c) for p, c in wanted.items()
    }
    follows = slow.follows(cases)
    sheet = report.tables["follows"]
    labels = [name for name, _ in sheet.columns[0].choices]
    pairs = [
        (labels[a], labels[b]) for a, b in zip(sheet.values["source"], sheet.values["target"], strict=True)
    ]
    assert set(pairs) == set(follows)
    for row, pair in enumerate(pairs):
        rows = follows[pair]
        assert sheet.values["times"][row] == len(rows)
        assert sheet.values["cases"][row] == len({one[:2] for one in rows})
        assert set(behind(found, sheet.opens["customers"][row]).tolist()) == {one[0] for one in rows}
        waits = [one[2] for one in rows]
        assert sheet.values["mean_time"][row] == pytest.approx(np.mean(waits))
        assert sheet.values["median_time"][row] == pytest.approx(slow.median(waits), rel=0.008)
    again = slow.again(cases)
    for name, row in table(report, "activities").items():
        assert row["again"] == len(again.get(name, ()))
        assert row["redone"] == len({customer for customer, _ in again.get(name, ())})
