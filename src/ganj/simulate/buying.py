"""When customers order: BG/NBD in operational time, campaigns on top, losses out of it.

After the first order a customer orders at rate λ ~ Gamma(r, α) and leaves for good with chance
p ~ Beta(a, b) after each repeat order (Fader, Hardie, Lee 2005, "Counting your customers the easy
way: an alternative to the Pareto/NBD model", Marketing Science 24(2)).  A campaign adds to each
treated customer one order with the probability that is its effect, and to the hold-out none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from ganj.histories import DAY, Array
from ganj.simulate.clock import Clock, dice
from ganj.simulate.people import People
from ganj.simulate.places import CITIES
from ganj.simulate.world import DEVICES, SOURCES, World

WAYS = (*DEVICES, "instagram", "phone")
"""How an order came in; the first three are visits."""

PLACED, CANCELLED, OUTAGE, SLUMP = range(4)
"""What became of an order; the last two never came to be."""

OWN_WILL = -1
FAITHFUL = 0.75  # of a customer's orders come by the favourite way, the rest as the segment's do
VISIT_SOURCES = (0.36, 0.24, 0.14, 0.10, 0.03, 0.04, 0.03, 0.06)  # by `SOURCES`


@dataclass(frozen=True, eq=False)
class Orders:
    """Orders as columns, by customer and time.

    Attributes
    ----------
    customer : int64[n]
    time : int64[n], µs UTC
    cause : int64[n], `OWN_WILL` or the number of the campaign that brought it
    way : int64[n], position in `WAYS`
    fate : int64[n], `PLACED`, `CANCELLED`, or lost: `OUTAGE`, `SLUMP`
    gateway : int64[n], position in ``World.gateways``
    source : int64[n], position in `SOURCES`, for visits
    """

    customer: Array
    time: Array
    cause: Array
    way: Array
    fate: Array
    gateway: Array
    source: Array

    def __len__(self) -> int:
        """Count the orders, lost ones too."""
        return len(self.customer)

    def pick(self, at: Array) -> Self:
        """Return some of the orders: positions or bool[n]."""
        return replace(self, **{f.name: getattr(self, f.name)[at] for f in fields(self)})


@dataclass(frozen=True, eq=False)
class Purchases:
    """What the buying process alone gives.

    Attributes
    ----------
    customer, time : int64[n], by customer and time
    left : float64[customers], operational day on which each left for good; inf where still a customer
    """

    customer: Array
    time: Array
    left: Array


def purchases(crowd: People, time: Clock, world: World, seed: int) -> Purchases:
    """Run the buying process of every customer over the period."""
    rng = dice(seed, "purchases")
    at_once, wait = world.first_order
    lag = np.where(rng.random(len(crowd)) < at_once, 0.002, 0.002 + rng.exponential(wait, len(crowd)))
    first = time.operational(crowd.signed_up) + lag
    end = float(time.passed[-1])
    owner, when, left = _repeats(np.where(crowd.buys, first, np.inf), crowd, end, rng)
    moment = np.maximum(time.real(when), crowd.signed_up[owner])
    order = np.lexsort((moment, owner))
    return Purchases(owner[order], moment[order], left)


def _repeats(first: Array, crowd: People, end: float, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Return customers and operational times of all orders, and when each customer left."""
    live = np.flatnonzero(first < end)
    now = first[live]
    owners, times = [live], [now]
    left = np.full(len(first), np.inf)
    while len(live):
        now = now + rng.exponential(1.0, len(live)) / crowd.rate[live]
        live, now = live[now < end], now[now < end]
        owners.append(live)
        times.append(now)
        gone = rng.random(len(live)) < crowd.leave[live]
        left[live[gone]] = now[gone]
        live, now = live[~gone], now[~gone]
    return np.concatenate(owners), np.concatenate(times), left


