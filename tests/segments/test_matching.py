"""Conditions on scores, one by one."""

import numpy as np
import pyarrow as pa
import pytest

from ganj.display import Display
from ganj.errors import BadParameter, UnknownName
from ganj.miner import Where
from ganj.miners.rfm import Rfm
from ganj.segments import Segment, match

SCORES = pa.table(
    {
        "customer": pa.array([3, 5, 8], pa.int32()),
        "kind": pa.array(["gold", None, "lead"]).dictionary_encode(),
        "orders": pa.array([2, 0, 7], pa.int64()),
        "value": pa.array([1.5, None, 9.0]),
        "active": pa.array([[0, 2], [], [2]], pa.list_(pa.int64())),
        "name": pa.array(["12", "b", None]),
    }
)


@pytest.mark.parametrize(
    ("column", "op", "value", "customers"),
    [
        ("kind", "=", "gold", [3]),
        ("kind", "!=", "gold", [8]),  # an empty value is neither
        ("kind", "in", ["gold", "lead"], [3, 8]),
        ("kind", "=", None, [5]),
        ("orders", ">=", 2, [3, 8]),
        ("orders", "<", 2, [5]),
        ("orders", "in", [0, 7], [5, 8]),
        ("value", ">", 1, [3, 8]),  # a whole number asked of a fraction
        ("value", "!=", None, [3, 8]),
        ("active", "has", 2, [3, 8]),
        ("active", "has", 9, []),
        ("name", "=", 12, [3]),  # a number asked of words
    ],
)
def test_a_condition(column, op, value, customers):
    assert match(SCORES, (Where(column, op, value),)).tolist() == customers


def test_all_conditions_hold_together():
    assert match(SCORES, (Where("orders", ">", 0), Where("active", "has", 0))).tolist() == [3]


def test_no_condition_is_everyone():
    assert np.array_equal(match(SCORES, ()), [3, 5, 8])


def test_an_unknown_score_names_the_nearest():
    with pytest.raises(UnknownName) as wrong:
        match(SCORES, (Where("order", "=", 1),))
    assert "orders" in wrong.value.advice("en")


def test_a_segment_survives_json():
    told = Segment.of(Rfm(), (Where("rfm_segment", "=", "champions"),))
    import msgspec

    assert Segment.read(msgspec.json.decode(msgspec.json.encode(told))) == told


def test_what_is_no_segment_is_refused():
    with pytest.raises(BadParameter):
        Segment.read({"all": [{"column": "orders", "op": "drop table", "value": 1}]})


@pytest.mark.parametrize(
    ("language", "said"), [("en", "RFM segment is Champions"), ("fa", "برابر است با قهرمانان")]
)
def test_a_segment_says_itself(language, said):
    told = Segment.of(Rfm(), (Where("rfm_segment", "=", "champions"),))
    assert said in told.sentence(Display(language=language))
