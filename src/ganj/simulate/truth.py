"""What was put in: parameters and planted facts, for those who test whether it is found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.calendar import zone_info
from ganj.histories import Array
from ganj.simulate import cards
from ganj.simulate.baskets import Lines, prices
from ganj.simulate.buying import CANCELLED, OUTAGE, PLACED, SLUMP, WAYS, outage_span, slump_begins
from ganj.simulate.campaigns import Run
from ganj.simulate.catalogue import AFFINITIES, BRUISED, CATEGORIES, SEQUENCES
from ganj.simulate.names import REPS
from ganj.simulate.phrases import PERSIAN_DIGITS
from ganj.simulate.told import order_ids, returned

if TYPE_CHECKING:
    from ganj.simulate.shop import Shop

FATES = ("placed", "cancelled", "lost to the outage", "lost to the slump")


def truth(shop: Shop) -> dict[str, Any]:
    """Return every parameter and every planted fact, ready for JSON."""
    return {
        "seed": shop.seed,
        "period": {"from": _date(shop, shop.time.first), "until": _date(shop, shop.time.last)},
        "world": msgspec.to_builtins(shop.world),
        "categories": {c.name: {"margin": c.margin, "returns": c.returns} for c in CATEGORIES},
        "counts": _counts(shop),
        "conversion": {device: funnel.whole for device, funnel in shop.world.funnels.items()},
        "affinities": [_affinity(shop, number) for number in range(len(AFFINITIES))],
        "sequences": [_sequence(shop, number) for number in range(len(SEQUENCES))],
        "campaigns": [_campaign(shop, number, run) for number, run in enumerate(shop.ran)],
        "outage": _outage(shop),
        "slump": _slump(shop),
        "poor_products": list(BRUISED),
        "price_index": _price_index(shop),
        "reps": dict(zip(REPS, shop.world.sales.reps, strict=True)),
        "twins": _twins(shop),
        "contradictions": _ids(cards.contradicted(shop.crowd, shop.world, shop.seed)),
    }


def _date(shop: Shop, moment: int) -> str:
    """Return the local date of an instant, as ISO writes it."""
    utc = datetime.fromtimestamp(moment // 1_000_000, UTC)
    return utc.astimezone(zone_info(shop.world.zone)).date().isoformat()


def _ids(customers: Array) -> list[str]:
    return [f"C{int(n) + 1:06d}" for n in customers]


def _counts(shop: Shop) -> dict[str, int]:
    fate = np.bincount(shop.sold.fate, minlength=len(FATES))
    placed = shop.sold.fate == PLACED
    return {
        "customers": len(shop.crowd),
        "companies": len(shop.firms.name),
        "products": len(shop.goods.name),
        "orders": int(fate[PLACED]),
        "cancelled": int(fate[CANCELLED]),
        "buyers": len(np.unique(shop.sold.customer[placed])),
        "lines": int(placed[shop.cart.order].sum()),
        "returned_lines": len(returned(shop)[0]),
        "visits": len(shop.seen),
        "tickets": len(shop.tickets.order),
        "deals": len(shop.deals.company),
    }


def _told(shop: Shop) -> Lines:
    """Return the lines of orders that were placed."""
    cart = shop.cart
    keep = shop.sold.fate[cart.order] == PLACED
    return Lines(
        *(column[keep] for column in (cart.order, cart.product, cart.quantity, cart.price, cart.rule))
    )


def _affinity(shop: Shop, number: int) -> dict[str, Any]:
    """Return one planted rule with what it came to: counts, P(then | given) and lift."""
    rule, cart = AFFINITIES[number], _told(shop)
    total = len(np.unique(cart.order))
    given = _holders(shop, cart, rule.given[0])
    for name in rule.given[1:]:
        given = np.intersect1d(given, _holders(shop, cart, name))
    then = _holders(shop, cart, rule.then)
    both = len(np.intersect1d(given, then))
    confidence, base = both / max(len(given), 1), len(then) / max(total, 1)
    return {
        "given": list(rule.given),
        "then": rule.then,
        "probability": rule.probability,
        "orders_given": len(given),
        "orders_then": len(then),
        "orders_both": both,
        "planted": int((cart.rule == number).sum()),
        "confidence": confidence,
        "lift": confidence / base if base else 0.0,
    }


def _holders(shop: Shop, cart: Lines, name: str) -> Array:
    """Return the orders that hold a product; int64[k], each once."""
    return np.unique(cart.order[cart.product == shop.goods.name.index(name)])


def _sequence(shop: Shop, number: int) -> dict[str, Any]:
    rule, cart = SEQUENCES[number], _told(shop)
    planted = int((cart.rule == len(AFFINITIES) + number).sum())
    return {**msgspec.to_builtins(rule._asdict()), "planted": planted}


def _campaign(shop: Shop, number: int, run: Run) -> dict[str, Any]:
    """Return one campaign: its groups, the mean effect on those treated, and the orders it brought."""
    effects = np.array([run.campaign.effects[s.key] for s in shop.world.segments])
    treated = run.customer[~run.held]
    sold = shop.sold
    return {
        "key": run.campaign.key,
        "name": run.name.translate(PERSIAN_DIGITS),
        "channel": run.campaign.channel,
        "audience": run.campaign.audience,
        "sent": int(run.sent.min(initial=shop.time.last)),
        "treated": len(treated),
        "holdout": int(run.held.sum()),
        "effect": float(effects[shop.crowd.segment[treated]].mean()) if len(treated) else 0.0,
        "orders": int(((sold.cause == number) & (sold.fate == PLACED)).sum()),
    }


def _outage(shop: Shop) -> dict[str, Any]:
    begins, ends = outage_span(shop.time, shop.world)
    lost = int((shop.sold.fate == OUTAGE).sum())
    return {"from": begins, "until": ends, "lost_orders": lost, "gateway": shop.world.outage.gateway}


def _slump(shop: Shop) -> dict[str, Any]:
    lost = int((shop.sold.fate == SLUMP).sum())
    begins = slump_begins(shop.time, shop.world)
    return {"province": shop.world.slump.province, "from": begins, "lost_orders": lost}


def _price_index(shop: Shop) -> list[float]:
    """Return the mean price by month against the first."""
    _, level = prices(shop.goods, shop.time, shop.world, shop.seed)
    index: list[float] = (level / level[0]).mean(axis=1).round(4).tolist()
    return index


def _twins(shop: Shop) -> list[dict[str, Any]]:
    """Return pairs of cards of one person."""
    first = _ids(shop.twins.customer)
    second = _ids(len(shop.crowd) + np.arange(len(first)))
    same = shop.twins.same_phone.tolist()
    return [
        {"card": card, "twin": twin, "same_phone": phone}
        for card, twin, phone in zip(first, second, same, strict=True)
    ]


def latent_customers(shop: Shop) -> pa.Table:
    """Return what only the simulation knows of each customer."""
    crowd, world = shop.crowd, shop.world
    return pa.table(
        {
            "customer_id": cards.numbers(len(crowd)),
            "segment": pa.array([world.segments[s].key for s in crowd.segment]),
            "signed_up": crowd.signed_up,
            "buys": crowd.buys,
            "rate": crowd.rate,
            "leave": crowd.leave,
            "left": shop.bought.left,
            "worth": crowd.of(world, "p") / crowd.scale,
            "satisfaction": crowd.satisfaction,
        }
    )


def latent_orders(shop: Shop) -> pa.Table:
    """Return what only the simulation knows of each order."""
    sold = shop.sold
    causes = ["own will", *(run.name for run in shop.ran)]
    return pa.table(
        {
            "order": order_ids(shop),
            "customer_id": cards.numbers(len(shop.crowd)).take(pa.array(sold.customer)),
            "time": sold.time,
            "operational": shop.time.operational(sold.time),
            "cause": pa.array([causes[c + 1] for c in sold.cause], pa.string()),
            "fate": pa.array([FATES[f] for f in sold.fate], pa.string()),
            "way": pa.array([WAYS[w] for w in sold.way], pa.string()),
        }
    )
