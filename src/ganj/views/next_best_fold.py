"""What is known of each customer for the next step: when they buy, and through which channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.calendar import local_time, weekdays
from ganj.histories import DAY, HOUR, Array
from ganj.models.offers import Bought, Tastes
from ganj.text import Text
from ganj.views.sequence_fold import Trails, Walks

DUE = (
    ("overdue", Text("Overdue", "سررسید گذشته")),
    ("week", Text("Within 7 days", "تا ۷ روز دیگر")),
    ("month", Text("Within 30 days", "تا ۳۰ روز دیگر")),
    ("later", Text("Later", "دیرتر")),
)
EDGES = (0, 7, 30)
"""Days from now that divide `DUE`."""
AHEAD = 90
"""Days of purchases that a discount may save."""


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """What customers bought, and when everyone buys.

    Attributes
    ----------
    walks : what they bought, in order
    hours : float64[168], purchases by 24 × weekday (0 Monday) + hour
    """

    walks: Walks
    hours: Array

    def __add__(self, other: Habits) -> Habits:
        return Habits(self.walks + other.walks, self.hours + other.hours)


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """What is advised for some customers, in their order.

    Attributes
    ----------
    next, again, new : int64[customers], codes of products; -1 for none
    hour : int64[customers], 24 × weekday + hour
    due : float64[customers], days from now to the next purchase expected
    bucket : int32[customers], of `DUE`
    risk : float64[customers], 0..1, chance that so long a silence is no chance
    discount : float64[customers], money
    """

    next: Array
    again: Array
    new: Array
    hour: Array
    due: Array
    bucket: Array
    risk: Array
    discount: Array


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """How everyone buys: what single customers are drawn to.

    Attributes
    ----------
    hours : float64[168], shares of purchases
    gap : mean days between two purchases
    prior : purchases by which a customer's own habits outweigh everyone's
    price : float64[products], mean price of a piece
    margin : float64[products], 0..1
    saved : share of customers about to leave whom a discount holds
    """

    hours: Array
    gap: float
    prior: float
    price: Array
    margin: Array
    saved: float


def bought_of(trails: Trails) -> Bought:
    """Return purchases as the model of offers reads them."""
    return Bought(trails.offsets, trails.item, trails.time)


def hour_of_week(time: Array, zone: str) -> Array:
    """Return 24 × weekday + hour on the wall: int64[n]."""
    local = local_time(time, zone)
    hour: Array = 24 * weekdays(local // DAY) + local % DAY // HOUR
    return hour


def orders_of(trails: Trails) -> tuple[Array, Array, Array]:
    """Return purchases: owner int64[n], time int64[n], and the purchase of each step int64[steps]."""
    owner = np.repeat(np.arange(len(trails.customer)), np.diff(trails.offsets))
    new = np.ones(len(owner), bool)
    new[1:] = (owner[1:] != owner[:-1]) | (trails.time[1:] != trails.time[:-1])
    return owner[new], trails.time[new], np.cumsum(new) - 1


def advise(trails: Trails, tastes: Tastes, rhythm: Rhythm, now: int, zone: str) -> Advice:
    """Say what to do next with each customer."""
    size = len(trails.customer)
    bought = bought_of(trails)
    best, own = tastes.ranked(bought, now, 10)
    column = np.where(own.any(axis=1), own.argmax(axis=1), 0)
    again = np.where(own.any(axis=1), best[np.arange(size), column], -1)
    owner, time, _ = orders_of(trails)
    count = np.bincount(owner, minlength=size)
    first, last = (trails.time[at] for at in (trails.offsets[:-1], trails.offsets[1:] - 1))
    gap = ((last - first) / DAY + rhythm.prior * rhythm.gap) / (count - 1 + rhythm.prior)
    silent = (now - last) / DAY
    due = gap - silent
    risk = 1 - np.exp(-np.maximum(silent - gap, 0) / np.maximum(gap, 1e-9))
    steps = np.repeat(np.arange(size), np.diff(trails.offsets))
    profit = np.bincount(steps, (rhythm.price * rhythm.margin)[trails.item], size) / np.maximum(count, 1)
    return Advice(
        best[:, 0],
        again,
        tastes.without_own(bought, now, 1)[:, 0],
        _best_hour(owner, hour_of_week(time, zone), size, rhythm),
        due,
        np.searchsorted(EDGES, due, side="right").astype(np.int32),
        risk,
        rhythm.saved * risk * profit * AHEAD / np.maximum(gap, 1),
    )


def _best_hour(owner: Array, hour: Array, size: int, rhythm: Rhythm) -> Array:
    """Return each customer's likeliest hour of the week, weekday and hour of the day drawn to everyone's."""
    best = np.zeros((2, size), np.int64)
    for row, (part, kinds) in enumerate(((hour // 24, 7), (hour % 24, 24))):
        share = rhythm.hours.reshape(7, 24).sum(axis=1 - row)
        own = np.bincount(owner * kinds + part, minlength=size * kinds).reshape(size, kinds)
        best[row] = (own + rhythm.prior * share).argmax(axis=1)
    hour_of: Array = 24 * best[0] + best[1]
    return hour_of
