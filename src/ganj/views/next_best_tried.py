"""Whether advice comes true: learned from the time before held-out days, and compared with what came in them.

Own history advises only where it did better than the naive way, on two stretches of held-out days, the later one told;
otherwise the naive way advises. So what was tried is what is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ganj.histories import DAY, Array
from ganj.models.offers import Bought, Tastes, Trial, best_new, last_basket, tried
from ganj.text import Text
from ganj.views.next_best_fold import Pace, aligned, hour_of_week
from ganj.views.sequence_fold import Trails

FEW = 50
"""Customers who were there before and in the held-out days below which nothing is tried."""
OFFERED = 10
"""Products offered when tried."""
NEAR = 7.0
"""Days by which the day expected may be off."""
PARTS = (
    ("channel", Text("Channel", "کانال")),
    ("weekday", Text("Day of the week", "روز هفته")),
    ("hour", Text("Hour, give or take one", "ساعت، با یک ساعت بیش و کم")),
    ("due", Text("Day of the next purchase, give or take a week", "روز خرید بعدی، با یک هفته بیش و کم")),
)
"""What is tried beside the product."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """How often one part of the advice came true on the later stretch.

    Attributes
    ----------
    own, naive : shares 0..1, by own history, and by what most customers do
    people : customers it was tried on
    used : whether own history did better wherever it was tried
    """

    own: float
    naive: float
    people: int
    used: bool


def held(tries: Sequence[tuple[Array, Array]]) -> Held:
    """Say what came of trials, the later stretch first: of each customer whether own, and naive, advice was right.

    Where too few were there nothing speaks against own history, and it is used.
    """
    shares = [(float(own.mean()), float(naive.mean())) for own, naive in tries if len(own) >= FEW]
    own, naive = shares[0] if shares and len(tries[0][0]) >= FEW else (np.nan, np.nan)
    return Held(own, naive, len(tries[0][0]), all(mine > other for mine, other in shares))


def stretches(now: int, length: int) -> tuple[tuple[int, int], ...]:
    """Return begin and end of held-out days, µs, the later first."""
    return (now - length, now), (now - 2 * length, now - length)


# ---- products


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """What came of offers.

    Attributes
    ----------
    trials : on the later stretch: these offers, best sellers, last baskets, new products by own purchases, best sellers
        never bought; none where customers were too few
    people : customers they were tried on
    personal, fresh : whether own purchases, and what goes with them, did better than best sellers wherever tried
    """

    trials: tuple[Trial, ...]
    people: int
    personal: bool = True
    fresh: bool = True


def offers_tried(whole: Bought, key: Array, half: float, spans: Sequence[tuple[int, int]]) -> Offers:
    """Try offers on the next basket in each stretch."""
    wide = int(whole.item.max(initial=-1)) + 1
    each = [_offers(whole.keep(whole.time < end), begin, key, half, wide) for begin, end in spans]
    known = [trials for trials, _ in each if trials]
    return Offers(
        *each[0],
        personal=all(ours.ndcg >= max(best.ndcg, 0) for ours, best, *_ in known),
        fresh=all(not own.explore < new.explore for *_, own, new in known),
    )


def _offers(whole: Bought, cut: int, key: Array, half: float, wide: int) -> tuple[tuple[Trial, ...], int]:
    before, after = whole.keep(whole.time < cut), whole.keep(whole.time >= cut)
    both = (np.diff(before.offsets) > 0) & (np.diff(after.offsets) > 0)
    if both.sum() < FEW:
        return (), int(both.sum())
    tastes = Tastes.of(before, key, np.ones(wide), half)
    people, came = some(before, both), some(after, both)
    came = came.keep(came.time == came.time[came.offsets[:-1]][came.owner])
    order = np.argsort(-tastes.sold, kind="stable")
    offers = (
        tastes.ranked(people, cut, OFFERED)[0],
        np.tile(order[:OFFERED], (len(people.offsets) - 1, 1)),
        last_basket(people, order[: 3 * OFFERED], OFFERED),
        tastes.without_own(people, cut, OFFERED),
        best_new(people, tastes.sold, OFFERED),
    )
    return tuple(tried(offered, came, people) for offered in offers), int(both.sum())


def some(bought: Bought, which: Array) -> Bought:
    """Return some customers: bool[customers]."""
    steps = which[bought.owner]
    sizes = np.diff(bought.offsets)[which]
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    return Bought(offsets, bought.item[steps], bought.time[steps])


# ---- channels


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """What is known of the channels customers come by.

    Attributes
    ----------
    labels : names of channels
    share : float64[channels], of everyone's days, halved as own ones are
    half : days after which a day counts half
    prior : days by which own history outweighs everyone's
    own : whether own history advises; otherwise the channel most used by all
    """

    labels: tuple[str, ...]
    share: Array
    half: float
    prior: float
    own: bool = True

    @classmethod
    def of(cls, acts: Trails, now: int, half: float, prior: float) -> Ways:
        """Learn from what everyone did before now."""
        weight = _weight(acts, now, half)
        total = np.bincount(acts.item, weight, len(acts.labels))
        return cls(acts.labels, total / max(total.sum(), 1e-300), half, prior)

    def of_customers(self, customer: Array, acts: Trails, now: int) -> Array:
        """Return the likeliest channel of some customers; of those who never came by any, the one most used by all."""
        usual = float(self.share.argmax()) if len(self.share) else -1.0
        found = aligned(customer, acts.customer, self.best(acts, now).astype(np.float64))
        return np.where(np.isnan(found), usual, found).astype(np.int64)

    def best(self, acts: Trails, now: int) -> Array:
        """Return the likeliest channel of each customer: int64[customers], -1 where there is none at all."""
        size, wide = len(acts.customer), len(self.labels)
        if not wide:
            return np.full(size, -1)
        most = np.full(size, int(self.share.argmax()))
        if not self.own or not len(acts.item):
            return most
        owner = _owner(acts)
        keys, place = np.unique(owner * wide + acts.item, return_inverse=True)
        seen = np.bincount(place.reshape(-1), _weight(acts, now, self.half), len(keys))
        keys = np.concatenate((keys, np.arange(size) * wide + most))
        score = np.concatenate((seen, np.zeros(size))) + self.prior * self.share[keys % wide]
        order = np.lexsort((keys % wide, -score, keys // wide))
        first = np.searchsorted(keys[order] // wide, np.arange(size))
        return keys[order][first] % wide


def _owner(acts: Trails) -> Array:
    return np.repeat(np.arange(len(acts.customer)), np.diff(acts.offsets))


def _weight(acts: Trails, now: int, half: float) -> Array:
    weight: Array = 0.5 ** (np.maximum(now - acts.time, 0) / DAY / half)
    return np.where(acts.time < now, weight, 0.0)


def channels_tried(acts: Trails, half: float, prior: float, spans: Sequence[tuple[int, int]]) -> Held:
    """Try on the channel of each customer's first act in each stretch, beside the channel most used by all."""
    tries = []
    for begin, end in spans:
        there, first = _firsts(acts, begin, end)
        ways = Ways.of(acts, begin, half, prior)
        came = acts.item[first]
        own, most = (replace(ways, own=one).best(acts, begin)[there] for one in (True, False))
        tries.append((own == came, most == came))
    return held(tries)


