"""Visits: every order on line has one, and for each there are visits that stop on the way.

Visits of a customer who has ordered arrive as a Poisson process in operational time, and each ends
in an order with the funnel's chance Q of its device.  Thinning splits that process in two independent
ones: orders at rate λ, and visits that stop at rate λ (1 - Q) / Q.  So planted conversion is exact, and
the buying process stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
from ganj.simulate.people import People
from ganj.simulate.world import DEVICES, SOURCES, World

LANDED, VIEWED, ADDED, CHECKED = range(4)
"""The last step of a visit that stopped."""

SECOND = 1_000_000
LOOK, ADD = 80 * SECOND, 25 * SECOND  # between two goods; from seeing to adding


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
