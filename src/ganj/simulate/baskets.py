"""What is in an order: goods by taste, season and purse, and the planted rules.

An order's value V is Gamma(p, ν) with ν ~ Gamma(q, γ) of the customer (Fader, Hardie 2013, "The
Gamma-Gamma model of monetary value", note 025), in rial of the first day.  V is split over the lines
by a uniform Dirichlet, and each line takes the product with the chance
``taste · popularity · season · exp(-½ (ln(part / price) / fit)²)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.calendar import jalali_from_days
from ganj.histories import Array
from ganj.simulate.buying import CANCELLED, PLACED, Orders
from ganj.simulate.catalogue import AFFINITIES, BRUISED, CATEGORIES, SEQUENCES, Products, position
from ganj.simulate.clock import Clock, dice, ramadan, yalda
from ganj.simulate.people import People
from ganj.simulate.world import World

LEAST, MOST, BINS = np.log(300_000.0), np.log(8e8), 48  # rial; of a line
MOST_LINES, MOST_OF_ONE = 6, 4
BULK = ("خوراکی", "قهوه و نوشیدنی", "کودک و نوزاد", "کتاب و نوشت‌افزار", "آرایشی و بهداشتی")
IN_SEASON = (
    (),
    ("پوشاک", "کیف و کفش", "لوازم خانگی"),  # Esfand
    ("آجیل مخلوط ۱ کیلو", "پستهٔ اکبری", "چای سیاه ۵۰۰ گرم"),  # Yalda
    ("خرمای مضافتی", "چای سیاه ۵۰۰ گرم", "زعفران یک مثقال"),  # Ramadan
    ("کتاب و نوشت‌افزار", "کوله‌پشتی", "لپ‌تاپ ۱۴ اینچ"),  # Shahrivar and Mehr
)
"""Categories or kinds of goods in season; by what `season_of` says."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Order lines, by order.

    Attributes
    ----------
    order : int64[n], position in the orders
    product : int64[n], position in the catalogue
    quantity : int64[n]
    price : float64[n], rial of one unit on that day
    rule : int64[n], -1 by taste; else the planted rule: affinities first, then sequences
    """

    order: Array
    product: Array
    quantity: Array
    price: Array
    rule: Array

    @property
    def amount(self) -> Array:
        """float64[n], rial."""
        return self.quantity * self.price


def lines(bought: Orders, crowd: People, goods: Products, shop: tuple[Clock, World, int]) -> Lines:
    """Fill every order, lost ones too: their goods were in the cart."""
    time, world, seed = shop
    rng = dice(seed, "baskets")
    segment = crowd.segment[bought.customer]
    value = rng.gamma(crowd.of(world, "p")[bought.customer]) / crowd.scale[bought.customer]
    extra = rng.poisson(np.array([s.lines for s in world.segments])[segment] - 1)
    sizes = np.minimum(1 + extra, MOST_LINES)
    order = np.repeat(np.arange(len(bought)), sizes)
    weight = rng.exponential(1.0, len(order)) + 0.15  # no line of next to nothing
    part = value[order] * weight / np.bincount(order, weight, len(bought))[order]
    season = season_of(time)[time.day_of(bought.time)]
    product = choose((segment[order], season[order], part), goods, world, rng)
    bulk = np.isin(goods.category, [n for n, c in enumerate(CATEGORIES) if c.name in BULK])
    many = np.clip(np.round(part / goods.price[product]), 1, np.where(bulk[product], MOST_OF_ONE, 1))
    order, product, quantity = _once(order, product, many, len(goods.name))
    rule = np.full(len(order), -1)
    cart = _follow(bought, (order, product, quantity, rule), goods, rng)
    order, product, quantity, rule = _together(cart, goods, rng)
    month, level = prices(goods, time, world, seed)
    price = level[month[time.day_of(bought.time[order])], product]
    by = np.lexsort((product, order))
    return Lines(order[by], product[by], quantity[by].astype(np.int64), price[by], rule[by])


Cart = tuple[Array, Array, Array, Array]
"""Order, product, quantity and rule of each line."""


def season_of(time: Clock) -> Array:
    """Return the season of goods of each day, a position in `IN_SEASON`; int64[days]."""
    _, month, nth = jalali_from_days(time.day)
    school = ((month == 6) & (nth >= 10)) | ((month == 7) & (nth <= 10))
    return np.select([ramadan(time.day), yalda(time.day), month == 12, school], [3, 2, 1, 4], 0)


def choose(
    lines_: tuple[Array, Array, Array], goods: Products, world: World, rng: np.random.Generator
) -> Array:
    """Draw a product for each line; int64[n]."""
    segment, season, part = lines_
    scale = (np.log(np.maximum(part, 1.0)) - LEAST) / (MOST - LEAST)
    purse = np.clip((scale * BINS).astype(np.int64), 0, BINS - 1)
    table = _chances(goods, world)
    row = (segment * len(IN_SEASON) + season) * BINS + purse
    ends = (table.cumsum(axis=1) + np.arange(len(table))[:, None]).ravel()
    at = np.searchsorted(ends, row + rng.random(len(row)), side="right")
    product: Array = np.clip(at - row * table.shape[1], 0, table.shape[1] - 1)
    return product


def _chances(goods: Products, world: World) -> Array:
    """Return the chance of each product by segment, season and purse; float64[rows, products]."""
    centre = LEAST + (np.arange(BINS) + 0.5) / BINS * (MOST - LEAST)
    gap = (centre[:, None] - np.log(goods.price)) / world.spend_fit
    fits = np.exp(-0.5 * gap**2) + 1e-12 * np.exp(-0.02 * gap**2)
    taste = np.array([[s.tastes.get(c.name, 0.1) for c in CATEGORIES] for s in world.segments])
    season = np.array([_in_season(goods, names, world.seasonal_taste) for names in IN_SEASON])
    liked = taste[:, goods.category] * goods.weight
    chance = liked[:, None, None, :] * season[None, :, None, :] * fits[None, None, :, :]
    flat = chance.reshape(-1, len(goods.name))
    rows: Array = flat / flat.sum(axis=1, keepdims=True)
    return rows


def _in_season(goods: Products, names: tuple[str, ...], factor: float) -> Array:
    """Return the factor on each product in one season; float64[products]."""
    shelf = [CATEGORIES[c].name for c in goods.category]
    return np.where([k in names or c in names for k, c in zip(goods.type, shelf, strict=True)], factor, 1.0)


def _once(order: Array, product: Array, quantity: Array, products: int) -> tuple[Array, Array, Array]:
    """Join lines of one product in one order."""
    key, where = np.unique(order * products + product, return_inverse=True)
    return key // products, key % products, np.minimum(np.bincount(where, quantity), MOST_OF_ONE + 2)


def _follow(bought: Orders, cart: Cart, goods: Products, rng: np.random.Generator) -> Cart:
    """Apply the planted sequences: what the next order that really happened holds."""
    place, real = position(goods.name), np.flatnonzero(np.isin(bought.fate, (PLACED, CANCELLED)))
    after = np.full(len(bought), -1)
    same = bought.customer[real[1:]] == bought.customer[real[:-1]]
    after[real[:-1][same]] = real[1:][same]
    for number, rule in enumerate(SEQUENCES):
        follower = after[np.unique(cart[0][cart[1] == place[rule.given]])]
        follower = np.unique(follower[follower >= 0])
        cart = _add(cart, follower, place[rule.then], (len(AFFINITIES) + number, rule.probability), rng)
    return cart


def _together(cart: Cart, goods: Products, rng: np.random.Generator) -> Cart:
    """Apply the planted affinities, in their order, to every order that holds what is given."""
    place = position(goods.name)
    for number, rule in enumerate(AFFINITIES):
        holders = [np.unique(cart[0][cart[1] == place[name]]) for name in rule.given]
        both = holders[0]
        for more in holders[1:]:
            both = np.intersect1d(both, more, assume_unique=True)
        cart = _add(cart, both, place[rule.then], (number, rule.probability), rng)
    return cart


def _add(
    cart: Cart, eligible: Array, product: int, rule: tuple[int, float], rng: np.random.Generator
) -> Cart:
    """Put one product into a share of the eligible orders, where it is not yet."""
    number, probability = rule
    lucky = eligible[rng.random(len(eligible)) < probability]
    new = np.setdiff1d(lucky, cart[0][cart[1] == product])
    fresh = (new, np.full(len(new), product), np.ones(len(new)), np.full(len(new), number))
    order, goods, quantity, by = (np.concatenate(pair) for pair in zip(cart, fresh, strict=True))
    return order, goods, quantity, by


def prices(goods: Products, time: Clock, world: World, seed: int) -> tuple[Array, Array]:
    """Return each day's month, from 0, and prices in whole thousands of toman; float64[months, products]."""
    year, month, _ = jalali_from_days(time.day)
    nth = (12 * year + month) - (12 * year[0] + month[0])
    rng = dice(seed, "prices")
    steps = rng.normal(np.log1p(world.inflation) / 12, world.price_noise, (int(nth[-1]) + 1, len(goods.name)))
    steps[0] = 0.0
    level = np.exp(np.cumsum(steps, axis=0)) * goods.price
    thousand_toman = 10_000
    return nth, np.maximum(np.round(level / thousand_toman), 1) * thousand_toman


def bruised(goods: Products) -> Array:
    """Tell the products of poor quality; bool[products]."""
    return np.isin(goods.name, BRUISED)
