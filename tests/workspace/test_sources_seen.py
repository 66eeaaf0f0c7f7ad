"""What the Sources page is fed with: what events say, at once; the newest lines, also when their file is packed."""

import ganj
from ganj.log import Line
from ganj.workspace.tailing import tail
from stored import UTC_SETTINGS

NOW = 1_800_000_000_000_000


def line(number, **properties):
    return Line(
        m=f"m{number}", r=NOW + number, t=NOW, k="track", w="shop", d="ganj", e="Tried", u="u1", p=properties
    )


def seen(shop):
    return {(one.property, one.kind): one.seen for one in shop.store.collection.schema("Tried")}


def test_what_events_say_is_counted_at_once_and_kept(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=2) as shop:
        for load in range(3):  # the second and third follow within the second
            shop.collect([line(10 * load + n, a=n, b="x") for n in range(5)], "shop")
            shop.store.absorb()
            assert seen(shop) == {("a", "number"): 5 * load + 5, ("b", "text"): 5 * load + 5}
        shop.collect([line(90, a="seven")], "shop")
        shop.store.absorb()
        assert seen(shop)["a", "text"] == 1


def test_the_newest_lines_are_found_in_packed_files(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=2) as shop:
        shop.collect([line(n, a=n) for n in range(20)], "shop")
        shop.store.absorb()
    with ganj.open(tmp_path / "shop") as shop:  # the file is sealed now; what is loaded of it is packed
        shop.store.settle()
        assert list((shop.folder / "log").glob("*.zst"))
        assert [one.m for one in tail(shop, "shop", 3)] == ["m19", "m18", "m17"]
        assert tail(shop, "other", 3) == []
        shop.collect([line(30)], "shop")
        assert [one.m for one in tail(shop, "", 2)] == ["m30", "m19"]
