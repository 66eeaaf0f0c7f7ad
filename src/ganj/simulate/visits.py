"""Visits: every order on line has one, and for each there are visits that stop on the way.

Visits of a customer who has ordered arrive as a Poisson process in operational time, and each ends
in an order with the funnel's chance Q of its device.  Thinning splits that process in two independent
ones: orders at rate λ, and visits that stop at rate λ (1 - Q) / Q.  So planted conversion is exact, and
the buying process stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.simulate.baskets import Lines, choose
from ganj.simulate.buying import (
    OUTAGE,
    SLUMP,
    VISIT_SOURCES,
    Orders,
    Purchases,
    preferences,
)
from ganj.simulate.catalogue import Products
from ganj.simulate.clock import Clock, dice
from ganj.simulate.facts import Facts, objects, part, picked
from ganj.simulate.people import People
from ganj.simulate.world import DEVICES, SOURCES, World

LANDED, VIEWED, ADDED, CHECKED = range(4)
"""The last step of a visit that stopped."""

SECOND = 1_000_000
LOOK, ADD = 80 * SECOND, 25 * SECOND  # between two goods; from seeing to adding
PAGES = ("/", "/offers", "/category", "/search", "/blog", "/campaign")
PAGE_SHARES = (0.34, 0.14, 0.24, 0.17, 0.05, 0.06)
OPERATING = ("android", "windows", "android")  # most common by device
IOS = 0.28
PAYMENT_FAILED = "Payment Failed"


@dataclass(frozen=True, eq=False)
class Visits:
    """Visits as columns.

    Attributes
    ----------
    customer : int64[n]
    start : int64[n], µs UTC
    device, source, stop : int64[n], positions in `DEVICES`, `SOURCES` and the steps; an order's stop is 4
    order : int64[n], position of the order paid or lost at the end; -1 for none
    """

    customer: Array
    start: Array
    device: Array
    source: Array
    stop: Array
    order: Array

    def __len__(self) -> int:
        """Count the visits."""
        return len(self.customer)


def stopped(bought: Purchases, crowd: People, time: Clock, world: World, seed: int) -> Visits:
    """Draw the visits that led to no order."""
    rng = dice(seed, "visits")
    first = np.full(len(crowd), np.inf)
    starts = np.unique(bought.customer, return_index=True)
    first[starts[0]] = time.operational(bought.time[starts[1]])
    until = np.minimum(bought.left, time.passed[-1])
    length = np.clip(np.where(np.isfinite(first), until - first, 0.0), 0.0, None)
    q = np.array([world.funnels[d].whole for d in DEVICES])
    mean = (crowd.rate * length)[:, None] * preferences(crowd, world, seed)[:, :3] * (1 - q) / q
    counts = rng.poisson(mean)
    owner = np.repeat(np.repeat(np.arange(len(crowd)), 3), counts.ravel())
    device = np.repeat(np.tile(np.arange(3), len(crowd)), counts.ravel())
    when = first[owner] + rng.random(len(owner)) * length[owner]
    early = _early(first, crowd, time, rng)
    customer, moment = np.concatenate((owner, early[0])), np.concatenate((when, early[1]))
    device = np.concatenate((device, rng.choice(3, len(early[0]), p=(0.58, 0.17, 0.25))))
    stop = _stops(device, world, rng)
    source = rng.choice(len(SOURCES), len(customer), p=VISIT_SOURCES)
    return Visits(customer, time.real(moment), device, source, stop, np.full(len(customer), -1))


def _early(first: Array, crowd: People, time: Clock, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return visits between sign-up and the first order, or until interest fades: customer, moment."""
    joined = time.operational(crowd.signed_up)
    room = np.minimum(np.where(np.isfinite(first), first, joined + 20.0), time.passed[-1]) - joined
    owner = np.repeat(np.arange(len(crowd)), np.where(room > 0.01, rng.poisson(1.3, len(crowd)), 0))
    return owner, joined[owner] + rng.random(len(owner)) * room[owner]


def _stops(device: Array, world: World, rng: np.random.Generator) -> Array:
    """Return where each visit stopped, given that it did; int64[n]."""
    rows = []
    for name in DEVICES:
        f = world.funnels[name]
        reach = np.cumprod((1.0, f.view, f.add, f.checkout))
        rows.append(reach * (1 - np.array((f.view, f.add, f.checkout, f.pay))) / (1 - f.whole))
    passed = np.cumsum(rows, axis=1)
    stop: Array = (passed[device] < rng.random(len(device))[:, None]).sum(axis=1)
    return np.minimum(stop, CHECKED)


