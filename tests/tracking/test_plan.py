"""The tracking plan: JSON Schema of events, checked without network and without slow patterns."""

import time

import pytest

import ganj
from ganj.errors import UnknownName
from ganj.log import Line
from ganj.tracking import BadSchema, Check, Rule, drafted

NOW = time.time_ns() // 1000
PRICE = {"type": "object", "properties": {"price": {"type": "number", "minimum": 0}}, "required": ["price"]}


def test_what_breaks_a_rule_is_said_with_its_place():
    check = Check([Rule(event="Product Viewed", schema=PRICE)])
    assert check.wrong("Product Viewed", {"price": 5}) is None
    assert "price" in check.wrong("Product Viewed", {"price": -1})
    assert "price" in check.wrong("Product Viewed", None)
    assert check.wrong("Another Event", {"price": -1}) is None


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"$ref": "http://127.0.0.1:9/x"},
        {"$ref": "file:///etc/passwd"},
        {"properties": {"a": {"pattern": "("}}},
        {"enum": ["x" * 70_000]},
    ],
)
def test_what_is_no_schema_of_ours_is_refused(schema):
    with pytest.raises(BadSchema):
        Rule(event="e", schema=schema).validator()


def test_a_pattern_cannot_be_made_slow():
    check = Check([Rule(event="e", schema={"properties": {"a": {"pattern": "^(a+)+$"}}})])
    begun = time.perf_counter()
    assert check.wrong("e", {"a": "a" * 50_000 + "!"})
    assert time.perf_counter() - begun < 1


def test_a_draft_asks_for_what_every_event_had():
    rule = drafted("e", [("price", "number", 10), ("title", "text", 7), ("title", "empty", 3)], 10)
    assert rule.schema["required"] == ["price", "title"]
    assert rule.schema["properties"] == {"price": {"type": "number"}, "title": {"type": "string"}}
    assert Check([rule]).wrong("e", {"price": 1, "title": "x"}) is None


def test_the_plan_is_kept(tmp_path):
    with ganj.create(tmp_path / "w") as shop:
        assert not shop.planned.check()
        shop.planned.save(Rule(event="e", schema=PRICE, blocks=True))
        assert shop.planned.check().blocks("e")
        shop.planned.save(Rule(event="e", schema=PRICE))
        assert not shop.planned.check().blocks("e")
        with pytest.raises(UnknownName):
            shop.planned.remove("f")
        shop.planned.remove("e")
        assert shop.planned.all() == ()


# ---- collected events


def viewed(number, **said):
    return Line(f"m{number}", NOW, NOW, "track", "site", "segment", "Product Viewed", u="c1", p=said)


def test_what_is_off_the_plan_is_counted_and_what_a_rule_blocks_is_set_aside(tmp_path):
    with ganj.create(tmp_path / "w") as shop:
        shop.planned.save(Rule(event="Product Viewed", schema=PRICE))
        shop.collect([viewed(1, price=5), viewed(2, price=-1), viewed(3)])
        counts = shop.store.absorb()
        assert (counts.events, counts.off_plan, counts.rejected) == (3, 2, 0)
        shop.planned.save(Rule(event="Product Viewed", schema=PRICE, blocks=True))
        shop.collect([viewed(4, price=5), viewed(5, price=-1)])
        counts = shop.store.absorb()
        assert (counts.events, counts.off_plan, counts.rejected) == (1, 1, 1)
        (rejected,) = shop.rejected("site")
        assert rejected.code.startswith("off_plan price")
        (figures,) = shop.store.collection.state().sources
        assert (figures.accepted, figures.off_plan, figures.rejected) == (4, 3, 1)


def test_what_was_set_aside_is_stored_once_the_rule_is_mended(tmp_path):
    with ganj.create(tmp_path / "w") as shop:
        shop.planned.save(Rule(event="Product Viewed", schema=PRICE, blocks=True))
        shop.collect([viewed(1, price=-1)])
        shop.store.absorb()
        assert shop.replay(source="site").taken == 0  # sent again, and blocked again
        assert len(shop.rejected("site")) == 1
        shop.planned.remove("Product Viewed")
        shop.replay(source="site")
        assert shop.rejected("site") == []
        assert shop.sql("select count(*) as n from events").to_pylist() == [{"n": 1}]
