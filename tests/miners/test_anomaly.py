"""Anomalies: the demo's outage found and nothing on calm days, breaks of the Nile, records that contradict themselves."""

from datetime import date, timedelta

import numpy as np
import pytest

from folding import as_read, behind, run, scores
from ganj.miners.anomaly import Anomaly
from ganj.models.series.calendar import between
from ganj.models.series.outliers import breaks, discoveries, judge
from ganj.simulate import shop
from ganj.views.anomaly_fold import PROBLEMS
from words import DAY_ZERO, write

NILE = """1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 1100 1210 1150 1250
1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 831 726 456 824 702 1120 1100 832 764 821 768
845 864 862 698 845 744 796 1040 759 781 865 845 944 984 897 822 1010 771 676 649 846 812 742 801 1040 860 874 848
890 744 749 838 1050 918 986 797 923 975 815 1020 906 901 1170 912 746 919 718 714 740"""


@pytest.fixture(scope="module")
def made():
    return shop(seed=1404, customers=20_000, until=date(2026, 11, 21))


def judged(made, chosen):
    sold, day = made.sold, made.time.day
    placed = (sold.fate == 0) & chosen
    values = np.bincount(made.time.day_of(sold.time)[placed], minlength=len(day)).astype(float)
    return judge(values, between(np.append(day, day[-1] + 1), "jalali", "IR", weekly=True).values, 7)


def test_the_planted_outage_is_found_where_it_was_and_only_there(made):
    begins = int(0.82 * len(made.time.day))
    gateway = made.sold.gateway == list(made.world.gateways).index(made.world.outage.gateway)
    app, mobile = made.sold.way == 2, made.sold.way == 0
    found = judged(made, app & gateway)
    marked = np.flatnonzero(discoveries(found.chance, 0.05))
    assert marked.tolist() == list(range(begins, begins + made.world.outage.days))
    assert np.all(found.off[marked] < -60)
    assert not discoveries(judged(made, mobile).chance, 0.05).any()


def test_calm_days_have_nothing():
    rng, alarms = np.random.default_rng(0), 0
    for _ in range(12):
        day = np.arange(400)
        found = judge(
            rng.poisson(60 * np.exp(day / 900) * (1 + 0.2 * (day % 7 == 5))).astype(float),
            np.zeros((400, 0)),
            7,
        )
        alarms += bool(discoveries(found.chance, 0.05).any() or found.changes)
    assert alarms <= 1


def test_the_nile_breaks_in_1898():
    values = np.array(NILE.split(), np.float64)
    assert breaks(values, 2 * np.log(len(values)) * values.var()) == [28, 100]


def test_breaks_are_the_best_of_all():
    rng = np.random.default_rng(1)
    for _ in range(10):
        values, penalty = np.cumsum(rng.normal(0, 1, 12)), 3.0
        cuts = [sorted({2 + n for n in range(9) if mask >> n & 1} | {12}) for mask in range(1 << 9)]
        cost = [
            sum(((values[a:b] - values[a:b].mean()) ** 2).sum() for a, b in zip([0, *c[:-1]], c, strict=True))
            + penalty * (len(c) - 1)
            if min(np.diff([0, *c])) >= 2
            else np.inf
            for c in cuts
        ]
        assert breaks(values, penalty) == cuts[int(np.argmin(cost))]


def test_a_level_that_falls_for_good_is_told():
    rng = np.random.default_rng(2)
    found = judge(
        rng.poisson(60 * np.where(np.arange(400) > 250, 0.7, 1.0)).astype(float), np.zeros((400, 0)), 7
    )
    ((at, jump),) = found.changes
    assert abs(at - 251) <= 3
    assert -40 < jump < -20


@pytest.mark.parametrize("seed", [1, 1404])
def test_a_small_shop_has_no_lasting_change_after_nowruz(seed):
    """Two years tell months badly from levels; what only the one or the other shows is no change."""
    made = shop(seed=seed, customers=600, until=date(2026, 6, 20))
    values = np.bincount(made.time.day_of(made.sold.time), minlength=len(made.time.day)).astype(float)
    day = made.time.day[np.argmax(values > 0) :]
    columns = between(np.append(day, day[-1] + 1), "jalali", "IR", weekly=True)
    found = judge(values[-len(day) :], columns.values, 7, columns.festive)
    assert not [jump for _, jump in found.changes if abs(jump) >= 15]


def test_a_change_that_the_calendar_may_have_made_is_not_told():
    """The year's second half was always lower, and the calendar knows: the level has not changed."""
    rng, day = np.random.default_rng(8), np.arange(720)
    half = (day % 360 >= 180).astype(float)
    assert not judge(
        rng.poisson(60 * np.exp(-0.5 * half)).astype(float), half[:, None], 7, np.zeros(720, bool)
    ).changes


