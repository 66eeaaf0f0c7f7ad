"""What a load says to tables waits until somebody asks for it, and a crash loses none of it."""

import shutil

import ganj
from collecting import collect, event, events, workspace


def seen(shop):
    store = shop.store
    (figures,) = store.collection.state(100_000).sources
    whose = [store.profile(customer)["identifiers"] for customer in range(3)]
    return events(shop), whose, store.names("event"), store.names("order"), figures, store.data_version


def bought(user, number):
    return event("Order Completed", user, m=f"m{number}", p={"order_id": f"o{number}", "total": 5})


def test_what_waits_is_told_to_whoever_asks_and_survives_a_crash(tmp_path):
    with workspace(tmp_path, bought("u0", 0)) as shop:
        for number in (1, 2, 3):
            collect(shop, bought(f"u{number % 3}", number), event("Own", "u1", m=f"own{number}"))
        waiting = shop.store._derived.database.waiting
        assert waiting.loads > 0
        killed = shutil.copytree(shop.folder, tmp_path / "killed")  # what a process leaves that ends now
        assert waiting.loads > 0
        told = seen(shop)
        assert waiting.loads == 0
        assert len(told[0]) == 7
        assert told[3] == ("o0", "o1", "o2", "o3")
        assert told[4].accepted == 7
        shop.rebuild()
        assert seen(shop) == told
    for _ in range(2):
        with ganj.open(killed) as again:
            assert seen(again) == told
            assert collect(again, bought("u2", 3)).duplicates == 1
            told = seen(again)


def test_a_load_tells_the_tables_itself_where_much_waits(tmp_path, monkeypatch):
    monkeypatch.setattr("ganj.store.waiting.MOST", 1)
    with workspace(tmp_path, bought("u0", 0)) as shop:
        collect(shop, bought("u1", 1))
        waiting = shop.store._derived.database.waiting
        before, told = waiting.times, 0
        for number in range(2, 8):
            collect(shop, bought(f"u{number % 3}", number))
            told += waiting.times > before
            before = waiting.times
        assert told == 3  # every second load
        stored = seen(shop)
        assert len(stored[0]) == 8
        shop.rebuild()
        assert seen(shop) == stored
