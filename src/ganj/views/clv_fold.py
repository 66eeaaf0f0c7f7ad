"""Lifetime value as a state that adds: when buyers bought, counted by the tick of a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ganj.calendar import local_day
from ganj.errors import TooLittleData
from ganj.histories import Array, Histories
from ganj.models.purchases import Purchases
from ganj.models.tracking import Track
from ganj.models.worth import DEVIATIONS, FORESEEN, Outlook
from ganj.sketches import Rows, Tally, from_ordered_bits
from ganj.text import Text
from ganj.views.clock import Clock
from ganj.views.clv_trial import Trial
from ganj.views.groups import told_apart

GROUP = 5
"""The place of the group among a buyer's figures."""
LEAST_PERIODS = 3
"""Fewer periods do not tell who left from who waits."""
BUYERS, REPEATERS = 100, 30
"""Fewer buyers, or fewer who bought again, are not fitted."""
STAYS, LEAVES = 2 / 3, 1 / 3
"""Chances of still being a customer that part active from slipping, and slipping from gone."""
SEGMENTS: tuple[tuple[str, Text], ...] = (
    ("active_high", Text("Active, high value", "فعال و پرارزش")),
    ("active", Text("Active", "فعال")),
    ("slipping_high", Text("Slipping, high value", "پرارزش و رو به ریزش")),
    ("slipping", Text("Slipping", "رو به ریزش")),
    ("gone_high", Text("Probably gone, were of high value", "پرارزش و احتمالاً رفته")),
    ("gone", Text("Probably gone", "احتمالاً رفته")),
)


def segments_of(alive: Array, high: Array) -> Array:
    """Return codes into `SEGMENTS`, -1 where the chance is nan: int32[n]."""
    level = np.where(alive >= STAYS, 0, np.where(alive >= LEAVES, 1, 2))
    return np.where(np.isnan(alive), -1, 2 * level + ~high).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Bought:
    """How buyers bought.

    Attributes
    ----------
    times : customers by (first tick, last tick, ticks again, last tick and ticks again before the held-out time, group)
    people : rows of first tick, last tick, ticks again, mean value of one again, value of all, group
    repeats : purchases again, by tick, whether the first was before the held-out time, and group
    weeks : customers who bought again, by week, whether the first was before the held-out time, and group
    labels : what codes of groups say
    """

    times: Tally
    people: Rows
    repeats: Tally
    weeks: Tally
    labels: tuple[str, ...]

    def __add__(self, other: Bought) -> Bought:
        return Bought(
            self.times + other.times,
            self.people + other.people,
            self.repeats + other.repeats,
            self.weeks + other.weeks,
            self.labels or other.labels,
        )

    def of_group(self, one: int, told: list[int]) -> Bought:
        """Return times, repeats and weeks of one of the groups that are told apart."""
        times, repeats, weeks = (
            _some(tally, told_apart(tally.keys[:, -1], told) == one)
            for tally in (self.times, self.repeats, self.weeks)
        )
        return replace(self, times=times, repeats=repeats, weeks=weeks)


