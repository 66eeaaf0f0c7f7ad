"""Funnels by other rules: orders, exclusions, optional and first steps, breakdowns, time, entries."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter
from ganj.histories import DAY
from ganj.miners.funnel import Funnel
from reference import funnel as reference
from words import START, write


def funnel(*steps, days=7, **more):
    return Funnel(**{"steps": steps, "within": timedelta(days=days), "zone": "UTC", **more})


def deepest(miner, *people, **more):
    return scores(miner, as_read(miner, write(*people, **more)))["funnel_step"].to_pylist()


@pytest.mark.parametrize(
    ("person", "ordered", "strict", "unordered"),
    [
        ("a@0 b@1 c@2", 3, 3, 3),
        ("a@0 x@1 b@2 c@3", 3, 1, 3),
        ("a@0 x@1 a@2 b@3 c@4", 3, 3, 3),
        ("c@0 b@1 a@2", 1, 1, 3),
        ("c@0 b@1 a@8", 1, 1, 2),
        ("a@0 a@1 b@2", 2, 2, 2),
        ("b@0", 0, 0, 1),
        ("x@0", 0, 0, 0),
    ],
)
def test_the_order_of_the_steps(person, ordered, strict, unordered):
    for order, step in (("ordered", ordered), ("strict", strict), ("unordered", unordered)):
        assert deepest(funnel("a", "b", "c", order=order), person) == [step], order


@pytest.mark.parametrize(
    ("person", "between", "step"),
    [
        ("a@0 b@1 c@2", "", 3),
        ("a@0 x@1 b@2 c@3", "", 0),  # an excluded attempt takes the customer out of the whole funnel
        ("a@0 x@1 a@2 b@3 c@4", "", 3),  # a later attempt is clean
        ("a@0 x@1", "", 0),
        ("a@0 x@9", "", 1),  # its time was over
        ("a@0 b@1 x@2 c@3", "1-2", 3),
        ("a@0 b@1 x@2 c@3", "2-3", 0),
        ("a@0 b@1 c@2 x@3", "", 3),
    ],
)
def test_exclusions(person, between, step):
    miner = funnel("a", "b", "c", exclusions=("x",), between=(between,))
    assert deepest(miner, person) == [step]


def test_an_exclusion_ends_an_unordered_set():
    assert deepest(
        funnel("a", "b", order="unordered", exclusions=("x",)), "a@0 x@1 b@2", "b@0 a@1", "a@0 x@1"
    ) == [1, 2, 0]


def test_optional_steps():
    miner = funnel("a", "b", "c", optional=(2,))
    people = ["a@0 c@1", "a@0 b@1 c@2", "a@0 b@1", "c@0", "a@0 c@8"]
    histories = as_read(miner, write(*people))
    table = run(miner, histories).tables["steps"]
    assert list(table.values["customers"]) == [4, 2, 2]
    assert list(table.values["dropped"]) == [1, 1, 0]
    np.testing.assert_allclose(table.values["step_rate"], [100, 50, 50])
    assert [len(behind(scores(miner, histories), opens)) for opens in table.opens["customers"]] == [4, 2, 2]


def test_a_step_may_be_the_first_event_ever():
    people = ["a@-9 a@1 b@2", "a@1 b@2", "a@1[w=x] a@2[w=y] b@3"]
    since = {"since": date(2024, 1, 1)}
    assert deepest(funnel("a", "b", **since), *people) == [2, 2, 2]
    assert deepest(funnel("a", "b", first_ever=(1,), **since), *people) == [0, 2, 2]
    assert deepest(funnel("a[w = y]", "b", first_ever=(1,)), *people) == [0, 0, 0]
    assert deepest(funnel("a[w = y]", "b", first_matching=(1,)), *people) == [0, 0, 2]


def test_months_are_those_of_the_calendar():
    miner = funnel("a", "b", months=1)
    assert deepest(miner, "a@30 b@59", "a@30 b@59.01", "a@0 b@31", "a@0 b@31.01") == [
        2,
        1,
        2,
        1,
    ]  # 31 January


def test_mixpanel_follows_one_entry():
    hours = "a@0 a@0.0208 b@0.031 c@0.0521"  # 13:00, 13:30, 13:45, 14:15 with an hour's time
    more = {"within": timedelta(hours=1)}
    assert deepest(funnel("a", "b", "c", **more), hours) == [3]
    assert deepest(funnel("a", "b", "c", semantics="mixpanel", **more), hours) == [2]


def test_mixpanel_lets_an_exclusion_end_the_entry_and_keeps_what_it_reached():
    miner = funnel("a", "b", "c", semantics="mixpanel", exclusions=("x",))
    assert deepest(miner, "a@0 b@1 x@2 c@3", "a@0 x@1 a@2 b@3 c@4") == [2, 3]


def test_mixpanel_lets_two_seconds_be_in_either_order():
    second = 1 / 86_400
    people = [f"b@1 a@{1 + k * second:.9f} c@2" for k in (1, 2, 3)]
    assert deepest(funnel("a", "b", "c", semantics="mixpanel"), *people) == [3, 3, 1]
    assert deepest(funnel("a", "b", "c"), *people) == [1, 1, 1]


def test_amplitude_counts_an_unordered_window_in_whole_days():
    miner = funnel("a", "b", days=1.9, order="unordered", semantics="amplitude")
    assert deepest(miner, "b@0 a@1", "b@0 a@1.5") == [2, 1]


def groups(miner, *people, **more):
    histories = as_read(miner, write(*people, **more))
    table = run(miner, histories).tables["group_steps"]
    found = scores(miner, histories)
    for said, opens in zip(table.values["customers"], table.opens["customers"], strict=True):
        assert opens is None or len(behind(found, opens)) == said
    labels = [name for name, _ in table.columns[0].choices]
    counts = np.reshape(table.values["customers"], (len(labels), -1)).tolist()
    return dict(zip(labels, counts, strict=True))


PEOPLE = ("a@0[w=p] b@1[w=q]", "a@0[w=p] a@1[w=q] b@2[w=q]", "a@0 b@1[w=p]")


@pytest.mark.parametrize(
    ("attribution", "step", "counts"),
    [
        ("first", 1, {"p": [3, 3]}),
        ("last", 1, {"q": [2, 2], "p": [1, 1]}),
        ("all", 1, {"p": [2, 0], "q": [1, 1], "": [1, 0]}),
        ("step", 1, {"p": [2, 2], "q": [1, 1], "": [1, 1]}),
        ("step", 2, {"q": [2, 2], "p": [1, 1]}),
    ],
)
def test_which_value_breaks_down(attribution, step, counts):
    assert groups(funnel("a", "b", by="w", attribution=attribution, attribution_step=step), *PEOPLE) == counts


def test_small_groups_are_counted_together():
    people = ["a@0[w=p] b@1", "a@0[w=p]", "a@0[w=q] b@1", "a@0"]
    assert groups(funnel("a", "b", by="w", groups=1), *people) == {"p": [2, 1], "…": [2, 1]}


def test_two_properties_break_down_together():
    people = ["a@0[w=p,v=1] b@1", "a@0[w=p]", "a@0"]
    found = groups(funnel("a", "b", by="w", and_by=("v",)), *people)
    assert found == {"p · 1": [1, 1], "p · —": [1, 0], "": [1, 0]}


def test_time_to_convert():
    miner = funnel("a", "b", "c", from_step=1, to_step=2, bins=2)
    histories = as_read(miner, write("a@0 b@1", "a@0 b@1 c@2", "a@0 b@3", "a@0"))
    table = run(miner, histories).tables["times"]
    assert list(table.values["time"]) == [DAY, 2 * DAY, 3 * DAY]
    assert list(table.values["customers"]) == [2, 0, 1]
    assert [len(behind(scores(miner, histories), opens)) for opens in table.opens["customers"]] == [2, 0, 1]


def test_entries_of_each_period_are_followed_alone():
    miner = funnel("a", "b", days=20, trend="month")
    histories = as_read(miner, write("a@0 a@29 b@35", "a@5 b@6 a@40", "a@33 b@34"))
    table = run(miner, histories).tables["trend"]
    assert list(table.values["entered"]) == [2, 2]
    assert list(table.values["converted"]) == [2, 1]
    found = scores(miner, histories)
    for name in ("entered", "converted"):
        assert [len(behind(found, opens)) for opens in table.opens[name]] == list(table.values[name])


def test_any_step_is_an_entry_where_there_is_no_order():
    miner = funnel("a", "b", days=20, trend="month", order="unordered")
    table = run(miner, as_read(miner, write("b@0 a@1", "b@29 a@35", "a@0 a@40 b@41"))).tables["trend"]
    assert list(table.values["entered"]) == [3, 2]
    assert list(table.values["converted"]) == [2, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"optional": (1,)},
        {"optional": (3,)},
        {"optional": (2,), "order": "strict"},
        {"first_ever": (4,)},
        {"from_step": 3, "to_step": 2},
        {"exclusions": ("b",)},
        {"exclusions": ("x",), "between": ("3-4",)},
        {"exclusions": ("x",), "between": ("2-1",)},
        {"exclusions": ("x",), "between": ("1-2",), "order": "unordered"},
        {"semantics": "mixpanel", "order": "strict"},
        {"semantics": "amplitude", "order": "unordered", "days": 0.5},
    ],
)
def test_what_cannot_work_is_refused(wrong):
    with pytest.raises(BadParameter):
        funnel("a", "b", "c", **wrong)


EVENTS = st.lists(st.tuples(st.sampled_from("abcxy"), st.integers(0, 9)), max_size=9)
SELECTORS = {"a": "a", "b": "b", "c": "c", "any": "any"}


@st.composite
def asked(draw):
    steps = draw(st.lists(st.sampled_from(["a", "b", "c", "any"]), min_size=2, max_size=4))
    first = draw(st.integers(1, len(steps) - 1))
    last = draw(st.integers(first + 1, len(steps)))
    middle = range(2, len(steps))
    return {
        "steps": tuple(steps),
        "between": (first, last),
        "days": draw(st.integers(1, 9)),
        "optional": tuple(k for k in middle if draw(st.booleans())),
    }


def as_told(histories, steps, span):
    """Each customer's events as the slow reference takes them."""
    names = histories.names["event"]
    for lo, hi in zip(histories.offsets, histories.offsets[1:], strict=False):
        told = [names[code] for code in histories.event[lo:hi]]
        fits = [tuple(k + 1 for k, step in enumerate(steps) if step in (name, "any")) for name in told]
        bars = [tuple(range(span[0] + 1, span[1] + 1)) if name == "x" else () for name in told]
        yield histories.time[lo:hi].tolist(), fits, bars


