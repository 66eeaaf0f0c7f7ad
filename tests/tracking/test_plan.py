"""The tracking plan: JSON Schema of events, checked without network and without slow patterns."""

import time

import pytest

import ganj
from ganj.errors import UnknownName
from ganj.tracking import BadSchema, Check, Rule, drafted

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
