"""Lifetime value: planted parameters found, figures by hand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from folding import as_read, behind, run, scores
from ganj.calendar import DAY, day_number, first_day, midnight
from ganj.errors import BadParameter
from ganj.histories import Category, Histories
from ganj.miners.clv import MODELS, PERIODIC, Clv
from ganj.models.beta_geometric import BG_NBD
from ganj.models.fitting import fit
from ganj.models.purchases import counted
from ganj.models.staying.lifetimes import beyond
from ganj.simulate import shop as simulated
from ganj.views.clock import Clock
from ganj.views.clv_fold import buying_ticks
from ganj.views.clv_trial import MODEL_NAMES
from ganj.views.groups import grouped, label_of
from models.test_giving import donors
from words import DAY_ZERO, write

UNTIL = DAY_ZERO + timedelta(days=400)
TRUE = {"r": 0.8, "alpha": 30.0, "a": 0.9, "b": 3.0}


def parameters(report):
    table = report.tables["parameters"].values
    return {
        name: (value, error)
        for name, value, error in zip(table["parameter"], table["value"], table["error"], strict=True)
    }


def person(rng, alpha=TRUE["alpha"]):
    """One who buys as BG/NBD says: at an own rate, and may leave after a purchase."""
    rate = rng.gamma(TRUE["r"], 1 / alpha)
    leaves, worth = rng.beta(TRUE["a"], TRUE["b"]), rng.gamma(3, 20)
    at, bought = rng.uniform(0, 150), []
    while at < 400:
        bought.append(f"order@{at:.3f}={worth * rng.gamma(6, 1 / 6):.2f}")
        at += 1 + rng.exponential(1 / rate)  # no two on a day
        if len(bought) > 1 and rng.random() < leaves:
            break
    return " ".join(bought)


@pytest.fixture(scope="module")
def shop():
    rng = np.random.default_rng(5)
    return write(*(person(rng) for _ in range(1500)))


LAST_DAYS = 400 - 90


def orders_of(shop):
    """Return the days of each customer's orders, from the first day on."""
    return np.split((shop.time - midnight(DAY_ZERO, "UTC")) // DAY, shop.offsets[1:-1])


def days_of(week):
    return int(first_day(week, "week", "gregorian", 0)) - day_number(DAY_ZERO)


def asked(**more):
    return Clv(**{"until": UNTIL, "zone": "UTC"} | more)


def test_a_purchase_is_a_day_with_orders():
    histories = write("order@1=10 order@1.2=5 order@3=7", "visit@1", "order@2=1")
    owner, day, spent = buying_ticks(as_read(asked(), histories), "UTC", Clock())
    assert owner.tolist() == [0, 0, 2]
    assert (day - day[0]).tolist() == [0, 2, 1]
    assert spent.tolist() == [15, 7, 1]


def test_who_began_before_since_is_left_out():
    found = scores(asked(since=DAY_ZERO + timedelta(days=2)), write("order@1=10 order@5=1", "order@3=2"))
    assert found["customer"].to_pylist() == [1]


def test_too_few_buyers_are_refused_with_the_reason():
    report = run(asked(), as_read(asked(), write("order@1=10 order@5=1", "order@3=2")))
    (only,) = report.findings
    assert only.tone == "warn"
    assert "This needs 100 buyers, 30 of them" in only.text.en
    assert "there are 2 buyers, 1 of them" in only.text.en
    assert len(report.tables["parameters"]) == 0


@pytest.mark.parametrize("wrong", [{"horizon": timedelta(0)}, {"holdout": timedelta(days=-1)}])
def test_no_time_is_refused(wrong):
    with pytest.raises(BadParameter):
        Clv(**wrong)


def test_planted_parameters_are_found_within_two_standard_errors(shop):
    told = parameters(run(asked(), as_read(asked(), shop)))
    for name, true in TRUE.items():
        value, error = told[name]
        assert abs(value - true) < 2 * error, name
        assert error < true, name


@pytest.mark.parametrize(
    "more",
    [
        {"model": "mbg-nbd"},
        {"model": "pareto-nbd"},
        {"model": "bg-bb", "unit": "month", "calendar": "jalali"},
        {"by": "kind"},
    ],
    ids=lambda more: " ".join(more.values()),
)
def test_every_cell_opens_as_many_customers_as_it_says(shop, more):
    miner = asked(**more)
    kind = Category((np.arange(len(shop)) % 3 - 1).astype(np.int32), ("odd", "even"))
    read = as_read(miner, replace(shop, traits={"kind": kind}))
    report, found = run(miner, read), scores(miner, read)
    tables = ["summary", "parameters", "frequency", "segments", "tracking", "holdout"]
    assert set(report.tables) == {*tables, *(["groups", "group_tracking", "drift"] if miner.by else [])}
    for name, table in report.tables.items():
        for column, opens in table.opens.items():
            for said, where in zip(table.values[column], opens, strict=True):
                assert len(behind(found, where)) == said, (name, column, where)
    assert report.tables["tracking"].values["customers"].max() > 10
    if miner.by:  # drawn alike, so surely no difference is told
        assert any("do not differ" in one.text.en for one in report.findings)


def test_groups_that_buy_in_their_own_ways_are_fitted_apart():
    rng = np.random.default_rng(8)
    kind = np.repeat([0, 1], 500).astype(np.int32)
    people = [person(rng, 30.0 * (1 if k == 0 else 4)) for k in kind]
    histories = replace(write(*people), traits={"kind": Category(kind, ("quick", "slow"))})
    miner = asked(by="kind")
    report = run(miner, as_read(miner, histories))
    told = report.tables["groups"].values
    alpha = dict(zip(told["group"], told["alpha"], strict=True))
    assert 0.5 < alpha["quick"] / 30 < 2
    assert 0.5 < alpha["slow"] / 120 < 2
    assert any("different ways" in one.text.en for one in report.findings)
    found = scores(miner, as_read(miner, histories))
    group, orders = np.array(found["clv_group"].to_pylist()), found["expected_orders"].to_numpy()
    assert {*group} == {"quick", "slow"}
    assert orders[group == "slow"].mean() < orders[group == "quick"].mean()


def gifts():
    """The donors' gifts, in the middle of years: 1995, then all until the last one."""
    rows = donors()
    told = zip(rows.again.astype(int), rows.last.astype(int), rows.count.astype(int), strict=True)
    years = [[0, *range(1, x), t] if x else [0] for x, t, size in told for _ in range(size)]
    at = np.concatenate(years)
    time = np.array([midnight(date(1995 + year, 6, 1), "UTC") for year in range(7)])[at]
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in years])))
    columns = {"time": time, "event": np.zeros(len(at), np.int32), "amount": np.full(len(at), 50.0)}
    names = {"event": ("Order Completed",)}
    return Histories(np.arange(len(years), dtype=np.int32), offsets, columns, names=names), np.bincount(at)


