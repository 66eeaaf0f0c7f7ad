"""The events of visits: pages, goods looked at and added, checkouts, payments refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.simulate.buying import OUTAGE, Orders
from ganj.simulate.catalogue import Products
from ganj.simulate.facts import Facts, objects, part, picked
from ganj.simulate.visits import ADD, ADDED, CHECKED, LOOK, SECOND, Visits
from ganj.simulate.world import DEVICES, SOURCES, World

PAGES = ("/", "/offers", "/category", "/search", "/blog", "/campaign")
PAGE_SHARES = (0.34, 0.14, 0.24, 0.17, 0.05, 0.06)
SYSTEMS = ("android", "windows", "ios")
IOS = 0.28  # of the customers
DEVICE_CHANNELS = ("site", "site", "app")
PAYMENT_FAILED = "Payment Failed"


@dataclass(frozen=True, eq=False)
class Shared:
    """What every event of a visit repeats, by visit: Arrow arrays [visits]."""

    who: pa.Array
    channel: pa.Array
    about: pa.Array

    def of(self, event: str, at: Array, moment: Array, **more: pa.Array) -> Facts:
        """Return events of the visits at some positions."""
        rows = pa.array(at)
        own = {"customer_id": self.who, "channel": self.channel, "properties": self.about}
        columns = {name: column.take(rows) for name, column in own.items()}
        return Facts(event, moment, {"source": "site", **columns, **more})


def facts(
    seen: Visits, looks: tuple[Array, Array], bought: Orders, names: tuple[pa.Array, Products], world: World
) -> list[Facts]:
    """Return the events of all visits; ``looks`` are positions of visits and the products seen there."""
    cards, goods = names
    visit, product = looks
    shared = _shared(seen, cards)
    looked_at = seen.start[visit] + 20 * SECOND + _nth(visit) * (LOOK + ADD)
    added = (seen.stop[visit] >= ADDED) & ((seen.order[visit] >= 0) | _last(visit))
    name = picked(goods.name, product)
    checked = np.flatnonzero(seen.stop >= CHECKED)
    paying = seen.start + np.bincount(visit, minlength=len(seen)) * (LOOK + ADD) + 40 * SECOND
    return [
        shared.of("Page Viewed", np.arange(len(seen)), seen.start, properties=_landing(seen)),
        shared.of("Product Viewed", visit, looked_at, product=name),
        shared.of(
            "Product Added", visit[added], looked_at[added] + ADD, product=name.filter(pa.array(added))
        ),
        shared.of("Checkout Started", checked, paying[checked]),
        _failed(seen, bought, shared.who, world),
    ]


def _shared(seen: Visits, cards: pa.Array) -> Shared:
    about = objects(
        part("device", DEVICES, seen.device),
        part("os", SYSTEMS, _systems(seen)),
        part("utm_source", SOURCES, seen.source),
    )
    return Shared(cards.take(pa.array(seen.customer)), picked(DEVICE_CHANNELS, seen.device), about)


def _landing(seen: Visits) -> pa.Array:
    """Return what the first page of each visit says."""
    return objects(
        part("device", DEVICES, seen.device),
        part("utm_source", SOURCES, seen.source),
        part("path", PAGES, _pages(len(seen))),
    )


def _nth(visit: Array) -> Array:
    """Return which look of its visit each is, from 0; ``visit`` ascends; int64[n]."""
    return np.arange(len(visit)) - np.searchsorted(visit, visit)


def _last(visit: Array) -> Array:
    """Tell the last look of each visit; bool[n]."""
    return np.append(visit[1:] != visit[:-1], np.ones(min(len(visit), 1), bool))


def _failed(seen: Visits, bought: Orders, who: pa.Array, world: World) -> Facts:
    """Return the payments that the gateway refused."""
    at = np.flatnonzero((seen.order >= 0) & (bought.fate[seen.order] == OUTAGE))
    order = seen.order[at]
    about = objects(
        part("device", DEVICES, seen.device[at]),
        part("gateway", tuple(world.gateways), bought.gateway[order]),
        part("error", ("timeout",), np.zeros(len(at), np.int64)),
    )
    columns = {"customer_id": who.take(pa.array(at)), "channel": "app", "source": "site", "properties": about}
    return Facts(PAYMENT_FAILED, bought.time[order], columns)


def _systems(seen: Visits) -> Array:
    """Return the operating system of each visit, always the same for one customer; int64[n]."""
    apple = seen.customer * 2_654_435_761 % 1000 < 1000 * IOS
    return np.where(seen.device == 1, 1, np.where(apple, 2, 0))


def _pages(count: int) -> Array:
    """Return a landing page for each visit; int64[n]."""
    even = np.arange(count) * 0.6180339887498949 % 1.0
    return np.searchsorted(np.cumsum(PAGE_SHARES), even * sum(PAGE_SHARES), side="right").clip(
        0, len(PAGES) - 1
    )
