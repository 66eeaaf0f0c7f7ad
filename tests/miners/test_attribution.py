"""Which channels lead to conversions."""

import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.csv as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, learn, run, scores
from ganj.errors import BadParameter
from ganj.kernels.attribution import Paths
from ganj.miners.attribution import Attribution
from reference import attribution as slow
from words import write

FILE = Path(__file__).parents[3] / "shared/data/attribution/PathData.csv.gz"
RULES = ("first", "last", "linear", "position", "decay", "shapley", "markov")


def asked(**more):
    return Attribution(zone="UTC", **{"until": date(2025, 5, 1), **more})


def credit(report, rule):
    table = report.tables["channels"]
    return dict(zip(_names(table), table.values[rule].tolist(), strict=True))


def _names(table):
    return [table.columns[0].choices[code][0] for code in table.values["channel"]]


def mined(miner, *people, **more):
    return run(miner, as_read(miner, write(*people, **more)))


@pytest.mark.parametrize(
    ("person", "rule", "shares"),
    [
        ("a@0[channel=sms] a@1[channel=ad] order@2", "first", {"sms": 1, "ad": 0}),
        ("a@0[channel=sms] a@1[channel=ad] order@2", "last", {"sms": 0, "ad": 1}),
        ("a@0[channel=sms] a@1[channel=ad] order@2", "position", {"sms": 0.5, "ad": 0.5}),
        ("a@0[channel=x] a@1[channel=y] a@2[channel=z] order@3", "position", {"x": 0.4, "y": 0.2, "z": 0.4}),
        (
            "a@0[channel=sms] a@7[channel=ad] order@7",
            "decay",
            {"sms": 1 / 3, "ad": 2 / 3},
        ),  # a half-life apart
        ("a@0[channel=ad] a@1[channel=ad] a@2[channel=sms] order@3", "linear", {"ad": 2 / 3, "sms": 1 / 3}),
        ("a@0[channel=ad] a@1[channel=ad] a@2[channel=sms] order@3", "shapley", {"ad": 0.5, "sms": 0.5}),
        ("a@0[channel=old] a@31[channel=ad] order@31.5", "first", {"old": 0, "ad": 1}),  # too long ago
        ("a@0[channel=old] order@30", "first", {"old": 1}),  # the last moment counts
        ("a@0[channel=ad] order@1 order@2", "linear", {"ad": 1}),  # the second order has no touch
        ("a@0[channel=ad] order@1[channel=shop]", "linear", {"ad": 1}),  # a conversion is no touch
        ("order@0 a@0[channel=ad]", "linear", {"ad": 0}),  # of one moment, in the order they stand
    ],
)
def test_shares(person, rule, shares):
    assert credit(mined(asked(), person), rule) == pytest.approx(shares)


def test_value_and_cost():
    report = mined(
        asked(model="linear"), "a@0[channel=ad] a@1[channel=sms] order@2=100",
        nobody="Cost_Recorded@0=40[channel=ad] Cost_Recorded@9=10[channel=tv] order@3=7",
    )  # fmt: skip
    table = report.tables["channels"].values
    assert table["value"].tolist() == [50, 50, 0]
    np.testing.assert_array_equal(table["cost"], [40, np.nan, 10])
    np.testing.assert_array_equal(table["cpa"], [80, np.nan, np.nan])
    np.testing.assert_array_equal(table["roas"], [1.25, np.nan, 0])


def test_customers_by_what_became_of_them():
    miner = asked()
    people = ["a@0[channel=ad] order@1", "order@1", "a@0[channel=ad]", "a@0"]
    assert mined(miner, *people).tables["customers"].values["customers"].tolist() == [1, 1, 1, 1]
    found = scores(miner, as_read(miner, write(*people)))
    assert found["first_channel"].to_pylist() == ["ad", None, "ad", None]


@pytest.mark.parametrize("wrong", [{"lookback": timedelta(0)}, {"first_share": 0.7, "last_share": 0.4}])
def test_what_cannot_be_asked(wrong):
    with pytest.raises(BadParameter):
        asked(**wrong)


def aggregated(rows):
    """Paths of a file: channels, conversions, value, paths without."""
    labels = tuple(sorted({one for path, *_ in rows for one in path}))
    place = {label: code for code, label in enumerate(labels)}
    ends = np.concatenate(([0], np.cumsum([len(path) for path, *_ in rows])))
    channel = np.array([place[one] for path, *_ in rows for one in path], np.int64)
    weights = (np.array([row[at] for row in rows], float) for at in (1, 2, 3))
    return Paths(ends, channel, np.zeros(len(channel)), *weights), labels


