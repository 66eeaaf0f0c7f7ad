"""Who was drawn into which group, what came after, and what was known before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ganj.breakdown import of_customers, of_events
from ganj.errors import GanjError
from ganj.histories import DAY, SECOND, Array, Category, Histories
from ganj.models.causal.effects import sums
from ganj.models.learning.design import TRAIT
from ganj.models.learning.sample import Frame, mixed, stacked
from ganj.sketches import Groups, Tally
from ganj.text import Text

LIMIT = 1 << 16
"""Customers kept to learn from, and as many to choose among; of up to so many all is exact."""
FIGURES = ("times before", "amount before", "days since the last", "days known")
SHIFT = 32


class NoSuchGroup(GanjError):
    """A group that nobody is in, where others are. Facts: ``parameter``, ``value``, ``values``."""

    status = 422
    says = Text(
        "Nobody's group is {value!r}; the groups are: {values}.",
        "گروه هیچ‌کس «{value}» نیست؛ گروه‌ها: {values}.",
    )
    hint = Text(
        "Say the right one with the parameter {parameter}.", "گروه درست را با پارامتر {parameter} بگویید."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Customers who were drawn, one row for each draw.

    Attributes
    ----------
    owner : int64[n], position of the customer
    time : int64[n], µs UTC; 0 where the group is a trait
    treated : bool[n]
    campaign : int64[n], into ``names``; the last name is of none
    names : of the campaigns
    """

    owner: Array
    time: Array
    treated: Array
    campaign: Array
    names: tuple[str, ...]

    def keep(self, some: Array) -> Drawn:
        """Return some of the draws: bool[n]."""
        return replace(
            self,
            owner=self.owner[some],
            time=self.time[some],
            treated=self.treated[some],
            campaign=self.campaign[some],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A sample of rows, those of the smallest keys: keys uint64[n], frame, facts float64[n, f], campaigns."""

    keys: Array
    frame: Frame
    facts: Array
    campaign: tuple[str, ...]
    size: int

    def __len__(self) -> int:
        return len(self.keys)

    def __add__(self, other: Kept) -> Kept:
        if not len(self) or not len(other):
            return self if len(self) else other
        keys, names = np.concatenate((self.keys, other.keys)), (*self.campaign, *other.campaign)
        order = np.lexsort((np.array(names, str), keys))[:LIMIT]
        frame = stacked([self.frame, other.frame]).take(order)
        facts = np.concatenate((self.facts, other.facts))[order]
        return Kept(keys[order], frame, facts, tuple(names[k] for k in order), self.size + other.size)


@dataclass(frozen=True, slots=True, eq=False)
class Trialled:
    """What is known of all draws.

    Attributes
    ----------
    groups : by campaign: float64[2, 6], see `ganj.models.causal.effects`, the control group first
    people : by campaign: int64[2], customers
    days : by campaign: by (day of the draw, group): customers, outcome, its square, what was before …
    drawn : a sample of draws; facts are outcome, treated, what was before
    now : a sample of all customers as they are now
    labels : the values that the group has anywhere
    """

    groups: Groups
    people: Groups
    days: Groups
    drawn: Kept
    now: Kept
    labels: tuple[str, ...]

    def __add__(self, other: Trialled) -> Trialled:
        return Trialled(
            self.groups + other.groups,
            self.people + other.people,
            self.days + other.days,
            self.drawn + other.drawn,
            self.now + other.now,
            tuple(sorted({*self.labels, *other.labels})),
        )


def drawn_by_event(
    histories: Histories, joined: Array, names: tuple[str, str], arms: tuple[str, str]
) -> Drawn:
    """Find draws in events: ``names`` of group and campaign, ``arms`` the control's and the treated's value.

    Of several draws of a customer in one campaign the first counts.
    """
    group = of_events(histories, names[0])
    told = of_events(histories, names[1]) if names[1] else None
    told = told or Category(np.full(len(histories.time), -1, np.int32), ())
    labels = (*told.labels, "")
    if group is None:
        nobody = np.zeros(0, np.int64)
        return Drawn(nobody, nobody, nobody > 0, nobody, labels)
    arm = _arm(group, arms)
    at = np.flatnonzero(joined & (arm >= 0))
    owner = histories.owner[at]
    campaign = np.where(told.codes[at] >= 0, told.codes[at], len(labels) - 1).astype(np.int64)
    _, first = np.unique(owner * (len(labels) + 1) + campaign, return_index=True)
    first = np.sort(first)
    return Drawn(owner[first], histories.time[at][first], arm[at][first] == 1, campaign[first], labels)


def drawn_by_trait(histories: Histories, name: str, arms: tuple[str, str]) -> Drawn:
    """Find draws in a trait: of each customer at most one."""
    group = of_customers(histories, name)
    arm = _arm(group, arms) if group is not None else np.full(len(histories), -1)
    owner = np.flatnonzero(arm >= 0)
    nothing = np.zeros(len(owner), np.int64)
    return Drawn(owner, nothing, arm[owner] == 1, nothing, ("",))


def _arm(group: Category, arms: tuple[str, str]) -> Array:
    """Return 1 for the treated, 0 for the control group, -1 for neither."""
    known = np.full(len(group.labels) + 1, -1)
    for at, label in enumerate(group.labels):
        known[at] = arms.index(label) if label in arms else -1
    found: Array = known[group.codes]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The outcome's events, for sums over any stretch of a customer's time.

    Attributes
    ----------
    place : int64[events], customer and second as one ascending number
    times, amount : float64[events + 1], running sums
    time : int64[events], µs UTC
    start : µs UTC from which seconds are counted
    """

    place: Array
    times: Array
    amount: Array
    time: Array
    start: int

    @classmethod
    def of(cls, histories: Histories, meant: Array) -> Track:
        """Lay out the events that are meant: bool[events]."""
        at = np.flatnonzero(meant)
        start = int(histories.time.min(initial=0))
        place = (histories.owner[at] << SHIFT) + (histories.time[at] - start) // SECOND
        amount = np.nan_to_num(histories.amount[at])
        running = [np.concatenate(([0.0], np.cumsum(values))) for values in (np.ones(len(at)), amount)]
        return cls(place, running[0], running[1], histories.time[at], start)

    def sums(self, owner: Array, after: Array, until: Array) -> tuple[Array, Array]:
        """Return how often and how much, later than ``after`` and not later than ``until``, µs: float64[n] each."""
        low, high = self._at(owner, after), self._at(owner, until)
        return self.times[high] - self.times[low], self.amount[high] - self.amount[low]

    def last(self, owner: Array, until: Array) -> Array:
        """Return µs of each customer's last event not later than a moment, nan where there is none."""
        high = self._at(owner, until)
        none = self._at(owner, np.full(len(owner), self.start - SECOND)) == high
        return np.where(none, np.nan, self.time[np.maximum(high - 1, 0)] if len(self.time) else np.nan)

    def _at(self, owner: Array, moment: Array) -> Array:
        second = np.clip((moment - self.start) // SECOND, -1, (1 << SHIFT) - 2)
        found: Array = np.searchsorted(self.place, (owner << SHIFT) + second, side="right")
        return found


def frame_of(
    histories: Histories, track: Track | None, owner: Array, moment: Array, about: tuple[int, tuple[str, ...]]
) -> Frame:
    """Lay out what was known of customers at a moment.

    Parameters
    ----------
    track : the outcome's events; None where nothing is told by events
    about : µs of the time before that is looked at, and names of traits
    """
    before, traits = about
    columns, names = [], []
    if track is not None:
        times, amount = track.sums(owner, moment - before, moment)
        since = (moment - track.last(owner, moment)) / DAY
        first = _first(histories)[owner]
        columns = [times, amount, since, (moment - first) / DAY]
        names = list(FIGURES)
    categories = {}
    for name in traits:
        trait = histories.traits.get(name)
        if isinstance(trait, Category):
            categories[name] = Category(trait.codes[owner], trait.labels)
        else:
            columns.append(trait[owner] if trait is not None else np.full(len(owner), np.nan))
            names.append(TRAIT + name)
    numbers = np.column_stack(columns).astype(np.float64) if columns else np.zeros((len(owner), 0))
    return Frame(tuple(names), numbers, categories)


def _first(histories: Histories) -> Array:
    """Return µs of each customer's first event, nan where there is none: float64[customers]."""
    found = np.full(len(histories), np.nan)
    some = np.flatnonzero(np.diff(histories.offsets))
    found[some] = histories.time[histories.offsets[some]]
    return found


def kept(
    histories: Histories, owner: Array, frame: Frame, facts: Array, campaign: tuple[str, ...], seed: int
) -> Kept:
    """Keep the rows of the smallest keys."""
    keys = mixed(histories.lots[owner], seed)
    order = np.lexsort((np.array(campaign, str), keys))[:LIMIT]
    return Kept(keys[order], frame.take(order), facts[order], tuple(campaign[k] for k in order), len(keys))


def by_campaign(drawn: Drawn, outcome: Array, before: Array, day: Array) -> tuple[Groups, Groups, Groups]:
    """Add up draws by campaign: sums of the groups, customers, and sums by day."""
    groups: dict[str, Array] = {}
    people: dict[str, Array] = {}
    days: dict[str, Tally] = {}
    for code in np.unique(drawn.campaign).tolist():
        there = drawn.campaign == code
        name, arm = drawn.names[code], drawn.treated[there].astype(np.int64)
        y, x = outcome[there], before[there]
        groups[name] = sums(y, x, arm)
        people[name] = np.bincount(arm, minlength=2)
        told = np.column_stack((np.ones(len(y)), y, y * y, x, x * x, x * y))
        days[name] = Tally.of(np.column_stack((day[there], arm)), told)
    return Groups(groups), Groups(people), Groups(days)


def memberships(drawn: Drawn, customers: int) -> Mapping[str, list[list[str]]]:
    """Say of each customer the campaigns in which they were treated, and those in which they were not."""
    found: dict[str, list[list[str]]] = {
        "treated": [[] for _ in range(customers)],
        "control": [[] for _ in range(customers)],
    }
    for owner, treated, campaign in zip(
        drawn.owner.tolist(), drawn.treated.tolist(), drawn.campaign.tolist(), strict=True
    ):
        found["treated" if treated else "control"][owner].append(drawn.names[campaign])
    return found
