"""The shop's records as its systems tell them: one function a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa

from ganj.events import CANCEL, ORDER, REFUND
from ganj.histories import DAY, Array
from ganj.simulate import cards, care, clicks, visits
from ganj.simulate import sales as team
from ganj.simulate.baskets import bruised, prices
from ganj.simulate.buying import CANCELLED, PLACED, WAYS, in_slump
from ganj.simulate.campaigns import Run
from ganj.simulate.catalogue import CATEGORIES
from ganj.simulate.clock import dice
from ganj.simulate.facts import Facts, objects, part, picked
from ganj.simulate.phrases import PERSIAN_DIGITS
from ganj.simulate.places import CITIES
from ganj.simulate.world import SOURCES

if TYPE_CHECKING:
    from ganj.simulate.shop import Shop

SECOND = 1_000_000
WAY_CHANNELS = ("site", "site", "app", "instagram", "phone")
CANCEL_REASONS = ("انصراف مشتری", "ناموجود شدن کالا", "پرداخت نشد")
RETURN_REASONS = ("اندازه نامناسب", "کالای معیوب", "مغایرت با عکس", "انصراف")


def customers(shop: Shop) -> list[Facts]:
    """Return the catalogue and the customers' cards."""
    return [_catalogue(shop), *cards.facts(shop.crowd, shop.twins, shop.time, shop.world, shop.seed)]


def _catalogue(shop: Shop) -> Facts:
    """Return what is known of each product, at its price of the last day."""
    goods = shop.goods
    _, level = prices(goods, shop.time, shop.world, shop.seed)
    traits = [
        msgspec.json.encode(
            {
                "name": goods.name[n],
                "sku": goods.sku[n],
                "category": CATEGORIES[goods.category[n]].name,
                "brand": goods.brand[n],
                "type": goods.type[n],
                "price": float(level[-1, n]),
                "margin": float(goods.margin[n]),
            }
        ).decode()
        for n in range(len(goods.name))
    ]
    columns = {
        "product": pa.array(goods.name, pa.string()),
        "price": pa.array(level[-1]),
        "source": "shop",
        "product_traits": pa.array(traits, pa.string()),
    }
    return Facts(None, None, columns, len(goods.name))


def orders(shop: Shop) -> list[Facts]:
    """Return order lines, cancelled orders, and goods sent back."""
    sold, cart = shop.sold, shop.cart
    ids = order_ids(shop)
    about = _order_properties(shop)
    who = cards.numbers(len(shop.crowd), len(shop.twins.customer)).take(pa.array(shop.card))
    channel = picked(WAY_CHANNELS, sold.way)
    name = picked(shop.goods.name, cart.product)

    def of(event: str, at: Array, moment: Array, about: pa.Array, sign: float = 1.0) -> Facts:
        order = pa.array(cart.order[at])
        columns = {
            "order": ids.take(order),
            "customer_id": who.take(order),
            "amount": pa.array(sign * cart.amount[at]),
            "product": name.take(pa.array(at)),
            "quantity": pa.array((sign or 1.0) * cart.quantity[at]),
            "price": pa.array(cart.price[at]),
            "channel": channel.take(order),
            "source": "shop",
            "properties": about,
        }
        return Facts(event, moment, columns)

    fate = sold.fate[cart.order]
    placed, cancelled = np.flatnonzero(fate == PLACED), np.flatnonzero(fate == CANCELLED)
    back, when = returned(shop)
    reason = dice(shop.seed, "reasons").integers(0, 12, len(cart.order))
    back_reason = np.where(bruised(shop.goods)[cart.product], 1, reason % len(RETURN_REASONS))
    order_reason = reason[np.searchsorted(cart.order, cart.order)] % len(CANCEL_REASONS)
    return [
        of(ORDER, placed, sold.time[cart.order[placed]], about.take(pa.array(cart.order[placed]))),
        of(
            CANCEL,
            cancelled,
            sold.time[cart.order[cancelled]],
            objects(part("reason", CANCEL_REASONS, order_reason[cancelled])),
            0.0,  # as intake tells a cancelled order: its lines are known, it is worth nothing
        ),
        of(REFUND, back, when, objects(part("reason", RETURN_REASONS, back_reason[back])), -1.0),
    ]


def order_ids(shop: Shop) -> pa.Array:
    """Return the numbers of the orders, in order of time; string[orders]."""
    rank = np.empty(len(shop.sold), np.int64)
    rank[np.argsort(shop.sold.time, kind="stable")] = np.arange(len(shop.sold))
    return pa.array([f"{100_000 + n}" for n in rank.tolist()], pa.string())