@pytest.mark.skipif(not FILE.exists(), reason="the real file is not here")
def test_published_numbers():
    """The sample of ChannelAttribution (R): 10,000 paths, 19,785 conversions, 68,602 without."""
    columns = pc.read_csv(FILE).to_pydict().values()
    rows = [(path.split(" > "), *more) for path, *more in zip(*columns, strict=True)]
    miner = asked()
    model = miner.fold(*aggregated(rows))
    report = miner.report(model)
    assert model.totals.tolist() == pytest.approx([19785, 74802.9716, 0, 0, 68602])
    first, last, linear = (credit(report, rule) for rule in ("first", "last", "linear"))
    assert (first["alpha"], first["iota"], first["eta"]) == (6308, 4606, 3164)
    assert (last["alpha"], last["iota"], last["eta"]) == (8447, 3355, 4167)
    exact = {
        "alpha": 7574.718594, "iota": 3857.096221, "eta": 3539.951157, "beta": 2083.500145, "theta": 1022.801394,
        "lambda": 1035.257572, "kappa": 137.964078, "zeta": 136.55154, "epsilon": 272.170438, "gamma": 121.041639,
        "delta": 1.725, "mi": 2.222222,
    }  # fmt: skip
    assert linear == pytest.approx(exact, abs=1e-6)
    markov = {
        "alpha": 5344.95, "iota": 3884.61, "eta": 3340.85, "beta": 2527.35, "theta": 1971.91, "lambda": 1282.85,
        "epsilon": 599.57, "zeta": 381.06, "kappa": 274.36, "gamma": 171.15, "delta": 4.61, "mi": 1.72,
    }  # fmt: skip
    assert credit(report, "markov") == pytest.approx(markov, abs=0.005)
    assert sum(credit(report, "shapley").values()) == pytest.approx(19785)
    second = asked(order=2)
    assert sum(credit(second.report(second.fold(*aggregated(rows))), "markov").values()) == pytest.approx(
        19785
    )


@st.composite
def path_rows(draw):
    channel = st.sampled_from(["a", "b", "c", "d"])
    path = st.lists(channel, min_size=1, max_size=5)
    row = st.tuples(path, st.integers(0, 3), st.sampled_from([0.0, 5.0]), st.integers(0, 3))
    return draw(st.lists(row, min_size=1, max_size=6))


