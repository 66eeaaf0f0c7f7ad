"""Who is who in what is collected: visitors become known, aliases of every dialect, in any order."""

import itertools

import pytest

import ganj
from ganj.errors import BadParameter
from ganj.log import Line
from ganj.miner import Reads
from stored import UTC_SETTINGS

DAY = 86_400_000_000
COUNT = itertools.count()


@pytest.fixture
def shop(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=3) as made:
        yield made


def line(words):
    """``track@3 u:7 a:x mail:a@x.ir`` is an event of day 3 of user 7, visitor x."""
    call, *ids = words.split()
    kind, _, day = call.partition("@")
    time = int(day or 0) * DAY
    told = Line(m=f"m{next(COUNT)}", r=time, t=time, k=kind, w="site", d="segment", e="Page Viewed")
    for word in ids:
        letter, _, value = word.partition(":")
        if letter in {"u", "a", "b"}:
            setattr(told, letter, value)
        elif letter in {"mail", "phone"}:
            told.x = {**(told.x or {}), {"mail": "email"}.get(letter, letter): value}
        else:
            told.i = [*(told.i or []), (letter, value)]
    return told


def collect(shop, *words):
    shop.collect([line(one) for one in words])
    shop.store.absorb()


def seen(shop):
    """Days of each customer's events."""
    found = {}
    for part in shop.store.histories(Reads()):
        found |= {int(number): [] for number in part.customer}
        for number, time in zip(part.customer[part.owner], part.time, strict=True):
            found[int(number)].append(int(time) // DAY)
    return found


def test_a_visitor_who_signs_in_brings_what_was_before(shop):
    collect(shop, "track@1 a:x", "track@2 a:x")
    collect(shop, "track@3 u:7")
    shop.store.seal()
    assert seen(shop) == {0: [1, 2], 1: [3]}
    collect(shop, "identify@4 u:7 a:x mail:Ali@X.ir", "track@5 a:x", "track@6 u:7")
    assert seen(shop) == {0: [1, 2, 3, 5, 6]}
    (merge,) = shop.merges()
    assert merge.automatic
    assert {merge.one, merge.other} == {("customer_id", "7"), ("anonymous_id", "x")}
    shop.unmerge(merge.id)
    assert seen(shop) == {0: [1, 2, 5], 1: [3, 6]}
    shop.rebuild()
    assert seen(shop) == {0: [1, 2, 5], 1: [3, 6]}
    collect(shop, "track@7 u:7 a:x")  # told apart, they stay apart: the visitor's id is set aside
    assert seen(shop) == {0: [1, 2, 5], 1: [3, 6, 7]}


@pytest.mark.parametrize(
    "alias", ["alias@3 u:user-1 b:anon-9", "alias@3 u:anon-9 b:user-1", "alias@3 i:x u:user-1 b:anon-9"]
)
@pytest.mark.parametrize("before", ["track@1 a:anon-9", "track@1 u:anon-9"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_alias_merges_in_both_directions_and_in_any_order(shop, alias, before, place):
    story = [before, "track@2 u:user-1"]
    for words in (*story[:place], alias, *story[place:]):
        collect(shop, words)
    assert sorted(seen(shop).values()) == [[1, 2]]
    known = [row[:2] for row in shop.customer(0).identifiers]
    assert len({value for _, value in known}) == len(known)


def test_two_known_people_are_merged_by_an_alias_and_by_no_identify(shop):
    collect(shop, "track@1 u:1", "track@2 u:2", "identify@3 u:1 a:pc", "identify@4 u:2 a:pc")
    assert seen(shop) == {0: [1], 1: [2]}
    collect(shop, "alias@5 u:2 b:1")
    assert seen(shop) == {0: [1, 2]}


def test_a_shared_device_glues_nobody(shop):
    collect(shop, *(f"track@{n} u:{n} a:pc device:d1" for n in range(1, 8)), "track@9 a:pc")
    assert sorted(seen(shop).values()) == [[1, 9], *([n] for n in range(2, 8))]


def test_ids_that_stand_for_nobody_merge_nobody(shop):
    collect(shop, "track@1 u:null a:x", "track@2 u:null a:y", "track@3 u:undefined a:x", "alias@4 u:7 b:null")
    assert sorted(seen(shop).values()) == [[], [1, 3], [2]]


def test_in_what_order_it_came_does_not_matter_to_who_is_who(shop, tmp_path):
    story = [
        "track@1 a:x",
        "track@2 u:7",
        "identify@3 u:7 a:x",
        "track@4 a:y",
        "identify@5 u:7 a:y mail:a@x.ir",
    ]
    collect(shop, *story)
    with ganj.create(tmp_path / "other", UTC_SETTINGS, buckets=3) as other:
        for words in reversed(story):
            collect(other, words)
        assert list(seen(shop).values()) == list(seen(other).values()) == [[1, 2, 4]]


def identify(shop, day, user, source, **traits):
    told = line(f"identify@{day} u:{user}")
    told.w, told.x = source, traits
    shop.collect([told])
    shop.store.absorb()


def test_which_source_wins_a_trait_is_decided_for_each_trait_and_all_that_was_said_is_kept(shop):
    identify(shop, 1, "7", "crm", city="Rey", plan="gold")
    identify(shop, 2, "7", "web", city="Qom and around", plan=None)
    identify(shop, 3, "7", "web", city="Qom")

    def city():
        return shop.store.profile(0)["traits"]["city"][:2], shop.store.trait("city")["value"].to_pylist()

    assert city() == (("Qom", "web"), ["Qom"])
    version = shop.store.data_version
    for rule, sources, winner in (
        ("first", (), ("Rey", "crm")),
        ("complete", (), ("Qom and around", "web")),
        ("sources", ("crm", "web"), ("Rey", "crm")),
        ("last", (), ("Qom", "web")),
        ("sources", ("crm",), ("Rey", "crm")),
    ):
        shop.prefer("city", rule, sources)
        assert city() == (winner, [winner[0]])
    assert shop.store.data_version != version
    shop.rebuild()
    assert city() == (("Rey", "crm"), ["Rey"])
    assert "plan" not in shop.store.profile(0)["traits"]  # taken back by an empty value
    assert [row[:3] for row in shop.store.trait_history(0)] == [
        ("city", "Qom", "web"),
        ("city", "Qom and around", "web"),
        ("city", "Rey", "crm"),
        ("plan", None, "web"),
        ("plan", "gold", "crm"),
    ]
    with pytest.raises(BadParameter):
        shop.prefer("city", "sources")
    with pytest.raises(BadParameter):
        shop.prefer("city", "best")


def test_what_is_taken_back_stays_so_when_two_are_merged(shop):
    identify(shop, 1, "7", "crm", plan="gold")
    identify(shop, 2, "8", "crm", plan=None)
    merge = shop.merge("customer_id:7", "customer_id:8")
    assert "plan" not in shop.store.profile(0)["traits"]
    shop.unmerge(merge.id)
    assert shop.store.profile(0)["traits"]["plan"][0] == "gold"