def test_donors_have_the_published_parameters():
    miner = Clv(
        model="bg-bb", unit="year", until=date(2002, 3, 1), zone="UTC", horizon=timedelta(days=5 * 365.25),
        holdout=timedelta(0),
    )  # fmt: skip
    histories, by_year = gifts()
    report = run(miner, as_read(miner, histories))
    told = {name: value for name, (value, _) in parameters(report).items()}
    published = [1.2035, 0.7497, 0.6568, 2.7838]
    assert [told[name] for name in ("alpha", "beta", "gamma", "delta")] == pytest.approx(published, abs=6e-4)
    assert told["log_likelihood"] == pytest.approx(-33225.58, abs=0.01)
    assert report.tables["summary"].values["expected_orders"][0] == pytest.approx(12884.2, rel=1e-4)
    years = report.tables["tracking"].values
    assert years["actual"].tolist() == years["customers"].tolist() == [0, *by_year[1:].tolist()]


def test_the_demo_s_planted_buying_is_found_within_two_standard_errors():
    """Of each kind of customer, in the shop's own time, in which its seasons and campaigns are not.

    Of these twenty figures one may be farther off in another draw; all together they may not.
    """
    made = simulated(seed=1, customers=12_000, until=date(2026, 11, 21))
    days = made.time.operational(made.bought.time)
    customer, at, size = np.unique(made.bought.customer, return_index=True, return_counts=True)
    first, last, end = days[at], days[at + size - 1], float(made.time.passed[-1])
    together = 0.0
    for number, segment in enumerate(made.world.segments):
        own = made.crowd.segment[customer] == number
        rows = counted(size[own] - 1.0, (last - first)[own], end - first[own])[0]
        found = fit(BG_NBD, rows)
        off = np.log(found.parameters / [segment.r, segment.alpha, segment.a, segment.b])
        assert np.abs(off / np.sqrt(np.diag(found.covariance))).max() < 2, segment.key
        together += float(off @ np.linalg.inv(found.covariance) @ off)
    assert beyond(together, 4 * len(made.world.segments)) > 0.05