def _some(tally: Tally, chosen: Array) -> Tally:
    return Tally(tally.keys[chosen], tally.values[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What was learned.

    Attributes
    ----------
    bought : the state
    clock : what ticks are
    end : the last tick that was seen
    outlook : what follows, all customers alike; None where ``refused``
    groups : the same by code of the group, the largest first; empty without
    apart : chance of groups as different as these if all bought alike; nan without groups
    tracks : of each group, week by week
    refused : why nothing was fitted
    trial : the same on the time before the held-out ticks; None where that is too thin
    track : week by week, what came and what was expected; None where ``refused``
    purchases : what the outlook was fitted to
    cut : key of value from which a customer is among the most valuable fifth
    """

    bought: Bought
    clock: Clock
    end: int
    outlook: Outlook | None
    groups: Mapping[int, Outlook]
    apart: float
    tracks: Mapping[int, Track]
    refused: TooLittleData | None
    trial: Trial | None
    track: Track | None
    purchases: Purchases
    cut: int

    @property
    def people(self) -> Rows:
        """See `Bought`."""
        return self.bought.people

    def foreseen(self, figures: Array) -> Array:
        """Return float64[n, 9], columns `FORESEEN`, of figures as in `Bought.people`; nan where refused."""
        found = np.full((len(figures), len(FORESEEN)), np.nan)
        if self.outlook is None:
            return found
        group = told_apart(figures[:, GROUP].astype(np.int64), list(self.groups))
        first, last, again, mean = figures[:, :4].T
        length = self.clock.days
        times = np.column_stack((again, (last - first) * length, (self.end - first) * length))
        for code in np.unique(group).tolist():
            at = group == code
            found[at] = self.groups.get(code, self.outlook).foreseen(times[at], mean[at])
        return found

    def segments(self, keys: Array, foreseen: Array) -> Array:
        """Return int32[n], codes into `SEGMENTS`, -1 where refused, of keys of ``people`` and what is foreseen of them."""
        return segments_of(foreseen[:, 0], keys[:, 4] >= self.cut)

    def together(self, foreseen: Array) -> Array:
        """Return between what the orders of all are, and their value, eight times of ten: float64[2, 2].

        Parameters
        ----------
        foreseen : of the rows of ``people``
        """
        outlook, people = self.outlook, self.people
        if outlook is None:
            return np.full((2, 2), np.nan)
        alive, orders, value = foreseen[:, :3].T
        again, mean = (people.total / people.count[:, None])[:, 2:4].T
        unsure, count = outlook.unsure(self.purchases), people.count
        total = np.array([orders @ count, value @ count])
        own = [outlook.square(alive, orders, again, None), outlook.square(alive, orders, again, mean)]
        spread = np.array([(own[0] - orders**2) @ count, (own[1] - value**2) @ count])
        wide = DEVIATIONS * np.sqrt(
            np.maximum(spread, 0) + (unsure * total / max(float(total[0]), 1e-300)) ** 2
        )
        return np.column_stack((np.maximum(total - wide, 0), total + wide))

    def rows(self) -> tuple[Array, Array]:
        """Return what is foreseen of the rows of ``people``, float64[k, 9], and their segments int32[k]."""
        foreseen = self.foreseen(from_ordered_bits(self.people.keys))
        return foreseen, self.segments(self.people.keys, foreseen)


def enough(rows: Purchases, periods: int = 0) -> None:
    """Refuse too few buyers, or fewer periods since the first of them first bought."""
    if periods and rows.size and rows.seen.max() < periods:
        needs = Text(f"{periods} periods after the first purchases", f"{periods} دوره پس از نخستین خریدها")
        raise TooLittleData(needs=needs, has=Text(f"{rows.seen.max():.0f}", f"{rows.seen.max():.0f} دوره"))
    if rows.size < BUYERS or _repeaters(rows) < REPEATERS:
        needs = Text(
            f"{BUYERS} buyers, {REPEATERS} of them with a second purchase",
            f"{BUYERS} خریدار با دست‌کم {REPEATERS} خریدار دارای خرید دوباره",
        )
        raise TooLittleData(needs=needs, has=_has(rows))


def unclear(rows: Purchases) -> TooLittleData:
    """Say that the likelihood has no maximum."""
    needs = Text(
        "purchases that tell how fast customers buy from how fast they leave",
        "خریدهایی که آهنگ خرید را از آهنگ رفتن مشتریان جدا کند",
    )
    return TooLittleData(needs=needs, has=_has(rows))


def _has(rows: Purchases) -> Text:
    return Text(
        f"{rows.size:.0f} buyers, {_repeaters(rows)} of them with a second purchase",
        f"{rows.size:.0f} خریدار که {_repeaters(rows)} نفرشان خرید دوباره دارند",
    )


def _repeaters(rows: Purchases) -> int:
    return int(rows.count[rows.again > 0].sum())


def buying_ticks(histories: Histories, zone: str, clock: Clock) -> tuple[Array, Array, Array]:
    """Return each customer's ticks with orders: owner int64[n], tick int64[n], money float64[n]."""
    owner, tick = histories.owner, clock.ticks(local_day(histories.time, zone))
    new = np.ones(len(tick), bool)
    new[1:] = (owner[1:] != owner[:-1]) | (tick[1:] != tick[:-1])
    at = np.flatnonzero(new)
    spent = np.add.reduceat(np.nan_to_num(histories.amount), at) if len(at) else np.zeros(0)
    return owner[at], tick[at], spent


def purchases(keys: Array, values: Array, end: int, unit: float) -> Purchases:
    """Return rows of (first tick, last tick, ticks again) as the models read them, in a unit of so many ticks."""
    tally = Tally.of(keys, values)
    first, last, again = tally.keys.T.astype(np.float64)
    return Purchases(again, (last - first) / unit, (end - first) / unit, tally.values[:, 0])


def held_out(keys: Array, count: Array, end: int, unit: float) -> tuple[Purchases, Array]:
    """Return the rows before the held-out ticks, and the sum of purchases in these: float64[n]."""
    came = (keys[:, 2] - keys[:, 4]) * count
    tally = Tally.of(keys[:, [0, 3, 4]], np.column_stack((count, came)))
    return purchases(tally.keys, tally.values, end, unit), tally.values[:, 1]


def top_fifth(people: Rows) -> int:
    """Return the key of value from which customers are among the most valuable fifth."""
    numbers = people.column(4)
    if not numbers.size:
        return 0
    at = np.searchsorted(np.cumsum(numbers.count), 0.8 * numbers.size, side="right")
    return max(int(numbers.keys[min(int(at), len(numbers.keys) - 1)]), 1)
