"""What to offer each customer: habits that were planted come out, and what must not be offered does not."""

import sys
from datetime import date, timedelta

import msgspec
import numpy as np
import pytest

from folding import behind, run, scores
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.histories import DAY, HOUR, Histories, Lines
from ganj.miners.churn import Churn
from ganj.miners.next_best import NextBest
from ganj.models.offers import Bought, Tastes, best_new, tried
from ganj.simulate import shop as simulated
from ganj.views.next_best_tried import FEW, held, some

START = 19_723  # days from 1970 to 2024-01-01, a Monday
ASKED = NextBest(until=date(2024, 12, 31), zone="UTC", prior=0.5)
NAMES = tuple("abcdefgh")


@pytest.fixture(scope="module")
def shop():
    """Two hundred customers who buy one own product each 20 days at their own hour, and now and then another."""
    dice = np.random.default_rng(11)
    times, products, sizes = [], [], []
    for k in range(200):
        days = np.arange(k % 20, 345 if k % 10 else 200, 20)
        times += [(START + int(day)) * DAY + (8 + k % 4) * HOUR for day in days]
        products += [k % 6 if dice.random() < 0.8 else int(dice.integers(8)) for _ in days]
        sizes.append(len(days))
    return sold(sizes, times, products)


def sold(sizes, times, products):
    """Write purchases of one product each, each customer always by one channel."""
    ones = np.ones(len(times))
    return Histories(
        np.arange(len(sizes), dtype=np.int32),
        np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        {
            "time": np.array(times, np.int64),
            "event": np.zeros(len(times), np.int32),
            "amount": 100 * ones,
            "channel": np.repeat(np.arange(len(sizes)) % 3, sizes).astype(np.int32),
        },
        Lines(np.arange(len(times) + 1), np.array(products, np.int32), ones, 100 * ones),
        names={
            "event": (ORDER,),
            "product": NAMES,
            "channel": ("app", "phone", "site"),
            "product.stock": ("0", *"1111111"),
            "product.margin": ("",) * 8,
        },
    )


@pytest.fixture(scope="module")
def leavers():
    """Six hundred customers with rhythms of their own, half of whom stop at some moment."""
    dice = np.random.default_rng(3)
    days = []
    for _ in range(600):
        gap, stops = dice.uniform(5, 25), dice.uniform(60, 340) if dice.random() < 0.5 else 345
        at = np.cumsum(0.5 + dice.gamma(4, gap / 4, 100))
        days.append(at[at < max(stops, at[0] + 1)])
    times = [int((START + day) * DAY) for one in days for day in one]
    return sold([len(one) for one in days], times, dice.integers(8, size=len(times)))


def test_habits_come_out(shop):
    found = scores(ASKED, shop).to_pydict()
    own = [NAMES[k % 6] for k in range(200)]
    right = [said == mine for said, mine in zip(found["next_product"], own, strict=True) if mine != "a"]
    assert np.mean(right) > 0.95
    assert found["best_hour"] == [8 + k % 4 for k in range(200)]
    late = np.array([due == "overdue" for due in found["due"]])
    assert late[::10].all()
    worth = np.array(found["discount_worth"])
    assert (worth[::10] > 0).all()
    assert np.all(worth <= 0.1 * 100 * 0.2 * 90 / 15)


def test_what_is_not_in_stock_or_unwanted_is_never_offered(shop):
    found = scores(msgspec.structs.replace(ASKED, without=("b",)), shop).to_pydict()
    for name in ("next_product", "again_product", "new_product"):
        assert not {"a", "b"} & set(found[name])


def test_offers_come_true_more_often_than_best_sellers(shop):
    tried = run(ASKED, shop).tables["tried"].values
    assert tried["ndcg"][0] > tried["ndcg"][2]
    assert tried["ndcg"][0] > 1.3 * tried["ndcg"][1]


def test_channel_and_hour_are_own_where_own_history_comes_true_more_often(shop):
    found, told = scores(ASKED, shop).to_pydict(), run(ASKED, shop).tables["tried_when"].values
    assert found["next_channel"] == [("app", "phone", "site")[k % 3] for k in range(200)]
    parts = dict(
        zip(told["part"].tolist(), zip(told["own"], told["naive"], told["used"], strict=True), strict=True)
    )
    own, naive, used = parts[0]
    assert used
    assert own == 100 > naive
    assert not parts[1][2]  # they buy each twenty days, so on no day of the week


