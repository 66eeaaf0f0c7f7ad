"""Why a figure moved: counted against plain dictionaries, exact sums, planted causes, figures by hand."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import numpy as np
import pytest

from folding import as_read, behind, run, scores
from ganj.display import Display
from ganj.errors import BadParameter
from ganj.histories import DAY
from ganj.miners.why import Why
from reference.why import by_value
from words import DAY_ZERO, START, write

UNTIL = DAY_ZERO + timedelta(days=60)
ENGLISH = Display(language="en", digits="latin", calendar="gregorian", currency="USD", unit="USD")
FIGURES = ("amount", "events", "customers", "each", "rate")


def asked(**more):
    return Why(
        **{"until": UNTIL, "zone": "UTC", "last": timedelta(days=30), "across": ("channel", "city"), **more}
    )


def shop(seed=3, people=400, *, fell=True):
    """Orders of 60 days; in the second month those of the app in Qom fall to a fifth where ``fell``."""
    draw = np.random.default_rng(seed)
    lives = []
    for _ in range(people):
        city, channel = draw.choice(["Qom", "Rey", "Yazd"]), draw.choice(["app", "site"])
        days = draw.uniform(0, 60, draw.poisson(4))
        kept = [
            d
            for d in days
            if not (fell and d >= 30 and (city, channel) == ("Qom", "app") and draw.random() < 0.8)
        ]
        words = [f"order@{d:.3f}={draw.uniform(5, 15):.2f}[city={city},channel={channel}]" for d in kept]
        lives.append(" ".join([f"visit@{draw.uniform(0, 60):.2f}[city={city},channel={channel}]", *words]))
    return write(*lives)


@pytest.fixture(scope="module")
def fallen():
    return shop()


def said(report):
    return " ".join(ENGLISH.text(finding.text, **finding.evidence) for finding in report.findings)


def test_what_fell_is_found_and_told_with_its_customers(fallen):
    miner = asked(figure="events")
    read = as_read(miner, fallen)
    report = run(miner, read)
    table = report.tables["causes"].values
    assert table["where"] == ["channel = app, city = Qom"]
    assert table["apart"][0] == pytest.approx(-80, abs=12)
    assert table["chance"][0] < 0.1
    assert "Where" in said(report)
    assert "channel = app, city = Qom" in said(report)
    gone = report.tables["causes"].opens["gone"][0]
    assert len(behind(scores(miner, read), gone)) == table["gone"][0] > 20


def test_where_all_is_as_before_no_cause_is_told():
    miner = asked(figure="events")
    report = run(miner, as_read(miner, shop(4, fell=False)))
    assert "causes" not in report.tables
    assert "No part moved apart from the rest" in said(report)
    assert "within its usual swing" in said(report)


@pytest.mark.parametrize("name", ["channel", "city"])
def test_parts_are_counted_as_a_plain_count_does(name):
    histories = shop(5, 60)
    if name == "channel":
        histories.columns["property:channel"] = histories.columns["channel"]
        histories.names["property:channel"] = histories.names["channel"]
    wanted = by_value(histories, name, 0, 30, 30, lambda time: (time - START) // DAY)
    miner = asked(across=(name,))
    table = run(miner, as_read(miner, histories)).tables["by_1"]
    choices = [value for value, _ in table.columns[0].choices]
    for row, value in enumerate(choices):
        count, told = wanted[value], {k: v[row] for k, v in table.values.items()}
        assert [told["before"], told["now"]] == pytest.approx(count[2:4])
        assert [told["customers_before"], told["customers"]] == count[4:]


@pytest.mark.parametrize("figure", FIGURES)
def test_the_steps_add_up(fallen, figure):
    report = run(asked(figure=figure), as_read(asked(figure=figure), fallen))
    before, *between, now = report.tables["steps"].values["change"].tolist()
    assert before + sum(between) == pytest.approx(now)
    told = report.tables["summary"].values
    assert (before, now) == pytest.approx((told["before"][0], told["now"][0]))


@pytest.mark.parametrize("figure", FIGURES)
def test_every_cell_opens_as_many_customers_as_it_says(fallen, figure):
    miner = asked(figure=figure)
    read = as_read(miner, fallen)
    report, found = run(miner, read), scores(miner, read)
    for name, table in report.tables.items():
        units = {column.name: column.unit for column in table.columns}
        for column, opens in table.opens.items():
            for number, where in zip(table.values[column], opens, strict=True):
                if where is not None and units[column] == "customers":
                    assert len(behind(found, where)) == number, (name, column, where)


def test_who_stayed_and_who_went():
    """Kept; lost; new; returned, who bought before both months; and one of neither month."""
    miner = asked(last=timedelta(days=20), figure="customers")
    histories = write(
        "order@25=1 order@45=1", "order@39=1", "order@41=1", "order@3=1 order@59=1", "order@3=1 visit@50"
    )
    found = scores(miner, as_read(miner, histories))
    assert found["why_status"].to_pylist() == ["kept", "lost", "new", "returned", None]
    steps = run(miner, as_read(miner, histories)).tables["steps"].values["change"].tolist()
    assert steps == [2, -1, 1, 1, 3]


def test_dearer_goods_are_told_from_more_of_them():
    """Each buys once a month; in the second the price is a tenth higher."""
    lives = [f"order@{n % 29}.5=10*1 order@{30 + n % 29}.5=11*1" for n in range(50)]
    miner = asked(across=(), seasons=False)
    steps = run(miner, as_read(miner, write(*lives))).tables["steps"]
    did = dict(
        zip(
            [steps.columns[0].choices[k][0] for k in steps.values["step"]],
            steps.values["change"],
            strict=True,
        )
    )
    assert did["price"] == pytest.approx(50)
    assert did["customers"] == pytest.approx(0, abs=1e-6)
    assert did["now"] == pytest.approx(550)


def test_a_rate_falls_by_mix_alone():
    """In each channel half and a fifth of the views are bought; the poor channel has more views."""
    views = [f"visit@{10 + n / 100}[channel=app]" for n in range(60)]
    views += [f"visit@{10 + n / 100}[channel=site]" for n in range(40)]
    views += [f"visit@{40 + n / 100}[channel=app]" for n in range(20)]
    views += [f"visit@{40 + n / 100}[channel=site]" for n in range(80)]
    bought = [f"order@11.{n}=1[channel=app]" for n in range(30)] + [
        f"order@12.{n}=1[channel=site]" for n in range(8)
    ]
    bought += [f"order@41.{n}=1[channel=app]" for n in range(10)] + [
        f"order@42.{n}=1[channel=site]" for n in range(16)
    ]
    miner = asked(figure="rate", across=("channel",))
    report = run(miner, as_read(miner, write(*views, *bought)))
    assert report.tables["summary"].values["before"][0] == pytest.approx(38)
    assert report.tables["summary"].values["now"][0] == pytest.approx(26)
    part = report.tables["by_1"].values
    assert part["rate"] == pytest.approx([0, 0], abs=1e-9)
    assert part["mix"].sum() == pytest.approx(-12)


def test_the_same_days_a_year_earlier_in_either_calendar():
    assert asked(since=date(2024, 2, 1), until=date(2024, 3, 1), against="year").periods() is not None
    gregorian = asked(since=date(2025, 3, 21), until=date(2025, 4, 21), against="year", calendar="gregorian")
    jalali = msgspec.structs.replace(gregorian, calendar="jalali")
    day = lambda number: date(1970, 1, 1) + timedelta(days=number)  # noqa: E731 - read once, below
    assert day(gregorian.periods().first) == date(2024, 3, 21)
    assert day(jalali.periods().first) == date(2024, 3, 20)  # 1 Farvardin 1403
    assert day(jalali.periods().begins) == date(2025, 3, 21)


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": timedelta(hours=3)},
        {"last": timedelta(days=400), "against": "year"},
        {"across": ("city", "city")},
        {"figure": "rate", "over": "Order Completed"},
    ],
)
def test_what_cannot_be_compared_is_refused(wrong):
    with pytest.raises(BadParameter):
        asked(**wrong)


@pytest.mark.parametrize("figure", FIGURES)
def test_two_equal_periods_and_empty_ones_have_no_cause(figure):
    """The same orders in both months; and nothing at all in one of them."""
    same = [
        f"order@{n % 30}.5=5[channel=app] order@{30 + n % 30}.5=5[channel=app] visit@{n % 30} visit@{30 + n % 30}"
        for n in range(60)
    ]
    gone = ["order@3=5[channel=app] visit@3"] * 9
    for lives in (same, gone, ["visit@3"]):
        miner = asked(figure=figure, seasons=False)
        report = run(miner, as_read(miner, write(*lives)))
        if lives is same:
            told = report.tables["summary"].values
            assert told["now"][0] == pytest.approx(told["before"][0])
            assert "causes" not in report.tables
        else:
            assert report.findings


def test_a_segment_is_a_dimension(fallen):
    member = np.arange(len(fallen)) % 2.0
    told = replace(fallen, traits={**fallen.traits, "segment:VIP": member})
    table = run(asked(figure="events", across=("segment:VIP",)), told).tables["by_1"]
    order = told.event == told.codes(("Order Completed",))[0]
    counts = dict(zip([value for value, _ in table.columns[0].choices], table.values["now"], strict=True))
    now = order & (told.time >= START + 30 * DAY) & (member[told.owner] > 0)
    assert counts["VIP"] == now.sum()


def test_products_share_an_order_by_their_lines():
    histories = write(*[f"order@{n}.5=30*3" for n in range(60)])
    histories.names["product"] = ("tea", "sugar")
    histories.lines.product[:] = np.arange(len(histories.lines.product)) % 3 == 0
    miner = asked(across=("product",), figure="events")
    table = run(miner, as_read(miner, histories)).tables["by_1"]
    counts = {
        value: number
        for (value, _), number in zip(table.columns[0].choices, table.values["now"], strict=True)
    }
    assert counts == pytest.approx({"tea": 20, "sugar": 10})
    assert Counter(table.values["customers"].tolist()) == {30: 2}


def test_a_day_opens_who_it_counts_once_each():
    histories = write("order@45.1=10 order@45.2=20", "order@45.3=5", "order@10=7")
    miner = asked()
    days = run(miner, as_read(miner, histories)).tables["days"]
    found = scores(miner, as_read(miner, histories))
    at = {day: n for n, day in enumerate(days.values["day"].tolist())}
    first = min(at)
    assert [days.values["customers"][n] for n in (at[first + 10], at[first + 45])] == [1, 2]
    assert [len(behind(found, days.opens["figure"][n])) for n in (at[first + 10], at[first + 45])] == [1, 2]
    assert days.opens["figure"][at[first + 11]] is None
