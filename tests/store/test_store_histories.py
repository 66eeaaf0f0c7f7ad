"""What goes in comes out: histories, orders, customers, names."""

import numpy as np
import pytest

from ganj.events import STANDARD
from ganj.histories import NOBODY, Category
from ganj.miner import Reads
from ganj.store import Limits, Store
from store_words import DAY, load, name_of, rows, told

SHOP = """
ali&mail:ali@x order@3 O1 apple*2@1000 city=Tehran ~name=علي ~age=30
ali            order@3 O1 pear*1@500 city=Tehran
mail:ali@x     visit@1
sara           order@5 O2 apple*1@1000 city=Rey
sara           order@5 O2 fig*4@10 city=Qom
-              order@6 O3 apple*1@900
phone:+98912   ~name=Reza
"""


@pytest.fixture(
    params=[Limits(fresh=10_000), Limits(fresh=0), Limits(fresh=0, slice=1)],
    ids=["fresh", "sealed", "sliced"],
)
def store(request, tmp_path):
    with Store.create(tmp_path / "shop", buckets=3, limits=request.param) as made:
        yield made


def test_lines_of_one_order_become_one_event(store):
    loaded = load(store, SHOP)
    assert (loaded.read, loaded.imported, loaded.events, loaded.orders) == (7, 7, 4, 3)
    assert (loaded.customers, loaded.without_customer, loaded.amount) == (3, 1, 4440.0)
    ali = store.bucket(0, Reads(columns=("time", "event", "amount"), lines=True))
    assert ali.time.tolist() == [DAY, 3 * DAY]  # the visit by e-mail is Ali's: his first row says so
    assert ali.amount[1] == 2500.0
    assert ali.lines.quantity.tolist() == [2.0, 1.0]
    assert [ali.names["product"][code] for code in ali.lines.product] == ["apple", "pear"]


def test_customers_come_in_order_of_first_appearance_and_all_of_them_are_there(store):
    load(store, SHOP)
    parts = [store.bucket(number, Reads()) for number in range(3)]
    assert [part.customer.tolist() for part in parts] == [[0], [1], [2]]
    assert len(parts[2].time) == 0  # Reza never came; he is a customer all the same
    assert [name_of(store, number).split()[0] for number in range(3)] == [
        "customer_id:ali",
        "customer_id:sara",
        "phone:+98912",
    ]


def test_nobody_is_kept_apart(store):
    load(store, SHOP)
    assert all(NOBODY not in part.customer for part in store.histories(Reads()))
    *_, last = store.histories(Reads(columns=("amount",), nobody=True))
    assert (last.customer.tolist(), last.columns["amount"].tolist()) == ([NOBODY], [900.0])
    assert store.span() == (DAY, 5 * DAY)  # nobody's order on day 6 is no customer's


def test_what_lines_disagree_on_the_order_does_not_say(store):
    load(store, SHOP)
    cities = {}
    for part in store.histories(Reads(events=("Order Completed",), properties=("city",))):
        city = part.category("city")
        for number, code in zip(part.customer[part.owner], city.codes, strict=True):
            cities[int(number)] = city.labels[code] if code >= 0 else None
    assert cities == {0: "Tehran", 1: None}
    (order,) = store.timeline(1)
    assert [line["properties"] for line in order["lines"]] == [{"city": "Rey"}, {"city": "Qom"}]
    assert store.timeline(0)[0]["properties"] == {"city": "Tehran"}


def test_traits_are_columns_beside_the_customers(store):
    load(store, SHOP)
    part = store.bucket(0, Reads(traits=("name", "age")))
    name = part.traits["name"]
    assert isinstance(name, Category)
    assert [name.labels[code] for code in name.codes] == ["علي"]
    assert part.traits["age"].tolist() == [30.0]
    assert store.traits() == {"age": "number", "name": "category"}
    assert store.trait("name").to_pylist() == [
        {"customer": 0, "value": "علي"},
        {"customer": 2, "value": "Reza"},
    ]


def test_filters_of_events_time_and_customers(store):
    load(store, SHOP)
    assert seen(store, Reads(events=("Page Viewed",))) == {0: [1]}
    assert seen(store, Reads(), between=(DAY + 1, 5 * DAY)) == {0: [3]}  # from, and before
    assert seen(store, Reads(), customers=np.array([1, 2], np.int32)) == {1: [5]}
    assert seen(store, Reads(events=("Never Heard",))) == {}


