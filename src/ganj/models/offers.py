"""What to offer next: what a customer buys again, what goes with it, what sells best; and whether that comes true.

Personal frequency, halved every so many days and waiting for the product's own rhythm, comes first; then what is new to
the customer, by how probable it is: the share of all customers who buy it, and what those who buy the customer's own
products buy of it beyond that share, drawn to the share where they are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import DAY, Array
from ganj.kernels.pairs import counted, distinct

NEAR, PAIRED, RECENT = 20, 20_000, 30
"""Neighbours of a product; customers, drawn by lot, and last products of each that neighbours are learned from."""
SOLD = 60
"""Best sellers that fill up."""
OWN, NEW = 1, 0
DRAWN = 20.0
"""Buyers of one product of whom it takes so many that what else they buy outweighs what everyone buys."""


@dataclass(frozen=True, slots=True, eq=False)
class Bought:
    """What customers bought, in order.

    Attributes
    ----------
    offsets : int64[customers + 1]
    item : int32[steps], codes from 0
    time : int64[steps], µs
    """

    offsets: Array
    item: Array
    time: Array

    @property
    def owner(self) -> Array:
        """int64[steps]: the position of each step's customer."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def keep(self, which: Array) -> Bought:
        """Keep some steps of the same customers: bool[steps]."""
        kept = np.concatenate((np.zeros(1, np.int64), np.cumsum(which)))
        return Bought(kept[self.offsets], self.item[which], self.time[which])


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """All that may be offered to some customers, each offer a row.

    Attributes
    ----------
    owner, item, tier : int64[n], customer, product, and `OWN` or `NEW`
    score : float64[n], 0 for what must not be offered
    new : bool[n], what the customer never bought
    people : customers
    personal : see `Tastes`
    """

    owner: Array
    item: Array
    tier: Array
    score: Array
    new: Array
    people: int
    personal: bool

    def first(self, top: int) -> Array:
        """Return what to offer first: int64[customers, top], -1 for nothing more."""
        return self.named(self.laid(np.ones(len(self.tier), bool), top))

    def again(self, top: int) -> Array:
        """Return what the customer may buy again."""
        return self.named(self.laid(self.tier == OWN, top))

    def fresh(self, top: int) -> Array:
        """Return what the customer never bought."""
        return self.named(self.laid((self.tier == NEW) & self.new, top))

    def laid(self, which: Array, top: int) -> Array:
        """Return the places of the best of some offers: int64[customers, top], -1 for nothing more."""
        kept = np.flatnonzero(which & (self.score > 0))
        tier = self.tier[kept] if self.personal else self.tier[kept] == NEW
        order = kept[np.lexsort((self.item[kept], -self.score[kept], -tier.astype(int), self.owner[kept]))]
        return _first(self.owner, self.item, order, self.people, top)[1]

    def named(self, at: Array) -> Array:
        """Return the products at some places."""
        return np.where(at >= 0, self.item[at] if len(self.item) else -1, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Tastes:
    """What everyone's purchases say.

    Attributes
    ----------
    sold : int64[products], customers of each
    near : int64[products, NEAR], what goes with each, the nearest first; -1 for nothing
    weight : float64[products, NEAR], how near, 0..1
    worth : float64[products], what scores are multiplied by, such as margins; 0 for what must not be offered
    half : days after which a purchase counts half
    buyers : customers who bought anything
    personal : whether what a customer bought comes first; otherwise what sells best does
    nearness : 1 where what goes with own products comes before best sellers, 0 where it does not
    """

    sold: Array
    near: Array
    weight: Array
    worth: Array
    half: float
    buyers: int
    personal: bool = True
    nearness: float = 1.0

    @classmethod
    def of(cls, bought: Bought, key: Array, worth: Array, half: float) -> Tastes:
        """Learn from purchases; ``key`` uint64[customers] is what the lot is drawn from."""
        wide = len(worth)
        who = np.sort(np.argsort(key, kind="stable")[:PAIRED])
        sold = np.bincount(distinct(bought.owner, bought.item)[:, 1], minlength=wide)
        place = np.arange(len(bought.item)) >= bought.offsets[1:][bought.owner] - RECENT
        chosen = np.zeros(len(key), bool)
        chosen[who] = True
        pairs = distinct(
            bought.owner[place & chosen[bought.owner]], bought.item[place & chosen[bought.owner]]
        )
        near, weight = _near(pairs, wide)
        return cls(sold, near, weight, worth, half, int((np.diff(bought.offsets) > 0).sum()))

    def offers(self, bought: Bought, now: int) -> Offers:
        """Return all that may be offered to each customer."""
        wide = max(len(self.worth), 1)
        own = _personal(bought, now, self.half)
        share = self.sold / max(self.buyers, 1)
        best = np.argsort(-self.sold, kind="stable")[:SOLD]
        people = np.arange(len(bought.offsets) - 1)
        fill = np.repeat(people, len(best)), np.tile(best, len(people)), np.tile(share[best], len(people))
        parts = [(own, OWN), (self._beside(*own, share), NEW), (fill, NEW)]
        tiers = [np.full(len(part[0]), tier) for part, tier in parts]
        owner, item, score = (
            np.concatenate(columns) for columns in zip(*(part for part, _ in parts), strict=True)
        )
        new = ~np.isin(owner * wide + item, np.unique(bought.owner * wide + bought.item))
        score = score * self.worth[item]
        return Offers(owner, item, np.concatenate(tiers), score, new, len(people), self.personal)

    def ranked(self, bought: Bought, now: int, top: int) -> tuple[Array, Array]:
        """Return what to offer, and which of it the customer has bought: int64[customers, top], bool[customers, top].

        -1 where there is nothing more.
        """
        found = self.offers(bought, now)
        at = found.laid(np.ones(len(found.tier), bool), top)
        return found.named(at), (at >= 0) & (found.tier[at] == OWN)

    def without_own(self, bought: Bought, now: int, top: int) -> Array:
        """Return what to offer of what the customer never bought: int64[customers, top], -1 for nothing more."""
        return self.offers(bought, now).fresh(top)

    def _beside(self, owner: Array, item: Array, score: Array, share: Array) -> tuple[Array, Array, Array]:
        """Return how probable what goes with own products is: its share, and the mean of what they add to it."""
        wide = max(len(self.worth), 1)
        weight = score / np.maximum(np.bincount(owner, score)[owner], 1e-300) if len(owner) else score
        near = self.near[item]
        there = near >= 0
        both = self.weight[item] * np.sqrt(self.sold[item][:, None] * self.sold[near])
        among = (both + DRAWN * share[near]) / (self.sold[item] + DRAWN)[:, None]
        more = weight[:, None] * np.maximum(among - share[near], 0) * self.nearness
        found, place = np.unique((owner[:, None] * wide + near)[there], return_inverse=True)
        total = np.bincount(place.reshape(-1), more[there], len(found))
        return found // wide, found % wide, share[found % wide] + total


def _near(pairs: Array, wide: int) -> tuple[Array, Array]:
    """Return the neighbours of each product, and how near they are, from who (ascending) bought what."""
    near, weight = np.full((wide, NEAR), -1, np.int64), np.zeros((wide, NEAR))
    if not len(pairs):
        return near, weight
    _, size = np.unique(pairs[:, 0], return_counts=True)
    mates = np.repeat(size, size)
    begin = np.repeat(np.cumsum(size) - size, size)
    one = np.repeat(np.arange(len(pairs)), mates)
    other = np.repeat(begin - (np.cumsum(mates) - mates), mates) + np.arange(len(one))
    apart = one != other
    both, count = counted(pairs[one[apart], 1], pairs[other[apart], 1])
    if not len(both):
        return near, weight
    sold = np.bincount(pairs[:, 1], minlength=wide)
    cosine = count / np.sqrt(sold[both[:, 0]] * sold[both[:, 1]])
    order = np.lexsort((both[:, 1], -cosine, both[:, 0]))
    size = np.bincount(both[:, 0], minlength=wide)
    place = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    first = order[place < NEAR]
    at = both[first, 0], place[place < NEAR]
    near[at], weight[at] = both[first, 1], cosine[first]
    return near, weight


def _personal(bought: Bought, now: int, half: float) -> tuple[Array, Array, Array]:
    """Return owner, product and score of what each customer has bought.

    A product bought again and again waits for its rhythm: its score grows with the share of its mean interval that is over.
    """
    wide = int(bought.item.max(initial=0)) + 1
    age = (now - bought.time) / DAY
    key, place, times = np.unique(bought.owner * wide + bought.item, return_inverse=True, return_counts=True)
    place = place.reshape(-1)
    decayed = np.bincount(place, 0.5 ** (age / half), len(key))
    last, first = np.full(len(key), np.inf), np.zeros(len(key))
    np.minimum.at(last, place, age)
    np.maximum.at(first, place, age)
    interval = (first - last) / np.maximum(times - 1, 1)
    over = np.where(interval > 0, np.minimum(last / np.maximum(interval, 1e-9), 1), 1.0)
    return key // wide, key % wide, decayed * (0.25 + 0.75 * over)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """How often what was offered came true.

    Attributes
    ----------
    hit, recall, ndcg : shares 0..1: customers of whose next basket something was offered; what of it was; and the same with
        what is offered first counting more
    repeat, explore : shares of what was bought again, and of what was new, that was offered
    """

    hit: float
    recall: float
    ndcg: float
    repeat: float
    explore: float


def tried(offered: Array, came: Bought, before: Bought) -> Trial:
    """Compare what is offered, int64[customers, top], with the next basket of each customer."""
    wide = int(max(came.item.max(initial=0), before.item.max(initial=0), offered.max(initial=0))) + 1
    top = offered.shape[1]
    truth, had = came.owner * wide + came.item, np.unique(before.owner * wide + before.item)
    owner, place = np.divmod(np.flatnonzero(offered.reshape(-1) >= 0), top)
    rank = {"key": owner * wide + offered[owner, place], "gain": 1 / np.log2(place + 2)}
    right = np.isin(rank["key"], truth)
    size = np.diff(came.offsets)
    gain = np.bincount(owner[right], rank["gain"][right], len(size))
    ideal = np.cumsum(1 / np.log2(np.arange(2, top + 2)))[np.minimum(size, top) - 1]
    hits = np.bincount(owner[right], minlength=len(size))
    found, again = np.isin(truth, rank["key"]), np.isin(truth, had)
    return Trial(
        float((hits > 0).mean()),
        float((hits / size).mean()),
        float((gain / ideal).mean()),
        float(found[again].mean()) if again.any() else float("nan"),
        float(found[~again].mean()) if (~again).any() else float("nan"),
    )


def last_basket(bought: Bought, fill: Array, top: int) -> Array:
    """Return the last basket of each customer, filled up by best sellers: int64[customers, top]."""
    last = bought.time == bought.time[bought.offsets[1:] - 1][bought.owner]
    owner = np.concatenate((bought.owner[last], np.repeat(np.arange(len(bought.offsets) - 1), len(fill))))
    item = np.concatenate((bought.item[last], np.tile(fill, len(bought.offsets) - 1)))
    order = np.argsort(owner, kind="stable")
    return _first(owner, item, order, len(bought.offsets) - 1, top)[0]


def best_new(bought: Bought, sold: Array, top: int) -> Array:
    """Return the best sellers that each customer has never bought: int64[customers, top]."""
    best = np.argsort(-sold, kind="stable")[:SOLD]
    size, wide = len(bought.offsets) - 1, len(sold)
    owner, item = np.repeat(np.arange(size), len(best)), np.tile(best, size)
    had = np.isin(owner * wide + item, bought.owner * wide + bought.item)
    return _first(owner, item, np.flatnonzero(~had), size, top)[0]


def _first(owner: Array, item: Array, order: Array, customers: int, top: int) -> tuple[Array, Array]:
    """Lay out the first different products of each customer, and where they stand; -1 where there are no more.

    ``order`` int64[n] are the places to look at, customers ascending, the best first.
    """
    wide = int(item.max(initial=0)) + 1
    order = order[np.sort(np.unique(owner[order] * wide + item[order], return_index=True)[1])]
    size = np.bincount(owner[order], minlength=customers)
    place = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    at = np.full((customers, top), -1, np.int64)
    at[owner[order][place < top], place[place < top]] = order[place < top]
    return np.where(at >= 0, item[at] if len(item) else -1, -1), at