def test_the_parts_give_what_the_whole_gives(shop):
    miner = asked()
    whole = as_read(miner, shop)
    parts = [whole.part(700, 1500), whole.part(0, 700)]
    assert parameters(run(miner, whole))["r"] == pytest.approx(parameters(run(miner, *parts))["r"], rel=1e-9)
    one, other = scores(miner, whole), scores(miner, *parts)
    np.testing.assert_allclose(one["clv"].to_numpy(), other["clv"].to_numpy(), rtol=1e-9)


def test_scores_add_up_to_the_summary_and_discount_lowers_value(shop):
    miner = asked(discount=20.0)
    read = as_read(miner, shop)
    report, found = run(miner, read), scores(miner, read)
    for name in ("expected_orders", "expected_value", "clv"):
        assert found[name].to_numpy().sum() == pytest.approx(report.tables["summary"].values[name][0])
    worth, today = (found[name].to_numpy() for name in ("expected_value", "clv"))
    assert (today < worth).all()
    assert (today > worth / 1.2).all()
    free = scores(asked(discount=0.0), read)
    np.testing.assert_allclose(free["clv"].to_numpy(), worth)


def test_a_week_is_seven_days(shop):
    read = as_read(asked(), shop)
    day, week = run(asked(), read), run(asked(unit="week"), read)
    assert parameters(week)["alpha"][0] * 7 == pytest.approx(parameters(day)["alpha"][0], rel=1e-6)
    weekly, daily = (scores(asked(unit=unit), read)["clv"].to_numpy() for unit in ("week", "day"))
    np.testing.assert_allclose(weekly, daily, rtol=1e-6, atol=1e-6)


def test_held_out_days_are_told_beside_the_naive_rate(shop):
    table = run(asked(holdout=timedelta(days=120)), as_read(asked(), shop)).tables["holdout"].values
    size = table["customers"]
    came, expected, naive = (float(table[name] @ size) for name in ("actual", "expected", "naive"))
    assert abs(expected / came - 1) < 0.15
    assert abs(expected - came) < abs(naive - came)


def test_weeks_add_up_to_all_repeat_purchases_and_the_last_ones_are_held_out(shop):
    report = run(asked(), as_read(asked(), shop))
    weeks, held = report.tables["tracking"].values, report.tables["holdout"].values
    assert weeks["so_far"][-1] == weeks["actual"].sum()
    known = np.array([len(times) for times in orders_of(shop) if times[0] < LAST_DAYS])
    cut = days_of(weeks["week"][-1] + 1)
    later = sum((times >= cut).sum() for times in orders_of(shop) if times[0] < LAST_DAYS)
    assert weeks["so_far"][-1] == (known - 1).sum() - later
    assert 12 <= weeks["held"].sum() <= 13
    assert np.isnan(weeks["fitted"][weeks["held"]]).all()
    assert (weeks["low"] <= weeks["expected"]).all()
    assert (weeks["expected"] <= weeks["high"]).all()
    came = float(held["actual"] @ held["customers"])
    assert came - weeks["actual"][weeks["held"]].sum() < 0.15 * came  # the days of broken weeks


def test_buying_that_stops_is_told_as_drift(shop):
    quiet = run(
        asked(until=UNTIL + timedelta(days=120)), as_read(asked(until=UNTIL + timedelta(days=120)), shop)
    )
    assert any("Nobody bought in the last" in finding.text.en for finding in quiet.findings)
    (told,) = [finding for finding in quiet.findings if "drift" in finding.text.en]
    assert (told.tone, told.evidence["off"]) == ("bad", 100)
    assert "below" in told.text.en
    (calm,) = [
        finding for finding in run(asked(), as_read(asked(), shop)).findings if "drift" in finding.text.en
    ]
    assert calm.tone == "good"


