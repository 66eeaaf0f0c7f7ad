"""The whole shop: every part drawn once, told as rows, with the truth beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ganj.calendar import day_number
from ganj.histories import Array
from ganj.simulate import cards, care, sales, visits
from ganj.simulate.baskets import Lines, lines
from ganj.simulate.buying import Orders, Purchases, orders, purchases
from ganj.simulate.campaigns import Run, brought, runs
from ganj.simulate.catalogue import Products, products
from ganj.simulate.clock import Clock, clock
from ganj.simulate.facts import batches, table
from ganj.simulate.people import People, people
from ganj.simulate.told import TOLD
from ganj.simulate.truth import latent_customers, latent_orders, truth
from ganj.simulate.world import WORLD, World

FULL_SIZE = 20_000  # customers for which ``World.sales.companies`` is meant


@dataclass(frozen=True, eq=False)
class Shop:
    """A simulated shop.

    Attributes
    ----------
    seed, world : what it was drawn from
    time : the period and its seasons
    crowd, bought, ran, sold, cart, goods : customers, purchases, campaigns, orders, order lines, catalogue
    """

    seed: int
    world: World
    time: Clock
    crowd: People
    bought: Purchases
    ran: list[Run]
    sold: Orders
    goods: Products
    cart: Lines

    @cached_property
    def twins(self) -> cards.Twins:
        """Second cards of the same people."""
        return cards.twins(self.crowd, self.sold, self.time, self.world, self.seed)

    @cached_property
    def card(self) -> Array:
        """int64[orders]: the card each order was put on."""
        return cards.card_of_orders(self.sold, self.twins, self.crowd, self.seed)

    @cached_property
    def firms(self) -> sales.Companies:
        """Business customers, fewer in a small shop."""
        count = max(1, round(self.world.sales.companies * min(len(self.crowd) / FULL_SIZE, 4)))
        return sales.companies(count, self.time, self.seed)

    @cached_property
    def deals(self) -> sales.Deals:
        """Deals with the business customers."""
        return sales.deals(self.firms, self.time, self.world, self.seed)

    @cached_property
    def tickets(self) -> care.Tickets:
        """Tickets about orders."""
        return care.tickets((self.sold, self.crowd, self.time, self.world), self.seed)

    @cached_property
    def seen(self) -> visits.Visits:
        """All visits, those that ended in an order too."""
        idle = visits.stopped(self.bought, self.crowd, self.time, self.world, self.seed)
        return visits.join(visits.ordering(self.sold, self.cart, self.time), idle)

    @cached_property
    def truth(self) -> dict[str, Any]:
        """Every parameter and every planted fact, ready for JSON."""
        return truth(self)

    @property
    def latent(self) -> pa.Table:
        """What only the simulation knows of each customer: segment, λ, p, when they left, worth."""
        return latent_customers(self)

    @property
    def causes(self) -> pa.Table:
        """What only the simulation knows of each order: why it came, what became of it."""
        return latent_orders(self)

    def table(self, source: str) -> pa.Table:
        """Return one file's rows, in order of time."""
        return table(TOLD[source](self), self.seed, source)

    def rows(self, *sources: str) -> Iterator[pa.RecordBatch]:
        """Yield rows of `ganj.events.ROWS`; of all files where none is named, each counted from 0."""
        for source in sources or TOLD:
            yield from batches(self.table(source))

    def write(self, folder: Path) -> list[Path]:
        """Write one Parquet file per source, in the order in which they are to be imported."""
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for source in TOLD:
            path = folder / f"{source}.parquet"
            pq.write_table(self.table(source), path, compression="zstd", row_group_size=131_072)
            written.append(path)
        return written


def shop(
    *,
    seed: int = 1404,
    customers: int = 20_000,
    until: date | None = None,
    days: int = 731,
    world: World = WORLD,
) -> Shop:
    """Draw a shop.

    The same arguments give the same bytes.  The period is the ``days`` local days before ``until``
    (default: today), which itself is left out, so nothing happens in the future.
    """
    end = day_number(until or date.today())  # noqa: DTZ011 — the last whole day on the wall of who asks
    time = clock(end - days, days, world)
    crowd = people(customers, time, world, seed)
    bought = purchases(crowd, time, world, seed)
    ran = runs(bought, crowd, time, world, seed)
    sold = orders(bought, brought(ran), crowd, time, world, seed)
    goods = products()
    cart = lines(sold, crowd, goods, (time, world, seed))
    return Shop(seed, world, time, crowd, bought, ran, sold, goods, cart)
