"""What was put in is found again in the rows, by simple means."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest

from ganj.calendar import jalali_from_days, local_day
from ganj.events import ORDER, REFUND
from ganj.histories import DAY
from ganj.simulate.baskets import bruised
from ganj.simulate.buying import OWN_WILL, PLACED
from ganj.simulate.catalogue import AFFINITIES, CATEGORIES, SEQUENCES
from ganj.simulate.visits import stopped
from ganj.simulate.world import DEVICES, WORLD

SEGMENTS = range(len(WORLD.segments))
FAR = 4.0  # standard errors


def first_orders(full):
    """Operational day of each customer's first order; nan where there is none."""
    first = np.full(len(full.crowd), np.nan)
    customer, at = np.unique(full.bought.customer, return_index=True)
    first[customer] = full.time.operational(full.bought.time[at])
    return first


# ---- the buying process


@pytest.mark.parametrize("segment", SEGMENTS)
def test_rates_and_dropout_are_drawn_as_said(full, segment):
    told, those = WORLD.segments[segment], full.crowd.segment == segment
    rate, leave = full.crowd.rate[those], full.crowd.leave[those]
    for drawn, mean in ((rate, told.r / told.alpha), (leave, told.a / (told.a + told.b))):
        assert abs(drawn.mean() - mean) < FAR * drawn.std() / math.sqrt(len(drawn))


@pytest.mark.parametrize("segment", SEGMENTS)
def test_repeat_orders_are_those_of_bg_nbd(full, segment):
    """E[X(t) | λ, p] = (1 - exp(-λ p t)) / p (Fader, Hardie, Lee 2005)."""
    first = first_orders(full)
    those = (full.crowd.segment == segment) & ~np.isnan(first)
    count = np.bincount(full.bought.customer, minlength=len(full.crowd))[those] - 1
    t, rate, leave = full.time.passed[-1] - first[those], full.crowd.rate[those], full.crowd.leave[those]
    expected = -np.expm1(-rate * leave * t) / leave
    off = count - expected
    assert abs(off.sum()) < FAR * math.sqrt((off**2).sum())


def bg_nbd(parameters, x, last, t):
    """Log-likelihood of repeat counts, the paper's equation 6, summed."""
    r, alpha, a, b = parameters
    gamma = np.vectorize(math.lgamma)
    head = gamma(r + x) - math.lgamma(r) + r * math.log(alpha)
    head += math.lgamma(a + b) + gamma(b + x) - math.lgamma(b) - gamma(a + b + x)
    alive = -(r + x) * np.log(alpha + t)
    with np.errstate(divide="ignore"):
        gone = np.where(
            x > 0, np.log(a / (b + np.maximum(x, 1) - 1)) - (r + x) * np.log(alpha + last), -np.inf
        )
    return float((head + np.logaddexp(alive, gone)).sum())


@pytest.mark.parametrize("segment", [0, 1, 3])
def test_the_true_parameters_are_the_likely_ones(full, segment):
    first = first_orders(full)
    those = (full.crowd.segment == segment) & ~np.isnan(first)
    x = np.bincount(full.bought.customer, minlength=len(full.crowd))[those] - 1
    final = np.zeros(len(full.crowd))
    final[full.bought.customer] = full.time.operational(full.bought.time)
    seen = (x, (final - first)[those], full.time.passed[-1] - first[those])
    told = WORLD.segments[segment]
    truth = (told.r, told.alpha, told.a, told.b)
    best = bg_nbd(truth, *seen)
    for n in range(4):
        for factor in (0.7, 1.4):
            other = tuple(value * (factor if k == n else 1) for k, value in enumerate(truth))
            assert bg_nbd(other, *seen) < best


@pytest.mark.parametrize("segment", SEGMENTS)
def test_money_follows_gamma_gamma_in_prices_of_the_first_day(full, segment):
    told, sold, cart = WORLD.segments[segment], full.sold, full.cart
    years = full.time.day_of(sold.time) / 365.25
    real = np.bincount(cart.order, cart.amount, len(sold)) / (1 + WORLD.inflation) ** years
    those = full.crowd.segment[sold.customer] == segment
    worth = full.crowd.of(WORLD, "p") / full.crowd.scale
    assert real[those].mean() == pytest.approx(worth[sold.customer][those].mean(), rel=0.12)
    assert np.corrcoef(np.log(real[those]), np.log(worth[sold.customer][those]))[0, 1] > 0.55
    assert worth[full.crowd.segment == segment].mean() == pytest.approx(
        told.p * told.gamma / (told.q - 1), rel=0.1
    )