@given(
    people=st.lists(EVENTS, min_size=1, max_size=4),
    told=asked(),
    kind=st.sampled_from(["", "optional", "strict"]),
)
@settings(max_examples=150, deadline=None)
def test_steps_with_exclusions_agree_with_the_slow_reference(people, told, kind):
    optional = told["optional"] if kind == "optional" else ()
    span = told["between"]
    miner = funnel(
        *told["steps"],
        days=told["days"],
        optional=optional,
        exclusions=("x",),
        between=(f"{span[0]}-{span[1]}",),
        order="strict" if kind == "strict" else "ordered",
    )
    whole = as_read(miner, write(*(" ".join(f"{e}@{d}" for e, d in person) for person in people)))
    found = scores(miner, whole)
    told_steps = [
        reference.walked(
            *one, told["days"] * DAY, strict=kind == "strict", optional=optional, steps=len(told["steps"])
        )
        for one in as_told(whole, told["steps"], span)
    ]
    assert found["funnel_step"].to_pylist() == [depth for depth, _ in told_steps]
    assert found["funnel_taken"].to_pylist() == [sorted(times) for _, times in told_steps]


@given(people=st.lists(EVENTS, min_size=1, max_size=4), told=asked())
@settings(max_examples=100, deadline=None)
def test_unordered_and_single_entries_agree_with_the_slow_references(people, told):
    written = write(*(" ".join(f"{e}@{d}" for e, d in person) for person in people))
    free = funnel(*told["steps"], days=told["days"], order="unordered", exclusions=("x",))
    one = funnel(*told["steps"], days=told["days"], semantics="mixpanel", exclusions=("x",))
    apart = as_read(free, written)
    expected = [
        reference.together(*each, told["days"] * DAY, len(told["steps"]))
        for each in as_told(apart, told["steps"], (1, len(told["steps"])))
    ]
    assert scores(free, apart)["funnel_step"].to_pylist() == expected
    spread = as_read(one, written)
    spread.columns["time"][:] += np.arange(len(spread.time)) * 60_000_000  # beyond the two seconds' grace
    expected = [
        reference.followed(*each, told["days"] * DAY, len(told["steps"]))
        for each in as_told(spread, told["steps"], (1, len(told["steps"])))
    ]
    assert scores(one, spread)["funnel_step"].to_pylist() == expected


