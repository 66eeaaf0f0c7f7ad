"""A refund that names an order and no amount gives back what of the order is left, whatever comes first."""

import itertools

import pytest

import ganj
from collecting import collect, event, events, workspace

TOLD = {
    "bought": ("Order Completed", {"total": 100}),
    "part": ("Order Refunded", {"total": 30}),
    "whole": ("Order Refunded", {}),
    "again": ("Order Refunded", {}),
    "items": ("Order Refunded", {"products": [{"sku": "x", "price": 10, "quantity": 2}, {"sku": "y", "price": 5}]}),
    "unpriced": ("Order Refunded", {"products": [{"sku": "x"}]}),
}  # fmt: skip
MOMENTS = list(TOLD)
"""When each happened, whenever it comes."""
COME_TO = {
    "bought whole": [100.0, -100.0],
    "bought whole whole": [100.0, -100.0],  # sent again: one message
    "bought whole again": [100.0, -100.0, 0.0],  # nothing was left
    "bought part whole": [100.0, -30.0, -70.0],
    "bought items whole": [100.0, -75.0, -25.0],
    "bought unpriced": [100.0, None],  # a part, of which nobody says what it is worth
    "bought part whole again": [100.0, -30.0, -70.0, 0.0],
    "whole": [None],  # of an order nobody told of
}


def sent(word, order="a"):
    name, properties = TOLD[word]
    moment = {"user": f"u-{order}", "at": 9 - MOMENTS.index(word), "m": f"{word}-{order}"}
    return event(name, p={"order_id": order, **properties}, **moment)


def amounts(shop):
    """What each order's events come to, in order of time."""
    told = {}
    for one in events(shop):
        told.setdefault(one["order_id"], []).append(one["amount"])
    return told


def every_order():
    """Each case in every order in which its messages may come: the number of an order and its words."""
    ways = [(case, way) for case in COME_TO for way in sorted(set(itertools.permutations(case.split())))]
    return {f"{number}": (case.split(), way) for number, (case, way) in enumerate(ways)}


@pytest.mark.parametrize("kept", ["fresh", "sealed", "at once"])
def test_whatever_comes_first(tmp_path, kept):
    """Each message in a load of its own, before and after those of earlier loads are sealed; and all in one."""
    ways = every_order()
    with workspace(tmp_path) as shop:
        for step in range(4):
            lines = [sent(way[step], order) for order, (_, way) in ways.items() if step < len(way)]
            shop.collect(lines)
            if kept != "at once":
                shop.store.absorb()
            if kept == "sealed":
                shop.store.seal()
        shop.store.absorb()
        found = amounts(shop)
        assert {order: (way, found[order]) for order, (_, way) in ways.items()} == {
            order: (way, COME_TO[" ".join(case)]) for order, (case, way) in ways.items()
        }
        assert shop.store.verify() == []
        before = events(shop)
        shop.rebuild()
        assert events(shop) == before


@pytest.mark.parametrize("first", ["import", "collection"])
def test_an_order_that_an_import_brings(tmp_path, first):
    (tmp_path / "orders.csv").write_text("customer_id,order_id,order_date,total\nu1,a,2025-11-20,100\n")
    with workspace(tmp_path, currency="USD") as shop:
        if first == "collection":
            collect(shop, sent("whole"))
        shop.load(shop.plan(tmp_path / "orders.csv", currency="USD"))
        if first == "import":
            collect(shop, sent("whole"))
        assert amounts(shop)["a"] == [100.0, -100.0]
        shop.rebuild()
        assert amounts(shop)["a"] == [100.0, -100.0]
        shop.undo(1)
        assert amounts(shop)["a"] == [None]


def test_it_opens_anew(tmp_path):
    """What waits for its order is known to the next server, whose it is now and what it says stay."""
    words = ("whole", "bought", "part")
    with workspace(tmp_path, currency="USD") as shop:
        folder = shop.store.folder
    for word in words:
        with ganj.open(folder) as shop:
            collect(shop, sent(word))
    with ganj.open(folder) as shop:
        assert amounts(shop)["a"] == [100.0, -30.0, -70.0]
        before = events(shop)
        shop.rebuild()
        assert events(shop) == before
