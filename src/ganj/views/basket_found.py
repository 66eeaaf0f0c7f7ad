"""What was found in baskets, and which customers are behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ganj.histories import NOBODY, Array
from ganj.kernels.holding import holding
from ganj.kernels.itemsets import Itemsets
from ganj.kernels.pairs import distinct
from ganj.models.rules import Rules
from ganj.views.basket_fold import Carts

Items = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """The sets of products that some cell shows; their numbers are what customers are scored with.

    Attributes
    ----------
    sets : distinct sets, each of ascending codes, by number
    """

    sets: tuple[Items, ...]
    number: dict[Items, int] = field(default_factory=dict)

    @classmethod
    def of(cls, *many: list[Items]) -> Sought:
        """Give numbers to the sets in their order."""
        found = tuple(dict.fromkeys(one for some in many for one in some))
        return cls(found, {one: number for number, one in enumerate(found)})

    def had(self, owner: Array, carts: Carts) -> Array:
        """Return who had which in one order: int64[pairs, 2] of ``owner`` int64[orders] and number, in order."""
        if not self.sets:
            return np.zeros((0, 2), np.int64)
        offsets = np.concatenate(([0], np.cumsum([len(one) for one in self.sets])))
        items = np.array([item for one in self.sets for item in one], np.int64)
        wide = int(max(items.max(), carts.product.max(initial=0))) + 1
        basket, number = holding((carts.offsets, carts.product.astype(np.int64)), (offsets, items), wide)
        return distinct(owner[basket], number)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was learned.

    Attributes
    ----------
    labels : names of products by code
    orders, several : orders with a known product, and those with two products or more
    least : orders a set must be in
    raised : whether ``least`` was raised above what was asked for, there being too many sets
    level : one order of 2^level was read
    sets, many : the sets that are shown, and how many there are with single products
    rules, passed : the rules that are shown, and how many there are
    count : int64[products], orders of each
    price : float64[products], mean price of a piece; nan where none is known
    pairs : pairs of the most sold products with the orders of both
    links : the strongest rules of one product and one other, each pair once
    sought : all sets that are shown
    customers : int64[sought], who had each in one order
    offers : int64[rules], customers who had the left side in one order and never the right one
    """

    labels: tuple[str, ...]
    orders: int
    several: int
    least: int
    raised: bool
    level: int
    sets: Itemsets
    many: int
    rules: Rules
    passed: int
    count: Array
    price: Array
    pairs: tuple[tuple[int, int, int], ...]
    links: Rules
    sought: Sought
    customers: Array
    offers: Array


def items_of(sets: Itemsets, places: Array) -> list[Items]:
    """Return the products of some sets."""
    return [tuple(sets.items[sets.offsets[k] : sets.offsets[k + 1]].tolist()) for k in places]


def worth(sets: Itemsets, price: Array) -> Array:
    """Return what one piece of each product of a set costs together: float64[sets]; nan where a price is unknown."""
    owner = np.repeat(np.arange(len(sets)), sets.size)
    return np.bincount(owner, price[sets.items], len(sets))


def sides(rules: Rules) -> Iterator[tuple[Items, int, Items]]:
    """Return left side, right product and both of every rule."""
    left, whole = items_of(rules.sets, rules.left), items_of(rules.sets, rules.whole)
    return zip(left, rules.right.tolist(), whole, strict=True)


def known(carts: Carts) -> Carts:
    """Leave out orders of no known customer."""
    return carts.chosen(carts.customer != NOBODY)


def offered(rules: Rules, sought: Sought, had: Array) -> Array:
    """Return who may be offered which: int64[pairs, 2] of owner and rule, in order.

    ``had`` is of `Sought.had`; the right products are among the sets sought.
    """
    wide = max(len(sought.sets), 1)
    keys = had[:, 0] * wide + had[:, 1]
    found = [np.zeros((0, 2), np.int64)]
    if not len(had):
        return found[0]
    by_number = np.argsort(had[:, 1], kind="stable")
    edges = np.searchsorted(had[by_number, 1], np.arange(wide + 1))
    for rule, (left, right, _) in enumerate(sides(rules)):
        number = sought.number[left]
        owner = had[by_number[edges[number] : edges[number + 1]], 0]
        asked = owner * wide + sought.number[(right,)]
        at = np.minimum(np.searchsorted(keys, asked), max(len(keys) - 1, 0))
        lacks = owner[keys[at] != asked]
        found.append(np.column_stack((lacks, np.full(len(lacks), rule))))
    every = np.concatenate(found)
    return every[np.lexsort((every[:, 1], every[:, 0]))]


def lists(pairs: Array, size: int) -> pa.ListArray:
    """Gather the second numbers of pairs, in order of the first ones, which are below ``size``."""
    ends = np.concatenate(([0], np.cumsum(np.bincount(pairs[:, 0], minlength=size))))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(pairs[:, 1], pa.int64()))
