"""Customers who may be one person: offered, merged, told apart, taken back."""

import pytest

pytest.importorskip("splink")

import sqlalchemy as sa

from ganj.errors import BadParameter, UnknownName
from ganj.identity.duplicates import Step
from ganj.log import Line
from ganj.miners import find as miner
from ganj.workspace.duplicates.deciding import AlreadyDecided
from ganj.workspace.duplicates.groups import Groups
from ganj.workspace.duplicates.kept import PAIRS, Kept, pair_key
from ganj.workspace.identity import merge_all
from stored import workspace

PEOPLE = [
    {
        "customer": "A",
        "phone": "+989123456789",
        "traits": {"name": "مریم یوسفی", "birthday": "1370/01/05", "city": "تهران"},
    },
    {
        "customer": "B",
        "email": "m@x.ir",
        "traits": {"name": "Maryam Yousefi", "birthday": "1991-03-25", "city": "Tehran"},
    },
    {"customer": "C", "traits": {"name": "مريم يوسفي", "birthday": "۱۳۷۰/۱/۵", "mobile": "09123456788"}},
    {"customer": "D", "traits": {"name": "رضا کریمی", "birthday": "1365/05/05", "city": "تهران"}},
    {"customer": "E", "traits": {"name": "سارا کریمی", "birthday": "1367/05/05", "city": "تهران"}},
]


def rows():
    for at, who in enumerate(PEOPLE):
        yield who
        yield {
            "customer": who["customer"],
            "event": "Order Completed",
            "time": f"2024-0{at + 1}-01T10:00",
            "order": f"o{at}",
            "amount": 10.0,
        }


@pytest.fixture
def shop(tmp_path):
    made = workspace(tmp_path, list(rows()))
    yield made
    made.close()


def test_nothing_that_is_forgotten_is_left_in_the_file(shop):
    one, two, three, four = (("customer_id", letter * 9) for letter in "ABCD")
    empty = {"probability": 0.9, "weight": 3.0, "contributions": []}
    pairs = [(one, two), (one, three), (three, four)]
    Kept(shop.store.control.engine).offer(
        {"pair": pair_key(*pair), "left": list(pair[0]), "right": list(pair[1]), **empty} for pair in pairs
    )
    shop.duplicates.households.keep([[one, four], [two, three]])
    assert shop.duplicates.forget([one]) == 3
    assert shop.duplicates.forget([one]) == 0
    assert shop.duplicates.counts()["open"] == 1
    shop.close()
    kept = b"".join(file.read_bytes() for file in shop.folder.glob("control.sqlite*"))
    assert (b"A" * 9 in kept, b"C" * 9 in kept) == (False, True)


def names(shop, pair):
    return {
        dict(shop.store.profile(number)["traits"])["name"][0] for number in shop.duplicates.customers(pair)
    }


def report(shop):
    told = shop.mine(miner("overview")()).to_json()
    return {name: value for name, value in told.items() if name != "data_version"}


def test_pairs_are_offered_the_most_probable_first(shop):
    found = shop.duplicates.find(automatic=False)
    queue = shop.duplicates.queue()
    assert (found.customers, found.merged, found.pairs) == (5, 0, len(queue))
    assert [pair.probability for pair in queue] == sorted((pair.probability for pair in queue), reverse=True)
    assert names(shop, queue[0]) <= {"مریم یوسفی", "Maryam Yousefi", "مريم يوسفي"}


def test_a_pair_says_why(shop):
    shop.duplicates.find(automatic=False)
    pair = shop.duplicates.queue()[0]
    assert all(isinstance(step, Step) for step in pair.contributions)
    assert sum(step.weight for step in pair.contributions) == pytest.approx(pair.weight)


def test_a_merge_and_its_undo_leave_every_report_as_it_was(shop):
    before = report(shop)
    shop.duplicates.find(automatic=False)
    pair = shop.duplicates.queue()[0]
    merged = shop.duplicates.merge(pair.id, by="sara")
    one, other = shop.duplicates.customers(merged)
    assert one == other
    assert merged.status == "merged"
    assert report(shop) != before
    taken = shop.duplicates.undo(pair.id)
    assert taken.status == "open"
    assert report(shop) == before


def test_who_was_told_apart_is_never_offered_again(shop):
    shop.duplicates.find(automatic=False)
    pair = shop.duplicates.queue()[0]
    shop.duplicates.different(pair.id)
    shop.duplicates.find(automatic=True)
    again = shop.duplicates.queue()
    assert pair.id not in {other.id for other in again}
    one, other = shop.duplicates.customers(pair)
    assert one != other  # not even by way of a third


def test_who_was_told_apart_is_said_in_the_log(shop):
    shop.duplicates.find(automatic=False)
    pair = shop.duplicates.queue()[0]
    shop.duplicates.different(pair.id, by="sara")
    with shop.store.control.engine.begin() as con:
        con.execute(sa.delete(PAIRS))  # the queue is lost, and what is derived
    shop.rebuild()
    (told,) = shop.store.persons.apart()
    assert ({told.one, told.other}, told.by) == ({pair.left, pair.right}, "sara")
    shop.duplicates.find(automatic=False)
    (known,) = shop.duplicates.queue(status=("different",))
    assert ({known.left, known.right}, known.decision) == ({pair.left, pair.right}, {"by": "sara"})
    shop.duplicates.undo(known.id)
    shop.rebuild()
    assert shop.store.persons.apart() == []


