"""Churn, response and value: nothing after a cut-off is known before it, planted truth is found, cells open whom they count."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter, UnknownName
from ganj.histories import DAY, Histories
from ganj.miners.churn import Churn
from ganj.miners.response import Response
from ganj.miners.value import Value
from ganj.models.learning.measures import auc
from ganj.simulate import shop
from ganj.simulate.buying import PLACED
from ganj.views.answers import NotANumber, NotYesOrNo
from stored import workspace
from words import DAY_ZERO, START, write

UNTIL = DAY_ZERO + timedelta(days=400)
PLAIN = {"until": UNTIL, "zone": "UTC", "horizon": timedelta(days=60), "learner": "logistic"}


def person(rng):
    """One who buys with a rhythm of their own and may stop at a moment of which the last visits tell."""
    gap = rng.uniform(5, 25)
    stops = rng.uniform(60, 380) if rng.random() < 0.5 else 400
    at, told = rng.uniform(0, 40), []
    while at < stops:
        told.append(
            f"order@{at:.2f}={rng.gamma(4, 10):.0f}[channel={'app' if rng.random() < 0.7 else 'site'}]"
        )
        at += 0.3 + rng.gamma(4, gap / 4)
    if stops < 400:
        told.append(f"ticket@{stops:.2f}")
    return " ".join(told or ["visit@1"])


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(3)
    return write(*(person(rng) for _ in range(500)))


event = st.tuples(st.sampled_from(["order", "visit", "ticket"]), st.integers(0, 399), st.integers(1, 99))


@given(st.lists(event, max_size=12), st.lists(event, max_size=12), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_what_comes_after_a_cut_off_changes_nothing_known_at_it(before, after, moment):
    miner = Churn(**PLAIN)
    cut = miner.moments()[moment]
    day = (cut - START) // DAY
    told = [" ".join(f"{name}@{at * day / 400:.3f}={amount}" for name, at, amount in before)]
    later = " ".join(f"{name}@{day + at * (400 - day) / 400:.3f}={amount}" for name, at, amount in after)
    kinds = "order@399.99=1 visit@399.99 ticket@399.99"  # the names of events are the store's
    one, other = (as_read(miner, write(words, kinds)) for words in (*told, f"{told[0]} {later}"))
    figures = [miner.measured(histories, [cut])[1] for histories in (one, other)]
    np.testing.assert_array_equal(*figures)


def slow(times, amounts, cut):
    """What is known of a customer who only orders, as one would write it on paper; times in days."""
    known = [(t, a) for t, a in zip(times, amounts, strict=True) if t < cut]
    days = sorted({int(t) for t, _ in known})
    gaps = np.diff(days)
    return {
        "silence": cut - max(t for t, _ in known) if known else np.nan,
        "purchases": len(days),
        "purchases_90": len({int(t) for t, _ in known if t >= cut - 90}),
        "gap": gaps.mean() if len(gaps) else np.nan,
        "unevenness": gaps.std() / gaps.mean() if len(gaps) else np.nan,
        "last_gap": gaps[-1] if len(gaps) else np.nan,
        "money_all": sum(a for _, a in known),
        "money_30": sum(a for t, a in known if t >= cut - 30),
        "money_365": sum(a for t, a in known if t >= cut - 365),
        "events": len(known),
    }


@given(st.lists(st.tuples(st.integers(0, 3990), st.integers(1, 50)), max_size=10), st.integers(50, 400))
@settings(max_examples=25, deadline=None)
def test_features_are_what_one_would_write_on_paper(orders, cut):
    orders = sorted(dict(orders).items())
    times, amounts = [at / 10 + 0.05 for at, _ in orders], [amount for _, amount in orders]
    miner = Churn(**PLAIN)
    words = " ".join(f"order@{t:.3f}={a}" for t, a in zip(times, amounts, strict=True))
    names, told = miner.measured(as_read(miner, write(words, "order@1=1")), [START + cut * DAY])
    found = dict(zip(names, told[0, 0].tolist(), strict=True))
    for name, value in slow(times, amounts, cut).items():
        assert found[name] == pytest.approx(value, rel=1e-5, nan_ok=True), name


@pytest.mark.parametrize(
    "miner",
    [Churn(**PLAIN, cost=5.0), Churn(**PLAIN, label="ticket"), Response(**PLAIN, cost=5.0), Value(**PLAIN)],
    ids=["own rhythm", "by event", "response", "value"],
)
def test_every_cell_opens_as_many_customers_as_it_says_and_parts_do_not_matter(people, miner):
    read = as_read(miner, people)
    parts = (read.part(300, 500), read.part(0, 300))
    report, found = run(miner, *parts), scores(miner, *parts)
    assert "models" in report.tables, report.findings
    for name, table in report.tables.items():
        for column, opens in table.opens.items():
            for said, where in zip(table.values[column], opens, strict=True):
                assert where is None or len(behind(found, where)) == said, (name, column, where)
    assert found.equals(scores(miner, read))


def test_who_leaves_is_told_from_who_stays(people):
    miner = Churn(**PLAIN)
    table = run(miner, as_read(miner, people)).tables["models"].values
    best, prior = (table["auc"][row] for row in (0, -1))
    assert best > 0.75
    assert prior == 0.5
    assert table["auc_low"][0] < best < table["auc_high"][0]


def test_limits_hold_as_often_as_they_say(people):
    miner = Value(**PLAIN, level="80")
    report = run(miner, as_read(miner, people))
    assert abs(report.tables["summary"].values["covered"][0] - 80) < 8
    errors = report.tables["models"].values["rmse"]
    assert errors[0] < errors[-1]  # than the mean for everyone


def test_a_threshold_by_value_takes_whom_it_pays_to_contact(people):
    cheap, dear = (Churn(**PLAIN, cost=cost) for cost in (1.0, 1e6))
    few = scores(dear, as_read(dear, people))["churn_pays"].to_pylist()
    many = scores(cheap, as_read(cheap, people)).to_pylist()
    assert "yes" not in few
    for row in many:
        assert (row["churn_pays"] == "yes") == ((row["churn_stake"] or 0) * 0.2 > 1)


def test_the_demo_s_planted_leaving_is_found():
    made = shop(seed=7, customers=2_500, until=date(2026, 11, 21))
    sold, size = made.sold, len(made.crowd)
    mine = np.flatnonzero(sold.fate == PLACED)
    at = mine[np.lexsort((sold.time[mine], sold.customer[mine]))]
    columns = {"time": sold.time[at], "event": np.zeros(len(at), np.int32), "amount": np.ones(len(at))}
    offsets = np.concatenate(([0], np.cumsum(np.bincount(sold.customer[at], minlength=size))))
    names = {"event": ("Order Completed",)}
    histories = Histories(np.arange(size, dtype=np.int32), offsets, columns, names=names)
    asked = Churn(
        until=date(2026, 11, 21), zone="Asia/Tehran", horizon=timedelta(days=60), learner="logistic"
    )
    told = scores(asked, as_read(asked, histories))
    truth = np.isfinite(made.bought.left)[told["customer"].to_numpy()]
    gone = np.array(told["churn_state"].to_pylist()) == "gone"
    chance = told["churn_chance"].to_numpy()[~gone]
    assert truth[gone].mean() > truth[~gone].mean() + 0.15
    assert auc(chance, truth[~gone]) > 0.6


def table(folder, rows):
    """A workspace of customers only, with what is known of each."""
    return workspace(folder, [{"customer": f"c{n}", "traits": traits} for n, traits in enumerate(rows)])


def known(rng, **more):
    plan = rng.choice(["monthly", "yearly"])
    months = int(rng.integers(1, 60))
    left = rng.random() < 1 / (1 + np.exp(1.5 * (plan == "yearly") + months / 20 - 1.5))
    made = {"plan": str(plan), "months": months, "left": "yes" if left else "no"}
    return made | {name: value(left) for name, value in more.items()}


def test_an_imported_table_is_learned_from_and_what_knows_the_answer_is_left_out(tmp_path):
    rng = np.random.default_rng(1)
    reason = {"reason": lambda left: "moved" if left and rng.random() < 0.7 else None}
    length = {"length": lambda left: float(rng.normal(3 if left else 1))}
    with table(
        tmp_path, [known(rng, **reason, **length, country=lambda _: "ir") for _ in range(600)]
    ) as made:
        found = made.mine(Churn(label="left", learner="logistic"))
        signs = dict(
            zip(*(found.table("suspects").to_arrow()[c].to_pylist() for c in ("trait", "sign")), strict=True)
        )
        assert signs == {"reason": "value", "length": "too_good"}
        assert found.miner.traits == ("country", "length", "months", "plan", "reason")
        (row,) = [one for one in found.table("models").to_arrow().to_pylist() if one["chosen"]]
        assert 0.65 < row["auc"] < 0.9
        kept = made.mine(Churn(label="left", learner="logistic", suspects="keep"))
        (row,) = [one for one in kept.table("models").to_arrow().to_pylist() if one["chosen"]]
        assert row["auc"] > 0.95
        with pytest.raises(UnknownName):
            made.mine(Churn(label="lft"))
        with pytest.raises(NotYesOrNo):
            made.mine(Churn(label="plan"))
        with pytest.raises(NotANumber):
            made.mine(Value(figure="plan"))
        alike = made.mine(Churn(label="left", traits=("country",), learner="logistic")).findings
        assert "in which customers differ" in alike[0].finding.text.en
        assert made.mine(Churn(label="plan", yes="yearly", learner="logistic")).findings


@pytest.mark.parametrize(
    "wrong", [{"horizon": timedelta(0)}, {"gap": timedelta(days=-1)}, {"longest": timedelta(0)}], ids=str
)
def test_no_time_is_refused(wrong):
    with pytest.raises(BadParameter):
        Churn(**wrong)
