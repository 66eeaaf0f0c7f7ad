"""A bounded sample of customers that is the same wherever they were cut: those of the smallest keys.

A key is a bijective mix of what the customer's draws go by and a seed, so it is as good as drawn by lot; the smallest
``limit`` keys of two parts are among the smallest of each, which makes the sample a state that adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ganj.histories import Array, Category

LIMIT = 1 << 16
"""Customers kept; what is said of up to so many is exact."""


def mixed(lots: Array, seed: int) -> Array:
    """Return a key of each customer, of `ganj.histories.Histories.lots`: uint64[n], all different.

    Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014 (the mix of SplitMix64).
    """
    with np.errstate(over="ignore"):
        z = lots + np.uint64(seed + 1) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        keys: Array = z ^ (z >> np.uint64(31))
    return keys


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What is known of some customers at one moment.

    Attributes
    ----------
    names : of the columns of ``numbers``
    numbers : float32 or float64[n, d]; nan where nothing is known
    categories : codes[n] and labels by name
    """

    names: tuple[str, ...]
    numbers: Array
    categories: Mapping[str, Category] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the customers."""
        return len(self.numbers)

    def take(self, at: Array) -> Frame:
        """Return some of the rows: int64 or bool."""
        picked = {name: Category(one.codes[at], one.labels) for name, one in self.categories.items()}
        return Frame(self.names, self.numbers[at], picked)

    def without(self, names: frozenset[str]) -> Frame:
        """Return the same rows without some columns."""
        kept = [place for place, name in enumerate(self.names) if name not in names]
        categories = {name: one for name, one in self.categories.items() if name not in names}
        return Frame(tuple(self.names[place] for place in kept), self.numbers[:, kept], categories)


def stacked(frames: list[Frame]) -> Frame:
    """Put frames of the same columns below each other."""
    first = frames[0]
    categories = {
        name: Category(np.concatenate([one.categories[name].codes for one in frames]), told.labels)
        for name, told in first.categories.items()
    }
    return Frame(first.names, np.concatenate([one.numbers for one in frames]), categories)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Some customers at several moments; rows are in the order of their keys.

    Attributes
    ----------
    keys : uint64[n], ascending
    customer : int32[n]
    facts : float64[n, moments, f], what came after each moment
    names : of the columns of ``figures``
    figures : float32[n, moments, d], what was known at each moment
    numbers, categories : what is known of the customers, whenever
    size : how many customers there are in all
    """

    keys: Array
    customer: Array
    facts: Array
    names: tuple[str, ...]
    figures: Array
    numbers: Mapping[str, Array]
    categories: Mapping[str, Category]
    size: int

    def __len__(self) -> int:
        """Count the customers of the sample."""
        return len(self.keys)

    def __add__(self, other: Sample) -> Sample:
        if not len(self) or not len(other):
            return self if len(self) else other
        join = np.concatenate
        whole = Sample(
            join((self.keys, other.keys)),
            join((self.customer, other.customer)),
            join((self.facts, other.facts)),
            self.names,
            join((self.figures, other.figures)),
            {name: join((one, other.numbers[name])) for name, one in self.numbers.items()},
            {
                name: Category(join((one.codes, other.categories[name].codes)), one.labels)
                for name, one in self.categories.items()
            },
            self.size + other.size,
        )
        return whole.smallest()

    def smallest(self, limit: int = LIMIT) -> Sample:
        """Return the customers of the smallest keys, in their order."""
        return self.take(np.argsort(self.keys, kind="stable")[:limit])

    def take(self, at: Array) -> Sample:
        """Return some of the customers, the count of all unchanged."""
        return Sample(
            self.keys[at],
            self.customer[at],
            self.facts[at],
            self.names,
            self.figures[at],
            {name: one[at] for name, one in self.numbers.items()},
            {name: Category(one.codes[at], one.labels) for name, one in self.categories.items()},
            self.size,
        )

    def frame(self, moment: int) -> Frame:
        """Return what was known at a moment, with what is known whenever."""
        columns = [self.figures[:, moment], *(one[:, None] for one in self.numbers.values())]
        whole = np.concatenate(columns, axis=1, dtype=np.float64)
        return Frame((*self.names, *self.numbers), whole, self.categories)

    @property
    def share(self) -> float:
        """How many customers one of the sample stands for."""
        return self.size / len(self) if len(self) else 1.0
