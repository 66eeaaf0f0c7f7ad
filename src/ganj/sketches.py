"""Small states that add: counts by key, numbers by size.

A fold over millions of customers must carry little and give the same answer wherever the customers
were cut.  Both follow from states whose content depends only on the *multiset* of what went in.

**Why rounding keeps that true.**  `Rows` holds distinct combinations with their counts, and rounds them
one level coarser whenever there are more than ``limit``.  Rounding only joins rows, so a whole has at
least as many rows at a level as any of its parts has: if a part had to be rounded to a level, the whole
has to be too.  The final level is therefore the finest at which the whole fits, whichever way it was cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from ganj.histories import Array
from ganj.kernels import summing

BITS = (52, 20, 16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1)
"""Bits kept behind the leading one of a number, by level: 52 is exact, 16 is within 0.0015 %."""
DROPS = np.array([52 - bits for bits in BITS])
"""Bits cut off at each level."""


LABELS = 1 << 14
"""Labels, such as pages of a site, that are told apart."""


def grouped(keys: Array, values: Array) -> tuple[Array, Array]:
    """Add up the values of equal keys.

    Parameters
    ----------
    keys : int64[n, d]
    values : float64[n, v]

    Returns
    -------
    keys : int64[k, d]
        Distinct, in lexicographic order.
    values : float64[k, v]
    """
    if len(keys) == 0:
        return keys, values
    line = _packed(keys)
    if line is None:
        order = np.lexsort(keys.T[::-1])
        keys, values = keys[order], values[order]
    elif np.any(line[1:] < line[:-1]):
        order = np.argsort(line, kind="stable")
        keys, values = keys[order], values[order]
    return summing.added(np.ascontiguousarray(keys), np.ascontiguousarray(values))


def _packed(keys: Array) -> Array | None:
    """Return one number for each key, in their order: int64[n]; None where they are too far apart for it."""
    if keys.shape[1] == 1:
        return keys[:, 0]
    lowest, highest = keys.min(axis=0), keys.max(axis=0)
    line, size = np.zeros(len(keys), np.int64), 1
    for column, low, high in zip(keys.T, lowest.tolist(), highest.tolist(), strict=True):
        size *= high - low + 1
        if size >= 1 << 62:
            return None
        line = line * (high - low + 1) + (column - low)
    return line


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Sums by key.

    Attributes
    ----------
    keys : int64[k, d], distinct, in lexicographic order
    values : float64[k, v]; counts are whole numbers, exact below 2**53
    """

    keys: Array
    values: Array

    @classmethod
    def of(cls, keys: Array, values: Array) -> Self:
        """Add up rows: keys int64[n, d], values float64[n, v]."""
        return cls(*grouped(np.asarray(keys, np.int64), np.asarray(values, np.float64)))

    @classmethod
    def empty(cls, depth: int, width: int) -> Self:
        """Return a tally of nothing."""
        return cls(np.zeros((0, depth), np.int64), np.zeros((0, width)))

    def __add__(self, other: Tally) -> Tally:
        if not (len(self) and len(other)):
            return self if len(self) else other
        return Tally(
            *summing.joined(*map(np.ascontiguousarray, (self.keys, self.values, other.keys, other.values)))
        )

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self) -> dict[tuple[int, ...], Array]:
        """Return the sums by key: ``{key: float64[v]}``."""
        return {tuple(int(k) for k in key): value for key, value in zip(self.keys, self.values, strict=True)}


def ordered_bits(values: Array, level: int = 0) -> Array:
    """Turn numbers into integers of the same order, rounded toward zero.

    The bits of a positive float64 read as an integer are in order of size, and cutting the last of
    them rounds by a relative, not an absolute, amount.

    Returns
    -------
    int64[n]
        `from_ordered_bits` gives back the number (at level 0 exactly).
    """
    bits = np.ascontiguousarray(values, np.float64).view(np.int64)
    size = bits & np.int64((1 << 63) - 1)
    return _coarser(np.where(bits < 0, -size, size), level)


def from_ordered_bits(keys: Array) -> Array:
    """Return the number of least size in each bin; float64[n]."""
    keys = np.asarray(keys, np.int64)
    size = np.abs(keys).view(np.float64)
    numbers: Array = np.where(keys < 0, -size, size)
    return numbers