def seen(store, reads, **asked):
    found = {}
    for part in store.histories(reads, **asked):
        for number, time in zip(part.customer[part.owner], part.time, strict=True):
            found.setdefault(int(number), []).append(int(time) // DAY)
    return found


def test_a_later_line_joins_the_order_that_is_stored(store):
    load(store, SHOP)
    loaded = load(store, "ali order@2 O1 plum*1@70 city=Qom")
    assert (loaded.imported, loaded.duplicates, loaded.events) == (1, 0, 1)
    (order, visit) = store.timeline(0)
    assert (order["amount"], order["time"], order["properties"]) == (2570.0, 2 * DAY, {})
    assert [line["product"] for line in order["lines"]] == ["apple", "pear", "plum"]
    assert visit["event"] == "Page Viewed"
    assert store.verify() == []


def test_the_same_file_twice_changes_nothing(store):
    load(store, SHOP)
    before, version = told(store), store.data_version
    again = load(store, SHOP)
    assert (again.read, again.imported, again.duplicates, again.amount, again.events) == (7, 0, 7, 0.0, 0)
    assert told(store) == before
    assert store.data_version != version  # a new import is there, though it brought nothing


def test_equal_lines_of_one_file_are_real(store):
    loaded = load(store, ["ali order@1 O1 apple*1@5", "ali order@1 O1 apple*1@5"])
    assert (loaded.imported, loaded.identical, loaded.amount) == (2, 1, 10.0)
    assert load(store, ["ali order@1 O1 apple*1@5"] * 3).imported == 1


def test_who_is_who_is_decided_by_the_strongest_known_identifier(store):
    load(
        store,
        """
        mail:a@x visit@1
        7&mail:a@x visit@2
        7&phone:+1 visit@3
        8&phone:+1 visit@4
        8 visit@5
        phone:+1 visit@6
        """,
    )
    # 7 and 8 are two people: nobody has two customer ids; the phone stays with whom it came
    assert seen(store, Reads()) == {0: [1, 2, 3, 6], 1: [4, 5]}
    load(store, "9&mail:new@x visit@7\n9&phone:+1 visit@8\nphone:+1 visit@9")
    assert seen(store, Reads())[2] == [7, 8]
    assert seen(store, Reads())[0][-1] == 9


def test_an_account_stands_for_a_customer_only_where_nobody_is_named(store):
    load(store, "account:Acme Deal@1 D1\nali&account:Acme visit@2\nsara&account:Acme visit@3")
    assert seen(store, Reads()) == {0: [1], 1: [2], 2: [3]}
    assert store.traits()["account"] == "category"


def test_search_finds_by_identifier_and_by_name_in_any_spelling(store):
    load(store, SHOP)
    assert store.search("على").tolist() == [0]  # the Arabic letter
    assert store.search("REZ").tolist() == [2]
    assert store.search("ALI@").tolist() == [0]
    assert store.search("۹۱۲").tolist() == [2]
    assert store.search("no one at all").tolist() == store.search(" ").tolist() == []
    people = store.people(np.array([2, 0]), ("name", "phone", "customer_id"))
    assert people.to_pylist() == [
        {"customer": 2, "name": "Reza", "phone": "+98912", "customer_id": None},
        {"customer": 0, "name": "علي", "phone": None, "customer_id": "ali"},
    ]


def test_a_trait_said_last_wins_and_the_source_is_known(store):
    load(store, "ali visit@5 ~city=Rey")
    load(store, "ali visit@3 ~city=Qom")  # imported later, but older
    value, source, time = store.profile(0)["traits"]["city"]
    assert (value, source, time) == ("Rey", "", 5 * DAY)


def test_a_property_of_many_values_is_no_breakdown(store):
    load(store, [f"ali visit@{n} city={'Rey' if n % 2 else 'Qom'} path=p{n}" for n in range(600)])
    assert set(store.properties()) == {"city", "path"}
    load(store, [f"ali visit@{n} path=q{n}" for n in range(600)])
    assert store.properties() == ("city",)
    assert store.names("property:path") == ()


def test_a_snapshot_sees_no_later_import(store):
    load(store, SHOP)
    snapshot = store.snapshot
    for n in range(6):  # enough for compaction: files of the snapshot are gone from the manifest
        load(store, f"ali visit@{10 + n}")
    part = snapshot.bucket(0, Reads())
    assert part.time.tolist() == [DAY, 3 * DAY]
    assert len(store.bucket(0, Reads()).time) == 8


def test_files_of_old_runs_go_when_no_one_reads_them(store):
    for n in range(12):
        load(store, f"ali visit@{n}")
        store.seal()
    files = {path.name for path in (store.folder / "runs").iterdir()}
    assert files == {run.path.name for run in store.snapshot.runs}
    assert 1 <= len(files) <= 4
    assert seen(store, Reads()) == {0: list(range(12))}


def test_standard_events_have_words_and_rows_their_schema():
    assert "Order Completed" in STANDARD
    assert rows("ali visit@1").num_rows == 1
