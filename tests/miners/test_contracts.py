"""Contracts: published parameters of renewals, figures by hand, planted risks found, cells open whom they count."""

from datetime import timedelta

import numpy as np
import pytest

from folding import as_read, behind, learn, run, scores
from ganj.errors import BadParameter
from ganj.histories import Category, Histories
from ganj.miners.contracts import Contracts
from ganj.views.answers import NotANumber
from words import DAY_ZERO, write

HIGH, REGULAR = (869, 743, 653, 593, 551, 517, 491), (631, 468, 382, 326, 289, 262, 241)
TABLE = {"label": "left", "length": "years", "period": "year", "until": DAY_ZERO}


def table(**traits):
    """Customers of whom only traits are known."""
    size = len(next(iter(traits.values())))
    nothing = {"time": np.zeros(0, np.int64), "event": np.zeros(0, np.int32), "amount": np.zeros(0)}
    told = {
        name: known if isinstance(known, Category) else np.asarray(known, float)
        for name, known in traits.items()
    }
    return Histories(np.arange(size, dtype=np.int32), np.zeros(size + 1, np.int64), nothing, names={"event": ()}, traits=told)  # fmt: skip


def cohort(survivors):
    """Ages and whether they left, of a thousand who began together."""
    lost = -np.diff(survivors, prepend=1000)
    return np.repeat([*range(1, 8), 7], [*lost, survivors[-1]]), np.repeat([1, 0], [sum(lost), survivors[-1]])


@pytest.fixture(scope="module")
def renewals():
    (high, gone), (regular, went) = cohort(HIGH), cohort(REGULAR)
    kind = Category(np.repeat([0, 1], 1000).astype(np.int32), ("High End", "Regular"))
    return table(years=np.concatenate((high, regular)), left=np.concatenate((gone, went)), kind=kind)


def test_fader_and_hardie_s_two_cohorts_are_as_published(renewals):
    miner = Contracts(**TABLE, by="kind", traits=("kind",), worth=100.0)
    report = run(miner, as_read(miner, renewals))
    told = report.tables["parameters"].values
    found = dict(zip(zip(told["group"], told["parameter"], strict=True), told["value"], strict=True))
    for group, alpha, beta, height in (
        ("High End", 0.668088, 3.806095, -1611.158),
        ("Regular", 0.704077, 1.182043, -1680.265),
    ):
        assert found[group, "alpha"] == pytest.approx(alpha, abs=1e-5)
        assert found[group, "beta"] == pytest.approx(beta, abs=1e-5)
        assert found[group, "log_likelihood"] == pytest.approx(height, abs=1e-3)
    rows = report.tables["staying"].values
    high = np.array(rows["group"]) == "High End"
    assert rows["share"][high][:7] == pytest.approx(np.array(HIGH) / 10)  # nobody is out of sight before
    assert rows["foreseen"][high][7:] == pytest.approx([46.04, 43.58, 41.42, 39.51, 37.80], abs=0.01)
    assert np.isnan(rows["share"][high][7:]).all()
    (influence,) = np.array(report.tables["influences"].values["times"])
    assert influence > 1.5  # regular customers leave sooner
    said = [one.text.en for one in report.findings]
    assert any("no accident" in one for one in said)
    assert report.tables["trial"].values["age"].tolist() == [5, 6, 7]


def test_every_cell_opens_as_many_customers_as_it_says_and_parts_do_not_matter(renewals):
    miner = Contracts(**TABLE, by="kind")
    read = as_read(miner, renewals)
    parts = (read.part(700, 2000), read.part(0, 700))
    report, found = run(miner, *parts), scores(miner, *parts)
    for name, of in report.tables.items():
        for column, opens in of.opens.items():
            for told, where in zip(of.values[column], opens, strict=True):
                assert where is None or len(behind(found, where)) == told, (name, column, where)
    assert found.equals(scores(miner, read))
    kept = np.array(found["contract_state"].to_pylist()) == "kept"
    chance = found["contract_renews"].to_numpy()[kept]
    assert set(chance.round(4)) == {round(100 * (3.806095 + 7) / (0.668088 + 3.806095 + 7), 4), round(100 * (1.182043 + 7) / (0.704077 + 1.182043 + 7), 4)}  # fmt: skip


