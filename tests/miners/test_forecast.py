"""Forecast: the demo's seasons found, figures counted as by hand, plans read, too little refused."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj.display import Display
from ganj.errors import BadParameter
from ganj.miners.forecast import Forecast
from ganj.models.series.calendar import between
from ganj.models.series.forecasting import Asked, forecast, smape
from ganj.simulate import shop
from ganj.simulate.world import WORLD
from ganj.views.forecast_plan import named, year
from ganj.views.series_fold import tallied
from reference.forecast import by_hand
from words import DAY_ZERO, write

UNTIL = DAY_ZERO + timedelta(days=120)
EVENT = st.tuples(
    st.sampled_from(["order", "visit"]), st.integers(0, 9), st.sampled_from(["", "=10", "=2.5"])
)


@pytest.fixture(scope="module")
def orders():
    """The demo's orders by day, and its calendar."""
    made = shop(seed=1404, customers=20_000, until=date(2026, 11, 21))
    day = made.time.day
    values = np.bincount(made.time.day_of(made.sold.time)[made.sold.fate == 0], minlength=len(day))
    return values.astype(float), between(np.append(day, day[-1] + 1), "jalali", "IR", weekly=True)


def test_the_calendar_takes_a_fifth_off_the_error_of_the_demo(orders):
    values, columns = orders
    errors = {width: [] for width in (0, columns.values.shape[1])}
    for cut in range(400, 701, 30):
        for width, told in errors.items():
            found = forecast(Asked.of(values[:cut], columns.values[: cut + 30, :width], 7, 30))
            told.append(smape(values[cut : cut + 30], found.path).mean())
    without, with_it = (np.mean(told) for told in errors.values())
    assert with_it < 0.8 * without


def test_the_planted_seasons_are_found(orders):
    values, columns = orders
    found = forecast(Asked.of(values[:-1], columns.values, 7, 1))
    told = dict(zip(columns.names, zip(found.effects.size, found.effects.error, strict=True), strict=True))
    for name, factor in (("yalda", WORLD.seasons.yalda), ("black_friday", WORLD.seasons.black_friday)):
        size, error = told[name]
        assert abs(size - np.log(factor)) < 3 * error + 0.05, name
    assert told["ashura"][0] < np.log(0.75)  # seen twice: pulled towards nothing, and yet plain
    assert told["nowruz:+8"][0] < np.log(0.65)


def daily(days=110, seed=1):
    """One customer a day of the week, more on the seventh."""
    rng = np.random.default_rng(seed)
    people = [[] for _ in range(8)]
    for day in range(days):
        for n in range(2 + 2 * (day % 7 == 6) + int(rng.random() < 0.3)):
            people[(day + n) % 8].append(f"order@{day}.{n + 1}={10 + n}[channel={'web' if n % 2 else 'app'}]")
    return write(*(" ".join(events) for events in people), nobody="order@1=99 order@50=1")


def asked(**more):
    return Forecast(until=UNTIL - timedelta(days=10), zone="UTC", **{"ahead": 7, "figure": "events", **more})


def test_the_seventh_day_is_foreseen():
    read = as_read(asked(), daily())
    report = run(asked(), read)
    expected = report.tables["path"].values["expected"][-7:]
    # day 110 is 110 % 7 == 5, so the second of the coming days is the strong one
    assert int(np.argmax(expected)) == 1
    assert report.tables["models"].values["weight"].sum() == pytest.approx(100)
    assert report.findings[0].tone in {"good", "bad"}


