"""Customers are merged and told apart: rows stay where they are, and every reading follows."""

import numpy as np
import pytest

from ganj.miner import Reads
from ganj.store import Limits, Store
from ganj.store.deciding import MergeDecision, UnmergeDecision, line
from store_words import load, told

SHOP = """
ali&mail:ali@x order@3 O1 apple*2@1000 city=Tehran ~name=Ali ~age=30
sara           order@5 O2 apple*1@1000 city=Rey ~name=Sara
ali            visit@6
phone:+98912   visit@1 ~name=Reza ~city=Qom
sara           visit@2
reza           visit@4
"""


@pytest.fixture(params=[Limits(fresh=10_000), Limits(fresh=0)], ids=["fresh", "sealed"])
def store(request, tmp_path):
    with Store.create(tmp_path / "shop", buckets=3, limits=request.param) as made:
        yield made


def seen(store, reads=None, **asked):
    found = {}
    for part in store.histories(reads or Reads(), **asked):
        found |= {int(number): [] for number in part.customer}
        for number, time in zip(part.customer[part.owner], part.time, strict=True):
            found[int(number)].append(int(time) // 86_400_000_000)
    return found


def decide(store, decision, message):
    return store._derived.decide([line(decision, message, 1)])[0]


def test_a_merge_shows_everywhere_and_its_undoing_too(store):
    load(store, SHOP)
    before = told(store)
    assert seen(store) == {0: [3, 6], 1: [2, 5], 2: [1], 3: [4]}
    assert decide(store, MergeDecision(("customer_id", "sara"), ("phone", "+98912")), "m1") == "done"
    assert seen(store) == {0: [3, 6], 1: [1, 2, 5], 3: [4]}
    assert store.profile(2)["customer"] == 1
    assert store.profile(1)["traits"]["name"][0] == "Sara"  # said on day 5
    assert store.profile(1)["traits"]["city"][0] == "Qom"
    assert store.search("reza").tolist() == [1, 3]
    assert store.trait("name").to_pylist() == [
        {"customer": 0, "value": "Ali"},
        {"customer": 1, "value": "Sara"},
    ]
    assert [row["phone"] for row in store.people(np.array([1]), ("phone",)).to_pylist()] == ["+98912"]
    assert decide(store, UnmergeDecision("m1"), "m2") == "done"
    assert told(store) == before
    assert seen(store) == {0: [3, 6], 1: [2, 5], 2: [1], 3: [4]}
