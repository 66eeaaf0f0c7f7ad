"""Events in files of their own until they are sealed: few files, whoever each event belongs to now."""

import ganj
from collecting import collect, event, events, identify, workspace
from ganj.store import fresh


def test_many_small_loads_are_few_files_and_known_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(fresh, "MANY", 4)
    with workspace(tmp_path) as shop:
        for n in range(20):
            collect(shop, event(m=f"m{n}", user=f"u{n % 3}", at=n), identify(f"u{n % 3}", m=f"i{n}"))
        shop.store.settle()
        assert len(events(shop)) == 20  # nobody reads what was before
        assert len(list((shop.folder / "runs").glob("*.fresh"))) <= 8
        assert sum(file.rows for file in shop.store.snapshot.collected.files) == 20
        before = events(shop)
        assert len(before) == 20
    with ganj.open(tmp_path / "shop") as shop:
        assert events(shop) == before
        assert collect(shop, event(m="m0"), identify("u0", m="i19"), event(m="new")).duplicates == 2
        shop.store.seal()
        shop.store.settle()  # what was being tidied beside it was in vain
        assert len(events(shop)) == 21
        assert not list((shop.folder / "runs").glob("*.fresh"))  # nobody reads the earlier state any more
        assert collect(shop, event(m="m7"), identify("u0", m="i3"), event(m="new")).duplicates == 3
        assert shop.store.verify() == []


def test_fresh_events_follow_who_they_belong_to(tmp_path):
    with workspace(tmp_path) as shop:
        collect(shop, event(None, None, m="v", e="Visited", a="visitor"), event(m="k", e="Known"))
        assert len({told["customer"] for told in events(shop)}) == 2
        collect(shop, identify("u1", m="both", a="visitor"))
        assert len({told["customer"] for told in events(shop)}) == 1
        (customer,) = {told["customer"] for told in events(shop)}
        assert len(shop.store.timeline(customer)) == 2
        shop.store.seal()
        assert len(shop.store.timeline(customer)) == 2
        assert shop.store.verify() == []
