"""Customers are merged and told apart: rows stay where they are, and every reading follows."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ganj.events import ROWS
from ganj.miner import Reads
from ganj.store import Limits, Store
from ganj.store.deciding import MergeDecision, UnmergeDecision, line
from store_words import load, told
from stored import row, workspace

BEGIN = "2024-01-01"

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


def test_analysts_ask_of_people_as_they_are_now(store):
    load(store, SHOP)
    asked = "select customer, count(*)::int as events from events group by all order by all"
    assert store.sql(asked).to_pydict() == {"customer": [0, 1, 2, 3], "events": [2, 2, 1, 1]}
    decide(store, MergeDecision(("customer_id", "sara"), ("phone", "+98912")), "m1")
    assert store.sql(asked).to_pydict() == {"customer": [0, 1, 3], "events": [2, 3, 1]}
    people = store.sql("select customer, customer_id, phone, name from customers order by 1").to_pylist()
    assert people[1] == {"customer": 1, "customer_id": "sara", "phone": "+98912", "name": "Sara"}
    decide(store, UnmergeDecision("m1"), "m2")
    assert store.sql(asked).to_pydict() == {"customer": [0, 1, 2, 3], "events": [2, 2, 1, 1]}


def test_orders_that_grow_after_a_merge_grow_where_they_are(store):
    load(store, SHOP)
    decide(store, MergeDecision(("customer_id", "sara"), ("customer_id", "ali")), "m1")
    load(store, "sara order@5 O2 plum*1@70\nali order@3 O1 fig*1@5")
    assert seen(store) == {0: [2, 3, 5, 6], 2: [1], 3: [4]}
    amounts = {order["order"]: order["amount"] for order in store.timeline(0) if order["order"]}
    assert amounts == {"O1": 2005.0, "O2": 1070.0}
    decide(store, UnmergeDecision("m1"), "m2")
    assert seen(store) == {0: [3, 6], 1: [2, 5], 2: [1], 3: [4]}
    assert [order["amount"] for order in store.timeline(1)] == [1070.0, None]
    assert store.verify() == []


def test_a_file_may_say_that_two_customers_are_one(store):
    load(store, SHOP)
    load(store, "reza&phone:+98912 visit@9")
    assert seen(store) == {0: [3, 6], 1: [2, 5], 2: [1, 4, 9]}
    (merge,) = store.persons.merges()
    assert (merge.automatic, {merge.one, merge.other}) == (
        True,
        {("customer_id", "reza"), ("phone", "+98912")},
    )
    decide(store, UnmergeDecision(merge.id), "m1")
    assert seen(store) == {0: [3, 6], 1: [2, 5], 2: [1], 3: [4, 9]}
    load(store, "reza&phone:+98912 visit@11")  # told apart, they stay apart
    assert seen(store) == {0: [3, 6], 1: [2, 5], 2: [1], 3: [4, 9, 11]}


def test_all_that_a_person_has_is_told(store):
    load(store, SHOP)
    decide(store, MergeDecision(("customer_id", "sara"), ("phone", "+98912")), "m1")
    held = store.persons.holding(2)
    assert (held.origins, held.events, held.lines) == ((1, 2), 3, 1)
    assert held.identifiers == (("customer_id", "sara"), ("phone", "+98912"))
    assert (held.traits, held.batches, held.merges) == (("city", "name"), (1,), ("m1",))


def test_who_stands_for_whom_is_read_anew_when_an_import_is_taken_back_and_all_have_other_numbers(tmp_path):
    with workspace(tmp_path, [{"customer": "reza", "event": "Visit", "time": BEGIN}]) as shop:
        later = [
            row(n, customer=who, event="Visit", time=BEGIN) for n, who in enumerate(("ali", "sara", "mina"))
        ]
        pq.write_table(pa.Table.from_pylist(later, schema=ROWS), tmp_path / "later.parquet")
        shop.load_rows(tmp_path / "later.parquet")
        shop.merge("customer_id:sara", "customer_id:mina")
        assert [len(part.customer) for part in shop.store.histories(Reads())] == [1, 1, 1]
        shop.undo(shop.batches()[-1].id)
        assert shop.store.profile(1)["identifiers"] == shop.store.profile(2)["identifiers"]
        assert [row[1] for row in shop.store.profile(0)["identifiers"]] == ["ali"]
