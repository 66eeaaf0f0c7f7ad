"""What campaigns added: by hand, planted and found again, the published numbers of Hillstrom's e-mails."""

import csv
import gzip
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from folding import as_read, behind, run, scores
from ganj.display import Display
from ganj.errors import BadParameter
from ganj.histories import Category, Histories
from ganj.miners.uplift import Uplift
from ganj.views.answers import NotANumber
from ganj.views.uplift_fold import NoSuchGroup
from words import DAY_ZERO, write

FILE = Path(__file__).parents[3] / "shared/data/hillstrom/hillstrom.csv.gz"
ENGLISH = Display(language="en", digits="latin", calendar="gregorian", currency="USD", unit="USD")
UNTIL = DAY_ZERO + timedelta(days=120)


def asked(**more):
    return Uplift(**{"until": UNTIL, "zone": "UTC", **more})


def said(report):
    return " ".join(ENGLISH.text(finding.text, **finding.evidence) for finding in report.findings)


def joined(day, group, campaign="spring"):
    return f"Campaign_Joined@{day}[group={group},campaign={campaign}]"


def test_what_counts_is_what_came_after_the_draw_and_in_time():
    """Before, at once, on the last day, too late; a draw whose time is not over; a second draw; of no group."""
    histories = write(
        f"order@9=1 {joined(10, 'treated')}",
        f"{joined(10, 'treated')} order@10.5=70",
        f"{joined(10, 'holdout')} order@24=30",
        f"{joined(10, 'holdout')} order@24.1=30",
        f"{joined(110, 'treated')} order@111=1",
        f"{joined(10, 'holdout')} {joined(12, 'treated')} order@25=1",
        f"{joined(10, 'other')} order@11=1",
    )
    read = as_read(asked(), histories)
    table = run(asked(), read).tables["effects"].values
    assert (table["control"].tolist(), table["treated"].tolist()) == ([3], [2])
    assert [table["mean_control"][0], table["mean_treated"][0]] == pytest.approx([100 / 3, 50])
    money = run(asked(measure="amount"), read).tables["effects"].values
    assert [money["mean_control"][0], money["mean_treated"][0]] == pytest.approx([10, 35])


def test_without_a_control_group_nothing_is_said_of_an_effect():
    histories = write(*[f"{joined(10, 'treated')} order@12=1" for _ in range(30)])
    report = run(asked(), as_read(asked(), histories))
    (only,) = report.findings
    assert only.tone == "warn"
    assert "Nothing was drawn by lot" in only.text.en


def test_a_group_that_nobody_is_in_is_named_with_those_there_are():
    histories = write(f"{joined(10, 'treated')}", f"{joined(10, 'holdout')}")
    with pytest.raises(NoSuchGroup) as error:
        run(asked(control="left_out"), as_read(asked(control="left_out"), histories))
    assert "the groups are: holdout, treated" in error.value.message("en")


def test_a_trait_that_is_named_says_the_group_and_words_say_yes_or_no():
    assert Uplift(group="arm").knowing({"arm": "category"}).joined == ""
    assert Uplift(group="arm").knowing({"city": "category"}).joined == "Campaign Joined"
    assert Uplift().knowing({"group": "category"}).joined == "Campaign Joined"
    arms, said = ["a", "a", "a", "b", "b", "b"], ["yes", "yes", "no", "no", "no", "yes"]
    histories = write(
        *["visit@1"] * 6, traits={"arm": arms, "came": said, "city": ["x", "y", "x", "y", "x", "y"]}
    )
    miner = asked(joined="", group="arm", treated="a", control="b", outcome="came")
    table = run(miner, as_read(miner, histories)).tables["effects"].values
    assert [table["mean_control"][0], table["mean_treated"][0]] == pytest.approx([100 / 3, 200 / 3])
    other = asked(joined="", group="arm", treated="a", control="b", outcome="city")
    with pytest.raises(NotANumber):
        run(other, as_read(other, histories))


def test_a_time_allowed_that_is_over_for_nobody_is_told():
    histories = write(joined(110, "treated"), joined(110, "holdout"))
    (only,) = run(asked(), as_read(asked(), histories)).findings
    assert "is not over for anybody" in only.text.en


def test_where_all_come_out_alike_no_limits_are_told():
    histories = write(*[f"{joined(10, arm)} order@9=1" for arm in ("treated", "holdout") * 3])
    table = run(asked(), as_read(asked(), histories)).tables["effects"].values
    assert table["effect"].tolist() == [0]
    assert np.isnan([table["low"][0], table["high"][0], table["chance"][0]]).all()


@pytest.mark.parametrize(
    "wrong", [{"control": "treated"}, {"within": timedelta(0)}, {"before": -timedelta(1)}]
)
def test_groups_of_one_name_and_no_time_are_refused(wrong):
    with pytest.raises(BadParameter):
        asked(**wrong)


def customer(dice, campaign, added):
    """One who bought before or not; those who did are moved more by a message."""
    loyal = dice.random() < 0.5
    group = "holdout" if dice.random() < 0.3 else "treated"
    buys = dice.random() < 0.1 + 0.3 * loyal + added * 2 * loyal * (group == "treated")
    bought = " ".join(f"order@{day:.2f}=1" for day in dice.uniform(0, 20, 3 * loyal))
    after = f" order@{dice.uniform(31, 43):.2f}=1" if buys else ""
    return f"{bought} {joined(f'{30 + dice.random():.3f}', group, campaign)}{after}"


