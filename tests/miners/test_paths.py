"""Where customers go, step by step."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter
from ganj.miners.paths import Paths
from ganj.sequences import OTHERS, Named, replaced
from ganj.sketches import Tally
from reference import paths as slow
from words import write

MINUTE = 1 / 1440


def asked(**more):
    return Paths(zone="UTC", **{"until": date(2024, 5, 1), "gap": timedelta(days=1), **more})


def told(miner, *people, table="edges"):
    values = run(miner, as_read(miner, write(*people))).tables[table]
    return [
        tuple(row) for row in zip(*(_words(c, values.values[c.name]) for c in values.columns), strict=True)
    ]


def _words(column, values):
    return [column.choices[v][0] for v in values] if column.choices else list(values)


def moves(miner, *people):
    return [(source, target, times) for source, target, times, *_ in told(miner, *people)]


@pytest.mark.parametrize(
    ("person", "more", "edges"),
    [
        ("a@0 b@0.1 c@0.2", {}, [("1_a", "2_b", 1), ("2_b", "3_c", 1)]),
        ("a@0 a@0.1 b@0.2", {}, [("1_a", "2_b", 1)]),  # equal steps in a row are one
        ("a@0 a@0.1 b@0.2", {"collapse": False}, [("1_a", "2_a", 1), ("2_a", "3_b", 1)]),
        ("a@0 b@1", {}, []),  # a day apart is another session
        ("a@0 b@0.99999", {}, [("1_a", "2_b", 1)]),
        ("a@0 b@0.1 c@0.2", {"start": "b"}, [("1_b", "2_c", 1)]),
        ("a@0 b@0.1 c@0.2", {"end": "b"}, [("1_a", "2_b", 1)]),
        ("a@0 b@0.1 c@0.2 d@0.3", {"end": "d", "steps": 2}, [("1_c", "2_d", 1)]),  # the last steps
        (
            "a@0 b@0.1 c@0.2 d@0.3",
            {"start": "a", "end": "d", "steps": 3},
            [("1_a", "2_…", 1), ("2_…", "3_d", 1)],
        ),
        ("a@0 b@0.1 c@0.2", {"start": "x"}, []),
        ("a@0 b@0.1 a@0.2", {"top": 1}, [("1_a", "2_b", 1)]),
    ],
)
def test_edges(person, more, edges):
    assert moves(asked(**more), person) == edges


def test_an_edge_that_nothing_leads_to_is_not_shown():
    people = ["a@0 b@0.1 c@0.2", "d@0 b@0.1 c@0.2"]
    assert moves(asked(top=1), *people) == []  # b to c is the strongest, and a to b is not shown


def test_time_is_of_the_last_of_a_run():
    rows = told(asked(), "a@0 a@0.25 b@0.5")
    assert rows[0][-1] == 0.25 * 86_400e6


def test_steps_are_named_by_properties_and_grouped():
    miner = asked(named_by=("path",), groups=("/p/*", "Home = /"))
    people = ["page@0[path=/] page@0.1[path=/p/1] page@0.2[path=/p/2/] call@0.3"]
    assert moves(miner, *people) == [("1_Home", "2_/p/*", 1), ("2_/p/*", "3_call", 1)]
    assert moves(asked(named_by=("path",)), "page@0[path=/a/] page@0.1[path=/a]") == []  # one page


def test_the_first_group_that_fits_whole():
    assert replaced(["/a.b", "/axb", "/a/b/c"], ["/a.b", "Deep = /a/*/c", "/a*"]) == ["/a.b", "/a*", "Deep"]


def test_loops_and_drops():
    person = "a@0 b@0.1 a@0.2 a@0.3"
    assert told(asked(), person, table="loops") == [("a", "—", 1, 1), ("a", "b", 1, 1)]
    steps = told(asked(), person, "a@0", table="steps")
    assert [(row[1], row[4]) for row in steps] == [("1_a", 1), ("2_b", 0), ("3_a", 1)]


def test_three_steps_at_a_place_and_the_others_together():
    people = [f"a@0 {step}@0.1" for step in ("b", "b", "c", "c", "d", "d", "e", "f")] + ["a@0"]
    rows = told(asked(semantics="mixpanel", start="a", after=2), *people)
    assert [(row[0], row[1], row[2], row[3]) for row in rows][:5] == [
        ("0_a", "1_b", 2, 2),
        ("0_a", "1_c", 2, 2),
        ("0_a", "1_d", 2, 2),
        ("0_a", "1_~others", 2, 2),
        ("0_a", "1_~drop", 1, 1),
    ]


@pytest.mark.parametrize(
    "wrong", [{"gap": timedelta(0)}, {"start": "a", "end": "a"}, {"within": timedelta(0)}]
)
def test_what_cannot_be_asked(wrong):
    with pytest.raises(BadParameter):
        asked(**wrong)


def test_a_step_that_is_not_there_is_told_with_the_nearest():
    miner = asked(start="pricing")
    report = run(miner, as_read(miner, write("Pricing@0 b@0.1")))
    assert report.findings[0].evidence["near"].startswith("Pricing")


def test_beyond_the_limit_sums_are_joined_and_totals_stay():
    def part(*counts):
        keys = np.array([[n] for n in range(len(counts))])
        return Named(
            tuple("abcdef"[: len(counts)]),
            {"t": Tally.of(keys, np.array([[c] for c in counts]))},
            {"t": 0},
            most=2,
        )

    whole = part(5, 4, 1) + part(1, 1, 1, 3)
    assert whole.tallies["t"].values.sum() == 16
    assert whole.tallies["t"].rows()[(OTHERS,)][0] == 16 - 6 - 5
    assert whole.slack == {"t": 3.0}


@st.composite
def people(draw):
    step = st.sampled_from(["a", "b", "c", "d"])
    moment = st.sampled_from([0, 0, 1, 1, 5, 29, 30, 31, 60, 90, 1440])
    one = st.lists(st.tuples(step, moment), max_size=9)
    return [
        " ".join(f"{e}@{m * MINUTE:.9f}" for e, m in person)
        for person in draw(st.lists(one, min_size=1, max_size=5))
    ]


@given(people(), st.sampled_from(["", "a"]), st.sampled_from(["", "c"]), st.booleans(), st.integers(2, 6))
@settings(max_examples=80, deadline=None)
def test_it_agrees_with_walking_step_by_step(said, start, end, collapse, steps):
    miner = asked(gap=timedelta(minutes=30), start=start, end=end, collapse=collapse, steps=steps, top=500)
    histories = as_read(miner, write(*said))
    report, found = run(miner, histories), scores(miner, histories)
    walked = slow.paths(miner, histories)
    _same(report.tables["edges"], found, "edges_taken", slow.edges(walked))
    _same(report.tables["loops"], found, "loops_made", slow.loops(miner, histories))
    _same(
        report.tables["steps"],
        found,
        "dropped_at",
        slow.drops(miner, walked),
        counts="dropped",
        opens="stopped",
    )


def _same(table, found, score, wanted, counts="times", opens="customers"):
    seen = {}
    for row, where in enumerate(table.opens[opens]):
        assert where[0].column == score
        if table.values[counts][row]:
            seen[where[0].value] = table.values[counts][row], set(behind(found, where).tolist())
    assert seen == wanted


@given(people(), st.booleans(), st.booleans(), st.integers(0, 3), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_flows_agree_with_walking_from_each_anchor(said, every, collapse, before, after):
    after = after or int(not before)  # around an anchor there is something
    miner = asked(semantics="mixpanel", start="a", every=every, collapse=collapse, before=before, after=after,
                  within=timedelta(minutes=30))  # fmt: skip
    histories = as_read(miner, write(*said))
    flows = slow.flows(miner, histories)
    wanted = {}
    for _, near in flows:
        for place, step in near:
            wanted[f"{place}_{step}"] = wanted.get(f"{place}_{step}", 0) + 1
    table = run(miner, histories).tables["steps"]
    choices = table.columns[1].choices
    assert {
        choices[s][0]: n for s, n in zip(table.values["step"], table.values["times"], strict=True)
    } == wanted
