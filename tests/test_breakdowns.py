"""Breakdowns are the same words in every analysis, and what they tell apart is counted right."""

import random
from collections import defaultdict

import pytest

from ganj import miners
from ganj.display import Display
from ganj.errors import BadParameter, UnknownName
from ganj.filters import condition
from ganj.miners.compare import Compare
from ganj.miners.funnel import Funnel
from ganj.miners.overview import Overview
from ganj.miners.paths import Paths
from ganj.miners.retention import Retention
from ganj.parameters import build, parameters
from ganj.segments import Condition, Segment
from ganj.segments.matching import match
from stored import UTC_SETTINGS, workspace

CATEGORY = {"tea": "drinks", "coffee": "drinks", "bread": "food", "rope": ""}
WORDS = ("channel", "source", "product", "product.category", "city", "customer.city", "device", "event.device", "segment:North")  # fmt: skip


@pytest.fixture(scope="module")
def events():
    """Views of one product and orders of several, as (customer, event, day, channel, {product: money})."""
    chance = random.Random(5)
    out = []
    for n in range(40):
        for day in sorted(chance.sample(range(1, 28), 6)):
            goods = chance.sample(sorted(CATEGORY), chance.choice((1, 1, 2, 3)))
            bought = chance.random() < 0.5
            worth = {one: float(chance.randint(1, 9)) for one in (goods if bought else goods[:1])}
            out.append((f"c{n}", "Order Completed" if bought else "Product Viewed", day, chance.choice(("app", "site")), worth))  # fmt: skip
    return out


@pytest.fixture(scope="module")
def shop(tmp_path_factory, events):
    rows = [{"customer": f"c{n}", "traits": {"city": "Rasht" if n % 3 else "Yazd"}} for n in range(40)]
    for order, (who, event, day, channel, worth) in enumerate(events):
        each = {"customer": who, "event": event, "time": f"2024-01-{day:02}T10:00", "channel": channel, "source": "till"}  # fmt: skip
        each["properties"] = {"device": "app" if day % 2 else "web"}
        for name, money in worth.items():
            bought = (
                {"order": f"o{order}", "quantity": 1.0, "price": money, "amount": money}
                if event == "Order Completed"
                else {}
            )
            rows.append(
                {**each, "product": name, "product_traits": f'{{"category": "{CATEGORY[name]}"}}', **bought}
            )
    with workspace(tmp_path_factory.mktemp("parts"), rows, UTC_SETTINGS) as opened:
        opened.save_segment("North", Segment((Condition("city", "=", "Rasht"),)))
        yield opened


BROKEN = [
    (name, one)
    for name in (
        *("overview", "funnel", "retention", "sessions", "why", "forecast", "anomaly"),
        *("lifecycle", "stickiness", "timing", "paths", "journey"),
    )
    for one in parameters(miners.find(name))
    if one.of == "part" and one.name in {"by", "across"}
]


def asked(name, parameter, word):
    needs = {"funnel": {"steps": "Product Viewed,Order Completed"}, "why": {"last": "7d"}}.get(name, {})
    needs = {
        key: value for key, value in needs.items() if key in {p.name for p in parameters(miners.find(name))}
    }
    return build(miners.find(name), {**needs, parameter.name: [word] if parameter.kind == "texts" else word})


@pytest.mark.parametrize(("name", "parameter"), BROKEN, ids=[name for name, _ in BROKEN])
def test_every_word_breaks_down_and_every_number_opens(shop, name, parameter):
    for word in WORDS:
        mined = shop.mine(asked(name, parameter, word))
        found, opened = mined.scores(), 0
        for table in mined.report.tables.values():
            for column in table.columns:
                for row, opens in enumerate(table.opens.get(column.name, ())):
                    if opens is not None and column.unit == "customers":
                        opened += 1
                        assert len(match(found, opens)) == table.values[column.name][row], (
                            word,
                            column.name,
                            row,
                        )
        assert opened or name in {"why", "forecast", "anomaly"}  # these say little of so few


@pytest.mark.parametrize("word", ["product", "product.category"])
def test_an_order_is_of_each_of_its_products(shop, events, word):
    orders, money, people = defaultdict(set), defaultdict(float), defaultdict(set)
    for number, (who, event, *_, worth) in enumerate(events):
        for product, price in worth.items() if event == "Order Completed" else ():
            label = product if word == "product" else CATEGORY[product]
            orders[label].add(number)
            money[label] += price
            people[label].add(who)
    told = shop.mine(Overview(by=word)).table("groups").to_arrow().to_pylist()
    rows = {row["group"]: row for row in told if row["orders"]}
    assert set(rows) == {label or "" for label in orders} or set(rows) == {label or "—" for label in orders}
    for label, row in rows.items():
        key = label if label in orders else ""
        assert row["orders"] == len(orders[key])
        assert row["revenue"] == pytest.approx(money[key])
        assert row["customers"] == len(people[key])


@pytest.mark.parametrize("touch", ["first", "last"])
def test_an_order_of_several_products_is_touched_once_by_its_dearest(shop, events, touch):
    """Each customer once, under the product that most of the first (last) order's money is for; ties are either's."""
    orders = {}
    for who, event, _, _, worth in events:
        if event == "Order Completed" and (touch == "last" or who not in orders):
            orders[who] = worth
    sure, perhaps = defaultdict(int), defaultdict(int)
    for worth in orders.values():
        best = [name for name, money in worth.items() if money == max(worth.values())]
        for name in best:
            perhaps[name] += 1
        sure[best[0]] += len(best) == 1
    steps = ("Order Completed", "Order Completed")
    mined = shop.mine(Funnel(steps=steps, within=_days(40), by="product", attribution=touch))
    told = defaultdict(int)  # the first step has most
    for row in mined.table("group_steps").to_arrow().to_pylist():
        told[row["group"]] = max(told[row["group"]], row["customers"])
    assert sum(told.values()) == len(orders)
    assert all(sure[name] <= count <= perhaps[name] for name, count in told.items())