def _coarser(key: Array, level: int) -> Array:
    drop = np.int64(52 - BITS[level])
    cut = (np.abs(key) >> drop) << drop
    rounded: Array = np.where(key < 0, -cut, cut)
    return rounded


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Distinct combinations of numbers, with how often each occurs; bounded, see the module's text.

    Attributes
    ----------
    keys : int64[k, d], `ordered_bits` of each number at ``level``, distinct, lexicographic
    count : int64[k]
    total : float64[k, d], exact sums of the numbers, so that means are exact at any level
    level : how coarse the keys are; 0 is exact
    limit : the most rows that are kept
    """

    keys: Array
    count: Array
    total: Array
    level: int = 0
    limit: int = 1 << 20

    @classmethod
    def of(cls, values: Array, limit: int = 1 << 20) -> Rows:
        """Count rows of float64[n, d]."""
        values = np.asarray(values, np.float64)
        if values.shape[1] == 1:
            numbers = np.sort(np.ascontiguousarray(values[:, 0] + 0.0))  # + 0.0 makes -0.0 zero
            exact = summing.ordered_bits(numbers.view(np.int64))
            level = summing.finest(exact, DROPS, limit)
            keys, sums = summing.counted(exact, numbers, DROPS[level])
            return cls(keys[:, None], sums[:, 0].astype(np.int64), sums[:, 1:], level, limit)
        keys = ordered_bits(values + 0.0).reshape(values.shape)
        return cls._fit(keys, np.ones(len(keys), np.int64), values, 0, limit)

    @classmethod
    def counted(cls, times: Array, limit: int = 1 << 20) -> Rows:
        """Return how often 0, 1, 2 … occurred: int64[n]."""
        numbers = np.flatnonzero(times).astype(np.float64)
        count = times[times > 0].astype(np.float64)
        return cls._single(ordered_bits(numbers), np.column_stack((count, count * numbers)), 0, limit)

    @classmethod
    def _single(cls, keys: Array, sums: Array, level: int, limit: int) -> Rows:
        """Fit rows of one number: int64[k] distinct keys in order, and their counts and totals."""
        if len(keys) > limit:
            level = max(level, summing.finest(keys, DROPS, limit))
            keys, sums = summing.merged(keys, sums, keys[:0], sums[:0], DROPS[level])
        return cls(keys[:, None], sums[:, 0].astype(np.int64), sums[:, 1:], level, limit)

    @classmethod
    def _fit(cls, keys: Array, count: Array, total: Array, level: int, limit: int) -> Rows:
        stacked = np.column_stack((count.astype(np.float64), total))
        keys, stacked = grouped(keys, stacked)
        while len(keys) > limit and level + 1 < len(BITS):
            level += 1
            keys, stacked = grouped(_coarser(keys, level), stacked)
        return cls(keys, stacked[:, 0].astype(np.int64), stacked[:, 1:], level, limit)

    def __add__(self, other: Rows) -> Rows:
        level = max(self.level, other.level)
        if self.keys.shape[1] == 1:
            parts = [(one.keys[:, 0], np.column_stack((one.count, one.total))) for one in (self, other)]
            return Rows._single(*summing.merged(*parts[0], *parts[1], DROPS[level]), level, self.limit)
        keys = np.concatenate((_coarser(self.keys, level), _coarser(other.keys, level)))
        count = np.concatenate((self.count, other.count))
        return Rows._fit(keys, count, np.concatenate((self.total, other.total)), level, self.limit)

    def __len__(self) -> int:
        return len(self.keys)

    def key_of(self, values: Array) -> Array:
        """Return the keys that numbers have at this level: int64, shaped as the numbers."""
        values = np.asarray(values, np.float64) + 0.0
        return ordered_bits(values, self.level).reshape(values.shape)

    def column(self, number: int) -> Numbers:
        """Return the distribution of one of the numbers."""
        keys, sums = grouped(
            self.keys[:, number : number + 1], np.column_stack((self.count, self.total[:, number]))
        )
        return Numbers(keys[:, 0], sums[:, 0].astype(np.int64), sums[:, 1])

    def where(self, chosen: Array) -> Rows:
        """Return some of the rows: ``bool[k]``."""
        return Rows(self.keys[chosen], self.count[chosen], self.total[chosen], self.level, self.limit)

    def numbers(self) -> Numbers:
        """Return the distribution of rows of a single number."""
        return self.column(0)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """How some numbers are distributed.

    Attributes
    ----------
    keys : int64[k], ascending, `ordered_bits`
    count : int64[k]
    total : float64[k], exact sums
    """

    keys: Array
    count: Array
    total: Array

    @property
    def size(self) -> int:
        """Count the numbers."""
        return int(self.count.sum())

    @property
    def sum(self) -> float:
        """Add up the numbers."""
        return float(self.total.sum())

    @property
    def mean(self) -> float:
        """Return the mean; nan of nothing."""
        return self.sum / self.size if self.size else float("nan")

    @property
    def values(self) -> Array:
        """float64[k]: the mean of each bin, which is the number itself where the bin holds only one."""
        return self.total / self.count

    def at(self, rank: Array) -> Array:
        """Return the numbers at places in ascending order, from 0: float64, shaped as ``rank``."""
        ends = np.cumsum(self.count)
        found: Array = self.values[np.searchsorted(ends, rank, side="right")]
        return found

    def quantile(self, shares: Array | float) -> Array:
        """Return quantiles by linear interpolation between order statistics (type 7, NumPy's default)."""
        shares = np.asarray(shares, np.float64)
        if self.size == 0:
            return np.full(shares.shape, np.nan)
        place = shares * (self.size - 1)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, self.size - 1)
        below, above = self.at(low), self.at(high)
        found: Array = below + (above - below) * (place - low)
        return found

    @property
    def median(self) -> float:
        """Return the median; nan of nothing."""
        return float(self.quantile(0.5))

    def below(self) -> Array:
        """int64[k]: how many numbers are strictly less than each bin."""
        return np.cumsum(self.count) - self.count


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """States by label: of a trait, of a property, of a segment; whatever adds.

    Labels, not codes, are kept: two parts may number the same labels differently.
    """

    values: Mapping[str, Any] = field(default_factory=dict)

    def __add__(self, other: Groups) -> Groups:
        joined = dict(self.values)
        for label, value in other.values.items():
            joined[label] = joined[label] + value if label in joined else value
        return Groups(joined)