@given(st.lists(st.lists(EVENT, max_size=6), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_sums_are_those_counted_by_hand(people):
    h = write(*(" ".join(f"{e}@{d}{a}" for e, d, a in one) for one in people), nobody="order@3=7")
    day = (h.time - h.time.min()) // 86_400_000_000
    code = h.event.astype(np.int64)
    found = tallied(h, code, h.names["event"], day)
    told = {
        label: {key[0]: tuple(row) for key, row in tally.rows().items()} for label, tally in found.items()
    }
    assert told == by_hand(h, day)


def test_a_breakdown_has_one_series_each_and_opens_it():
    miner = asked(by="channel")
    read = as_read(miner, daily())
    table, found = run(miner, read).tables["series"], scores(miner, read)
    assert set(table.values["group"]) == {"app", "web"}
    for said, where in zip(table.values["customers"], table.opens["customers"], strict=True):
        assert len(behind(found, where)) == said


def test_too_little_is_refused_with_the_reason():
    report = run(asked(ahead=200), as_read(asked(ahead=200), daily()))
    first = report.findings[0]
    assert "This needs 228 whole days" in Display(language="en", digits="latin").text(
        first.text, **first.evidence
    )
    assert "۲۲۸ روز کامل" in Display(language="fa", digits="persian").text(first.text, **first.evidence)
    assert report.findings[0].tone == "warn"
    assert "effects" not in report.tables
    assert report.tables["path"].values["customers"].sum() > 0


def test_the_average_order_is_a_mean_and_no_sum():
    table = run(asked(figure="each"), as_read(asked(figure="each"), daily())).tables["summary"].values
    assert 10 < table["expected"][0] < 13


@pytest.mark.parametrize(
    ("figure", "low", "high"),
    [("rate", 45, 55), ("worth", 19, 21), ("often", 1.9, 2.1)],
)
def test_ratios_are_means_of_what_they_are_out_of(figure, low, high):
    """Each day two customers look four times and buy twice for 10 each."""
    days = range(110)
    person = " ".join(
        f"order@{d}.1=10 order@{d}.5=10 " + " ".join(f"visit@{d}.{n}" for n in range(1, 5)) for d in days
    )
    miner = asked(figure=figure)
    report = run(miner, as_read(miner, write(person, person)))
    assert low < report.tables["summary"].values["expected"][0] < high
    lately = report.tables["path"].values["actual"][:20]
    assert np.allclose(lately, {"rate": 50, "worth": 20, "often": 2}[figure])


def test_a_rate_of_a_breakdown_is_that_of_its_own_events():
    days = range(110)
    app = " ".join(f"order@{d}.1=1[channel=app] visit@{d}.2[channel=app]" for d in days)
    web = " ".join(
        f"order@{d}.1=1[channel=web] " + " ".join(f"visit@{d}.{n}[channel=web]" for n in range(2, 6))
        for d in days
    )
    miner = asked(figure="rate", by="channel")
    table = run(miner, as_read(miner, write(app, web))).tables["series"].values
    told = dict(zip(table["group"], table["expected"], strict=True))
    assert told == pytest.approx({"app": 100, "web": 25}, rel=0.02)


def test_no_more_series_are_told_than_asked_for():
    miner = asked(by="channel", most=1)
    assert len(run(miner, as_read(miner, daily())).tables["series"]) == 1


def test_something_of_the_calendar_may_be_supposed_away():
    """Every Nowruz nobody buys for four days; the coming days are such, unless it is supposed that they are not."""
    first = date(2024, 3, 20)
    low = {
        (first + timedelta(days=n) - DAY_ZERO).days
        for n in range(-366, 400)
        if n in {0, 1, 2, 3, 366, 367, 368, 369}
    }
    last = (date(2025, 3, 20) - DAY_ZERO).days
    person = " ".join(f"order@{d}.{n}=1" for d in range(last) for n in range(1, 2 if d in low else 9))
    plan = {"zone": "UTC", "ahead": 7, "figure": "events", "until": DAY_ZERO + timedelta(days=last)}
    miner = Forecast(suppose=("1 to 4 Farvardin=0",), **plan)
    assert run(miner, as_read(miner, write(person))).tables["suppose"].values["difference"][0] > 5


def test_the_calendar_is_called_by_code_or_by_name_in_either_language():
    known = year("jalali", "IR")
    assert {named(name, known) for name in ("nowruz:+0", "1 to 4 Farvardin", "۱ تا ۴ فروردین")} == {
        "nowruz:+0"
    }
    assert named("Ramadam", known) is None


def test_a_target_has_a_chance():
    near, far = (
        run(asked(target=t), as_read(asked(), daily())).tables["summary"].values["chance"][0]
        for t in (5.0, 500.0)
    )
    assert near > 99
    assert far < 1


def test_a_campaign_that_worked_is_worth_something():
    lifted = [f"order@{day}.{n + 10}=5" for day in (*range(20, 25), *range(60, 65)) for n in range(6)]
    people = [" ".join([f"order@{d}.5=3" for d in range(110)] * 3), " ".join(lifted)]
    first, again, coming = (
        (DAY_ZERO + timedelta(days=n), DAY_ZERO + timedelta(days=n + 4)) for n in (20, 60, 111)
    )
    miner = asked(campaigns=tuple(f"{a}..{b}" for a, b in (first, again, coming)))
    table = run(miner, as_read(miner, write(*people))).tables["suppose"].values
    assert table["difference"][0] > 10  # five days of the coming seven, six orders more on each
    assert table["with"][0] - table["without"][0] == pytest.approx(table["difference"][0])


def test_a_driver_may_be_supposed_more():
    rng = np.random.default_rng(8)
    sent = rng.integers(1, 8, 110)
    person = " ".join(f"Message_Sent@{d}.{n}" for d in range(110) for n in range(sent[d]))
    felt = np.convolve(sent, np.ones(7) / 7)[:110]
    buyer = " ".join(f"order@{d}.{n + 1:02}=1" for d in range(110) for n in range(int(4 * felt[d])))
    miner = asked(drivers=("Message Sent",), suppose=("Message Sent=2",))
    table = run(miner, as_read(miner, write(person, buyer))).tables["suppose"].values
    assert table["change"][0] > 15


@pytest.mark.parametrize(
    "wrong",
    [
        {"campaigns": ("yesterday",)},
        {"campaigns": ("2026-03-10..2026-03-01",)},
        {"suppose": ("Message Sent=2",)},
        {"suppose": ("nothing",)},
        {"drivers": ("visit",), "suppose": ("visit=-1",)},
        {"suppose": ("Ramadan=0",), "seasons": False},
        {"suppose": ("Ramadam=0",)},
        {"figure": "rate", "over": "Order Completed"},
    ],
)
def test_plans_that_cannot_be_read_are_refused(wrong):
    with pytest.raises(BadParameter):
        Forecast(**wrong)


@pytest.mark.parametrize("figure", ["events", "amount", "customers", "each", "often", "new"])
@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("constant", range(110)),
        ("gaps", [d for d in range(110) if d % 37 < 9]),
        ("three points", (3, 50, 107)),
    ],
)
def test_plain_series_make_no_nonsense(figure, name, days):
    """As many orders each day; with weeks of nothing between; three days with many."""
    many = 4 if name != "three points" else 9
    person = " ".join(f"order@{d}.{n}=8" for d in days for n in range(1, 1 + many))
    report = run(asked(figure=figure), as_read(asked(figure=figure), write(person, person)))
    if "models" not in report.tables:  # a ratio of nothing on most days
        assert name != "constant"
        assert "there are" in report.findings[0].text.en
        return
    path = report.tables["path"].values
    expected, low, high = (np.asarray(path[key])[-7:] for key in ("expected", "low95", "high95"))
    assert np.all(np.isnan(low) | ((low <= high + 1e-9) & (low >= 0)))
    assert np.all(np.isfinite(expected))
    if name == "constant" and figure != "new":
        assert expected == pytest.approx(
            [{"events": 8, "amount": 64, "customers": 2, "each": 8, "often": 4}[figure]] * 7
        )


def test_it_is_said_in_persian():
    report = run(asked(), as_read(asked(), daily()))
    said = Display(language="fa", digits="persian").text(
        report.findings[0].text, **report.findings[0].evidence
    )
    assert "سفارش‌ها در ۷ روز آینده" in said