def test_no_rule_makes_one_of_those_who_were_told_apart(shop):
    def alias(message):
        shop.collect([Line(m=message, r=1, t=1, k="alias", w="web", d="segment", u="A", b="D")])
        shop.store.absorb()
        return len({shop.store.persons.owner(("customer_id", who)) for who in "AD"})

    shop.tell_apart("customer_id:A", "customer_id:D")
    assert alias("1") == 2
    shop.tell_apart("customer_id:D", "customer_id:A", stands=False)
    assert alias("2") == 1


def test_merges_made_at_once_are_those_made_one_by_one(shop):
    links = [("customer_id", who) for who in "ABCDE"]
    pairs = [(0, 1), (1, 0), (3, 4), (1, 2), (0, 2), (2, 4), (0, 3)]
    made = merge_all(shop, [(links[one], links[other], {}) for one, other in pairs], "test")
    assert [bool(one) for one in made] == [True, False, True, True, False, True, False]
    assert len({shop.store.persons.owner(one) for one in links}) == 1
    shop.unmerge(made[5])
    assert [shop.store.persons.owner(one) for one in links] == [0, 0, 0, 3, 3]
    shop.rebuild()
    assert [shop.store.persons.owner(one) for one in links] == [0, 0, 0, 3, 3]


def test_it_holds_for_those_a_customer_was_merged_with(shop):
    shop.duplicates.find(automatic=False)
    told = {frozenset((pair.left[1], pair.right[1])): pair for pair in shop.duplicates.queue()}
    shop.duplicates.different(told[frozenset("AC")].id)
    shop.merge(("customer_id", "A"), ("customer_id", "B"))
    shop.duplicates.find(automatic=False)
    assert not [pair for pair in shop.duplicates.queue() if "C" in {pair.left[1], pair.right[1]}]


def test_sure_pairs_are_merged_at_once_and_can_be_taken_back(shop):
    shop.duplicates.save_rules({"precision": 0.9})
    found = shop.duplicates.find()
    assert found.merged >= 1
    assert found.precision >= 0.9
    merged = shop.duplicates.queue(status=("merged",))
    assert all(pair.decision.get("automatic") or pair.decision == {"merge": ""} for pair in merged)
    numbers = {shop.store.persons.owner(("customer_id", who)) for who in "DE"}
    assert len(numbers) == 2  # a brother and a sister
    shop.duplicates.undo(next(pair.id for pair in merged if pair.decision.get("automatic")))


def test_the_chosen_value_stays_and_the_undo_gives_each_their_own(shop):
    shop.duplicates.find(automatic=False)
    pair = next(pair for pair in shop.duplicates.queue() if {pair.left[1], pair.right[1]} == set("AB"))
    side = "left" if pair.left[1] == "B" else "right"
    shop.duplicates.merge(pair.id, {"name": side})
    profile = shop.store.profile(shop.duplicates.customers(pair)[0])
    assert profile["traits"]["name"][0] == "Maryam Yousefi"
    shop.duplicates.undo(pair.id)
    assert names(shop, pair) == {"Maryam Yousefi", "مریم یوسفی"}


def test_a_pair_put_off_comes_last(shop):
    shop.duplicates.find(automatic=False)
    first = shop.duplicates.queue()[0]
    assert shop.duplicates.later(first.id).status == "later"
    assert shop.duplicates.queue()[-1].id == first.id


def test_what_was_said_is_not_said_again_unseen(shop):
    shop.duplicates.find(automatic=False)
    pair = shop.duplicates.queue()[0]
    shop.duplicates.different(pair.id)
    with pytest.raises(AlreadyDecided):
        shop.duplicates.merge(pair.id)
    assert shop.duplicates.undo(pair.id).status == "open"


def test_the_decisions_survive_a_rebuild(shop):
    shop.duplicates.find(automatic=False)
    first, *_ = shop.duplicates.queue()
    shop.duplicates.merge(first.id)
    shop.rebuild()
    one, other = shop.duplicates.customers(shop.duplicates.pair(first.id))
    assert one == other
    assert shop.duplicates.undo(first.id).status == "open"


def test_an_unknown_pair_and_a_wild_rule_are_refused(shop):
    with pytest.raises(UnknownName):
        shop.duplicates.pair(10**9)
    with pytest.raises(BadParameter):
        shop.duplicates.save_rules({"precision": 7})


def test_nobody_has_no_doubles(tmp_path):
    import ganj

    with ganj.create(tmp_path / "empty") as empty:
        assert empty.duplicates.find().pairs == 0
        assert empty.duplicates.queue() == []


def test_no_group_holds_people_who_are_different():
    groups = Groups({(1, 3)})
    assert groups.join(1, 2)
    assert not groups.join(1, 2)
    assert not groups.join(2, 3)
    assert groups.join(3, 4)
    assert not groups.join(4, 1)