def test_prices_rise_as_said(full):
    index = full.truth["price_index"]
    assert index[0] == 1
    assert index[12] == pytest.approx(1 + WORLD.inflation, rel=0.03)
    assert index[24] == pytest.approx((1 + WORLD.inflation) ** 2, rel=0.04)


# ---- seasons


def daily(full, frame):
    orders = frame("orders")
    done = orders[orders.event == ORDER].drop_duplicates("order")
    day = local_day(done.time.to_numpy(), "Asia/Tehran") - full.time.day[0]
    count = np.bincount(day, minlength=len(full.time.day))
    _, month, nth = jalali_from_days(full.time.day)
    return count, month, nth


def test_nowruz_and_yalda_show_in_the_orders(full, frame):
    count, month, nth = daily(full, frame)
    rush, before = count[(month == 12) & (nth >= 12) & (nth <= 28)], count[(month == 11)]
    feast, after = count[(month == 1) & (nth <= 13)], count[(month == 1) & (nth > 14)]
    yalda, autumn = count[(month == 9) & (nth >= 23)], count[(month == 9) & (nth > 8) & (nth < 22)]
    assert rush.mean() > 1.4 * before.mean()
    assert feast.mean() < 0.6 * after.mean()
    assert yalda.mean() > 1.4 * autumn.mean()


def test_the_clock_undoes_the_seasons(full, frame):
    """Orders of one customer base, counted in operational time, know no season."""
    count, month, nth = daily(full, frame)
    rate = count / full.time.weight
    rush, before = rate[(month == 12) & (nth >= 12) & (nth <= 28)], rate[(month == 11)]
    assert rush.mean() == pytest.approx(before.mean(), rel=0.12)


def test_the_clock_runs_forward_and_back(full):
    time = np.sort(np.random.default_rng(0).integers(full.time.first, full.time.last, 2000)) // 10**6 * 10**6
    passed = full.time.operational(time)
    assert (np.diff(passed) >= 0).all()
    assert np.abs(full.time.real(passed) - time).max() <= 10**6


# ---- baskets


def baskets(frame):
    orders = frame("orders")
    return orders[orders.event == ORDER].groupby("order")["product"].agg(frozenset)


def test_rules_are_in_the_baskets(full, frame):
    held = baskets(frame)
    for rule in full.truth["affinities"]:
        given = held[[set(rule["given"]) <= basket for basket in held]]
        then = np.array([rule["then"] in basket for basket in held])
        both = np.array([rule["then"] in basket for basket in given])
        assert (len(given), int(then.sum()), int(both.sum())) == (
            rule["orders_given"], rule["orders_then"], rule["orders_both"],
        )  # fmt: skip
        slack = FAR * math.sqrt(rule["probability"] * (1 - rule["probability"]) / len(given))
        assert both.mean() > rule["probability"] - slack
        assert rule["lift"] > 3


@pytest.mark.parametrize("number", range(len(AFFINITIES)))
def test_a_rule_adds_with_its_probability(full, number):
    rule, cart = AFFINITIES[number], full.cart
    place = [full.goods.name.index(name) for name in (*rule.given, rule.then)]
    order = set(cart.order[cart.product == place[0]])
    for product in place[1:-1]:
        order &= set(cart.order[cart.product == product])
    anyway = set(cart.order[(cart.product == place[-1]) & (cart.rule != number)])
    could, did = len(order - anyway), int((cart.rule == number).sum())
    p = rule.probability
    assert abs(did - p * could) < FAR * math.sqrt(could * p * (1 - p))