@given(people=st.lists(EVENTS, min_size=1, max_size=3), told=asked(), bars=st.sampled_from([(), ("x",)]))
@settings(max_examples=150, deadline=None)
def test_entries_without_an_order_agree_with_the_slow_reference(people, told, bars):
    steps, within = told["steps"], told["days"]
    miner = funnel(*steps, days=within, order="unordered", exclusions=bars, trend="day")
    histories = as_read(miner, write(*(" ".join(f"{e}@{d}" for e, d in person) for person in people)))
    found = scores(miner, histories)
    entered, converted = [], []
    for times, fits, excluding in as_told(histories, steps, (1, len(steps))):
        given = times, fits, excluding if bars else [()] * len(times), within * DAY, len(steps)
        days = sorted({time // DAY for time in times})
        depths = [reference.together(*given, lambda start, day=day: start // DAY == day) for day in days]
        entered.append([day for day, depth in zip(days, depths, strict=True) if depth])
        converted.append([day for day, depth in zip(days, depths, strict=True) if depth == len(steps)])
    assert found["funnel_entered"].to_pylist() == entered
    assert found["funnel_converted"].to_pylist() == converted


@given(people=st.lists(EVENTS, min_size=1, max_size=4), told=asked())
@settings(max_examples=60, deadline=None)
def test_the_quick_walk_is_the_careful_walk(people, told):
    """An exclusion that never happens sends the same funnel through the careful walk."""
    quick = funnel(*told["steps"], days=told["days"])
    careful = funnel(*told["steps"], days=told["days"], exclusions=("never",))
    written = write(*(" ".join(f"{e}@{d}" for e, d in person) for person in people))
    one, other = (scores(miner, as_read(miner, written)) for miner in (quick, careful))
    assert one.equals(other)


def test_summer_time_does_not_move_a_day_of_a_month():
    """A month from 10 March noon in New York is 10 April noon there, an hour less in between."""
    noon = datetime(2024, 3, 10, 16, tzinfo=UTC).timestamp()
    first = (noon - START / 1e6) / 86_400 - 31 + 1 / 24  # 8 February 12:00 EST
    miner = funnel("a", "b", months=2, zone="America/New_York")
    edge = first + 60 - 1 / 24  # 8 April 12:00 EDT
    assert deepest(miner, f"a@{first:.6f} b@{edge - 0.001:.6f}", f"a@{first:.6f} b@{edge + 0.01:.6f}") == [
        2,
        1,
    ]