def test_ages_from_events_are_as_one_would_count_them():
    """Months of 30.4375 days; as of day 400; silent for more than 90 days is gone at the last purchase."""
    people = {
        "order@0 order@35": (2, 1),  # in the second month after the first renewal
        "order@0": (1, 1),
        "order@330 order@390": (2, 0),  # seen for 70 days: two renewals
        "order@380": (0, 0),  # nothing is known yet
        "visit@10": None,
        "order@0 order@310": (13, 0),  # silent for just 90 days
    }
    histories = write(*people)
    miner = Contracts(until=DAY_ZERO + timedelta(days=400), zone="UTC")
    _, age, left, _ = miner._stays(as_read(miner, histories))
    assert list(zip(age.tolist(), left.tolist(), strict=True)) == [one for one in people.values() if one]
    told = Contracts(until=DAY_ZERO + timedelta(days=400), zone="UTC", label="ticket")
    words = ("ticket@1 order@5 order@40 ticket@70", "order@0 ticket@400.5", "order@100")
    _, age, left, _ = told._stays(as_read(told, write(*words)))
    assert list(zip(age.tolist(), left.tolist(), strict=True)) == [(3, 1), (13, 0), (9, 0)]


def test_a_trait_that_makes_customers_leave_is_found():
    dice = np.random.default_rng(2)
    plan, noise = dice.integers(0, 2, 3000).astype(np.int32), dice.normal(size=3000)
    age, seen = dice.geometric(np.where(plan, 0.15, 0.05)), dice.integers(1, 25, 3000)
    histories = table(
        years=np.minimum(age, seen),
        left=(age <= seen).astype(float),
        plan=Category(plan, ("yearly", "monthly")),
        noise=noise,
        paid=np.minimum(age, seen) * 10 + noise,
    )
    miner = Contracts(**TABLE, traits=("plan", "noise", "paid"))
    report = run(miner, as_read(miner, histories))
    assert any(one.evidence.get("traits") == "paid" for one in report.findings)  # it knows the age
    told = report.tables["influences"].values
    times = dict(zip(told["what"], zip(told["low"], told["times"], told["high"], strict=True), strict=True))
    low, found, high = times[next(name for name in times if name.startswith("plan"))]
    usual = 1 if plan.mean() < 0.5 else -1
    true = np.log(1 - 0.15) / np.log(1 - 0.05)  # of risks within a year, not of chances at its end
    assert low < true**usual < high
    assert 2 < found**usual < 4
    low, _, high = times[next(name for name in times if name.startswith("noise"))]
    assert low < 1 < high


def test_too_few_are_refused_and_wrong_words_too(renewals):
    miner = Contracts(until=DAY_ZERO + timedelta(days=400), zone="UTC")
    report = run(miner, as_read(miner, write("order@0", "order@300")))
    assert "2 customers" in report.findings[0].text.en
    assert list(report.tables) == ["summary"]
    with pytest.raises(BadParameter):
        Contracts(silence=timedelta(0))
    with pytest.raises(BadParameter):
        Contracts(label="left").knowing({"left": "number"})
    wrong = Contracts(**TABLE | {"length": "kind"})
    with pytest.raises(NotANumber):
        learn(wrong, as_read(wrong, renewals))


def test_what_staying_is_worth_adds_up_and_newcomers_are_not_taken_at_their_first_day():
    dice = np.random.default_rng(3)
    gone = dice.geometric(0.02, 300) * 10
    people = [
        " ".join(f"order@{begin + step}=10" for step in range(0, min(400 - begin, int(last)), 10))
        for begin, last in zip(dice.integers(0, 390, 300).tolist(), gone.tolist(), strict=True)
    ]
    miner = Contracts(
        until=DAY_ZERO + timedelta(days=400), zone="UTC", silence=timedelta(days=25), period="day"
    )
    read = as_read(miner, write(*people))
    found, told = scores(miner, read), run(miner, read).tables["summary"].values
    value, ahead = (np.nan_to_num(found[name].to_numpy()) for name in ("contract_value", "contract_ahead"))
    assert value.sum() == pytest.approx(told["value"][0])
    young = np.array(found["contract_age"].to_pylist()) < 3
    each = value[young & (ahead > 0)] / ahead[young & (ahead > 0)]
    assert (each < 2).all()  # ten in ten days, not ten a day