def orders(
    bought: Purchases, extra: tuple[Array, Array, Array], crowd: People, time: Clock, world: World, seed: int
) -> Orders:
    """Join the process's orders with those that campaigns brought, and say how each came and ended."""
    rng = dice(seed, "orders")
    customer = np.concatenate((bought.customer, extra[0]))
    moment = np.concatenate((bought.time, extra[1]))
    cause = np.concatenate((np.full(len(bought.customer), OWN_WILL), extra[2]))
    by = np.lexsort((moment, customer))
    customer, moment, cause = customer[by], moment[by], cause[by]
    way = _draw(preferences(crowd, world, seed)[customer], rng)
    gateway = rng.choice(len(world.gateways), len(customer), p=list(world.gateways.values()))
    source = rng.choice(len(SOURCES), len(customer), p=VISIT_SOURCES)
    fate = np.where(rng.random(len(customer)) < world.cancelled, CANCELLED, PLACED)
    drawn = Orders(customer, moment, cause, way, fate, gateway, source)
    return replace(drawn, fate=_losses(drawn, crowd, time, world, rng))


def ways(world: World) -> Array:
    """Return how the orders of each segment come in; float64[segments, ways], rows sum to 1."""
    rows = []
    for segment in world.segments:
        visits = np.array([segment.devices[d] * world.funnels[d].whole for d in DEVICES])
        offline = np.array([segment.offline["instagram"], segment.offline["phone"]])
        rows.append(np.concatenate((visits / visits.sum() * (1 - offline.sum()), offline)))
    return np.array(rows)


def favourites(crowd: People, world: World, seed: int) -> Array:
    """Return each customer's favourite way; int64[n]."""
    return _draw(ways(world)[crowd.segment], dice(seed, "favourites"))


def preferences(crowd: People, world: World, seed: int) -> Array:
    """Return the chance that an order of each customer comes by each way; float64[n, ways]."""
    chance = (1 - FAITHFUL) * ways(world)[crowd.segment]
    chance[np.arange(len(crowd)), favourites(crowd, world, seed)] += FAITHFUL
    return chance


def _draw(chances: Array, rng: np.random.Generator) -> Array:
    """Return one column for each row of chances; int64[n]."""
    passed = chances.cumsum(axis=1)
    u = rng.random(len(chances)) * passed[:, -1]
    column: Array = np.minimum((passed < u[:, None]).sum(axis=1), chances.shape[1] - 1)
    return column


def _losses(drawn: Orders, crowd: People, time: Clock, world: World, rng: np.random.Generator) -> Array:
    """Return the fates with the orders that the outage and the slump took; int64[n]."""
    u = rng.random(len(drawn))
    out = during_outage(drawn, time, world) & (u < world.outage.loss)
    slump = in_slump(drawn.customer, drawn.time, crowd, time, world) & (u < world.slump.loss)
    return np.where(out, OUTAGE, np.where(slump, SLUMP, drawn.fate))


def outage_span(time: Clock, world: World) -> tuple[int, int]:
    """Return when the gateway failed: first instant and end, µs UTC."""
    days = time.edge[::24]
    begins = int(world.outage.begins * len(time.day))
    return int(days[begins]), int(days[min(begins + world.outage.days, len(time.day))])


def during_outage(drawn: Orders, time: Clock, world: World) -> Array:
    """Tell the orders that meet the failing gateway; bool[n]."""
    begins, ends = outage_span(time, world)
    there = (drawn.time >= begins) & (drawn.time < ends)
    gateway = list(world.gateways).index(world.outage.gateway)
    met: Array = there & (drawn.way == WAYS.index(world.outage.channel)) & (drawn.gateway == gateway)
    return met


def slump_begins(time: Clock, world: World) -> int:
    """Return when the province's courier changed, µs UTC."""
    return time.last - world.slump.last_days * DAY


def in_slump(customer: Array, moment: Array, crowd: People, time: Clock, world: World) -> Array:
    """Tell the moments of customers in the province after its courier changed; bool[n]."""
    there = np.array([city.province == world.slump.province for city in CITIES])
    met: Array = there[crowd.city[customer]] & (moment >= slump_begins(time, world))
    return met
