"""Baskets of orders: the state of `ganj.miners.basket`, small enough to send and joined in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array, Histories
from ganj.kernels.pairs import distinct

LIMIT = 1 << 23
"""Lines that are kept; of more orders every second, fourth … is."""


@dataclass(frozen=True, slots=True, eq=False)
class Carts:
    """Orders and the different products of each.

    Attributes
    ----------
    key : uint64[orders], a number as if drawn by lot, the same on every run; says which orders a sample keeps
    customer : int64[orders], the customer's number
    offsets : int64[orders + 1]
    product : int32[lines], codes into ``labels``
    labels : names of products
    prices : float64[labels, 2], money and pieces of all orders that were read
    """

    key: Array
    customer: Array
    offsets: Array
    product: Array
    labels: tuple[str, ...]
    prices: Array

    @property
    def price(self) -> Array:
        """Mean price of a piece: float64[labels]; nan where none is known."""
        money, pieces = self.prices.T
        return np.where(money > 0, money / np.maximum(pieces, 1e-9), np.nan)

    def chosen(self, which: Array) -> Carts:
        """Keep some orders: bool[orders]."""
        sizes = np.diff(self.offsets)
        lines = np.repeat(which, sizes)
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes[which])))
        mine = self.key[which], self.customer[which], offsets, self.product[lines]
        return Carts(*mine, self.labels, self.prices)


@dataclass(frozen=True, slots=True, eq=False)
class Baskets:
    """Orders of some customers; of very many, those whose key ends in ``level`` zero bits.

    Attributes
    ----------
    pieces : one for each part that was read
    level : one order of 2^level is kept
    """

    pieces: tuple[Carts, ...]
    level: int = 0

    def __add__(self, other: Baskets) -> Baskets:
        level = max(self.level, other.level)
        both = (*_sampled(self.pieces, level - self.level, level), *_sampled(other.pieces, 1, level))
        return Baskets(both, level).fitted()

    def fitted(self, limit: int = LIMIT) -> Baskets:
        """Halve the orders until their lines are few enough; the order in which parts are joined does not matter."""
        pieces, level = self.pieces, self.level
        while sum(len(piece.product) for piece in pieces) > limit:
            level += 1
            pieces = _sampled(pieces, 1, level)
        return Baskets(pieces, level)

    def whole(self) -> Carts:
        """Join the pieces; products are numbered by their names, whatever the order of the pieces."""
        labels = sorted({label for piece in self.pieces for label in piece.labels})
        code = {label: number for number, label in enumerate(labels)}
        places = [np.array([code[label] for label in piece.labels], np.int32) for piece in self.pieces]
        renamed = [place[piece.product] for place, piece in zip(places, self.pieces, strict=True)]
        prices = np.zeros((len(labels), 2))
        for place, piece in zip(places, self.pieces, strict=True):
            prices[place] += piece.prices
        sizes = [np.diff(piece.offsets) for piece in self.pieces]
        return Carts(
            np.concatenate([np.zeros(0, np.uint64), *(piece.key for piece in self.pieces)]),
            np.concatenate([np.zeros(0, np.int64), *(piece.customer for piece in self.pieces)]),
            np.concatenate(([0], np.cumsum(np.concatenate([np.zeros(0, np.int64), *sizes])))),
            np.concatenate([np.zeros(0, np.int32), *renamed]),
            tuple(labels),
            prices,
        )


def _sampled(pieces: tuple[Carts, ...], more: int, level: int) -> tuple[Carts, ...]:
    if not more or not level:
        return pieces
    mask = np.uint64((1 << level) - 1)
    return tuple(piece.chosen((piece.key & mask) == 0) for piece in pieces)


def carts_of(histories: Histories, events: Array, of: str = "product") -> Carts:
    """Return the orders that have a known product, or category if ``of`` says so; ``events`` bool[events]."""
    at = np.flatnonzero(events)
    if histories.lines is None or not len(at):
        none = np.zeros(0, np.int64)
        return Carts(
            none.astype(np.uint64), none, np.zeros(1, np.int64), none.astype(np.int32), (), np.zeros((0, 2))
        )
    lines = histories.lines.of_events(at)
    order = np.repeat(np.arange(len(at)), np.diff(lines.offsets))
    thing, names = things(histories, lines.product, of)
    bought = (thing >= 0) & ~(lines.quantity <= 0)
    pairs = distinct(order[bought], thing[bought])
    used, sizes = np.unique(pairs[:, 0], return_counts=True)
    codes, product = np.unique(pairs[:, 1], return_inverse=True)
    pieces = np.nan_to_num(lines.quantity[bought], nan=1.0)
    money = np.nan_to_num(lines.price[bought]) * pieces
    place = np.searchsorted(codes, thing[bought])
    at = at[used]
    owner = histories.owner[at]
    customer = histories.customer[owner].astype(np.int64)
    return Carts(
        scattered(histories.lots[owner], at - histories.offsets[owner]),
        customer,
        np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))),
        product.reshape(-1).astype(np.int32),
        tuple(name_of(names, int(code)) for code in codes),
        np.column_stack([np.bincount(place, of_each, len(codes)) for of_each in (money, pieces)]),
    )


def things(histories: Histories, product: Array, of: str) -> tuple[Array, Sequence[str]]:
    """Return products, or their categories, int32[n] from 0, -1 unknown, and the names by code."""
    names = histories.names.get("product", ())
    if of == "product":
        return product, names
    said = histories.names.get(f"product.{of}", ())
    labels = sorted({*said} - {""})
    place = {label: code for code, label in enumerate(labels)}
    table = np.array([*(place.get(label, -1) for label in said), -1], np.int32)
    return table[np.where((product >= 0) & (product < len(said)), product, -1)], labels


def name_of(names: Sequence[str], code: int) -> str:
    """Return the name of a code; the code itself where it has none."""
    return names[code] if code < len(names) else str(code)


def scattered(lots: Array, place: Array) -> Array:
    """Mix what a customer's draws go by and the place of an event into evenly spread bits (splitmix64): uint64[n]."""
    half = np.uint64(32)
    mixed = ((lots << half) | (lots >> half)) + place.astype(np.uint64)
    mixed = mixed * np.uint64(0x9E3779B97F4A7C15)
    for shift, times in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(times)
    mixed ^= mixed >> np.uint64(31)
    return mixed