@given(path_rows(), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_shapley_and_removal_agree_with_going_through_all(rows, order):
    miner = asked(order=order)
    report = miner.report(miner.fold(*aggregated(rows)))
    counts = {}
    for path, won, *_ in rows:
        counts[frozenset(path)] = counts.get(frozenset(path), 0) + won
    assert credit(report, "shapley") == pytest.approx(slow.shapley(counts), abs=1e-9)
    told = [(path, won, lost) for path, won, _, lost in rows if won + lost]
    if not sum(won for _, won, _ in told):
        return
    base = slow.chance(told, order)
    effect = {c: 1 - slow.chance(told, order, c) / base for c in credit(report, "markov")}
    total = sum(won for _, won, _ in told)
    wanted = {c: total * one / sum(effect.values()) for c, one in effect.items()}
    assert credit(report, "markov") == pytest.approx(wanted, abs=1e-6)


@st.composite
def people(draw):
    event = st.sampled_from(["a@{}[channel=x]", "a@{}[channel=y]", "b@{}[channel=z]", "order@{}=10", "a@{}"])
    one = st.lists(st.tuples(event, st.sampled_from([0, 0, 1, 5, 6, 10, 11, 20])), max_size=8)
    persons = draw(st.lists(one, min_size=1, max_size=4))
    return [" ".join(event.format(day) for event, day in person) for person in persons]


@given(people())
@settings(max_examples=60, deadline=None)
def test_rules_agree_with_sharing_path_by_path(said):
    miner = asked(lookback=timedelta(days=10))
    histories = as_read(miner, write(*said))
    channel = histories.columns.get("channel", np.full(len(histories.time), -1))
    names = (*histories.names.get("channel", ()), None)
    wanted = {rule: {} for rule in ("first", "last", "linear", "position", "decay")}
    for i in range(len(histories)):
        events = [(int(histories.time[j]), names[channel[j]], histories.names["event"][histories.event[j]])
                  for j in range(*histories.offsets[i : i + 2])]  # fmt: skip
        for path, won in slow.paths(
            events, lambda e: e[1], lambda e: e[2] == "Order Completed", 10 * 86_400_000_000
        ):
            if won and path:
                told = slow.rules([e[1] for e in path], [won[0] - e[0] for e in path])
                for rule, shares in told.items():
                    for one, share in shares.items():
                        wanted[rule][one] = wanted[rule].get(one, 0) + share
    report = run(miner, histories)
    for rule, shares in wanted.items():
        found = {one: share for one, share in credit(report, rule).items() if share}
        assert found == pytest.approx({one: share for one, share in shares.items() if share}), rule


# ---- how sure a credit is


def word(number):
    """Scatter 64 bits: SplitMix64, with whole numbers that have no end."""
    number &= 2**64 - 1
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB % 2**64
    return number ^ (number >> 31)


def times_drawn(customer, replicate, seed):
    """Poisson(1) by inversion."""
    step = 0x9E3779B97F4A7C15
    base = word(customer * step + word(seed + step))
    chance, k, below = (word(base + (replicate + 1) * step) >> 11) / 2**53, 0, math.exp(-1)
    while chance >= below and k < 12:
        k += 1
        below += math.exp(-1) / math.factorial(k)
    return k


@given(people(), st.sampled_from(RULES), st.integers(1, 2), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_a_draw_is_the_credit_of_customers_that_come_as_often_as_they_are_drawn(said, rule, order, seed):
    miner = asked(model=rule, order=order, replicates=20, seed=seed)
    histories = as_read(miner, write(*said))
    model = learn(miner, histories)
    names = sorted({name for name, one in credit(miner.report(model), rule).items() if name != "~others"})
    found = model.draws.credits(rule, {name: row for row, name in enumerate(names)}, len(names))
    for replicate in (0, 7, 19):
        often = [times_drawn(int(who), replicate, seed) for who in histories.customer]
        copies = [text for text, k in zip(said, often, strict=True) for _ in range(k)]
        if not copies or not names:
            continue
        wanted = credit(mined(asked(model=rule, order=order, replicates=0), *copies), rule)
        assert found is not None
        assert found[0, :, replicate] == pytest.approx([wanted.get(name, 0) for name in names], abs=1e-9)


def test_intervals_are_those_of_chance():
    """400 customers, one conversion each, half by each channel: about 200 ± 1.96 √200 by the rules of paths."""
    persons = [f"a@0[channel={'ad' if k % 2 else 'sms'}] order@1=10" for k in range(400)]
    report = mined(asked(model="last", replicates=1000), *persons, nobody="Cost_Recorded@0=500[channel=ad]")
    table = report.tables["channels"].values
    assert table["last"].tolist() == [200, 200]
    assert 200 - np.array(table["low"]) == pytest.approx([27.7, 27.7], abs=4)
    assert np.array(table["high"]) - 200 == pytest.approx([27.7, 27.7], abs=4)
    assert table["roi"][0] == 300
    assert table["roi_low"][0] == pytest.approx(100 * (table["low"][0] * 10 / 500 - 1))
    assert np.isnan(table["roi_low"][1])
    assert report.charts[0].options == {"low": "low", "high": "high"}
    assert report.charts[1].y == ("roi",)


def test_draws_do_not_depend_on_how_customers_are_parted():
    persons = [f"a@{k % 5}[channel=c{k % 3}] b@{k % 7}[channel=c{k % 2}] order@8={k}" for k in range(30)]
    for rule in ("markov", "linear"):
        miner = asked(model=rule)
        whole = as_read(miner, write(*persons))
        parts = [whole.part(0, 7), whole.part(7, 8), whole.part(8, 30)]
        low, high = (run(miner, *parts).tables["channels"].values[end] for end in ("low", "high"))
        again = run(miner, whole).tables["channels"].values
        assert low == pytest.approx(again["low"])
        assert high == pytest.approx(again["high"])
        assert (low <= again[rule]).all()
        assert (high >= again[rule]).all()


def test_too_few_draws_tell_no_interval():
    report = mined(asked(replicates=5), "a@0[channel=ad] order@1")
    assert np.isnan(report.tables["channels"].values["low"]).all()
    assert not report.charts[0].options