@pytest.fixture(scope="module")
def shop():
    dice = np.random.default_rng(8)
    return write(
        *(customer(dice, "spring", 0.15) for _ in range(1500)),
        *(customer(dice, "nothing", 0.0) for _ in range(700)),
    )


def test_planted_effects_are_found_and_nothing_where_there_is_none(shop):
    miner = asked()
    table = run(miner, as_read(miner, shop)).tables["effects"]
    effect = dict(zip([name for name, _ in table.columns[0].choices], range(2), strict=True))
    told = {
        name: [table.values[c][row] for c in ("low", "effect", "high", "chance")]
        for name, row in effect.items()
    }
    assert told["spring"][0] < 15 < told["spring"][2]
    assert told["spring"][3] < 1
    assert told["nothing"][0] < 0 < told["nothing"][2]


def test_whom_to_write_to_is_who_bought_before(shop):
    miner = asked(worth=100.0, cost=5.0, budget=5000.0)
    read = as_read(miner, shop)
    report, found = run(miner, read), scores(miner, read)
    uplift, loyal = (
        found["uplift"].to_numpy(),
        np.array(["order@" in _before(k, shop) for k in range(len(shop))]),
    )
    assert uplift[loyal].mean() > uplift[~loyal].mean() + 0.05
    assert "On the 30 % with the largest expected effect" in said(report)
    policy = report.tables["policy"].values
    assert policy["affordable"].tolist() == (policy["customers"] <= 1000).tolist()
    assert "Write to the first" in said(report)


def _before(k, shop):
    first = shop.offsets[k]
    return "order@" if shop.names["event"][shop.event[first]] == "Order Completed" else ""


def test_every_cell_opens_as_many_customers_as_it_says(shop):
    read = as_read(asked(), shop)
    report, found = run(asked(), read), scores(asked(), read)
    for name, table in report.tables.items():
        for column, opens in table.opens.items():
            for number, where in zip(table.values[column], opens, strict=True):
                assert len(behind(found, where)) == number, (name, column, where)


def test_the_parts_give_what_the_whole_gives(shop):
    whole = as_read(asked(), shop)
    parts = [whole.part(900, 2200), whole.part(0, 900)]
    one, other = (scores(asked(), *some)["uplift"].to_numpy() for some in ((whole,), parts))
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_who_was_chosen_and_not_drawn_is_told():
    dice = np.random.default_rng(9)
    people = [
        " ".join(
            [
                *(f"order@{day:.2f}=1" for day in dice.uniform(0, 20, 3 * loyal)),
                joined(30, "treated" if dice.random() < 0.2 + 0.6 * loyal else "holdout"),
            ]
        )
        for loyal in dice.integers(0, 2, 600)
    ]
    assert "The groups differed before already" in said(run(asked(), as_read(asked(), write(*people))))


def test_sizes_that_were_not_planned_are_told(shop):
    read = as_read(asked(), shop)
    assert "not of the planned sizes" in said(run(asked(share=50.0), read))
    assert "not of the planned sizes" not in said(run(asked(share=70.0), read))


@pytest.fixture(scope="module")
def hillstrom():
    with gzip.open(FILE, "rt") as lines:
        rows = list(csv.DictReader(lines))
    traits = {}
    for name in rows[0]:
        values = np.array([row[name] for row in rows])
        if name in {"segment", "zip_code", "channel", "history_segment"}:
            labels, codes = np.unique(values, return_inverse=True)
            traits[name] = Category(codes.astype(np.int32), tuple(labels.tolist()))
        else:
            traits[name] = values.astype(float)
    size = len(rows)
    nothing = {"time": np.zeros(0, np.int64), "event": np.zeros(0, np.int32), "amount": np.zeros(0)}
    return Histories(
        np.arange(size, dtype=np.int32), np.zeros(size + 1, np.int64), nothing, None, traits, {"event": ()}
    )


@pytest.mark.skipif(not FILE.exists(), reason="the data is not beside the checkout")
def test_the_published_effect_of_the_e_mail_to_women(hillstrom):
    """21,387 and 21,306 customers; .1514 and .106167 visited; .0452331 were added."""
    known = ("recency", "history", "history_segment", "mens", "womens", "newbie", "zip_code", "channel")
    miner = asked(
        joined="",
        group="segment",
        treated="Womens E-Mail",
        control="No E-Mail",
        outcome="visit",
        traits=known,
    )
    report = run(miner, as_read(miner, hillstrom))
    told = report.tables["summary"].values
    assert [told["control"][0], told["treated"][0]] == [21306, 21387]
    assert told["difference"][0] == pytest.approx(4.52331066, abs=1e-6)
    assert told["low"][0] < 4.523 < told["high"][0]
    ranking = report.tables["ranking"].values
    own = ranking["qini"][:-1]
    assert (own >= 0.05).all()
    assert (ranking["first"][:-1] >= 6.6).all()
    assert (ranking["qini_low"][:-1] < own).all()
    assert (own < ranking["qini_high"][:-1]).all()


def test_an_event_is_an_event_where_nothing_is_known_of_a_trait_of_its_name():
    """A store gives a trait that it lacks as unknown of everybody."""
    histories = write(
        f"{joined(10, 'treated')} order@11=1",
        f"{joined(10, 'holdout')}",
        traits={"Order Completed": [np.nan, np.nan]},
    )
    table = run(asked(), as_read(asked(), histories)).tables["effects"].values
    assert (table["control"].tolist(), table["treated"].tolist()) == ([1], [1])
    assert asked().scan(as_read(asked(), histories)).groups.values["spring"][1, 1] == 1