def _firsts(acts: Trails, begin: int, end: int) -> tuple[Array, Array]:
    """Return customers seen before and within a stretch, and their first step in it."""
    owner = _owner(acts)
    before = np.bincount(owner[acts.time < begin], minlength=len(acts.customer)) > 0
    inside = np.flatnonzero((acts.time >= begin) & (acts.time < end) & before[owner])
    there, first = np.unique(owner[inside], return_index=True)
    return there, inside[first]


# ---- when


def times_tried(
    owner: Array, time: Array, prior: float, spans: Sequence[tuple[int, int]], zone: str
) -> dict[str, Held]:
    """Try weekday, hour and day of the next purchase; owner int64[n] and time int64[n] of purchases are in order."""
    right: dict[str, list[tuple[Array, Array]]] = {name: [] for name in Pace.PARTS}
    for begin, end in spans:
        before, inside = time < begin, np.flatnonzero((time >= begin) & (time < end))
        there, first = np.unique(owner[inside], return_index=True)
        known = np.isin(there, owner[before])
        there, came = there[known], time[inside[first[known]]]
        mine = before & np.isin(owner, there)
        pace = Pace.of(owner[before], time[before], prior, zone)
        whose = np.searchsorted(there, owner[mine])
        own, all_ = (
            _right(
                replace(pace, used=used).when(whose, time[mine], len(there), begin, zone), came, begin, zone
            )
            for used in (frozenset(Pace.PARTS), frozenset[str]())
        )
        for name, tries in right.items():
            tries.append((own[name], all_[name]))
    return {name: held(tries) for name, tries in right.items()}


def _right(told: Array, came: Array, begin: int, zone: str) -> dict[str, Array]:
    """Compare what `Pace.when` says with when customers came: bool[customers] of each part."""
    hour = hour_of_week(came, zone)
    off = np.abs(told[1] - hour % 24)
    late = np.maximum(told[2], 0) - (came - begin) / DAY
    return {
        "weekday": told[0] == hour // 24,
        "hour": np.minimum(off, 24 - off) <= 1,
        "due": np.abs(late) <= NEAR,
    }