def test_the_next_order_holds_what_follows(full, frame):
    lines = frame("orders")
    held = lines[lines.event != REFUND].groupby("order").agg({"time": "first", "product": frozenset})
    person = full.causes.to_pandas().set_index("order").customer_id.reindex(held.index)
    ordered = held.assign(person=person).sort_values(["person", "time"])
    steps = [
        (before.product, after.product)
        for before, after in pairwise(ordered.itertuples())
        if before.person == after.person
    ]
    for rule in SEQUENCES:
        found = [rule.then in after for before, after in steps if rule.given in before]
        slack = FAR * math.sqrt(rule.probability * (1 - rule.probability) / len(found))
        assert len(found) > 30
        assert np.mean(found) > rule.probability - slack


def test_goods_come_back_as_often_as_said(full, frame):
    orders = frame("orders")
    orders = orders[orders.time < full.time.last - 40 * DAY]
    shelf = dict(zip(full.goods.name, full.goods.category, strict=True))
    poor = {name for name, bad in zip(full.goods.name, bruised(full.goods), strict=True) if bad}
    done = orders[(orders.event == ORDER) & ~orders["product"].isin(poor)]
    back = frame("orders")
    back = back[(back.event == REFUND)].merge(done[["order", "product"]], on=["order", "product"])
    for number, category in enumerate(CATEGORIES):
        lines = int((done["product"].map(shelf) == number).sum())
        returned = int((back["product"].map(shelf) == number).sum())
        slack = FAR * math.sqrt(lines * category.returns * (1 - category.returns))
        assert abs(returned - lines * category.returns) < slack


# ---- campaigns


def test_the_hold_out_shows_the_effect(full, frame):
    messages, orders = frame("messages"), full.causes.to_pandas()
    orders = orders[orders.fate == "placed"]
    joined = messages[messages.event == "Campaign Joined"]
    told = joined.properties.map(json.loads)
    joined = joined.assign(name=[t["campaign"] for t in told], held=[t["group"] == "holdout" for t in told])
    assert len(full.truth["campaigns"]) >= 9
    for campaign in full.truth["campaigns"]:
        group = joined[joined.name == campaign["name"]]
        after = group.merge(orders, on="customer_id", suffixes=("_joined", ""))
        within = (after.time > after.time_joined) & (after.time <= after.time_joined + 14 * DAY)
        counts = (
            after[within].groupby("customer_id").size().reindex(group.customer_id, fill_value=0).to_numpy()
        )
        held = group.held.to_numpy()
        effect = counts[~held].mean() - counts[held].mean()
        error = math.sqrt(counts[~held].var() / (~held).sum() + counts[held].var() / held.sum())
        assert abs(effect - campaign["effect"]) < FAR * error
        assert (held.sum(), (~held).sum()) == (campaign["holdout"], campaign["treated"])


def test_campaigns_together_moved_orders_but_summer_did_not(full):
    by_key = {}
    for campaign in full.truth["campaigns"]:
        by_key[campaign["key"]] = by_key.get(campaign["key"], 0) + campaign["orders"]
    assert by_key["summer"] == 0
    assert by_key["nowruz"] > 100
    assert (full.sold.cause != OWN_WILL).mean() < 0.03


# ---- visits


@pytest.mark.parametrize("device", range(len(DEVICES)))
def test_visits_of_buyers_end_in_orders_as_said(full, device):
    first = first_orders(full)
    idle = stopped(full.bought, full.crowd, full.time, WORLD, full.seed)
    later = full.time.operational(idle.start) > first[idle.customer]
    stops = int((later & (idle.device == device)).sum())
    repeat = full.time.operational(full.sold.time) > first[full.sold.customer] + 1e-6
    orders = int((repeat & (full.sold.way == device) & (full.sold.cause == OWN_WILL)).sum())
    assert orders / (orders + stops) == pytest.approx(WORLD.funnels[DEVICES[device]].whole, rel=0.03)


def test_checkout_is_the_step_said(full, frame):
    visits = frame("visits")
    told = visits.properties.str.extract(r'"device":"(\w+)"')[0]
    outage = visits[visits.event == "Payment Failed"]
    assert len(outage) == full.truth["outage"]["lost_orders"]
    started = visits[visits.event == "Checkout Started"].groupby(told).size()
    orders = full.causes.to_pandas()
    paid = orders[orders.fate.isin(["placed", "cancelled"])].groupby("way").size()
    for name in ("mobile", "desktop"):
        assert paid[name] / started[name] == pytest.approx(WORLD.funnels[name].pay, abs=0.03)


# ---- the anomaly and the reason