def _order_properties(shop: Shop) -> pa.Array:
    """Return what an order says of itself; JSON, string[orders]."""
    sold, world = shop.sold, shop.world
    provinces = sorted({city.province for city in CITIES})
    place = np.array([provinces.index(city.province) for city in CITIES])
    late = in_slump(sold.customer, sold.time, shop.crowd, shop.time, world)
    online = sold.way < 3
    offers = [run.name.translate(PERSIAN_DIGITS) for run in shop.ran]
    shown = np.where(dice(shop.seed, "coupons").random(len(sold)) < 0.7, sold.cause, -1)
    return objects(
        part("device", WAYS, np.where(online, sold.way, -1)),
        part("utm_source", SOURCES, np.where(online, sold.source, -1)),
        part("province", provinces, place[shop.crowd.city[sold.customer]]),
        part("gateway", tuple(world.gateways), sold.gateway),
        part("coupon", offers, shown),
        part("delivery_days", world.slump.days_to_deliver, late.astype(np.int64)),
    )


def returned(shop: Shop) -> tuple[Array, Array]:
    """Return the lines sent back and when: int64[k] positions and int64[k] µs UTC."""
    cart, sold = shop.cart, shop.sold
    rng = dice(shop.seed, "returns")
    poor = np.where(bruised(shop.goods), 3.0, 1.0)
    chance = (shop.goods.returns * poor)[cart.product]
    back = (sold.fate[cart.order] == PLACED) & (rng.random(len(cart.order)) < chance)
    days = rng.gamma(2, 3 * DAY, len(cart.order)).astype(np.int64) // SECOND * SECOND + DAY
    when = sold.time[cart.order] + days
    at = np.flatnonzero(back & (when < shop.time.last))
    return at, when[at]


def visits_(shop: Shop) -> list[Facts]:
    """Return the events of all visits."""
    looks = visits.goods_of(shop.seen, shop.cart, shop.goods, shop.crowd, (shop.world, shop.seed))
    names = (cards.numbers(len(shop.crowd)), shop.goods)
    return clicks.facts(shop.seen, looks, shop.sold, names, shop.world)


def messages(shop: Shop) -> list[Facts]:
    """Return who joined which campaign in which group, and the messages sent, opened, clicked."""
    every = cards.numbers(len(shop.crowd))
    return [one for run in shop.ran for one in _run(run, every)]


def _run(run: Run, every: pa.Array) -> list[Facts]:
    """Return the events of one campaign."""
    name = run.name.translate(PERSIAN_DIGITS)

    def of(event: str, at: Array, moment: Array, group: Array | None = None) -> Facts:
        zero = np.zeros(len(at), np.int64)
        members = [part("campaign", (name,), zero)]
        if group is not None:
            members.append(part("group", ("treated", "holdout"), group[at].astype(np.int64)))
        columns = {
            "customer_id": every.take(pa.array(run.customer[at])),
            "channel": run.campaign.channel,
            "source": "campaigns",
            "properties": objects(*members),
        }
        return Facts(event, moment[at], columns)

    sent, opened, clicked = (
        np.flatnonzero(there) for there in (~run.held, run.opened >= 0, run.clicked >= 0)
    )
    return [
        of("Campaign Joined", np.arange(len(run.customer)), run.sent - 60 * SECOND, run.held),
        of("Message Sent", sent, run.sent),
        of("Message Opened", opened, run.opened),
        of("Message Clicked", clicked, run.clicked),
    ]


def care_(shop: Shop) -> list[Facts]:
    """Return tickets, answers and reviews."""
    whole_shop = (shop.sold, shop.crowd, shop.time, shop.world)
    every = cards.numbers(len(shop.crowd))
    return [
        *care.ticket_facts(shop.tickets, whole_shop, every, shop.seed),
        care.promoters(whole_shop, every, shop.seed),
        care.reviews(whole_shop, shop.cart, (every, shop.goods), shop.seed),
    ]


def sales(shop: Shop) -> list[Facts]:
    """Return what the sales team did."""
    return team.facts(shop.firms, shop.deals, shop.time, shop.world, shop.seed)


TOLD = {
    "customers": customers,
    "orders": orders,
    "visits": visits_,
    "messages": messages,
    "care": care_,
    "sales": sales,
}
"""The files, in the order in which they are imported, and what tells each."""
