"""What was found in the order of steps, and which customers are behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ganj.histories import DAY, Array
from ganj.kernels.holding import holding
from ganj.kernels.intervals import wilson
from ganj.kernels.occurring import occurring
from ganj.kernels.pairs import distinct
from ganj.kernels.prefixspan import NEVER
from ganj.models.rules import holm
from ganj.views.sequence_fold import Trails

Steps = tuple[int, ...]
SHUFFLES = 100
"""How often the order of each history is drawn by lot."""
MANY = 2_000
"""Customers from which a tail is bounded instead of summed."""
Z = 1.959964


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """The sequences that some cell shows; their numbers are what customers are scored with."""

    steps: tuple[Steps, ...]
    number: dict[Steps, int] = field(default_factory=dict)

    @classmethod
    def of(cls, *many: list[Steps]) -> Sought:
        """Give numbers to the sequences in their order."""
        found = tuple(dict.fromkeys(one for some in many for one in some))
        return cls(found, {one: number for number, one in enumerate(found)})

    def numbers(self, some: list[Steps]) -> Array:
        """Return the numbers of some sequences: int64[n]."""
        return np.array([self.number[one] for one in some], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where sequences lie.

    Attributes
    ----------
    history, number : int64[pairs], positions of histories that hold all steps, and sequences; by history
    span : int64[pairs, 3], see `ganj.kernels.occurring`
    sequences : how many there are
    share : float64[pairs], how often the sequence would lie there if the order of moments were drawn by lot
    """

    history: Array
    number: Array
    span: Array
    sequences: int
    share: Array

    @property
    def there(self) -> Array:
        """Whether the steps are in order: bool[pairs]."""
        found: Array = self.span[:, 1] != NEVER
        return found

    @property
    def customers(self) -> Array:
        """int64[sequences], histories in which each lies."""
        return np.bincount(self.number[self.there], minlength=self.sequences)

    def days(self) -> Array:
        """Return the median of days from first step to last: float64[sequences]; nan where there is none."""
        found = np.full(self.sequences, np.nan)
        number, took = self.number[self.there], np.diff(self.span[self.there, :2])[:, 0] / DAY
        order = np.lexsort((took, number))
        edges = np.searchsorted(number[order], np.arange(len(found) + 1))
        some = np.flatnonzero(np.diff(edges))
        low, high = edges[some] + (np.diff(edges)[some] - 1) // 2, edges[some] + np.diff(edges)[some] // 2
        found[some] = (took[order][low] + took[order][high]) / 2
        return found


