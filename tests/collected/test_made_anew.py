"""Everything derived can be lost: the log and the imports, in the order they came, make it again, the same."""

import random

import pytest

import ganj
from collecting import NOW, collect, event, events, group, identify, segment, workspace
from ganj.miners.rfm import Rfm


def bought(dice, number, who=40):
    user = f"u{dice.randrange(who)}"
    return event(
        "Order Completed", user, dice.randrange(10_000_000), m=f"o{number}",
        p={"order_id": f"o{number}", "total": dice.randrange(1, 90), "products": [{"product_id": "a", "price": 2}]},
    )  # fmt: skip


def shop_of_both(folder, dice):
    """A workspace of imports and collected events, one after the other."""
    shop = workspace(folder, *[bought(dice, n) for n in range(40)], currency="USD")
    for part in range(3):
        rows = [f"u{n},i{part}{n},2025-10-{n % 28 + 1},{n + 5}\n" for n in range(20)]
        file = folder / f"{part}.csv"
        file.write_text("customer_id,order_id,order_date,total\n" + "".join(rows))
        shop.load(shop.plan(file, currency="USD"))
        collect(
            shop,
            *[bought(dice, 1_000 * (part + 1) + n) for n in range(30)],
            identify(f"u{part}", traits={"city": f"c{part}"}),
        )
    return shop


def report(shop):
    return [shop.mine(Rfm()).to_json(), events(shop), shop.store.profile(1), shop.store.names("order")]


def test_made_anew_it_is_the_same(tmp_path):
    with shop_of_both(tmp_path, random.Random(1)) as shop:
        before = report(shop)
        shop.rebuild()
        assert report(shop) == before


def test_an_import_is_taken_back_from_among_collected_events(tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    with shop_of_both(tmp_path / "a", random.Random(1)) as shop:
        before = events(shop)
        shop.undo(2)
        after = events(shop)
        gone = [one for one in before if one["import"] == 2]
        assert len(gone) == 20
        assert len(after) == len(before) - 20
        collect(shop, event(m="o3"))  # still known
        assert len(events(shop)) == len(after)


def test_an_order_collected_again_after_its_import_is_taken_back_counts(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("customer_id,order_id,order_date,total\nu1,a,2025-11-20,30\n")
    with workspace(tmp_path, currency="USD") as shop:
        shop.load(shop.plan(file, currency="USD"))
        collect(shop, event("Order Completed", p={"order_id": "a", "total": 30}))
        assert [one["event"] for one in events(shop)] == ["Order Completed", "Order Repeated"]
        shop.undo(1)
        assert [(one["event"], one["amount"]) for one in events(shop)] == [("Order Completed", 30.0)]


def deleted(path):
    path.unlink()


def flipped(path):
    data = bytearray(path.read_bytes())
    for place in range(0, len(data), 4096):
        data[place + 40 if place + 40 < len(data) else place] ^= 0x10
    path.write_bytes(data)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [deleted, flipped, cut])
def test_a_damaged_database_is_made_anew_by_itself(tmp_path, damage):
    """F13."""
    with shop_of_both(tmp_path, random.Random(2)) as shop:
        before = report(shop)
    damage(tmp_path / "shop" / "ganj.duckdb")
    with ganj.open(tmp_path / "shop") as shop:
        assert report(shop) == before
        assert not shop.verify()


def test_what_waits_in_the_log_is_loaded_on_opening(tmp_path):
    with workspace(tmp_path, event()) as shop:
        folder = shop.folder
    segment(folder / "log", [event(m="late1"), event(m="late2")], number=NOW * 1000)
    with ganj.open(folder) as shop:
        assert len(events(shop)) == 3


def test_a_flipped_bit_in_a_file_of_the_log_costs_one_group_and_is_told(tmp_path):
    """F11."""
    groups = [group(*(event(m=f"{n}-{k}") for k in range(10))) for n in range(20)]
    data = bytearray(b"".join(groups))
    data[len(data) // 2] ^= 4
    with workspace(tmp_path) as shop:
        segment(shop.folder / "log", bytes(data))
        counts = shop.store.absorb()
        assert (counts.events, counts.damaged) == (190, 1)
        assert shop.store.collection.state().kept == 1
        shop.rebuild()
        assert len(events(shop)) == 190


def test_loaded_files_are_packed_and_count_the_same(tmp_path):
    with workspace(tmp_path, *[event(m=f"a{n}") for n in range(50)]) as shop:
        shop._collecting.close()
        shop.store.settle()
        assert [path.suffix for path in (shop.folder / "log").iterdir()] == [".zst"]
        collect(shop, event(m="a1"), event(m="b"))
        shop.rebuild()
        assert len(events(shop)) == 51
        assert shop.store.absorb().lines == 0
