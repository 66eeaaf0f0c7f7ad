"""Rules of what goes together: whoever bought this also bought that, and whether that can be chance.

Chance is Fisher's exact test on one side (hypergeometric): given how often the two sides occur, how probable is it
that they meet at least so often. It is corrected by Holm over **every** rule that could have been formed from the
frequent sets and items, not only over those that are shown, since the choice of what to show looks at the same data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.itemsets import Itemsets, without_one

Measure = Literal["lift", "support", "confidence", "leverage", "conviction", "chance"]


@dataclass(frozen=True)
class Rules:
    """Rules with one item on the right.

    Attributes
    ----------
    sets : the frequent sets the rules are of
    whole, left : int64[rules], the set of both sides and the set of the left one, as places in ``sets``
    right : int32[rules], the item on the right
    count, left_count, right_count : int64[rules], baskets with both sides, with the left, with the right
    chance : float64[rules], 0..1, Fisher's exact test of one rule alone
    holm : float64[rules], 0..1, corrected over ``tested`` rules
    tested : how many rules could have been formed
    """

    sets: Itemsets
    whole: Array
    left: Array
    right: Array
    count: Array
    left_count: Array
    right_count: Array
    chance: Array
    holm: Array
    tested: int

    def __len__(self) -> int:
        """Count the rules."""
        return len(self.whole)

    @property
    def support(self) -> Array:
        """Share of baskets with both sides: float64[rules], 0..1."""
        return self.count / self.sets.baskets

    @property
    def confidence(self) -> Array:
        """Share of baskets with the left side that have the right one: float64[rules], 0..1."""
        return self.count / self.left_count

    @property
    def lift(self) -> Array:
        """How many times as often as if the sides knew nothing of each other: float64[rules]."""
        lift: Array = self.count * self.sets.baskets / (self.left_count * self.right_count)
        return lift

    @property
    def leverage(self) -> Array:
        """Share of baskets beyond what independent sides would give: float64[rules], -0.25..0.25."""
        leverage: Array = self.support - self.left_count * self.right_count / self.sets.baskets**2
        return leverage

    @property
    def conviction(self) -> Array:
        """How many times as often the rule would fail by chance: float64[rules]; infinite where it never fails."""
        missed = self.left_count - self.count
        by_chance = self.left_count * (1 - self.right_count / self.sets.baskets)
        conviction: Array = np.where(missed > 0, by_chance / np.maximum(missed, 1), np.inf)
        return conviction

    def chosen(self, which: Array) -> Rules:
        """Keep some rules; ``which`` bool[rules] or the places of those that stay, in their order."""
        names = ("whole", "left", "right", "count", "left_count", "right_count", "chance", "holm")
        return replace(self, **{name: getattr(self, name)[which] for name in names})

    def best(self, top: int, by: Measure = "lift") -> Rules:
        """Return the first ``top`` rules by a measure; equal ones by count, then as they are."""
        value: Array = -self.chance if by == "chance" else getattr(self, by)
        return self.chosen(np.lexsort((-self.count, -value))[:top])


@dataclass(frozen=True)
class Wanted:
    """Which rules are asked for.

    Attributes
    ----------
    confidence, lift : least
    holm : most, the corrected chance; 1 for any
    contains : items of which one at least must occur
    right : items that may stand on the right; None for any
    without : items that must not occur
    """

    confidence: float = 0.0
    lift: float = 0.0
    holm: float = 1.0
    contains: tuple[int, ...] = ()
    right: tuple[int, ...] | None = None
    without: tuple[int, ...] = ()


def rules(sets: Itemsets, wanted: Wanted | None = None) -> Rules:
    """Form the rules of frequent sets (all of them, not closed or maximal ones)."""
    every = _tested(_every(sets))
    asked = wanted or Wanted()
    kept = (every.confidence >= asked.confidence) & (every.lift >= asked.lift) & (every.holm <= asked.holm)
    if asked.right is not None:
        kept &= np.isin(every.right, asked.right)
    if asked.contains:
        kept &= _having(sets, asked.contains)[every.whole]
    if asked.without:
        kept &= ~_having(sets, asked.without)[every.whole]
    return every.chosen(kept)


def _every(sets: Itemsets) -> Rules:
    owner, left = without_one(sets)
    known = left >= 0
    whole, left, right = owner[known], left[known], sets.items[known]
    single = np.flatnonzero(sets.size == 1)
    of_item = np.zeros(int(sets.items.max()) + 1 if len(sets) else 0, np.int64)
    of_item[sets.items[sets.offsets[single]]] = sets.count[single]
    tested = int((len(single) - sets.size).sum())
    none = np.ones(len(whole))
    counts = sets.count[whole], sets.count[left], of_item[right]
    return Rules(sets, whole, left, right, *counts, chance=none, holm=none, tested=tested)


def _tested(found: Rules) -> Rules:
    chance = _chances(found.count, found.left_count, found.right_count, found.sets.baskets)
    return replace(found, chance=chance, holm=holm(chance, found.tested))


def _having(sets: Itemsets, items: tuple[int, ...]) -> Array:
    owner = np.repeat(np.arange(len(sets)), sets.size)
    return np.bincount(owner[np.isin(sets.items, items)], minlength=len(sets)) > 0


def holm(chance: Array, tested: int) -> Array:
    """Correct for many tests by Holm (1979), which holds however the tests depend on each other.

    Parameters
    ----------
    chance : float64[n], 0..1
    tested : tests in all; those that are not in ``chance`` count as certain chance
    """
    order = np.argsort(chance, kind="stable")
    times = max(tested, len(chance)) - np.arange(len(chance))
    corrected = np.empty(len(chance))
    corrected[order] = np.minimum(np.maximum.accumulate(chance[order] * times), 1.0)
    return corrected


@njit(nogil=True, cache=True)
def _chances(count: Array, left: Array, right: Array, baskets: int) -> Array:
    """Sum the hypergeometric tail of each rule: float64[rules]."""
    logs = np.zeros(baskets + 1)
    for k in range(1, baskets + 1):
        logs[k] = logs[k - 1] + math.log(k)
    found = np.empty(len(count))
    for k in range(len(count)):
        found[k] = _tail(count[k], left[k], right[k], baskets, logs)
    return found


@njit(nogil=True, cache=True)
def _tail(both: int, left: int, right: int, baskets: int, logs: Array) -> float:
    """Return the chance of at least ``both`` baskets with the two sides; summed from where terms only fall."""
    upper = both * baskets > left * right
    x = both if upper else both - 1
    if x < max(0, left + right - baskets):
        return 1.0
    outside = baskets - left - right
    term = math.exp(
        logs[left] + logs[right] + logs[baskets - left] + logs[baskets - right] - logs[baskets]
        - logs[x] - logs[left - x] - logs[right - x] - logs[outside + x]
    )  # fmt: skip
    total = 0.0
    while term > total * 1e-17:
        total += term
        if upper:
            term *= (left - x) * (right - x) / ((x + 1.0) * (outside + x + 1.0))
            x += 1
        else:
            term *= x * (outside + x) / ((left - x + 1.0) * (right - x + 1.0))
            x -= 1
    return min(total, 1.0) if upper else max(1.0 - total, 0.0)