def test_of_some_channels_only_these_are_advised(shop):
    asked = msgspec.structs.replace(ASKED, channels=("phone", "site"))
    assert set(scores(asked, shop).to_pydict()["next_channel"]) == {"phone", "site"}


def test_the_naive_way_is_used_where_own_history_does_no_better_on_one_stretch():
    def right(share):
        return np.arange(100) < 100 * share

    better, worse = (right(0.6), right(0.5)), (right(0.4), right(0.5))
    few = tuple(one[: FEW - 1] for one in worse)
    assert held([better, better]).used
    assert not held([better, worse]).used
    assert not held([worse, better]).used
    assert held([better, few]).used
    assert np.isnan(held([few, few]).own)


def test_the_chance_of_leaving_is_the_churn_models_and_says_so(leavers):
    """Of customers within their own rhythm it is what churn itself would say; of the others that of the silence."""
    found = scores(ASKED, leavers)
    churn = scores(Churn(learner="logistic", until=ASKED.until, zone="UTC"), leavers)
    said = dict(zip(churn["customer"].to_pylist(), churn["churn_chance"].to_pylist(), strict=True))
    rows = found.select(["customer", "leaving", "leaving_by", "discount_worth"]).to_pylist()
    model = [row for row in rows if row["leaving_by"] == "churn"]
    assert len(model) > 100
    assert len(model) < len(rows)
    assert all(row["leaving"] == pytest.approx(said[row["customer"]]) for row in model)
    assert all(row["discount_worth"] >= 0 for row in rows)


def test_without_the_extra_the_chance_of_leaving_is_that_of_the_silence(leavers, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    assert set(scores(ASKED, leavers)["leaving_by"].to_pylist()) == {"rhythm"}
    assert any("ganj[predict]" in finding.text.fa for finding in run(ASKED, leavers).findings)


def test_best_sellers_come_first_where_own_purchases_foresee_no_more():
    """Everybody buys the same few things by lot; own purchases are only a part of these."""
    dice = np.random.default_rng(5)
    days = [np.sort(dice.uniform(0, 345, 6)) for _ in range(400)]
    times = [int((START + day) * DAY) for one in days for day in one]
    drawn = dice.choice(8, len(times), p=[0, 0.5, 0.25, 0.1, 0.05, 0.04, 0.03, 0.03])
    report = run(ASKED, sold([6] * 400, times, drawn))
    assert "so best sellers come first" in " ".join(finding.text.en for finding in report.findings)
    assert report.tables["next_product"].values["product"] == ["b"]


def test_what_is_new_is_foreseen_on_the_demo_at_least_as_often_as_by_best_sellers():
    lines = simulated(seed=7, customers=4_000, until=date(2026, 11, 21)).table("orders").to_pandas()
    lines = lines[(lines.event == ORDER) & lines["product"].notna()].sort_values(
        ["customer_id", "time", "product"]
    )
    item = np.unique(lines["product"], return_inverse=True)[1]
    time = lines.time.to_numpy().astype("datetime64[us]").astype(np.int64)
    sizes = lines.groupby("customer_id", sort=False).size()
    told = Bought(np.concatenate(([0], np.cumsum(sizes))), item, time)
    cut = int(time.max()) - 30 * DAY
    before, after = told.keep(time < cut), told.keep(time >= cut)
    both = (np.diff(before.offsets) > 0) & (np.diff(after.offsets) > 0)
    known = Tastes.of(before, np.arange(len(sizes), dtype=np.uint64), np.ones(item.max() + 1), 90.0)
    people, came = some(before, both), some(after, both)
    came = came.keep(came.time == came.time[came.offsets[:-1]][came.owner])
    ours = tried(known.without_own(people, cut, 10), came, people).explore
    new = tried(best_new(people, known.sold, 10), came, people).explore
    best = np.tile(np.argsort(-known.sold, kind="stable")[:10], (int(both.sum()), 1))
    assert ours > 1.3 * max(new, tried(best, came, people).explore)


def test_every_number_of_customers_is_who_it_opens(shop):
    report, found = run(ASKED, shop), scores(ASKED, shop)
    for table in report.tables.values():
        for name, cells in table.opens.items():
            for said, opens in zip(table.values[name], cells, strict=True):
                assert len(behind(found, opens)) == said


def test_few_customers_are_not_tried(shop):
    report = run(ASKED, shop.part(0, 40))
    assert "tried" not in report.tables
    assert any(finding.evidence.get("few") == 50 for finding in report.findings)


def test_a_time_nothing_fits_in_is_refused():
    with pytest.raises(BadParameter):
        NextBest(half=timedelta(0))