def test_a_funnel_of_each_product(shop, events):
    """Who viewed a product and later ordered that very one."""
    wanted = defaultdict(lambda: [set(), set()])
    for who, event, day, _, worth in events:
        for product in worth if event == "Product Viewed" else ():
            wanted[product][0].add(who)
            if any(
                a == who and e == "Order Completed" and d > day and product in w for a, e, d, _, w in events
            ):
                wanted[product][1].add(who)
    mined = shop.mine(Funnel(steps=("Product Viewed", "Order Completed"), within=_days(40), by="product", attribution="all"))  # fmt: skip
    told = defaultdict(dict)
    for row in mined.table("group_steps").to_arrow().to_pylist():
        told[row["group"]][row["step"]] = row["customers"]
    assert {name: list(steps.values()) for name, steps in told.items()} == {
        name: [len(one) for one in both] for name, both in wanted.items()
    }


def test_retention_of_each_product(shop, events):
    """Who ordered a product in January's first week and that product again in the second."""

    def week(day):
        return (day - 1) // 7  # the first of January 2024 is a Monday

    mined = shop.mine(Retention(period="week", by="product", ages=3))
    first = defaultdict(dict)
    for who, event, day, _, worth in sorted(events, key=lambda one: one[2]):
        for product in worth if event == "Order Completed" else ():
            first[product].setdefault(who, week(day))
    for row in mined.table("groups").to_arrow().to_pylist():
        began = first[row["group"]]
        old = {who for who, begun in began.items() if begun + row["age"] < 3}  # the fourth week is not over
        came = {
            who
            for who, event, day, _, worth in events
            if who in old and event == "Order Completed" and row["group"] in worth and week(day) == began[who] + row["age"]
        }  # fmt: skip
        assert row["age"] in {0, 1, 2, 3}
        if row["age"]:
            assert (row["begun"], row["back"]) == (len(old), len(came)), row


def _days(many):
    from datetime import timedelta

    return timedelta(days=many)


def test_members_of_a_segment_and_the_others(shop):
    told = shop.mine(Overview(by="segment:North")).table("groups").to_arrow().to_pylist()
    assert {row["group"]: row["customers"] for row in told} == {"North": 26, "≠ North": 14}
    page = shop.mine(Paths(by="segment:North")).table("groups").table.columns[0]
    assert [words.en for _, words in page.choices] == ["North", "not in North"]


def test_products_are_told_by_their_traits_in_filters_too(shop, events):
    mined = shop.mine(Overview(where=("product.category = drinks",)))
    wanted = {n for n, (_, event, *_, worth) in enumerate(events) if event == "Order Completed" and {"tea", "coffee"} & set(worth)}  # fmt: skip
    assert mined.table("figures").to_arrow()["orders"][0].as_py() == len(wanted)
    without = shop.mine(Overview(where=("product.category is not set", "event = Order Completed")))
    rope = {n for n, (_, event, *_, worth) in enumerate(events) if event == "Order Completed" and set(worth) == {"rope"}}  # fmt: skip
    assert without.table("figures").to_arrow()["orders"][0].as_py() == len(rope)
    assert str(condition("product.category = drinks")) == "product.category = drinks"


def test_paths_and_comparisons_take_products_too(shop):
    assert set(shop.mine(Paths(named_by=("product.category",))).table("steps").to_arrow()["step"].to_pylist()) >= {"1_drinks", "1_food"}  # fmt: skip
    told = shop.mine(
        Compare(one="North", properties=("channel", "product.category"), support=1, fewest=2)
    ).table("differences")
    assert {"channel", "product.category"} <= set(told.to_arrow()["kind"].to_pylist())


@pytest.mark.parametrize(
    ("word", "near"),
    [("category", "product.category"), ("Channel", "channel"), ("segment:Nort", "segment:North"), ("customer.town", "city"), ("event.divice", "device")],
)  # fmt: skip
def test_an_unknown_word_is_refused_with_the_nearest(shop, word, near):
    for name, parameter in BROKEN:
        with pytest.raises(UnknownName) as mistake:
            shop.mine(asked(name, parameter, word))
        assert near in mistake.value.advice("fa")


# ---- events that are looked at unless something else is named


def test_what_is_not_there_and_nobody_named_is_said_with_what_is(tmp_path):
    rows = [{"customer": f"c{n % 7}", "event": ("catalog", "cart")[n % 2], "time": f"2024-01-{n + 1:02}"} for n in range(20)]  # fmt: skip
    with workspace(tmp_path, rows) as shop:
        for name in (
            "retention",
            "lifecycle",
            "sessions",
            "timing",
            "heatmap",
            "attribution",
            "compare",
            "activity",
        ):
            first = shop.mine(build(miners.find(name), {})).findings[0]
            assert first.finding.tone == "warn"
            for language in ("en", "fa"):
                assert "catalog" in first.in_words(Display(language=language))
        for name in ("stickiness", "paths", "journey"):  # these look at every event
            assert "catalog" not in shop.mine(build(miners.find(name), {})).findings[0].finding.evidence.get(
                "near", ""
            )


def test_a_property_of_too_many_values_breaks_nothing_down(tmp_path):
    rows = [{"customer": "c", "event": "Seen", "time": 1_700_000_000_000_000 + n, "properties": {"path": f"/{n}"}} for n in range(1_100)]  # fmt: skip
    with workspace(tmp_path, rows) as shop, pytest.raises(BadParameter) as mistake:
        shop.mine(Overview(by="path"))
    assert "filter" in mistake.value.message("en")
