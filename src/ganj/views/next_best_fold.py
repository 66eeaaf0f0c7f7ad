"""What is known of each customer for the next step: when they buy, and through which channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ganj.calendar import local_time, weekdays
from ganj.events import ADJUST, CANCEL, COST, REFUND
from ganj.histories import DAY, HOUR, Array, Histories
from ganj.kernels.counting import packed
from ganj.models.learning.sample import Sample
from ganj.models.offers import Bought, Tastes
from ganj.text import Text
from ganj.views.sequence_fold import Trails, Walks, trails_of

DUE = (
    ("overdue", Text("Overdue", "سررسید گذشته")),
    ("week", Text("Within 7 days", "تا ۷ روز دیگر")),
    ("month", Text("Within 30 days", "تا ۳۰ روز دیگر")),
    ("later", Text("Later", "دیرتر")),
)
EDGES = (0, 7, 30)
"""Days from now that divide `DUE`."""
OURS = (
    "Message Sent",
    "Campaign Joined",
    "Call Made",
    "Quote Sent",
    "Deal Created",
    "Deal Stage Changed",
    "Deal Won",
    "Deal Lost",
    "Ticket Solved",
    "Task Done",
    REFUND,
    CANCEL,
    ADJUST,
    COST,
)
"""What is done to customers and not by them; it does not tell which channel is theirs."""
GAP = 30.0
"""Days between purchases where nobody has bought twice."""
AHEAD = 90
"""Days of purchases that a discount may save."""


BY = (
    ("churn", Text("The churn model", "مدل ریزش")),
    ("rhythm", Text("Own rhythm of purchases", "آهنگ خرید خود مشتری")),
)
"""What the chance of leaving is told by."""


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """What customers bought, by which channels they came, and when everyone buys.

    Attributes
    ----------
    walks : what they bought, in order
    hours : float64[168], purchases by 24 × weekday (0 Monday) + hour
    acts : the first act of each day by each channel
    sample : what is known of customers who may leave
    """

    walks: Walks
    hours: Array
    acts: Walks
    sample: Sample

    def __add__(self, other: Habits) -> Habits:
        walks, acts = self.walks + other.walks, self.acts + other.acts
        return Habits(walks, self.hours + other.hours, acts, self.sample + other.sample)


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """What is advised for some customers, in their order.

    Attributes
    ----------
    next, again, new : int64[customers], codes of products; -1 for none
    channel : int64[customers], codes of channels; -1 for none
    hour : int64[customers], 24 × weekday + hour
    due : float64[customers], days from now to the next purchase expected
    bucket : int32[customers], of `DUE`
    risk : float64[customers], 0..1, chance of leaving
    by : int32[customers], of `BY`
    discount : float64[customers], money
    """

    next: Array
    again: Array
    new: Array
    channel: Array
    hour: Array
    due: Array
    bucket: Array
    risk: Array
    by: Array
    discount: Array


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """When everyone buys, and how far a customer's own purchases say otherwise.

    Attributes
    ----------
    hours : float64[168], shares of purchases
    gap : mean days between two purchases
    prior : purchases by which a customer's own habits outweigh everyone's
    used : parts that own purchases advise on; the others are everyone's
    """

    hours: Array
    gap: float
    prior: float
    used: frozenset[str] = frozenset(("weekday", "hour", "due"))
    PARTS: ClassVar[tuple[str, ...]] = ("weekday", "hour", "due")

    @classmethod
    def of(cls, owner: Array, time: Array, prior: float, zone: str) -> Pace:
        """Learn from purchases, in order."""
        hours = np.bincount(hour_of_week(time, zone), minlength=168)
        return cls(hours / max(hours.sum(), 1), usual_gap(owner, time), prior)

    def when(self, owner: Array, time: Array, size: int, now: int, zone: str) -> Array:
        """Return weekday, hour and days until the next purchase of each customer: float64[3, size].

        ``owner`` ascends and holds each customer; ``time`` is in order.
        """
        told, hour = np.zeros((3, size)), hour_of_week(time, zone)
        for row, (part, kinds) in enumerate(((hour // 24, 7), (hour % 24, 24))):
            share = self.hours.reshape(7, 24).sum(axis=1 - row)
            own = np.bincount(owner * kinds + part, minlength=size * kinds).reshape(size, kinds)
            told[row] = ((self.PARTS[row] in self.used) * own + self.prior * share).argmax(axis=1)
        edges = np.searchsorted(owner, np.arange(size + 1))
        first, last = (time[at] for at in (edges[:-1], edges[1:] - 1))
        own_gap = ((last - first) / DAY + self.prior * self.gap) / (np.diff(edges) - 1 + self.prior)
        told[2] = (own_gap if "due" in self.used else self.gap) - (now - last) / DAY
        return told


@dataclass(frozen=True, slots=True, eq=False)
class Profit:
    """What a customer's purchases bring.

    Attributes
    ----------
    price : float64[products], mean price of a piece
    margin : float64[products], 0..1
    saved : share of customers about to leave whom a discount holds
    """

    price: Array
    margin: Array
    saved: float


def usual_gap(owner: Array, time: Array) -> float:
    """Return the mean days between two purchases of one customer; `GAP` where nobody has bought twice."""
    gaps = np.diff(time)[owner[1:] == owner[:-1]] / DAY
    return float(gaps.mean()) if len(gaps) else GAP


def bought_of(trails: Trails) -> Bought:
    """Return purchases as the model of offers reads them."""
    return Bought(trails.offsets, trails.item, trails.time)


def hour_of_week(time: Array, zone: str) -> Array:
    """Return 24 × weekday + hour on the wall: int64[n]."""
    local = local_time(time, zone)
    hour: Array = 24 * weekdays(local // DAY) + local % DAY // HOUR
    return hour


def acts_of(histories: Histories, channels: tuple[str, ...]) -> Trails:
    """Return the first act of each customer of a day by each channel, or by some of them; what we did is no act."""
    channel = histories.columns.get("channel", np.full(len(histories.time), -1, np.int32))
    names = tuple(histories.names.get("channel", ()))
    wanted = [code for code, name in enumerate(names) if not channels or name in channels]
    own = np.flatnonzero(np.isin(channel, wanted) & ~np.isin(histories.event, histories.codes(OURS)))
    key = np.column_stack((histories.owner[own], histories.time[own] // DAY, channel[own]))
    _, first = np.unique(packed(key.astype(np.int64))[0], return_index=True)
    marked = np.zeros(len(histories.time), bool)
    marked[own[first]] = True
    return trails_of(histories, marked, np.zeros(len(marked), bool), "channel")


def aligned(customer: Array, of: Array, value: Array) -> Array:
    """Return the value of each customer, float64[n]; nan of those there is none of."""
    order = np.argsort(of, kind="stable")
    at = np.searchsorted(of, customer, sorter=order)
    at = order[np.minimum(at, len(of) - 1)] if len(of) else np.zeros(len(customer), np.int64)
    return np.where(of[at] == customer, value[at], np.nan) if len(of) else np.full(len(customer), np.nan)


def orders_of(trails: Trails) -> tuple[Array, Array, Array]:
    """Return purchases: owner int64[n], time int64[n], and the purchase of each step int64[steps]."""
    owner = np.repeat(np.arange(len(trails.customer)), np.diff(trails.offsets))
    new = np.ones(len(owner), bool)
    new[1:] = (owner[1:] != owner[:-1]) | (trails.time[1:] != trails.time[:-1])
    return owner[new], trails.time[new], np.cumsum(new) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What advice rests on; ``now`` is µs."""

    tastes: Tastes
    pace: Pace
    profit: Profit
    now: int
    zone: str