@dataclass(frozen=True, slots=True, eq=False)
class Largest:
    """Sums by label, of no more than ``limit`` labels; the smallest of more are added up together.

    Up to ``limit`` different labels all is exact, whichever way the customers were cut.  Beyond, the labels whose
    first sum is greatest are kept at every cut, so a kept label may lack what it had where it was among the
    smallest: never more than ``missed`` (Agarwal et al., Mergeable summaries, 2013, section 3).

    Attributes
    ----------
    values : float64[k] by label; the first is what labels are measured by, and not negative
    rest : float64[k], the sums of what is not kept; 0 where everything is
    missed : the most that the first sum of a kept label can lack
    limit : the most labels that are kept
    """

    values: Mapping[str, Array] = field(default_factory=dict)
    rest: Array | float = 0.0
    missed: float = 0.0
    limit: int = LABELS

    @classmethod
    def of(cls, values: Mapping[str, Array], limit: int = LABELS) -> Largest:
        """Keep the largest of some labels."""
        return cls(values, limit=limit)._cut()  # noqa: SLF001 - its own

    def __add__(self, other: Largest) -> Largest:
        joined = (Groups(self.values) + Groups(other.values)).values
        both = Largest(joined, self.rest + other.rest, self.missed + other.missed, self.limit)
        return both._cut()

    def _cut(self) -> Largest:
        if len(self.values) <= self.limit:
            return self
        order = sorted(self.values, key=lambda label: (-self.values[label][0], label))
        kept = {label: self.values[label] for label in order[: self.limit]}
        small = np.array([self.values[label] for label in order[self.limit :]])
        return Largest(kept, self.rest + small.sum(axis=0), self.missed + float(small[0, 0]), self.limit)