def test_a_group_that_stops_is_told_as_drift_and_weeks_of_groups_add_up(shop):
    quick = np.random.default_rng(4).random(len(shop)) < 0.6
    stops = ~quick[shop.owner] & (shop.time >= midnight(UNTIL - timedelta(days=80), "UTC"))
    kind = Category(np.where(quick, 0, 1).astype(np.int32), ("quick", "stopped"))
    kept = np.flatnonzero(~stops)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(shop.owner[kept], minlength=len(shop)))))
    columns = {name: values[kept] for name, values in shop.columns.items()}
    histories = replace(shop, offsets=offsets, columns=columns, traits={"kind": kind})
    miner = asked(by="kind")
    report = run(miner, as_read(miner, histories))
    drift = report.tables["drift"].values
    assert dict(zip(drift["group"], drift["drifts"].tolist(), strict=True)) == {
        "quick": False,
        "stopped": True,
    }
    weeks, each = report.tables["tracking"].values, report.tables["group_tracking"].values
    assert each["actual"].sum() == weeks["actual"].sum()
    assert drift["actual"].sum() == weeks["actual"][weeks["held"]].sum()
    (told,) = [one for one in report.findings if "drift from the model" in one.text.en]
    assert told.evidence["group"] == "stopped"
    assert told.evidence["off"] > 50


def test_groups_are_of_traits_segments_or_the_first_purchase():
    words = ["order@1=10 order@2=5", "order@3=2", "order@4=1"]
    histories = replace(write(*words), names=write(*words).names | {"channel": ("app", "site")})
    channel = np.array([1, 0, 0, -1], np.int32)
    histories = replace(histories, columns=histories.columns | {"channel": channel})
    code, labels = grouped(histories, "channel", np.ones(4, bool))
    assert ([*code.tolist()], labels) == ([1, 0, -1], ("app", "site"))
    held = replace(
        histories, traits={"segment:VIP": np.array([1.0, 0.0, 1.0]), "age": np.array([-2.0, np.nan, 0.5])}
    )
    code, labels = grouped(held, "segment:VIP", np.ones(4, bool))
    assert [label_of(one, labels) for one in code.tolist()] == ["VIP", "—", "VIP"]
    code, labels = grouped(held, "age", np.ones(4, bool))
    assert [label_of(one, labels) for one in code.tolist()] == ["-2", "?", "0.5"]


def test_the_model_that_foresaw_best_is_taken(shop):
    told = run(asked(model="auto"), as_read(asked(), shop)).tables
    models = told["models"].values
    assert list(MODEL_NAMES)[models["model"][0]] == "bg-nbd"  # the shop's own
    assert len(models["model"]) == len(MODELS.keys() - PERIODIC)
    assert list(np.nan_to_num(models["foresaw"], nan=-np.inf)) == sorted(
        np.nan_to_num(models["foresaw"], nan=-np.inf), reverse=True
    )
    assert told["parameters"].values["parameter"][:4] == list(TRUE)


def test_limits_hold_eight_customers_of_ten_in_the_days_to_come(shop):
    early = asked(until=UNTIL - timedelta(days=120), horizon=timedelta(days=120), holdout=timedelta(0))
    found = scores(early, as_read(early, shop))
    low, high = (found[name].to_numpy() for name in ("orders_low", "orders_high"))
    began = [times for times in orders_of(shop) if times[0] < 280]
    came = np.array([(times >= 280).sum() for times in began])
    assert len(came) == len(low)
    assert 0.8 <= ((came >= low) & (came <= high)).mean() <= 0.97  # whole numbers hold more than asked
    total = run(early, as_read(early, shop)).tables["summary"].values
    assert total["orders_low"][0] <= came.sum() <= total["orders_high"][0]
    least, most = (found[name].to_numpy() for name in ("value_low", "value_high"))
    paid = np.split(np.nan_to_num(shop.amount), shop.offsets[1:-1])
    worth = np.array(
        [
            money[times >= 280].sum()
            for times, money in zip(orders_of(shop), paid, strict=True)
            if times[0] < 280
        ]
    )
    assert 0.75 <= ((worth >= least) & (worth <= most)).mean() <= 0.95
    assert ((worth < least).mean(), (worth > most).mean()) < (0.15, 0.15)
    assert total["value_low"][0] <= worth.sum() <= total["value_high"][0]


def test_all_time_to_come_is_worth_more_and_has_no_bound_undiscounted(shop):
    some = as_read(asked(), shop).part(0, 300)
    found = scores(asked(discount=20.0), some)
    long = scores(asked(discount=20.0, horizon=timedelta(days=9000)), some)
    ever, year, far = found["clv_ever"].to_numpy(), found["clv"].to_numpy(), long["clv"].to_numpy()
    assert (ever > year).all()
    np.testing.assert_allclose(ever, far, rtol=0.03)  # what comes after 25 years, and months for moments
    free = scores(asked(discount=0.0), some)
    assert np.isnan(free["clv_ever"].to_numpy()).all()