def test_discoveries_hold_the_share_of_false_ones():
    chances = np.array(
        [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]
    )  # Benjamini and Hochberg by hand
    assert discoveries(chances, 0.05).tolist() == [True, True, *[False] * 6]
    assert not discoveries(np.full(50, 0.5), 0.05).any()


def asked(**more):
    return Anomaly(until=DAY_ZERO + timedelta(days=100), zone="UTC", **more)


def test_contradictory_records_are_told_and_open_their_customers():
    people = (
        "order@1=-5",
        "order@3=5 Signed_Up@9",
        "order@3=5 return@4=9",
        "return@4=9",
        "order@3=5 order@3.0001=5",
        "visit@3",
        "visit@3",
        "Signed_Up@1 order@2=4 return@3=4",  # nothing wrong
    )
    years = [None, None, None, None, None, 2031.0, 1260.0, 1370.0]
    phones = ["1", "1", "1", "1", "2", "3", "4", "5"]
    read = as_read(asked(), write(*people, traits={"birth_year": years, "phone": phones}))
    report, found = run(asked(), read), scores(asked(), read)
    told = dict(zip(found["customer"].to_pylist(), found["anomaly_problems"].to_pylist(), strict=True))
    expected = [
        ["negative"],
        ["early"],
        ["returned_more"],
        ["unbought"],
        ["doubled"],
        ["unborn"],
        ["age"],
        [],
    ]
    for n, problems in enumerate(expected):
        assert told[n] == problems + ["shared"] * (n < 4), n
    table = report.tables["records"]
    assert table.values["customers"].tolist() == [1, 1, 1, 1, 1, 1, 1, 4]
    for said, where in zip(table.values["customers"], table.opens["customers"], strict=True):
        assert len(behind(found, where)) == said
    assert len(PROBLEMS) == 8


def test_periods_and_what_was_out_of_line_open_their_customers():
    """A day on which nobody's payment in the app went through, and one with a crowd of first buyers."""
    rng = np.random.default_rng(9)
    people = []
    for n in range(240):
        way = "app" if n % 2 else "site"
        days = [d for d in rng.choice(99, 12, replace=False) if not (way == "app" and d == 60)]
        people.append(" ".join(f"order@{d}.{rng.integers(1, 9)}=9[channel={way}]" for d in days))
    people += ["order@80.4=5[channel=site]"] * 60
    miner = asked(by="channel")
    read = as_read(miner, write(*people))
    report, found = run(miner, read), scores(miner, read)
    told = report.tables["episodes"]
    names = [told.columns[0].choices[at][1].en for at in told.values["figure"]]
    assert {"New buyers", "Orders: site", "Orders: app"} <= set(names)
    for table in (told, report.tables["path"]):
        for said, where in zip(table.values["customers"], table.opens["customers"], strict=True):
            assert len(behind(found, where)) == said
    assert told.values["customers"][names.index("New buyers")] >= 60


def test_what_was_before_the_time_that_counts_is_known_of():
    """Bought before, returned since: no return without buying; who has nothing since is not counted."""
    miner = asked(since=DAY_ZERO + timedelta(days=50))
    read = as_read(miner, write("order@3=5 return@60=5", "return@60=5", "order@3=-5"))
    report, found = run(miner, read), scores(miner, read)
    assert report.tables["summary"].values["customers"][0] == 2
    told = dict(zip(found["customer"].to_pylist(), found["anomaly_problems"].to_pylist(), strict=True))
    assert told == {0: [], 1: ["unbought"]}


def test_who_orders_forty_times_among_people_who_order_twice_is_unusual():
    rng = np.random.default_rng(3)
    people = [f"order@{rng.integers(0, 90)}=10 order@{rng.integers(0, 90)}=12" for _ in range(60)]
    people.append(" ".join(f"order@{n}=11" for n in range(80)))
    found = scores(asked(), as_read(asked(), write(*people)))
    told = found["anomaly_reasons"].to_pylist()
    assert "orders" in told[60]
    assert not any(told[:60])


def test_a_mix_that_nobody_else_has_and_several_signs_of_fraud_are_told():
    rng = np.random.default_rng(4)
    people = []
    for _ in range(150):
        many = int(rng.integers(2, 9))
        people.append(" ".join(f"order@{n * 9}={rng.integers(90, 110)}" for n in range(many)))
    mix = len(people)
    people.append(" ".join(f"order@{n * 9}=1" for n in range(8)))  # eight orders for almost nothing
    people.append(
        "order@3=100 order@3.0001=100 return@4=900 " + " ".join(f"Payment_Failed@{n}" for n in range(9))
    )
    read = as_read(asked(), write(*people))
    told = scores(asked(), read)["anomaly_reasons"].to_pylist()
    assert told[mix] == ["mix"]
    assert "fraud" in told[mix + 1]
    assert not any(told[:mix])
    table = run(asked(), read).tables["customers"]
    for count, where in zip(table.values["customers"], table.opens["customers"], strict=True):
        assert len(behind(scores(asked(), read), where)) == count