def ordering(bought: Orders, cart: Lines, time: Clock) -> Visits:
    """Return the visits that ended in an order, or in one that the outage or the slump took."""
    at = np.flatnonzero(bought.way < len(DEVICES))
    goods = np.bincount(cart.order, minlength=len(bought))[at]
    lost = np.isin(bought.fate[at], (OUTAGE, SLUMP))
    start = np.maximum(bought.time[at] - goods * (LOOK + ADD) - 100 * SECOND, time.first)
    return Visits(
        bought.customer[at],
        start,
        bought.way[at],
        bought.source[at],
        np.where(lost, CHECKED, CHECKED + 1),
        at,
    )


def join(*several: Visits) -> Visits:
    """Put visits together."""
    names = ("customer", "start", "device", "source", "stop", "order")
    return Visits(*(np.concatenate([getattr(v, name) for v in several]) for name in names))


def goods_of(
    seen: Visits, cart: Lines, goods: Products, crowd: People, shop: tuple[World, int]
) -> tuple[Array, Array]:
    """Return what was looked at: position of the visit and product; an order's visit sees its lines."""
    world, seed = shop
    rng = dice(seed, "looks")
    paid = np.full(int(cart.order.max(initial=-1)) + 1, -1)
    with_order = np.flatnonzero(seen.order >= 0)
    paid[seen.order[with_order]] = with_order
    bought = paid[cart.order] >= 0
    idle = np.flatnonzero((seen.order < 0) & (seen.stop >= VIEWED))
    visit = np.repeat(idle, 1 + rng.poisson(0.35, len(idle)))
    segment = crowd.segment[seen.customer[visit]]
    middle = np.array([s.p * s.gamma / (s.q - 1) / s.lines for s in world.segments])[segment]
    looked = choose(
        (segment, np.zeros(len(visit), np.int64), middle * rng.lognormal(0, 0.7, len(visit))),
        goods,
        world,
        rng,
    )
    position = np.concatenate((paid[cart.order[bought]], visit))
    product = np.concatenate((cart.product[bought], looked))
    by = np.argsort(position, kind="stable")
    return position[by], product[by]


def facts(
    seen: Visits, looks: tuple[Array, Array], bought: Orders, names: tuple[pa.Array, Products], world: World
) -> list[Facts]:
    """Return the events of all visits."""
    cards, goods = names
    shared = {"source": "site"}
    channel = picked(("site", "site", "app"), seen.device)
    about = objects(
        part("device", DEVICES, seen.device),
        part("os", ("android", "windows", "ios"), _systems(seen)),
        part("utm_source", SOURCES, seen.source),
    )
    landing = objects(
        part("device", DEVICES, seen.device),
        part("utm_source", SOURCES, seen.source),
        part("path", PAGES, _pages(len(seen))),
    )
    who = cards.take(pa.array(seen.customer))

    def of(event: str, at: Array, moment: Array, **more: pa.Array) -> Facts:
        rows = pa.array(at)
        common = {
            "customer_id": who.take(rows),
            "channel": channel.take(rows),
            "properties": about.take(rows),
        }
        return Facts(event, moment, {**shared, **common, **more})

    visit, product = looks
    nth = np.arange(len(visit)) - np.searchsorted(visit, visit)
    looked_at = seen.start[visit] + 20 * SECOND + nth * (LOOK + ADD)
    last = np.append(visit[1:] != visit[:-1], np.ones(min(len(visit), 1), bool))
    added = (seen.stop[visit] >= ADDED) & ((seen.order[visit] >= 0) | last)
    name = picked(goods.name, product)
    checked = np.flatnonzero(seen.stop >= CHECKED)
    looked = np.bincount(visit, minlength=len(seen))
    paying = seen.start + looked * (LOOK + ADD) + 40 * SECOND
    return [
        of("Page Viewed", np.arange(len(seen)), seen.start, properties=landing),
        of("Product Viewed", visit, looked_at, product=name),
        of("Product Added", visit[added], looked_at[added] + ADD, product=name.filter(pa.array(added))),
        of("Checkout Started", checked, paying[checked]),
        _failed(seen, bought, who, world),
    ]


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