def test_one_gateway_failed_in_the_app_for_six_days(full, frame):
    told = full.truth["outage"]
    orders = frame("orders")
    orders = orders[orders.event == ORDER].drop_duplicates("order")
    app = orders[orders.channel == "app"]
    failing = app.properties.str.contains(told["gateway"])
    during = (app.time >= told["from"]) & (app.time < told["until"])
    usual = failing[~during].mean()
    assert usual == pytest.approx(0.6, abs=0.02)
    assert failing[during].mean() < 0.35
    assert told["until"] - told["from"] == 6 * DAY


def test_one_province_fell_and_waits_longer(full, frame):
    told = full.truth["slump"]
    causes = full.causes.to_pandas()
    orders = frame("orders")
    orders = orders[orders.event == ORDER].drop_duplicates("order")
    there = orders.properties.str.contains(told["province"])
    after = orders.time >= told["from"]
    assert there[after].mean() < 0.75 * there[~after].mean()
    assert orders[there & after].properties.str.contains('"delivery_days":8').all()
    assert not orders[~(there & after)].properties.str.contains('"delivery_days":8').any()
    assert (causes.fate == "lost to the slump").sum() == told["lost_orders"] > 50


# ---- attitude


def test_waiting_hurts(full):
    care = full.tickets
    marked = care.mark > 0
    hours = (care.solved - care.opened)[marked] / (3600 * 10**6)
    slope, _ = np.polyfit(np.log1p(hours / 24), care.mark[marked], 1)
    assert -1.0 < slope < -0.6


def test_the_content_stay_and_say_so(full, frame):
    crowd = full.crowd
    assert np.corrcoef(crowd.satisfaction, crowd.leave)[0, 1] < -0.3
    care = frame("care")
    nps = care[care.properties.str.contains('"survey":"NPS"', na=False)]
    number = nps.customer_id.str[1:].astype(int) - 1
    score = nps.properties.map(lambda text: json.loads(text)["score"])
    assert np.corrcoef(crowd.satisfaction[number], score)[0, 1] > 0.5


def test_poor_products_get_poor_reviews_in_many_words(full, frame):
    care = frame("care")
    reviews = care[care.event == "Product Reviewed"]
    told = reviews.properties.map(json.loads)
    score, words = told.map(lambda t: t["score"]), told.map(lambda t: t["words"])
    poor = reviews["product"].isin(full.truth["poor_products"])
    assert score[poor].mean() < score[~poor].mean() - 1
    assert words.nunique() > 0.8 * len(words)
    assert set(score) == {1, 2, 3, 4, 5}


# ---- the sales team


def test_good_reps_win_more(full, frame):
    sales = frame("sales")
    owner = sales.properties.map(lambda text: json.loads(text)["owner"])
    won, lost = (sales[sales.event == name].groupby(owner).size() for name in ("Deal Won", "Deal Lost"))
    reps = sorted(full.truth["reps"], key=full.truth["reps"].get)
    share = (won / (won + lost)).reindex(reps)
    assert share.iloc[-1] > share.iloc[0] + 0.15
    assert np.corrcoef(share, [full.truth["reps"][rep] for rep in reps])[0, 1] > 0.6


def test_a_deal_goes_through_its_stages_once(full, frame):
    sales = frame("sales")
    moves = sales[sales.event.isin(["Deal Created", "Deal Stage Changed", "Deal Won", "Deal Lost"])]
    deal = moves.properties.map(lambda text: json.loads(text)["deal"])
    ends = moves.event.isin(["Deal Won", "Deal Lost"]).groupby(deal).sum()
    assert ends.max() == 1
    assert (moves.groupby(deal).event.first() == "Deal Created").all()
    stages = moves[moves.event != "Deal Won"].properties.map(lambda text: json.loads(text)["stage"])
    assert set(stages) == set(WORLD.sales.stages)


def test_counts_are_those_of_the_rows(full, frame):
    counts, orders = full.truth["counts"], frame("orders")
    assert counts["orders"] == orders[orders.event == ORDER].order.nunique()
    assert counts["lines"] == (orders.event == ORDER).sum()
    assert counts["returned_lines"] == (orders.event == REFUND).sum()
    assert counts["orders"] == int((full.sold.fate == PLACED).sum())