def places(trails: Trails, sought: Sought, reach: Array, shuffles: int = 0) -> Places:
    """Find sequences in histories."""
    size = [len(one) for one in sought.steps]
    offsets = np.concatenate(([0], np.cumsum(size))).astype(np.int64)
    items = np.array([step for one in sought.steps for step in one], np.int64)
    if not len(items) or not len(trails.item):
        none = np.zeros(0, np.int64)
        return Places(none, none, np.zeros((0, 3), np.int64), len(size), np.zeros(0))
    wide = int(max(items.max(), trails.item.max())) + 1
    pairs = holding((trails.offsets, trails.item.astype(np.int64)), (offsets, items), wide)
    history, number = distinct(*pairs).T.copy()  # a history may hold an item many times
    histories = trails.offsets, trails.item, trails.time
    span, drawn = occurring((history, number), histories, (offsets, items), reach, trails.key, shuffles)
    return Places(history, number, span, len(size), drawn / max(shuffles, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Whether sequences are more frequent than they would be if order meant nothing.

    Attributes
    ----------
    expected, lift : float64[n], customers if the order of moments were drawn by lot; times as many there are
    holm : float64[n], chance of so many, corrected for all sequences tried
    tested : sequences tried
    """

    expected: Array
    lift: Array
    holm: Array
    tested: int

    @classmethod
    def of(cls, found: Places, tried: Array, others: int = 0) -> Order:
        """Test the sequences ``tried``, bool[sequences], chosen among them and ``others``, which count as certain chance.

        Given what each customer did at each moment, and when, customers are independent of each other; so the number of
        those with the sequence is a sum of unlike coins, whose tail is computed exactly.  Each coin's chance is that of
        `SHUFFLES` draws, and never quite 0 or 1 unless there was nothing to draw.
        """
        expected = np.bincount(found.number, found.share, found.sequences)
        chance, count = np.ones(found.sequences), found.customers
        by_number = np.argsort(found.number, kind="stable")
        edges = np.searchsorted(found.number[by_number], np.arange(found.sequences + 1))
        for k in np.flatnonzero(tried & (count > expected)):
            share = found.share[by_number[edges[k] : edges[k + 1]]]
            moved = share[(share > 0) & (share < 1)]
            chance[k] = coins(
                int(count[k]),
                np.concatenate(((moved * SHUFFLES + 0.5) / (SHUFFLES + 1), share[share >= 1], _rare(share))),
            )
        corrected = np.ones(len(chance))
        tested = int(tried.sum()) + others
        corrected[tried] = holm(chance[tried], tested)
        lift = count / np.where(expected > 0, expected, np.nan)
        return cls(expected, lift, corrected, tested)


def _rare(share: Array) -> Array:
    """Return the chances of coins that were never seen to fall: less than one in `SHUFFLES`."""
    return np.full(int((share <= 0).sum()), 0.5 / (SHUFFLES + 1))


def coins(count: int, chances: Array) -> float:
    """Return the chance that at least ``count`` of unlike coins fall; of very many a bound (Hoeffding, 1956)."""
    if len(chances) > MANY:
        return _tail(count, len(chances), float(chances.mean()))
    told = np.zeros(len(chances) + 1)
    told[0] = 1.0
    for size, chance in enumerate(chances, 1):
        told[1 : size + 1] = told[1 : size + 1] * (1 - chance) + told[:size] * chance
        told[0] *= 1 - chance
    return float(min(told[count:].sum(), 1.0))


def _tail(count: int, tries: int, share: float) -> float:
    """Return the chance of at least ``count`` of so many tries, each with a chance of ``share``."""
    if count <= tries * share or share >= 1:
        return 1.0
    if share <= 0:
        return 0.0
    logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, tries + 1)))))
    k = np.arange(count, tries + 1)
    terms = logs[tries] - logs[k] - logs[tries - k] + k * np.log(share) + (tries - k) * np.log1p(-share)
    return float(min(np.exp(terms).sum(), 1.0))


def dated(found: Places, moments: Array, first: Array) -> Places:
    """Give back the times of moments that were counted, see `ganj.views.sequence_fold.numbered`."""
    span, there = found.span.copy(), found.there
    span[there, :2] = moments[first[found.history[there]][:, None] + span[there, :2]]
    return replace(found, span=span)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came after a sequence.

    Attributes
    ----------
    seen, came : int64[sequences], customers who were seen long enough after it, and those of them with the outcome
    usual : float64[sequences], how often it comes after any step of the same customers, 0..1
    """

    seen: Array
    came: Array
    usual: Array

    @classmethod
    def of(cls, trails: Trails, found: Places, within: int, last: int) -> Outcome:
        """Look ``within`` µs ahead of every end that was seen so long, events being seen until ``last``."""
        at = found.span[found.there, 2]
        number = found.number[found.there]
        open_ = trails.time <= last - within
        hit = open_ & (trails.after - trails.time <= within)
        owner = np.repeat(np.arange(len(trails.customer)), np.diff(trails.offsets))
        every, hits = (np.bincount(owner, mark, len(trails.customer)) for mark in (open_, hit))
        own = (hits / np.maximum(every, 1))[owner[at]]
        seen = np.bincount(number[open_[at]], minlength=found.sequences)
        came = np.bincount(number[hit[at]], minlength=found.sequences)
        usual = np.bincount(number[open_[at]], own[open_[at]], found.sequences)
        return cls(seen, came, usual / np.where(seen > 0, seen, np.nan))

    @property
    def share(self) -> Array:
        """float64[sequences], 0..1; nan where nobody was seen long enough."""
        share: Array = self.came / np.where(self.seen > 0, self.seen, np.nan)
        return share

    @property
    def limits(self) -> tuple[Array, Array]:
        """Limits of `share` that hold it in 95 of 100 (Wilson)."""
        return wilson(self.came.astype(np.float64), self.seen.astype(np.float64), Z)

    def chance(self, which: Array) -> Array:
        """Return the chance of a share so far from the usual one, both ways, corrected over ``which`` int64[n] (Holm)."""
        rows = [(int(self.came[k]), int(self.seen[k]), float(self.usual[k])) for k in which]
        more = [_tail(came, seen, p) if seen else 1.0 for came, seen, p in rows]
        fewer = [_tail(seen - came, seen, 1 - p) if seen else 1.0 for came, seen, p in rows]
        return holm(np.minimum(2 * np.minimum(np.array(more), np.array(fewer)), 1), len(which))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was learned.

    Attributes
    ----------
    trails_count, moving : customers with a step, and those with steps at several moments
    least, raised : customers a sequence must have, and whether that is more than was asked for
    level : one customer of 2^level was read
    many : frequent sequences
    sought, places, order, outcome : the sequences that are shown, and what is known of them
    shown, moves, singles : numbers of sequences: the most frequent, moves from one thing to another, single steps
    ready : int64[moves], customers with the first step who never took the second
    price : float64[labels], mean price of a piece; nan where there is none
    """

    labels: tuple[str, ...]
    trails_count: int
    moving: int
    least: int
    raised: bool
    level: int
    many: int
    sought: Sought
    places: Places
    order: Order
    outcome: Outcome
    shown: Array
    moves: Array
    singles: Array
    ready: Array
    price: Array


def ready(found: Places, sought: Sought, moves: Array) -> Array:
    """Return who took the first step of a move and never the second: int64[pairs, 2] of history and place in ``moves``."""
    pairs = [np.zeros((0, 2), np.int64)]
    for place, number in enumerate(moves):
        first, second = sought.steps[number]
        had, other = (found.history[found.number == sought.number[(step,)]] for step in (first, second))
        lacks = np.setdiff1d(had, other, assume_unique=True)
        pairs.append(np.column_stack((lacks, np.full(len(lacks), place))))
    every = np.concatenate(pairs)
    return every[np.lexsort((every[:, 1], every[:, 0]))]