def advise(trails: Trails, known: Known, channel: Array, chance: Array) -> Advice:
    """Say what to do next with each customer; ``chance`` is of the churn model, nan where it says nothing."""
    tastes, pace, profit, now, zone = known.tastes, known.pace, known.profit, known.now, known.zone
    size = len(trails.customer)
    offers = tastes.offers(bought_of(trails), now)
    owner, time, _ = orders_of(trails)
    weekday, hour, due = pace.when(owner, time, size, now, zone)
    last = trails.time[trails.offsets[1:] - 1]
    silent = (now - last) / DAY
    gap = np.maximum(due + silent, 1e-9)
    risk = np.where(np.isnan(chance), 1 - np.exp(-np.maximum(-due, 0) / gap), chance)
    steps = np.repeat(np.arange(size), np.diff(trails.offsets))
    earned = np.bincount(steps, (profit.price * profit.margin)[trails.item], size)
    each = earned / np.maximum(np.bincount(owner, minlength=size), 1)
    return Advice(
        offers.first(1)[:, 0],
        offers.again(1)[:, 0],
        offers.fresh(1)[:, 0],
        channel,
        (24 * weekday + hour).astype(np.int64),
        due,
        np.searchsorted(EDGES, due, side="right").astype(np.int32),
        risk,
        np.isnan(chance).astype(np.int32),
        profit.saved * risk * each * AHEAD / np.maximum(gap, 1),
    )
